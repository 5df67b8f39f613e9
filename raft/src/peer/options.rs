//! What a replica is told about others.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::Credentials;
use crate::formation::{Discovery, DnsPeers, Profile, StaticPeers};
use crate::membership::Policy;

/// How a replica reaches others, and is reached by them.
#[derive(Clone)]
pub struct PeerOptions {
    /// Where it listens for other replicas.
    pub listen: SocketAddr,
    /// What it shows to them, and asks of them.
    pub credentials: Credentials,
    /// `host:port` of its peer listener, as others reach it.
    pub advertise: String,
    /// How it finds others.
    pub discovery: Peering,
    /// Where it runs, in the operator's words.
    pub region: String,
    /// Its role lets it vote, and it is in the primary region.
    pub may_vote: bool,
    /// How many fresh replicas that may vote found a cluster together; 0 if this one founds none.
    pub bootstrap_expect: u32,
    /// How many voters the leader keeps, if there are as many replicas that may vote.
    pub voters: usize,
    /// A voter that does not answer for so long is replaced by a learner that may vote; none if never.
    pub replace_after: Option<Duration>,
    /// A learner that does not answer for so long is forgotten; none if never.
    pub forget_after: Option<Duration>,
    /// The version of this program, for people.
    pub program_version: String,
}

impl PeerOptions {
    pub(crate) fn profile(&self, supported_level: u32) -> Profile {
        Profile {
            program_version: self.program_version.clone(),
            region: self.region.clone(),
            address: self.advertise.clone(),
            may_vote: self.may_vote,
            bootstrap_expect: self.bootstrap_expect,
            supported_level,
        }
    }

    pub(crate) fn policy(&self) -> Policy {
        let (replace_after, forget_after) = (self.replace_after, self.forget_after);
        Policy { voters: self.voters, replace_after, forget_after }
    }
}

/// Where others may be.
#[derive(Clone, Debug)]
pub enum Peering {
    /// At these addresses.
    Static(StaticPeers),
    /// At all addresses of a name.
    Dns(DnsPeers),
}

impl Discovery for Peering {
    async fn addresses(&self) -> io::Result<Vec<String>> {
        match self {
            Self::Static(peers) => peers.addresses().await,
            Self::Dns(peers) => peers.addresses().await,
        }
    }
}
