//! Protobuf messages between an operator's program and a replica. Tags are for ever: the two may be of neighbouring
//! versions.

use prost::{Enumeration, Message, Oneof};

use crate::formation::{InitError, Member};

/// Asks how the cluster is.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct StatusRequest {}

/// The cluster, as one replica knows it.
#[derive(Clone, PartialEq, Message)]
pub struct ClusterStatus {
    /// 32 hexadecimal digits; empty for a replica that belongs to no cluster yet.
    #[prost(string, tag = "1")]
    pub cluster_id: String,
    /// Who leads, if that is known.
    #[prost(uint64, optional, tag = "2")]
    pub leader: Option<u64>,
    /// Where that one is, as `host:port`; empty if that is not known.
    #[prost(string, tag = "3")]
    pub leader_address: String,
    /// The newest term that the replica knows of.
    #[prost(uint64, tag = "4")]
    pub term: u64,
    /// All members, by their ids.
    #[prost(message, repeated, tag = "5")]
    pub replicas: Vec<ReplicaStatus>,
    /// What a replica without a cluster waits for, in words; empty for one that has one.
    #[prost(string, tag = "6")]
    pub waiting_for: String,
    /// Who says all this; none for a replica without a cluster.
    #[prost(uint64, optional, tag = "7")]
    pub answered_by: Option<u64>,
}

/// A member of the cluster. What is not known of it is none.
#[derive(Clone, PartialEq, Message)]
pub struct ReplicaStatus {
    /// Its id in the cluster.
    #[prost(uint64, tag = "1")]
    pub id: u64,
    /// Where it runs.
    #[prost(string, tag = "2")]
    pub region: String,
    /// Whether it votes.
    #[prost(enumeration = "ReplicaRole", tag = "3")]
    pub role: i32,
    /// `host:port` of its peer listener, as others reach it.
    #[prost(string, tag = "4")]
    pub address: String,
    /// The version of its program.
    #[prost(string, optional, tag = "5")]
    pub version: Option<String>,
    /// The index of the last entry in its log.
    #[prost(uint64, optional, tag = "6")]
    pub last_log: Option<u64>,
    /// The index of the last entry that it applied.
    #[prost(uint64, optional, tag = "7")]
    pub applied: Option<u64>,
    /// How far its wall clock is ahead of the median of a quorum's, in milliseconds.
    #[prost(sint64, optional, tag = "8")]
    pub clock_offset_ms: Option<i64>,
    /// How long ago it was last heard by the replica that says this, in milliseconds.
    #[prost(uint64, optional, tag = "9")]
    pub last_contact_ms: Option<u64>,
    /// It was demoted, and does not vote before it is promoted.
    #[prost(bool, tag = "10")]
    pub held_back: bool,
}

/// Whether a member votes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub enum ReplicaRole {
    /// It has the log, and no vote.
    Learner = 0,
    /// It votes.
    Voter = 1,
}

/// An order to a cluster.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct OrderRequest {
    /// None if a newer program has a word for it that this one does not know.
    #[prost(oneof = "Order", tags = "1, 2, 3, 4, 5")]
    pub(crate) order: Option<Order>,
}

/// What an operator may order.
#[derive(Clone, PartialEq, Eq, Oneof)]
pub enum Order {
    /// The replica that is asked forms a cluster of one.
    #[prost(message, tag = "1")]
    Init(InitOrder),
    /// This learner votes from now on.
    #[prost(uint64, tag = "2")]
    Promote(u64),
    /// This voter does not vote any more, until it is promoted.
    #[prost(uint64, tag = "3")]
    Demote(u64),
    /// This member is none any more.
    #[prost(uint64, tag = "4")]
    Remove(u64),
    /// Another voter leads.
    #[prost(message, tag = "5")]
    TransferLeader(TransferOrder),
}

/// Forms a cluster of one.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct InitOrder {
    /// Also where the replica knows of a cluster, or promised to found one: then there may be two.
    #[prost(bool, tag = "1")]
    pub force: bool,
}

/// Has another voter lead.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub struct TransferOrder {
    /// This one; none for the one with the longest log.
    #[prost(uint64, optional, tag = "1")]
    pub to: Option<u64>,
}

/// What a replica answers to an order.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct OrderAnswer {
    /// None if a newer program has a word for it that this one does not know.
    #[prost(oneof = "OrderOutcome", tags = "1, 2, 3")]
    pub(crate) outcome: Option<OrderOutcome>,
}

#[derive(Clone, PartialEq, Eq, Oneof)]
pub(crate) enum OrderOutcome {
    /// It is so now, in words.
    #[prost(string, tag = "1")]
    Done(String),
    /// Only the leader can do it: here it is, as `host:port`; empty if that is not known.
    #[prost(string, tag = "2")]
    NotLeader(String),
    /// It is not done, and why.
    #[prost(string, tag = "3")]
    Refused(String),
}

impl OrderAnswer {
    pub(crate) fn done(what: String) -> Self {
        Self { outcome: Some(OrderOutcome::Done(what)) }
    }

    pub(crate) fn not_leader(leader: String) -> Self {
        Self { outcome: Some(OrderOutcome::NotLeader(leader)) }
    }

    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self { outcome: Some(OrderOutcome::Refused(why.into())) }
    }

    pub(crate) fn of_init(formed: Result<Member, InitError>) -> Self {
        match formed {
            Ok(Member { cluster_id, node_id }) => {
                Self::done(format!("cluster {cluster_id} is formed; this is its replica {node_id}"))
            }
            Err(error) => Self::refused(error.to_string()),
        }
    }
}
