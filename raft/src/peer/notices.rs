//! What an operator should hear of once, and not each time it happens: replicas call each other several times a second.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// What goes on is said again after so long.
const AGAIN_AFTER: Duration = Duration::from_secs(60);
/// Different things that are remembered to have been said: more than go wrong at once, few enough for whoever tries
/// everything. Beyond that nothing is said for a while.
const MAX_NOTICES: usize = 64;

/// What was said, and when.
#[derive(Debug, Default)]
pub(super) struct Notices {
    said: Mutex<BTreeMap<String, Instant>>,
}

impl Notices {
    /// Whether to say this now. If so, it counts as said.
    pub(super) fn is_due(&self, what: String) -> bool {
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.retain(|_, at| at.elapsed() < AGAIN_AFTER);
        if said.len() >= MAX_NOTICES || said.contains_key(&what) {
            return false;
        }
        said.insert(what, Instant::now());
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn each_thing_is_said_once_a_minute_and_not_everything() {
        let notices = Notices::default();
        assert!(notices.is_due("a".to_owned()) && !notices.is_due("a".to_owned()));
        let others = (0..2 * MAX_NOTICES).filter(|number| notices.is_due(number.to_string()));
        assert_eq!(others.count(), MAX_NOTICES - 1);
        tokio::time::advance(AGAIN_AFTER).await;
        assert!(notices.is_due("a".to_owned()));
    }
}
