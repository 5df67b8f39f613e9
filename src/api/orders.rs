//! Orders: reserving tickets and giving them back.

use std::sync::Arc;

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::caller::Caller;
use super::conditional::Precondition;
use super::id::id_text;
use super::idempotency::{IdempotencyKey, UnderWay};
use super::operator::UserOrOperator;
use super::refusal::unexpected;
use super::response::{Created, Page, Shown};
use super::{paging, refused, withdrawals};
use crate::domain::{
    Answer, CancelOrder, CancelReason, Command, Order, OrderId, OrderStatus, Reserve, Scope, TicketId,
    TicketSnapshot,
};
use crate::http::header::Header;
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::money::Money;
use crate::http::query::{Parameters, Unchecked};
use crate::http::rules::one_of;
use crate::http::timestamp::Timestamp;
use crate::http::tried::{Tried, both};
use crate::http::{Problem, ProblemType, Refused};
use crate::service::Service;

/// Tells the cursors of this list apart from those of others.
const LIST: u8 = b'o';

pub(super) struct Orders {
    pub(super) service: Arc<Service>,
    pub(super) under_way: UnderWay,
}

/// Where an order stands
#[derive(Enum)]
#[oai(rename = "OrderStatus")]
pub(super) enum Status {
    /// The ticket is reserved, and may be paid for until the deadline
    #[oai(rename = "created")]
    Created,
    /// A charge is under way
    #[oai(rename = "awaiting:payment")]
    AwaitingPayment,
    /// Paid: the ticket is sold to the buyer
    #[oai(rename = "complete")]
    Complete,
    /// The buyer does not get the ticket
    #[oai(rename = "cancelled")]
    Cancelled,
}

/// Why an order was cancelled
#[derive(Enum)]
#[oai(rename = "CancelReason", rename_all = "lowercase")]
enum Reason {
    /// The buyer gave the ticket back
    Buyer,
    /// It was not paid in time
    Expired,
    /// All that was paid for it was given back
    Refunded,
}

/// The ticket as it was when it was reserved
#[derive(Object)]
#[oai(rename = "OrderedTicket", rename_all = "camelCase", skip_serializing_if_is_none)]
struct OrderedTicketView {
    /// The ticket's id
    id: String,
    /// What it is for
    title: String,
    /// The price that was locked
    price: Money,
    /// ISO 4217 code in lower case
    currency: String,
    /// Where the show is
    venue: Option<String>,
    /// When the show begins
    starts_at: Option<Timestamp>,
    /// Who offered it
    user_id: String,
    /// Which version of the ticket was reserved
    version: u64,
}

/// A buyer's claim on a ticket
#[derive(Object)]
#[oai(rename = "Order", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct OrderView {
    /// The order's id
    id: String,
    /// Who made it
    user_id: String,
    status: Status,
    /// Set once it is cancelled
    cancel_reason: Option<Reason>,
    /// Until when it may be paid
    expires_at: Timestamp,
    /// The same as seconds from now, for clients whose clocks differ; 0 once it is over
    expires_in_seconds: u64,
    /// Starts at 0 and rises by one with each change; also the ETag
    version: u64,
    ticket: OrderedTicketView,
    /// When the ticket was reserved
    created_at: Timestamp,
    /// When it became what it is
    updated_at: Timestamp,
}

/// What to reserve
#[derive(Object)]
#[oai(rename_all = "camelCase")]
struct OrderInput {
    /// The ticket to reserve
    #[oai(validator(min_length = 1, max_length = 128))]
    ticket_id: String,
}

impl FromFields for OrderInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        Ok(Self { ticket_id: fields.required("ticketId", id_text)? })
    }
}

impl From<OrderStatus> for Status {
    fn from(status: OrderStatus) -> Self {
        match status {
            OrderStatus::Created => Self::Created,
            OrderStatus::AwaitingPayment => Self::AwaitingPayment,
            OrderStatus::Complete => Self::Complete,
            OrderStatus::Cancelled => Self::Cancelled,
        }
    }
}

