//! How the cluster is, from what one replica knows: all watch all others, so any of them can say.

use std::time::Duration;

use openraft::async_runtime::watch::WatchReceiver;

use super::messages::{ClusterStatus, ReplicaRole, ReplicaStatus};
use crate::formation::FormationHandle;
use crate::inner::{Inner, PeerSide};
use crate::peer::{leader_address, report};
use crate::types::Node;

/// A leader that no quorum has answered for so long leads nobody: some heartbeats long.
const QUORUM_LOST: Duration = Duration::from_secs(3);

impl ClusterStatus {
    /// What a replica says that has no place yet.
    pub(crate) fn without_cluster(formation: &FormationHandle) -> Self {
        let waiting_for = formation.waiting().unwrap_or_else(|| "looking for others".to_owned());
        Self { waiting_for, ..Self::default() }
    }
}

impl Inner {
    pub(crate) fn cluster_status(&self) -> ClusterStatus {
        let metrics = self.raft.server_metrics();
        let membership = metrics.borrow_watched().membership_config.membership().clone();
        let voters = membership.get_joint_config().last().cloned().unwrap_or_default();
        let held_back = self.state.shared().cluster().held_back.clone();
        let replica = |(id, node): (&u64, &Node)| {
            let role = if voters.contains(id) { ReplicaRole::Voter } else { ReplicaRole::Learner };
            let held_back = held_back.contains(id);
            ReplicaStatus { role: role.into(), held_back, ..self.replica_status(*id, node) }
        };
        let mut leadership = *self.leadership.borrow();
        leadership.leader = leadership.leader.filter(|leader| self.is_led_by(*leader));
        ClusterStatus {
            cluster_id: format!("{:032x}", self.cluster_id),
            leader: leadership.leader,
            leader_address: leadership.leader.and_then(|_| leader_address(self)).unwrap_or_default(),
            term: leadership.term,
            replicas: membership.nodes().map(replica).collect(),
            waiting_for: String::new(),
            answered_by: Some(self.node_id),
        }
    }

    /// Whether that one leads still, as far as can be told here: who starts believes in the last leader it voted for.
    fn is_led_by(&self, leader: u64) -> bool {
        if leader == self.node_id {
            return self.led_ago().is_some_and(|ago| ago <= QUORUM_LOST);
        }
        let Some(side) = &self.side else { return false };
        let directory = side.peers.directory();
        directory.last_heard(leader).is_some() && !directory.is_silent(leader)
    }

    /// All but what the membership says of it.
    fn replica_status(&self, id: u64, node: &Node) -> ReplicaStatus {
        let (region, address) = (node.region.clone(), node.address.clone());
        let unknown = ReplicaStatus { id, region, address, ..ReplicaStatus::default() };
        let Some(PeerSide { peers, own, .. }) = &self.side else { return unknown };
        let median_offset_ms = peers.clocks.median_offset_ms();
        let (report, offset_ms, last_contact_ms) = if id == self.node_id {
            (report(self, own), 0, 0)
        } else {
            let Some(heard) = peers.directory().last_heard(id) else { return unknown };
            let ago = self.wall_clock.monotonic().saturating_sub(heard.at);
            (heard.report, heard.clock_offset_ms, u64::try_from(ago.as_millis()).unwrap_or(u64::MAX))
        };
        ReplicaStatus {
            region: report.region,
            address: report.address,
            version: Some(report.program_version),
            last_log: report.last_log_index,
            applied: report.applied_index,
            clock_offset_ms: median_offset_ms.map(|median_ms| offset_ms.saturating_sub(median_ms)),
            last_contact_ms: Some(last_contact_ms),
            ..unknown
        }
    }
}
