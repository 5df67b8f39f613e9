//! Events: committed facts, written to the outbox in the transaction of what they announce.

use std::fmt;
use std::str::FromStr;

use super::id::{InvalidId, OrderId, PaymentId, TicketId, UserId};
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

/// A text that names no type of event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a type of event")]
pub struct InvalidEventType;

impl EventType {
    /// All of them, in the order in which lists show them.
    pub const ALL: [Self; 11] = [
        Self::TicketCreated,
        Self::TicketUpdated,
        Self::TicketDeleted,
        Self::OrderCreated,
        Self::OrderUpdated,
        Self::OrderCancelled,
        Self::OrderCompleted,
        Self::PaymentCreated,
        Self::PaymentUpdated,
        Self::PaymentRefunded,
        Self::ExpirationComplete,
    ];

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

impl FromStr for EventType {
    type Err = InvalidEventType;

    fn from_str(text: &str) -> Result<Self, InvalidEventType> {
        Self::ALL.into_iter().find(|r#type| r#type.name() == text).ok_or(InvalidEventType)
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
    /// Whose order it was whose deadline passed. Not in what was written before feature level 2; whoever reads the outbox
    /// from a store is told nevertheless.
    #[prost(message, optional, tag = "8")]
    pub buyer_of_expiration: Option<UserId>,
}

impl Event {
    /// What it is about; `None` if that is of a later version.
    pub fn subject_id(&self) -> Option<SubjectId> {
        self.subject.as_ref().map(|subject| match subject {
            Subject::Ticket(ticket) => SubjectId::Ticket(ticket.id),
            Subject::Order(order) => SubjectId::Order(order.id),
            Subject::Payment(payment) => SubjectId::Payment(payment.id),
            Subject::Expiration(order) => SubjectId::Order(*order),
        })
    }

    /// Whose order or payment it is about; `None` of tickets.
    pub fn buyer(&self) -> Option<UserId> {
        match self.subject.as_ref()? {
            Subject::Ticket(_) => None,
            Subject::Order(order) => Some(order.buyer),
            Subject::Payment(payment) => Some(payment.buyer),
            Subject::Expiration(_) => self.buyer_of_expiration,
        }
    }
}

/// Names what an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubjectId {
    /// A ticket.
    Ticket(TicketId),
    /// An order; also of the passing of its deadline.
    Order(OrderId),
    /// A payment.
    Payment(PaymentId),
}

impl fmt::Display for SubjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ticket(id) => id.fmt(f),
            Self::Order(id) => id.fmt(f),
            Self::Payment(id) => id.fmt(f),
        }
    }
}

impl FromStr for SubjectId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let ticket = || text.parse().map(Self::Ticket);
        let order = || text.parse().map(Self::Order);
        let payment = || text.parse().map(Self::Payment);
        ticket().or_else(|_| order()).or_else(|_| payment())
    }
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
    /// See [`Event::buyer_of_expiration`].
    pub(super) buyer_of_expiration: Option<UserId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_read_back_from_their_names() {
        for r#type in EventType::ALL {
            assert_eq!(r#type.name().parse(), Ok(r#type));
        }
        for text in ["", "unknown", "ticket:Created", "ticket", "ticket:created "] {
            assert_eq!(text.parse::<EventType>(), Err(InvalidEventType), "{text:?}");
        }
        // None is left out: their numbers are dense.
        assert!(EventType::try_from(EventType::ALL.len() as i32).is_ok());
        assert!(EventType::try_from(EventType::ALL.len() as i32 + 1).is_err());
    }

    #[test]
    fn subjects_are_read_back_from_their_ids() {
        let subjects = [
            SubjectId::Ticket(TicketId::from_bytes([7; 16])),
            SubjectId::Order(OrderId::from_bytes([7; 16])),
            SubjectId::Payment(PaymentId::from_bytes([7; 16])),
        ];
        for subject in subjects {
            assert_eq!(subject.to_string().parse(), Ok(subject));
        }
        for text in [String::new(), "order_".into(), UserId::from_bytes([7; 16]).to_string()] {
            assert_eq!(text.parse::<SubjectId>(), Err(InvalidId), "{text:?}");
        }
    }
}
