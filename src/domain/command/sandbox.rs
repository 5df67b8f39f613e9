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
}

/// Gives the money of this key's charge back.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SandboxRefund {
    /// The stable key of the charge.
    #[prost(message, required, tag = "1")]
    pub key: PaymentId,
}

redact!(SandboxCharge);
