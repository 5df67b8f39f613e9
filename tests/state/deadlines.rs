//! What a deadline means is decided by the command that meets it, whether or not anything expired the order
//! before.

use boxoffice::domain::*;

use crate::shop::{Shop, payment_id};

/// How long there is to pay, and how far a charge may hold past that: what [`Shop::pay`] grants.
const WINDOW_MS: u64 = 5_000;
const GRACE_MS: u64 = 500;

/// An order, its ticket, and the clock at its deadline.
struct Due {
    shop: Shop,
    buyer: Actor,
    ticket: TicketId,
    order: OrderId,
}

impl Due {
    fn new() -> Self {
        let mut shop = Shop::new();
        let (seller, buyer) = (shop.sign_up(), shop.sign_up());
        let ticket = shop.post(seller, &["rock"], 100, None);
        let order = shop.reserve_for(buyer, ticket, WINDOW_MS);
        Self { shop, buyer, ticket, order }
    }

    /// Settles a charge that was claimed at once, so long after the order was made; says what the order and
    /// the payment are then, and which events there were, by name.
    fn settled_after(wait_ms: u64, succeeded: bool) -> (Self, Payment, Vec<&'static str>) {
        let mut due = Self::new();
        let payment = due.shop.pay(due.buyer, due.order);
        due.shop.now_ms += wait_ms;
        let before = due.shop.event_count();
        due.shop.settle(payment, succeeded);
        let events = due.shop.events_after(before).iter().map(|event| event.r#type().name()).collect();
        let payment = due.shop.view().payment(payment).expect("a row").expect("it was made");
        due.shop.assert_sound();
        (due, payment, events)
    }

    fn order(&self) -> Order {
        self.shop.view().order(self.order).expect("a row").expect("it was made")
    }

    fn ticket_status(&self) -> TicketStatus {
        self.shop.view().ticket(self.ticket).expect("a row").expect("it was posted").status()
    }

    fn assert_released(&self, events: &[&str], payment_event: &str) {
        assert_eq!(self.order().status(), OrderStatus::Cancelled);
        assert_eq!(self.order().cancel_reason(), CancelReason::Expired);
        assert_eq!(self.ticket_status(), TicketStatus::Available);
        let mut events = events.to_vec();
        events.sort_unstable();
        assert_eq!(events, ["expiration:complete", "order:cancelled", payment_event, "ticket:updated"]);
    }
}

#[test]
fn a_charge_completes_its_order_only_while_the_grace_lasts() {
    let (due, payment, events) = Due::settled_after(WINDOW_MS + GRACE_MS - 1, true);
    assert_eq!((due.order().status(), due.ticket_status()), (OrderStatus::Complete, TicketStatus::Sold));
    assert_eq!(payment.status(), PaymentStatus::Succeeded);
    assert!(!events.contains(&"expiration:complete"));
    for late_ms in [0, 1, 1_000_000] {
        let (due, payment, events) = Due::settled_after(WINDOW_MS + GRACE_MS + late_ms, true);
        due.assert_released(&events, "payment:updated");
        assert_eq!((payment.status(), payment.work()), (PaymentStatus::Refunding, Some(PaymentWork::Refund)));
    }
}

#[test]
fn a_decline_puts_the_order_back_only_before_its_deadline() {
    let (due, payment, _) = Due::settled_after(WINDOW_MS - 1, false);
    assert_eq!((due.order().status(), due.ticket_status()), (OrderStatus::Created, TicketStatus::Reserved));
    assert_eq!(payment.status(), PaymentStatus::Failed);
    for late_ms in [0, 1, GRACE_MS - 1, GRACE_MS, GRACE_MS + 1] {
        let (due, payment, events) = Due::settled_after(WINDOW_MS + late_ms, false);
        due.assert_released(&events, "payment:updated");
        assert_eq!(payment.status(), PaymentStatus::Failed);
    }
}

#[test]
fn a_late_outcome_leaves_the_next_buyers_order_alone() {
    let mut due = Due::new();
    let late = due.shop.pay(due.buyer, due.order);
    due.shop.now_ms += WINDOW_MS + GRACE_MS;
    due.shop.done(None, Command::ExpireOrders(ExpireOrders { at_most: 1 }));
    let other = due.shop.sign_up();
    let next = due.shop.reserve_for(other, due.ticket, WINDOW_MS);
    due.shop.settle(late, true);
    let next = due.shop.view().order(next).expect("a row").expect("it was made");
    assert_eq!((next.status(), due.ticket_status()), (OrderStatus::Created, TicketStatus::Reserved));
    due.shop.assert_sound();
}

#[test]
fn a_charge_is_claimed_only_before_the_deadline() {
    for (wait_ms, claimed) in [(WINDOW_MS - 1, true), (WINDOW_MS, false), (WINDOW_MS + 1, false)] {
        let mut due = Due::new();
        due.shop.now_ms += wait_ms;
        let payment = payment_id(due.shop.next());
        let pay = Pay { payment, order: due.order, grace_ms: GRACE_MS, ..Pay::default() };
        let answer = due.shop.ask(Some(due.buyer), Command::Pay(pay));
        assert_eq!(answer.is_ok(), claimed, "{wait_ms} ms after the order");
        if let Err(rejection) = answer {
            assert_eq!(rejection.code(), RejectionCode::OrderExpired);
            assert_eq!(due.shop.view().payment(payment).expect("a row"), None);
        }
    }
}
