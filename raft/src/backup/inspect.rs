//! Looks into a backup.

use std::io::Read;
use std::path::PathBuf;

use super::{BackupFrames, BackupReadError, BackupSummary};
use crate::snapshot::{SnapshotError, SnapshotProgress, StateBuilder};
use crate::storage::{FileStorage, StorageError};
use crate::store::{ReadView, Store};

/// The backup's state, in a directory for it.
const FILE: &str = "backup.redb";
/// Memory for the pages of that file: it is filled in order, and then walked from one end to the other.
const CACHE_BYTES: usize = 64 << 20;

/// A whole backup, and its state to be read.
pub struct BackupInspection {
    /// What it is of.
    pub summary: BackupSummary,
    state: Store,
}

impl BackupInspection {
    /// Begins a read of the state.
    ///
    /// # Errors
    /// When the database fails.
    pub fn view(&self) -> Result<ReadView, StorageError> {
        self.state.read()
    }
}

/// Checks all of a backup, and unpacks its state into the directory `scratch`, which must be empty. `progress` is
/// called after each frame.
///
/// # Errors
/// When it is not a whole one, or can't be read or unpacked.
pub fn inspect_backup(
    backup: impl Read,
    scratch: impl Into<PathBuf>,
    mut progress: impl FnMut(SnapshotProgress),
) -> Result<BackupInspection, BackupReadError> {
    let storage = FileStorage::new(scratch);
    let open = || Store::open_backend(&storage, FILE, CACHE_BYTES).map_err(SnapshotError::from);
    let mut builder = StateBuilder::new(open()?);
    let mut frames = BackupFrames::new(backup);
    while let Some(frame) = frames.next_frame()? {
        builder.write(&frame)?;
        progress(builder.progress());
    }
    let header = builder.header().ok_or(SnapshotError::Cut)?;
    header.meta()?;
    let summary = BackupSummary::new(header, builder.progress());
    builder.finish(|_, _| Ok(()))?;
    Ok(BackupInspection { summary, state: open()? })
}
