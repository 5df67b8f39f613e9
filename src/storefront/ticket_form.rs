//! Selling a ticket, and changing what it says.

use askama::Template;
use poem::Response;

use super::answer::{self, Policy};
use super::layout::Layout;
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

/// What browsers leave out of a time that they ask for by themselves: seconds, and an offset.
const SHORTEST_TIME: usize = "2027-05-01T19:30".len();

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
    version: u64,
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
        let input = in_utc(&form).read()?;
        tickets::post(visit.service(), &visit.shop.shared.under_way, &caller, key, input).await
    };
    match posted.await {
        Ok((ticket, _)) => answer::see_other(&format!("/tickets/{}?done=posted", ticket.id)),
        Err(problem) => {
            let typed = Typed::refused(form, &problem, FIELDS);
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
        let (version, input) = (Precondition::of_field(form.get("version")), in_utc(&form).read()?);
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
            let typed = Typed::refused(form, &problem, FIELDS);
            answer::refused(problem, Policy::Strict, &form_for(&visit, typed, Some(Subject::of(&ticket))))
        }
    }
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
            version: ticket.version,
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

/// A time in UTC as browsers show it for changing.
fn for_a_browser(rfc3339: &str) -> String {
    let time = rfc3339.strip_suffix('Z').unwrap_or(rfc3339);
    let time = time.strip_suffix(".000").unwrap_or(time);
    time.strip_suffix(":00").unwrap_or(time).to_owned()
}

/// The form with a time as the API takes it: one without an offset is in UTC, as the form says.
fn in_utc(form: &Form) -> Form {
    match form.get("startsAt").map(str::trim) {
        Some(time) if is_local(time) => {
            let seconds = if time.len() == SHORTEST_TIME { ":00" } else { "" };
            form.clone().with("startsAt", format!("{time}{seconds}Z"))
        }
        _ => form.clone(),
    }
}

/// Whether a time may be one that a browser asked for, without seconds or an offset. Whether it is right is for the
/// rule to say.
fn is_local(time: &str) -> bool {
    let has_offset =
        time.ends_with(['Z', 'z']) || time.get(SHORTEST_TIME..).is_some_and(|rest| rest.contains(['+', '-']));
    time.len() >= SHORTEST_TIME && time.as_bytes()[10] == b'T' && !has_offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_an_offset_are_in_utc() {
        let read = |time: &str| {
            in_utc(&Form::default().with("startsAt", time)).get("startsAt").unwrap_or_default().to_owned()
        };
        assert_eq!(read("2027-05-01T19:30"), "2027-05-01T19:30:00Z");
        assert_eq!(read("2027-05-01T19:30:15"), "2027-05-01T19:30:15Z");
        assert_eq!(read("2027-05-01T19:30:15.5"), "2027-05-01T19:30:15.5Z");
        for kept in ["2027-05-01T19:30:00Z", "2027-05-01T19:30:00+02:00", "soon", "2027-05-01 19:30", "ää"]
        {
            assert_eq!(read(kept), kept);
        }
    }

    #[test]
    fn times_are_shown_as_browsers_take_them() {
        for (time, shown) in [
            ("2027-05-01T19:30:00.000Z", "2027-05-01T19:30"),
            ("2027-05-01T19:00:00.000Z", "2027-05-01T19:00"),
            ("2027-05-01T19:30:15.000Z", "2027-05-01T19:30:15"),
            ("2027-05-01T19:30:00.050Z", "2027-05-01T19:30:00.050"),
        ] {
            assert_eq!(for_a_browser(time), shown);
        }
    }
}
