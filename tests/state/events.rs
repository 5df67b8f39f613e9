//! The outbox, as those read it who are told what happens, and as it forgets.

use boxoffice::domain::*;
use boxoffice::store::EventsKept;

use crate::audits::busy_shop;
use crate::shop::{Shop, table};

fn forget(shop: &mut Shop, through: u64, at_most: u32) -> EventsKept {
    shop.now_ms += 1;
    let answered = shop.ask(None, Command::ForgetEvents(ForgetEvents { through, at_most }));
    assert_eq!(answered, Ok(Answer::Done(())));
    shop.view().events_kept().expect("rows")
}

#[test]
fn events_are_forgotten_from_the_oldest_on_and_what_is_left_is_sound() {
    let mut shop = busy_shop();
    let newest = shop.event_count();
    let all = shop.events_after(0);
    assert!(newest > 20);
    assert_eq!(forget(&mut shop, 0, 10), EventsKept { oldest: 1, newest });
    assert_eq!(forget(&mut shop, 12, 10), EventsKept { oldest: 11, newest }, "a step");
    shop.assert_sound();
    assert_eq!(forget(&mut shop, 12, 10), EventsKept { oldest: 13, newest }, "and the rest");
    assert_eq!(forget(&mut shop, 5, 10), EventsKept { oldest: 13, newest }, "nothing comes back");
    assert_eq!(shop.events_after(0), all[12..]);
    for through in 13..=newest + 5 {
        let kept = forget(&mut shop, through, 1);
        assert_eq!(kept, EventsKept { oldest: through.min(newest) + 1, newest });
        assert_eq!(
            (shop.events_after(0).len() as u64, kept.count()),
            (newest - through.min(newest), newest - through.min(newest))
        );
        shop.assert_sound();
    }
    // What happens then is told as before.
    let seller = shop.sign_up();
    shop.post(seller, &["rock"], 100, None);
    assert_eq!(
        shop.view().events_kept().expect("rows"),
        EventsKept { oldest: newest + 1, newest: newest + 1 }
    );
    shop.assert_sound();
}

#[test]
fn an_audit_finds_what_an_outbox_should_not_have_forgotten() {
    for damage in [0, 1, 2] {
        let mut shop = busy_shop();
        let kept = forget(&mut shop, 9, 100);
        shop.damage(|txn| {
            let mut outbox = txn.open_table(table("outbox")).expect("memory does not fail");
            match damage {
                // One more at the beginning, one in the middle, or the newest.
                0 => outbox.remove(&kept.oldest.to_be_bytes()[..]).expect("memory does not fail"),
                1 => outbox.remove(&(kept.oldest + 5).to_be_bytes()[..]).expect("memory does not fail"),
                _ => outbox.remove(&kept.newest.to_be_bytes()[..]).expect("memory does not fail"),
            };
        });
        assert!(!shop.audit().violations.is_empty(), "damage {damage} was not found");
    }
}

#[test]
fn only_the_service_itself_has_events_forgotten() {
    let mut shop = busy_shop();
    let user = shop.sign_up();
    let forget = || Command::ForgetEvents(ForgetEvents { through: 5, at_most: 5 });
    let refused = shop.ask(Some(user), forget()).expect_err("a user");
    assert_eq!(refused.code(), RejectionCode::Forbidden);
    let key = shop.operator_key(&Scope::ALL);
    let refused = shop.ask_as(Asker::Key(key), forget()).expect_err("an operator");
    assert_eq!(refused.code(), RejectionCode::Forbidden);
    assert_eq!(shop.view().events_kept().expect("rows").oldest, 1);
}

#[test]
fn events_are_read_in_order_and_by_their_age() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let began_ms = shop.now_ms;
    for number in 0..10 {
        shop.now_ms = began_ms + 100 * number;
        shop.post(seller, &["rock"], 100, None);
    }
    let sequences = |after, at_most| {
        let events = shop.view().events_after(after, at_most).expect("rows");
        events.iter().map(|event| event.sequence).collect::<Vec<_>>()
    };
    assert_eq!(sequences(0, 3), [1, 2, 3]);
    assert_eq!(sequences(8, 3), [9, 10]);
    assert!(sequences(10, 3).is_empty() && sequences(u64::MAX, 3).is_empty());
    assert_eq!(shop.view().event(4).expect("rows").map(|event| event.sequence), Some(4));
    assert_eq!(shop.view().event(11).expect("rows"), None);
    let by = |shop: &Shop, at_ms: u64| shop.view().last_event_by(began_ms + at_ms).expect("rows");
    assert_eq!(shop.view().last_event_by(began_ms - 1).expect("rows"), None);
    for (at_ms, last) in [(0, 1), (99, 1), (100, 2), (450, 5), (900, 10), (5_000, 10)] {
        assert_eq!(by(&shop, at_ms), Some(last), "{at_ms}");
    }
    let bytes = shop.view().events_bytes().expect("rows");
    assert!((50..1_000).contains(&bytes.mean) && bytes.total() == 10 * bytes.mean, "{bytes:?}");
    forget(&mut shop, 5, 100);
    assert_eq!((by(&shop, 450), by(&shop, 500)), (None, Some(6)));
}

/// Those that older versions wrote do not say whose order it was.
#[test]
fn whose_deadline_passed_is_known_also_of_old_events() {
    for keeps_history in [false, true] {
        let mut shop = Shop::new();
        let (seller, buyer) = (shop.sign_up(), shop.sign_up());
        let ticket = shop.post(seller, &["rock"], 100, None);
        let order = shop.reserve_for(buyer, ticket, 1);
        shop.now_ms += 1;
        let expire = Command::ExpireOrders(ExpireOrders { at_most: 1 });
        let envelope = Envelope { keeps_history, ..shop.envelope(None, expire) };
        assert_eq!(shop.apply(&envelope).into_result(), Ok(Answer::Done(())));
        let written = shop.events_after(0).pop().expect("it was told");
        assert_eq!(written.buyer_of_expiration, Some(buyer.user).filter(|_| keeps_history));
        let read = shop.view().events_after(0, 100).expect("rows").pop().expect("it is there");
        assert_eq!((read.buyer(), read.subject_id()), (Some(buyer.user), Some(SubjectId::Order(order))));
        assert_eq!(shop.view().event(read.sequence).expect("rows"), Some(read.clone()));
        assert!(EventFilter::all_of(Viewer::User(buyer.user)).shows(&read));
        assert!(!EventFilter::all_of(Viewer::User(seller.user)).shows(&read));
    }
}
