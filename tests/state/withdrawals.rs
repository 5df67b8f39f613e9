//! Attempts that their buyers want no more of.

use boxoffice::domain::*;

use crate::shop::{Shop, payment_id};

/// A shop with a buyer whose order awaits an attempt in a browser.
struct Browsing {
    shop: Shop,
    buyer: Actor,
    ticket: TicketId,
    order: OrderId,
    payment: PaymentId,
}

impl Browsing {
    fn new() -> Self {
        let mut shop = Shop::new();
        let (seller, buyer) = (shop.sign_up(), shop.sign_up());
        let ticket = shop.post(seller, &["rock"], 500, None);
        let order = shop.reserve_for(buyer, ticket, 60_000);
        let payment = payment_id(shop.next());
        let mut browsing = Self { shop, buyer, ticket, order, payment };
        browsing.pay(payment, true).expect("it may be");
        let record = RecordIntent { payment, intent: "pi_1".into(), method: String::new() };
        browsing.shop.done(None, Command::RecordIntent(record));
        browsing
    }

    fn pay(&mut self, payment: PaymentId, in_browser: bool) -> Result<Answer, RejectionCode> {
        let (order, gateway, source) = (self.order, "stripe".to_owned(), "pm".to_owned());
        let pay = Pay { payment, order, source, grace_ms: 60_000, gateway, in_browser };
        self.shop.ask(Some(self.buyer), Command::Pay(pay)).map_err(|no| no.code())
    }

    fn withdraw(&mut self, by: Option<Actor>, cancels_order: bool) -> Result<Answer, RejectionCode> {
        let withdraw = WithdrawPayment { order: self.order, cancels_order, if_match: None };
        self.shop.ask(by, Command::WithdrawPayment(withdraw)).map_err(|no| no.code())
    }

    fn settle(&mut self, succeeded: bool) {
        let intent = "pi_1".to_owned();
        let settle = SettleCharge {
            payment: self.payment,
            succeeded,
            charge: "ch_1".into(),
            intent,
            ..SettleCharge::default()
        };
        self.shop.done(None, Command::SettleCharge(settle));
    }

    fn payment(&self) -> Payment {
        self.shop.view().payment(self.payment).expect("a row").expect("it was claimed")
    }

    fn order(&self) -> Order {
        self.shop.view().order(self.order).expect("a row").expect("it was made")
    }

    fn ticket_status(&self) -> TicketStatus {
        self.shop.view().ticket(self.ticket).expect("a row").expect("it was posted").status()
    }
}

#[test]
fn a_withdrawn_attempt_goes_on_until_its_intent_has_the_final_word() {
    let mut browsing = Browsing::new();
    let buyer = Some(browsing.buyer);
    let version = browsing.payment().version;
    for _ in 0..2 {
        browsing.withdraw(buyer, true).expect("it is theirs");
    }
    assert_eq!(browsing.payment().version, version + 1, "once more changes nothing");
    browsing.withdraw(buyer, false).expect("it is theirs");
    assert_eq!(browsing.payment().withdrawal(), Withdrawal::CancelsOrder, "what was wished for stands");
    assert_eq!(browsing.order().status(), OrderStatus::AwaitingPayment);
    assert_eq!(browsing.pay(payment_id(99), false), Err(RejectionCode::BrowserAttemptOpen));
    assert_eq!(browsing.pay(payment_id(99), true), Err(RejectionCode::BrowserAttemptOpen));
    browsing.settle(false);
    let order = browsing.order();
    assert_eq!((order.status(), order.cancel_reason()), (OrderStatus::Cancelled, CancelReason::Buyer));
    assert_eq!(browsing.ticket_status(), TicketStatus::Available);
    let history = browsing.shop.view().history_of(&order, None, 9).expect("rows").items;
    let last = history.last().expect("it has one");
    assert_eq!(last.reason(), TransitionReason::Cancelled);
    assert_eq!(last.author.kind, Some(AuthorKind::User(browsing.buyer.user)), "not by the service");
    browsing.shop.assert_sound();
}

