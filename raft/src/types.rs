//! The consensus library's types, as this crate sets them.

use std::fmt;

use bytes::Bytes;

use crate::log_time::LogTime;
use crate::wire::ClusterCommand;

openraft::declare_raft_types!(
    /// What the replicated log is made of.
    pub(crate) TypeConfig:
        D = Proposal,
        R = Bytes,
        NodeId = u64,
        Node = Node,
);

pub(crate) type Entry = openraft::type_config::alias::EntryOf<TypeConfig>;
pub(crate) type Payload = openraft::type_config::alias::PayloadOf<TypeConfig>;
pub(crate) type LogId = openraft::type_config::alias::LogIdOf<TypeConfig>;
pub(crate) type LeaderId = openraft::type_config::alias::LeaderIdOf<TypeConfig>;
// Not `VoteOf<TypeConfig>`, which is the same: to a crate above, an associated type may be any type, and the
// conversions in `wire` would conflict with that crate's own generic ones.
pub(crate) type Vote = openraft::impls::Vote<LeaderId>;
pub(crate) type Membership = openraft::Membership<u64, Node>;
pub(crate) type StoredMembership = openraft::type_config::alias::StoredMembershipOf<TypeConfig>;
pub(crate) type SnapshotMeta = openraft::type_config::alias::SnapshotMetaOf<TypeConfig>;

/// Where a member of the cluster is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// `host:port` of its peer listener; empty for a cluster that never had a second member.
    pub address: String,
    /// Where it runs, in the operator's words; empty when nobody said.
    pub region: String,
}

/// A command on its way into the log.
#[derive(Clone, PartialEq)]
pub(crate) struct Proposal {
    /// The leader's clock when it took the command.
    pub(crate) stamp: LogTime,
    pub(crate) body: Body,
}

/// Whose command it is.
#[derive(Clone, PartialEq)]
pub(crate) enum Body {
    /// The state machine's.
    Command(Bytes),
    /// The cluster's own.
    Cluster(ClusterCommand),
}

impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.stamp.as_millis();
        match &self.body {
            Body::Command(command) => write!(f, "command of {} bytes at {at}", command.len()),
            Body::Cluster(command) => write!(f, "{command:?} at {at}"),
        }
    }
}

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The index after this entry.
pub(crate) fn next_index(id: Option<LogId>) -> u64 {
    id.map_or(0, |id| id.index + 1)
}

/// Bytes of the entry's command.
pub(crate) fn command_bytes(entry: &Entry) -> usize {
    match &entry.payload {
        openraft::EntryPayload::Normal(Proposal { body: Body::Command(command), .. }) => command.len(),
        _ => 0,
    }
}
