//! Letting a replica in: the leader gives it a node id by way of the log, and makes it a learner.

use std::collections::BTreeMap;

use openraft::ChangeMembers;
use openraft::async_runtime::watch::WatchReceiver;
use openraft::errors::RaftError;
use prost::Message;

use crate::engine::ProposeError;
use crate::formation::{JoinAnswer, JoinOutcome, JoinRequest, Member, PROTOCOL_VERSION};
use crate::inner::Inner;
use crate::peer::leader_address;
use crate::planted::{self, Bug};
use crate::types::Node;
use crate::wire::{AllocateNode, Allocated, ClusterChange, FIRST_LEVEL};

impl Inner {
    /// Lets a replica in, if this one leads. Asked again for the same replica, the answer is the same.
    pub(crate) async fn admit(&self, request: &JoinRequest) -> JoinAnswer {
        JoinAnswer { outcome: Some(self.admission(request).await) }
    }

    async fn admission(&self, request: &JoinRequest) -> JoinOutcome {
        if u128::from(request.cluster_id) != self.cluster_id {
            return JoinOutcome::Refused(format!("this is {}", self.identified()));
        }
        if request.protocol_version != PROTOCOL_VERSION || request.instance.is_missing() {
            return JoinOutcome::Refused("its program is of another version".to_owned());
        }
        let known = self.member_at(&request.address).filter(|_| planted::has(Bug::ReuseNodeId));
        if let Some(node_id) = known {
            return JoinOutcome::Admitted(Member { cluster_id: request.cluster_id, node_id });
        }
        let supported = request.supported_level.max(FIRST_LEVEL);
        if let Some(reason) = self.state.shared().cluster().why_too_new(supported) {
            return JoinOutcome::Refused(reason);
        }
        let allocated = match self.allocate(u128::from(request.instance)).await {
            Ok(node_id) => node_id,
            Err(ProposeError::NotLeader { .. }) => {
                return JoinOutcome::NotLeader(leader_address(self).unwrap_or_default());
            }
            Err(error) => return JoinOutcome::Refused(error.to_string()),
        };
        let node = Node { address: request.address.clone(), region: request.region.clone() };
        let learner = ChangeMembers::AddNodes(BTreeMap::from([(allocated, node)]));
        match self.raft.change_membership(learner, true).await {
            Ok(_) => {
                let (region, address) = (&request.region, &request.address);
                tracing::info!(replica = allocated, region, address, "let a replica in");
                JoinOutcome::Admitted(Member { cluster_id: request.cluster_id, node_id: allocated })
            }
            Err(RaftError::APIError(error)) => JoinOutcome::Refused(error.to_string()),
            Err(RaftError::Fatal(error)) => JoinOutcome::Refused(error.to_string()),
        }
    }

    fn member_at(&self, address: &str) -> Option<u64> {
        let metrics = self.raft.server_metrics();
        let metrics = metrics.borrow_watched();
        let mut members = metrics.membership_config.membership().nodes();
        members.find(|(_, node)| node.address == address).map(|(id, _)| *id)
    }

    async fn allocate(&self, instance: u128) -> Result<u64, ProposeError> {
        let change = AllocateNode { instance: instance.to_be_bytes().to_vec() };
        let applied = self.propose_change(ClusterChange::AllocateNode(change)).await?;
        // This very program has written it.
        Allocated::decode(applied.reply).map(|allocated| allocated.node_id).map_err(|_| ProposeError::Unknown)
    }
}
