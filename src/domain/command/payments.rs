//! Commands about payments.

use super::redact;
use crate::domain::id::{OrderId, PaymentId};

/// Claims the caller's order for one charge.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct Pay {
    /// The new payment's id.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// Which order.
    #[prost(message, required, tag = "2")]
    pub order: OrderId,
    /// What the gateway takes the money from.
    #[prost(string, tag = "3")]
    pub source: String,
    /// For how long past its deadline the charge may hold the order.
    #[prost(uint64, tag = "4")]
    pub grace_ms: u64,
}

/// Records the gateway's final word on a charge.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SettleCharge {
    /// Which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// Whether money moved.
    #[prost(bool, tag = "2")]
    pub succeeded: bool,
    /// The gateway's name for the charge, if money moved.
    #[prost(string, tag = "3")]
    pub charge: String,
    /// The gateway's code of the decline, if none did.
    #[prost(string, tag = "4")]
    pub decline_code: String,
}

/// Records that a late charge was refunded.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RecordRefund {
    /// Which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
}

redact!(Pay);
