//! Refunds: giving back what was paid.

use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::param::Path;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object, OpenApi};
use tokio::time::Instant;
use uuid::Uuid;

use super::Tag;
use super::idempotency::{IdempotencyKey, UnderWay};
use super::operator::{Operator, UserOrOperator};
use super::refund_view::RefundView;
use super::refusal::unexpected;
use super::refused;
use super::response::{Created, Shown};
use crate::domain::{
    Answer, Command, MAX_REFUND_REASON_CHARS, MAX_REFUNDS_PER_PAYMENT, Payment, PaymentId, Refund, RefundId,
    RefundPayment, RefundStatus, RetryRefund, Scope,
};
use crate::http::header::Header;
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::json::Json;
use crate::http::line::Line;
use crate::http::money::Money;
use crate::http::rules::{money, text};
use crate::http::tried::{Tried, both};
use crate::http::{Problem, ProblemType, Refused};
use crate::service::Service;

/// How long a client waits for the gateway before it is told "pending".
const WAIT_FOR_GATEWAY: Duration = Duration::from_secs(10);

pub(super) struct Refunds {
    pub(super) service: Arc<Service>,
    pub(super) under_way: UnderWay,
}

/// How much to give back, and why
#[derive(Object)]
#[oai(rename_all = "camelCase")]
struct RefundInput {
    /// All that is left if this is absent
    amount: Option<Money>,
    /// For whoever looks at it later
    #[oai(validator(min_length = 1, max_length = 200))]
    reason: Option<Line>,
}

impl FromFields for RefundInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let amount = fields.optional("amount", money);
        let reason = fields.optional("reason", text(1..=MAX_REFUND_REASON_CHARS));
        // Without an amount all goes back.
        fields.and_no_others(&["amount", "reason"]);
        Ok(Self { amount: amount?, reason: reason?.map(Line) })
    }
}

/// A refund that was made, or is being made.
enum Made {
    Settled(Created<RefundView>),
    /// Answered in the same way, but for the status.
    Pending(Created<RefundView>),
}

impl IntoResponse for Made {
    fn into_response(self) -> Response {
        match self {
            Self::Settled(refund) => refund.into_response(),
            Self::Pending(refund) => refund.with_status(StatusCode::ACCEPTED).into_response(),
        }
    }
}

impl ApiResponse for Made {
    fn meta() -> MetaResponses {
        let answers = [
            (StatusCode::CREATED, "The gateway has answered: the money went back, or the refund `failed`"),
            (StatusCode::ACCEPTED, "The gateway is at it: look at `Location` later"),
        ];
        let describe = |(status, description): (StatusCode, _)| {
            let created = Created::<RefundView>::meta().responses.into_iter();
            created.map(move |created| MetaResponse { status: Some(status.as_u16()), description, ..created })
        };
        MetaResponses { responses: answers.into_iter().flat_map(describe).collect() }
    }

    fn register(registry: &mut Registry) {
        Created::<RefundView>::register(registry);
    }
}

#[derive(ApiResponse)]
enum AllRefunds {
    /// The refunds of the payment, oldest first; a thousand at most
    #[oai(status = 200)]
    Ok(Json<Vec<RefundView>>),
}

refused! {
    OfRefunding: 400, 401, 403, 404, 408, 409, 413, 415, 422;
    OfFinding: 400, 401, 403, 404;
    OfRetrying: 400, 401, 403, 404, 409;
}

#[OpenApi(prefix_path = "/api/payments", tag = "Tag::Payments")]
impl Refunds {
    /// Give back what was paid, whole or in part
    ///
    /// By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a payment together,
    /// pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once all went
    /// back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may unfreeze it. A
    /// part leaves the order `complete`.
    #[oai(path = "/:id/refunds", method = "post", operation_id = "createRefund")]
    async fn create(
        &self,
        asker: UserOrOperator,
        /// The payment's id
        id: Path<String>,
        /// The client's own name for this intent: asking again with it gives back nothing twice
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Tried<Header<IdempotencyKey>>,
        body: Tried<Body<RefundInput>>,
    ) -> Result<Made, Refused<OfRefunding>> {
        let (Body(RefundInput { amount, reason }), Header(key)) = both(body, idempotency_key)?;
        // As in paying: what is no id names no payment, and `apply` says so.
        let meaning = RefundPayment {
            refund: RefundId::default(),
            payment: id.parse().unwrap_or_default(),
            amount_minor: amount.map(|amount| amount.minor),
            reason: reason.map(|reason| reason.0).unwrap_or_default(),
        };
        if self.seen_by(&asker, meaning.payment).is_ok() {
            self.check_gateway(meaning.payment)?;
        }
        let intent = self.under_way.enter(&asker, key, "POST /api/payments/{id}/refunds", &meaning)?;
        let command = RefundPayment { refund: RefundId::from_uuid(Uuid::now_v7()), ..meaning };
        let (answer, replayed) = intent.submit(&self.service, Command::RefundPayment(command)).await?;
        let Answer::Refund(asked) = answer else { return Err(unexpected(&answer).into()) };
        let refund = settled(&self.service, asked).await?;
        let is_pending = refund.status() == RefundStatus::Pending;
        let view = RefundView::created(refund, replayed);
        Ok(if is_pending { Made::Pending(view) } else { Made::Settled(view) })
    }

