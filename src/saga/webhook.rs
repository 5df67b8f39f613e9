//! What Stripe tells by webhook. It is a hint: it says which payment to look at, and what is true is read from Stripe. So
//! it does not matter how often something is told, in which order, or whether at all.

use tokio::time::Instant;

use super::{NoFinalWord, Office, Seen, charge, review_dispute, review_refunds};
use crate::domain::{Payment, PaymentId};
use crate::gateway::GatewayError;
use crate::gateway::stripe::Stripe;
use crate::gateway::stripe::event::{Hint, Subject};
use crate::replica::{NotYet, WAIT_LIMIT};
use crate::service::Service;
use crate::store::StoreError;

/// An intent is told of when it is made, which is before it is on record and says nothing that was not known.
const MADE: &str = "payment_intent.created";

/// Some of a charge went back. Of everything else that becomes of a charge its intent tells.
const CHARGE_REFUNDED: &str = "charge.refunded";

/// What came of a hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It is about nothing here, or nothing that anything is done for.
    Nothing,
    /// The payment is as far as it gets now, and that is committed.
    Payment,
    /// Money of the payment goes back, or did.
    Refund,
    /// The owner of the card wants it back from their bank.
    Dispute,
}

/// Why nothing came of a hint: it has to be told again.
#[derive(Debug, thiserror::Error)]
pub enum NotHeard {
    /// What was done since a backup has to be looked at first.
    #[error("sales are held")]
    SalesHeld,
    /// This replica does not know what is newest.
    #[error("the payment may be newer than the state here: {0}")]
    Behind(#[from] NotYet),
    /// There is no final word, or it is not committed.
    #[error(transparent)]
    NoFinalWord(#[from] NoFinalWord),
    /// There was no time for more.
    #[error("it took too long")]
    TimedOut,
}

impl From<StoreError> for NotHeard {
    fn from(error: StoreError) -> Self {
        Self::NoFinalWord(error.into())
    }
}

/// Looks at the payment that a hint is about, as the worker would. Once it is there, what came of it is committed.
///
/// # Errors
/// [`NotHeard`].
pub async fn hear(service: &Service, stripe: &Stripe, hint: &Hint) -> Result<Heard, NotHeard> {
    match look_into(service, stripe, hint).await {
        // It would be refused however often it is told. What is owed to a payment of ours, the worker is at.
        Err(NotHeard::NoFinalWord(NoFinalWord::Gateway(error @ GatewayError::Refused { .. }))) => {
            tracing::warn!(event = hint.event, kind = hint.kind, %error, "what Stripe tells of cannot be looked at");
            Ok(Heard::Nothing)
        }
        heard => heard,
    }
}

async fn look_into(service: &Service, stripe: &Stripe, hint: &Hint) -> Result<Heard, NotHeard> {
    let heard = match &hint.subject {
        Subject::Intent if hint.kind != MADE => Heard::Payment,
        Subject::Charge if hint.kind == CHARGE_REFUNDED => Heard::Refund,
        Subject::Refund { .. } => Heard::Refund,
        Subject::Dispute { .. } => Heard::Dispute,
        Subject::Intent | Subject::Charge => return Ok(Heard::Nothing),
    };
    let Some(Seen { payment, sales_held, .. }) = find(service, stripe, hint).await? else {
        return Ok(Heard::Nothing);
    };
    if sales_held {
        return Err(NotHeard::SalesHeld);
    }
    match heard {
        // No call failed lately, as far as is known here. Its intent is on record, so none is made. What cannot be done
        // yet is for the worker, or the next hint.
        Heard::Payment => charge(service, payment.id, 0).await.map(drop)?,
        _ => match &hint.subject {
            Subject::Dispute { dispute } => review_dispute(service, payment.id, dispute).await.map(drop)?,
            _ => review_refunds(service, payment.id).await.map(drop)?,
        },
    }
    Ok(heard)
}

/// The payment whose intent it is about. One that has another intent, or none, is not meant.
async fn find(service: &Service, stripe: &Stripe, hint: &Hint) -> Result<Option<Seen>, NotHeard> {
    let (payment, cluster) = match hint.payment {
        Some(payment) => (payment, hint.cluster.clone()),
        None => match named_by_its_intent(stripe, &hint.intent).await? {
            Some(named) => named,
            None => return Ok(None),
        },
    };
    if let Some(found) = with_intent(service, payment, &hint.intent)? {
        return Ok(Some(found));
    }
    // Another cluster that uses the account. What this one was before it was restored it has found by now.
    if cluster.as_deref() != Some(stripe.cluster()) {
        return Ok(None);
    }
    service.replica.wait_for_newest(Instant::now() + WAIT_LIMIT).await?;
    Ok(with_intent(service, payment, &hint.intent)?)
}

fn with_intent(service: &Service, payment: PaymentId, intent: &str) -> Result<Option<Seen>, StoreError> {
    let is_meant = |payment: &Payment| payment.intent == intent;
    Ok(service.look(payment)?.filter(|seen| is_meant(&seen.payment)))
}

/// Disputes, and what the dashboard gives back, do not say what they are for. The intent does.
async fn named_by_its_intent(
    stripe: &Stripe,
    intent: &str,
) -> Result<Option<(PaymentId, Option<String>)>, NoFinalWord> {
    let Some(listed) = stripe.intent_made(intent).await? else { return Ok(None) };
    Ok(listed.payment.map(|payment| (payment, listed.cluster)))
}
