//! Orders: buyers' claims on tickets, from reservation to sale or release.

use super::asker::Author;
use super::command::{CancelOrder, ExpireOrders, IfMatch, Reserve};
use super::draft::Draft;
use super::event::EventType;
use super::hold;
use super::id::{OrderId, PaymentId, TicketId, UserId};
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::Tables;
use super::ticket::{self, Ticket, TicketStatus};

/// Where an order stands. [`OrderStatus::may_become`] is the whole state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum OrderStatus {
    /// The ticket is reserved, and may be paid for until the deadline.
    Created = 0,
    /// A charge is under way.
    AwaitingPayment = 1,
    /// Paid: the ticket is sold to the buyer.
    Complete = 2,
    /// The buyer does not get the ticket.
    Cancelled = 3,
}

impl OrderStatus {
    /// Whether one change may lead from this status to that one.
    pub fn may_become(self, next: Self) -> bool {
        use OrderStatus::{AwaitingPayment, Cancelled, Complete, Created};
        matches!(
            (self, next),
            (Created, AwaitingPayment | Cancelled)
                | (AwaitingPayment, Created | Complete | Cancelled)
                // All that was paid went back.
                | (Complete, Cancelled)
        )
    }

    /// Whether the order still holds its ticket without having bought it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Created | Self::AwaitingPayment)
    }

    /// Whether the order holds its ticket, bought or not.
    pub(super) fn holds_ticket(self) -> bool {
        self != Self::Cancelled
    }
}

/// Why an order was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum CancelReason {
    /// It was not.
    None = 0,
    /// The buyer gave the ticket back.
    Buyer = 1,
    /// It was not paid in time.
    Expired = 2,
    /// All that was paid for it was given back.
    Refunded = 3,
}

/// The ticket as it was when it was reserved: what the buyer agreed to.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct TicketSnapshot {
    /// Which ticket.
    #[prost(message, required, tag = "1")]
    pub id: TicketId,
    /// What it admits to.
    #[prost(string, tag = "2")]
    pub title: String,
    /// The price that was locked, in minor units of `currency`.
    #[prost(uint64, tag = "3")]
    pub price_minor: u64,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "4")]
    pub currency: String,
    /// Where the show is.
    #[prost(string, optional, tag = "5")]
    pub venue: Option<String>,
    /// When the show begins, in milliseconds since the Unix epoch.
    #[prost(uint64, optional, tag = "6")]
    pub starts_at_ms: Option<u64>,
    /// Who offered it.
    #[prost(message, required, tag = "7")]
    pub seller: UserId,
    /// Which version of the ticket the buyer saw.
    #[prost(uint64, tag = "8")]
    pub version: u64,
}

impl TicketSnapshot {
    fn of(ticket: &Ticket) -> Self {
        Self {
            id: ticket.id,
            title: ticket.title.clone(),
            price_minor: ticket.price_minor,
            currency: ticket.currency.clone(),
            venue: ticket.venue.clone(),
            starts_at_ms: ticket.starts_at_ms,
            seller: ticket.seller,
            version: ticket.version,
        }
    }
}

/// A buyer's claim on a ticket.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Order {
    /// The order's name, for ever.
    #[prost(message, required, tag = "1")]
    pub id: OrderId,
    /// Its place in the order in which orders were made, from 1.
    #[prost(uint64, tag = "2")]
    pub number: u64,
    /// Who made it.
    #[prost(message, required, tag = "3")]
    pub buyer: UserId,
    /// See [`OrderStatus`]; read it with [`Order::status`].
    #[prost(enumeration = "OrderStatus", tag = "4")]
    pub status: i32,
    /// See [`CancelReason`]; read it with [`Order::cancel_reason`].
    #[prost(enumeration = "CancelReason", tag = "5")]
    pub cancel_reason: i32,
    /// Until when it may be paid, in milliseconds on the replicated clock. Never changes.
    #[prost(uint64, tag = "6")]
    pub expires_at_ms: u64,
    /// Until when a charge under way may hold it past `expires_at_ms`; set while awaiting payment.
    #[prost(uint64, optional, tag = "7")]
    pub held_until_ms: Option<u64>,
    /// What is bought.
    #[prost(message, required, tag = "8")]
    pub ticket: TicketSnapshot,
    /// The latest attempt to pay.
    #[prost(message, optional, tag = "9")]
    pub payment: Option<PaymentId>,
    /// Starts at 0 and rises by one with each change.
    #[prost(uint64, tag = "10")]
    pub version: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "11")]
    pub created_at_ms: u64,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "12")]
    pub updated_at_ms: u64,
}

impl Order {
    /// When the order is to be released unless something happens before, in milliseconds on the
    /// replicated clock; `None` once it is closed. The expiry worker's index holds exactly this.
    pub fn due_at_ms(&self) -> Option<u64> {
        match self.status() {
            OrderStatus::Created => Some(self.expires_at_ms),
            OrderStatus::AwaitingPayment => Some(self.held_until_ms.unwrap_or(self.expires_at_ms)),
            OrderStatus::Complete | OrderStatus::Cancelled => None,
        }
    }

    /// The order after one more change.
    pub(super) fn changed(&self, status: OrderStatus, at_ms: u64) -> Self {
        let mut new = Self { version: self.version.saturating_add(1), updated_at_ms: at_ms, ..self.clone() };
        new.set_status(status);
        new.held_until_ms = None;
        new
    }
}

