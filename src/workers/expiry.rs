//! The expiry worker: proposes to release what is due. `apply` checks every deadline again.

use std::sync::Arc;
use std::time::Duration;

use crate::domain::{Command, ExpireOrders};
use crate::service::Service;

/// Orders that one command releases, so that it holds up other commands by a few milliseconds at most.
const AT_MOST: u32 = 256;

/// How often to look for a deadline while none is near. Shorter than every sensible payment window, so
/// that an order made meanwhile is seen in time.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// After a failure; it was logged.
const PAUSE: Duration = Duration::from_millis(500);

pub(super) async fn run(service: Arc<Service>) {
    loop {
        let next_deadline_ms = match service.view().and_then(|view| view.next_deadline_ms()) {
            Ok(next_deadline_ms) => next_deadline_ms,
            Err(error) => {
                tracing::error!(%error, "cannot look for deadlines");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let wait = match next_deadline_ms {
            Some(deadline_ms) => Duration::from_millis(deadline_ms.saturating_sub(service.now_ms())),
            None => LOOK_EVERY,
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait.min(LOOK_EVERY)).await;
            continue;
        }
        match service.submit(None, None, Command::ExpireOrders(ExpireOrders { at_most: AT_MOST })).await {
            Ok(submitted) => {
                let late_ms = service.now_ms().saturating_sub(next_deadline_ms.unwrap_or_default());
                service.metrics.order_expired(Duration::from_millis(late_ms));
                if let Err(rejection) = submitted.result {
                    tracing::error!(fault = rejection.fault, "orders that are due cannot be released");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            Err(error) => {
                tracing::warn!(%error, "could not release orders that are due; trying again");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
