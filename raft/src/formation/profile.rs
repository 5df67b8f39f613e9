//! How a replica is set up, as far as the formation of a cluster is concerned.

/// What the operator told a replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The version of the program, for people.
    pub program_version: String,
    /// Where the replica runs, in the operator's words.
    pub region: String,
    /// `host:port` of its peer listener, as others reach it.
    pub address: String,
    /// Its role is not learner, and its region is the primary one.
    pub may_vote: bool,
    /// How many fresh replicas that may vote, this one among them, found a cluster; the same on all of them.
    /// With 0 it founds none. At most [`MAX_FOUNDERS`](super::MAX_FOUNDERS).
    pub bootstrap_expect: u32,
    /// The newest feature level that the program supports.
    pub supported_level: u32,
}
