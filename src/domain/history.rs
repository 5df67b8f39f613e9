//! The history of orders: each transition as it was made, for those who have to answer for it later.
//!
//! It is written with the order itself, by commands that say so ([`Envelope::keeps_history`]), for replicas that know of
//! no history must come to the same state. So an order that is older than that has a part of its history, or none.
//!
//! [`Envelope::keeps_history`]: super::Envelope::keeps_history

use super::asker::{Author, AuthorKind};
use super::id::{OrderId, PaymentId};
use super::order::{CancelReason, Order, OrderStatus};

/// Why an order became what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum TransitionReason {
    /// Not known: it is of a later version.
    Unknown = 0,
    /// Its ticket was reserved.
    Reserved = 1,
    /// An attempt to pay began.
    PaymentBegun = 2,
    /// The attempt came to nothing: another one may follow.
    PaymentFailed = 3,
    /// It was paid.
    Paid = 4,
    /// The buyer gave the ticket back.
    Cancelled = 5,
    /// It was not paid in time.
    Expired = 6,
    /// All that was paid for it was given back.
    Refunded = 7,
}

/// One transition of an order.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct OrderTransition {
    /// Which order.
    #[prost(message, required, tag = "1")]
    pub order: OrderId,
    /// Which version it became by that.
    #[prost(uint64, tag = "2")]
    pub version: u64,
    /// When, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "3")]
    pub at_ms: u64,
    /// See [`OrderStatus`]; read it with [`OrderTransition::status`].
    #[prost(enumeration = "OrderStatus", tag = "4")]
    pub status: i32,
    /// See [`TransitionReason`]; read it with [`OrderTransition::reason`].
    #[prost(enumeration = "TransitionReason", tag = "5")]
    pub reason: i32,
    /// Who asked for it.
    #[prost(message, required, tag = "6")]
    pub author: Author,
    /// The latest attempt to pay by then.
    #[prost(message, optional, tag = "7")]
    pub payment: Option<PaymentId>,
}

impl OrderTransition {
    /// What made this order of what it was, on behalf of this one.
    pub(super) fn new(order: &Order, author: Author) -> Self {
        Self {
            order: order.id,
            version: order.version,
            at_ms: order.updated_at_ms,
            status: order.status,
            reason: reason(order).into(),
            author,
            payment: order.payment,
        }
    }

    /// What the order itself says of its beginning.
    pub fn first_of(order: &Order) -> Self {
        Self {
            version: 0,
            at_ms: order.created_at_ms,
            status: OrderStatus::Created.into(),
            reason: TransitionReason::Reserved.into(),
            author: Author { kind: Some(AuthorKind::User(order.buyer)) },
            payment: None,
            ..Self::latest_of(order)
        }
    }

    /// What the order itself says of its latest transition.
    pub fn latest_of(order: &Order) -> Self {
        let by_its_buyer = matches!(
            reason(order),
            TransitionReason::Reserved | TransitionReason::PaymentBegun | TransitionReason::Cancelled
        );
        let kind = by_its_buyer.then_some(AuthorKind::User(order.buyer));
        Self::new(order, Author { kind })
    }

    /// Whether it may stand beside the order as it is now.
    pub fn fits(&self, order: &Order) -> bool {
        let is_latest = self.version == order.version;
        self.version <= order.version && (!is_latest || *self == Self::new(order, self.author.clone()))
    }
}

/// An order says by itself why it is what it is.
fn reason(order: &Order) -> TransitionReason {
    match (order.status(), order.cancel_reason()) {
        (OrderStatus::Created, _) if order.version == 0 => TransitionReason::Reserved,
        (OrderStatus::Created, _) => TransitionReason::PaymentFailed,
        (OrderStatus::AwaitingPayment, _) => TransitionReason::PaymentBegun,
        (OrderStatus::Complete, _) => TransitionReason::Paid,
        (OrderStatus::Cancelled, CancelReason::Buyer) => TransitionReason::Cancelled,
        (OrderStatus::Cancelled, CancelReason::Expired) => TransitionReason::Expired,
        (OrderStatus::Cancelled, CancelReason::Refunded) => TransitionReason::Refunded,
        (OrderStatus::Cancelled, CancelReason::None) => TransitionReason::Unknown,
    }
}
