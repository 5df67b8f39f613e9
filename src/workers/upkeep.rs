//! The upkeep worker: has the state forget what has run out.

use std::sync::Arc;
use std::time::Duration;

use super::AFTER_REJECTION;
use crate::domain::{Command, Upkeep};
use crate::replica::OwnCommandError;
use crate::service::Service;

/// Rows of each kind that one command forgets, so that it holds up other commands by a few milliseconds at most.
const AT_MOST: u32 = 1_000;

/// How often to look for something to forget.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Between two commands while there is more to forget: gives way to other commands.
const GIVE_WAY: Duration = Duration::from_millis(5);

pub(super) async fn run(service: Arc<Service>) {
    loop {
        let due = service.replica.view().and_then(|view| view.needs_upkeep(service.replica.now_ms()));
        let pause = match due {
            Ok(false) => LOOK_EVERY,
            Ok(true) => forget(&service).await,
            Err(error) => {
                tracing::error!(%error, "cannot look for something to tidy up");
                LOOK_EVERY
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Has a step made, and says how long to wait then.
async fn forget(service: &Service) -> Duration {
    match service.replica.submit_own(Command::Upkeep(Upkeep { at_most: AT_MOST })).await {
        Ok(_) => GIVE_WAY,
        Err(OwnCommandError::Unavailable(error)) => {
            tracing::warn!(%error, "could not tidy up; trying again");
            LOOK_EVERY
        }
        Err(error @ OwnCommandError::Rejected(_)) => {
            tracing::error!(%error, "what has run out cannot be tidied up");
            AFTER_REJECTION
        }
    }
}
