//! Workers: what the leader does by itself. Each takes no input: it derives what is due from the state, so
//! that a new leader simply continues.

mod events;
mod expiry;
mod payments;
mod signing_keys;
mod upkeep;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::service::Service;

/// After one of the workers' own commands was rejected: an alarm, and nothing that is over in a moment.
const AFTER_REJECTION: Duration = Duration::from_secs(60);

pub use signing_keys::{KeyError, ensure as ensure_signing_key, rotate as rotate_signing_key};

/// Starts all workers. They end when `shutdown` is cancelled.
pub fn start(service: &Arc<Service>, tasks: &TaskTracker, shutdown: &CancellationToken) {
    tasks.spawn(while_leading(service.clone(), shutdown.clone(), expiry::run));
    tasks.spawn(while_leading(service.clone(), shutdown.clone(), payments::charge_due));
    tasks.spawn(while_leading(service.clone(), shutdown.clone(), payments::refund_due));
    tasks.spawn(while_leading(service.clone(), shutdown.clone(), upkeep::run));
    tasks.spawn(while_leading(service.clone(), shutdown.clone(), events::run));
    let (followed, closing) = (service.clone(), shutdown.clone());
    // Every replica shows events to those who follow them there.
    tasks.spawn(async move {
        tokio::select! {
            () = closing.cancelled() => {}
            () = followed.events.run(&followed.replica) => {}
        }
    });
    let (service, shutdown) = (service.clone(), shutdown.clone());
    // Every replica verifies tokens, so every replica looks for new keys.
    tasks.spawn(async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = signing_keys::run(service) => {}
        }
    });
}

/// Runs `work` whenever this replica leads, and drops it when it does not any more. A worker may be dropped
/// at every await: what it had begun is in the state, or can be begun again.
async fn while_leading<W, F>(service: Arc<Service>, shutdown: CancellationToken, work: W)
where
    W: Fn(Arc<Service>) -> F,
    F: Future<Output = ()>,
{
    let mut leadership = service.replica.leadership();
    let mut lost = leadership.clone();
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            led = leadership.wait_for(|leadership| leadership.is_leader) => if led.is_err() { return },
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            led = lost.wait_for(|leadership| !leadership.is_leader) => if led.is_err() { return },
            () = work(service.clone()) => {}
        }
    }
}
