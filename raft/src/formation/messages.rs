//! What replicas say to each other until they belong to a cluster.
//!
//! Protobuf messages. Tags are for ever: never reuse or renumber one.

use prost::{Enumeration, Message, Oneof};

use super::id::{ClusterId, Instance};

/// The version of these messages and of the rules behind them. Replicas found a cluster only with others of
/// the same one.
pub const PROTOCOL_VERSION: u32 = 1;
/// The most replicas that found a cluster: more voters than that make no cluster safer, only slower.
pub const MAX_FOUNDERS: usize = 31;

/// What a replica tells of itself to whoever asks, and to whomever it asks.
#[derive(Clone, PartialEq, Message)]
pub struct Hello {
    /// [`PROTOCOL_VERSION`] of its program.
    #[prost(uint32, tag = "1")]
    pub protocol_version: u32,
    /// The version of its program, for people.
    #[prost(string, tag = "2")]
    pub program_version: String,
    /// What is on its disk.
    #[prost(message, required, tag = "3")]
    pub instance: Instance,
    /// Where it runs, in the operator's words.
    #[prost(string, tag = "4")]
    pub region: String,
    /// `host:port` of its peer listener, as others reach it.
    #[prost(string, tag = "5")]
    pub address: String,
    /// Its role lets it vote, and it is in what it takes for the primary region.
    #[prost(bool, tag = "6")]
    pub may_vote: bool,
    /// How many fresh replicas it waits for to found a cluster with; 0 if it founds none.
    #[prost(uint32, tag = "7")]
    pub bootstrap_expect: u32,
    /// How often its record changed. What it said with a lower one is out of date.
    #[prost(uint64, tag = "8")]
    pub revision: u64,
    /// Its wall clock as it said this, in milliseconds since the Unix epoch.
    #[prost(uint64, tag = "9")]
    pub wall_ms: u64,
    /// What it belongs to. None if a newer program has a word for it that this one does not know.
    #[prost(oneof = "Standing", tags = "10, 11, 12, 13")]
    pub standing: Option<Standing>,
    /// The voters-to-be whose own answers it got lately: fresh and promised ones.
    #[prost(message, repeated, tag = "14")]
    pub seen: Vec<Instance>,
    /// Where a member believes the leader is, as `host:port`.
    #[prost(string, optional, tag = "15")]
    pub leader_address: Option<String>,
}

/// How far a replica has come on its way into a cluster. Each but the first is durable before it is told.
#[derive(Clone, PartialEq, Eq, Oneof)]
pub enum Standing {
    /// It knows of no cluster.
    #[prost(message, tag = "10")]
    Fresh(()),
    /// It found members of this cluster and asks them to let it in.
    #[prost(message, tag = "11")]
    Joining(ClusterId),
    /// It agreed to found a cluster, as proposer or after being asked, and does not know yet what became of it.
    #[prost(message, tag = "12")]
    Promised(Promise),
    /// It belongs to a cluster.
    #[prost(message, tag = "13")]
    Member(Member),
}

/// Names a proposal to found a cluster.
#[derive(Copy, Clone, PartialEq, Eq, Message)]
pub struct Promise {
    /// The cluster that may come of it.
    #[prost(message, required, tag = "1")]
    pub cluster_id: ClusterId,
    /// Who decides.
    #[prost(message, required, tag = "2")]
    pub proposer: Instance,
}

/// A place in a cluster: the identity of a replica.
#[derive(Copy, Clone, PartialEq, Eq, Message)]
pub struct Member {
    /// The cluster.
    #[prost(message, required, tag = "1")]
    pub cluster_id: ClusterId,
    /// The replica in it, for ever. Starts at 1.
    #[prost(uint64, tag = "2")]
    pub node_id: u64,
}

/// A proposal to found a cluster of exactly these replicas.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Founding {
    /// The id that the cluster will have.
    #[prost(message, required, tag = "1")]
    pub cluster_id: ClusterId,
    /// Its members, in the order of their instances, which is also that of their node ids 1, 2, 3 …
    #[prost(message, repeated, tag = "2")]
    pub members: Vec<Founder>,
    /// The member that proposes it and alone decides: the first.
    #[prost(message, required, tag = "3")]
    pub proposer: Instance,
}

