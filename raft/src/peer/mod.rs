//! What goes between replicas: gRPC over mutual TLS.
//!
//! Replication is a stream each way, so that a replica 200 ms away is not held to one batch a round trip. Heartbeats
//! and votes, snapshots, and commands on their way to the leader have connections of their own: none waits behind
//! the bytes of another. Each call names the cluster, who calls and who is meant, and is refused if that is not so:
//! behind an address there may be somebody else by now.

mod acknowledged;
pub(crate) mod backups;
mod certificate;
mod clocks;
mod connections;
mod credentials;
mod directory;
mod divergence;
mod expiry;
mod failure;
mod forward;
mod greet;
mod identity;
mod incoming;
mod network;
mod notices;
mod options;
pub(crate) mod proto;
mod read_index;
mod report;
mod sending;
mod server;
mod service;
mod snapshots;
mod watch;

use std::sync::{Arc, Mutex, OnceLock};

use tonic::Status;
use tonic::transport::Channel;

pub use self::backups::{BackupClient, BackupDownload, CallFailed};
pub(crate) use self::clocks::{PeerClocks, VoterClocks};
pub(crate) use self::connections::{Connections, Purpose};
pub use self::credentials::{Credentials, CredentialsError, PEER_NAME};
pub(crate) use self::failure::root_cause;
pub(crate) use self::greet::leader_address;
pub(crate) use self::identity::Identified;
pub(crate) use self::network::PeerNetwork;
pub use self::options::{PeerOptions, Peering};
pub(crate) use self::server::{PeerServer, Reception};
pub(crate) use self::watch::{ROUND, report, watch};

use crate::log_time::Clock;
use crate::state_store::StateStore;

use self::acknowledged::Acknowledged;
use self::directory::Directory;
use self::forward::Forwarder;
use self::generated::peer_client::PeerClient;
use self::notices::Notices;
use self::read_index::ReadIndexes;
use self::sending::Sending;

/// The client and the server that `build.rs` writes.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::too_many_lines, reason = "not written by hand")]
pub(crate) mod generated {
    include!(concat!(env!("OUT_DIR"), "/boxoffice.raft.Peer.rs"));
}

/// This replica's side of all that goes between replicas.
pub(crate) struct Peers {
    /// Who this replica is, once it belongs to a cluster.
    identified: OnceLock<Identified>,
    /// Its state, for those that need all of it.
    state: OnceLock<StateStore>,
    connections: Connections,
    directory: Directory,
    pub(crate) clocks: Arc<PeerClocks>,
    forwarder: Mutex<Option<Forwarder>>,
    read_indexes: ReadIndexes,
    /// Whole states on their way to others.
    sending: Sending,
    /// What others acknowledged to this replica.
    acknowledged: Acknowledged,
    /// Who refused this replica.
    refusals: Notices,
}

impl Peers {
    /// Calls nobody yet.
    pub(crate) fn new(own: &PeerOptions, clock: Arc<dyn Clock>) -> Self {
        Self {
            identified: OnceLock::new(),
            state: OnceLock::new(),
            connections: Connections::of_a_replica(own.credentials.clone(), own.listen),
            directory: Directory::default(),
            clocks: Arc::new(PeerClocks::new(clock)),
            forwarder: Mutex::new(None),
            read_indexes: ReadIndexes::default(),
            sending: Sending::default(),
            acknowledged: Acknowledged::default(),
            refusals: Notices::default(),
        }
    }

    /// Says who this replica is, for ever, and what its state is.
    pub(crate) fn identify(&self, identified: Identified, state: StateStore) {
        self.identified.set(identified).ok();
        self.state.set(state).ok();
    }

    fn state(&self) -> Option<&StateStore> {
        self.state.get()
    }

    /// What is known of the others.
    pub(crate) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The last entry in the state that is on its way to the replica, if one is.
    pub(crate) fn sending(&self, node_id: u64) -> Option<u64> {
        self.sending.last_index(node_id)
    }

    /// Where a replica is: where it was last found, or else what the membership says.
    pub(crate) fn address(&self, node_id: u64, joined_at: &str) -> String {
        self.directory.address(node_id).unwrap_or_else(|| joined_at.to_owned())
    }

    /// Says that the replica at `address` refuses this one: the other side says it as well, and an operator may look at
    /// either.
    fn refused(&self, address: &str, reason: &str) {
        if self.refusals.is_due(format!("{address} {reason}")) {
            tracing::warn!(address, reason, "the replica there refuses this one");
        }
    }

    /// Says that a replica does not have what it acknowledged: it stops, and says so itself.
    fn lost(&self, replica: u64, reason: &str) {
        if self.refusals.is_due(format!("{replica} {reason}")) {
            tracing::warn!(
                replica,
                reason,
                "a replica lost what it had acknowledged; it does not count any more"
            );
        }
    }

    fn client(&self, address: &str, purpose: Purpose) -> Result<PeerClient<Channel>, Status> {
        let channel = self.connections.channel(address, purpose)?;
        Ok(PeerClient::new(channel).max_decoding_message_size(server::MAX_MESSAGE_BYTES))
    }

    /// A call to another replica of the cluster; none before this replica belongs to one.
    fn request<T>(&self, target: u64, message: T) -> Option<tonic::Request<T>> {
        self.identified.get().map(|own| own.request(target, message))
    }
}
