//! Payments: charging for orders.

use std::sync::Arc;
use std::time::Duration;

use poem::http::StatusCode;
use poem::{IntoResponse, Request, Response};
use poem_openapi::param::{Path, Query};
use poem_openapi::registry::{MetaResponse, MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object, OpenApi};
use tokio::time::Instant;
use uuid::Uuid;

use super::Tag;
use super::caller::Caller;
use super::id::id_text;
use super::idempotency::{IdempotencyKey, UnderWay, mark_replayed};
use super::operator::UserOrOperator;
use super::payment_view::PaymentView;
use super::refusal::unexpected;
use super::response::{Created, Page, Shown};
use super::{declines, paging, refused, withdrawals};
use crate::domain::{
    Answer, CancelReason, Command, OrderId, Pay, Payment, PaymentId, PaymentStage, PaymentStatus,
    RejectionCode, Scope,
};
use crate::failpoint;
use crate::http::header::Header;
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::line::Line;
use crate::http::query::Unchecked;
use crate::http::rules::text;
use crate::http::tried::{Tried, both};
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::service::Service;

/// How long a client waits for the gateway before it is told "processing".
const WAIT_FOR_GATEWAY: Duration = Duration::from_secs(10);

/// Characters of a token.
const MAX_TOKEN_CHARS: usize = 255;

/// Tells the cursors of this list apart from those of others.
const LIST: u8 = b'y';

pub(super) struct Payments {
    pub(super) service: Arc<Service>,
    pub(super) under_way: UnderWay,
}

/// What to pay, and with what
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct PaymentInput {
    /// The order to pay for
    #[oai(validator(min_length = 1, max_length = 128))]
    order_id: String,
    /// What the gateway takes the money from: a token (`tok_…`) or a payment method (`pm_…`); with the sandbox
    /// `tok_visa`, `tok_chargeDeclined`, `tok_slow` …
    #[oai(validator(min_length = 1, max_length = 255))]
    token: Line,
}

/// A payment that was made, or is being made.
enum Paid {
    Succeeded(Created<PaymentView>),
    /// Answered in the same way, but for the status.
    Processing(Created<PaymentView>),
}

impl IntoResponse for Paid {
    fn into_response(self) -> Response {
        match self {
            Self::Succeeded(payment) => payment.into_response(),
            Self::Processing(payment) => payment.with_status(StatusCode::ACCEPTED).into_response(),
        }
    }
}

impl ApiResponse for Paid {
    fn meta() -> MetaResponses {
        let answers = [
            (StatusCode::CREATED, "The money moved and the order is complete"),
            (
                StatusCode::ACCEPTED,
                "The gateway has not answered yet, or the buyer has to do something first (`nextAction`): \
                 look at `Location` later",
            ),
        ];
        let describe = |(status, description): (StatusCode, _)| {
            let created = Created::<PaymentView>::meta().responses.into_iter();
            created.map(move |created| MetaResponse { status: Some(status.as_u16()), description, ..created })
        };
        MetaResponses { responses: answers.into_iter().flat_map(describe).collect() }
    }

    fn register(registry: &mut Registry) {
        Created::<PaymentView>::register(registry);
    }
}

impl FromFields for PaymentInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let order_id = fields.required("orderId", id_text);
        let token = fields.required("token", text(1..=MAX_TOKEN_CHARS));
        Ok(Self { order_id: order_id?, token: Line(token?) })
    }
}

refused! {
    OfPaying: 400, 401, 402, 403, 404, 408, 409, 413, 415, 422, 429;
    OfListing: 400, 401, 403;
    OfFinding: 400, 401, 403, 404;
}

#[OpenApi(prefix_path = "/api/payments", tag = "Tag::Payments")]
impl Payments {
    /// Pay for an order
    ///
    /// Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who they are to
    /// their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves the order open until its deadline; its
    /// problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order was
    /// released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment under way in
    /// a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are declined again
    /// and again is answered 429 for a while.
    #[oai(path = "/", method = "post", operation_id = "createPayment")]
    async fn create(
        &self,
        caller: Caller,
        /// The client's own name for this intent: asking again with it charges nothing twice
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Tried<Header<IdempotencyKey>>,
        body: Tried<Body<PaymentInput>>,
    ) -> Result<Paid, Refused<OfPaying>> {
        let (Body(input), Header(key)) = both(body, idempotency_key)?;
        let (payment, replayed) = pay(&self.service, &self.under_way, &caller, key, input).await?;
        if payment.stage().is_none() {
            return Ok(Paid::Succeeded(PaymentView::from(payment).created(replayed)));
        }
        let view = PaymentView::with_next_action(&self.service, payment).await;
        Ok(Paid::Processing(view.created(replayed)))
    }

    /// List my payments, oldest first
    ///
    /// Every attempt to pay for one of my orders, whatever came of it.
    #[oai(path = "/", method = "get", operation_id = "listPayments")]
    async fn list(
        &self,
        request: &Request,
        caller: Caller,
        /// How many at most; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
        /// Where the page before this one ended: from its `Link`
        #[oai(validator(pattern = "^[A-Za-z0-9_-]*$"))]
        cursor: Query<Unchecked<String>>,
    ) -> Result<Page<PaymentView>, Refused<OfListing>> {
        let (limit, after) = paging::wanted(&limit, &cursor, LIST)?;
        let page = self.service.replica.view()?.payments_of(caller.user, after, limit)?;
        let link = paging::link(request, LIST, page.next);
        Ok(Page::new(page.items.into_iter().map(PaymentView::from), link))
    }

