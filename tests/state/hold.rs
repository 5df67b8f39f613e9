//! Sales that are held: what waits, what goes on, and what comes of it afterwards.

use boxoffice::domain::*;
use boxoffice::store::hold_sales;

use crate::shop::{Shop, order_id, payment_id};

const WINDOW_MS: u64 = 10_000;
const HOLD: u64 = 7;

/// A shop with a ticket that nobody holds, and an order, when sales come to be held.
struct Held {
    shop: Shop,
    seller: Actor,
    buyer: Actor,
    unsold: TicketId,
    order: OrderId,
}

impl Held {
    fn new() -> Self {
        let mut shop = Shop::new();
        let (seller, buyer) = (shop.sign_up(), shop.sign_up());
        let unsold = shop.post(seller, &["jazz"], 500, None);
        let ticket = shop.post(seller, &["rock"], 500, None);
        let order = shop.reserve_for(buyer, ticket, WINDOW_MS);
        hold(&mut shop, HOLD);
        Self { shop, seller, buyer, unsold, order }
    }

    fn asked(&mut self, command: Command) -> Result<Answer, RejectionCode> {
        let buyer = Some(self.buyer);
        self.shop.ask(buyer, command).map_err(|rejection| rejection.code())
    }

    fn order_status(&self) -> OrderStatus {
        self.shop.view().order(self.order).expect("a row").expect("it was made").status()
    }

    fn expire(&mut self) {
        self.shop.done(None, Command::ExpireOrders(ExpireOrders { at_most: 9 }));
    }

    fn lift(&mut self, since_ms: u64) -> Result<Answer, RejectionCode> {
        self.shop.ask(None, lift(since_ms)).map_err(|rejection| rejection.code())
    }
}

fn hold(shop: &mut Shop, since_ms: u64) {
    let hold = Hold { since_ms, reason: "restored".into(), left_epoch: String::new() };
    shop.damage(|txn| hold_sales(txn, &hold).expect("memory does not fail"));
}

fn lift(since_ms: u64) -> Command {
    Command::LiftHold(LiftHold { since_ms })
}

fn reserve(ticket: TicketId, order: OrderId) -> Command {
    Command::Reserve(Reserve { order, ticket, payment_window_ms: WINDOW_MS })
}

fn pay(order: OrderId, payment: PaymentId) -> Command {
    Command::Pay(Pay { payment, order, source: "tok_visa".into(), ..Pay::default() })
}

#[test]
fn nothing_is_claimed_released_or_charged_while_sales_are_held() {
    let mut held = Held::new();
    let before = held.shop.dump();
    let rejected = Err(RejectionCode::SalesHeld);
    assert_eq!(held.asked(reserve(held.unsold, order_id(100))), rejected);
    assert_eq!(held.asked(pay(held.order, payment_id(100))), rejected);
    assert_eq!(held.asked(Command::CancelOrder(CancelOrder { order: held.order, if_match: None })), rejected);
    held.shop.now_ms += WINDOW_MS;
    held.expire();
    let mut after = held.shop.dump();
    // Refusals are remembered under their proposals, and that is all.
    assert_eq!(
        after.remove("requests").map(|rows| rows.len()),
        before.get("requests").map(|rows| rows.len() + 3)
    );
    for (name, rows) in after.iter().filter(|(_, rows)| !rows.is_empty()) {
        assert_eq!(before.get(name), Some(rows), "{name}");
    }
}

#[test]
fn what_sells_nothing_goes_on() {
    let mut held = Held::new();
    let posted = held.shop.post(held.seller, &["opera"], 100, None);
    held.shop.freeze(held.seller, posted);
    held.shop.withdraw(held.seller, held.unsold);
    held.shop.sign_up();
    held.shop.done(None, Command::Upkeep(Upkeep { at_most: 9 }));
    held.shop.assert_sound();
}

#[test]
fn once_sales_go_on_what_is_due_is_due() {
    let mut held = Held::new();
    held.shop.now_ms += WINDOW_MS;
    held.expire();
    assert_eq!(held.order_status(), OrderStatus::Created);
    assert_eq!(held.lift(HOLD), Ok(Answer::Done(())));
    assert_eq!(held.asked(pay(held.order, payment_id(100))), Err(RejectionCode::OrderExpired));
    held.expire();
    assert_eq!(held.order_status(), OrderStatus::Cancelled);
    assert!(held.asked(reserve(held.unsold, order_id(100))).is_ok());
    held.shop.assert_sound();
}

#[test]
fn a_call_that_was_made_is_recorded_while_sales_are_held() {
    let mut shop = Shop::new();
    let (seller, buyer) = (shop.sign_up(), shop.sign_up());
    let [kept, late] = ["rock", "jazz"].map(|word| {
        let ticket = shop.post(seller, &[word], 500, None);
        let order = shop.reserve_for(buyer, ticket, WINDOW_MS);
        shop.pay(buyer, order)
    });
    hold(&mut shop, HOLD);
    shop.play_charge(kept, "tok_visa");
    shop.settle(kept, true);
    // What comes too late is given back, and its ticket cannot be bought before sales go on.
    shop.now_ms += 2 * WINDOW_MS;
    shop.settle(late, true);
    let status = |shop: &Shop, id| shop.view().payment(id).expect("a row").expect("it was claimed").status();
    assert_eq!(
        (status(&shop, kept), status(&shop, late)),
        (PaymentStatus::Succeeded, PaymentStatus::Refunding)
    );
    shop.settle_refund(RefundId::from_bytes(late.to_bytes()), RefundStatus::Succeeded);
    assert_eq!(status(&shop, late), PaymentStatus::Refunded);
    shop.assert_sound();
}

#[test]
fn only_the_hold_that_was_shown_is_lifted_by_the_operator_alone() {
    let mut held = Held::new();
    assert_eq!(held.asked(lift(HOLD)), Err(RejectionCode::Forbidden));
    // Another restore came in between.
    hold(&mut held.shop, HOLD + 1);
    assert_eq!(held.lift(HOLD), Err(RejectionCode::NotFound));
    assert!(held.shop.view().hold().expect("a row").is_some());
    for _ in 0..2 {
        assert_eq!(held.lift(HOLD + 1), Ok(Answer::Done(())), "asking again changes nothing");
        assert_eq!(held.shop.view().hold().expect("a row"), None);
        assert!(held.shop.dump()["hold"].is_empty());
    }
}

#[test]
fn a_refusal_while_sales_are_held_is_not_the_answer_to_a_key_afterwards() {
    let mut held = Held::new();
    let ask_under_a_key = |held: &mut Held| {
        let command = reserve(held.unsold, order_id(100));
        let mut envelope = held.shop.envelope(Some(held.buyer), command);
        envelope.idempotency = Some(Idempotency { key: "key".into(), fingerprint: vec![1], ttl_ms: 100_000 });
        held.shop.apply(&envelope)
    };
    let refused = ask_under_a_key(&mut held).into_result().expect_err("held");
    assert_eq!(refused.code(), RejectionCode::SalesHeld);
    assert_eq!(held.shop.dump().get("idempotency").map_or(0, Vec::len), 0);
    held.lift(HOLD).expect("it is the one");
    let first = ask_under_a_key(&mut held);
    assert!(!first.replayed && first.rejection.is_none(), "{first:?}");
    // And what was answered before is given again, also while sales are held.
    hold(&mut held.shop, HOLD + 1);
    let again = ask_under_a_key(&mut held);
    assert_eq!((again.replayed, again.answer), (true, first.answer));
}
