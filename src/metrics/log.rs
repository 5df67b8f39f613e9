//! Metrics of what lies on disk of the log.

use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::gauge;

/// What is true of the log when metrics are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogReadings {
    /// The bytes of its records.
    pub bytes: u64,
    /// The last index in the newest snapshot.
    pub snapshot_index: u64,
    /// The last index that was dropped from the log.
    pub purged_index: u64,
}

/// What is measured of the log.
pub(super) struct LogMetrics {
    bytes: Gauge,
    snapshot_index: Gauge,
    purged_index: Gauge,
}

impl LogMetrics {
    pub(super) fn new(r: &mut Registry) -> Self {
        Self {
            bytes: gauge(r, "log_bytes", "Size of the records of the log"),
            snapshot_index: gauge(r, "snapshot_index", "Last index in the newest snapshot"),
            purged_index: gauge(r, "purged_index", "Last index that was dropped from the log"),
        }
    }

    pub(super) fn set(&self, readings: &LogReadings) {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.bytes.set(whole(readings.bytes));
        self.snapshot_index.set(whole(readings.snapshot_index));
        self.purged_index.set(whole(readings.purged_index));
    }
}
