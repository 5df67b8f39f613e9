//! Opens a replica's files, makes sure that they belong together, and starts its threads and consensus.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use openraft::Raft;
use openraft::network::{NetSnapshot, RaftNetworkFactory};
use tokio::sync::watch;

use crate::engine::{Inner, Leadership, RaftNode, watch_leadership};
use crate::health::Health;
use crate::home::StateHome;
use crate::log_memory::LogMemory;
use crate::log_store::{LogShared, LogStore};
use crate::log_thread::{
    COMMITTED_KEY, LOG_META, LogWriter, PURGED_KEY, VOTE_KEY, begin_log_behind, first_stored, last_stored,
    stored_id,
};
use crate::log_time::LogClock;
use crate::machine::StateMachine;
use crate::network::LoneNetwork;
use crate::options::Options;
use crate::snapshot::{INCOMING_FILE, STATE_META, SnapshotData};
use crate::state_shared::StateShared;
use crate::state_store::StateStore;
use crate::state_thread::{DurablePolicy, StateContext, StateWriter};
use crate::storage::{OpenError, StorageError};
use crate::store::Store;
use crate::types::{LogId, Node, TypeConfig, next_index};
use crate::wire::{self, FORMAT_VERSION, Identity};
use crate::writer::WriterHandle;

/// The log's file.
pub(crate) const LOG_FILE: &str = "log.redb";
/// The state's file, in a replica's directory: where it is, there was a replica before.
pub const STATE_FILE: &str = "state.redb";
/// The id of the replica that begins a cluster.
const FIRST_NODE: u64 = 1;

/// Opens a replica that knows no others.
pub(crate) async fn open(options: Options, machine: Box<dyn StateMachine>) -> Result<Inner, OpenError> {
    open_on(options, machine, LoneNetwork).await
}

/// Opens a replica that reaches others through `network`.
async fn open_on<N>(options: Options, machine: Box<dyn StateMachine>, network: N) -> Result<Inner, OpenError>
where
    N: RaftNetworkFactory<TypeConfig>,
    N::Network: NetSnapshot<TypeConfig, SnapshotData = SnapshotData>,
{
    let config = options.raft_config()?;
    let Stores { identity, log, state, clock, health } = open_stores(&options, machine)?;
    replay(&log, &state).await?;
    let snapshot = state.shared().last_applied();
    let raft = Raft::new(identity.node_id, config, network, log.clone(), state.clone());
    let raft = raft.await.map_err(|e| OpenError::Raft(e.to_string()))?;
    let (sender, mut leadership) = watch::channel(Leadership::default());
    tokio::spawn(watch_leadership(&raft, sender, health.clone()));
    drop_what_a_snapshot_covers(&raft, &log, snapshot, &options).await.map_err(OpenError::Raft)?;
    if campaign_if_alone(&raft, &identity).await.map_err(OpenError::Raft)? {
        // It needs nobody's vote, so only a failure can keep it from leading.
        tokio::select! {
            leads = leadership.wait_for(|now| now.is_leader) => drop(leads),
            reason = health.failed() => return Err(OpenError::Raft(reason.to_string())),
        }
    }
    Ok(Inner {
        raft,
        log,
        state,
        clock,
        health,
        leadership,
        node_id: identity.node_id,
        cluster_id: cluster_id(&identity),
        closing: AtomicBool::new(false),
    })
}

/// A replica's two stores with their writers, before consensus runs on them.
pub(crate) struct Stores {
    identity: Identity,
    pub(crate) log: LogStore,
    pub(crate) state: StateStore,
    clock: Arc<LogClock>,
    health: Health,
}

