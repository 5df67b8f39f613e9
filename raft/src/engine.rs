//! One replica: propose, read, wait, watch.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::Bytes;
use openraft::async_runtime::watch::WatchReceiver;
use tokio::sync::watch;

use crate::health::FatalReason;
use crate::inner::Inner;
use crate::log_time::LogTime;
use crate::machine::StateMachine;
use crate::options::Options;
use crate::start;
use crate::storage::{OpenError, StorageError};
use crate::store::ReadView;
use crate::successor::Origin;

/// The longest command that `propose` takes: far above any the service makes, far below what would hold up
/// the log for others.
pub const MAX_COMMAND_BYTES: usize = 1 << 20;
/// How long, and how often, a proposal is tried again that certainly was not appended.
const PROPOSE_RETRY: Duration = Duration::from_millis(500);
const PROPOSE_RETRY_PAUSE: Duration = Duration::from_millis(5);

/// One replica of the log and the state. Clones are handles on the same one.
#[derive(Clone)]
pub struct Engine {
    pub(crate) inner: Arc<Inner>,
}

/// Who leads, as far as this replica knows.
#[derive(Copy, Clone, Debug, Default, Eq, PartialEq)]
pub struct Leadership {
    /// This replica does.
    pub is_leader: bool,
    /// The term it knows of.
    pub term: u64,
    /// The leader's node id, if there is one.
    pub leader: Option<u64>,
}

/// A command that was applied.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Applied {
    /// Its place in the log.
    pub index: u64,
    /// What the state machine replied.
    pub reply: Bytes,
}

/// Why a proposal has no reply.
#[derive(Clone, Debug, thiserror::Error, Eq, PartialEq)]
pub enum ProposeError {
    /// This replica does not lead: surely nothing happened. Ask the leader, if one is known.
    #[error("this replica is not the leader")]
    NotLeader {
        /// The leader's node id.
        leader: Option<u64>,
    },
    /// Surely nothing happened, and it is safe to try again.
    #[error("the command was not taken: {0}")]
    NotAppended(&'static str),
    /// It may have happened, or happen yet: ask again under the same request id.
    #[error("whether the command is committed is not known")]
    Unknown,
    /// The engine failed or was shut down; what was under way may have happened, as for `Unknown`.
    #[error("the engine has stopped")]
    Stopped,
    /// The command is longer than [`MAX_COMMAND_BYTES`].
    #[error("the command has {0} bytes, more than {MAX_COMMAND_BYTES}")]
    TooLarge(usize),
}

impl ProposeError {
    /// It in a word, for metrics.
    fn word(&self) -> &'static str {
        match self {
            Self::NotLeader { .. } => "not_leader",
            Self::NotAppended(_) | Self::TooLarge(_) => "not_appended",
            Self::Unknown | Self::Stopped => "unknown",
        }
    }
}

/// Why a read can't be promised to be the newest.
#[derive(Clone, Debug, thiserror::Error, Eq, PartialEq)]
pub enum ReadError {
    /// This replica does not lead. Ask the leader, if one is known.
    #[error("this replica is not the leader")]
    NotLeader {
        /// The leader's node id.
        leader: Option<u64>,
    },
    /// Too few replicas answer.
    #[error("no quorum answers")]
    NoQuorum,
    /// The engine failed or was shut down.
    #[error("the engine has stopped")]
    Stopped,
}

/// Why waiting ended early.
#[derive(Clone, Debug, thiserror::Error, Eq, PartialEq)]
pub enum WaitError {
    /// The time is over.
    #[error("log entry {index} was not applied in time; {applied} was")]
    Timeout {
        /// What was waited for.
        index: u64,
        /// What was applied by then.
        applied: u64,
    },
    /// The engine failed or was shut down.
    #[error("the engine has stopped")]
    Stopped,
}

