//! The expiry worker: proposes to release what is due. `apply` checks every deadline again.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::AFTER_REJECTION;
use crate::domain::{Command, ExpireOrders};
use crate::replica::OwnCommandError;
use crate::service::Service;
use crate::store::{StoreError, View};

/// Orders that one command releases, so that it holds up other commands by a few milliseconds at most.
const AT_MOST: u32 = 256;

/// How often to look for a deadline while none is near. Shorter than every sensible payment window, so
/// that an order made meanwhile is seen in time.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// After a failure; it was logged.
const PAUSE: Duration = Duration::from_millis(500);

/// Orders that were due and cannot be released: one that contradicts its ticket is for a person to look at.
struct Stuck {
    /// Their deadlines are before this, in milliseconds on the replicated clock.
    before_ms: u64,
    /// When to try them again. Others, whose deadlines come later, do not wait for that.
    retry_at: Instant,
}

pub(super) async fn run(service: Arc<Service>) {
    let mut stuck: Option<Stuck> = None;
    loop {
        stuck = stuck.filter(|stuck| Instant::now() < stuck.retry_at);
        let from_ms = stuck.as_ref().map_or(0, |stuck| stuck.before_ms);
        let now_ms = service.replica.now_ms();
        match service.replica.view().and_then(|view| next_deadline_ms(&view, from_ms)) {
            Ok(Some(deadline_ms)) if deadline_ms <= now_ms => match release(&service, deadline_ms).await {
                Ok(()) => {}
                Err(OwnCommandError::Unavailable(error)) => {
                    tracing::warn!(%error, "could not release orders that are due; trying again");
                    tokio::time::sleep(PAUSE).await;
                }
                Err(error @ OwnCommandError::Rejected(_)) => {
                    tracing::error!(%error, "orders that are due cannot be released");
                    stuck = Some(Stuck { before_ms: now_ms + 1, retry_at: Instant::now() + AFTER_REJECTION });
                }
            },
            Ok(next_deadline_ms) => {
                let wait_ms = next_deadline_ms.map_or(u64::MAX, |deadline_ms| deadline_ms - now_ms);
                tokio::time::sleep(LOOK_EVERY.min(Duration::from_millis(wait_ms))).await;
            }
            Err(error) => {
                tracing::error!(%error, "cannot look for deadlines");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// The earliest deadline that matters now. While sales are held none does: `apply` would release nothing.
fn next_deadline_ms(view: &View, from_ms: u64) -> Result<Option<u64>, StoreError> {
    if view.hold()?.is_some() { Ok(None) } else { view.next_deadline_ms(from_ms) }
}

/// Releases what is due, of which the earliest deadline is this one.
async fn release(service: &Service, deadline_ms: u64) -> Result<(), OwnCommandError> {
    service.replica.submit_own(Command::ExpireOrders(ExpireOrders { at_most: AT_MOST })).await?;
    let late_ms = service.replica.now_ms().saturating_sub(deadline_ms);
    service.metrics.order_expired(Duration::from_millis(late_ms));
    Ok(())
}