pub(crate) fn open_stores(options: &Options, machine: Box<dyn StateMachine>) -> Result<Stores, OpenError> {
    let health = Health::new();
    let (identity, log_file, state_file) = open_files(options)?;
    let (state_shared, log_time) = StateShared::load(state_file)?;
    let state_shared = Arc::new(state_shared);
    drop_log_without_state(&log_file, state_shared.last_applied())?;
    let clock = Arc::new(LogClock::new(options.clock.clone(), options.quorum_clock.clone(), log_time));
    let log = start_log(options, log_file, &health, &state_shared)?;
    let context = StateContext {
        health: health.clone(),
        clock: options.clock.clone(),
        log_clock: clock.clone(),
        observer: options.observer.clone(),
        policy: DurablePolicy { every: options.durable_every, after_bytes: options.durable_after_bytes },
        log_time,
        old_until: log.last().map(|id| id.index),
    };
    let writer = StateWriter::new(state_shared.clone(), machine, context);
    let home = Arc::new(StateHome::new(options, identity.clone()));
    let state = StateStore::start(state_shared, home, writer, options.threading).map_err(thread_error)?;
    Ok(Stores { identity, log, state, clock, health })
}

/// Opens both files and makes sure that they are the same replica's; begins a replica if there is none.
fn open_files(options: &Options) -> Result<(Identity, Store, Store), OpenError> {
    let storage = &*options.storage;
    let log = Store::open(storage, LOG_FILE, options.log_cache_bytes / 2)?;
    let state = Store::open(storage, STATE_FILE, options.state_cache_bytes)?;
    // What came of a snapshot before the start has nobody who would install it.
    let removed = storage.remove(INCOMING_FILE);
    removed.map_err(|source| OpenError::Io { file: storage.describe(INCOMING_FILE), source })?;
    let identity = match (log.identity(LOG_META)?, state.identity(STATE_META)?) {
        (Some(of_log), Some(of_state)) if of_log == of_state => of_log,
        (Some(_), Some(_)) => {
            let what = format!("{} and {} belong to different replicas", log.file(), state.file());
            return Err(OpenError::Mismatch(what));
        }
        (None, Some(_)) => {
            let what = format!("{} holds a state, but {} holds no log", state.file(), log.file());
            return Err(OpenError::Mismatch(what));
        }
        (Some(of_log), None) if first_stored(&log)?.is_some() => {
            let what = format!(
                "{} holds the log of replica {}, but {} holds no state",
                log.file(),
                of_log.node_id,
                state.file()
            );
            return Err(OpenError::Mismatch(what));
        }
        // The first start did not get further than the first file.
        (Some(of_log), None) => {
            state.set_identity(STATE_META, &of_log)?;
            of_log
        }
        (None, None) => {
            let identity = Identity {
                format_version: FORMAT_VERSION,
                cluster_id: options.new_cluster_id.to_be_bytes().to_vec(),
                node_id: FIRST_NODE,
                bootstraps: true,
            };
            log.set_identity(LOG_META, &identity)?;
            state.set_identity(STATE_META, &identity)?;
            identity
        }
    };
    Ok((identity, log, state))
}

/// Drops a log that does not lead to the state. That is what a crash leaves when a snapshot was installed, or
/// entries applied that a quorum had without this replica's disk, and the log was not yet changed likewise: all
/// of it is in the state, or was never committed.
fn drop_log_without_state(log: &Store, applied: Option<LogId>) -> Result<(), OpenError> {
    let Some(applied) = applied else { return Ok(()) };
    let purged: Option<LogId> = log.message::<wire::LogId>(LOG_META, PURGED_KEY)?.map(Into::into);
    if purged.is_some_and(|purged| purged.index >= applied.index)
        || stored_id(log, applied.index)? == Some(applied)
    {
        return Ok(());
    }
    let committed: Option<LogId> = log.message::<wire::LogId>(LOG_META, COMMITTED_KEY)?.map(Into::into);
    if committed.is_some_and(|committed| committed.index >= applied.index) {
        let what = format!("{} committed another entry than {applied}, which the state has", log.file());
        return Err(OpenError::Mismatch(what));
    }
    tracing::info!(%applied, "the state is ahead of the log, which begins anew behind it");
    begin_log_behind(log, applied)?;
    Ok(())
}

