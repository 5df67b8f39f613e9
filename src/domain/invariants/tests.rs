use super::super::command::{
    Actor, CancelOrder, Command, DeleteTicket, Envelope, ExpireOrders, Idempotency, Reserve, SettleCharge,
};
use super::super::draft::Draft;
use super::super::event::{Announcement, EventType};
use super::super::id::{ProposalId, SessionId, UserId};
use super::super::order::TicketSnapshot;
use super::super::stub::Stub;
use super::super::{RejectionCode, Session, apply};
use super::*;

const AT_MS: u64 = 1_000;

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

fn ticket(number: u8) -> Ticket {
    Ticket { id: TicketId::from_bytes([number; 16]), seller: user(1), price_minor: 500, ..Ticket::default() }
}

/// An order of the buyer for this ticket.
fn order(number: u8, ticket: &Ticket) -> Order {
    let snapshot =
        TicketSnapshot { id: ticket.id, price_minor: ticket.price_minor, ..TicketSnapshot::default() };
    Order {
        id: OrderId::from_bytes([number; 16]),
        buyer: user(2),
        expires_at_ms: AT_MS,
        ticket: snapshot,
        ..Order::default()
    }
}

fn payment(number: u8, order: &Order) -> Payment {
    let (id, amount_minor) = (PaymentId::from_bytes([number; 16]), order.ticket.price_minor);
    Payment { id, order: order.id, buyer: order.buyer, amount_minor, ..Payment::default() }
}

/// The ticket as this order holds it.
fn held(ticket: &Ticket, status: TicketStatus, order: &Order) -> Ticket {
    let mut held = Ticket { order: Some(order.id), ..ticket.clone() };
    held.set_status(status);
    held
}

fn next(ticket: &Ticket) -> Ticket {
    Ticket { version: ticket.version + 1, ..ticket.clone() }
}

