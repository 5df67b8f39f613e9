//! What the replicated log tells of itself.

use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Leadership, Observer, SnapshotTransfer};

use super::{Metrics, SnapshotLabels};

/// Takes the engine's measurements.
pub struct EngineMetrics(pub Arc<Metrics>);

impl Observer for EngineMetrics {
    fn log_synced(&self, duration: Duration, entries: usize) {
        self.0.log_sync_seconds.observe(duration.as_secs_f64());
        self.0.log_batch_entries.observe(entries as f64);
    }

    fn applied(&self, duration: Duration, commands: usize) {
        self.0.apply_seconds.observe(duration.as_secs_f64());
        self.0.apply_batch_commands.observe(commands as f64);
    }

    fn state_synced(&self, duration: Duration) {
        self.0.state_sync_seconds.observe(duration.as_secs_f64());
    }

    fn leader_changed(&self, _leadership: Leadership) {
        self.0.cluster.leader_changed();
    }

    fn forwarded(&self, outcome: &'static str) {
        self.0.cluster.forwarded(outcome);
    }

    fn states_differ(&self) {
        self.0.cluster.states_differ();
    }

    fn snapshot_sent(&self, transfer: SnapshotTransfer) {
        self.0.snapshot_moved("sent", transfer);
    }

    fn snapshot_received(&self, transfer: SnapshotTransfer) {
        self.0.snapshot_moved("received", transfer);
    }

    fn snapshot_installed(&self, duration: Duration) {
        let labels = SnapshotLabels { what: "installed" };
        self.0.snapshot_seconds.get_or_create(&labels).observe(duration.as_secs_f64());
    }
}