    /// Show a payment
    ///
    /// To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope `payments:read`. What
    /// the buyer has to do next is shown to them alone, and why a card was declined not to the seller.
    #[oai(path = "/:id", method = "get", operation_id = "getPayment")]
    async fn get(
        &self,
        asker: UserOrOperator,
        /// The payment's id
        id: Path<String>,
    ) -> Result<Shown<PaymentView>, Refused<OfFinding>> {
        asker.ensure_scope(&[Scope::PaymentsRead])?;
        let view = self.service.replica.view()?;
        let payment = view.payment(id.parse()?)?.ok_or(ProblemType::NotFound)?;
        let order = view.order(payment.order)?.ok_or(ProblemType::NotFound)?;
        asker.ensure_among(&[payment.buyer, order.ticket.seller])?;
        let version = payment.version;
        let view = match asker {
            UserOrOperator::User(caller) if caller.user == payment.buyer => {
                PaymentView::with_next_action(&self.service, payment).await
            }
            // With what the buyer has to do goes what lets whoever has it pay: it is for the buyer alone.
            UserOrOperator::User(_) => PaymentView::for_seller(payment),
            UserOrOperator::Operator(_) => payment.into(),
        };
        Ok(Shown::new(view, version))
    }
}

/// Pays for an order, and waits a while for what comes of it: the payment is made, or under way. Also says whether that was
/// answered before.
pub(crate) async fn pay(
    service: &Service,
    under_way: &UnderWay,
    caller: &Caller,
    key: IdempotencyKey,
    PaymentInput { order_id, token: Line(token) }: PaymentInput,
) -> Result<(Payment, bool), Problem> {
    // As in reserving: what is no id names no order, and `apply` says so.
    let order: OrderId = order_id.parse().unwrap_or_default();
    // The settings are no part of what the client means, nor is the id.
    let meaning = Pay { order, source: token, ..Pay::default() };
    let intent = under_way.enter(caller, key, "POST /api/payments", &meaning)?;
    if !intent.is_remembered(service)? {
        declines::check(service, caller.user)?;
    }
    let pay = Pay {
        payment: PaymentId::from_uuid(Uuid::now_v7()),
        grace_ms: service.rules.payment_grace_ms(),
        gateway: service.gateway.mark().to_owned(),
        ..meaning
    };
    failpoint::reach("before-claim");
    let pay = Command::Pay(pay);
    let (answer, replayed) = match intent.try_submit(service, pay.clone()).await? {
        Err((no, _)) if no.code() == RejectionCode::BrowserAttemptOpen => {
            withdrawals::make_way(service, caller, order).await?;
            intent.submit(service, pay).await?
        }
        Err((no, replayed)) => return Err(mark_replayed(no.into(), replayed)),
        Ok(claimed) => claimed,
    };
    let Answer::Payment(claimed) = answer else { return Err(unexpected(&answer)) };
    failpoint::reach("after-claim");
    let payment = settled(service, claimed, PaymentStage::ActionRequired).await?;
    match not_paid(service, &payment)? {
        Some(problem) => Err(mark_replayed(problem, replayed)),
        None => Ok((payment, replayed)),
    }
}

/// The payment once it is over, or as far as this stage; or as it is when the wait is over.
pub(super) async fn settled(
    service: &Service,
    claimed: Payment,
    stage: PaymentStage,
) -> Result<Payment, Problem> {
    let deadline = Instant::now() + WAIT_FOR_GATEWAY;
    let mut latest = claimed;
    loop {
        // Listening before reading: no change can fall in between.
        let change = service.payment_signals.change(latest.id);
        latest = service.replica.view()?.payment(latest.id)?.unwrap_or(latest);
        if latest.stage().is_none_or(|reached| reached >= stage) || Instant::now() >= deadline {
            return Ok(latest);
        }
        // In vain or not, it is read once more.
        let _ = tokio::time::timeout_at(deadline, change.happened()).await;
    }
}

/// What whoever asked for a payment is told if it came to nothing.
fn not_paid(service: &Service, payment: &Payment) -> Result<Option<Problem>, Problem> {
    Ok(match payment.status() {
        PaymentStatus::Succeeded | PaymentStatus::Processing => None,
        // It was paid, whatever became of the money since.
        PaymentStatus::Refunding | PaymentStatus::Refunded if was_complete(service, payment)? => None,
        PaymentStatus::Failed => {
            let said = format!("was declined: {}", payment.decline_code);
            Some(declined(payment).fault(Fault::of("token", said)))
        }
        PaymentStatus::Refunding | PaymentStatus::Refunded => Some(refunded(service, payment)?),
    })
}

/// Whether the order of a payment that is given back had been completed by it.
fn was_complete(service: &Service, payment: &Payment) -> Result<bool, Problem> {
    let order = service.replica.view()?.order(payment.order)?;
    Ok(order.is_some_and(|order| order.cancel_reason() == CancelReason::Refunded))
}

pub(super) fn declined(payment: &Payment) -> Problem {
    about(payment, ProblemType::PaymentDeclined)
        .detail(format!("The gateway declined the charge: {}", payment.decline_code))
        .decline_code(payment.decline_code.clone())
}

pub(super) fn refunded(service: &Service, payment: &Payment) -> Result<Problem, Problem> {
    if was_complete(service, payment)? {
        let detail = "It was paid for, and all of that was given back";
        return Ok(about(payment, ProblemType::OrderCancelled).detail(detail));
    }
    Ok(about(payment, ProblemType::PaymentRefunded)
        .detail("The charge came too late: the order was released, and the money goes back"))
}

/// A problem that says where its payment can be looked up.
pub(super) fn about(payment: &Payment, kind: ProblemType) -> Problem {
    Problem::new(kind).payment_id(payment.id.to_string())
}
