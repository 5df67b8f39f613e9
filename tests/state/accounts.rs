//! What random steps are too few to reach: the bound on an account's sessions, and keys that outlive a shorter
//! session's length.

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
        shop.done(None, Command::SignIn(sign_in));
    }
    let view = shop.view();
    assert_eq!(view.session(first.session).expect("a row"), None);
    assert_eq!(view.sessions_of(first.user).expect("rows").len(), MAX_SESSIONS_PER_USER);
    shop.assert_sound();
    let end = Command::EndSession(EndSession { session: first.session });
    let rejected = shop.ask(Some(first), end).expect_err("an ended session can do nothing more");
    assert_eq!(rejected.code(), RejectionCode::NotSignedIn);
}

#[test]
fn an_old_key_verifies_as_long_as_the_longest_session_that_it_may_have_signed() {
    let mut shop = Shop::new();
    let key = |kid: &str, overlap_ms| {
        Command::AddSigningKey(AddSigningKey { kid: kid.into(), overlap_ms, ..AddSigningKey::default() })
    };
    shop.done(None, key("first", 10));
    let sign_in = |user: Actor, session, session_ttl_ms| {
        let user = user.user;
        Command::SignIn(SignIn { user, password_version: 1, session, session_ttl_ms, ..SignIn::default() })
    };
    let ann = shop.sign_up();
    for session_ttl_ms in [5_000_000_000_000, 2_000_000] {
        let session = session_id(shop.next());
        shop.done(None, sign_in(ann, session, session_ttl_ms));
    }
    let longest_ms = shop.now_ms + 5_000_000_000_000;
    // Sessions are made for a shorter time by now.
    shop.now_ms += 1;
    shop.done(None, key("second", 10));
    shop.now_ms += 1;
    shop.done(None, key("third", 9_000_000_000_000));
    let retires_at_ms = |kid: &str| {
        let mut keys = shop.rows("signing_keys");
        keys.find(|key: &SigningKey| key.kid == kid).and_then(|key| key.retires_at_ms)
    };
    assert_eq!(retires_at_ms("first"), Some(longest_ms));
    assert_eq!(retires_at_ms("second"), Some(shop.now_ms + 9_000_000_000_000));
    assert_eq!(retires_at_ms("third"), None);
}
