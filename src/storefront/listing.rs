//! The first page: what is on sale.

use askama::Template;
use poem::Response;

use super::answer::{self, Policy};
use super::layout::Layout;
use super::meant::query_as_meant;
use super::show::Card;
use super::typed::Typed;
use super::visit::Visit;
use crate::api::ticket_list::ListParameters;
use crate::api::{paging, tickets};
use crate::http::form::Form;
use crate::http::{Problem, ProblemType};

/// What can be looked for, and in which order; also how the API calls it.
const FIELDS: &[&str] = &["keyword", "minPrice", "maxPrice", "sort"];

/// The orders that are offered, and what they are called.
const SORTS: &[(&str, &str)] = &[
    ("newest", "Newest first"),
    ("startsAt", "Next show first"),
    ("price", "Cheapest first"),
    ("-price", "Dearest first"),
];

#[derive(Template)]
#[template(path = "listing.html", config = "src/storefront/askama.toml")]
struct Listing {
    layout: Layout,
    typed: Typed,
    sorts: &'static [(&'static str, &'static str)],
    cards: Vec<Card>,
    /// Where the next tickets are.
    next: Option<String>,
    is_first_page: bool,
    is_narrowed: bool,
}

pub(super) async fn show(visit: Visit) -> Result<Response, Problem> {
    let given = Form::in_query(visit.query());
    let is_first_page = given.get("cursor").is_none();
    let is_narrowed = FIELDS.iter().any(|field| *field != "sort" && given.get(field).is_some());
    let mut layout = visit.layout("Tickets on sale");
    layout.description = Some("Tickets for popular shows, from people who cannot go themselves.".to_owned());
    layout.canonical = visit.origin().filter(|_| visit.query().is_empty()).map(|origin| origin + "/");
    let empty = |layout, typed| Listing {
        layout,
        typed,
        sorts: SORTS,
        cards: Vec::new(),
        next: None,
        is_first_page,
        is_narrowed,
    };
    let found =
        match tickets::on_sale(visit.service(), ListParameters::in_query(&query_as_meant(visit.query()))) {
            Ok(found) => found,
            Err(problem) if problem.kind() == ProblemType::InvalidQuery => {
                let typed = Typed::refused(given, &problem, FIELDS);
                return answer::refused(problem, Policy::Strict, &empty(layout, typed));
            }
            Err(problem) => return Err(problem),
        };
    let now_ms = visit.service().replica.now_ms();
    let next = paging::next_page(visit.request.uri(), found.list, found.page.next);
    let cards = found.page.items.into_iter().map(|ticket| Card::new(ticket, now_ms)).collect();
    answer::page(&visit, &Listing { cards, next, ..empty(layout, Typed::new(given)) })
}

impl Listing {
    /// The tickets whose events concern the list.
    fn subjects(&self) -> String {
        self.cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>().join(" ")
    }
}