/// One of the first members of a cluster, all of which vote.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Founder {
    /// Its id in the cluster.
    #[prost(uint64, tag = "1")]
    pub node_id: u64,
    /// What is on its disk.
    #[prost(message, required, tag = "2")]
    pub instance: Instance,
    /// `host:port` of its peer listener when the cluster was proposed.
    #[prost(string, tag = "3")]
    pub address: String,
    /// Where it runs.
    #[prost(string, tag = "4")]
    pub region: String,
}

/// What a replica answers to a [`Founding`].
#[derive(Clone, PartialEq, Message)]
pub struct PromiseAnswer {
    /// Who answers. An address may have become another replica's: only this says who promised.
    #[prost(message, required, tag = "1")]
    pub instance: Instance,
    /// It has promised this founding, durably, and promises no other until it knows that nothing came of it.
    #[prost(bool, tag = "2")]
    pub promised: bool,
    /// Why it has not, for people.
    #[prost(string, tag = "3")]
    pub reason: String,
}

/// Asks what became of a proposal.
#[derive(Copy, Clone, PartialEq, Eq, Message)]
pub struct FoundingQuery {
    /// The cluster that was proposed.
    #[prost(message, required, tag = "1")]
    pub cluster_id: ClusterId,
    /// Who proposed it, and so knows.
    #[prost(message, required, tag = "2")]
    pub proposer: Instance,
}

/// What became of a proposal. The only answers that may be acted on are `Formed` and `Abandoned`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Enumeration)]
#[repr(i32)]
pub enum FoundingState {
    /// Whoever was asked can't know.
    Unknown = 0,
    /// Not decided yet.
    Pending = 1,
    /// The cluster exists.
    Formed = 2,
    /// The cluster never existed and never will.
    Abandoned = 3,
}

/// A [`FoundingState`] as a message.
#[derive(Copy, Clone, PartialEq, Eq, Message)]
pub struct FoundingAnswer {
    /// The state.
    #[prost(enumeration = "FoundingState", tag = "1")]
    pub state: i32,
}

/// Asks a member to let a replica into its cluster.
#[derive(Clone, PartialEq, Message)]
pub struct JoinRequest {
    /// [`PROTOCOL_VERSION`] of the replica that asks.
    #[prost(uint32, tag = "1")]
    pub protocol_version: u32,
    /// The version of its program, for people.
    #[prost(string, tag = "2")]
    pub program_version: String,
    /// The cluster it found. A member of another one refuses.
    #[prost(message, required, tag = "3")]
    pub cluster_id: ClusterId,
    /// What is on its disk. Asked again for the same one, the leader gives the same node id.
    #[prost(message, required, tag = "4")]
    pub instance: Instance,
    /// `host:port` of its peer listener, as others reach it.
    #[prost(string, tag = "5")]
    pub address: String,
    /// Where it runs.
    #[prost(string, tag = "6")]
    pub region: String,
    /// Its role lets it vote, and it is in what it takes for the primary region.
    #[prost(bool, tag = "7")]
    pub may_vote: bool,
    /// The newest feature level that its program supports; 0 if it does not say.
    #[prost(uint32, tag = "8")]
    pub supported_level: u32,
}

/// What a member answers to a [`JoinRequest`].
#[derive(Clone, PartialEq, Message)]
pub struct JoinAnswer {
    /// None if a newer program has a word for it that this one does not know.
    #[prost(oneof = "JoinOutcome", tags = "1, 2, 3")]
    pub outcome: Option<JoinOutcome>,
}

/// Whether a replica is let in.
#[derive(Clone, PartialEq, Eq, Oneof)]
pub enum JoinOutcome {
    /// This is its place; committed in the log.
    #[prost(message, tag = "1")]
    Admitted(Member),
    /// Only the leader can say: here it is, as `host:port`; empty if that is not known.
    #[prost(string, tag = "2")]
    NotLeader(String),
    /// Not let in, and why, for people.
    #[prost(string, tag = "3")]
    Refused(String),
}
