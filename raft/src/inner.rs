//! What the engine's handles, the peers' service and the background tasks of one replica share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use openraft::async_runtime::watch::WatchReceiver;
use openraft::errors::{ClientWriteError, ForwardReason, ForwardToLeader, LinearizableReadError, RaftError};
use openraft::{Instant, Raft, RaftMetrics, ReadPolicy, ServerState};
use tokio::sync::{Semaphore, watch};

use crate::engine::{Applied, Leadership, ProposeError, ReadError};
use crate::formation::FormationHandle;
use crate::freshness::Freshness;
use crate::health::Health;
use crate::log_store::LogStore;
use crate::log_time::{Clock, LogClock, LogTime};
use crate::observer::Observer;
use crate::peer::{Identified, PeerOptions, PeerServer, Peers};
use crate::planted::{self, Bug};
use crate::purging::Retention;
use crate::state_store::StateStore;
use crate::types::{Body, Proposal, TypeConfig};
use crate::wire::{ClusterChange, ClusterCommand};

pub(crate) type RaftNode = Raft<TypeConfig, StateStore>;

/// What a replica that is not alone has besides.
pub(crate) struct PeerSide {
    /// The ways to others.
    pub(crate) peers: Arc<Peers>,
    /// What it was told of them.
    pub(crate) own: PeerOptions,
    /// How it came into its cluster; answers those that still try to.
    pub(crate) formation: FormationHandle,
    /// Where others call.
    pub(crate) server: PeerServer,
}

/// One replica.
pub(crate) struct Inner {
    pub(crate) raft: RaftNode,
    pub(crate) log: LogStore,
    pub(crate) state: StateStore,
    pub(crate) clock: Arc<LogClock>,
    pub(crate) wall_clock: Arc<dyn Clock>,
    pub(crate) health: Health,
    pub(crate) observer: Arc<dyn Observer>,
    /// None for a replica that is alone.
    pub(crate) side: Option<PeerSide>,
    pub(crate) leadership: watch::Receiver<Leadership>,
    pub(crate) node_id: u64,
    pub(crate) cluster_id: u128,
    /// The newest feature level that this program supports.
    pub(crate) supported_level: u32,
    /// How much of the log it keeps.
    pub(crate) retention: Retention,
    /// What its state is known to show.
    pub(crate) freshness: Freshness,
    /// Shut down, or about to be.
    pub(crate) closing: AtomicBool,
    /// Room for backups.
    pub(crate) backups: Arc<Semaphore>,
}

impl Inner {
    /// Who this replica is.
    pub(crate) fn identified(&self) -> Identified {
        Identified { cluster_id: self.cluster_id, node_id: self.node_id }
    }

    /// Proposes a command if this replica leads, and waits until it is applied here.
    pub(crate) async fn propose_here(&self, command: Bytes) -> Result<Applied, ProposeError> {
        self.propose(Body::Command(command)).await
    }

    /// Proposes a command of the cluster's own if this replica leads, and waits until it is applied here.
    pub(crate) async fn propose_change(&self, change: ClusterChange) -> Result<Applied, ProposeError> {
        self.propose(Body::Cluster(ClusterCommand { change: Some(change) })).await
    }

    async fn propose(&self, body: Body) -> Result<Applied, ProposeError> {
        let leadership = *self.leadership.borrow();
        if self.has_stopped() {
            return Err(ProposeError::Stopped);
        }
        if !leadership.is_leader {
            return Err(ProposeError::NotLeader { leader: leadership.leader });
        }
        let stamp = self.clock.stamp().ok_or(ProposeError::NotAppended("the time is not known yet"))?;
        match self.raft.client_write(Proposal { stamp, body }).await {
            Ok(response) => Ok(Applied { index: response.log_id.index, reply: response.data }),
            Err(RaftError::APIError(error)) => Err(write_error(error)),
            Err(RaftError::Fatal(_)) => Err(ProposeError::Stopped),
        }
    }

    /// What must be applied to show all that was acknowledged before the call, if this replica leads.
    pub(crate) async fn read_index(&self) -> Result<u64, ReadError> {
        if planted::has(Bug::StaleStrongRead) && self.leadership.borrow().is_leader {
            return Ok(self.state.shared().last_applied().map_or(0, |id| id.index));
        }
        // Not the engine's own wait for it: it calls an entry applied once it is in the writer's queue.
        match self.raft.get_read_linearizer(ReadPolicy::ReadIndex).await {
            Ok(linearizer) => Ok(linearizer.read_log_id().log_id().index),
            Err(RaftError::APIError(LinearizableReadError::ForwardToLeader(forward))) => {
                Err(ReadError::NotLeader { leader: forward.leader_id })
            }
            Err(RaftError::APIError(LinearizableReadError::QuorumNotEnough(_))) => Err(ReadError::NoQuorum),
            Err(RaftError::Fatal(_)) => Err(ReadError::Stopped),
        }
    }

