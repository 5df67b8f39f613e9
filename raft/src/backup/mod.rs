//! Backups: the frames of a snapshot, one after the other, in a file.

mod inspect;
mod read;
mod take;
mod write;

pub use inspect::{BackupInspection, inspect_backup};
pub(crate) use read::BackupFrames;
pub use read::ReadError as BackupReadError;
pub(crate) use take::BACKUPS_AT_ONCE;
pub use take::{Backup, BackupError};
pub use write::BackupWriter;

use crate::log_time::LogTime;
use crate::snapshot::{Header, SnapshotProgress};
use crate::types::LogId;

/// What a whole backup is of.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BackupSummary {
    /// The cluster that it is of.
    pub cluster_id: u128,
    /// The last log entry whose effects are in it.
    pub index: u64,
    /// The replicated clock at that entry.
    pub log_time: LogTime,
    /// How many rows and bytes it has.
    pub progress: SnapshotProgress,
}

impl BackupSummary {
    fn new(header: &Header, progress: SnapshotProgress) -> Self {
        let index = header.last_applied.clone().map_or(0, |id| LogId::from(id).index);
        Self { cluster_id: header.cluster_id(), index, log_time: header.log_time(), progress }
    }
}
