//! Selling a ticket, and changing what it says.

use askama::Template;
use poem::Response;

use super::answer::{self, Policy};
use super::layout::Layout;
use super::meant::{as_meant, for_a_browser};
use super::now::Now;
use super::typed::{KEY, Typed};
use super::visit::Visit;
use crate::api::conditional::Precondition;
use crate::api::idempotency::IdempotencyKey;
use crate::api::tickets;
use crate::domain::{Ticket, TicketStatus};
use crate::http::form::Form;
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;
use crate::http::{Problem, ProblemType};

/// The fields, as the API calls them.
const FIELDS: &[&str] = &["title", "price", "venue", "startsAt"];

#[derive(Template)]
#[template(path = "ticket_form.html", config = "src/storefront/askama.toml")]
struct TicketForm {
    layout: Layout,
    typed: Typed,
    /// In capitals.
    currency: String,
    /// What is changed; none if it is new.
    subject: Option<Subject>,
}

/// A ticket that is changed.
struct Subject {
    id: String,
    /// The version that whoever changes it knows.
    version: String,
    is_frozen: bool,
}

pub(super) async fn new(visit: Visit) -> Result<Response, Problem> {
    if visit.visitor.is_none() {
        return visit.to_sign_in();
    }
    answer::page(&visit, &form_for(&visit, Typed::new(Form::default()), None))
}

pub(super) async fn post(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let posted = async {
        let key = IdempotencyKey::of_field(form.get(KEY))?;
        let caller = visit.signed_in()?;
        let input = as_meant(&form).read()?;
        tickets::post(visit.service(), &visit.shop.shared.under_way, &caller, key, input).await
    };
    match posted.await {
        Ok((ticket, _)) => answer::see_other(&format!("/tickets/{}?done=posted", ticket.id)),
        Err(problem) => {
            let typed = Typed::refused(form, &problem, FIELDS).sign_in_aside();
            answer::refused(problem, Policy::Strict, &form_for(&visit, typed, None))
        }
    }
}

pub(super) async fn edit(visit: Visit) -> Result<Response, Problem> {
    let Some(caller) = visit.caller() else { return visit.to_sign_in() };
    let ticket = tickets::find(visit.service(), &visit.id())?;
    if ticket.seller != caller.user {
        return Err(ProblemType::Forbidden.into());
    }
    if matches!(ticket.status(), TicketStatus::Reserved | TicketStatus::Sold) {
        // Where it says why it cannot be changed.
        return answer::see_other(&format!("/tickets/{}", ticket.id));
    }
    let typed = Typed::new(filled_in(&ticket));
    answer::page(&visit, &form_for(&visit, typed, Some(Subject::of(&ticket))))
}

pub(super) async fn replace(mut visit: Visit) -> Result<Response, Problem> {
    let form = visit.form().await?;
    let replaced = async {
        let caller = visit.signed_in()?;
        let (version, input) = (Precondition::of_field(form.get("version")), as_meant(&form).read()?);
        tickets::replace(visit.service(), &caller, &visit.id(), version, input).await
    };
    match replaced.await {
        Ok(ticket) => answer::see_other(&format!("/tickets/{}?done=saved", ticket.id)),
        Err(problem) => {
            // What nobody may change is not shown as if they could.
            let ticket = tickets::find(visit.service(), &visit.id())?;
            let is_theirs = visit.caller().is_none_or(|caller| caller.user == ticket.seller);
            if !is_theirs || problem.kind() == ProblemType::NotFound {
                return Err(problem);
            }
            let page = form_for_again(&visit, form, &problem, &ticket);
            answer::refused(problem, Policy::Strict, &page)
        }
    }
}

/// The form of a change that was refused. The next try is about the version that was seen: what was typed may stand on it. Only
/// where the page says what else there is by now is it about that.
fn form_for_again(visit: &Visit, form: Form, problem: &Problem, ticket: &Ticket) -> TicketForm {
    let mut subject = Subject::of(ticket);
    let mut now = Vec::new();
    if problem.kind() == ProblemType::VersionMismatch {
        now = Now::beside(&form, ticket);
    } else if let Some(version) = form.get("version") {
        version.clone_into(&mut subject.version);
    }
    let typed = Typed::refused(form, problem, FIELDS).sign_in_aside().beside(now);
    form_for(visit, typed, Some(subject))
}

fn form_for(visit: &Visit, typed: Typed, subject: Option<Subject>) -> TicketForm {
    let title = if subject.is_some() { "Change your ticket" } else { "Sell a ticket" };
    let currency = visit.service().rules.currency.to_uppercase();
    TicketForm { layout: visit.layout(title).hidden(), typed, currency, subject }
}

impl Subject {
    fn of(ticket: &Ticket) -> Self {
        Self {
            id: ticket.id.to_string(),
            version: ticket.version.to_string(),
            is_frozen: ticket.status() == TicketStatus::Frozen,
        }
    }
}

/// The form with what the ticket says.
fn filled_in(ticket: &Ticket) -> Form {
    let form = Form::default()
        .with("title", ticket.title.clone())
        .with("price", Money { minor: ticket.price_minor }.to_string())
        .with("venue", ticket.venue.clone().unwrap_or_default());
    match ticket.starts_at_ms {
        Some(unix_ms) => form.with("startsAt", for_a_browser(&Timestamp { unix_ms }.to_rfc3339())),
        None => form,
    }
}
