//! What the leader puts into the log so that all replicas do it at the same place: raising the feature level, and taking
//! digests of their states.

use std::time::Duration;

use crate::engine::ProposeError;
use crate::inner::Inner;
use crate::storage::OpenError;
use crate::wire::{ClusterChange, RaiseLevel};

/// How long the leader waits for one of these before it looks after other things. What is appended still counts.
const PROPOSE_LIMIT: Duration = Duration::from_secs(5);
/// A replica that is alone and leads takes a command at once, or the moment after it knows the time.
const ALONE_PAUSE: Duration = Duration::from_millis(5);

/// When the leader last had digests taken.
pub(super) struct Checkpoints {
    every: Duration,
    made_at: Duration,
    /// The last one that this replica made.
    index: u64,
}

impl Checkpoints {
    pub(super) fn new(every: Duration, now: Duration) -> Self {
        Self { every, made_at: now, index: 0 }
    }

    /// Has digests taken if it is time, and there is something new to compare.
    pub(super) async fn make_if_due(&mut self, engine: &Inner) {
        let (now, applied) = (engine.wall_clock.monotonic(), engine.state.shared().last_applied());
        if self.is_due(now, applied.map_or(0, |id| id.index))
            && let Some(index) = propose(engine, ClusterChange::Checkpoint(())).await
        {
            (self.made_at, self.index) = (now, index);
        }
    }

    fn is_due(&self, now: Duration, applied: u64) -> bool {
        now.saturating_sub(self.made_at) >= self.every && applied > self.index
    }
}

/// Raises the cluster's feature level.
pub(super) async fn raise_level(engine: &Inner, level: u32) {
    if propose(engine, ClusterChange::RaiseLevel(RaiseLevel { level })).await.is_some() {
        tracing::info!(level, "raised the cluster's feature level: all replicas support it");
    }
}

/// Returns where it is in the log, if it is there.
async fn propose(engine: &Inner, change: ClusterChange) -> Option<u64> {
    let what = format!("{change:?}");
    match tokio::time::timeout(PROPOSE_LIMIT, engine.propose_change(change)).await {
        Ok(Ok(applied)) => Some(applied.index),
        Ok(Err(error)) => {
            tracing::debug!(what, %error, "not proposed; trying again");
            None
        }
        Err(_) => None,
    }
}

/// Raises the feature level of a cluster whose only replica this is, and leads.
pub(crate) async fn raise_level_alone(engine: &Inner, supported: u32) -> Result<(), OpenError> {
    if engine.state.shared().cluster().feature_level() >= supported {
        return Ok(());
    }
    loop {
        let change = ClusterChange::RaiseLevel(RaiseLevel { level: supported });
        match engine.propose_change(change).await {
            Ok(_) => return Ok(()),
            Err(ProposeError::NotAppended(_)) => tokio::time::sleep(ALONE_PAUSE).await,
            // What is in the log is applied by now, or was not to be applied: that says more.
            Err(ProposeError::Stopped) => {
                return Err(OpenError::Raft(engine.health.failed().await.to_string()));
            }
            Err(error) => return Err(OpenError::Raft(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_taken_now_and_then_while_commands_come() {
        let (minute, start) = (Duration::from_secs(60), Duration::from_secs(1_000));
        let mut checkpoints = Checkpoints::new(10 * minute, start);
        assert!(!checkpoints.is_due(start + 9 * minute, 70));
        assert!(checkpoints.is_due(start + 10 * minute, 70));
        (checkpoints.made_at, checkpoints.index) = (start + 10 * minute, 71);
        assert!(!checkpoints.is_due(start + 30 * minute, 71), "nothing is new");
        assert!(checkpoints.is_due(start + 30 * minute, 72));
        assert!(!checkpoints.is_due(start + 19 * minute, 72));
    }
}
