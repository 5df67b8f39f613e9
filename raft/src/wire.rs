//! Protobuf messages for what the engine stores beside commands: identity, votes, log ids, membership.
//!
//! Tags are for ever: never reuse or renumber one.

use std::collections::{BTreeMap, BTreeSet};

use openraft::vote::RaftLeaderId;
use prost::{Enumeration, Message, Oneof};

use crate::types::{self, LeaderId};

/// The newest layout of both files that this code reads and writes.
pub(crate) const FORMAT_VERSION: u32 = 1;
/// The feature level of a cluster that never raised it, and of a program that does not say which one it supports.
pub(crate) const FIRST_LEVEL: u32 = 1;

/// Who a store belongs to; in both files.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Identity {
    #[prost(uint32, tag = "1")]
    pub(crate) format_version: u32,
    /// 128 random bits, big endian.
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) cluster_id: Vec<u8>,
    #[prost(uint64, tag = "3")]
    pub(crate) node_id: u64,
    /// This store is that of a founder, so it puts the first membership into its log if the first start did not get
    /// that far.
    #[prost(bool, tag = "4")]
    pub(crate) bootstraps: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct LogId {
    #[prost(uint64, tag = "1")]
    term: u64,
    #[prost(uint64, tag = "2")]
    node_id: u64,
    #[prost(uint64, tag = "3")]
    index: u64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Vote {
    #[prost(uint64, tag = "1")]
    term: u64,
    #[prost(uint64, tag = "2")]
    node_id: u64,
    #[prost(bool, tag = "3")]
    committed: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Membership {
    /// One set of voters, or two while a change is under way.
    #[prost(message, repeated, tag = "1")]
    configs: Vec<Voters>,
    #[prost(btree_map = "uint64, message", tag = "2")]
    nodes: BTreeMap<u64, Node>,
}

#[derive(Clone, PartialEq, Message)]
struct Voters {
    #[prost(uint64, repeated, tag = "1")]
    node_ids: Vec<u64>,
}

#[derive(Clone, PartialEq, Message)]
struct Node {
    #[prost(string, tag = "1")]
    address: String,
    #[prost(string, tag = "2")]
    region: String,
}

/// The membership in force, and the entry that set it.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct StoredMembership {
    #[prost(message, optional, tag = "1")]
    log_id: Option<LogId>,
    #[prost(message, optional, tag = "2")]
    membership: Option<Membership>,
}

/// How far the state has come.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Progress {
    #[prost(message, optional, tag = "1")]
    pub(crate) applied: Option<LogId>,
    #[prost(uint64, tag = "2")]
    pub(crate) log_time_ms: u64,
}

/// What the cluster agrees on by way of the log, beside its membership.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ClusterState {
    /// The greatest node id that was given out or that any member ever had.
    #[prost(uint64, tag = "1")]
    pub(crate) last_node_id: u64,
    /// The newest of them, oldest first, with whom they were given to: who asks again gets the same one.
    #[prost(message, repeated, tag = "2")]
    pub(crate) allocations: Vec<Allocation>,
    /// Members that must not vote, for the operator said so.
    #[prost(uint64, repeated, tag = "3")]
    pub(crate) held_back: Vec<u64>,
    /// The newest of those that were members and are none any more, in the order in which they left.
    #[prost(uint64, repeated, tag = "4")]
    pub(crate) removed: Vec<u64>,
    /// The cluster whose state this one began with; none if it was founded with nothing.
    #[prost(message, optional, tag = "10")]
    pub(crate) origin: Option<StoredOrigin>,
    /// The feature level that all replicas support; 0 before it was first raised, which means [`FIRST_LEVEL`].
    #[prost(uint32, tag = "11")]
    pub(crate) level: u32,
}

/// How a cluster came out of the state of another.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct StoredOrigin {
    /// Of that other: 128 bits, big endian.
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) cluster_id: Vec<u8>,
    /// The last entry of its log that the state had.
    #[prost(uint64, tag = "2")]
    pub(crate) index: u64,
    /// The replicated clock at that entry.
    #[prost(uint64, tag = "3")]
    pub(crate) log_time_ms: u64,
    #[prost(enumeration = "OriginKind", tag = "4")]
    pub(crate) kind: i32,
}

/// What was done with that state.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Enumeration)]
#[repr(i32)]
pub(crate) enum OriginKind {
    /// A newer program has a word for it that this one does not know.
    Unknown = 0,
    Restored = 1,
    Recovered = 2,
}

/// This replica's state is not that of the others.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Diverged {
    /// What was found, and what to do.
    #[prost(string, tag = "1")]
    pub(crate) reason: String,
}

