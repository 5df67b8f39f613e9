//! An order: the time that is left, paying, and what became of it.

use askama::Template;
use poem::Response;

use super::answer::{self, Policy};
use super::checkout::{
    Checkout, Decline, Receipt, TEST_CARDS, attempt, waits_elsewhere, waits_for_this_page,
};
use super::layout::Layout;
use super::show::{Moment, Price, time_left};
use super::typed::{KEY, Typed, fresh_key};
use super::visit::Visit;
use crate::api::caller::Caller;
use crate::api::conditional::Precondition;
use crate::api::idempotency::IdempotencyKey;
use crate::api::operator::UserOrOperator;
use crate::api::orders::{self, seconds_left, status_name};
use crate::api::payments;
use crate::domain::{CancelReason, Order, OrderStatus, Payment, TicketStatus};
use crate::http::Problem;
use crate::http::form::Form;
use crate::saga;

/// What an order is to its buyer now.
enum State {
    /// It waits to be paid.
    Open {
        seconds_left: u64,
        checkout: Checkout,
        decline: Option<Decline>,
    },
    /// Its time is over, and it is about to be released.
    Closing,
    /// A payment is under way; the buyer may have to go on elsewhere.
    Confirming {
        url: Option<String>,
    },
    /// The ticket is the buyer's.
    Complete,
    GivenBack,
    Expired,
    Refunded,
}

#[derive(Template)]
#[template(path = "order.html", config = "src/storefront/askama.toml")]
struct OrderPage {
    layout: Layout,
    id: String,
    version: u64,
    ticket_id: String,
    title: String,
    venue: Option<String>,
    starts_at: Option<Moment>,
    price: Price,
    deadline: Moment,
    /// The class of its state, and the words for it.
    words: (&'static str, &'static str),
    /// What the API calls its status.
    status: &'static str,
    state: State,
    /// The latest attempt to pay, and its version.
    payment: Option<(String, u64)>,
    receipt: Option<Receipt>,
    /// The ticket may be had once more.
    is_free_again: bool,
    /// For whoever reserves it once more.
    again_key: String,
    typed: Typed,
    test_cards: &'static [(&'static str, &'static str)],
}

pub(super) async fn show(visit: Visit) -> Result<Response, Problem> {
    let Some(caller) = visit.caller().cloned() else { return visit.to_sign_in() };
    let order = orders::find(visit.service(), &UserOrOperator::User(caller), &visit.id())?;
    let page = page_of(&visit, order, Typed::new(Form::default())).await?;
    answer::page_under(&visit, page.policy(), &page)
}

pub(super) async fn pay(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let caller = visit.signed_in()?;
    let paid = async {
        let key = IdempotencyKey::of_field(form.get(KEY))?;
        let input = form.clone().with("orderId", visit.id()).read()?;
        payments::pay(visit.service(), &visit.shop.shared.under_way, &caller, key, input).await
    };
    match paid.await {
        Ok(_) => answer::see_other(&format!("/orders/{}", visit.id())),
        Err(problem) => refused(&visit, caller, form, problem).await,
    }
}

pub(super) async fn cancel(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let caller = visit.signed_in()?;
    let version = Precondition::of_field(form.get("version"));
    match orders::cancel(visit.service(), &caller, &visit.id(), version).await {
        Ok(_) => answer::see_other(&format!("/orders/{}", visit.id())),
        Err(problem) => refused(&visit, caller, form, problem).await,
    }
}

/// The order with why something could not be done with it.
async fn refused(visit: &Visit, caller: Caller, form: Form, problem: Problem) -> Result<Response, Problem> {
    let order = orders::find(visit.service(), &UserOrOperator::User(caller), &visit.id());
    let Ok(order) = order else { return Err(problem) };
    let typed = match problem.declined_with() {
        // The order itself says so, for as long as it is true; the next attempt is another one.
        Some(_) => Typed::new(Form::default()),
        None => Typed::refused(form, &problem, &["token"]),
    };
    let page = page_of(visit, order, typed).await?;
    answer::refused(problem, page.policy(), &page)
}

