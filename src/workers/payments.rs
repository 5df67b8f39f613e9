//! The payment worker: makes the charges and refunds that the state says are due.
//!
//! Each is called out under the payment's id as the stable key, and its outcome is committed. Whatever
//! happens in between, the next leader finds the same work and asks with the same key.
//!
//! **What is due** stands in an index of the state, sorted by since when it is owed. That only ever grows at
//! its end, for it is the replicated clock's time of the command that made the payment owe the call. So one
//! worker for charges and one for refunds each read on from where they were, a bounded page a round, and put
//! what they find on their [`Agenda`]. What they owe no more they take off it when its turn comes: each call
//! begins with a look at the payment as it is then. A new leader begins with an empty agenda and reads from the
//! start.
//!
//! **Whose turn it is** the agenda says: calls under way are bounded in all and for each buyer, so that a buyer
//! with a thousand slow payments delays nobody else. A call without a final word gives its place up at once; its
//! payment pauses, longer each time, and then stands behind what was never tried. Charges and refunds have an
//! agenda each: hanging charges hold up no refund.
//!
//! **With 100 000 payments owed**, an agenda takes up to 35 MB, as long as they are owed; the round after a wake-up
//! reads the new ones only; a new leader reads them in a hundred rounds and makes calls between those. A gateway
//! that does not answer at all gets one call for each payment a minute at most, and never more at once than
//! [`LIMITS`] says.

mod agenda;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::agenda::{Agenda, Limits};
use crate::domain::{Body, Payment, PaymentId, PaymentWork, RecordRefund, SettleCharge};
use crate::failpoint;
use crate::gateway::{ChargeOutcome, ChargeRequest};
use crate::service::Service;
use crate::store::{Position, StoreError};

/// Calls of one kind that are under way at once. In all: what a process keeps open to one gateway without a
/// thought. For each buyer: more than anybody pays for at once, and few enough that it takes dozens of accounts
/// to fill the rest.
const LIMITS: Limits = Limits { calls: 256, calls_per_buyer: 8 };

/// How long a call may take before it counts as failed.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// Entries of the index that one round reads, so that calls begin before a long index is read to its end.
const PAGE: usize = 1_024;

/// How often to look without being woken, should a wake-up ever be missed or the state be unreadable.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Makes the charges that are due.
pub(super) async fn charge_due(service: Arc<Service>) {
    Worker::new(service, PaymentWork::Charge).run().await;
}

/// Makes the refunds that are due.
pub(super) async fn refund_due(service: Arc<Service>) {
    Worker::new(service, PaymentWork::Refund).run().await;
}

/// How a call ended: `Ok` when nothing more is owed.
type Ended = (PaymentId, Result<(), String>);

/// The worker for one kind of work.
struct Worker {
    service: Arc<Service>,
    kind: PaymentWork,
    agenda: Agenda,
    /// Where in the index to read on.
    unread: Position,
    /// Dropped with the worker when leadership is lost: the calls end with it.
    calls: JoinSet<Ended>,
}

impl Worker {
    fn new(service: Arc<Service>, kind: PaymentWork) -> Self {
        let unread = Position { sort_key: 0, number: 0 };
        Self { service, kind, agenda: Agenda::new(LIMITS), unread, calls: JoinSet::new() }
    }

    async fn run(mut self) {
        let mut changes = self.service.settlements.work();
        loop {
            // Before reading: a change that comes in between is seen in the next round.
            changes.mark_unchanged();
            let read_all = self.read().unwrap_or_else(|error| {
                tracing::error!(%error, kind = ?self.kind, "cannot look for payments to work on");
                true
            });
            while let Some(payment) = self.agenda.start_next(Instant::now()) {
                self.calls.spawn(make_call(self.service.clone(), self.kind, payment));
            }
            if read_all {
                self.wait(&mut changes).await;
            } else {
                tokio::task::yield_now().await;
            }
            while let Some(Ok(ended)) = self.calls.try_join_next() {
                self.end(ended);
            }
        }
    }

    /// Puts one page of the index on the agenda, and says whether it was the last one.
    fn read(&mut self) -> Result<bool, StoreError> {
        let page = self.service.view()?.payments_owed(self.kind, self.unread, PAGE)?;
        let is_last = page.len() < PAGE;
        if let Some(last) = page.last() {
            self.unread = Position { number: last.place.number + 1, ..last.place };
        }
        if is_last {
            // What became owed in the same millisecond, but later, may have a smaller number.
            self.unread.number = 0;
        }
        page.into_iter().for_each(|owed| self.agenda.add(owed));
        Ok(is_last)
    }

    /// Waits for something to do.
    async fn wait(&mut self, changes: &mut watch::Receiver<()>) {
        let look_at = Instant::now() + LOOK_EVERY;
        let look_at = self.agenda.next_pause_ends().map_or(look_at, |ends| ends.min(look_at));
        tokio::select! {
            // The sender lives as long as the service.
            _ = changes.changed() => {}
            Some(Ok(ended)) = self.calls.join_next() => self.end(ended),
            () = tokio::time::sleep_until(look_at) => {}
        }
    }

    fn end(&mut self, (payment, result): Ended) {
        match result {
            Ok(()) => self.agenda.done(payment),
            Err(error) => {
                tracing::warn!(%payment, error, "no final word on a payment; trying again");
                self.agenda.failed(payment, Instant::now());
            }
        }
    }
}

/// Makes the payment's call if it is still owed. A panic counts as a failure, for the payment is owed the call
/// whatever is wrong with it.
async fn make_call(service: Arc<Service>, kind: PaymentWork, payment: PaymentId) -> Ended {
    let call = AssertUnwindSafe(call(&service, kind, payment)).catch_unwind();
    (payment, call.await.unwrap_or_else(|_| Err("the call panicked".to_owned())))
}

async fn call(service: &Service, kind: PaymentWork, payment: PaymentId) -> Result<(), String> {
    let payment = service.view().and_then(|view| view.payment(payment)).map_err(|error| error.to_string())?;
    match payment.filter(|payment| payment.work() == Some(kind)) {
        None => Ok(()),
        Some(payment) => match kind {
            PaymentWork::Charge => charge(service, &payment).await,
            PaymentWork::Refund => refund(service, &payment).await,
        },
    }
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
