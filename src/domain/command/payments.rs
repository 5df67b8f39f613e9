//! Commands about payments.

use super::{IfMatch, redact};
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
    /// The gateway that is to charge; empty for the sandbox. Set only from feature level 2 on.
    #[prost(string, tag = "5")]
    pub gateway: String,
    /// The buyer names the source in their browser, and confirms there. Set only from feature level 2 on.
    #[prost(bool, tag = "6")]
    pub in_browser: bool,
}

/// Records the gateway's intent for a payment, before anybody confirms it.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct RecordIntent {
    /// Which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// The gateway's name for the intent.
    #[prost(string, tag = "2")]
    pub intent: String,
    /// What the gateway made of the source, and takes the money from now; empty if it made nothing of it.
    #[prost(string, tag = "3")]
    pub method: String,
}

/// Records that the buyer has to do something before money moves.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RecordAction {
    /// Which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// Whose word it is: the gateway's name for the intent.
    #[prost(string, tag = "2")]
    pub intent: String,
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
    /// Whose final word it is: the intent that succeeded, or was cancelled and so can move nothing any more. Empty for
    /// a payment that has no intent on record.
    #[prost(string, tag = "5")]
    pub intent: String,
}

/// Records that a late charge was refunded.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RecordRefund {
    /// Which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
}

/// Asks for an attempt that waits for the caller to be given up. Whether it is, its intent's final word says.
#[derive(Clone, PartialEq, prost::Message)]
pub struct WithdrawPayment {
    /// Which order it is for.
    #[prost(message, required, tag = "1")]
    pub order: OrderId,
    /// The order is to be cancelled with it.
    #[prost(bool, tag = "2")]
    pub cancels_order: bool,
    /// What the client has seen of the order, if it says so.
    #[prost(message, optional, tag = "3")]
    pub if_match: Option<IfMatch>,
}

redact!(Pay, RecordIntent);
