//! What becomes of a payment and its order by the final word on a charge.

use super::command::{RecordRefund, SettleCharge};
use super::draft::Draft;
use super::event::EventType;
use super::ledger;
use super::order::{self, Order, OrderStatus};
use super::payment::{Payment, PaymentStatus};
use super::refund;
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::Tables;
use super::ticket::{self, TicketStatus};
use super::withdrawal::Withdrawal;

/// Records what became of a charge. The order's fate is decided here, by log order, and only once.
///
/// Whose word does not count here changes nothing: that of another intent than the one on record, and of nobody's
/// once there is one. Otherwise a leader that knew of no intent could end an attempt that another has just recorded
/// one for, and confirms.
pub(super) fn settle<T: Tables>(draft: &mut Draft<'_, T>, c: &SettleCharge) -> Result<Answer, Rejection> {
    let old = draft.tables.payment(c.payment).ok_or(RejectionCode::NotFound)?;
    if old.status() != PaymentStatus::Processing || old.intent != c.intent {
        return Ok(Answer::Payment(old.shown()));
    }
    let order =
        draft.tables.order(old.order).ok_or_else(|| Rejection::internal("a payment's order is missing"))?;
    let holds = settle_order(draft, order, &old, c.succeeded)?;
    let mut new = old.ended(
        match (c.succeeded, holds) {
            (true, true) => PaymentStatus::Succeeded,
            (true, false) => PaymentStatus::Refunding,
            (false, _) => PaymentStatus::Failed,
        },
        draft.at_ms,
    );
    new.charge.clone_from(&c.charge);
    new.decline_code.clone_from(&c.decline_code);
    if new.status() == PaymentStatus::Refunding && draft.keeps_history() {
        refund::begin_for_late_charge(draft, &mut new);
    }
    ledger::charged(draft, &mut new);
    draft.put_payment(Some(old), new.clone(), EventType::PaymentUpdated);
    Ok(Answer::Payment(new))
}

/// Records that the money of a late charge went back that was charged before there were refunds.
pub(super) fn record_refund<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &RecordRefund,
) -> Result<Answer, Rejection> {
    let old = draft.tables.payment(c.payment).ok_or(RejectionCode::NotFound)?;
    if old.status() != PaymentStatus::Refunding || old.refunds.is_some() {
        return Ok(Answer::Payment(old.shown()));
    }
    let mut new = old.ended(PaymentStatus::Refunded, draft.at_ms);
    ledger::late_charge_refunded(draft, &old, &mut new);
    draft.put_payment(Some(old), new.clone(), EventType::PaymentRefunded);
    Ok(Answer::Payment(new))
}

/// Moves the order on if it waits for this charge, and says whether it holds its ticket afterwards. The
/// deadlines count here whether or not anything released the order before: a charge under way holds it up
/// to deadline and grace, a declined one no longer. One that its buyer withdrew takes the order along, if they said so.
fn settle_order<T: Tables>(
    draft: &mut Draft<'_, T>,
    order: Order,
    payment: &Payment,
    succeeded: bool,
) -> Result<bool, Rejection> {
    if order.status() != OrderStatus::AwaitingPayment || order.payment != Some(payment.id) {
        return Ok(false);
    }
    let reopened = order.changed(OrderStatus::Created, draft.at_ms);
    let due_at_ms = if succeeded { order.due_at_ms() } else { reopened.due_at_ms() };
    if due_at_ms.is_some_and(|due_at_ms| due_at_ms <= draft.at_ms) {
        order::release_expired(draft, order)?;
        return Ok(false);
    }
    if succeeded {
        complete(draft, order)?;
    } else if payment.withdrawal() == Withdrawal::CancelsOrder {
        order::give_back(draft, order)?;
    } else {
        draft.put_order(Some(order), reopened, EventType::OrderUpdated);
    }
    Ok(true)
}

fn complete<T: Tables>(draft: &mut Draft<'_, T>, order: Order) -> Result<(), Rejection> {
    let ticket = draft
        .tables
        .ticket(order.ticket.id)
        .ok_or_else(|| Rejection::internal("an open order's ticket is missing"))?;
    let paid = order.changed(OrderStatus::Complete, draft.at_ms);
    ticket::hand_over(draft, ticket, TicketStatus::Sold, Some(order.id));
    draft.put_order(Some(order), paid, EventType::OrderCompleted);
    Ok(())
}
