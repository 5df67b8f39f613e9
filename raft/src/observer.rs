//! What the engine reports about its own work, for metrics.

use std::time::Duration;

use crate::engine::Leadership;
use crate::snapshot::SnapshotTransfer;

/// Hears how long the engine's steps take. Called on the engine's threads: must return at once.
pub trait Observer: Send + Sync + 'static {
    /// One durable write of the log, with this many entries.
    fn log_synced(&self, _duration: Duration, _entries: usize) {}
    /// One batch applied and committed, with this many commands.
    fn applied(&self, _duration: Duration, _commands: usize) {}
    /// The state was made durable.
    fn state_synced(&self, _duration: Duration) {}
    /// A snapshot was read to its end by whoever sends it, or keeps it as a backup.
    fn snapshot_sent(&self, _transfer: SnapshotTransfer) {}
    /// A snapshot came whole, and is durable.
    fn snapshot_received(&self, _transfer: SnapshotTransfer) {}
    /// A snapshot that was received took the state's place.
    fn snapshot_installed(&self, _duration: Duration) {}
    /// There is a leader, and it is another one than before, or leads in another term.
    fn leader_changed(&self, _leadership: Leadership) {}
    /// A command went to the leader, and this came of it: a word from a fixed set.
    fn forwarded(&self, _outcome: &'static str) {}
    /// Replicas have different states at the same place in the log.
    fn states_differ(&self) {}
}

/// Hears nothing.
#[derive(Copy, Clone, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
