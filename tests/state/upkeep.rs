//! What the workers propose by themselves ends when there is nothing left to do.

use boxoffice::domain::*;

use crate::shop::{REQUEST_TTL_MS, Shop};

/// How often a worker looks.
const LOOK_EVERY_MS: u64 = 1_000;

/// Looks as the upkeep worker and the expiry worker do, and proposes what they would.
fn look(shop: &mut Shop) -> Vec<Command> {
    let view = shop.view();
    let (needs_upkeep, deadline_ms) =
        (view.needs_upkeep(shop.now_ms).expect("rows"), view.next_deadline_ms(0).expect("rows"));
    let mut proposed = Vec::new();
    if deadline_ms.is_some_and(|deadline_ms| deadline_ms <= shop.now_ms) {
        proposed.push(Command::ExpireOrders(ExpireOrders { at_most: 10 }));
    }
    if needs_upkeep {
        proposed.push(Command::Upkeep(Upkeep { at_most: 10 }));
    }
    for body in &proposed {
        shop.done(None, body.clone());
    }
    proposed
}

#[test]
fn when_nothing_happens_nothing_is_proposed() {
    let mut shop = Shop::new();
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    for _ in 0..20 {
        let ticket = shop.post(seller, &["rock"], 100, None);
        shop.reserve_for(buyer, ticket, LOOK_EVERY_MS);
    }
    let mut last_proposed_ms = shop.now_ms;
    let mut proposals = 0;
    for _ in 0..1_000 {
        shop.now_ms += LOOK_EVERY_MS;
        let proposed = look(&mut shop);
        if !proposed.is_empty() {
            last_proposed_ms = shop.now_ms;
            proposals += proposed.len();
        }
    }
    let quiet_ms = shop.now_ms - last_proposed_ms;
    assert!(quiet_ms > 100 * REQUEST_TTL_MS, "{proposals} proposals, the last one {quiet_ms} ms ago");
    let open = shop.view().open_orders().expect("rows");
    assert_eq!((open, shop.rows::<Reply>("requests").count()), (0, 0), "and everything was done");
}

#[test]
fn upkeep_and_expiry_may_be_applied_twice() {
    let mut shop = Shop::new();
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    for _ in 0..3 {
        let ticket = shop.post(seller, &["rock"], 100, None);
        shop.reserve_for(buyer, ticket, 1);
    }
    shop.now_ms += 1;
    let expire = shop.envelope(None, Command::ExpireOrders(ExpireOrders { at_most: 2 }));
    for open in [1, 0, 0] {
        assert_eq!(shop.apply(&expire).into_result(), Ok(Answer::Done(())));
        assert_eq!(shop.view().open_orders().expect("rows"), open);
    }
    shop.now_ms += REQUEST_TTL_MS;
    let upkeep = shop.envelope(None, Command::Upkeep(Upkeep { at_most: 5 }));
    while shop.view().needs_upkeep(shop.now_ms).expect("rows") {
        let before = shop.rows::<Reply>("requests").count();
        assert_eq!(shop.apply(&upkeep).into_result(), Ok(Answer::Done(())));
        assert!(shop.rows::<Reply>("requests").count() < before);
    }
    shop.assert_sound();
}
