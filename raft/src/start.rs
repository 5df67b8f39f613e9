//! Opens a replica's files, makes sure that they belong together, and starts its threads and consensus.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use openraft::Raft;
use openraft::network::{NetSnapshot, RaftNetworkFactory};
use tokio::sync::{Semaphore, watch};

use crate::backup::BACKUPS_AT_ONCE;
use crate::digest_thread::Digester;
use crate::engine::Leadership;
use crate::files::Files;
use crate::formation::{FormationHandle, Founder, Member, Outcome, StoredRecords};
use crate::freshness::Freshness;
use crate::health::Health;
use crate::home::StateHome;
use crate::inner::{Inner, PeerSide, RaftNode, watch_leadership};
use crate::log_memory::LogMemory;
use crate::log_size::{LogSize, stored_bytes};
use crate::log_store::{LogShared, LogStore};
use crate::log_thread::{
    COMMITTED_KEY, LOG_META, LogWriter, PURGED_KEY, VOTE_KEY, begin_log_behind, drop_last_entry,
    first_stored, last_stored, stored_id,
};
use crate::log_time::{LogClock, LoneQuorum, QuorumClock};
use crate::machine::StateMachine;
use crate::membership;
use crate::network::LoneNetwork;
use crate::options::{Options, Threading};
use crate::peer::{Identified, PeerNetwork, PeerOptions, PeerServer, Peers, Reception, watch};
use crate::planted::{self, Bug};
use crate::purging::{self, Retention};
use crate::snapshot::SnapshotData;
use crate::state_shared::StateShared;
use crate::state_store::StateStore;
use crate::state_thread::{DurablePolicy, StateContext, StateWriter};
use crate::storage::{OpenError, StorageError};
use crate::store::Store;
use crate::types::{LogId, Membership, Node, TypeConfig, next_index};
use crate::wire::{self, Identity};
use crate::writer::WriterHandle;

/// The id of the replica that begins a cluster.
const FIRST_NODE: u64 = 1;

/// Opens a replica: one that calls others and is called, if it was told how. Whoever belongs to no cluster yet waits
/// for one.
pub(crate) async fn open(options: Options, machine: Box<dyn StateMachine>) -> Result<Arc<Inner>, OpenError> {
    let is_alone = options.peers.is_none();
    let mut files = Files::open(&options).map_err(|e| e.with_advice(is_alone))?;
    let Some(own) = options.peers.clone() else {
        let founders = BTreeMap::from([(FIRST_NODE, Node::default())]);
        if files.identity.is_none() {
            files.adopt(options.new_cluster_id, FIRST_NODE, true)?;
        }
        let inner = Arc::new(open_on(&options, files, machine, LoneNetwork, founders, None).await?);
        membership::raise_level_alone(&inner, options.supported_level).await?;
        purging::start(&inner).await?;
        return Ok(inner);
    };
    let reception = Arc::new(Reception::default());
    let clock = options.clock.clone();
    let server = PeerServer::start(own.listen, &own.credentials, clock, reception.clone()).await;
    let server = server.map_err(|source| OpenError::Io { file: own.listen.to_string(), source })?;
    let peers = Arc::new(Peers::new(&own, options.clock.clone()));
    let (formation, founders) = find_place(&options, &own, &mut files, &reception, &peers).await?;
    let network = PeerNetwork(peers.clone());
    let policy = own.policy();
    let side = PeerSide { peers, own, formation, server };
    let inner = Arc::new(open_on(&options, files, machine, network, founders, Some(side)).await?);
    reception.open(&inner);
    purging::start(&inner).await?;
    tokio::spawn(watch(Arc::downgrade(&inner)));
    tokio::spawn(membership::keep(Arc::downgrade(&inner), policy, options.digest_every));
    Ok(inner)
}

