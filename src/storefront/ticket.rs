//! A ticket, and reserving it.

use askama::Template;
use poem::Response;

use super::answer::{self, Policy};
use super::layout::Layout;
use super::show::Card;
use super::typed::{KEY, Typed};
use super::visit::Visit;
use super::{done, structured_data};
use crate::api::idempotency::IdempotencyKey;
use crate::api::{orders, tickets};
use crate::domain::{OrderStatus, Ticket, TicketStatus};
use crate::http::Problem;
use crate::http::form::Form;

/// What a ticket is to its visitor.
enum Standing {
    /// They may reserve it.
    ForYou,
    /// Anybody may who is signed in.
    ForWhoeverSignsIn,
    /// They offer it, and may change it.
    Yours,
    /// They offer it, and somebody holds or bought it.
    YoursAndTaken,
    /// They hold it by this order.
    ReservedByYou(String),
    /// They bought it by this order.
    BoughtByYou(String),
    Reserved,
    Sold,
    OffSale,
    Begun,
}

#[derive(Template)]
#[template(path = "ticket.html", config = "src/storefront/askama.toml")]
struct TicketPage {
    layout: Layout,
    card: Card,
    standing: Standing,
    typed: Typed,
    /// What was looked for by whoever looks for the same show.
    like_it: String,
}

pub(super) async fn show(visit: Visit) -> Result<Response, Problem> {
    let ticket = tickets::find(visit.service(), &visit.id())?;
    answer::page(&visit, &page_of(&visit, ticket, Typed::new(Form::default()))?)
}

pub(super) async fn reserve(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let ticket = visit.id();
    let reserved = async {
        let key = IdempotencyKey::of_field(form.get(KEY))?;
        let caller = visit.signed_in()?;
        orders::reserve(visit.service(), &visit.shop.shared.under_way, &caller, key, &ticket).await
    };
    match reserved.await {
        Ok((order, _)) => answer::see_other(&format!("/orders/{}", order.id)),
        Err(problem) => refused(&visit, &form, problem),
    }
}

/// The ticket with why something could not be done with it.
pub(super) fn refused(visit: &Visit, form: &Form, problem: Problem) -> Result<Response, Problem> {
    let Ok(ticket) = tickets::find(visit.service(), &visit.id()) else { return Err(problem) };
    let typed = Typed::refused(form.clone(), &problem, &[]).sign_in_for(&format!("/tickets/{}", ticket.id));
    answer::refused(problem, Policy::Strict, &page_of(visit, ticket, typed)?)
}

fn page_of(visit: &Visit, ticket: Ticket, typed: Typed) -> Result<TicketPage, Problem> {
    let now_ms = visit.service().replica.now_ms();
    let standing = Standing::of(visit, &ticket, now_ms)?;
    let address = visit.origin().map(|origin| format!("{origin}/tickets/{}", ticket.id));
    let mut layout = visit.layout(ticket.title.clone());
    layout.structured_data = structured_data::of_ticket(&ticket, now_ms, address.as_deref());
    layout.canonical = address;
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("keyword", &ticket.title).finish();
    let card = Card::new(ticket, now_ms);
    layout.description = Some(describe(&card));
    if matches!(standing, Standing::Yours) {
        layout.done = visit.done().and_then(|done| done::with_ticket(&done, &card));
    }
    Ok(TicketPage { layout, card, standing, typed, like_it: query })
}

/// The ticket in a sentence, for whoever is sent a link to it.
fn describe(card: &Card) -> String {
    let price = format!("{} {}", card.price.currency.to_uppercase(), card.price.value);
    let venue = card.venue.as_ref().map(|venue| format!(" at {venue}")).unwrap_or_default();
    let when = card.starts_at.as_ref().map(|moment| format!(", {}", moment.text())).unwrap_or_default();
    format!("A ticket for {}{venue}{when}. {}: {price}.", card.title, card.status_text)
}

impl Standing {
    fn of(visit: &Visit, ticket: &Ticket, now_ms: u64) -> Result<Self, Problem> {
        let me = visit.caller().map(|caller| caller.user);
        let is_taken = matches!(ticket.status(), TicketStatus::Reserved | TicketStatus::Sold);
        if me == Some(ticket.seller) {
            return Ok(if is_taken { Self::YoursAndTaken } else { Self::Yours });
        }
        if let (Some(me), Some(order)) = (me, ticket.order) {
            let order = visit.service().replica.view()?.order(order)?;
            // By the order, not by the ticket: whose order it is, nobody else is told.
            if let Some(order) = order.filter(|order| order.buyer == me) {
                let id = order.id.to_string();
                return Ok(match order.status() {
                    OrderStatus::Complete => Self::BoughtByYou(id),
                    _ => Self::ReservedByYou(id),
                });
            }
        }
        Ok(match ticket.status() {
            TicketStatus::Sold => Self::Sold,
            _ if ticket.has_begun(now_ms) => Self::Begun,
            TicketStatus::Reserved => Self::Reserved,
            TicketStatus::Frozen => Self::OffSale,
            TicketStatus::Available if me.is_some() => Self::ForYou,
            TicketStatus::Available => Self::ForWhoeverSignsIn,
        })
    }
}
