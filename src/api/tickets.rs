//! Tickets: posting, finding and changing them.

use std::sync::Arc;

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::caller::Caller;
use super::conditional::Precondition;
use super::idempotency::{IdempotencyKey, UnderWay};
use super::refusal::unexpected;
use super::response::{Created, NoContent, Page, Shown};
use super::ticket_list::{ListParameters, SortName, list_tag};
use super::ticket_view::TicketView;
use super::{paging, refused};
use crate::domain::{
    Answer, Command, CreateTicket, DeleteTicket, SetFrozen, Ticket, TicketFields, TicketId, UpdateTicket,
};
use crate::http::header::Header;
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::line::Line;
use crate::http::money::Money;
use crate::http::query::Unchecked;
use crate::http::rules::{money, text, timestamp};
use crate::http::timestamp::Timestamp;
use crate::http::tried::{Tried, both};
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::service::Service;
use crate::store::{self, Sort};
use crate::words::words;

/// Characters of a title, and of a venue.
const MAX_TEXT_CHARS: usize = 200;

pub(super) struct Tickets {
    pub(super) service: Arc<Service>,
    pub(super) under_way: UnderWay,
}

/// What a seller says about a ticket
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(crate) struct TicketInput {
    /// What it is for. White space around it does not count
    #[oai(validator(min_length = 1, max_length = 200))]
    title: Line,
    price: Money,
    /// Where the show is. White space around it does not count
    #[oai(validator(min_length = 1, max_length = 200))]
    venue: Option<Line>,
    /// When the show begins; from then on the ticket is neither listed nor orderable
    starts_at: Option<Timestamp>,
}

impl FromFields for TicketInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let title = fields.required("title", text(1..=MAX_TEXT_CHARS));
        let price = fields.required("price", money);
        let venue = fields.optional("venue", text(1..=MAX_TEXT_CHARS));
        let starts_at = fields.optional("startsAt", timestamp);
        Ok(Self { title: Line(title?), price: price?, venue: venue?.map(Line), starts_at: starts_at? })
    }
}

impl TicketInput {
    fn into_fields(self) -> TicketFields {
        TicketFields {
            words: words(&self.title.0),
            title: self.title.0,
            price_minor: self.price.minor,
            venue: self.venue.map(|venue| venue.0),
            starts_at_ms: self.starts_at.map(|starts_at| starts_at.unix_ms),
        }
    }
}

refused! {
    OfListing: 400;
    OfFinding: 400, 404;
    OfPosting: 400, 401, 403, 408, 409, 413, 415, 422;
    OfReplacing: 400, 401, 403, 404, 408, 409, 412, 413, 415;
    OfChanging: 400, 401, 403, 404, 409, 412;
}

#[OpenApi(prefix_path = "/api/tickets", tag = "Tag::Tickets")]
impl Tickets {
    /// List the tickets on sale
    ///
    /// A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.
    #[allow(clippy::too_many_arguments)] // One for each query parameter: that is how they are documented.
    #[oai(path = "/", method = "get", operation_id = "listTickets")]
    async fn list(
        &self,
        request: &Request,
        /// Words that the title must all have, or beginnings of them; case and accents do not count. At most 32
        /// words; without a letter or a digit it is refused, and blank it is no filter
        #[oai(validator(max_length = 200, pattern = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"))]
        keyword: Query<Unchecked<String>>,
        /// The least price, inclusive; with two decimals at most
        #[oai(name = "minPrice", validator(minimum(value = "0")))]
        min_price: Query<Unchecked<f64>>,
        /// The greatest price, inclusive; with two decimals at most
        #[oai(name = "maxPrice", validator(minimum(value = "0")))]
        max_price: Query<Unchecked<f64>>,
        /// Tickets of this user only
        #[oai(validator(max_length = 200))]
        seller: Query<Unchecked<String>>,
        /// `newest` unless said otherwise
        sort: Query<Unchecked<SortName>>,
        /// How many at most; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
        /// Where the page before this one ended: from its `Link`
        #[oai(validator(pattern = "^[A-Za-z0-9_-]*$"))]
        cursor: Query<Unchecked<String>>,
    ) -> Result<Page<TicketView>, Refused<OfListing>> {
        let given = ListParameters { keyword, min_price, max_price, seller, sort, limit, cursor };
        let found = on_sale(&self.service, given)?;
        let link = paging::link(request, found.list, found.page.next);
        Ok(Page::new(found.page.items.into_iter().map(TicketView::from), link))
    }

