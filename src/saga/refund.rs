//! Giving money back.

use std::time::Duration;

use super::office::{CALL_TIMEOUT, LOOK_WHILE_HELD, Office, check_gateway};
use super::{NoFinalWord, Progress, Seen, review_refunds};
use crate::domain::{
    Command, Payment, PaymentId, PaymentWork, RecordRefund, Refund, RefundStatus, SettleRefund,
};
use crate::failpoint;
use crate::gateway::{GatewayError, RefundRequest, RefundState, Refunded};

/// What the refund of a late charge from before there were refunds is called among those of its payment.
pub const LATE_REFUND: &str = "late";

/// How often to ask for a refund that the gateway is at.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(30);

/// Takes all refunds of a payment as far as they get now.
///
/// # Errors
/// When the outcome of one is not known, or not committed. The same refund is asked for again.
pub async fn refund<O: Office>(office: &O, payment: PaymentId) -> Result<Progress, NoFinalWord> {
    let Some(Seen { payment, sales_held, .. }) = office.look(payment)? else { return Ok(Progress::Done) };
    if payment.work() != Some(PaymentWork::Refund) {
        return Ok(Progress::Done);
    }
    if sales_held {
        return Ok(Progress::Later(LOOK_WHILE_HELD));
    }
    check_gateway(office, &payment)?;
    if payment.refunds.is_none() {
        return refund_late_charge(office, &payment).await;
    }
    let mut progress = Ok(Progress::Done);
    let (mut has_failed, mut is_made_there) = (false, false);
    for pending in office.refunds(payment.id)?.iter().filter(|one| one.status() == RefundStatus::Pending) {
        if pending.is_made_there() {
            is_made_there = true;
            continue;
        }
        // One that gets no answer keeps no other one waiting.
        match give_back(office, &payment, pending).await {
            Ok(RefundStatus::Pending) => progress = progress.map(|_| Progress::Later(LOOK_EVERY)),
            Ok(RefundStatus::Failed) => has_failed = true,
            Ok(RefundStatus::Succeeded) => {}
            Err(error) => progress = Err(error),
        }
    }
    // It may have failed because somebody gave the money back at the gateway, by hand.
    if has_failed || is_made_there {
        let reviewed = Box::pin(review_refunds(office, payment.id)).await;
        return match (progress, reviewed) {
            (Ok(Progress::Done), reviewed) => reviewed,
            (Ok(_), Err(error)) => Err(error),
            (own, _) => own,
        };
    }
    progress
}

/// Has all refunds made that were asked for here and are not settled, as far as they get now.
pub(super) async fn make_pending<O: Office>(office: &O, payment: &Payment) -> Result<(), NoFinalWord> {
    for pending in office.refunds(payment.id)? {
        if pending.status() == RefundStatus::Pending && !pending.is_made_there() {
            give_back(office, payment, &pending).await?;
        }
    }
    Ok(())
}

/// Has the gateway make a refund, or say what became of it, and commits that.
async fn give_back<O: Office>(
    office: &O,
    payment: &Payment,
    refund: &Refund,
) -> Result<RefundStatus, NoFinalWord> {
    let request = RefundRequest {
        known_as: refund.gateway_refund.clone(),
        ..request(payment, refund.gateway_key(), Some(refund.amount_minor))
    };
    let mut settle = SettleRefund {
        refund: refund.id,
        try_number: refund.tries,
        outcome: RefundStatus::Pending.into(),
        gateway_refund: String::new(),
        failure_code: String::new(),
    };
    match ask(office, &request).await {
        Ok(Refunded { refund: name, state }) => {
            settle.gateway_refund = name;
            match state {
                RefundState::Pending => {}
                RefundState::Succeeded => settle.set_outcome(RefundStatus::Succeeded),
                RefundState::Failed { code } => fail(&mut settle, code),
            }
        }
        // Nothing moved, and nothing will under this name.
        Err(NoFinalWord::Gateway(GatewayError::Refused { code, .. })) => fail(&mut settle, code),
        Err(error) => return Err(error),
    }
    let outcome = settle.outcome();
    let is_at_it = outcome == RefundStatus::Pending;
    if settle.outcome() == RefundStatus::Failed {
        let (refund, payment, code) = (refund.id, payment.id, &settle.failure_code);
        tracing::error!(%refund, %payment, code, "a refund failed: an operator has to look, and try it again");
    }
    // What the row says already, nobody need be told.
    let is_news = settle.outcome() != refund.status()
        || is_at_it && !settle.gateway_refund.is_empty() && settle.gateway_refund != refund.gateway_refund;
    if is_news {
        office.commit(Command::SettleRefund(settle)).await?;
    }
    Ok(outcome)
}

fn fail(settle: &mut SettleRefund, code: String) {
    settle.set_outcome(RefundStatus::Failed);
    settle.failure_code = code;
}

/// Gives all of a late charge back whose payment has no refunds of its own.
async fn refund_late_charge<O: Office>(office: &O, payment: &Payment) -> Result<Progress, NoFinalWord> {
    let refunded = ask(office, &request(payment, LATE_REFUND.to_owned(), None)).await?;
    match refunded.state {
        RefundState::Succeeded => {
            office.commit(Command::RecordRefund(RecordRefund { payment: payment.id })).await?;
            Ok(Progress::Done)
        }
        RefundState::Pending => Ok(Progress::Later(LOOK_EVERY)),
        RefundState::Failed { code } => Err(NoFinalWord::RefundFailed(code)),
    }
}

fn request(payment: &Payment, refund: String, amount_minor: Option<u64>) -> RefundRequest {
    RefundRequest {
        refund,
        known_as: String::new(),
        payment: payment.id,
        order: payment.order,
        intent: payment.intent.clone(),
        charge: payment.charge.clone(),
        amount_minor,
    }
}

async fn ask<O: Office>(office: &O, request: &RefundRequest) -> Result<Refunded, NoFinalWord> {
    failpoint::reach("before-refund");
    let refunded = office.answered("refund", CALL_TIMEOUT, office.gateway().refund(request)).await?;
    failpoint::reach("after-refund");
    Ok(refunded)
}
