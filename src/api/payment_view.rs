//! How payments look to clients.

use poem_openapi::{Enum, Object};

use super::response::Created;
use crate::domain::{Dispute, Payment, PaymentStage, PaymentStatus};
use crate::http::money::{Money, Sum};
use crate::http::timestamp::Timestamp;
use crate::saga::{self, NoFinalWord};
use crate::service::Service;

/// Every decline's code, to those whom it does not concern.
const DECLINED: &str = "card_declined";

/// Where a payment stands
#[derive(Enum)]
#[oai(rename = "PaymentStatus", rename_all = "lowercase")]
enum Status {
    /// The charge is under way
    Processing,
    /// Charged, and the order is complete
    Succeeded,
    /// The same, and a part was given back
    #[oai(rename = "partially_refunded")]
    PartiallyRefunded,
    /// Declined: no money moved
    Failed,
    /// Charged, and the order does not have it: the refund is under way, or has failed
    Refunding,
    /// Charged and refunded in full
    Refunded,
}

/// How far a payment is while it is `processing`
#[derive(Enum)]
#[oai(rename = "PaymentStage")]
enum Stage {
    /// The gateway is about to be told of it: no money has moved
    #[oai(rename = "claimed")]
    Claimed,
    /// The gateway knows of it, and is asked to take the money
    #[oai(rename = "confirming")]
    Confirming,
    /// The buyer has to do something, or to confirm it in their browser
    #[oai(rename = "awaiting:buyer")]
    AwaitingBuyer,
}

/// What the buyer has to do before the money moves
#[derive(Object)]
#[oai(rename = "NextAction", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct NextActionView {
    /// Which kind of thing, in the gateway's words, such as `redirect_to_url` or `use_stripe_sdk`
    #[oai(rename = "type")]
    kind: String,
    /// Where to send the buyer, if that is it
    url: Option<String>,
    /// With what the gateway's script in the buyer's browser goes on, if that is it
    client_secret: Option<String>,
    /// With what that script is set up
    publishable_key: Option<String>,
}

/// What the owner of the card wants back from their bank
#[derive(Object)]
#[oai(rename = "Dispute", rename_all = "camelCase")]
struct DisputeView {
    /// Where it stands, in the gateway's words, such as `needs_response`, `won` or `lost`
    status: String,
    /// Why, in the gateway's words, such as `fraudulent`
    reason: String,
    /// How much is disputed
    amount: Sum,
    /// ISO 4217 code in lower case
    currency: String,
    /// When it began
    since: Timestamp,
    /// The bank has the money: until it decides, and for good if it is lost
    withdrawn: bool,
    /// The gateway's name for it
    gateway_dispute_id: String,
}

/// One attempt to pay for an order
#[derive(Object)]
#[oai(rename = "Payment", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct PaymentView {
    /// The payment's id
    id: String,
    /// The order that it is for
    order_id: String,
    /// The price that was locked
    amount: Money,
    /// ISO 4217 code in lower case
    currency: String,
    status: Status,
    /// How much of it went back, once it was charged
    refunded_amount: Option<Sum>,
    /// How far it is while it is `processing`
    stage: Option<Stage>,
    /// What the buyer has to do; asked of the gateway for the payment alone, and left out where it does not say
    next_action: Option<NextActionView>,
    /// Why it failed, as the gateway's code; the seller is told that it was declined, and not why
    decline_code: Option<String>,
    /// What the owner of the card wants back from their bank: the dispute that is open, or else the latest
    dispute: Option<DisputeView>,
    /// The gateway's name for it, by which it is found there
    gateway_payment_id: Option<String>,
    /// Starts at 0 and rises by one with each change; also the ETag
    version: u64,
    /// When it began
    created_at: Timestamp,
    /// When it became what it is
    updated_at: Timestamp,
}

impl From<Payment> for PaymentView {
    fn from(payment: Payment) -> Self {
        Self {
            id: payment.id.to_string(),
            order_id: payment.order.to_string(),
            amount: Money { minor: payment.amount_minor },
            status: match payment.status() {
                PaymentStatus::Processing => Status::Processing,
                PaymentStatus::Succeeded if payment.refunded_minor() > 0 => Status::PartiallyRefunded,
                PaymentStatus::Succeeded => Status::Succeeded,
                PaymentStatus::Failed => Status::Failed,
                PaymentStatus::Refunding => Status::Refunding,
                PaymentStatus::Refunded => Status::Refunded,
            },
            refunded_amount: payment.is_charged().then(|| Sum(Money { minor: payment.refunded_minor() })),
            stage: payment.stage().map(|stage| match stage {
                PaymentStage::Claimed => Stage::Claimed,
                PaymentStage::Prepared if !payment.in_browser => Stage::Confirming,
                PaymentStage::Prepared | PaymentStage::ActionRequired => Stage::AwaitingBuyer,
            }),
            next_action: None,
            dispute: payment.dispute().map(DisputeView::from),
            decline_code: Some(payment.decline_code).filter(|code| !code.is_empty()),
            gateway_payment_id: Some(payment.intent).filter(|intent| !intent.is_empty()),
            version: payment.version,
            created_at: Timestamp { unix_ms: payment.created_at_ms },
            updated_at: Timestamp { unix_ms: payment.updated_at_ms },
            currency: payment.currency,
        }
    }
}

impl From<&Dispute> for DisputeView {
    fn from(dispute: &Dispute) -> Self {
        Self {
            status: dispute.status.clone(),
            reason: dispute.reason.clone(),
            amount: Sum(Money { minor: dispute.amount_minor }),
            currency: dispute.currency.clone(),
            since: Timestamp { unix_ms: dispute.since_ms },
            withdrawn: dispute.withdrawn_minor > 0,
            gateway_dispute_id: dispute.id.clone(),
        }
    }
}

impl PaymentView {
    /// The payment with what its buyer has to do, if the gateway says it in time.
    pub(super) async fn with_next_action(service: &Service, payment: Payment) -> Self {
        let asked = saga::next_action(service, &service.client_calls, &payment).await;
        let action = asked.unwrap_or_else(|error| {
            // That many ask is nothing for the log: anybody may.
            if !matches!(error, NoFinalWord::TooManyAsk) {
                tracing::warn!(payment = %payment.id, %error, "cannot say what the buyer has to do");
            }
            None
        });
        let next_action = action.map(|action| NextActionView {
            kind: action.kind,
            url: action.url.map(|url| url.expose().to_owned()),
            publishable_key: action
                .client_secret
                .as_ref()
                .and_then(|_| service.gateway.publishable_key().map(str::to_owned)),
            client_secret: action.client_secret.map(|secret| secret.expose().to_owned()),
        });
        Self { next_action, ..payment.into() }
    }

    /// The payment as the ticket's seller sees it. That a stranger's card was reported stolen, or has too little money on it,
    /// is between them and their bank; that they gave up, or were declined, says why the ticket is not sold.
    pub(super) fn for_seller(payment: Payment) -> Self {
        let view = Self::from(payment);
        let decline_code = view.decline_code.map(|code| match code.as_str() {
            saga::ABANDONED => code,
            _ => DECLINED.to_owned(),
        });
        Self { decline_code, ..view }
    }

    /// The payment as one that was made, under the path where it can be looked up.
    pub(super) fn created(self, replayed: bool) -> Created<Self> {
        let (version, path) = (self.version, format!("/api/payments/{}", self.id));
        Created::new(self, version, path, replayed)
    }
}
