//! Commands about disputes.

use crate::domain::id::PaymentId;

/// Records what the gateway says of a dispute.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RecordDispute {
    /// Of which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// The gateway's name for the dispute.
    #[prost(string, tag = "2")]
    pub dispute: String,
    /// The [`revision`](crate::domain::Dispute::revision) that it had here before the gateway was asked; 0 if it was
    /// not known here.
    #[prost(uint32, tag = "3")]
    pub revision: u32,
    /// Where it stands, in the gateway's words.
    #[prost(string, tag = "4")]
    pub status: String,
    /// Why, in the gateway's words.
    #[prost(string, tag = "5")]
    pub reason: String,
    /// How much is disputed, in minor units of `currency`.
    #[prost(uint64, tag = "6")]
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "7")]
    pub currency: String,
    /// When it began by the gateway's clock, in milliseconds since the Unix epoch.
    #[prost(uint64, tag = "8")]
    pub since_ms: u64,
    /// The bank has the money.
    #[prost(bool, tag = "9")]
    pub is_withdrawn: bool,
}
