//! Tickets: posting, finding and changing them.

use std::sync::Arc;

use poem::Request;
use poem_openapi::param::{Path, Query};
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::caller::Caller;
use super::conditional::{Precondition, etag};
use super::idempotency::{IdempotencyKey, UnderWay};
use super::ticket_view::TicketView;
use super::{paging, refused, replayed_header};
use crate::domain::{
    Answer, Command, CreateTicket, DeleteTicket, Idempotency, SetFrozen, Ticket, TicketFields, TicketId,
    UpdateTicket, UserId,
};
use crate::http::header::Header;
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::json::Json;
use crate::http::money::Money;
use crate::http::query::{Parameters, Unchecked};
use crate::http::rules::{Input, money, one_of, price_bound, text, timestamp};
use crate::http::timestamp::Timestamp;
use crate::http::tried::{Tried, both};
use crate::http::{Problem, ProblemType, Refused};
use crate::service::Service;
use crate::store::{Sort, TicketQuery};
use crate::words::words;

/// Characters of a title, and of a venue.
const MAX_TEXT_CHARS: usize = 200;

/// Characters of a search.
const MAX_KEYWORD_CHARS: usize = 200;

/// Words of a search: each is compared with each word of every ticket that a page looks at.
const MAX_KEYWORDS: usize = 32;

pub(super) struct Tickets {
    pub(super) service: Arc<Service>,
    pub(super) under_way: UnderWay,
}

/// In which order tickets are listed
#[derive(Enum)]
#[oai(rename = "TicketSort")]
enum SortName {
    /// Latest posted first
    #[oai(rename = "newest")]
    Newest,
    /// Cheapest first
    #[oai(rename = "price")]
    Price,
    /// Dearest first
    #[oai(rename = "-price")]
    PriceDescending,
    /// Next show first, those without a date last
    #[oai(rename = "startsAt")]
    StartsAt,
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

#[derive(ApiResponse)]
enum Posted {
    /// The ticket is on sale
    #[oai(status = 201)]
    Created(
        Json<TicketView>,
        /// The version, as `If-Match` takes it
        #[oai(header = "ETag")]
        String,
        /// Where it can be looked up
        #[oai(header = "Location")]
        String,
        /// `true` if this answer was given before to the same idempotency key
        #[oai(header = "Idempotent-Replayed")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
enum OneTicket {
    /// The ticket as it is now
    #[oai(status = 200)]
    Ok(
        Json<TicketView>,
        /// The version, as `If-Match` takes it
        #[oai(header = "ETag")]
        String,
    ),
}

#[derive(ApiResponse)]
enum TicketPage {
    /// A page of the list
    #[oai(status = 200)]
    Ok(
        Json<Vec<TicketView>>,
        /// The next page, if there is one: `<…>; rel="next"`
        #[oai(header = "Link")]
        Option<String>,
    ),
}

#[derive(ApiResponse)]
enum Withdrawn {
    /// The ticket is gone
    #[oai(status = 204)]
    Done,
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
    OfFinding: 404;
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
    ) -> Result<TicketPage, Refused<OfListing>> {
        let mut parameters = Parameters::default();
        let keyword = parameters.optional("keyword", &keyword, prefixes);
        let min_price = parameters.optional("minPrice", &min_price, price_bound);
        let max_price = parameters.optional("maxPrice", &max_price, price_bound);
        let seller = parameters.optional("seller", &seller, text(1..=MAX_TEXT_CHARS));
        let sort = parameters.optional("sort", &sort, one_of(SORTS));
        let limit = parameters.optional("limit", &limit, paging::limit);
        let list = sort.ok().flatten().unwrap_or_default();
        let after = parameters.optional("cursor", &cursor, paging::position_in(list_tag(list)));
        let now_ms = self.service.replica.now_ms();
        let (query, seller) = parameters.finish(|| {
            let query = TicketQuery {
                prefixes: keyword?.unwrap_or_default(),
                min_price_minor: min_price?,
                max_price_minor: max_price?,
                seller: None,
                sort: sort?.unwrap_or_default(),
                after: after?,
                limit: limit?.unwrap_or(paging::DEFAULT_LIMIT) as usize,
                now_ms,
            };
            Ok((query, seller?))
        })?;
        // What is not an id is nobody's: the list is empty.
        let seller: Option<Result<UserId, _>> = seller.map(|seller| seller.parse());
        let seller = match seller.transpose() {
            Ok(seller) => seller,
            Err(_) => return Ok(TicketPage::Ok(Json(Vec::new()), None)),
        };
        let query = TicketQuery { seller, ..query };
        let page =
            self.service.replica.view().and_then(|view| view.tickets(&query)).map_err(Problem::from)?;
        let link = page.next.map(|next| {
            paging::next_link(request.original_uri(), &paging::cursor(list_tag(query.sort), next))
        });
        Ok(TicketPage::Ok(Json(page.items.into_iter().map(TicketView::from).collect()), link))
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
    ) -> Result<Posted, Refused<OfPosting>> {
        let (Body(input), Header(key)) = both(body, idempotency_key)?;
        let fields = input.into_fields();
        // The words follow from the title, and another version may compute others.
        let meaning = TicketFields { words: Vec::new(), ..fields.clone() };
        let intent = self.under_way.enter(&caller, key, "POST /api/tickets", &meaning)?;
        let command = CreateTicket {
            ticket: TicketId::from_uuid(Uuid::now_v7()),
            fields,
            currency: self.service.rules.currency.clone(),
        };
        let (ticket, replayed) =
            self.change(&caller, intent.idempotency.clone(), Command::CreateTicket(command)).await?;
        let location = format!("/api/tickets/{}", ticket.id);
        let tag = etag(ticket.version);
        Ok(Posted::Created(Json(ticket.into()), tag, location, replayed_header(replayed)))
    }

    /// Show a ticket
    #[oai(path = "/:id", method = "get", operation_id = "getTicket")]
    async fn get(&self, id: Path<String>) -> Result<OneTicket, Refused<OfFinding>> {
        let id = ticket_id(&id)?;
        let ticket = self.service.replica.view().and_then(|view| view.ticket(id)).map_err(Problem::from)?;
        Ok(one(ticket.ok_or_else(|| Problem::new(ProblemType::NotFound))?))
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
    ) -> Result<OneTicket, Refused<OfReplacing>> {
        let (Body(input), Header(Precondition(if_match))) = both(body, precondition)?;
        let command = UpdateTicket { ticket: ticket_id(&id)?, fields: input.into_fields(), if_match };
        Ok(one(self.change(&caller, None, Command::UpdateTicket(command)).await?.0))
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
    ) -> Result<Withdrawn, Refused<OfChanging>> {
        let command = DeleteTicket { ticket: ticket_id(&id)?, if_match: precondition.0.0 };
        caller.ask(&self.service, Command::DeleteTicket(command)).await?;
        Ok(Withdrawn::Done)
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
    ) -> Result<OneTicket, Refused<OfChanging>> {
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
    ) -> Result<OneTicket, Refused<OfChanging>> {
        self.set_frozen(&caller, &id, precondition.0, false).await
    }
}

impl Tickets {
    async fn set_frozen(
        &self,
        caller: &Caller,
        id: &str,
        Precondition(if_match): Precondition,
        frozen: bool,
    ) -> Result<OneTicket, Refused<OfChanging>> {
        let command = SetFrozen { ticket: ticket_id(id)?, frozen, if_match };
        Ok(one(self.change(caller, None, Command::SetFrozen(command)).await?.0))
    }

