//! The worker that has the outbox forget: events that are too old, and the oldest of too many.

use std::sync::Arc;
use std::time::Duration;

use super::AFTER_REJECTION;
use crate::domain::{Command, ForgetEvents};
use crate::replica::{OwnCommandError, Unavailable};
use crate::service::Service;
use crate::store::StoreError;

/// Events that one command forgets, so that it holds up other commands by a few milliseconds at most.
const AT_MOST: u32 = 1_000;

/// How often to look for something to forget.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Between two commands while there is more to forget: gives way to other commands.
const GIVE_WAY: Duration = Duration::from_millis(5);

pub(super) async fn run(service: Arc<Service>) {
    loop {
        let pause = match due(&service) {
            Ok(None) => LOOK_EVERY,
            Ok(Some(through)) => forget(&service, through).await,
            Err(error) => {
                tracing::error!(%error, "cannot look for events to forget");
                LOOK_EVERY
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// The last sequence that is too old, or one too many.
fn due(service: &Service) -> Result<Option<u64>, StoreError> {
    let settings = &service.event_settings;
    let view = service.replica.view()?;
    let kept_since_ms = service.replica.now_ms().saturating_sub(settings.keep_for_ms());
    let too_old = view.last_event_by(kept_since_ms)?;
    let too_many = view.events_bytes()?.last_beyond(settings.events_keep_bytes);
    Ok(too_old.max(too_many))
}

/// Has a step made, and says how long to wait then.
async fn forget(service: &Service, through: u64) -> Duration {
    let command = Command::ForgetEvents(ForgetEvents { through, at_most: AT_MOST });
    match service.replica.submit_own(command).await {
        Ok(_) => GIVE_WAY,
        // Some replica is older, and keeps all of them.
        Err(OwnCommandError::Unavailable(Unavailable::NotYetSupported { .. })) => AFTER_REJECTION,
        Err(OwnCommandError::Unavailable(error)) => {
            tracing::warn!(%error, "could not forget events; trying again");
            LOOK_EVERY
        }
        Err(error @ OwnCommandError::Rejected(_)) => {
            tracing::error!(%error, "events cannot be forgotten");
            AFTER_REJECTION
        }
    }
}
