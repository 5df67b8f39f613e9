//! Commands about orders.

use super::IfMatch;
use crate::domain::id::{OrderId, TicketId};

/// Reserves a ticket for the caller.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Reserve {
    /// The new order's id.
    #[prost(message, required, tag = "1")]
    pub order: OrderId,
    /// Which ticket.
    #[prost(message, required, tag = "2")]
    pub ticket: TicketId,
    /// How long the caller has to pay.
    #[prost(uint64, tag = "3")]
    pub payment_window_ms: u64,
}

/// Gives a reserved ticket back.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CancelOrder {
    /// Which order.
    #[prost(message, required, tag = "1")]
    pub order: OrderId,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "2")]
    pub if_match: Option<IfMatch>,
}

/// Releases the orders whose deadline has passed.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ExpireOrders {
    /// How many at most, so that one command cannot hold up the others for long.
    #[prost(uint32, tag = "1")]
    pub at_most: u32,
}
