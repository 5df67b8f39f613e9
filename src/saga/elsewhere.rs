//! What is done about a payment at the gateway, by hand: refunds in its dashboard, and disputes.
//!
//! Whoever hears of something reads all of it, and commits what differs. So it does not matter what was heard, how often
//! or in which order, nor that the refunds which were asked for here are told of as well.

use uuid::Uuid;

use super::office::{CALL_TIMEOUT, LOOK_WHILE_HELD, Office, check_gateway};
use super::refund::{LOOK_EVERY, make_pending};
use super::{NoFinalWord, Progress, Seen, charge};
use crate::domain::{
    Answer, Command, Dispute, Payment, PaymentId, RecordDispute, RecordGatewayRefund, Refund, RefundId,
    RefundStatus, RejectionCode,
};
use crate::gateway::{KnownDispute, KnownRefund, RefundState};
use crate::replica::OwnCommandError;

/// How often both sides are looked at before it is left to the next who hears of it: each time, what was in the way is
/// settled.
const MAX_LOOKS: usize = 3;

/// Takes over what became of a payment's refunds, whoever made them.
///
/// # Errors
/// When it is not known, or not committed.
pub async fn review_refunds<O: Office>(office: &O, payment: PaymentId) -> Result<Progress, NoFinalWord> {
    let payment = match charged(office, payment).await? {
        Ok(payment) => payment,
        Err(progress) => return Ok(progress),
    };
    for _ in 0..MAX_LOOKS {
        match take_over(office, &payment).await? {
            Taken::All { is_pending } if is_pending => return Ok(Progress::Later(LOOK_EVERY)),
            Taken::All { .. } => return Ok(Progress::Done),
            // What was asked for here is refused there, for so much is not left.
            Taken::NoRoom => make_pending(office, &payment).await?,
        }
    }
    Err(NoFinalWord::NoRoomForRefund)
}

/// Takes over what became of a dispute. One that is not of this payment is nothing here.
///
/// # Errors
/// When it is not known, or not committed.
pub async fn review_dispute<O: Office>(
    office: &O,
    payment: PaymentId,
    dispute: &str,
) -> Result<Progress, NoFinalWord> {
    let mut payment = match charged(office, payment).await? {
        Ok(payment) => payment,
        Err(progress) => return Ok(progress),
    };
    for _ in 0..MAX_LOOKS {
        let revision = payment.dispute_called(dispute).map_or(0, |known| known.revision);
        let asked = office.gateway().dispute(dispute);
        let known = office.answered("dispute", CALL_TIMEOUT, asked).await?;
        let Some(known) = known.filter(|known| known.intent == intent_of(office, &payment)) else {
            return Ok(Progress::Done);
        };
        let command = Command::RecordDispute(word(&payment, revision, &known));
        let Answer::Payment(answered) = office.commit(command).await? else {
            return Err(NoFinalWord::UnexpectedAnswer);
        };
        let recorded = answered.dispute_called(dispute);
        if let Some(recorded) = recorded.filter(|recorded| says(recorded, &known, &answered.currency)) {
            if recorded.revision != revision {
                tell(&answered, &known);
            }
            return Ok(Progress::Done);
        }
        // Somebody else has recorded something since, which may be newer.
        payment = answered;
    }
    Err(NoFinalWord::DisputeChanges)
}

/// The payment once it is known to be charged, or how far it is.
async fn charged<O: Office>(office: &O, id: PaymentId) -> Result<Result<Payment, Progress>, NoFinalWord> {
    let Some(Seen { mut payment, sales_held, .. }) = office.look(id)? else { return Ok(Err(Progress::Done)) };
    if sales_held {
        return Ok(Err(Progress::Later(LOOK_WHILE_HELD)));
    }
    check_gateway(office, &payment)?;
    if payment.stage().is_some() {
        // It is told of a charge whose success is not recorded yet.
        let progress = Box::pin(charge(office, id, 0)).await?;
        match office.look(id)? {
            Some(seen) if seen.payment.stage().is_none() => payment = seen.payment,
            _ => return Ok(Err(progress)),
        }
    }
    Ok(if payment.is_charged() { Ok(payment) } else { Err(Progress::Done) })
}