/// Where this replica stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Status {
    /// The cluster it belongs to.
    pub cluster_id: u128,
    /// Its id in the cluster.
    pub node_id: u64,
    /// Who leads.
    pub leadership: Leadership,
    /// The last entry in its log.
    pub last_log_index: Option<u64>,
    /// The last entry it knows to be committed.
    pub committed_index: Option<u64>,
    /// The last entry it applied.
    pub applied_index: Option<u64>,
    /// The last entry in its newest snapshot.
    pub snapshot_index: Option<u64>,
    /// The last entry it dropped from its log.
    pub purged_index: Option<u64>,
    /// The bytes of all records in its log's file. Those of dropped entries count until they are gone from there.
    pub log_bytes: u64,
}

impl Engine {
    /// Opens the replica in the options' storage, or begins a cluster of one if there is none.
    ///
    /// # Errors
    ///
    /// When the files are in use, are a newer program's, do not belong together, or fail.
    pub async fn open(options: Options, machine: Box<dyn StateMachine>) -> Result<Self, OpenError> {
        Ok(Self::of(start::open(options, machine).await?))
    }

    /// Another handle on the replica.
    pub(crate) fn of(inner: Arc<Inner>) -> Self {
        Self { inner }
    }

    pub(crate) fn inner(&self) -> &Arc<Inner> {
        &self.inner
    }

    /// Proposes a command and waits until it is applied here. Tries again for a moment while this is certain
    /// to do no harm.
    ///
    /// # Errors
    ///
    /// See [`ProposeError`]: mind which ones leave open whether the command was committed.
    pub async fn propose(&self, command: Bytes) -> Result<Applied, ProposeError> {
        if command.len() > MAX_COMMAND_BYTES {
            return Err(ProposeError::TooLarge(command.len()));
        }
        let mut waited = Duration::ZERO;
        loop {
            let error = match self.propose_once(command.clone()).await {
                Ok(applied) => return Ok(applied),
                Err(error) => error,
            };
            let again =
                matches!(error, ProposeError::NotAppended(_) | ProposeError::NotLeader { leader: None });
            if !again || waited >= PROPOSE_RETRY {
                return Err(error);
            }
            tokio::time::sleep(PROPOSE_RETRY_PAUSE).await;
            waited += PROPOSE_RETRY_PAUSE;
        }
    }

    /// Here if this replica leads, else at the leader.
    async fn propose_once(&self, command: Bytes) -> Result<Applied, ProposeError> {
        let inner = &self.inner;
        match inner.propose_here(command.clone()).await {
            Err(ProposeError::NotLeader { leader: Some(leader) }) => {
                let Some((peers, address)) = inner.way_to(leader) else {
                    return Err(ProposeError::NotLeader { leader: Some(leader) });
                };
                let forwarded = peers.forward(leader, &address, command).await;
                inner.observer.forwarded(forwarded.as_ref().map_or_else(ProposeError::word, |_| "applied"));
                let applied = forwarded?;
                let here = self.applied_or_stopped(applied.index).await;
                here.map(|()| applied).map_err(|_| ProposeError::Stopped)
            }
            here => here,
        }
    }

    /// Begins a read of this replica's state, as far as it has applied the log.
    ///
    /// # Errors
    ///
    /// When the database fails or the engine was shut down.
    pub fn view(&self) -> Result<ReadView, StorageError> {
        Ok(self.inner.state.shared().store.read()?.of(&self.inner.health))
    }

