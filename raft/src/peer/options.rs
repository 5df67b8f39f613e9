//! What a replica is told about others.

use std::net::SocketAddr;

use super::Credentials;

/// How a replica reaches others, and is reached by them.
#[derive(Clone)]
pub struct PeerOptions {
    /// Where it listens for other replicas.
    pub listen: SocketAddr,
    /// What it shows to them, and asks of them.
    pub credentials: Credentials,
}
