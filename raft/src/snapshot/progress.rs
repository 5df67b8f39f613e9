//! How far a snapshot has come.

use std::time::Duration;

/// How far a snapshot has come, on the side that asks.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct SnapshotProgress {
    /// Rows so far.
    pub rows: u64,
    /// Rows in all; 0 before the first frame.
    pub total_rows: u64,
    /// Bytes of their keys and values.
    pub row_bytes: u64,
    /// Bytes of the frames, compressed as they are.
    pub frame_bytes: u64,
}

/// A snapshot that was sent, or received, to its end.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct SnapshotTransfer {
    /// What it was.
    pub progress: SnapshotProgress,
    /// From its first frame to its last one.
    pub duration: Duration,
}
