//! The service's own housekeeping.

use super::redact;

/// Adds a key that signs bearer tokens from now on.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct AddSigningKey {
    /// Its name in the header of a token.
    #[prost(string, tag = "1")]
    pub kid: String,
    /// The raw Ed25519 public key.
    #[prost(bytes = "vec", tag = "2")]
    pub public: Vec<u8>,
    /// The private key, sealed.
    #[prost(bytes = "vec", tag = "3")]
    pub sealed: Vec<u8>,
    /// Do nothing if there is a key already: replicas that start at once agree on one.
    #[prost(bool, tag = "4")]
    pub only_if_none: bool,
    /// For how long at least the keys before it still verify; longer if a session lasts longer.
    #[prost(uint64, tag = "5")]
    pub overlap_ms: u64,
}

/// Forgets what has run out, and takes what departed sellers left off sale.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Upkeep {
    /// How many rows of each kind at most, so that one command cannot hold up the others for long.
    #[prost(uint32, tag = "1")]
    pub at_most: u32,
}

/// Has the outbox forget its oldest events.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ForgetEvents {
    /// The last sequence to forget.
    #[prost(uint64, tag = "1")]
    pub through: u64,
    /// How many at most, so that one command cannot hold up the others for long.
    #[prost(uint32, tag = "2")]
    pub at_most: u32,
}

/// Has sales go on that were held after a restore.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LiftHold {
    /// Since when the hold lasts that the operator was shown: no other one is lifted.
    #[prost(uint64, tag = "1")]
    pub since_ms: u64,
}

redact!(AddSigningKey);