/// Waits until the replica has its place in a cluster, and makes the files its own. Returns the founders, if it
/// is one of them.
async fn find_place(
    options: &Options,
    own: &PeerOptions,
    files: &mut Files,
    reception: &Reception,
    peers: &Arc<Peers>,
) -> Result<(FormationHandle, BTreeMap<u64, Node>), OpenError> {
    let member = files
        .identity
        .as_ref()
        .map(|identity| Member { cluster_id: cluster_id(identity).into(), node_id: identity.node_id });
    let records = Arc::new(StoredRecords(files.log.clone()));
    let formation =
        FormationHandle::open(records, own.profile(options.supported_level), options.clock.clone(), member)?;
    reception.introduce(formation.clone());
    let outcome = formation.run(&**peers, &own.discovery).await?;
    let (member, founders) = match outcome {
        Outcome::Founder { member, founders, .. } => (member, founders),
        Outcome::Admitted(member) => (member, Vec::new()),
    };
    let identity = match files.identity.clone() {
        Some(identity) => identity,
        None => files.adopt(member.cluster_id.into(), member.node_id, !founders.is_empty())?,
    };
    let node =
        |founder: Founder| (founder.node_id, Node { address: founder.address, region: founder.region });
    let mut founders: BTreeMap<u64, Node> = founders.into_iter().map(node).collect();
    if identity.bootstraps && founders.is_empty() {
        // It began alone, before it was told of others, and perhaps did not get so far as to start its cluster.
        let node = Node { address: own.advertise.clone(), region: own.region.clone() };
        founders.insert(identity.node_id, node);
    }
    Ok((formation, founders))
}

