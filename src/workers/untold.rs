//! The worker that looks for what nobody was told of: refunds and disputes at Stripe whose webhooks were lost.
//!
//! Where it has been is in memory alone: a new leader begins a day back, and what was taken over before changes nothing.
//! What was lost for longer is found by `boxoffice payments reconcile`, and Stripe itself tells again for three days.

use std::sync::Arc;
use std::time::Duration;

use crate::saga::{self, NotHeard, Untold};
use crate::service::Service;

/// How often to look. Webhooks come within seconds; this is for the day on which they do not.
const EVERY: Duration = Duration::from_secs(5 * 60);

/// How long after it failed.
const PAUSE: Duration = Duration::from_secs(30);

/// How far back a new leader looks, in seconds.
const FIRST_LOOK_BACK_S: u64 = 24 * 60 * 60;

/// How far what was looked at is looked at again, in seconds: an event may be there a little after its time, and the
/// replicated clock may differ from Stripe's.
const OVERLAP_S: u64 = 10 * 60;

pub(super) async fn run(service: Arc<Service>) {
    if service.stripe.is_none() {
        return std::future::pending().await;
    }
    let now_s = || service.replica.now_ms() / 1_000;
    let mut from_s = now_s().saturating_sub(FIRST_LOOK_BACK_S);
    loop {
        let began_s = now_s();
        let next_s = began_s.saturating_sub(OVERLAP_S);
        let pause = match saga::catch_up(&service, from_s, began_s.saturating_add(OVERLAP_S)).await {
            Ok(()) => {
                from_s = next_s;
                EVERY
            }
            Err(error @ Untold::TooMany) => {
                tracing::error!(%error, "not all that happened at the gateway is known");
                from_s = next_s;
                EVERY
            }
            // Whoever lifts the hold wakes nobody.
            Err(Untold::NotHeard(NotHeard::SalesHeld)) => PAUSE,
            Err(error) => {
                tracing::warn!(%error, "not all that happened at the gateway was looked at; trying again");
                if matches!(error, Untold::Stripe(_)) { PAUSE } else { EVERY }
            }
        };
        tokio::time::sleep(pause).await;
    }
}