#[test]
fn a_withdrawn_attempt_whose_money_moved_wins() {
    for cancels_order in [false, true] {
        let mut browsing = Browsing::new();
        let buyer = Some(browsing.buyer);
        browsing.withdraw(buyer, cancels_order).expect("it is theirs");
        browsing.settle(true);
        assert_eq!(browsing.order().status(), OrderStatus::Complete);
        assert_eq!(browsing.payment().status(), PaymentStatus::Succeeded);
        assert_eq!(browsing.withdraw(buyer, cancels_order), Err(RejectionCode::OrderPaid));
        browsing.shop.assert_sound();
    }
}

#[test]
fn a_withdrawn_attempt_makes_way_for_another() {
    let mut browsing = Browsing::new();
    browsing.withdraw(Some(browsing.buyer), false).expect("it is theirs");
    browsing.settle(false);
    assert_eq!(browsing.order().status(), OrderStatus::Created);
    browsing.pay(payment_id(99), false).expect("the way is free");
    browsing.shop.assert_sound();
}

#[test]
fn an_attempt_that_does_not_wait_for_the_buyer_cannot_be_withdrawn_nor_by_others() {
    let mut browsing = Browsing::new();
    let stranger = browsing.shop.sign_up();
    assert_eq!(browsing.withdraw(Some(stranger), true), Err(RejectionCode::NotFound));
    assert_eq!(browsing.withdraw(None, true), Err(RejectionCode::NotSignedIn));
    browsing.settle(false);
    let is_order = |answer| matches!(answer, Ok(Answer::Order(_)));
    let buyer = Some(browsing.buyer);
    assert!(is_order(browsing.withdraw(buyer, true)), "there is none any more");
    let by_card = payment_id(99);
    browsing.pay(by_card, false).expect("it may be");
    assert_eq!(browsing.withdraw(buyer, true), Err(RejectionCode::ChargeUnderWay));
    let record = RecordIntent { payment: by_card, intent: "pi_2".into(), method: String::new() };
    browsing.shop.done(None, Command::RecordIntent(record));
    assert_eq!(browsing.withdraw(buyer, true), Err(RejectionCode::ChargeUnderWay));
    let record = RecordAction { payment: by_card, intent: "pi_2".into() };
    browsing.shop.done(None, Command::RecordAction(record));
    browsing.withdraw(buyer, true).expect("now it waits for them");
    browsing.shop.assert_sound();
}

#[test]
fn an_order_whose_time_is_over_meanwhile_expires_all_the_same() {
    let mut browsing = Browsing::new();
    browsing.withdraw(Some(browsing.buyer), true).expect("it is theirs");
    let until_ms = browsing.order().held_until_ms.expect("it is held");
    browsing.shop.now_ms = until_ms;
    browsing.settle(false);
    assert_eq!(browsing.order().cancel_reason(), CancelReason::Expired);
    browsing.shop.assert_sound();
}

#[test]
fn nothing_is_given_up_for_an_attempt_that_may_not_begin() {
    let mut browsing = Browsing::new();
    browsing.shop.now_ms = browsing.order().expires_at_ms;
    assert_eq!(browsing.pay(payment_id(99), false), Err(RejectionCode::OrderExpired), "its time is over");
    assert_eq!(browsing.withdraw(Some(browsing.buyer), false), Err(RejectionCode::OrderExpired));
    browsing.settle(true);
    assert_eq!(browsing.order().status(), OrderStatus::Complete, "what is open may still succeed");
    browsing.shop.assert_sound();
}

#[test]
fn the_last_attempt_is_not_given_up_for_one_more() {
    let mut browsing = Browsing::new();
    browsing.settle(false);
    for number in 1..MAX_ATTEMPTS_PER_ORDER {
        let last = payment_id(100 + u64::from(number));
        browsing.pay(last, true).expect("it may be");
        browsing.payment = last;
        if number + 1 < MAX_ATTEMPTS_PER_ORDER {
            let record = RecordIntent { payment: last, intent: "pi_1".into(), method: String::new() };
            browsing.shop.done(None, Command::RecordIntent(record));
            browsing.settle(false);
        }
    }
    assert_eq!(browsing.pay(payment_id(99), false), Err(RejectionCode::TooManyAttempts));
    assert_eq!(browsing.withdraw(Some(browsing.buyer), false), Err(RejectionCode::TooManyAttempts));
    browsing.withdraw(Some(browsing.buyer), true).expect("who cancels may give it up");
    browsing.shop.assert_sound();
}