/// Checks a draft on these tables; `None` if it may be written.
fn violation(tables: &Stub, stage: impl FnOnce(&mut Draft<'_, Stub>)) -> Option<String> {
    let mut draft = Draft::new(tables, AT_MS);
    stage(&mut draft);
    check(tables, &draft.into_writes()).err().map(|Violation(what)| what)
}

#[track_caller]
fn assert_violation(tables: &Stub, says: &str, stage: impl FnOnce(&mut Draft<'_, Stub>)) {
    let what = violation(tables, stage);
    assert!(what.as_ref().is_some_and(|what| what.contains(says)), "not {says:?} but {what:?}");
}

#[test]
fn a_sound_reservation_passes() {
    let free = ticket(3);
    let order = order(4, &free);
    let reserved = next(&held(&free, TicketStatus::Reserved, &order));
    let passes = violation(&Stub::default(), |draft| {
        draft.put_ticket(Some(free), reserved, EventType::TicketUpdated);
        draft.put_order(None, order, EventType::OrderCreated);
    });
    assert_eq!(passes, None);
}

#[test]
fn versions_rise_by_one_and_each_has_its_event() {
    let tables = Stub::default();
    let free = ticket(3);
    let skipped = next(&next(&free));
    assert_violation(&tables, "goes to version 2 instead of 1", |draft| {
        draft.put_ticket(Some(free.clone()), skipped.clone(), EventType::TicketUpdated);
    });
    assert_violation(&tables, "instead of 0", |draft| {
        draft.put_ticket(None, next(&free), EventType::TicketCreated);
    });
    assert_violation(&tables, "no event says so", |draft| {
        draft.change(Change::Ticket { old: Some(free.clone()), new: Some(next(&free)) });
    });
    assert_violation(&tables, "no event says so", |draft| {
        draft.delete_ticket(free.clone(), skipped.clone());
    });
    assert_violation(&tables, "changes something twice", |draft| {
        draft.put_ticket(Some(free.clone()), next(&free), EventType::TicketUpdated);
        draft.put_ticket(Some(next(&free)), skipped.clone(), EventType::TicketUpdated);
    });
    let mut draft = Draft::new(&tables, AT_MS);
    draft.put_ticket(Some(free.clone()), next(&free), EventType::TicketUpdated);
    let mut writes = draft.into_writes();
    let event = |ticket| Announcement {
        r#type: EventType::TicketUpdated,
        subject: Subject::Ticket(ticket),
        buyer_of_expiration: None,
    };
    writes.announcements.push(event(skipped));
    assert_eq!(check(&tables, &writes), Err(Violation("1 changes are announced by 2 events".into())));
    writes.announcements[1] = event(next(&free));
    assert!(check(&tables, &writes).is_err_and(|Violation(what)| what.contains("announced twice")));
}

#[test]
fn an_order_and_its_ticket_name_each_other() {
    let tables = Stub::default();
    let free = ticket(3);
    let order = order(4, &free);
    assert_violation(&tables, "that it holds its ticket is false", |draft| {
        draft.put_order(None, order.clone(), EventType::OrderCreated);
    });
    assert_violation(&tables, "is Reserved with the order", |draft| {
        let reserved = next(&held(&free, TicketStatus::Reserved, &order));
        draft.put_ticket(Some(free.clone()), reserved, EventType::TicketUpdated);
    });
    let reserved = held(&free, TicketStatus::Reserved, &order);
    let tables = Stub {
        tickets: [(free.id, reserved.clone())].into(),
        orders: [(order.id, order.clone())].into(),
        ..Stub::default()
    };
    assert_violation(&tables, "that it holds its ticket is true", |draft| {
        draft.put_order(
            Some(order.clone()),
            order.changed(OrderStatus::Cancelled, AT_MS),
            EventType::OrderCancelled,
        );
    });
    assert_violation(&tables, "taken from an order that still holds it", |draft| {
        draft.put_ticket(Some(reserved.clone()), next(&free), EventType::TicketUpdated);
    });
    assert_violation(&tables, "deleted while an order holds it", |draft| {
        draft.delete_ticket(reserved.clone(), next(&reserved));
    });
}

#[test]
fn statuses_change_only_as_they_may() {
    let free = ticket(3);
    let open = order(4, &free);
    let cancelled = open.changed(OrderStatus::Cancelled, AT_MS);
    let charge = payment(5, &open);
    let mut failed = payment(5, &open);
    failed.set_status(PaymentStatus::Failed);
    let tables = Stub::default();
    assert_violation(&tables, "goes from Some(Cancelled) to Created", |draft| {
        let revived = cancelled.changed(OrderStatus::Created, AT_MS);
        draft.put_order(Some(cancelled.clone()), revived, EventType::OrderUpdated);
    });
    assert_violation(&tables, "goes from Some(Created) to Complete", |draft| {
        let unpaid = open.changed(OrderStatus::Complete, AT_MS);
        draft.put_order(Some(open.clone()), unpaid, EventType::OrderCompleted);
    });
    assert_violation(&tables, "goes from Some(Created) to Cancelled", |draft| {
        let mut prolonged = open.changed(OrderStatus::Cancelled, AT_MS);
        prolonged.expires_at_ms += 1;
        draft.put_order(Some(open.clone()), prolonged, EventType::OrderCancelled);
    });
    assert_violation(&tables, "goes from Some(Failed) to Succeeded", |draft| {
        let mut revived = Payment { version: 1, ..charge.clone() };
        revived.set_status(PaymentStatus::Succeeded);
        draft.put_payment(Some(failed.clone()), revived, EventType::PaymentUpdated);
    });
    assert_violation(&tables, "goes from None to Failed", |draft| {
        draft.put_payment(None, failed.clone(), EventType::PaymentCreated);
    });
}

#[test]
#[expect(clippy::too_many_lines, reason = "all ways to part an order from its charge, from one start")]
fn an_order_is_complete_exactly_with_a_charge_of_its_price() {
    let free = ticket(3);
    let mut waiting = order(4, &free);
    let charge = payment(5, &waiting);
    waiting.payment = Some(charge.id);
    waiting.set_status(OrderStatus::AwaitingPayment);
    waiting.held_until_ms = Some(AT_MS + 1);
    let reserved = held(&free, TicketStatus::Reserved, &waiting);
    let sold = next(&held(&free, TicketStatus::Sold, &waiting));
    let paid = waiting.changed(OrderStatus::Complete, AT_MS);
    let mut succeeded = Payment { version: 1, ..charge.clone() };
    succeeded.set_status(PaymentStatus::Succeeded);
    let tables = Stub {
        tickets: [(free.id, reserved.clone())].into(),
        orders: [(waiting.id, waiting.clone())].into(),
        payments: [(charge.id, charge.clone())].into(),
        ..Stub::default()
    };
    let complete = |draft: &mut Draft<'_, Stub>| {
        draft.put_ticket(Some(reserved.clone()), sold.clone(), EventType::TicketUpdated);
        draft.put_order(Some(waiting.clone()), paid.clone(), EventType::OrderCompleted);
    };
    let passes = violation(&tables, |draft| {
        complete(draft);
        draft.put_payment(Some(charge.clone()), succeeded.clone(), EventType::PaymentUpdated);
    });
    assert_eq!(passes, None);
    assert_violation(&tables, "becomes Complete without such a charge", complete);
    assert_violation(&tables, "becomes Complete only at 1001, having been held until 1001", |draft| {
        let late = waiting.changed(OrderStatus::Complete, AT_MS + 1);
        draft.put_ticket(Some(reserved.clone()), sold.clone(), EventType::TicketUpdated);
        draft.put_order(Some(waiting.clone()), late, EventType::OrderCompleted);
        draft.put_payment(Some(charge.clone()), succeeded.clone(), EventType::PaymentUpdated);
    });
    assert_violation(&tables, "is Succeeded, its order Some(AwaitingPayment)", |draft| {
        draft.put_payment(Some(charge.clone()), succeeded.clone(), EventType::PaymentUpdated);
    });
    let mut declined = succeeded.clone();
    declined.set_status(PaymentStatus::Failed);
    assert_violation(&tables, "is Failed, its order Some(AwaitingPayment)", |draft| {
        draft.put_payment(Some(charge.clone()), declined, EventType::PaymentUpdated);
    });
    assert_violation(&tables, "is Processing, its order Some(AwaitingPayment)", |draft| {
        draft.put_payment(None, payment(6, &waiting), EventType::PaymentCreated);
    });
    let cheaper = Payment { amount_minor: 1, ..charge.clone() };
    let tables = Stub { payments: [(charge.id, cheaper.clone())].into(), ..tables };
    assert_violation(&tables, "becomes Complete without such a charge", |draft| {
        complete(draft);
        let succeeded = Payment { amount_minor: 1, ..succeeded.clone() };
        draft.put_payment(Some(cheaper.clone()), succeeded, EventType::PaymentUpdated);
    });
}

/// A state in which two open orders claim the same ticket, and a free ticket names an order.
fn damaged_state() -> Stub {
    let (contested, named) = (ticket(3), ticket(6));
    let (first, mut second) = (order(4, &contested), order(5, &contested));
    let charge = payment(7, &second);
    second.payment = Some(charge.id);
    second.set_status(OrderStatus::AwaitingPayment);
    let session = |number| {
        let id = SessionId::from_bytes([number; 16]);
        (id, Session { id, user: user(number), expires_at_ms: u64::MAX, ..Session::default() })
    };
    Stub {
        sessions: [session(1), session(2)].into(),
        tickets: [
            (contested.id, held(&contested, TicketStatus::Reserved, &first)),
            (named.id, held(&named, TicketStatus::Available, &first)),
        ]
        .into(),
        payments: [(charge.id, charge)].into(),
        orders: [(first.id, first), (second.id, second)].into(),
        ..Stub::default()
    }
}

/// Applies a command of this user (or of the service) and expects an internal rejection and nothing else.
#[track_caller]
fn assert_writes_nothing(mut tables: Stub, who: Option<u8>, command: Command, says: &str) {
    let idempotency = Idempotency { key: "key".into(), fingerprint: Vec::new(), ttl_ms: 1 };
    let envelope = Envelope {
        proposal: ProposalId { expires_ms: u64::MAX, random: 1 },
        actor: who.map(|who| Actor { user: user(who), session: SessionId::from_bytes([who; 16]) }),
        idempotency: Some(idempotency),
        operator_key: None,
        keeps_history: true,
        command: Some(command),
    };
    let reply = apply(&mut tables, &envelope, AT_MS);
    assert_eq!(tables.written, [""; 0]);
    assert_eq!(tables.remembered, std::slice::from_ref(&reply));
    assert_eq!(tables.remembered_keys.len(), 0, "a fault is not held against the key");
    let rejection = reply.into_result().expect_err("it must not be done");
    assert_eq!(rejection.code(), RejectionCode::Internal);
    assert!(rejection.fault.contains(says), "not {says:?} but {:?}", rejection.fault);
}

#[test]
fn a_command_that_breaks_an_invariant_writes_nothing_but_its_rejection() {
    let contested = ticket(3);
    let second = OrderId::from_bytes([5; 16]);
    let settle = |succeeded| {
        let payment = PaymentId::from_bytes([7; 16]);
        Command::SettleCharge(SettleCharge { payment, succeeded, ..SettleCharge::default() })
    };
    let in_time = || {
        let mut state = damaged_state();
        let second = state.orders.get_mut(&second).expect("it is there");
        (second.expires_at_ms, second.held_until_ms) = (AT_MS + 1, Some(AT_MS + 1));
        state
    };
    assert_writes_nothing(in_time(), None, settle(true), "taken from an order that still holds it");
    assert_writes_nothing(in_time(), None, settle(false), "that it holds its ticket is false");
    assert_writes_nothing(damaged_state(), None, settle(true), "does not hold its ticket");
    let delete = Command::DeleteTicket(DeleteTicket { ticket: ticket(6).id, if_match: None });
    assert_writes_nothing(damaged_state(), Some(1), delete, "while an order holds it");
    let reserve = |ticket| Reserve { order: OrderId::from_bytes([9; 16]), ticket, payment_window_ms: 1 };
    let command = Command::Reserve(reserve(ticket(6).id));
    assert_writes_nothing(damaged_state(), Some(2), command, "taken from an order that still holds it");
    let mut state = damaged_state();
    state.orders.get_mut(&second).expect("it is there").set_status(OrderStatus::Created);
    let cancel = || Command::CancelOrder(CancelOrder { order: second, if_match: None });
    assert_writes_nothing(state, Some(2), cancel(), "does not hold its ticket");
    let mut state = damaged_state();
    state.orders.get_mut(&second).expect("it is there").set_status(OrderStatus::Created);
    state.tickets.remove(&contested.id);
    assert_writes_nothing(state, Some(2), cancel(), "does not hold its ticket");
}

#[test]
fn an_order_that_contradicts_its_ticket_keeps_no_other_from_being_released() {
    // Both orders are due and name the same ticket, which names the first.
    let second = OrderId::from_bytes([5; 16]);
    for status_of_second in [OrderStatus::AwaitingPayment, OrderStatus::Cancelled] {
        let mut tables = damaged_state();
        tables.orders.get_mut(&second).expect("it is there").set_status(status_of_second);
        let envelope = Envelope {
            proposal: ProposalId { expires_ms: u64::MAX, random: 1 },
            command: Some(Command::ExpireOrders(ExpireOrders { at_most: 9 })),
            ..Envelope::default()
        };
        let reply = apply(&mut tables, &envelope, AT_MS);
        assert!(reply.into_result().is_ok());
        let released = tables.written.iter().filter(|written| written.starts_with("Order")).count();
        assert_eq!(released, 1, "{:?}", tables.written);
    }
}

#[test]
fn a_panic_in_a_transition_is_a_rejection_that_writes_nothing() {
    let reserve = Reserve { ticket: ticket(3).id, ..Reserve::default() };
    let state = Stub { panics: true, ..damaged_state() };
    assert_writes_nothing(state, Some(2), Command::Reserve(reserve), "a transition panicked");
}