    /// Has a change made, and returns the ticket as it is then, and whether that is an earlier answer.
    async fn change(
        &self,
        caller: &Caller,
        idempotency: Option<Idempotency>,
        command: Command,
    ) -> Result<(Ticket, bool), Problem> {
        match caller.ask_as(&self.service, idempotency, command).await? {
            (Answer::Ticket(ticket), replayed) => Ok((ticket, replayed)),
            _ => Err(Problem::new(ProblemType::Internal)),
        }
    }
}

/// The names of the sorts.
const SORTS: &[(&str, Sort)] = &[
    ("newest", Sort::Newest),
    ("price", Sort::PriceAscending),
    ("-price", Sort::PriceDescending),
    ("startsAt", Sort::StartsAt),
];

/// Tells the cursors of differently sorted lists apart.
fn list_tag(sort: Sort) -> u8 {
    match sort {
        Sort::Newest => b'n',
        Sort::PriceAscending => b'p',
        Sort::PriceDescending => b'q',
        Sort::StartsAt => b's',
    }
}

/// The words of a search; none if it is blank.
fn prefixes(input: Input<'_>) -> Result<Vec<String>, String> {
    let keyword = text(0..=MAX_KEYWORD_CHARS)(input)?;
    let prefixes = words(&keyword);
    // Else whoever looks for what nobody can look for would be shown everything.
    if prefixes.is_empty() && !keyword.is_empty() {
        return Err("must have a letter or a digit".to_owned());
    }
    if prefixes.len() > MAX_KEYWORDS {
        return Err(format!("must have at most {MAX_KEYWORDS} words"));
    }
    Ok(prefixes)
}

fn ticket_id(text: &str) -> Result<TicketId, Problem> {
    text.parse().map_err(|_| Problem::new(ProblemType::NotFound))
}

fn one(ticket: Ticket) -> OneTicket {
    let tag = etag(ticket.version);
    OneTicket::Ok(Json(ticket.into()), tag)
}
