//! What one connection asks for next.

use std::cell::Cell;
use std::rc::Rc;

use clap::ValueEnum;
use rand::RngExt;
use rand::rngs::SmallRng;

use crate::request::Request;
use crate::seed::{Account, PASSWORD, Placed};
use crate::titles;

/// Tickets cost between these, in minor units.
const PRICE_CENTS: std::ops::Range<u32> = 500..30_000;
/// One list query spans this much of the price range.
const PRICE_BAND_CENTS: u32 = 5_000;

/// A scenario by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scenario {
    /// A typed JSON handler without any store, served by `baseline`.
    Handler,
    /// Reading one ticket.
    GetTicket,
    /// A page of the list, with various sorts and price bands.
    List,
    /// A keyword search.
    Search,
    /// Signing in.
    Signin,
    /// Ordering distinct tickets.
    Orders,
    /// Paying for distinct orders.
    Payments,
}

impl Scenario {
    /// The name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Handler => "handler without store",
            Self::GetTicket => "get one ticket",
            Self::List => "list page",
            Self::Search => "keyword search",
            Self::Signin => "sign in",
            Self::Orders => "order distinct tickets",
            Self::Payments => "pay for distinct orders",
        }
    }
}

/// A stream of requests of one kind, shared by all connections.
pub(crate) enum Workload {
    /// Reads of random tickets; against `baseline` the ids mean nothing.
    GetTicket { ids: Rc<[String]> },
    /// First pages.
    List,
    /// First pages for random keywords.
    Search,
    /// Sign-ins of random accounts.
    SignIn { accounts: Rc<[Account]> },
    /// Each ticket once, by random buyers.
    Order { ids: Rc<[String]>, next: Cell<usize>, buyers: Rc<[Account]> },
    /// Each order once, by whose it is.
    Pay { orders: Rc<[Placed]>, next: Cell<usize> },
    /// New tickets of random sellers, so many at most.
    CreateTicket { sellers: Rc<[Account]>, remaining: Cell<u64> },
}

impl Workload {
    /// Orders for all of `ids`.
    pub(crate) fn order(ids: Rc<[String]>, buyers: Rc<[Account]>) -> Self {
        Self::Order { ids, next: Cell::new(0), buyers }
    }

    /// Payments for all of `orders`.
    pub(crate) fn pay(orders: Rc<[Placed]>) -> Self {
        Self::Pay { orders, next: Cell::new(0) }
    }

    /// `count` new tickets.
    pub(crate) fn create_tickets(count: u64, sellers: Rc<[Account]>) -> Self {
        Self::CreateTicket { sellers, remaining: Cell::new(count) }
    }

    /// The only status that counts as done.
    pub(crate) fn success(&self) -> u16 {
        match self {
            Self::GetTicket { .. } | Self::List | Self::Search | Self::SignIn { .. } => 200,
            Self::Order { .. } | Self::Pay { .. } | Self::CreateTicket { .. } => 201,
        }
    }

