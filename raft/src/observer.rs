//! What the engine reports about its own work, for metrics.

use std::time::Duration;

/// Hears how long the engine's steps take. Called on the engine's threads: must return at once.
pub trait Observer: Send + Sync + 'static {
    /// One durable write of the log, with this many entries.
    fn log_synced(&self, _duration: Duration, _entries: usize) {}
    /// One batch applied and committed, with this many commands.
    fn applied(&self, _duration: Duration, _commands: usize) {}
    /// The state was made durable.
    fn state_synced(&self, _duration: Duration) {}
}

/// Hears nothing.
#[derive(Copy, Clone, Debug, Default)]
pub struct NoObserver;

impl Observer for NoObserver {}
