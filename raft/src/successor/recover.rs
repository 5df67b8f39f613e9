//! A new cluster out of the one replica that is left of another.
//!
//! A new state is made beside the old one: a copy, with all of the log applied to it that the old one lacks, also what
//! is not known to be committed. The old files stay as they are until the new ones take their names.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use openraft::EntryPayload;
use redb::WriteTransaction;
use tokio::sync::oneshot;

use super::files::{NEXT_STATE, discard, exists, publish};
use super::restore::CACHE_BYTES;
use super::{Inheritance, NewCluster, Successor};
use crate::batch::ToApply;
use crate::files::{Files, STATE_FILE};
use crate::health::Health;
use crate::home::StateHome;
use crate::inspect::LastEntry;
use crate::log_store;
use crate::log_thread::{COMMITTED_KEY, ENTRIES, LOG_META, last_stored};
use crate::log_time::{LogClock, LogTime, LoneQuorum};
use crate::machine::StateMachine;
use crate::options::Options;
use crate::snapshot::{
    STATE_META, SnapshotError, SnapshotFrames, SnapshotProgress, StateBuilder, StateView, put_progress,
};
use crate::start::{cluster_id, leads_to};
use crate::state_shared::{CLUSTER_KEY, PROGRESS_KEY, StateShared};
use crate::state_thread::{BATCH_BYTES, BATCH_ENTRIES, DurablePolicy, Job, StateContext, StateWriter};
use crate::storage::{OpenError, StorageError};
use crate::store::Store;
use crate::types::{LogId, Membership, SnapshotMeta, StoredMembership, command_bytes};
use crate::wire::{self, ClusterState, Identity, OriginKind};
use crate::writer::Writer;

