//! A replica out of a backup.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use prost::Message;
use redb::WriteTransaction;

use super::files::{LEFTOVERS, NEXT_STATE, discard, exists, publish};
use super::{Inheritance, NewCluster, Successor};
use crate::backup::{BackupFrames, BackupReadError};
use crate::files::{LOG_FILE, STATE_FILE};
use crate::snapshot::{Header, SnapshotError, SnapshotProgress, StateBuilder};
use crate::state_shared::CLUSTER_KEY;
use crate::storage::{FileStorage, OpenError, Storage};
use crate::store::Store;
use crate::wire::{ClusterState, OriginKind};

/// Memory for the pages of the file while it is filled, which it is in order.
pub(super) const CACHE_BYTES: usize = 64 << 20;
/// A file system of its own has it from the start.
const OF_THE_FILE_SYSTEM: &str = "lost+found";

/// Why a backup was not restored. The directory holds nothing that would start.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// Something is in the directory.
    #[error("{} is not empty, there is {found}: restore into an empty directory", directory.display())]
    NotEmpty {
        /// The directory.
        directory: PathBuf,
        /// What is in it.
        found: String,
    },
    /// The directory can't be read.
    #[error("{}: {source}", directory.display())]
    Directory {
        /// The directory.
        directory: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The backup can't be used.
    #[error(transparent)]
    Backup(#[from] BackupReadError),
    /// The files can't be made.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<SnapshotError> for RestoreError {
    fn from(error: SnapshotError) -> Self {
        BackupReadError::from(error).into()
    }
}

/// Makes the replica of a new cluster of one out of a backup, in a directory that is empty or not there. `progress` is
/// called after each frame; `seed` may write to the state in the transaction that finishes it, and is told what is made. Nothing counts before
/// all of the backup was checked: a restore that is killed leaves nothing that would start.
///
/// # Errors
/// See [`RestoreError`].
pub fn restore(
    backup: impl Read,
    data_dir: impl Into<PathBuf>,
    progress: impl FnMut(SnapshotProgress),
    seed: impl FnOnce(&WriteTransaction, &NewCluster) -> Result<(), redb::Error>,
) -> Result<NewCluster, RestoreError> {
    let directory = data_dir.into();
    match something_in(&directory) {
        Ok(None) => {}
        Ok(Some(found)) => return Err(RestoreError::NotEmpty { directory, found }),
        Err(source) => return Err(RestoreError::Directory { directory, source }),
    }
    restore_into(&FileStorage::new(directory), rand::random(), backup, progress, seed)
}

fn something_in(directory: &Path) -> io::Result<Option<String>> {
    let entries = match std::fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name != OF_THE_FILE_SYSTEM && !LEFTOVERS.contains(&name.as_str()) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

pub(crate) fn restore_into(
    storage: &dyn Storage,
    cluster_id: u128,
    backup: impl Read,
    progress: impl FnMut(SnapshotProgress),
    seed: impl FnOnce(&WriteTransaction, &NewCluster) -> Result<(), redb::Error>,
) -> Result<NewCluster, RestoreError> {
    for name in [STATE_FILE, LOG_FILE] {
        if exists(storage, name)? {
            return Err(OpenError::Mismatch(format!("{} is there already", storage.describe(name))).into());
        }
    }
    discard(storage)?;
    let made = make(storage, cluster_id, backup, progress, seed);
    if made.is_err() {
        // If that fails too, what is left keeps the directory from being taken for an empty one.
        discard(storage).ok();
    }
    let made = made?;
    publish(storage)?;
    Ok(made)
}

fn make(
    storage: &dyn Storage,
    cluster_id: u128,
    backup: impl Read,
    mut progress: impl FnMut(SnapshotProgress),
    seed: impl FnOnce(&WriteTransaction, &NewCluster) -> Result<(), redb::Error>,
) -> Result<NewCluster, RestoreError> {
    let mut builder = StateBuilder::new(Store::open_backend(storage, NEXT_STATE, CACHE_BYTES)?);
    let mut frames = BackupFrames::new(backup);
    while let Some(frame) = frames.next_frame()? {
        builder.write(&frame)?;
        progress(builder.progress());
    }
    let header = builder.header().ok_or(SnapshotError::Cut)?;
    let successor = Successor::new(cluster_id, OriginKind::Restored, inheritance(header)?);
    builder.finish(|txn, _| {
        successor.put_state(txn)?;
        seed(txn, &successor.made)
    })?;
    successor.write_log(storage)?;
    Ok(successor.made)
}

fn inheritance(header: &Header) -> Result<Inheritance, SnapshotError> {
    let damaged = SnapshotError::Damaged;
    let meta = header.meta()?;
    let row = header.engine_rows.iter().find(|row| row.key == CLUSTER_KEY.as_bytes());
    let cluster = row.map(|row| ClusterState::decode(row.value.as_slice())).transpose();
    Ok(Inheritance {
        cluster_id: header.cluster_id(),
        applied: meta.last_log_id.ok_or_else(|| damaged("its header is incomplete".to_owned()))?,
        log_time: header.log_time(),
        membership: meta.last_membership,
        cluster: cluster.map_err(|e| damaged(e.to_string()))?.unwrap_or_default(),
    })
}
