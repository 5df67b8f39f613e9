//! The payment worker: makes the charges and refunds that the state says are due.
//!
//! Each is called out under the payment's id as the stable key, and its outcome is committed. Whatever
//! happens in between, the next leader finds the same work and asks with the same key.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::domain::{Body, Payment, PaymentId, PaymentWork, RecordRefund, SettleCharge};
use crate::failpoint;
use crate::gateway::{ChargeOutcome, ChargeRequest};
use crate::service::Service;

/// Calls of one kind to the gateway that are under way at once: a slow gateway holds up its payments,
/// nothing else, and hanging charges hold up no refund.
const MAX_CALLS: usize = 256;

/// How long a call may take before it is made again.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Between two attempts at the same call, after the first failed without a final word.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// How often to look without being woken, should a wake-up ever be missed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Payments whose call is under way, so that none is called out twice at once.
#[derive(Clone, Default)]
struct UnderWay(Arc<Mutex<BTreeSet<PaymentId>>>);

/// A payment counts as under way until this is dropped, however its call ends.
struct Entered {
    under_way: UnderWay,
    payment: PaymentId,
    service: Arc<Service>,
}

impl UnderWay {
    fn lock(&self) -> MutexGuard<'_, BTreeSet<PaymentId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, service: &Arc<Service>, payment: PaymentId) -> Entered {
        self.lock().insert(payment);
        Entered { under_way: self.clone(), payment, service: service.clone() }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.under_way.lock().remove(&self.payment);
        // There may be more to do for it now, such as the refund of a late charge.
        self.service.settlements.payments_changed(&[self.payment]);
    }
}

/// Makes the charges that are due.
pub(super) async fn charge_due(service: Arc<Service>) {
    run(service, PaymentWork::Charge).await;
}

/// Makes the refunds that are due.
pub(super) async fn refund_due(service: Arc<Service>) {
    run(service, PaymentWork::Refund).await;
}

async fn run(service: Arc<Service>, kind: PaymentWork) {
    let mut work = service.settlements.work();
    let under_way = UnderWay::default();
    // Dropped with this future when leadership is lost: the calls end with it.
    let mut calls = JoinSet::new();
    loop {
        while calls.try_join_next().is_some() {}
        work.mark_unchanged();
        let free = MAX_CALLS.saturating_sub(calls.len());
        let is_under_way = |payment| under_way.lock().contains(&payment);
        match service.view().and_then(|view| view.payment_work(kind, free, is_under_way)) {
            Ok(payments) => {
                for payment in payments {
                    let entered = under_way.enter(&service, payment.id);
                    calls.spawn(carry_out(service.clone(), entered, payment));
                }
            }
            Err(error) => tracing::error!(%error, ?kind, "cannot look for payments to work on"),
        }
        // An error means that the sender is gone, and this process with it; the pause keeps it from spinning.
        let _ = tokio::time::timeout(LOOK_EVERY, work.changed()).await;
    }
}

async fn carry_out(service: Arc<Service>, entered: Entered, payment: Payment) {
    let done = match payment.work() {
        Some(PaymentWork::Charge) => charge(&service, &payment).await,
        Some(PaymentWork::Refund) => refund(&service, &payment).await,
        None => Ok(()),
    };
    if let Err(error) = done {
        tracing::warn!(payment = %payment.id, error, "no final word on a payment; trying again");
        tokio::time::sleep(RETRY_PAUSE).await;
    }
    drop(entered);
}

async fn charge(service: &Service, payment: &Payment) -> Result<(), String> {
    let request = ChargeRequest {
        key: payment.id,
        amount_minor: payment.amount_minor,
        currency: payment.currency.clone(),
        source: payment.source.clone(),
    };
    failpoint::reach("before-charge");
    let outcome = answered(service, "charge", service.gateway.charge(&request)).await?;
    failpoint::reach("after-charge");
    let settled = match outcome {
        ChargeOutcome::Succeeded { charge } => {
            SettleCharge { payment: payment.id, succeeded: true, charge, decline_code: String::new() }
        }
        ChargeOutcome::Declined { code } => {
            SettleCharge { payment: payment.id, succeeded: false, charge: String::new(), decline_code: code }
        }
    };
    failpoint::reach("before-outcome");
    commit(service, Body::SettleCharge(settled)).await?;
    failpoint::reach("after-outcome");
    Ok(())
}

async fn refund(service: &Service, payment: &Payment) -> Result<(), String> {
    failpoint::reach("before-refund");
    answered(service, "refund", service.gateway.refund(payment.id, &payment.charge)).await?;
    failpoint::reach("after-refund");
    commit(service, Body::RecordRefund(RecordRefund { payment: payment.id })).await
}

async fn answered<T>(
    service: &Service,
    call: &'static str,
    under_way: crate::gateway::GatewayCall<'_, T>,
) -> Result<T, String> {
    let (outcome, result) = match tokio::time::timeout(CALL_TIMEOUT, under_way).await {
        Ok(Ok(answer)) => ("answered", Ok(answer)),
        Ok(Err(error)) => ("failed", Err(error.to_string())),
        Err(_) => ("timeout", Err("the gateway did not answer in time".to_owned())),
    };
    service.metrics.gateway_called(call, outcome);
    result
}

async fn commit(service: &Service, body: Body) -> Result<(), String> {
    let submitted = service.submit(None, None, body).await.map_err(|error| error.to_string())?;
    submitted.result.map(drop).map_err(|rejection| format!("{:?} {}", rejection.code(), rejection.fault))
}
