//! How refunds look to clients.

use poem_openapi::{Enum, Object};

use super::response::Created;
use crate::domain::{AuthorKind, Refund, RefundCause, RefundStatus};
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;

/// Where a refund stands
#[derive(Enum)]
#[oai(rename = "RefundStatus", rename_all = "lowercase")]
enum Status {
    /// The gateway is about to be asked, or at it
    Pending,
    /// The money went back
    Succeeded,
    /// It did not, or it came back: an operator may have it tried again
    Failed,
}

/// Why there is a refund
#[derive(Enum)]
#[oai(rename = "RefundCause")]
enum Cause {
    /// Somebody asked for it
    #[oai(rename = "requested")]
    Requested,
    /// The charge came after its order was released
    #[oai(rename = "late:charge")]
    LateCharge,
    /// Somebody made it at the gateway
    #[oai(rename = "gateway")]
    Gateway,
}

/// Who asked for a refund
#[derive(Enum)]
#[oai(rename = "RefundActor", rename_all = "lowercase")]
enum Actor {
    /// The ticket's seller
    User,
    /// An operator, by a key
    Operator,
    /// The service by itself
    Service,
}

/// Money that goes back
#[derive(Object)]
#[oai(rename = "Refund", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct RefundView {
    /// The refund's id
    id: String,
    /// The payment that is given back
    payment_id: String,
    /// How much of it
    amount: Money,
    /// ISO 4217 code in lower case
    currency: String,
    status: Status,
    cause: Cause,
    /// What whoever asked for it gave as the reason
    reason: Option<String>,
    actor: Actor,
    /// Which user asked for it, if it was one
    user_id: Option<String>,
    /// By which key, if an operator asked for it
    key_id: Option<String>,
    /// Why it failed, as the gateway's code
    failure_code: Option<String>,
    /// How often it was begun
    tries: u32,
    /// By which operator's key it was begun last, if not the first time
    retried_by_key_id: Option<String>,
    /// The gateway's name for the latest try
    gateway_refund_id: Option<String>,
    /// Starts at 0 and rises by one with each change; also the ETag
    version: u64,
    /// When it was asked for
    created_at: Timestamp,
    /// When it became what it is
    updated_at: Timestamp,
}

impl From<Refund> for RefundView {
    fn from(refund: Refund) -> Self {
        let (actor, user_id, key_id) = match &refund.author.kind {
            None => (Actor::Service, None, None),
            Some(AuthorKind::User(user)) => (Actor::User, Some(user.to_string()), None),
            Some(AuthorKind::Key(by)) => (Actor::Operator, None, Some(by.key.to_string())),
        };
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            id: refund.id.to_string(),
            payment_id: refund.payment.to_string(),
            amount: Money { minor: refund.amount_minor },
            status: match refund.status() {
                RefundStatus::Pending => Status::Pending,
                RefundStatus::Succeeded => Status::Succeeded,
                RefundStatus::Failed => Status::Failed,
            },
            cause: match refund.cause() {
                RefundCause::Requested => Cause::Requested,
                RefundCause::LateCharge => Cause::LateCharge,
                RefundCause::Gateway => Cause::Gateway,
            },
            reason: given(&refund.reason),
            actor,
            user_id,
            key_id,
            failure_code: given(&refund.failure_code),
            tries: refund.tries,
            retried_by_key_id: match refund.retried_by.and_then(|author| author.kind) {
                Some(AuthorKind::Key(by)) => Some(by.key.to_string()),
                _ => None,
            },
            gateway_refund_id: given(&refund.gateway_refund),
            version: refund.version,
            created_at: Timestamp { unix_ms: refund.created_at_ms },
            updated_at: Timestamp { unix_ms: refund.updated_at_ms },
            currency: refund.currency,
        }
    }
}

impl RefundView {
    /// The answer to asking for this refund.
    pub(super) fn created(refund: Refund, replayed: bool) -> Created<Self> {
        let path = format!("/api/payments/{}/refunds/{}", refund.payment, refund.id);
        let version = refund.version;
        Created::new(refund.into(), version, path, replayed)
    }
}