pub(super) fn reserve<T: Tables>(
    draft: &mut Draft<'_, T>,
    buyer: UserId,
    c: &Reserve,
) -> Result<Answer, Rejection> {
    if draft.tables.order(c.order).is_some() {
        return Err(Rejection::internal("the new order's id is taken"));
    }
    hold::ensure_none(draft)?;
    let ticket = ticket::orderable(draft, buyer, c.ticket)?;
    let order = Order {
        id: c.order,
        number: draft.next_order_number(),
        buyer,
        status: OrderStatus::Created.into(),
        cancel_reason: CancelReason::None.into(),
        expires_at_ms: draft.at_ms.saturating_add(c.payment_window_ms),
        held_until_ms: None,
        ticket: TicketSnapshot::of(&ticket),
        payment: None,
        version: 0,
        created_at_ms: draft.at_ms,
        updated_at_ms: draft.at_ms,
    };
    ticket::hand_over(draft, ticket, TicketStatus::Reserved, Some(order.id));
    draft.put_order(None, order.clone(), EventType::OrderCreated);
    Ok(Answer::Order(order))
}

pub(super) fn cancel<T: Tables>(
    draft: &mut Draft<'_, T>,
    buyer: UserId,
    c: &CancelOrder,
) -> Result<Answer, Rejection> {
    let order = owned(draft, buyer, c.order)?;
    // Cancelled is for good, so it matters no more which version was meant: whoever asks again under the one
    // that they cancelled is told the same. (A frozen ticket can still change, and freezing it checks.)
    if order.status() != OrderStatus::Cancelled {
        IfMatch::check(c.if_match.as_ref(), order.version)?;
    }
    match order.status() {
        OrderStatus::Created => {
            hold::ensure_none(draft)?;
            release(draft, order, CancelReason::Buyer)?;
            Ok(Answer::Done(()))
        }
        OrderStatus::Cancelled => Ok(Answer::Done(())),
        OrderStatus::AwaitingPayment => Err(RejectionCode::ChargeUnderWay.into()),
        OrderStatus::Complete => Err(RejectionCode::OrderPaid.into()),
    }
}

/// Releases what is due on the replicated clock, oldest first, at most as many as the command says.
pub(super) fn expire<T: Tables>(draft: &mut Draft<'_, T>, c: &ExpireOrders) -> Result<Answer, Rejection> {
    // No alarm: what is due stays due, and is released once sales go on.
    if hold::is_held(draft) {
        return Ok(Answer::Done(()));
    }
    let due = draft.tables.orders_due(draft.at_ms, c.at_most as usize);
    let mut refused = None;
    for id in &due {
        // An order that contradicts its ticket must not keep the others from being released.
        if let Err(rejection) = expire_one(draft, *id) {
            refused = Some(rejection);
        }
    }
    match refused {
        Some(rejection) if draft.is_empty() => Err(rejection),
        _ => Ok(Answer::Done(())),
    }
}

fn expire_one<T: Tables>(draft: &mut Draft<'_, T>, id: OrderId) -> Result<(), Rejection> {
    let order = draft
        .tables
        .order(id)
        .filter(|order| order.due_at_ms().is_some_and(|due_at_ms| due_at_ms <= draft.at_ms))
        .ok_or_else(|| Rejection::internal("the index of deadlines names an order that is not due"))?;
    release_expired(draft, order)
}

/// Releases an order whose time is over, whoever found out first: the expiry worker, or the outcome of a
/// charge.
pub(super) fn release_expired<T: Tables>(draft: &mut Draft<'_, T>, order: Order) -> Result<(), Rejection> {
    let (id, buyer) = (order.id, order.buyer);
    release(draft, order, CancelReason::Expired)?;
    draft.announce_expiration(id, buyer);
    Ok(())
}

/// Cancels an order that was complete, all that was paid for it having gone back, on behalf of whoever had it given
/// back. Its ticket is the buyer's no longer, nor on sale: that is for its seller to say.
pub(super) fn take_back<T: Tables>(
    draft: &mut Draft<'_, T>,
    id: OrderId,
    author: Author,
) -> Result<(), Rejection> {
    let missing = || Rejection::internal("a complete order does not have its ticket");
    let old = draft.tables.order(id).filter(|order| order.status() == OrderStatus::Complete);
    let old = old.ok_or_else(missing)?;
    let ticket = draft.tables.ticket(old.ticket.id).filter(|ticket| ticket.order == Some(id));
    let mut new = old.changed(OrderStatus::Cancelled, draft.at_ms);
    new.set_cancel_reason(CancelReason::Refunded);
    ticket::hand_over(draft, ticket.ok_or_else(missing)?, TicketStatus::Frozen, None);
    draft.author = author;
    draft.put_order(Some(old), new, EventType::OrderCancelled);
    Ok(())
}

/// The buyer's order; somebody else's is as good as missing.
pub(super) fn owned<T: Tables>(draft: &Draft<'_, T>, buyer: UserId, id: OrderId) -> Result<Order, Rejection> {
    let order = draft.tables.order(id).filter(|order| order.buyer == buyer);
    order.ok_or_else(|| RejectionCode::NotFound.into())
}

fn release<T: Tables>(draft: &mut Draft<'_, T>, old: Order, reason: CancelReason) -> Result<(), Rejection> {
    let ticket = draft
        .tables
        .ticket(old.ticket.id)
        .filter(|ticket| ticket.order == Some(old.id))
        .ok_or_else(|| Rejection::internal("an open order does not hold its ticket"))?;
    let mut new = old.changed(OrderStatus::Cancelled, draft.at_ms);
    new.set_cancel_reason(reason);
    ticket::hand_over(draft, ticket, TicketStatus::Available, None);
    draft.put_order(Some(old), new, EventType::OrderCancelled);
    Ok(())
}
