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
use crate::http::money::Money;
use crate::http::query::Unchecked;
use crate::http::rules::{money, text, timestamp};
use crate::http::timestamp::Timestamp;
use crate::http::tried::{Tried, both};
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::service::Service;
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
struct TicketInput {
    #[oai(validator(min_length = 1, max_length = 200))]
    title: String,
    price: Money,
    #[oai(validator(min_length = 1, max_length = 200))]
    venue: Option<String>,
    /// When the show begins; from then on the ticket is neither listed nor orderable
    starts_at: Option<Timestamp>,
}

impl FromFields for TicketInput {
    fn from_fields(fields: &mut Fields) -> Checked<Self> {
        let title = fields.required("title", text(1..=MAX_TEXT_CHARS));
        let price = fields.required("price", money);
        let venue = fields.optional("venue", text(1..=MAX_TEXT_CHARS));
        let starts_at = fields.optional("startsAt", timestamp);
        Ok(Self { title: title?, price: price?, venue: venue?, starts_at: starts_at? })
    }
}

impl TicketInput {
    fn into_fields(self) -> TicketFields {
        TicketFields {
            words: words(&self.title),
            title: self.title,
            price_minor: self.price.minor,
            venue: self.venue,
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
        keyword: Query<Unchecked<String>>,
        /// The least price, inclusive
        #[oai(name = "minPrice")]
        min_price: Query<Unchecked<f64>>,
        /// The greatest price, inclusive
        #[oai(name = "maxPrice")]
        max_price: Query<Unchecked<f64>>,
        /// Tickets of this user only
        seller: Query<Unchecked<String>>,
        /// `newest` unless said otherwise
        sort: Query<Unchecked<SortName>>,
        /// How many at most; 20 unless said otherwise
        #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
        limit: Query<Unchecked<u64>>,
        /// Where the page before this one ended
        cursor: Query<Unchecked<String>>,
    ) -> Result<Page<TicketView>, Refused<OfListing>> {
        let given = ListParameters { keyword, min_price, max_price, seller, sort, limit, cursor };
        let Some(query) = given.into_query(self.service.replica.now_ms())? else {
            return Ok(Page::new([], None));
        };
        let page = self.service.replica.view()?.tickets(&query)?;
        let link = paging::link(request, list_tag(query.sort), page.next);
        Ok(Page::new(page.items.into_iter().map(TicketView::from), link))
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
        self.check_price(input.price)?;
        let fields = input.into_fields();
        // The words follow from the title, and another version may compute others.
        let meaning = TicketFields { words: Vec::new(), ..fields.clone() };
        let intent = self.under_way.enter(&caller, key, "POST /api/tickets", &meaning)?;
        let command = CreateTicket {
            ticket: TicketId::from_uuid(Uuid::now_v7()),
            fields,
            currency: self.service.rules.currency.clone(),
        };
        let (answer, replayed) = intent.submit(&self.service, Command::CreateTicket(command)).await?;
        let ticket = ticket_in(answer)?;
        let (version, path) = (ticket.version, format!("/api/tickets/{}", ticket.id));
        Ok(Created::new(ticket.into(), version, path, replayed))
    }

    /// Show a ticket
    #[oai(path = "/:id", method = "get", operation_id = "getTicket")]
    async fn get(&self, id: Path<String>) -> Result<Shown<TicketView>, Refused<OfFinding>> {
        let ticket = self.service.replica.view()?.ticket(id.parse()?)?;
        Ok(shown(ticket.ok_or(ProblemType::NotFound)?))
    }

    /// Replace what a ticket says
    #[oai(path = "/:id", method = "put", operation_id = "replaceTicket")]
    async fn replace(
        &self,
        caller: Caller,
        id: Path<String>,
        /// The version (ETag) that the change is meant for
        #[oai(name = "If-Match")]
        precondition: Tried<Header<Precondition>>,
        body: Tried<Body<TicketInput>>,
    ) -> Result<Shown<TicketView>, Refused<OfReplacing>> {
        let (Body(input), Header(Precondition(if_match))) = both(body, precondition)?;
        self.check_price(input.price)?;
        let command = UpdateTicket { ticket: id.parse()?, fields: input.into_fields(), if_match };
        let answer = caller.ask(&self.service, Command::UpdateTicket(command)).await?;
        Ok(shown(ticket_in(answer)?))
    }

    /// Withdraw a ticket
    #[oai(path = "/:id", method = "delete", operation_id = "deleteTicket")]
    async fn delete(
        &self,
        caller: Caller,
        id: Path<String>,
        /// The version (ETag) that is meant
        #[oai(name = "If-Match")]
        precondition: Header<Precondition>,
    ) -> Result<NoContent, Refused<OfChanging>> {
        let command = DeleteTicket { ticket: id.parse()?, if_match: precondition.0.0 };
        caller.ask(&self.service, Command::DeleteTicket(command)).await?;
        Ok(NoContent::Done)
    }

    /// Take a ticket off sale
    #[oai(path = "/:id/freeze", method = "post", operation_id = "freezeTicket")]
    async fn freeze(
        &self,
        caller: Caller,
        id: Path<String>,
        /// The version (ETag) that is meant
        #[oai(name = "If-Match")]
        precondition: Header<Precondition>,
    ) -> Result<Shown<TicketView>, Refused<OfChanging>> {
        self.set_frozen(&caller, &id, precondition.0, true).await
    }

    /// Put a ticket back on sale
    #[oai(path = "/:id/unfreeze", method = "post", operation_id = "unfreezeTicket")]
    async fn unfreeze(
        &self,
        caller: Caller,
        id: Path<String>,
        /// The version (ETag) that is meant
        #[oai(name = "If-Match")]
        precondition: Header<Precondition>,
    ) -> Result<Shown<TicketView>, Refused<OfChanging>> {
        self.set_frozen(&caller, &id, precondition.0, false).await
    }
}

impl Tickets {
    /// Refuses what could be ordered and never paid for. It goes by the gateway of this replica, and so it is no rule of the
    /// state's: what was posted before is on sale as it was, and whoever pays for it is told the gateway's reason.
    fn check_price(&self, price: Money) -> Result<(), Problem> {
        let currency = &self.service.rules.currency;
        let chargeable = self.service.gateway.chargeable(currency);
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

    async fn set_frozen(
        &self,
        caller: &Caller,
        id: &str,
        Precondition(if_match): Precondition,
        frozen: bool,
    ) -> Result<Shown<TicketView>, Refused<OfChanging>> {
        let command = SetFrozen { ticket: id.parse()?, frozen, if_match };
        let answer = caller.ask(&self.service, Command::SetFrozen(command)).await?;
        Ok(shown(ticket_in(answer)?))
    }
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
