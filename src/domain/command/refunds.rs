//! Commands about refunds.

use crate::domain::id::{PaymentId, RefundId};

/// Asks for a refund of a payment.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RefundPayment {
    /// The new refund's id.
    #[prost(message, required, tag = "1")]
    pub refund: RefundId,
    /// Of which payment.
    #[prost(message, required, tag = "2")]
    pub payment: PaymentId,
    /// How much, in minor units of the payment's currency; `None`: all that is left.
    #[prost(uint64, optional, tag = "3")]
    pub amount_minor: Option<u64>,
    /// Why, in words of whoever asks; may be empty.
    #[prost(string, tag = "4")]
    pub reason: String,
}

/// Records what the gateway says of a refund.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SettleRefund {
    /// Which refund.
    #[prost(message, required, tag = "1")]
    pub refund: RefundId,
    /// Which of its tries this is about.
    #[prost(uint32, tag = "2")]
    pub try_number: u32,
    /// Where it stands at the gateway.
    #[prost(enumeration = "crate::domain::RefundStatus", tag = "3")]
    pub outcome: i32,
    /// The gateway's name for it; empty if it says none.
    #[prost(string, tag = "4")]
    pub gateway_refund: String,
    /// The gateway's code of why it failed, if it did.
    #[prost(string, tag = "5")]
    pub failure_code: String,
}

/// Has a refund that failed begun again.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RetryRefund {
    /// Which refund.
    #[prost(message, required, tag = "1")]
    pub refund: RefundId,
    /// Of which payment.
    #[prost(message, required, tag = "2")]
    pub payment: PaymentId,
}

/// Records what the gateway says of one of a payment's refunds, whoever made it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RecordGatewayRefund {
    /// Of which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// What it is called here if nobody asked for it here.
    #[prost(message, required, tag = "2")]
    pub refund: RefundId,
    /// The gateway's name for it.
    #[prost(string, tag = "3")]
    pub gateway_refund: String,
    /// The [name](crate::domain::Refund::gateway_key) that it was asked for under; empty if it was not asked for here.
    #[prost(string, tag = "4")]
    pub name: String,
    /// In minor units of the payment's currency.
    #[prost(uint64, tag = "5")]
    pub amount_minor: u64,
    /// Where it stands at the gateway.
    #[prost(enumeration = "crate::domain::RefundStatus", tag = "6")]
    pub outcome: i32,
    /// The gateway's code of why it failed, if it did.
    #[prost(string, tag = "7")]
    pub failure_code: String,
}
