//! Paying in a browser: the buyer confirms with the gateway's own script, and no card comes near this service.

use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::{IntoResponse, Response};
use poem_openapi::param::Path;
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::caller::Caller;
use super::idempotency::{IdempotencyKey, UnderWay, mark_replayed};
use super::payments::{about, declined, refunded, settled};
use super::refusal::unexpected;
use super::response::Created;
use super::{declines, refused};
use crate::domain::{
    Answer, Command, OrderId, OrderStatus, Pay, Payment, PaymentId, PaymentStage, PaymentStatus,
};
use crate::http::header::Header;
use crate::http::{Problem, ProblemType, Refused};
use crate::saga::{self, NoFinalWord};
use crate::service::Service;

/// When to ask again for what the gateway did not give in time.
const RETRY_AFTER: Duration = Duration::from_secs(2);

pub(super) struct PaymentIntents {
    pub(super) service: Arc<Service>,
    pub(super) under_way: UnderWay,
}

/// With what the buyer's browser pays
#[derive(Object)]
#[oai(rename = "PaymentIntent", rename_all = "camelCase")]
struct PaymentIntentView {
    /// The payment that it is for
    payment_id: String,
    /// For the gateway's script in the buyer's browser, and for nobody else: whoever has it can pay
    client_secret: String,
    /// With what that script is set up
    publishable_key: String,
}

/// An attempt to pay in a browser that was begun, or was under way.
enum Begun {
    New(Created<PaymentIntentView>),
    Same(Created<PaymentIntentView>),
}

impl IntoResponse for Begun {
    fn into_response(self) -> Response {
        match self {
            Self::New(intent) => intent.into_response(),
            Self::Same(intent) => intent.with_status(StatusCode::OK).into_response(),
        }
    }
}

impl ApiResponse for Begun {
    fn meta() -> MetaResponses {
        let answers = [
            (StatusCode::OK, "It was begun before, and is still under way"),
            (StatusCode::CREATED, "It was begun: the order waits for it"),
        ];
        let describe = |(status, description): (StatusCode, _)| {
            let created = Created::<PaymentIntentView>::meta().responses.into_iter();
            created.map(move |created| MetaResponse { status: Some(status.as_u16()), description, ..created })
        };
        MetaResponses { responses: answers.into_iter().flat_map(describe).collect() }
    }

    fn register(registry: &mut Registry) {
        Created::<PaymentIntentView>::register(registry);
    }
}

refused! {
    OfBeginning: 400, 401, 402, 403, 404, 409, 422, 429;
}

#[OpenApi(prefix_path = "/api/orders", tag = "Tag::Payments")]
impl PaymentIntents {
    /// Pay for an order in a browser
    ///
    /// Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the order like any
    /// other; asking again while it is under way gives the same one. Look at the payment for what becomes of it. A
    /// decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the type
    /// `/problems/no-browser-payments`.
    #[oai(path = "/:id/payment-intent", method = "post", operation_id = "createPaymentIntent")]
    async fn create(
        &self,
        caller: Caller,
        /// The order's id
        id: Path<String>,
        /// The client's own name for this intent: asking again with it begins nothing twice
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<IdempotencyKey>,
    ) -> Result<Begun, Refused<OfBeginning>> {
        let order: OrderId = id.parse()?;
        let known = self.service.replica.view()?.order(order)?;
        let known = known.filter(|known| known.buyer == caller.user).ok_or(ProblemType::NotFound)?;
        let publishable_key = self.service.gateway.publishable_key().ok_or_else(no_browser)?;
        let meaning = Pay { order, in_browser: true, ..Pay::default() };
        let operation = "POST /api/orders/{id}/payment-intent";
        let intent = self.under_way.enter(&caller, idempotency_key.0, operation, &meaning)?;
        // One that is under way goes on.
        if known.status() != OrderStatus::AwaitingPayment && !intent.is_remembered(&self.service)? {
            declines::check(&self.service, caller.user)?;
        }
        let payment = PaymentId::from_uuid(Uuid::now_v7());
        let pay = Pay {
            payment,
            grace_ms: self.service.rules.payment_grace_ms(),
            gateway: self.service.gateway.mark().to_owned(),
            ..meaning
        };
        let (answer, replayed) = intent.submit(&self.service, Command::Pay(pay)).await?;
        let Answer::Payment(claimed) = answer else { return Err(unexpected(&answer).into()) };
        let is_new = claimed.id == payment;
        let prepared = settled(&self.service, claimed, PaymentStage::Prepared).await?;
        let (id, version) = (prepared.id.to_string(), prepared.version);
        let client_secret =
            self.secret(prepared).await.map_err(|problem| mark_replayed(problem, replayed))?;
        let path = format!("/api/payments/{id}");
        let publishable_key = publishable_key.to_owned();
        let view = PaymentIntentView { payment_id: id, client_secret, publishable_key };
        let created = Created::new(view, version, path, replayed);
        Ok(if is_new { Begun::New(created) } else { Begun::Same(created) })
    }
}

impl PaymentIntents {
    async fn secret(&self, payment: Payment) -> Result<String, Problem> {
        match payment.status() {
            PaymentStatus::Processing => {}
            PaymentStatus::Succeeded => return Err(about(&payment, ProblemType::OrderPaid)),
            PaymentStatus::Failed => return Err(declined(&payment)),
            PaymentStatus::Refunding | PaymentStatus::Refunded => {
                return Err(refunded(&self.service, &payment)?);
            }
        }
        match saga::browser_secret(&*self.service, &self.service.client_calls, &payment).await {
            Ok(Some(secret)) => Ok(secret.expose().to_owned()),
            // Under way as a payment of another kind, or not yet known to the gateway.
            Ok(None) => Err(not_yet(&payment)),
            Err(NoFinalWord::TooManyAsk) => Err(not_yet(&payment)
                .detail("Too many ask for this at once; the payment is under way: ask again")),
            Err(error) => Err(not_yet(&payment).because_of(error)),
        }
    }
}

fn no_browser() -> Problem {
    let detail = "This gateway serves no browser: pay with a token by `POST /api/payments`";
    Problem::new(ProblemType::NoBrowserPayments).detail(detail)
}

fn not_yet(payment: &Payment) -> Problem {
    about(payment, ProblemType::Unavailable)
        .detail("The gateway has not answered yet; the payment is under way: ask again")
        .retry_after(RETRY_AFTER)
}