/// What came of comparing both sides.
enum Taken {
    All {
        is_pending: bool,
    },
    /// What the gateway has given back does not fit beside what was asked for here and is not made yet.
    NoRoom,
}

async fn take_over<O: Office>(office: &O, payment: &Payment) -> Result<Taken, NoFinalWord> {
    let intent = intent_of(office, payment);
    let asked = office.gateway().refunds(&intent);
    let there = office.answered("refunds", CALL_TIMEOUT, asked).await?;
    let here = office.refunds(payment.id)?;
    let mut is_pending = false;
    for found in there {
        let word = recorded(payment, &found);
        is_pending |= word.outcome() == RefundStatus::Pending;
        if !is_news(&here, &word) {
            continue;
        }
        if found.currency != payment.currency {
            tracing::error!(payment = %payment.id, refund = found.refund, "a refund is in another currency");
            continue;
        }
        match office.commit(Command::RecordGatewayRefund(word)).await {
            Ok(_) => {}
            Err(OwnCommandError::Rejected(no)) if no.code() == RejectionCode::RefundTooLarge => {
                return Ok(Taken::NoRoom);
            }
            Err(OwnCommandError::Rejected(no)) if no.code() == RejectionCode::TooManyRefunds => {
                let (payment, refund) = (payment.id, found.refund);
                tracing::error!(%payment, refund, "a refund cannot be recorded: its payment has too many");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Taken::All { is_pending })
}

/// The gateway's name for the payment's intent, on record or known.
fn intent_of<O: Office>(office: &O, payment: &Payment) -> String {
    let on_record = Some(&payment.intent).filter(|intent| !intent.is_empty()).cloned();
    on_record.or_else(|| office.gateway().known_intent(payment.id)).unwrap_or_default()
}

fn recorded(payment: &Payment, found: &KnownRefund) -> RecordGatewayRefund {
    let (outcome, failure_code) = match &found.state {
        RefundState::Pending => (RefundStatus::Pending, String::new()),
        RefundState::Succeeded => (RefundStatus::Succeeded, String::new()),
        RefundState::Failed { code } => (RefundStatus::Failed, code.clone()),
    };
    RecordGatewayRefund {
        payment: payment.id,
        refund: RefundId::from_uuid(Uuid::now_v7()),
        gateway_refund: found.refund.clone(),
        name: found.name.clone().unwrap_or_default(),
        amount_minor: found.amount_minor,
        outcome: outcome.into(),
        failure_code,
    }
}

/// Whether it says what the rows do not. The rows may be old: then it is said again, and changes nothing.
fn is_news(here: &[Refund], word: &RecordGatewayRefund) -> bool {
    match here.iter().find(|one| one.is_known_as(&word.gateway_refund, &word.name)) {
        Some(known) if !known.is_latest_as(&word.gateway_refund, &word.name) => false,
        Some(known) => known.status() != word.outcome() || known.gateway_refund != word.gateway_refund,
        None => word.outcome() != RefundStatus::Failed,
    }
}

fn word(payment: &Payment, revision: u32, known: &KnownDispute) -> RecordDispute {
    RecordDispute {
        payment: payment.id,
        dispute: known.dispute.clone(),
        revision,
        status: known.status.clone(),
        reason: known.reason.clone(),
        amount_minor: known.amount_minor,
        currency: known.currency.clone(),
        since_ms: known.since_s.saturating_mul(1_000),
        is_withdrawn: known.is_withdrawn,
    }
}

/// Whether what is recorded is what the gateway says.
fn says(recorded: &Dispute, known: &KnownDispute, currency: &str) -> bool {
    let is_in_ledger = known.is_withdrawn && known.currency == currency;
    recorded.status == known.status
        && recorded.reason == known.reason
        && recorded.amount_minor == known.amount_minor
        && recorded.withdrawn_minor == if is_in_ledger { known.amount_minor } else { 0 }
}

fn tell(payment: &Payment, known: &KnownDispute) {
    let (id, dispute, status) = (payment.id, &known.dispute, &known.status);
    tracing::warn!(payment = %id, dispute, status, "a payment is disputed at the gateway");
    if known.is_withdrawn && known.currency != payment.currency {
        tracing::error!(payment = %id, dispute, "what the bank took is in another currency: not in the ledger");
    }
}
