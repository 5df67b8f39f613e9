//! Refunds as the gateway has them: those that were asked for here, and those that somebody made there by hand.
//!
//! What the gateway says is a fact, and whoever reads it there may commit it, as often as they like: one refund of the
//! gateway's is one row, found by its name there, or by the name that it was asked for under.

use super::command::{RecordGatewayRefund, SettleRefund};
use super::draft::Draft;
use super::refund::{self, MAX_REFUNDS_PER_PAYMENT, Refund, RefundCause, RefundStatus};
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::{Change, Tables};

/// Records where one of a payment's refunds stands at the gateway, whoever made it.
pub(super) fn record<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &RecordGatewayRefund,
) -> Result<Answer, Rejection> {
    let payment = draft.tables.payment(c.payment).ok_or(RejectionCode::NotFound)?;
    if c.gateway_refund.is_empty() || c.amount_minor == 0 {
        return Err(Rejection::internal("a refund of the gateway's has no name or no amount"));
    }
    let refunds = draft.tables.refunds_of(c.payment);
    if let Some(known) = refunds.into_iter().find(|one| one.is_known_as(&c.gateway_refund, &c.name)) {
        return settle(draft, known, c);
    }
    // What failed moved nothing, and what the payment was not charged for cannot have gone back.
    if c.outcome() == RefundStatus::Failed || !payment.is_charged() {
        return Ok(Answer::Payment(payment.shown()));
    }
    // What was asked for here, and is not made there yet, has to be settled first: the gateway will not make it.
    let left_minor = payment.refundable_minor();
    if c.amount_minor > left_minor {
        return Err(RejectionCode::RefundTooLarge.with(left_minor));
    }
    if payment.refund_totals().count >= MAX_REFUNDS_PER_PAYMENT {
        return Err(RejectionCode::TooManyRefunds.into());
    }
    if draft.tables.refund(c.refund).is_some() {
        return Err(Rejection::internal("the new refund's id is taken"));
    }
    let mut new = Refund {
        gateway_refund: c.gateway_refund.clone(),
        made_as: c.gateway_refund.clone(),
        ..refund::first(&payment, c.refund, c.amount_minor, draft.at_ms)
    };
    new.set_cause(RefundCause::Gateway);
    new.set_status(c.outcome());
    refund::move_money(draft, None, &new)?;
    draft.change(Change::Refund { old: None, new: new.clone() });
    Ok(Answer::Refund(new))
}

/// What is said of an earlier try counts no more.
fn settle<T: Tables>(
    draft: &mut Draft<'_, T>,
    known: Refund,
    c: &RecordGatewayRefund,
) -> Result<Answer, Rejection> {
    if !known.is_latest_as(&c.gateway_refund, &c.name) {
        return Ok(Answer::Refund(known));
    }
    let word = SettleRefund {
        refund: known.id,
        try_number: known.tries,
        outcome: c.outcome,
        gateway_refund: c.gateway_refund.clone(),
        failure_code: c.failure_code.clone(),
    };
    refund::settle(draft, &word)
}
