//! Commands about operator's keys.

use crate::domain::id::OperatorKeyId;

/// Makes an operator's key.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CreateOperatorKey {
    /// The new key's id.
    #[prost(message, required, tag = "1")]
    pub key: OperatorKeyId,
    /// SHA-256 of its secret.
    #[prost(bytes = "vec", tag = "2")]
    pub hash: Vec<u8>,
    /// What it is called.
    #[prost(string, tag = "3")]
    pub label: String,
    /// What it is good for, in any order.
    #[prost(enumeration = "crate::domain::Scope", repeated, tag = "4")]
    pub scopes: Vec<i32>,
    /// How long it works; `None` until it is revoked.
    #[prost(uint64, optional, tag = "5")]
    pub ttl_ms: Option<u64>,
}

/// Has an operator's key count for nothing from now on.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RevokeOperatorKey {
    /// Which.
    #[prost(message, required, tag = "1")]
    pub key: OperatorKeyId,
}
