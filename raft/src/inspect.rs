//! Looks into the store of a replica that is not running.

use std::path::PathBuf;

use bytes::Bytes;
use openraft::EntryPayload;

use crate::files::{LOG_FILE, STATE_FILE};
use crate::integrity::{check_log, check_state};
use crate::log_store;
use crate::log_thread::{ENTRIES, LOG_META, PURGED_KEY, last_stored};
use crate::log_time::LogTime;
use crate::snapshot::STATE_META;
use crate::start::cluster_id;
use crate::state_shared::StateShared;
use crate::storage::{FileStorage, OpenError, Storage, StorageError};
use crate::store::{ReadView, Store};
use crate::successor::{Origin, is_anything_there, read_ends, settle};
use crate::types::{Body, LogId};
use crate::wire;

/// Enough for a walk from one end to the other.
const CACHE_BYTES: usize = 16 << 20;

/// How far a replica is. Of several replicas that one is furthest whose term is the highest, and among those of the same
/// term the one whose index is.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastEntry {
    /// The term in which the entry was appended.
    pub term: u64,
    /// Its place in the log.
    pub index: u64,
}

impl LastEntry {
    pub(crate) fn of(id: LogId) -> Self {
        Self { term: id.leader_id.term, index: id.index }
    }
}

/// A stopped replica's store, checked.
pub struct Inspection {
    /// The cluster it belongs to.
    pub cluster_id: u128,
    /// The replica's id in the cluster.
    pub node_id: u64,
    /// The last entry in its log's file.
    pub last_log_index: Option<u64>,
    /// The last entry that it has, in its log or in its state; none if it has none.
    pub last_entry: Option<LastEntry>,
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
    /// The greatest node id that was given out by way of the log, up to that entry; 0 if none was.
    pub last_node_id: u64,
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
    let data_dir = data_dir.into();
    let storage = FileStorage::new(&data_dir);
    if !is_anything_there(&storage)? {
        return Err(OpenError::NothingThere { place: data_dir.display().to_string() });
    }
    inspect_storage(&storage)
}

pub(crate) fn inspect_storage(storage: &dyn Storage) -> Result<Inspection, OpenError> {
    settle(storage)?;
    let records = check_log(storage)?;
    check_state(storage)?;
    let log = open_existing(storage, LOG_FILE)?;
    let state = open_existing(storage, STATE_FILE)?;
    let identity = match (log.identity(LOG_META)?, state.identity(STATE_META)?) {
        (Some(of_log), Some(of_state)) if of_log == of_state => of_log,
        _ => {
            let what = format!("{} and {} do not belong to one replica", log.file(), state.file());
            return Err(OpenError::Mismatch(what));
        }
    };
    let purged: Option<wire::LogId> = log.message(LOG_META, PURGED_KEY)?;
    let purged_index = purged.map(|id| LogId::from(id).index);
    let (state, log_time, cluster) = StateShared::load(state)?;
    let last = match state.last_applied() {
        Some(applied) => Some(read_ends(&log, applied)?.1),
        None => last_stored(&log)?,
    };
    let inspection = Inspection {
        cluster_id: cluster_id(&identity),
        node_id: identity.node_id,
        last_log_index: records.last_index,
        last_entry: last.map(LastEntry::of),
        log_entries: records.count,
        log_bytes: records.bytes,
        purged_index,
        applied_index: state.last_applied().map(|id| id.index),
        log_time,
        origin: state.origin()?,
        last_node_id: cluster.last_node_id,
        state,
    };
    inspection.check_ends(&log)?;
    log.close()?;
    Ok(inspection)
}

/// One entry of a stopped replica's log. It may not be committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedEntry {
    /// Its place.
    pub index: u64,
    /// The term in which it was appended.
    pub term: u64,
    /// What the leader's clock said, which may be less than for the entry before. 0 for what is not stamped.
    pub stamp: LogTime,
    /// What was proposed; none for what the engine put there by itself.
    pub command: Option<Bytes>,
    /// All of it, as it lies in the file.
    pub record: Vec<u8>,
}

/// Calls `each` with every entry of the log of the stopped replica in `data_dir` that was not dropped, in order.
///
/// # Errors
///
/// When there is no log, it is in use, or a record is not as it must be.
pub fn read_log(data_dir: impl Into<PathBuf>, mut each: impl FnMut(LoggedEntry)) -> Result<(), OpenError> {
    let log = open_existing(&FileStorage::new(data_dir), LOG_FILE)?;
    let purged: Option<wire::LogId> = log.message(LOG_META, PURGED_KEY)?;
    let first = purged.map_or(0, |purged| LogId::from(purged).index + 1);
    if let Some(table) = log.table(ENTRIES)? {
        for row in table.range(first..).map_err(|e| log.failed(e))? {
            let (index, record) = row.map_err(|e| log.failed(e))?;
            let entry = log_store::decode(&log, index.value(), record.value())?;
            let proposal = match entry.payload {
                EntryPayload::Normal(proposal) => Some(proposal),
                EntryPayload::Blank | EntryPayload::Membership(_) => None,
            };
            let stamp = proposal.as_ref().map_or(LogTime::default(), |proposal| proposal.stamp);
            let command = proposal.and_then(|proposal| match proposal.body {
                Body::Command(command) => Some(command),
                Body::Cluster(_) => None,
            });
            let (index, term) = (entry.log_id.index, entry.log_id.leader_id.term);
            each(LoggedEntry { index, term, stamp, command, record: record.value().to_vec() });
        }
    }
    Ok(log.close()?)
}

impl Inspection {
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