    /// The connections to other replicas, and where this one is.
    pub(crate) fn way_to(&self, node_id: u64) -> Option<(&Arc<Peers>, String)> {
        let peers = &self.side.as_ref()?.peers;
        let metrics = self.raft.server_metrics();
        let metrics = metrics.borrow_watched();
        let member = metrics.membership_config.membership().get_node(&node_id);
        let address = peers.address(node_id, member.map_or("", |node| &node.address));
        (!address.is_empty()).then_some((peers, address))
    }

    /// How long ago this replica certainly led: a quorum has answered what it sent then. None if it does not lead, or no
    /// quorum has answered yet. A leader that lost its quorum believes for ever that it leads.
    pub(crate) fn led_ago(&self) -> Option<Duration> {
        let metrics = self.raft.metrics();
        let now = metrics.borrow_watched();
        if now.state == ServerState::Leader { certain_ago(&now) } else { None }
    }

    /// What time it is on the replicated clock, as far as this replica can say.
    pub(crate) fn log_time(&self) -> LogTime {
        let leads = self.leadership.borrow().is_leader;
        let stamp = if leads { self.clock.stamp() } else { None };
        stamp.unwrap_or_else(|| self.clock.estimate())
    }

    pub(crate) fn has_stopped(&self) -> bool {
        self.closing.load(Ordering::SeqCst) || self.health.has_failed()
    }
}

/// How long ago a replica that leads, as these say, certainly did.
pub(crate) fn certain_ago(metrics: &RaftMetrics<TypeConfig>) -> Option<Duration> {
    // Nobody answers whoever is a quorum by itself.
    if metrics.membership_config.membership().voter_ids().eq([metrics.id]) {
        return Some(Duration::ZERO);
    }
    Some(metrics.last_quorum_acked?.into_inner().elapsed())
}

fn write_error(error: ClientWriteError<TypeConfig>) -> ProposeError {
    match error {
        ClientWriteError::ForwardToLeader(ForwardToLeader { leader_id, reason, .. }) => match reason {
            ForwardReason::NotLeader => ProposeError::NotLeader { leader: leader_id },
            ForwardReason::LeadershipTransfer => ProposeError::NotAppended("leadership is being handed over"),
            ForwardReason::LeaseExpired => ProposeError::NotAppended("the leader's lease has run out"),
        },
        ClientWriteError::LogEntryDiscarded(_) => ProposeError::Unknown,
        ClientWriteError::ChangeMembershipError(_) | ClientWriteError::PreconditionFailed(_) => {
            ProposeError::NotAppended("the command was refused")
        }
    }
}

/// Follows the consensus engine's view of who leads, until that engine ends. Holds no handle on the engine, or
/// it would never end by being dropped.
pub(crate) fn watch_leadership(
    raft: &RaftNode,
    leadership: watch::Sender<Leadership>,
    health: Health,
    observer: Arc<dyn Observer>,
) -> impl Future<Output = ()> + Send + 'static {
    let (mut metrics, ended) = (raft.server_metrics(), raft.metrics());
    async move {
        let mut led = None;
        loop {
            let seen = {
                let now = metrics.borrow_and_update();
                Leadership {
                    is_leader: now.state == ServerState::Leader,
                    term: now.vote.leader_id.term,
                    leader: now.current_leader,
                }
            };
            leadership.send_if_modified(|known| std::mem::replace(known, seen) != seen);
            if seen.leader.is_some() && led != Some((seen.leader, seen.term)) {
                led = Some((seen.leader, seen.term));
                observer.leader_changed(seen);
            }
            if metrics.changed().await.is_err() {
                break;
            }
        }
        match ended.borrow_watched().running_state.clone() {
            Err(openraft::errors::Fatal::Stopped) => {}
            Err(reason) => health.fail(format_args!("the consensus engine ended: {reason}")),
            // Only a panic ends it without a word.
            Ok(()) => health.fail("the consensus engine panicked"),
        }
        leadership.send_modify(|known| *known = Leadership { is_leader: false, leader: None, ..*known });
    }
}
