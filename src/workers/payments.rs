//! The payment worker: makes the charges and refunds that the state says are due.
//!
//! Each is called out under the payment's id as the stable key, and its outcome is committed. Whatever
//! happens in between, the next leader finds the same work and asks with the same key.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::domain::{Body, Payment, PaymentId, PaymentWork, RecordRefund, SettleCharge};
use crate::failpoint;
use crate::gateway::{ChargeOutcome, ChargeRequest};
use crate::service::Service;

/// Calls to the gateway of each kind that are under way at once: a slow gateway holds up its payments,
/// nothing else.
const MAX_CALLS: usize = 256;

/// How long a call may take before it is made again.
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Between two attempts at the same call, after the first failed without a final word.
const RETRY_PAUSE: Duration = Duration::from_secs(1);

/// How often to look without being woken, should a wake-up ever be missed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Payments whose call is under way, so that none is called out twice at once.
type UnderWay = Arc<Mutex<BTreeSet<PaymentId>>>;

pub(super) async fn run(service: Arc<Service>) {
    let under_way = UnderWay::default();
    // Dropped with this future when leadership is lost: the calls end with it.
    let mut calls = JoinSet::new();
    loop {
        while calls.try_join_next().is_some() {}
        let free = MAX_CALLS.saturating_sub(calls.len());
        let is_under_way = |payment| lock(&under_way).contains(&payment);
        match service.view().and_then(|view| view.payment_work(free, is_under_way)) {
            Ok(payments) => {
                for payment in payments {
                    lock(&under_way).insert(payment.id);
                    calls.spawn(carry_out(service.clone(), under_way.clone(), payment));
                }
            }
            Err(error) => tracing::error!(%error, "cannot look for charges to make"),
        }
        tokio::select! {
            () = service.settlements.work() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn carry_out(service: Arc<Service>, under_way: UnderWay, payment: Payment) {
    let done = match payment.work() {
        Some(PaymentWork::Charge) => charge(&service, &payment).await,
        Some(PaymentWork::Refund) => refund(&service, &payment).await,
        None => Ok(()),
    };
    if let Err(error) = done {
        tracing::warn!(payment = %payment.id, error, "no final word on a payment; trying again");
        tokio::time::sleep(RETRY_PAUSE).await;
    }
    lock(&under_way).remove(&payment.id);
    // There may be more to do for it now, such as the refund of a late charge.
    service.settlements.payments_changed(&[payment.id]);
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

fn lock(under_way: &UnderWay) -> std::sync::MutexGuard<'_, BTreeSet<PaymentId>> {
    under_way.lock().unwrap_or_else(PoisonError::into_inner)
}