/// Opens a replica that reaches others through `network`. `founders` are the members with which its cluster begins, if
/// it is one of them.
async fn open_on<N>(
    options: &Options,
    files: Files,
    machine: Box<dyn StateMachine>,
    network: N,
    founders: BTreeMap<u64, Node>,
    side: Option<PeerSide>,
) -> Result<Inner, OpenError>
where
    N: RaftNetworkFactory<TypeConfig>,
    N::Network: NetSnapshot<TypeConfig, SnapshotData = SnapshotData>,
{
    let config = options.raft_config()?;
    let quorum_clock: Arc<dyn QuorumClock> = match &side {
        Some(side) => side.peers.clocks.clone(),
        None => Arc::new(LoneQuorum(options.clock.clone())),
    };
    let stores = start_stores(options, files, quorum_clock, machine);
    let Stores { identity, log, state, clock, health } = stores.map_err(|e| e.with_advice(side.is_none()))?;
    let identified = Identified { cluster_id: cluster_id(&identity), node_id: identity.node_id };
    if let Some(side) = &side {
        side.peers.identify(identified, state.clone());
    }
    replay(&log, &state).await.map_err(|e| e.with_advice(side.is_none()))?;
    let raft = Raft::new(identity.node_id, config, network, log.clone(), state.clone());
    let raft = raft.await.map_err(|e| OpenError::Raft(e.to_string()))?;
    refuse_to_be_alone(&raft, side.is_none()).await?;
    let (sender, mut leadership) = watch::channel(Leadership::default());
    tokio::spawn(watch_leadership(&raft, sender, health.clone(), options.observer.clone()));
    if campaign_if_alone(&raft, &identity, founders).await.map_err(OpenError::Raft)? {
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
        wall_clock: options.clock.clone(),
        health,
        observer: options.observer.clone(),
        side,
        leadership,
        node_id: identified.node_id,
        cluster_id: identified.cluster_id,
        supported_level: options.supported_level,
        retention: Retention::new(options),
        freshness: Freshness::new(options.clock.monotonic()),
        closing: AtomicBool::new(false),
        backups: Arc::new(Semaphore::new(BACKUPS_AT_ONCE)),
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

/// The stores of a replica that is alone, without consensus on them.
#[cfg(test)]
pub(crate) fn open_lone_stores(
    options: &Options,
    machine: Box<dyn StateMachine>,
) -> Result<Stores, OpenError> {
    let mut files = Files::open(options)?;
    if files.identity.is_none() {
        files.adopt(options.new_cluster_id, FIRST_NODE, true)?;
    }
    start_stores(options, files, Arc::new(LoneQuorum(options.clock.clone())), machine)
}

/// Starts the writers of files that are a replica's.
pub(crate) fn start_stores(
    options: &Options,
    files: Files,
    quorum_clock: Arc<dyn QuorumClock>,
    machine: Box<dyn StateMachine>,
) -> Result<Stores, OpenError> {
    let health = Health::new(options.peers.is_none());
    let identity = files.identity.ok_or_else(|| OpenError::Mismatch("the files are nobody's".to_owned()))?;
    let (state_shared, log_time, cluster) = StateShared::load(files.state)?;
    state_shared.check_usable(options.supported_level)?;
    let state_shared = Arc::new(state_shared);
    if planted::has(Bug::DropLastEntry) {
        drop_last_entry(&files.log)?;
    }
    drop_log_without_state(&files.log, state_shared.last_applied())?;
    let clock = Arc::new(LogClock::new(options.clock.clone(), quorum_clock, log_time));
    let log = start_log(options, files.log, &health, &state_shared)?;
    // The state must not keep what the planted bug loses, or it would lose nothing.
    let loses = planted::has(Bug::AckBeforeFsync) || planted::has(Bug::DropLastEntry);
    let durable_every = if loses { Duration::from_secs(3_600) } else { options.durable_every };
    let digester = match options.threading {
        Threading::Threads => {
            Some(Digester::start(state_shared.clone(), health.clone()).map_err(thread_error)?)
        }
        Threading::Inline => None,
    };
    let context = StateContext {
        health: health.clone(),
        clock: options.clock.clone(),
        log_clock: clock.clone(),
        observer: options.observer.clone(),
        policy: DurablePolicy { every: durable_every, after_bytes: options.durable_after_bytes },
        log_time,
        cluster,
        supported_level: options.supported_level,
        digester,
    };
    let writer = StateWriter::new(state_shared.clone(), machine, context);
    let home = Arc::new(StateHome::new(options, identity.clone()));
    let state = StateStore::start(state_shared, home, writer, options.threading).map_err(thread_error)?;
    Ok(Stores { identity, log, state, clock, health })
}

/// Drops a log that does not lead to the state. That is what a crash leaves when a snapshot was installed, or
/// entries applied that a quorum had without this replica's disk, and the log was not yet changed likewise: all
/// of it is in the state, or was never committed.
fn drop_log_without_state(log: &Store, applied: Option<LogId>) -> Result<(), OpenError> {
    let Some(applied) = applied else { return Ok(()) };
    if leads_to(log, applied)? {
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

/// Whether the log has what came after `applied`, as far as this replica knows of any.
pub(crate) fn leads_to(log: &Store, applied: LogId) -> Result<bool, StorageError> {
    let purged: Option<LogId> = log.message::<wire::LogId>(LOG_META, PURGED_KEY)?.map(Into::into);
    let is_purged = purged.is_some_and(|purged| purged.index >= applied.index);
    Ok(is_purged || stored_id(log, applied.index)? == Some(applied))
}

fn start_log(
    options: &Options,
    store: Arc<Store>,
    health: &Health,
    state: &StateShared,
) -> Result<LogStore, OpenError> {
    let first = first_stored(&store)?;
    let memory = load_log(&store, first, options.log_cache_bytes / 2)?;
    let size = LogSize::new(
        stored_bytes(&store)?,
        options.log_max_bytes,
        options.keep_log_entries.saturating_add(options.purge_slack_entries),
    );
    let shared = Arc::new(LogShared::new(store, memory, size, health.clone()));
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
        let entries = match log.read_chunk(next, end) {
            Ok(entries) if !entries.is_empty() => entries,
            Ok(_) | Err(StorageError::Purged { .. }) => {
                let what = format!("log entry {next} was dropped, but the state does not have it");
                return Err(OpenError::Mismatch(what));
            }
            Err(e) => return Err(e.into()),
        };
        state.replay(entries).await.map_err(failed)?;
    }
}

/// The members as the log has them. What the engine publishes for others to read comes a moment after its start.
async fn stored_members(raft: &RaftNode) -> Result<Membership, String> {
    let members = raft.with_raft_state(|state| state.membership_state.effective().membership().clone());
    members.await.map_err(|e| e.to_string())
}

/// Whoever belongs to a cluster of several can do nothing without the others.
async fn refuse_to_be_alone(raft: &RaftNode, has_no_peers: bool) -> Result<(), OpenError> {
    let members = stored_members(raft).await.map_err(OpenError::Raft)?.nodes().count();
    if has_no_peers && members > 1 {
        let what = format!(
            "the data is that of one of {members} replicas of a cluster: say where it listens for the others"
        );
        return Err(OpenError::Mismatch(what));
    }
    Ok(())
}

/// A founder puts the first membership into its log if that was not done yet; one that is the only voter does not
/// wait before it campaigns. Tells whether it is alone, and so about to lead.
///
/// All founders do so, not only the one that proposed: the entry is the same on all, so that the cluster starts with any
/// quorum of them, also if the disk of one is lost just then.
async fn campaign_if_alone(
    raft: &RaftNode,
    identity: &Identity,
    founders: BTreeMap<u64, Node>,
) -> Result<bool, String> {
    let initialized = raft.is_initialized().await.map_err(|e| e.to_string())?;
    if !initialized {
        let alone = founders.keys().eq([&identity.node_id]);
        if identity.bootstraps {
            raft.initialize(founders).await.map_err(|e| e.to_string())?;
        }
        return Ok(identity.bootstraps && alone);
    }
    let alone = stored_members(raft).await?.voter_ids().eq([identity.node_id]);
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