impl OrderView {
    pub(super) fn new(order: Order, now_ms: u64) -> Self {
        let expires_in_seconds = seconds_left(&order, now_ms);
        Self {
            id: order.id.to_string(),
            user_id: order.buyer.to_string(),
            status: order.status().into(),
            cancel_reason: match order.cancel_reason() {
                CancelReason::None => None,
                CancelReason::Buyer => Some(Reason::Buyer),
                CancelReason::Expired => Some(Reason::Expired),
                CancelReason::Refunded => Some(Reason::Refunded),
            },
            expires_at: Timestamp { unix_ms: order.expires_at_ms },
            expires_in_seconds,
            version: order.version,
            created_at: Timestamp { unix_ms: order.created_at_ms },
            updated_at: Timestamp { unix_ms: order.updated_at_ms },
            ticket: order.ticket.into(),
        }
    }
}

impl From<TicketSnapshot> for OrderedTicketView {
    fn from(ticket: TicketSnapshot) -> Self {
        Self {
            id: ticket.id.to_string(),
            title: ticket.title,
            price: Money { minor: ticket.price_minor },
            currency: ticket.currency,
            venue: ticket.venue,
            starts_at: ticket.starts_at_ms.map(|unix_ms| Timestamp { unix_ms }),
            user_id: ticket.seller.to_string(),
            version: ticket.version,
        }
    }
}

/// An order that is cancelled, or will be.
#[derive(ApiResponse)]
enum Cancelling {
    /// Done
    #[oai(status = 204)]
    Done,
    /// A payment for it is given up; the order is cancelled unless its money has moved
    #[oai(status = 202)]
    UnderWay,
}

refused! {
    OfReserving: 400, 401, 403, 404, 408, 409, 413, 415, 422;
    OfListing: 400, 401, 403;
    OfFinding: 400, 401, 403, 404;
    OfCancelling: 400, 401, 403, 404, 409, 412;
}

#[OpenApi(prefix_path = "/api/orders", tag = "Tag::Orders")]
impl Orders {
    /// Reserve a ticket
    ///
    /// The price is locked. What is not paid by `expiresAt` goes back on sale.
    #[oai(path = "/", method = "post", operation_id = "createOrder")]
    async fn create(
        &self,
        caller: Caller,
        /// The client's own name for this intent: asking again with it does nothing twice
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Tried<Header<IdempotencyKey>>,
        body: Tried<Body<OrderInput>>,
    ) -> Result<Created<OrderView>, Refused<OfReserving>> {
        let (Body(OrderInput { ticket_id }), Header(key)) = both(body, idempotency_key)?;
        let (order, replayed) = reserve(&self.service, &self.under_way, &caller, key, &ticket_id).await?;
        let (version, path) = (order.version, format!("/api/orders/{}", order.id));
        let order = OrderView::new(order, self.service.replica.now_ms());
        Ok(Created::new(order, version, path, replayed))
    }

    /// List my orders, oldest first
    ///
    /// A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.
    #[oai(path = "/", method = "get", operation_id = "listOrders")]
    async fn list(
        &self,
        request: &Request,
        caller: Caller,
        /// Orders with this status only
        status: Query<Unchecked<Status>>,
        /// How many at most; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
        /// Where the page before this one ended: from its `Link`
        #[oai(validator(pattern = "^[A-Za-z0-9_-]*$"))]
        cursor: Query<Unchecked<String>>,
    ) -> Result<Page<OrderView>, Refused<OfListing>> {
        let mut parameters = Parameters::default();
        let status = parameters.optional("status", &status, one_of(STATUSES));
        let limit = parameters.optional("limit", &limit, paging::limit);
        let after = parameters.optional("cursor", &cursor, paging::position_in(LIST));
        let (status, limit, after) =
            parameters.finish(|| Ok((status?, limit?.unwrap_or(paging::DEFAULT_LIMIT), after?)))?;
        let page = self.service.replica.view()?.orders_of(caller.user, status, after, limit as usize)?;
        let now_ms = self.service.replica.now_ms();
        let orders = page.items.into_iter().map(|order| OrderView::new(order, now_ms));
        Ok(Page::new(orders, paging::link(request, LIST, page.next)))
    }

