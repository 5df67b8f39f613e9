//! Attempts to pay that their buyers want no more of: they cancel the order, or pay in another way.

use std::time::Duration;

use tokio::time::Instant;

use super::caller::Caller;
use super::refusal::unexpected;
use crate::domain::{Answer, Command, IfMatch, Order, OrderId, OrderStatus, Payment, WithdrawPayment};
use crate::http::{Problem, ProblemType};
use crate::saga;
use crate::service::Service;

/// How long a client waits for the gateway to give an attempt up.
const WAIT_FOR_GATEWAY: Duration = Duration::from_secs(10);

/// Has the attempt in a browser that an order awaits given up, so that another may begin. Whatever comes of it, what is
/// asked for next says so.
pub(super) async fn make_way(service: &Service, caller: &Caller, order: OrderId) -> Result<(), Problem> {
    match withdraw(service, caller, WithdrawPayment { order, cancels_order: false, if_match: None }).await {
        Ok(_) => Ok(()),
        // Somebody else was first: what the order is by now decides.
        Err(problem) if is_about_the_order(&problem) => Ok(()),
        Err(problem) => Err(problem),
    }
}

/// Cancels an order whose attempt waits for this buyer, and says whether it is cancelled; `None` if there is no such
/// attempt. An attempt that succeeded before wins: that is a refusal.
pub(super) async fn cancel(
    service: &Service,
    caller: &Caller,
    order: OrderId,
    if_match: Option<IfMatch>,
) -> Result<Option<bool>, Problem> {
    if waits_for(service, caller, order)?.is_none() {
        return Ok(None);
    }
    if !withdraw(service, caller, WithdrawPayment { order, cancels_order: true, if_match }).await? {
        return Ok(None);
    }
    let order = service.replica.view()?.order(order)?.ok_or(ProblemType::NotFound)?;
    match order.status() {
        OrderStatus::Cancelled => Ok(Some(true)),
        OrderStatus::Complete => Err(ProblemType::OrderPaid.into()),
        OrderStatus::AwaitingPayment => Ok(Some(false)),
        OrderStatus::Created => Ok(None),
    }
}

/// The attempt that an order of this buyer's awaits, and that waits for them, by the state as it is here.
fn waits_for(service: &Service, caller: &Caller, order: OrderId) -> Result<Option<Payment>, Problem> {
    let view = service.replica.view()?;
    let awaits = |order: &Order| order.buyer == caller.user && order.status() == OrderStatus::AwaitingPayment;
    let Some(payment) = view.order(order)?.filter(awaits).and_then(|order| order.payment) else {
        return Ok(None);
    };
    Ok(view.payment(payment)?.filter(Payment::waits_for_buyer))
}

/// Commits the wish, and has the gateway asked from here. The worker would do it too; whoever waits need not wait for that.
/// Says whether there was an attempt to withdraw: what is known here may be old.
async fn withdraw(service: &Service, caller: &Caller, wish: WithdrawPayment) -> Result<bool, Problem> {
    let payment = match caller.ask(service, Command::WithdrawPayment(wish)).await? {
        Answer::Payment(payment) => payment.id,
        Answer::Order(_) => return Ok(false),
        answer => return Err(unexpected(&answer)),
    };
    let deadline = Instant::now() + WAIT_FOR_GATEWAY;
    let mut was_run = false;
    loop {
        // Listening before reading: no change can fall in between.
        let change = service.payment_signals.change(payment);
        let latest = service.replica.view()?.payment(payment)?;
        if latest.as_ref().is_some_and(|latest| latest.stage().is_none()) {
            return Ok(true);
        }
        if !was_run && latest.is_some_and(|latest| latest.is_withdrawn()) {
            was_run = true;
            match tokio::time::timeout_at(deadline, saga::charge(service, payment, 0)).await {
                Ok(Ok(_)) => continue,
                Ok(Err(error)) => {
                    tracing::info!(%payment, %error, "a withdrawn payment has no final word yet")
                }
                Err(_) => {}
            }
        }
        if tokio::time::timeout_at(deadline, change.happened()).await.is_err() {
            return Ok(true);
        }
    }
}

fn is_about_the_order(problem: &Problem) -> bool {
    matches!(problem.kind(), ProblemType::ChargeUnderWay | ProblemType::OrderPaid | ProblemType::NotFound)
}
