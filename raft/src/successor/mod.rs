//! A cluster of one that begins with the state of another cluster: of a backup, or of the one replica that is left.
//!
//! It has an id of its own, so that nothing of the old cluster is mistaken for its own: no replica, no vote, no token
//! of a client. Its log begins behind the last entry that the state has.

mod files;
mod origin;
mod recover;
mod restore;

pub(crate) use files::{is_anything_there, settle};
pub use origin::{Ancestor, Origin};
pub(crate) use recover::read_ends;
pub use recover::{RecoverError, Recovery};
#[cfg(test)]
pub(crate) use restore::restore_into;
pub use restore::{RestoreError, restore};

use std::collections::BTreeMap;

use openraft::vote::RaftLeaderId;
use redb::WriteTransaction;

use crate::log_time::LogTime;
use crate::snapshot::STATE_META;
use crate::state_shared::{CLUSTER_KEY, MEMBERSHIP_KEY, PROGRESS_KEY};
use crate::store::{put_identity, put_message};
use crate::types::{LeaderId, LogId, Membership, Node, StoredMembership, Vote};
use crate::wire::{self, ClusterState, FORMAT_VERSION, Identity, OriginKind, StoredOrigin};

/// The replica that was made: the only one of its cluster.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct NewCluster {
    /// The new cluster.
    pub cluster_id: u128,
    /// The replica's id in it.
    pub node_id: u64,
    /// Whose state it has.
    pub ancestor: Ancestor,
}

/// What the state says that the new cluster begins with.
pub(crate) struct Inheritance {
    pub(crate) cluster_id: u128,
    pub(crate) applied: LogId,
    pub(crate) log_time: LogTime,
    pub(crate) membership: StoredMembership,
    pub(crate) cluster: ClusterState,
}

/// All that makes a replica of the new cluster, beside the tables of the state.
pub(crate) struct Successor {
    identity: Identity,
    applied: LogId,
    progress: wire::Progress,
    membership: wire::StoredMembership,
    cluster: ClusterState,
    /// Given to itself, in a term that nothing in the state is of.
    vote: Vote,
    made: NewCluster,
}

impl Successor {
    /// The only replica of a new cluster, with an id that no replica of the old one had, as far as the state knows.
    pub(crate) fn new(cluster_id: u128, kind: OriginKind, inheritance: Inheritance) -> Self {
        let Inheritance { cluster_id: old_id, applied, log_time, membership, cluster } = inheritance;
        let members = membership.membership().nodes().map(|(id, _)| *id).max().unwrap_or(0);
        let node_id = cluster.last_node_id.max(members) + 1;
        let alone = BTreeMap::from([(node_id, Node::default())]);
        let alone = Membership::new_with_defaults(vec![[node_id].into()], alone.into_keys());
        let origin = StoredOrigin {
            cluster_id: old_id.to_be_bytes().to_vec(),
            index: applied.index,
            log_time_ms: log_time.as_millis(),
            kind: kind.into(),
        };
        // Whoever asked the old cluster to let it in has nothing to ask of this one.
        let (origin, level) = (Some(origin), cluster.level);
        let cluster = ClusterState { last_node_id: node_id, origin, level, ..ClusterState::default() };
        Self {
            identity: Identity {
                format_version: FORMAT_VERSION,
                cluster_id: cluster_id.to_be_bytes().to_vec(),
                node_id,
                bootstraps: false,
            },
            applied,
            progress: wire::Progress {
                applied: Some(wire::LogId::from(&applied)),
                log_time_ms: log_time.as_millis(),
            },
            membership: wire::StoredMembership::from(&StoredMembership::new(Some(applied), alone)),
            cluster,
            vote: Vote { leader_id: LeaderId::new(applied.leader_id.term + 1, node_id), committed: false },
            made: NewCluster {
                cluster_id,
                node_id,
                ancestor: Ancestor { cluster_id: old_id, index: applied.index, log_time },
            },
        }
    }

    /// Writes whose the state is, over whatever it says of that.
    pub(crate) fn put_state(&self, txn: &WriteTransaction) -> Result<(), redb::Error> {
        put_identity(txn, STATE_META, &self.identity)?;
        put_message(txn, STATE_META, PROGRESS_KEY, &self.progress)?;
        put_message(txn, STATE_META, MEMBERSHIP_KEY, &self.membership)?;
        put_message(txn, STATE_META, CLUSTER_KEY, &self.cluster)
    }
}