/// How large the log is, as it was last counted.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct LogSize {
    /// The bytes of all records in the file.
    #[prost(uint64, tag = "1")]
    pub(crate) record_bytes: u64,
    /// How many these are.
    #[prost(uint64, tag = "2")]
    pub(crate) entries: u64,
    /// The last one's index.
    #[prost(uint64, optional, tag = "3")]
    pub(crate) last_index: Option<u64>,
}

/// A node id that was given out.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Allocation {
    /// What is on the replica's disk: 128 random bits, big endian.
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) instance: Vec<u8>,
    #[prost(uint64, tag = "2")]
    pub(crate) node_id: u64,
}

/// A change of [`ClusterState`].
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ClusterCommand {
    /// None if a newer program proposed one that this does not know.
    #[prost(oneof = "ClusterChange", tags = "1, 5, 7, 8")]
    pub(crate) change: Option<ClusterChange>,
}

#[derive(Clone, PartialEq, Oneof)]
pub(crate) enum ClusterChange {
    /// Gives out a node id that nobody had.
    #[prost(message, tag = "1")]
    AllocateNode(AllocateNode),
    /// Keeps a member from voting, or does so no longer.
    #[prost(message, tag = "5")]
    HoldBack(HoldBack),
    /// Changes nothing: the digests of all replicas' states are taken here.
    #[prost(message, tag = "7")]
    Checkpoint(()),
    /// All replicas support a higher feature level.
    #[prost(message, tag = "8")]
    RaiseLevel(RaiseLevel),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AllocateNode {
    /// Whom it is for.
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) instance: Vec<u8>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct HoldBack {
    #[prost(uint64, tag = "1")]
    pub(crate) node_id: u64,
    /// From now on it must not vote; or else it may again.
    #[prost(bool, tag = "2")]
    pub(crate) is_held_back: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct RaiseLevel {
    #[prost(uint32, tag = "1")]
    pub(crate) level: u32,
}

/// The reply to [`AllocateNode`].
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Allocated {
    #[prost(uint64, tag = "1")]
    pub(crate) node_id: u64,
}

impl From<&types::LogId> for LogId {
    fn from(id: &types::LogId) -> Self {
        Self { term: id.leader_id.term, node_id: id.leader_id.node_id, index: id.index }
    }
}

impl From<LogId> for types::LogId {
    fn from(id: LogId) -> Self {
        types::LogId::new(LeaderId::new(id.term, id.node_id), id.index)
    }
}

impl From<&types::Vote> for Vote {
    fn from(vote: &types::Vote) -> Self {
        Self { term: vote.leader_id.term, node_id: vote.leader_id.node_id, committed: vote.committed }
    }
}

impl From<Vote> for types::Vote {
    fn from(vote: Vote) -> Self {
        types::Vote { leader_id: LeaderId::new(vote.term, vote.node_id), committed: vote.committed }
    }
}

impl From<&types::Membership> for Membership {
    fn from(membership: &types::Membership) -> Self {
        let voters = |ids: &BTreeSet<u64>| Voters { node_ids: ids.iter().copied().collect() };
        let node = |n: &types::Node| Node { address: n.address.clone(), region: n.region.clone() };
        Self {
            configs: membership.get_joint_config().iter().map(voters).collect(),
            nodes: membership.nodes().map(|(id, n)| (*id, node(n))).collect(),
        }
    }
}

impl TryFrom<Membership> for types::Membership {
    type Error = String;

    fn try_from(wire: Membership) -> Result<Self, String> {
        let configs: Vec<BTreeSet<u64>> =
            wire.configs.into_iter().map(|voters| voters.node_ids.into_iter().collect()).collect();
        if configs.is_empty() && wire.nodes.is_empty() {
            return Ok(types::Membership::default());
        }
        let node = |n: Node| types::Node { address: n.address, region: n.region };
        let nodes: BTreeMap<u64, types::Node> = wire.nodes.into_iter().map(|(id, n)| (id, node(n))).collect();
        types::Membership::new(configs, nodes).map_err(|e| e.to_string())
    }
}

impl From<&types::StoredMembership> for StoredMembership {
    fn from(stored: &types::StoredMembership) -> Self {
        Self {
            log_id: stored.log_id().as_ref().map(LogId::from),
            membership: Some(stored.membership().into()),
        }
    }
}

impl TryFrom<StoredMembership> for types::StoredMembership {
    type Error = String;

    fn try_from(wire: StoredMembership) -> Result<Self, String> {
        let membership = wire.membership.unwrap_or_default().try_into()?;
        Ok(types::StoredMembership::new(wire.log_id.map(Into::into), membership))
    }
}
