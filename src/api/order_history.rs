//! The history of an order: how it came to be what it is.

use std::sync::Arc;

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Enum, Object, OpenApi};

use super::Tag;
use super::operator::UserOrOperator;
use super::orders::Status;
use super::response::Page;
use super::{paging, refused};
use crate::domain::{AuthorKind, OrderTransition, Scope, TransitionReason};
use crate::http::query::Unchecked;
use crate::http::timestamp::Timestamp;
use crate::http::{ProblemType, Refused};
use crate::service::Service;

/// Tells the cursors of this list apart from those of others.
const LIST: u8 = b'h';

pub(super) struct OrderHistories {
    pub(super) service: Arc<Service>,
}

/// Why an order became what it is
#[derive(Enum)]
#[oai(rename = "TransitionReason")]
enum Reason {
    /// Its ticket was reserved
    #[oai(rename = "reserved")]
    Reserved,
    /// An attempt to pay began
    #[oai(rename = "payment:begun")]
    PaymentBegun,
    /// The attempt came to nothing; another one may follow
    #[oai(rename = "payment:failed")]
    PaymentFailed,
    /// It was paid
    #[oai(rename = "paid")]
    Paid,
    /// The buyer gave the ticket back
    #[oai(rename = "cancelled")]
    Cancelled,
    /// It was not paid in time
    #[oai(rename = "expired")]
    Expired,
    /// All that was paid for it was given back
    #[oai(rename = "refunded")]
    Refunded,
    /// It is not known
    #[oai(rename = "unknown")]
    Unknown,
}

/// Who had an order become what it is
#[derive(Enum)]
#[oai(rename = "TransitionActor", rename_all = "lowercase")]
enum Actor {
    /// A user
    User,
    /// An operator, by a key
    Operator,
    /// The service by itself: a deadline passed, or the gateway said what came of a payment
    Service,
}

/// One transition of an order
#[derive(Object)]
#[oai(rename = "OrderTransition", rename_all = "camelCase", skip_serializing_if_is_none)]
struct TransitionView {
    /// The version that the order became
    version: u64,
    /// When
    at: Timestamp,
    status: Status,
    reason: Reason,
    actor: Actor,
    /// Which user, if it was one
    user_id: Option<String>,
    /// Which key, if an operator used one
    key_id: Option<String>,
    /// The latest attempt to pay by then
    payment_id: Option<String>,
}

impl From<OrderTransition> for TransitionView {
    fn from(transition: OrderTransition) -> Self {
        let (actor, user_id, key_id) = match &transition.author.kind {
            None => (Actor::Service, None, None),
            Some(AuthorKind::User(user)) => (Actor::User, Some(user.to_string()), None),
            Some(AuthorKind::Key(by)) => (Actor::Operator, None, Some(by.key.to_string())),
        };
        Self {
            version: transition.version,
            at: Timestamp { unix_ms: transition.at_ms },
            status: transition.status().into(),
            reason: match transition.reason() {
                TransitionReason::Reserved => Reason::Reserved,
                TransitionReason::PaymentBegun => Reason::PaymentBegun,
                TransitionReason::PaymentFailed => Reason::PaymentFailed,
                TransitionReason::Paid => Reason::Paid,
                TransitionReason::Cancelled => Reason::Cancelled,
                TransitionReason::Expired => Reason::Expired,
                TransitionReason::Refunded => Reason::Refunded,
                TransitionReason::Unknown => Reason::Unknown,
            },
            actor,
            user_id,
            key_id,
            payment_id: transition.payment.map(|payment| payment.to_string()),
        }
    }
}

refused! {
    OfReading: 400, 401, 403, 404;
}

#[OpenApi(prefix_path = "/api/orders", tag = "Tag::Orders")]
impl OrderHistories {
    /// Show how one of my orders came to be what it is, oldest transition first
    ///
    /// Of an order that is older than this service keeps histories, there are its beginning, what was kept since, and
    /// its latest transition. Anybody's with an operator's key that has the scope `orders:read`.
    #[oai(path = "/:id/history", method = "get", operation_id = "getOrderHistory")]
    async fn list(
        &self,
        request: &Request,
        asker: UserOrOperator,
        /// The order's id
        id: Path<String>,
        /// How many at most; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
        /// Where the page before this one ended: from its `Link`
        #[oai(validator(pattern = "^[A-Za-z0-9_-]*$"))]
        cursor: Query<Unchecked<String>>,
    ) -> Result<Page<TransitionView>, Refused<OfReading>> {
        let (limit, after) = paging::wanted(&limit, &cursor, LIST)?;
        asker.ensure_scope(&[Scope::OrdersRead])?;
        let view = self.service.replica.view()?;
        let order = view.order(id.parse()?)?.ok_or(ProblemType::NotFound)?;
        asker.ensure_among(&[order.buyer])?;
        let page = view.history_of(&order, after, limit)?;
        let link = paging::link(request, LIST, page.next);
        Ok(Page::new(page.items.into_iter().map(TransitionView::from), link))
    }
}