/// Why a replica was not made a cluster of one. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RecoverError {
    /// Its files can't be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// There is no replica, or nothing that it knows.
    #[error("there is nothing to recover: {0}")]
    Nothing(&'static str),
    /// It needs nobody else's vote.
    #[error("this replica is the only one that votes in its cluster: start it, there is nothing to recover")]
    NotNeeded,
    /// Its state can't be copied.
    #[error(transparent)]
    Copy(#[from] SnapshotError),
    /// What is in its log can't be applied.
    #[error("the log can't be applied: {0}")]
    Apply(String),
}

/// A stopped replica that may become a cluster of one. Nobody else can open its files meanwhile.
pub struct Recovery {
    options: Options,
    files: Files,
    identity: Identity,
    applied: LogId,
    log_time: LogTime,
    /// As the state has it.
    membership: StoredMembership,
    /// As the log has it, which counts before it is committed.
    members: Membership,
    committed_index: u64,
    last: LogId,
}

impl Recovery {
    /// Opens the files in `data_dir` and finds out what there is to recover. Changes nothing.
    ///
    /// # Errors
    /// When there is no replica, it is in use or damaged, or it is the only voter of its cluster.
    pub fn open(data_dir: impl Into<PathBuf>, supported_level: u32) -> Result<Self, RecoverError> {
        Self::open_with(Options { supported_level, ..Options::new(data_dir) })
    }

    pub(crate) fn open_with(options: Options) -> Result<Self, RecoverError> {
        if !exists(&*options.storage, STATE_FILE)? {
            return Err(RecoverError::Nothing("no replica's data is there"));
        }
        let Files { identity, log, state } = Files::open(&options)?;
        let identity = identity.ok_or(RecoverError::Nothing("the replica has not joined a cluster yet"))?;
        let (shared, log_time, _) = StateShared::load(state).map_err(OpenError::from)?;
        shared.check_usable(options.supported_level)?;
        let (applied, membership) = shared.applied();
        let applied = applied.ok_or(RecoverError::Nothing("the replica has no state yet"))?;
        let (committed_index, last) = read_ends(&log, applied).map_err(OpenError::from)?;
        let newest = newest_membership(&log, applied.index + 1, last.index).map_err(OpenError::from)?;
        let members = newest.unwrap_or_else(|| membership.membership().clone());
        if members.voter_ids().eq([identity.node_id]) {
            return Err(RecoverError::NotNeeded);
        }
        let files = Files { identity: None, log, state: shared.store };
        Ok(Self { options, files, identity, applied, log_time, membership, members, committed_index, last })
    }

    /// The cluster that it is of.
    pub fn cluster_id(&self) -> u128 {
        cluster_id(&self.identity)
    }

    /// Its id in that cluster.
    pub fn node_id(&self) -> u64 {
        self.identity.node_id
    }

    /// The members of that cluster as far as its log knows: their ids, and where they were reached.
    pub fn members(&self) -> BTreeMap<u64, String> {
        self.members.nodes().map(|(id, node)| (*id, node.address.clone())).collect()
    }

    /// The last entry that it knows to be committed.
    pub fn committed_index(&self) -> u64 {
        self.committed_index
    }

    /// The last entry that it has. What the cluster acknowledged after that is lost.
    pub fn last_entry(&self) -> LastEntry {
        LastEntry::of(self.last)
    }

    /// The replicated clock at the last entry that is in its state.
    pub fn log_time(&self) -> LogTime {
        self.log_time
    }

    /// Makes it the only replica of a new cluster. All that its log has is applied by `machine`, also what is not
    /// known to be committed; `progress` is called as the state is copied; `seed` may write to the state in the
    /// transaction that finishes it. The directory holds the old replica until all is done, and then the new one.
    ///
    /// # Errors
    /// When the state or the log is damaged, or what is made can't be written: the disk has to have room for another
    /// state.
    pub fn finish(
        self,
        machine: Box<dyn StateMachine>,
        progress: impl FnMut(SnapshotProgress),
        seed: impl FnOnce(&WriteTransaction, &NewCluster) -> Result<(), redb::Error>,
    ) -> Result<NewCluster, RecoverError> {
        let storage = self.options.storage.clone();
        let made = self.make(machine, progress, seed);
        if made.is_err() {
            // If that fails too, the next start does it.
            discard(&*storage).ok();
        }
        let made = made?;
        // The old files are closed only after this: nobody may open them before they are replaced.
        publish(&*storage)?;
        Ok(made)
    }

    fn make(
        &self,
        machine: Box<dyn StateMachine>,
        progress: impl FnMut(SnapshotProgress),
        seed: impl FnOnce(&WriteTransaction, &NewCluster) -> Result<(), redb::Error>,
    ) -> Result<NewCluster, RecoverError> {
        let storage = &*self.options.storage;
        self.copy_state(progress)?;
        let store = Store::open_backend(storage, NEXT_STATE, CACHE_BYTES)?;
        let (shared, log_time, cluster) = StateShared::load(store).map_err(OpenError::from)?;
        let shared = Arc::new(shared);
        self.apply_rest(shared.clone(), machine, log_time, cluster)?;

        let made = || -> Result<NewCluster, OpenError> {
            let successor = self.successor(&shared)?;
            let mut txn = shared.store.write()?;
            txn.set_quick_repair(true);
            let put = successor.put_state(&txn).and_then(|()| seed(&txn, &successor.made));
            put.map_err(|e| shared.store.failed(e))?;
            txn.commit().map_err(|e| shared.store.failed(e))?;
            shared.store.close()?;
            successor.write_log(storage)?;
            Ok(successor.made)
        };
        Ok(made()?)
    }

    /// Copies the state row by row, which finds out whether it can be read.
    fn copy_state(&self, mut progress: impl FnMut(SnapshotProgress)) -> Result<(), SnapshotError> {
        let storage = &*self.options.storage;
        let home = Arc::new(StateHome::new(&self.options, self.identity.clone()));
        let view = StateView { txn: self.files.state.read()?, log_time: self.log_time };
        let last_membership = self.membership.clone();
        let meta = SnapshotMeta { last_log_id: Some(self.applied), last_membership };
        let mut builder = StateBuilder::new(Store::open_backend(storage, NEXT_STATE, CACHE_BYTES)?);
        for frame in SnapshotFrames::new(home, &meta, view)? {
            builder.write(&frame?)?;
            progress(builder.progress());
        }
        builder.finish(put_progress)
    }

    /// Applies to the copy what the log has and the state has not.
    fn apply_rest(
        &self,
        copy: Arc<StateShared>,
        machine: Box<dyn StateMachine>,
        log_time: LogTime,
        cluster: ClusterState,
    ) -> Result<(), RecoverError> {
        let clock = self.options.clock.clone();
        let quorum = Arc::new(LoneQuorum(clock.clone()));
        let context = StateContext {
            health: Health::new(true),
            log_clock: Arc::new(LogClock::new(clock.clone(), quorum, log_time)),
            clock,
            observer: self.options.observer.clone(),
            // Durable at the end, all at once.
            policy: DurablePolicy { every: Duration::MAX, after_bytes: usize::MAX },
            log_time,
            cluster,
            supported_level: self.options.supported_level,
            digester: None,
        };
        let mut writer = StateWriter::new(copy, machine, context);
        let mut next = self.applied.index + 1;
        while next <= self.last.index {
            let batch = read_batch(&self.files.log, next, self.last.index).map_err(OpenError::from)?;
            next += batch.len() as u64;
            let (done, mut applied) = oneshot::channel();
            writer.work(Job::Apply { batch, room: None, done: Some(done) });
            let applied = applied.try_recv().map_err(|e| RecoverError::Apply(e.to_string()))?;
            applied.map_err(|e| RecoverError::Apply(e.to_string()))?;
        }
        Ok(())
    }

    fn successor(&self, copy: &StateShared) -> Result<Successor, StorageError> {
        let progress: Option<wire::Progress> = copy.store.message(STATE_META, PROGRESS_KEY)?;
        let cluster: Option<ClusterState> = copy.store.message(STATE_META, CLUSTER_KEY)?;
        let cluster = cluster.unwrap_or_default();
        // The state that was copied may not know of all who were let in, this replica among them.
        let members = self.members.nodes().map(|(id, _)| *id);
        let highest = members.chain([self.identity.node_id, cluster.last_node_id]).max();
        let (applied, membership) = copy.applied();
        let inheritance = Inheritance {
            cluster_id: self.cluster_id(),
            applied: applied.unwrap_or(self.applied),
            log_time: progress.map_or(self.log_time, |p| LogTime::from_millis(p.log_time_ms)),
            membership,
            cluster: ClusterState { last_node_id: highest.unwrap_or(0), ..cluster },
        };
        Ok(Successor::new(self.options.new_cluster_id, OriginKind::Recovered, inheritance))
    }
}

/// The last entry that is known to be committed, and the last one that there is. A log that does not lead to the state
/// has nothing that counts.
pub(crate) fn read_ends(log: &Store, applied: LogId) -> Result<(u64, LogId), StorageError> {
    if !leads_to(log, applied)? {
        return Ok((applied.index, applied));
    }
    let committed: Option<LogId> = log.message::<wire::LogId>(LOG_META, COMMITTED_KEY)?.map(Into::into);
    let last = last_stored(log)?.filter(|last| last.index > applied.index);
    Ok((committed.map_or(0, |id| id.index).max(applied.index), last.unwrap_or(applied)))
}

fn newest_membership(log: &Store, first: u64, last: u64) -> Result<Option<Membership>, StorageError> {
    let (mut next, mut newest) = (first, None);
    while next <= last {
        let batch = read_batch(log, next, last)?;
        next += batch.len() as u64;
        let found = batch.into_iter().rev().find_map(|(entry, _)| match entry.payload {
            EntryPayload::Membership(membership) => Some(membership),
            _ => None,
        });
        newest = found.or(newest);
    }
    Ok(newest)
}

/// The entries from `first` on, not all at once if they are many. None is missing.
fn read_batch(log: &Store, first: u64, last: u64) -> Result<Vec<ToApply>, StorageError> {
    let hole = |index| StorageError::Hole { file: log.file().to_owned(), index };
    let table = log.table(ENTRIES)?.ok_or_else(|| hole(first))?;
    let mut batch: Vec<ToApply> = Vec::new();
    let mut bytes = 0;
    for row in table.range(first..=last).map_err(|e| log.failed(e))? {
        let (index, record) = row.map_err(|e| log.failed(e))?;
        let expected = first + batch.len() as u64;
        if index.value() != expected {
            return Err(hole(expected));
        }
        let entry = log_store::decode(log, expected, record.value())?;
        bytes += command_bytes(&entry);
        batch.push((entry, None));
        if batch.len() >= BATCH_ENTRIES || bytes >= BATCH_BYTES {
            break;
        }
    }
    if batch.is_empty() { Err(hole(first)) } else { Ok(batch) }
}