    /// Show one of my orders
    ///
    /// Anybody's with an operator's key that has the scope `orders:read`.
    #[oai(path = "/:id", method = "get", operation_id = "getOrder")]
    async fn get(
        &self,
        asker: UserOrOperator,
        /// The order's id
        id: Path<String>,
    ) -> Result<Shown<OrderView>, Refused<OfFinding>> {
        let order = find(&self.service, &asker, &id)?;
        let version = order.version;
        Ok(Shown::new(OrderView::new(order, self.service.replica.now_ms()), version))
    }

    /// Cancel one of my orders
    ///
    /// The ticket goes back on sale. Cancelling a cancelled order changes nothing. If a payment is under way that waits for
    /// the buyer, it is given up first: 202 if the gateway has not said in time that no money moves, and then the order is
    /// cancelled once it does; 409 of the type `/problems/order-paid` if the money had moved before.
    #[oai(path = "/:id", method = "delete", operation_id = "cancelOrder")]
    async fn cancel(
        &self,
        caller: Caller,
        /// The order's id
        id: Path<String>,
        /// The version (ETag) that is meant
        #[oai(name = "If-Match")]
        precondition: Header<Precondition>,
    ) -> Result<Cancelling, Refused<OfCancelling>> {
        match cancel(&self.service, &caller, &id, precondition.0).await? {
            true => Ok(Cancelling::Done),
            false => Ok(Cancelling::UnderWay),
        }
    }
}

/// For how many seconds an order may be paid yet; 0 once it is over. Rounded up: while it says more than 0 the order can
/// still be paid.
pub(crate) fn seconds_left(order: &Order, now_ms: u64) -> u64 {
    let left_ms = if order.status().is_open() { order.expires_at_ms.saturating_sub(now_ms) } else { 0 };
    left_ms.div_ceil(1_000)
}

/// Reserves a ticket; also says whether that was answered before.
pub(crate) async fn reserve(
    service: &Service,
    under_way: &UnderWay,
    caller: &Caller,
    key: IdempotencyKey,
    ticket: &str,
) -> Result<(Order, bool), Problem> {
    // What is no id names no ticket. That is for `apply` to answer, so that a key which was used for another
    // request is told first.
    let ticket: TicketId = ticket.parse().unwrap_or_default();
    let intent = under_way.enter(caller, key, "POST /api/orders", &ticket)?;
    let command = Command::Reserve(Reserve {
        order: OrderId::from_uuid(Uuid::now_v7()),
        ticket,
        payment_window_ms: service.rules.payment_window_ms(),
    });
    let (answer, replayed) = intent.submit(service, command).await?;
    let Answer::Order(order) = answer else { return Err(unexpected(&answer)) };
    Ok((order, replayed))
}

/// An order of the asker's, or anybody's for an operator who may see them.
pub(crate) fn find(service: &Service, asker: &UserOrOperator, id: &str) -> Result<Order, Problem> {
    asker.ensure_scope(&[Scope::OrdersRead])?;
    let order = service.replica.view()?.order(id.parse()?)?.ok_or(ProblemType::NotFound)?;
    asker.ensure_among(&[order.buyer])?;
    Ok(order)
}

/// Cancels an order of the caller's, and says whether it is done, or will be once a payment is given up.
pub(crate) async fn cancel(
    service: &Service,
    caller: &Caller,
    id: &str,
    Precondition(if_match): Precondition,
) -> Result<bool, Problem> {
    let order = id.parse()?;
    if let Some(is_cancelled) = withdrawals::cancel(service, caller, order, if_match.clone()).await? {
        return Ok(is_cancelled);
    }
    caller.ask(service, Command::CancelOrder(CancelOrder { order, if_match })).await?;
    Ok(true)
}

/// The names of the statuses.
const STATUSES: &[(&str, OrderStatus)] = &[
    ("created", OrderStatus::Created),
    ("awaiting:payment", OrderStatus::AwaitingPayment),
    ("complete", OrderStatus::Complete),
    ("cancelled", OrderStatus::Cancelled),
];

/// What clients call a status.
pub(crate) fn status_name(status: OrderStatus) -> &'static str {
    STATUSES.iter().find(|(_, known)| *known == status).map_or("", |(name, _)| name)
}
