//! Events: committed facts, written to the outbox in the transaction of what they announce.

use super::id::OrderId;
use super::order::Order;
use super::payment::Payment;
use super::ticket::Ticket;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum EventType {
    /// No event has this type.
    Unknown = 0,
    /// A ticket was posted.
    TicketCreated = 1,
    /// A ticket changed.
    TicketUpdated = 2,
    /// A ticket was withdrawn.
    TicketDeleted = 3,
    /// A ticket was reserved by this order.
    OrderCreated = 4,
    /// An order's charge began or was declined.
    OrderUpdated = 5,
    /// An order's ticket went back on sale.
    OrderCancelled = 6,
    /// An order was paid.
    OrderCompleted = 7,
    /// A charge was claimed.
    PaymentCreated = 8,
    /// A charge went on: its intent was recorded, the buyer has to act, or it was settled.
    PaymentUpdated = 9,
    /// A charge was refunded.
    PaymentRefunded = 10,
    /// An order's deadline passed. It carries no version.
    ExpirationComplete = 11,
}

impl EventType {
    /// The type's public name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::TicketCreated => "ticket:created",
            Self::TicketUpdated => "ticket:updated",
            Self::TicketDeleted => "ticket:deleted",
            Self::OrderCreated => "order:created",
            Self::OrderUpdated => "order:updated",
            Self::OrderCancelled => "order:cancelled",
            Self::OrderCompleted => "order:completed",
            Self::PaymentCreated => "payment:created",
            Self::PaymentUpdated => "payment:updated",
            Self::PaymentRefunded => "payment:refunded",
            Self::ExpirationComplete => "expiration:complete",
        }
    }
}

/// A committed fact.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Event {
    /// Global and dense, from 1.
    #[prost(uint64, tag = "1")]
    pub sequence: u64,
    /// See [`EventType`]; read it with the method of the same name.
    #[prost(enumeration = "EventType", tag = "2")]
    pub r#type: i32,
    /// When it was committed, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "3")]
    pub at_ms: u64,
    /// The entity as it was right after.
    #[prost(oneof = "Subject", tags = "4, 5, 6, 7")]
    pub subject: Option<Subject>,
}

/// What an event is about, as it was right after.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Subject {
    /// A ticket; the last one of a deleted ticket.
    #[prost(message, tag = "4")]
    Ticket(Ticket),
    /// An order.
    #[prost(message, tag = "5")]
    Order(Order),
    /// A payment.
    #[prost(message, tag = "6")]
    Payment(Payment),
    /// The order whose deadline passed.
    #[prost(message, tag = "7")]
    Expiration(OrderId),
}

/// An event that `apply` is about to write: it has no sequence yet, and shares what it is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Announcement {
    /// What happened.
    pub(super) r#type: EventType,
    /// The entity as it is right after.
    pub(super) subject: Subject,
}