    /// List the refunds of a payment, oldest first
    ///
    /// For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read` or `refunds`.
    #[oai(path = "/:id/refunds", method = "get", operation_id = "listRefunds")]
    async fn list(
        &self,
        asker: UserOrOperator,
        /// The payment's id
        id: Path<String>,
    ) -> Result<AllRefunds, Refused<OfFinding>> {
        let payment = self.seen_by(&asker, id.parse()?)?;
        let all = MAX_REFUNDS_PER_PAYMENT as usize;
        let page = self.service.replica.view()?.refunds_of(payment.id, None, all)?;
        Ok(AllRefunds::Ok(Json(page.items.into_iter().map(RefundView::from).collect())))
    }

    /// Show a refund
    ///
    /// To whom the payment's refunds are listed.
    #[oai(path = "/:id/refunds/:refund_id", method = "get", operation_id = "getRefund")]
    async fn get(
        &self,
        asker: UserOrOperator,
        /// The payment's id
        id: Path<String>,
        /// The refund's id
        refund_id: Path<String>,
    ) -> Result<Shown<RefundView>, Refused<OfFinding>> {
        let payment = self.seen_by(&asker, id.parse()?)?;
        let refund = self.service.replica.view()?.refund(refund_id.parse()?)?;
        let refund = refund.filter(|refund| refund.payment == payment.id);
        Ok(shown(refund.ok_or(ProblemType::NotFound)?))
    }

    /// Have a refund that failed tried again
    ///
    /// With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays as it is.
    #[oai(path = "/:id/refunds/:refund_id/retry", method = "post", operation_id = "retryRefund")]
    async fn retry(
        &self,
        operator: Operator,
        /// The payment's id
        id: Path<String>,
        /// The refund's id
        refund_id: Path<String>,
    ) -> Result<Shown<RefundView>, Refused<OfRetrying>> {
        operator.ensure_may(Scope::Refunds)?;
        let retry = RetryRefund { refund: refund_id.parse()?, payment: id.parse()? };
        self.check_gateway(retry.payment)?;
        let answer = operator.ask(&self.service, Command::RetryRefund(retry)).await?;
        let Answer::Refund(refund) = answer else { return Err(unexpected(&answer).into()) };
        tracing::warn!(refund = %refund.id, by = %operator.key.id, "a refund is tried again");
        Ok(shown(refund))
    }
}

impl Refunds {
    /// Refuses what is for another gateway than the one that is set up: it would be pending until that one is again.
    fn check_gateway(&self, id: PaymentId) -> Result<(), Problem> {
        let payment = self.service.replica.view()?.payment(id)?;
        if payment.is_some_and(|payment| payment.gateway != self.service.gateway.mark()) {
            return Err(ProblemType::OtherGateway.into());
        }
        Ok(())
    }

    /// The payment, if its refunds are for this asker to see.
    fn seen_by(&self, asker: &UserOrOperator, id: PaymentId) -> Result<Payment, Problem> {
        asker.ensure_scope(&[Scope::PaymentsRead, Scope::Refunds])?;
        let view = self.service.replica.view()?;
        let payment = view.payment(id)?.ok_or(ProblemType::NotFound)?;
        let order = view.order(payment.order)?.ok_or(ProblemType::NotFound)?;
        let owners = [payment.buyer, order.ticket.seller];
        asker.ensure_among(&owners)?;
        Ok(payment)
    }
}

/// The refund once the gateway has said what became of it; or as it is when the wait is over.
async fn settled(service: &Service, asked: Refund) -> Result<Refund, Problem> {
    let deadline = Instant::now() + WAIT_FOR_GATEWAY;
    let mut latest = asked;
    loop {
        // Listening before reading: no change can fall in between.
        let change = service.payment_signals.change(latest.payment);
        latest = service.replica.view()?.refund(latest.id)?.unwrap_or(latest);
        if latest.status() != RefundStatus::Pending || Instant::now() >= deadline {
            return Ok(latest);
        }
        // In vain or not, it is read once more: not all that changes in a refund is a change of its payment.
        let _ = tokio::time::timeout_at(deadline, change.happened()).await;
    }
}

fn shown(refund: Refund) -> Shown<RefundView> {
    let version = refund.version;
    Shown::new(refund.into(), version)
}