    /// The index of the last entry whose effects a view of this replica's shows.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn applied_in(&self, view: &ReadView) -> Result<u64, StorageError> {
        self.inner.state.shared().applied_in(view)
    }

    /// The index of the last entry applied here.
    pub fn applied_index(&self) -> u64 {
        *self.inner.state.shared().applied_index.borrow()
    }

    /// How old its state may be: how long ago it showed, for certain, all that was acknowledged anywhere. As long as it has
    /// heard no leader since it was opened this trusts the wall clock; none if that clock is evidently wrong.
    pub fn state_age(&self) -> Option<Duration> {
        self.inner.state_age()
    }

    /// Waits until the entry at `index` is applied here.
    ///
    /// # Errors
    ///
    /// When `timeout` is over before, or the engine failed.
    pub async fn wait_applied(&self, index: u64, timeout: Duration) -> Result<(), WaitError> {
        let applied = tokio::time::timeout(timeout, self.applied_or_stopped(index)).await;
        applied.unwrap_or_else(|_| Err(WaitError::Timeout { index, applied: self.applied_index() }))
    }

    /// Waits as long as it takes until the entry at `index` is applied here.
    async fn applied_or_stopped(&self, index: u64) -> Result<(), WaitError> {
        let mut applied = self.inner.state.shared().applied_index.subscribe();
        tokio::select! {
            biased;
            reached = applied.wait_for(|applied| *applied >= index) => {
                reached.map(drop).map_err(|_| WaitError::Stopped)
            }
            _ = self.stopped() => Err(WaitError::Stopped),
        }
    }

    /// Waits until everything acknowledged before the start is applied again. On a replica that does not
    /// lead this needs a leader.
    ///
    /// # Errors
    ///
    /// When the engine failed.
    pub async fn wait_recovered(&self) -> Result<(), WaitError> {
        let recovered = self.inner.raft.wait_for_recovery(None).await.map_err(|_| WaitError::Stopped)?;
        self.applied_or_stopped(recovered.last_applied.map_or(0, |id| id.index)).await
    }

    /// Waits until this replica's state holds all that was acknowledged, anywhere, before the call. Asks the leader.
    ///
    /// # Errors
    ///
    /// When nobody leads, or the leader can't make sure that it still does.
    pub async fn read_barrier(&self) -> Result<(), ReadError> {
        let asked_at = self.inner.wall_clock.monotonic();
        let index = match self.inner.read_index().await {
            Err(ReadError::NotLeader { leader: Some(leader) }) => match self.inner.way_to(leader) {
                Some((peers, address)) => peers.read_index(leader, address).await,
                None => Err(ReadError::NotLeader { leader: Some(leader) }),
            },
            here => here,
        }?;
        self.inner.freshness.note(index, asked_at, Duration::ZERO);
        self.applied_or_stopped(index).await.map_err(|_| ReadError::Stopped)
    }

    /// Who leads, and each change of it.
    pub fn leadership(&self) -> watch::Receiver<Leadership> {
        self.inner.leadership.clone()
    }

    /// What time it is on the replicated clock, as far as this replica can say. Never goes back, and is never
    /// ahead of what the leader would stamp a command with.
    pub fn log_time(&self) -> LogTime {
        self.inner.log_time()
    }

    /// How its cluster began. A replica that was let in knows once it has the cluster's state.
    ///
    /// # Errors
    ///
    /// When the database fails, or a newer program wrote what it says.
    pub fn origin(&self) -> Result<Origin, StorageError> {
        self.inner.state.shared().origin()
    }

    /// Where this replica stands.
    pub fn status(&self) -> Status {
        let metrics = self.inner.raft.metrics();
        let metrics = metrics.borrow_watched();
        Status {
            cluster_id: self.inner.cluster_id,
            node_id: self.inner.node_id,
            leadership: *self.inner.leadership.borrow(),
            last_log_index: metrics.last_log_index,
            committed_index: metrics.local_committed.map(|id| id.index),
            applied_index: self.inner.state.shared().last_applied().map(|id| id.index),
            snapshot_index: metrics.snapshot.map(|id| id.index),
            purged_index: metrics.purged.map(|id| id.index),
            log_bytes: self.inner.log.size().bytes(),
        }
    }

    /// The feature level that all replicas support: what came with a higher one must not be proposed yet. Never falls.
    pub fn level(&self) -> u32 {
        self.inner.state.shared().cluster().feature_level()
    }

    /// Waits until the engine fails for good; the process must then exit. An orderly shutdown is no failure.
    pub async fn stopped(&self) -> FatalReason {
        self.inner.health.failed().await
    }

    /// Stops the replica, makes its state durable and closes its files. Later calls do nothing.
    ///
    /// # Errors
    ///
    /// When the state could not be made durable; the log still has it.
    pub async fn shutdown(&self) -> Result<(), StorageError> {
        if self.inner.closing.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        if let Some(side) = &self.inner.side {
            side.server.close();
        }
        // Only a panic of the consensus task can fail here, and that was reported where failures are.
        self.inner.raft.shutdown().await.ok();
        let state = self.inner.state.close().await;
        let log = self.inner.log.close().await;
        state.and(log)
    }
}
