//! One call to the gateway, and the commit of its outcome.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use crate::domain::{Command, Payment, PaymentId, PaymentWork, RecordRefund, SettleCharge};
use crate::failpoint;
use crate::gateway::{ChargeOutcome, ChargeRequest, GatewayCall, GatewayError, KEY_LIFE};
use crate::replica::OwnCommandError;
use crate::service::Service;
use crate::store::StoreError;

/// How long a call may take before it counts as failed.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// How long before the end of its key's life a payment is charged for the last time; only at that end does it count
/// that no charge is known. What lies in between covers how far the replicated clock may lag behind the gateway's
/// (1 %: a quarter of an hour a day), how long a call may be on its way, and how long a replica that stood still
/// may believe that it leads.
pub const KEY_MARGIN: Duration = Duration::from_secs(60 * 60);

/// What a payment is declined with that was not charged within its key's life.
pub const ABANDONED: &str = "abandoned";

/// How a call ended: `Ok` when nothing more is owed.
pub(super) type Ended = (PaymentId, Result<(), NoFinalWord>);

/// Why a payment is still owed its call.
#[derive(Debug, thiserror::Error)]
pub(super) enum NoFinalWord {
    /// The payment cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gateway said nothing final.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The gateway said nothing at all.
    #[error("the gateway did not answer in time")]
    TimedOut,
    /// The gateway knows of no charge, and might yet.
    #[error("no charge is known, but one may still be on its way")]
    MayBeOnItsWay,
    /// The outcome is not in the state.
    #[error("the outcome could not be committed: {0}")]
    NotCommitted(#[from] OwnCommandError),
    /// The call panicked.
    #[error("the call panicked")]
    Panicked,
}

/// Makes the payment's call if it is still owed. A panic counts as a failure, for the payment is owed the call
/// whatever is wrong with it.
pub(super) async fn make_call(service: Arc<Service>, kind: PaymentWork, payment: PaymentId) -> Ended {
    let call = AssertUnwindSafe(call(&service, kind, payment)).catch_unwind();
    (payment, call.await.unwrap_or_else(|_| Err(NoFinalWord::Panicked)))
}

async fn call(service: &Service, kind: PaymentWork, payment: PaymentId) -> Result<(), NoFinalWord> {
    let payment = service.replica.view()?.payment(payment)?;
    match payment.filter(|payment| payment.work() == Some(kind)) {
        None => Ok(()),
        Some(payment) => match kind {
            PaymentWork::Charge => charge(service, &payment).await,
            PaymentWork::Refund => refund(service, &payment).await,
        },
    }
}

async fn charge(service: &Service, payment: &Payment) -> Result<(), NoFinalWord> {
    let age = Duration::from_millis(service.replica.now_ms().saturating_sub(payment.created_at_ms));
    let outcome = if age < KEY_LIFE.saturating_sub(KEY_MARGIN) {
        take_money(service, payment).await?
    } else {
        find_out(service, payment.id, age).await?
    };
    let settled = match outcome {
        ChargeOutcome::Succeeded { charge } => {
            SettleCharge { payment: payment.id, succeeded: true, charge, decline_code: String::new() }
        }
        ChargeOutcome::Declined { code } => {
            SettleCharge { payment: payment.id, succeeded: false, charge: String::new(), decline_code: code }
        }
    };
    failpoint::reach("before-outcome");
    service.replica.submit_own(Command::SettleCharge(settled)).await?;
    failpoint::reach("after-outcome");
    Ok(())
}

async fn take_money(service: &Service, payment: &Payment) -> Result<ChargeOutcome, NoFinalWord> {
    let request = ChargeRequest {
        key: payment.id,
        amount_minor: payment.amount_minor,
        currency: payment.currency.clone(),
        source: payment.source.clone(),
    };
    failpoint::reach("before-charge");
    let outcome = answered(service, "charge", service.gateway.charge(&request)).await?;
    failpoint::reach("after-charge");
    Ok(outcome)
}

/// What became of a charge whose key the gateway may have forgotten. Asked to charge, it might do so a second time.
async fn find_out(
    service: &Service,
    payment: PaymentId,
    age: Duration,
) -> Result<ChargeOutcome, NoFinalWord> {
    match answered(service, "look_up", service.gateway.look_up(payment)).await? {
        Some(outcome) => Ok(outcome),
        None if age < KEY_LIFE => Err(NoFinalWord::MayBeOnItsWay),
        None => Ok(ChargeOutcome::Declined { code: ABANDONED.to_owned() }),
    }
}

async fn refund(service: &Service, payment: &Payment) -> Result<(), NoFinalWord> {
    failpoint::reach("before-refund");
    answered(service, "refund", service.gateway.refund(payment.id, &payment.charge)).await?;
    failpoint::reach("after-refund");
    service.replica.submit_own(Command::RecordRefund(RecordRefund { payment: payment.id })).await?;
    Ok(())
}

async fn answered<T>(
    service: &Service,
    call: &'static str,
    under_way: GatewayCall<'_, T>,
) -> Result<T, NoFinalWord> {
    let (outcome, result) = match tokio::time::timeout(CALL_TIMEOUT, under_way).await {
        Ok(Ok(answer)) => ("answered", Ok(answer)),
        Ok(Err(error)) => ("failed", Err(error.into())),
        Err(_) => ("timeout", Err(NoFinalWord::TimedOut)),
    };
    service.metrics.gateway_called(call, outcome);
    result
}
