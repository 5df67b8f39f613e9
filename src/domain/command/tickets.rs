//! Commands about tickets.

use super::IfMatch;
use crate::domain::id::TicketId;

/// What a seller says about a ticket.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TicketFields {
    /// What it admits to.
    #[prost(string, tag = "1")]
    pub title: String,
    /// The title's words as they are searched for.
    #[prost(string, repeated, tag = "2")]
    pub words: Vec<String>,
    /// In minor units.
    #[prost(uint64, tag = "3")]
    pub price_minor: u64,
    /// Where the show is.
    #[prost(string, optional, tag = "4")]
    pub venue: Option<String>,
    /// When the show begins, in milliseconds since the Unix epoch.
    #[prost(uint64, optional, tag = "5")]
    pub starts_at_ms: Option<u64>,
}

/// Posts a ticket.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CreateTicket {
    /// The new ticket's id.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// What the seller says.
    #[prost(message, required, tag = "2")]
    pub fields: TicketFields,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "3")]
    pub currency: String,
}

/// Replaces what the seller says.
#[derive(Clone, PartialEq, prost::Message)]
pub struct UpdateTicket {
    /// Which ticket.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// What the seller says now.
    #[prost(message, required, tag = "2")]
    pub fields: TicketFields,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "3")]
    pub if_match: Option<IfMatch>,
}

/// Withdraws a ticket.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DeleteTicket {
    /// Which ticket.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "2")]
    pub if_match: Option<IfMatch>,
}

/// Takes a ticket off sale, or puts it back.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SetFrozen {
    /// Which ticket.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// Off sale or not.
    #[prost(bool, tag = "2")]
    pub frozen: bool,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "3")]
    pub if_match: Option<IfMatch>,
}
