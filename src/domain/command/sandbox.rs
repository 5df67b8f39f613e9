//! What the sandbox gateway is asked for.

use super::redact;
use crate::domain::id::PaymentId;

/// Charges play money, unless there was a word on this key before.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct SandboxCharge {
    /// The stable key.
    #[prost(message, required, tag = "1")]
    pub key: PaymentId,
    /// In minor units of `currency`.
    #[prost(uint64, tag = "2")]
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "3")]
    pub currency: String,
    /// What to take the money from: it decides the outcome.
    #[prost(string, tag = "4")]
    pub source: String,
    /// The payment of this key is settled along with it, by what the books say then. Set only from feature level 2 on.
    #[prost(bool, tag = "5")]
    pub settles: bool,
}

/// Gives money of this key's charge back: all of it, or what a refund of this name says.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SandboxRefund {
    /// The stable key of the charge.
    #[prost(message, required, tag = "1")]
    pub key: PaymentId,
    /// Names the refund, so that it happens once; empty for all of the charge. Set only from feature level 2 on.
    #[prost(string, tag = "2")]
    pub refund: String,
    /// How much, in minor units, if the refund has a name.
    #[prost(uint64, tag = "3")]
    pub amount_minor: u64,
}

redact!(SandboxCharge);
