//! Lists of what is the visitor's own: orders, tickets, and what of them was sold.

use askama::Template;
use poem::Response;

use super::answer;
use super::layout::Layout;
use super::order::in_words;
use super::show::{Card, Moment, Price, time_left};
use super::visit::Visit;
use crate::api::orders::{seconds_left, status_name};
use crate::api::paging;
use crate::domain::{CancelReason, Order};
use crate::http::Problem;
use crate::http::query::{Parameters, Unchecked};
use crate::store::{Position, View};

/// Tell the cursors of these lists apart from those of others.
const ORDERS: u8 = b'O';
const TICKETS: u8 = b'T';
const SALES: u8 = b'S';

/// Rows on a page.
const LIMIT: usize = paging::DEFAULT_LIMIT as usize;

#[derive(Template)]
#[template(path = "orders.html", config = "src/storefront/askama.toml")]
struct Orders {
    layout: Layout,
    rows: Vec<OrderRow>,
    next: Option<String>,
    is_first_page: bool,
}

#[derive(Template)]
#[template(path = "selling.html", config = "src/storefront/askama.toml")]
struct Selling {
    layout: Layout,
    cards: Vec<Card>,
    next_cards: Option<String>,
    sales: Vec<Sale>,
    next_sales: Option<String>,
    is_first_page: bool,
}

/// An order among others.
struct OrderRow {
    id: String,
    version: u64,
    /// What the API calls its status.
    status: &'static str,
    title: String,
    venue: Option<String>,
    starts_at: Option<Moment>,
    price: Price,
    made_at: Moment,
    /// The class of its state, and the words for it.
    state: (&'static str, &'static str),
    /// While it is open.
    seconds_left: Option<u64>,
}

/// A ticket that somebody paid for.
struct Sale {
    ticket_id: String,
    title: String,
    price: Price,
    at: Moment,
    /// What of it went back.
    refunded: Option<Price>,
    is_off: bool,
}

pub(super) async fn orders(visit: Visit) -> Result<Response, Problem> {
    let Some(caller) = visit.caller() else { return visit.to_sign_in() };
    let [after] = places(visit.query(), [("cursor", ORDERS)])?;
    let page = visit.service().replica.view()?.latest_orders_of(caller.user, after, LIMIT)?;
    let now_ms = visit.service().replica.now_ms();
    let next = paging::next_page(visit.request.uri(), ORDERS, page.next);
    let rows = page.items.into_iter().map(|order| OrderRow::new(order, now_ms)).collect();
    let layout = visit.layout("My orders").hidden();
    answer::page(&visit, &Orders { layout, rows, next, is_first_page: after.is_none() })
}

pub(super) async fn selling(visit: Visit) -> Result<Response, Problem> {
    let Some(caller) = visit.caller() else { return visit.to_sign_in() };
    let [after, after_sale] = places(visit.query(), [("cursor", TICKETS), ("sold", SALES)])?;
    let view = visit.service().replica.view()?;
    let unsold = view.unsold_of(caller.user, after, LIMIT)?;
    let sold = view.sales_of(caller.user, after_sale, LIMIT)?;
    let now_ms = visit.service().replica.now_ms();
    let uri = visit.request.uri();
    let sales: Result<_, Problem> = sold.items.into_iter().map(|order| Sale::new(&view, order)).collect();
    let page = Selling {
        layout: visit.layout("My tickets").hidden(),
        cards: unsold.items.into_iter().map(|ticket| Card::new(ticket, now_ms)).collect(),
        next_cards: paging::next_page(uri, TICKETS, unsold.next),
        sales: sales?,
        next_sales: paging::next_page_by(uri, "sold", SALES, sold.next),
        is_first_page: after.is_none() && after_sale.is_none(),
    };
    answer::page(&visit, &page)
}

/// Where the lists of a page go on, by the parameters that say so.
fn places<const N: usize>(query: &str, lists: [(&str, u8); N]) -> Result<[Option<Position>; N], Problem> {
    let mut parameters = Parameters::default();
    let places = lists.map(|(name, list)| {
        parameters.optional(name, &Unchecked::<String>::in_query(query, name), paging::position_in(list))
    });
    parameters.finish(|| {
        let mut found = [None; N];
        for (found, place) in found.iter_mut().zip(places) {
            *found = place?;
        }
        Ok(found)
    })
}

impl OrderRow {
    fn new(order: Order, now_ms: u64) -> Self {
        Self {
            id: order.id.to_string(),
            starts_at: order.ticket.starts_at_ms.map(Moment::new),
            price: Price::new(order.ticket.price_minor, &order.ticket.currency),
            made_at: Moment::new(order.created_at_ms),
            state: in_words(&order),
            version: order.version,
            status: status_name(order.status()),
            seconds_left: order.status().is_open().then(|| seconds_left(&order, now_ms)),
            title: order.ticket.title,
            venue: order.ticket.venue,
        }
    }
}

impl Sale {
    fn new(view: &View, order: Order) -> Result<Self, Problem> {
        let payment = order.payment.map(|payment| view.payment(payment)).transpose()?.flatten();
        let refunded = payment.as_ref().map_or(0, |payment| payment.refunded_minor());
        Ok(Self {
            ticket_id: order.ticket.id.to_string(),
            price: Price::new(order.ticket.price_minor, &order.ticket.currency),
            at: Moment::new(order.created_at_ms),
            refunded: (refunded > 0).then(|| Price::new(refunded, &order.ticket.currency)),
            is_off: order.cancel_reason() == CancelReason::Refunded,
            title: order.ticket.title,
        })
    }
}

impl Orders {
    /// For those without a script.
    fn left(&self, seconds: &u64) -> String {
        time_left(*seconds)
    }

    /// The orders whose events concern the list.
    fn subjects(&self) -> String {
        self.rows.iter().map(|row| row.id.as_str()).collect::<Vec<_>>().join(" ")
    }
}

impl Selling {
    /// The tickets whose events concern the list.
    fn subjects(&self) -> String {
        self.cards.iter().map(|card| card.id.as_str()).collect::<Vec<_>>().join(" ")
    }
}
