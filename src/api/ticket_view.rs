//! A ticket as clients see it.

use poem_openapi::{Enum, Object};

use crate::domain::{Ticket, TicketStatus};
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;

/// What is offered
#[derive(Object)]
#[oai(rename = "Ticket", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct TicketView {
    /// The ticket's id
    id: String,
    /// What it is for
    title: String,
    price: Money,
    /// ISO 4217 code in lower case
    currency: String,
    /// Where the show is
    venue: Option<String>,
    /// When the show begins
    starts_at: Option<Timestamp>,
    /// Who offers it
    user_id: String,
    status: Status,
    /// The order that holds or bought it
    order_id: Option<String>,
    /// Starts at 0 and rises by one with each change; also the ETag
    version: u64,
    /// When it was posted
    created_at: Timestamp,
    /// When it became what it is
    updated_at: Timestamp,
}

/// Where a ticket stands
#[derive(Enum)]
#[oai(rename = "TicketStatus", rename_all = "lowercase")]
enum Status {
    /// On sale
    Available,
    /// Taken off sale by its seller
    Frozen,
    /// Held by an open order
    Reserved,
    /// Paid for
    Sold,
}

impl From<Ticket> for TicketView {
    fn from(ticket: Ticket) -> Self {
        Self {
            id: ticket.id.to_string(),
            price: Money { minor: ticket.price_minor },
            starts_at: ticket.starts_at_ms.map(|unix_ms| Timestamp { unix_ms }),
            user_id: ticket.seller.to_string(),
            status: match ticket.status() {
                TicketStatus::Available => Status::Available,
                TicketStatus::Frozen => Status::Frozen,
                TicketStatus::Reserved => Status::Reserved,
                TicketStatus::Sold => Status::Sold,
            },
            order_id: ticket.order.map(|order| order.to_string()),
            version: ticket.version,
            created_at: Timestamp { unix_ms: ticket.created_at_ms },
            updated_at: Timestamp { unix_ms: ticket.updated_at_ms },
            title: ticket.title,
            currency: ticket.currency,
            venue: ticket.venue,
        }
    }
}