fn start_log(
    options: &Options,
    store: Store,
    health: &Health,
    state: &StateShared,
) -> Result<LogStore, OpenError> {
    let first = first_stored(&store)?;
    let memory = load_log(&store, first, options.log_cache_bytes / 2)?;
    let shared = Arc::new(LogShared::new(store, memory));
    let writer = LogWriter::new(
        shared.clone(),
        health.clone(),
        options.clock.clone(),
        options.observer.clone(),
        first,
    );
    let writer = WriterHandle::start(writer, options.threading).map_err(thread_error)?;
    Ok(LogStore::new(shared, writer, state.durable.clone()))
}

fn load_log(
    store: &Store,
    first_stored: Option<u64>,
    recent_limit_bytes: usize,
) -> Result<LogMemory, StorageError> {
    let mut memory = LogMemory::new(recent_limit_bytes);
    memory.vote = store.message::<wire::Vote>(LOG_META, VOTE_KEY)?.map(Into::into);
    memory.committed = store.message::<wire::LogId>(LOG_META, COMMITTED_KEY)?.map(Into::into);
    memory.purged = store.message::<wire::LogId>(LOG_META, PURGED_KEY)?.map(Into::into);
    // Dropped entries may still be in the file, those of a later term than the purged one among them.
    let purged_until = next_index(memory.purged);
    memory.last = last_stored(store)?.filter(|last| last.index >= purged_until).or(memory.purged);
    memory.first = next_index(memory.purged);
    if let Some(last) = memory.last {
        memory.flushed(last);
    }
    if memory.committed.map(|id| id.index) > memory.last.map(|id| id.index) {
        let (committed, last) = (memory.committed, memory.last);
        return Err(store.corrupt(format!("{committed:?} is committed, but the last entry is {last:?}")));
    }
    if first_stored.is_some_and(|stored| stored > memory.first) {
        return Err(StorageError::Hole { file: store.file().to_owned(), index: memory.first });
    }
    Ok(memory)
}

/// Applies what is known to be committed and a crash took back from the state.
async fn replay(log: &LogStore, state: &StateStore) -> Result<(), OpenError> {
    let failed = |e: io::Error| OpenError::Raft(e.to_string());
    let end = next_index(log.committed());
    loop {
        let next = next_index(state.shared().last_applied());
        if next >= end {
            return Ok(());
        }
        let entries = log.read_chunk(next, end)?;
        if entries.first().is_none_or(|entry| entry.log_id.index != next) {
            let what = format!("log entry {next} was dropped, but the state does not have it");
            return Err(OpenError::Mismatch(what));
        }
        state.replay(entries).await.map_err(failed)?;
    }
}

/// The state on disk counts as a snapshot from the start, so the engine purges only after so many entries more.
/// A replica that is restarted before it gets there would keep its log for ever.
async fn drop_what_a_snapshot_covers(
    raft: &RaftNode,
    log: &LogStore,
    snapshot: Option<LogId>,
    options: &Options,
) -> Result<(), String> {
    let upto = snapshot.map_or(0, |id| id.index).saturating_sub(options.keep_log_entries);
    if upto > log.first() + options.snapshot_every_entries {
        raft.trigger().purge_log(upto).await.map_err(|e| e.to_string())?;
    }
    Ok(())
}

/// A replica that began its cluster starts it if that was not done yet; one that is the only voter does not
/// wait before it campaigns. Tells whether it is alone, and so about to lead.
async fn campaign_if_alone(raft: &RaftNode, identity: &Identity) -> Result<bool, String> {
    let initialized = raft.is_initialized().await.map_err(|e| e.to_string())?;
    if !initialized {
        if identity.bootstraps {
            let members = BTreeMap::from([(identity.node_id, Node::default())]);
            raft.initialize(members).await.map_err(|e| e.to_string())?;
        }
        return Ok(identity.bootstraps);
    }
    let alone = raft.voter_ids().eq([identity.node_id]);
    if alone && !raft.is_leader() {
        raft.trigger().elect(false).await.map_err(|e| e.to_string())?;
    }
    Ok(alone)
}

pub(crate) fn cluster_id(identity: &Identity) -> u128 {
    // `Store::identity` has checked the length.
    identity.cluster_id.as_slice().try_into().map_or(0, u128::from_be_bytes)
}

fn thread_error(source: io::Error) -> OpenError {
    OpenError::Io { file: "a thread".to_owned(), source }
}