    /// Post a ticket
    ///
    /// With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until its
    /// seller sets a later one.
    #[oai(path = "/", method = "post", operation_id = "createTicket")]
    async fn create(
        &self,
        caller: Caller,
        /// The client's own name for this intent: asking again with it does nothing twice
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Tried<Header<IdempotencyKey>>,
        body: Tried<Body<TicketInput>>,
    ) -> Result<Created<TicketView>, Refused<OfPosting>> {
        let (Body(input), Header(key)) = both(body, idempotency_key)?;
        let (ticket, replayed) = post(&self.service, &self.under_way, &caller, key, input).await?;
        let (version, path) = (ticket.version, format!("/api/tickets/{}", ticket.id));
        Ok(Created::new(ticket.into(), version, path, replayed))
    }

    /// Show a ticket
    ///
    /// Whoever asks, and whether it is on sale or not.
    #[oai(path = "/:id", method = "get", operation_id = "getTicket")]
    async fn get(
        &self,
        /// The ticket's id
        id: Path<String>,
    ) -> Result<Shown<TicketView>, Refused<OfFinding>> {
        Ok(shown(find(&self.service, &id)?))
    }

    /// Replace what a ticket says
    ///
    /// By its seller, while no order holds it: what the body leaves out the ticket has no longer.
    #[oai(path = "/:id", method = "put", operation_id = "replaceTicket")]
    async fn replace(
        &self,
        caller: Caller,
        /// The ticket's id
        id: Path<String>,
        /// The version (ETag) that the change is meant for
        #[oai(name = "If-Match")]
        precondition: Tried<Header<Precondition>>,
        body: Tried<Body<TicketInput>>,
    ) -> Result<Shown<TicketView>, Refused<OfReplacing>> {
        let (Body(input), Header(precondition)) = both(body, precondition)?;
        Ok(shown(replace(&self.service, &caller, &id, precondition, input).await?))
    }

    /// Withdraw a ticket
    ///
    /// By its seller, while no order holds it. It is gone for good.
    #[oai(path = "/:id", method = "delete", operation_id = "deleteTicket")]
    async fn delete(
        &self,
        caller: Caller,
        /// The ticket's id
        id: Path<String>,
        /// The version (ETag) that is meant
        #[oai(name = "If-Match")]
        precondition: Header<Precondition>,
    ) -> Result<NoContent, Refused<OfChanging>> {
        withdraw(&self.service, &caller, &id, precondition.0).await?;
        Ok(NoContent::Done)
    }

    /// Take a ticket off sale
    ///
    /// By its seller, while no order holds it. A frozen ticket stays as it is.
    #[oai(path = "/:id/freeze", method = "post", operation_id = "freezeTicket")]
    async fn freeze(
        &self,
        caller: Caller,
        /// The ticket's id
        id: Path<String>,
        /// The version (ETag) that is meant
        #[oai(name = "If-Match")]
        precondition: Header<Precondition>,
    ) -> Result<Shown<TicketView>, Refused<OfChanging>> {
        Ok(shown(set_frozen(&self.service, &caller, &id, precondition.0, true).await?))
    }

    /// Put a ticket back on sale
    ///
    /// By its seller. A ticket that is not frozen stays as it is.
    #[oai(path = "/:id/unfreeze", method = "post", operation_id = "unfreezeTicket")]
    async fn unfreeze(
        &self,
        caller: Caller,
        /// The ticket's id
        id: Path<String>,
        /// The version (ETag) that is meant
        #[oai(name = "If-Match")]
        precondition: Header<Precondition>,
    ) -> Result<Shown<TicketView>, Refused<OfChanging>> {
        Ok(shown(set_frozen(&self.service, &caller, &id, precondition.0, false).await?))
    }
}