    /// Renders the next request, or returns false when there are no more.
    pub(crate) fn next(&self, rng: &mut SmallRng, request: &mut Request) -> bool {
        match self {
            Self::GetTicket { ids } => {
                request.empty("GET", &format!("/api/tickets/{}", pick(ids, rng)), None);
            }
            Self::List => request.empty("GET", &list_path(rng), None),
            Self::Search => {
                request.empty("GET", &format!("/api/tickets?keyword={}", titles::keyword(rng)), None);
            }
            Self::SignIn { accounts } => {
                let email = &pick(accounts, rng).email;
                let body = format!(r#"{{"email":"{email}","password":"{PASSWORD}"}}"#);
                request.json("POST", "/api/users/signin", None, &body);
            }
            Self::Order { ids, next, buyers } => {
                let Some(id) = ids.get(next.replace(next.get() + 1)) else { return false };
                let body = format!(r#"{{"ticketId":"{id}"}}"#);
                request.json("POST", "/api/orders", Some(&pick(buyers, rng).token), &body);
            }
            Self::Pay { orders, next } => {
                let Some(placed) = orders.get(next.replace(next.get() + 1)) else { return false };
                let body = format!(r#"{{"orderId":"{}","token":"tok_visa"}}"#, placed.order);
                request.json("POST", "/api/payments", Some(&placed.token), &body);
            }
            Self::CreateTicket { sellers, remaining } => {
                let Some(left) = remaining.get().checked_sub(1) else { return false };
                remaining.set(left);
                let body = ticket_body(rng);
                request.json("POST", "/api/tickets", Some(&pick(sellers, rng).token), &body);
            }
        }
        true
    }
}

fn pick<'a, T>(of: &'a [T], rng: &mut SmallRng) -> &'a T {
    &of[rng.random_range(0..of.len())]
}

fn ticket_body(rng: &mut SmallRng) -> String {
    let title = titles::title(rng);
    let price = price(rng.random_range(PRICE_CENTS));
    // Half of the tickets have a date, always far enough ahead that the show has not begun.
    let starts_at = match rng.random_range(0..2) {
        0 => String::new(),
        _ => {
            let (year, month, day) =
                (rng.random_range(2060..2070), rng.random_range(1..=12), rng.random_range(1..=28));
            format!(r#","venue":"Hall {day}","startsAt":"{year}-{month:02}-{day:02}T20:00:00Z""#)
        }
    };
    format!(r#"{{"title":"{title}","price":{price}{starts_at}}}"#)
}

fn list_path(rng: &mut SmallRng) -> String {
    let low = rng.random_range(PRICE_CENTS.start..PRICE_CENTS.end - PRICE_BAND_CENTS);
    let band = format!("minPrice={}&maxPrice={}", price(low), price(low + PRICE_BAND_CENTS));
    match rng.random_range(0..6) {
        0 => "/api/tickets?sort=price".to_owned(),
        1 => "/api/tickets?sort=startsAt".to_owned(),
        2 => format!("/api/tickets?sort=-price&{band}"),
        3 => format!("/api/tickets?{band}"),
        _ => "/api/tickets".to_owned(),
    }
}

fn price(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    fn account() -> Rc<[Account]> {
        Rc::new([Account { id: "user_1".into(), email: "a@b.test".into(), token: "t".into() }])
    }

    #[test]
    fn each_ticket_is_ordered_once() {
        let ids: Rc<[String]> = (0..3).map(|n| format!("ticket_{n}")).collect();
        let (orders, mut request) = (Workload::order(ids, account()), Request::default());
        let mut rng = SmallRng::seed_from_u64(1);
        for n in 0..3 {
            assert!(orders.next(&mut rng, &mut request));
            let text = std::str::from_utf8(request.as_bytes()).unwrap();
            assert!(text.ends_with(&format!(r#"{{"ticketId":"ticket_{n}"}}"#)), "{text}");
        }
        assert!(!orders.next(&mut rng, &mut request));
    }

    #[test]
    fn each_order_is_paid_for_once_by_whose_it_is() {
        let placed = |n: u32| Placed { order: format!("order_{n}"), token: format!("token-{n}").into() };
        let (payments, mut request) = (Workload::pay(Rc::new([placed(1), placed(2)])), Request::default());
        let mut rng = SmallRng::seed_from_u64(1);
        for n in 1..=2 {
            assert!(payments.next(&mut rng, &mut request));
            let text = std::str::from_utf8(request.as_bytes()).unwrap();
            assert!(text.starts_with("POST /api/payments "), "{text}");
            assert!(text.contains(&format!("Bearer token-{n}\r\n")), "{text}");
            assert!(text.ends_with(&format!(r#"{{"orderId":"order_{n}","token":"tok_visa"}}"#)), "{text}");
        }
        assert!(!payments.next(&mut rng, &mut request));
    }

    #[test]
    fn ticket_bodies_are_json_with_a_price_in_range() {
        let mut rng = SmallRng::seed_from_u64(1);
        for _ in 0..1_000 {
            let body: serde_json::Value = serde_json::from_str(&ticket_body(&mut rng)).unwrap();
            let price = body["price"].as_f64().unwrap();
            assert!((5.0..300.0).contains(&price), "{body}");
        }
    }

    #[test]
    fn creating_stops_at_the_count() {
        let (create, mut request) = (Workload::create_tickets(2, account()), Request::default());
        let mut rng = SmallRng::seed_from_u64(1);
        let made = std::iter::repeat_with(|| create.next(&mut rng, &mut request)).take_while(|more| *more);
        assert_eq!(made.count(), 2);
    }
}