async fn page_of(visit: &Visit, order: Order, typed: Typed) -> Result<OrderPage, Problem> {
    let service = visit.service();
    let payment = attempt(service, order.payment)?;
    let state = State::of(visit, &order, payment.as_ref()).await;
    let receipt = payment.as_ref().map(|payment| Receipt::of(service, payment)).transpose()?.flatten();
    let ticket = service.replica.view()?.ticket(order.ticket.id)?;
    let now_ms = service.replica.now_ms();
    let is_free = ticket.is_some_and(|t| t.status() == TicketStatus::Available && !t.has_begun(now_ms));
    let mut layout = visit.layout(format!("Order: {}", order.ticket.title)).hidden();
    layout.with_stripe = matches!(state, State::Open { checkout: Checkout::Stripe { .. }, .. });
    Ok(OrderPage {
        layout,
        id: order.id.to_string(),
        version: order.version,
        ticket_id: order.ticket.id.to_string(),
        starts_at: order.ticket.starts_at_ms.map(Moment::new),
        price: Price::new(order.ticket.price_minor, &order.ticket.currency),
        deadline: Moment::new(order.expires_at_ms),
        words: in_words(&order),
        status: status_name(order.status()),
        state,
        payment: payment.map(|payment| (payment.id.to_string(), payment.version)),
        receipt,
        is_free_again: is_free,
        again_key: fresh_key(),
        typed,
        test_cards: TEST_CARDS,
        title: order.ticket.title,
        venue: order.ticket.venue,
    })
}

impl State {
    async fn of(visit: &Visit, order: &Order, payment: Option<&Payment>) -> Self {
        let service = visit.service();
        let seconds_left = seconds_left(order, service.replica.now_ms());
        let open = |decline| Self::Open { seconds_left, checkout: Checkout::of(service, order), decline };
        match order.status() {
            OrderStatus::Created if seconds_left == 0 => Self::Closing,
            OrderStatus::Created => open(payment.and_then(Decline::of)),
            OrderStatus::AwaitingPayment => match payment {
                Some(payment) if waits_for_this_page(payment) && seconds_left > 0 && !has_returned(visit) => {
                    open(None)
                }
                Some(payment) if waits_elsewhere(payment) => {
                    // Not said in time is said later: the page asks again.
                    let action =
                        saga::next_action(service, &service.client_calls, payment).await.ok().flatten();
                    let url = action.and_then(|action| action.url).map(|url| url.expose().to_owned());
                    Self::Confirming { url: url.filter(|url| url.starts_with("https://")) }
                }
                _ => Self::Confirming { url: None },
            },
            OrderStatus::Complete => Self::Complete,
            OrderStatus::Cancelled => match order.cancel_reason() {
                CancelReason::Expired => Self::Expired,
                CancelReason::Refunded => Self::Refunded,
                CancelReason::Buyer | CancelReason::None => Self::GivenBack,
            },
        }
    }
}

/// Whether the buyer comes back from where Stripe sent them, having done their part.
fn has_returned(visit: &Visit) -> bool {
    let query = Form::in_query(visit.query());
    matches!(query.get("redirect_status"), Some("succeeded" | "processing"))
}

impl OrderPage {
    /// For those without a script.
    fn left(&self, seconds: &u64) -> String {
        time_left(*seconds)
    }

    fn policy(&self) -> Policy {
        if self.layout.with_stripe { Policy::WithStripe } else { Policy::Strict }
    }

    /// Whether its money came when its ticket was no longer to be had.
    fn came_too_late(&self) -> bool {
        self.receipt.is_some() && matches!(self.state, State::Expired | State::GivenBack)
    }

    fn looks_alike(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).append_pair("keyword", &self.title).finish()
    }
}

/// Where an order stands: a class of states, and words.
pub(super) fn in_words(order: &Order) -> (&'static str, &'static str) {
    match (order.status(), order.cancel_reason()) {
        (OrderStatus::Created, _) => ("open", "Waits for your payment"),
        (OrderStatus::AwaitingPayment, _) => ("open", "Payment under way"),
        (OrderStatus::Complete, _) => ("complete", "Yours"),
        (OrderStatus::Cancelled, CancelReason::Expired) => ("over", "Not paid in time"),
        (OrderStatus::Cancelled, CancelReason::Refunded) => ("over", "Refunded"),
        (OrderStatus::Cancelled, _) => ("over", "Given back"),
    }
}
