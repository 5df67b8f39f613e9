//! Looks into the store of a replica that is not running.

use std::path::PathBuf;

use crate::files::{LOG_FILE, STATE_FILE};
use crate::log_store;
use crate::log_thread::{ENTRIES, LOG_META, PURGED_KEY};
use crate::log_time::LogTime;
use crate::snapshot::STATE_META;
use crate::start::cluster_id;
use crate::state_shared::StateShared;
use crate::storage::{FileStorage, OpenError, Storage, StorageError};
use crate::store::{ReadView, Store};
use crate::successor::{Origin, settle};
use crate::wire;

/// Enough for a walk from one end to the other.
const CACHE_BYTES: usize = 16 << 20;

/// A stopped replica's store, checked.
pub struct Inspection {
    /// The cluster it belongs to.
    pub cluster_id: u128,
    /// The replica's id in the cluster.
    pub node_id: u64,
    /// The last one.
    pub last_log_index: Option<u64>,
    /// How many entries the log has, each with a matching checksum.
    pub log_entries: u64,
    /// The bytes of their records.
    pub log_bytes: u64,
    /// The last entry that was dropped from the log.
    pub purged_index: Option<u64>,
    /// The last entry that the state has durably. Later ones in the log are applied at the next start.
    pub applied_index: Option<u64>,
    /// The replicated clock at that entry.
    pub log_time: LogTime,
    /// How its cluster began.
    pub origin: Origin,
    state: StateShared,
}

impl Inspection {
    /// Begins a read of the state.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn view(&self) -> Result<ReadView, StorageError> {
        self.state.store.read()
    }
}

/// Checks the store in `data_dir`: every record of the log is whole, none is missing, and the log goes on where
/// the state ends. A store that was not shut down in order is repaired by being opened.
///
/// # Errors
///
/// When there is no store, it is in use, or something in it is not as it must be.
pub fn inspect(data_dir: impl Into<PathBuf>) -> Result<Inspection, OpenError> {
    inspect_storage(&FileStorage::new(data_dir))
}

pub(crate) fn inspect_storage(storage: &dyn Storage) -> Result<Inspection, OpenError> {
    settle(storage)?;
    let log = open_existing(storage, LOG_FILE)?;
    let state = open_existing(storage, STATE_FILE)?;
    log.check_integrity()?;
    state.check_integrity()?;
    let identity = match (log.identity(LOG_META)?, state.identity(STATE_META)?) {
        (Some(of_log), Some(of_state)) if of_log == of_state => of_log,
        _ => {
            let what = format!("{} and {} do not belong to one replica", log.file(), state.file());
            return Err(OpenError::Mismatch(what));
        }
    };
    let purged: Option<wire::LogId> = log.message(LOG_META, PURGED_KEY)?;
    let purged_index = purged.map(|id| crate::types::LogId::from(id).index);
    let (state, log_time, _) = StateShared::load(state)?;
    let mut inspection = Inspection {
        cluster_id: cluster_id(&identity),
        node_id: identity.node_id,
        last_log_index: None,
        log_entries: 0,
        log_bytes: 0,
        purged_index,
        applied_index: state.last_applied().map(|id| id.index),
        log_time,
        origin: state.origin()?,
        state,
    };
    inspection.check_log(&log)?;
    log.close()?;
    Ok(inspection)
}

impl Inspection {
    fn check_log(&mut self, log: &Store) -> Result<(), StorageError> {
        let Some(table) = log.table(ENTRIES)? else { return Ok(()) };
        // Dropped entries may still be in the file for a while.
        let first = self.purged_index.map_or(0, |purged| purged + 1);
        let rows = table.range(first..).map_err(|e| log.failed(e))?;
        for (expected, row) in (first..).zip(rows) {
            let (index, record) = row.map_err(|e| log.failed(e))?;
            let index = index.value();
            if index != expected {
                return Err(StorageError::Hole { file: log.file().to_owned(), index: expected });
            }
            log_store::decode(log, index, record.value())?;
            self.last_log_index = Some(index);
            self.log_entries += 1;
            self.log_bytes += record.value().len() as u64;
        }
        self.check_ends(log)
    }

    fn check_ends(&self, log: &Store) -> Result<(), StorageError> {
        let next = self.applied_index.map_or(0, |applied| applied + 1);
        let dropped = self.purged_index.map_or(0, |purged| purged + 1);
        if next < dropped {
            return Err(StorageError::Hole { file: log.file().to_owned(), index: next });
        }
        Ok(())
    }
}

fn open_existing(storage: &dyn Storage, name: &str) -> Result<Store, OpenError> {
    let file = storage.describe(name);
    match storage.exists(name) {
        Ok(true) => Store::open(storage, name, CACHE_BYTES),
        Ok(false) => Err(OpenError::Mismatch(format!("{file} is not there"))),
        Err(source) => Err(OpenError::Io { file, source }),
    }
}