/// A page of the tickets on sale, and the tag of its list.
pub(crate) struct Found {
    pub(crate) page: store::Page<Ticket>,
    pub(crate) list: u8,
}

/// The tickets on sale that were asked for.
pub(crate) fn on_sale(service: &Service, asked: ListParameters) -> Result<Found, Problem> {
    let Some(query) = asked.into_query(service.replica.now_ms())? else {
        return Ok(Found { page: store::Page::default(), list: list_tag(Sort::default()) });
    };
    let page = service.replica.view()?.tickets(&query)?;
    Ok(Found { page, list: list_tag(query.sort) })
}

/// A ticket, whatever its state: everybody may see it.
pub(crate) fn find(service: &Service, id: &str) -> Result<Ticket, Problem> {
    let ticket = service.replica.view()?.ticket(id.parse()?)?;
    ticket.ok_or_else(|| ProblemType::NotFound.into())
}

/// Posts a ticket; also says whether that was answered before.
pub(crate) async fn post(
    service: &Service,
    under_way: &UnderWay,
    caller: &Caller,
    key: IdempotencyKey,
    input: TicketInput,
) -> Result<(Ticket, bool), Problem> {
    check_price(service, input.price)?;
    let fields = input.into_fields();
    // The words follow from the title, and another version may compute others.
    let meaning = TicketFields { words: Vec::new(), ..fields.clone() };
    let intent = under_way.enter(caller, key, "POST /api/tickets", &meaning)?;
    let command = CreateTicket {
        ticket: TicketId::from_uuid(Uuid::now_v7()),
        fields,
        currency: service.rules.currency.clone(),
    };
    let (answer, replayed) = intent.submit(service, Command::CreateTicket(command)).await?;
    Ok((ticket_in(answer)?, replayed))
}

/// Replaces what a ticket says.
pub(crate) async fn replace(
    service: &Service,
    caller: &Caller,
    id: &str,
    Precondition(if_match): Precondition,
    input: TicketInput,
) -> Result<Ticket, Problem> {
    check_price(service, input.price)?;
    let command = UpdateTicket { ticket: id.parse()?, fields: input.into_fields(), if_match };
    ticket_in(caller.ask(service, Command::UpdateTicket(command)).await?)
}

/// Withdraws a ticket.
pub(crate) async fn withdraw(
    service: &Service,
    caller: &Caller,
    id: &str,
    Precondition(if_match): Precondition,
) -> Result<(), Problem> {
    let command = DeleteTicket { ticket: id.parse()?, if_match };
    caller.ask(service, Command::DeleteTicket(command)).await?;
    Ok(())
}

/// Takes a ticket off sale, or puts it back.
pub(crate) async fn set_frozen(
    service: &Service,
    caller: &Caller,
    id: &str,
    Precondition(if_match): Precondition,
    frozen: bool,
) -> Result<Ticket, Problem> {
    let command = SetFrozen { ticket: id.parse()?, frozen, if_match };
    ticket_in(caller.ask(service, Command::SetFrozen(command)).await?)
}

/// Refuses what could be ordered and never paid for. It goes by the gateway of this replica, and so it is no rule of the
/// state's: what was posted before is on sale as it was, and whoever pays for it is told the gateway's reason.
fn check_price(service: &Service, price: Money) -> Result<(), Problem> {
    let currency = &service.rules.currency;
    let chargeable = service.gateway.chargeable(currency);
    if chargeable.contains(&price.minor) {
        return Ok(());
    }
    let (is, bound) = match price.minor < *chargeable.start() {
        true => ("at least", *chargeable.start()),
        false => ("at most", *chargeable.end()),
    };
    let said =
        format!("must be {is} {} {currency}: the gateway charges nothing else", Money { minor: bound });
    Err(Problem::new(ProblemType::InvalidInput).fault(Fault::of("price", said)))
}

/// The ticket that a command answered with.
fn ticket_in(answer: Answer) -> Result<Ticket, Problem> {
    match answer {
        Answer::Ticket(ticket) => Ok(ticket),
        other => Err(unexpected(&other)),
    }
}

fn shown(ticket: Ticket) -> Shown<TicketView> {
    let version = ticket.version;
    Shown::new(ticket.into(), version)
}
