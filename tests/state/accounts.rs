//! What random steps are too few to reach: the bound on an account's sessions.

use boxoffice::domain::*;

use crate::shop::{Shop, session_id};

#[test]
fn one_session_too_many_ends_the_oldest() {
    let mut shop = Shop::new();
    let first = shop.sign_up();
    for _ in 0..MAX_SESSIONS_PER_USER {
        assert!(shop.view().session(first.session).expect("a row").is_some());
        shop.now_ms += 1;
        let sign_in = SignIn {
            user: first.user,
            password_version: 1,
            session: session_id(shop.next()),
            session_ttl_ms: 1_000_000,
            ..SignIn::default()
        };
        shop.done(None, Body::SignIn(sign_in));
    }
    let view = shop.view();
    assert_eq!(view.session(first.session).expect("a row"), None);
    assert_eq!(view.sessions_of(first.user).expect("rows").len(), MAX_SESSIONS_PER_USER);
    shop.assert_sound();
    let end = Body::EndSession(EndSession { session: first.session });
    let rejected = shop.ask(Some(first), end).expect_err("an ended session can do nothing more");
    assert_eq!(rejected.code(), RejectionCode::NotSignedIn);
}
