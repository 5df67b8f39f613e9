//! The list of tickets against brute force: page by page, also while others buy and sell.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use boxoffice::domain::*;
use boxoffice::store::{Sort, TicketQuery};
use proptest::prelude::*;
use proptest::{option, sample};

use crate::runner;
use crate::shop::{START_MS, Shop, order_id, payment_id, ticket_id};

/// Words of which many begin alike, and some are the beginning of others.
const VOCABULARY: &[&str] = &["ja", "jazz", "night", "nightly", "rock", "rocket", "rocky"];
const PREFIXES: &[&str] = &["j", "ja", "jazz", "ni", "night", "nightly", "r", "rock", "rocket", "rockets"];

/// What became of a ticket.
#[derive(Clone, Copy, Debug)]
enum Fate {
    OnSale,
    Frozen,
    Reserved,
    Released,
    Sold,
    Withdrawn,
}

/// A ticket to post.
#[derive(Clone, Debug)]
struct Spec {
    seller: usize,
    words: Vec<&'static str>,
    price_minor: u64,
    starts_at_ms: Option<u64>,
    fate: Fate,
}

/// What somebody else does between two pages.
#[derive(Clone, Debug)]
enum Meanwhile {
    Post(Spec),
    Reprice(sample::Index, u64),
    End(sample::Index, Fate),
}

/// Two sellers' tickets, and a buyer.
struct Market {
    shop: Shop,
    sellers: Vec<Actor>,
    buyer: Actor,
}

impl Market {
    fn new(specs: impl IntoIterator<Item = Spec>) -> Self {
        let mut shop = Shop::new();
        let sellers = (0..2).map(|_| shop.sign_up()).collect();
        let buyer = shop.sign_up();
        let mut market = Self { shop, sellers, buyer };
        let commands: Vec<Envelope> = specs.into_iter().flat_map(|spec| market.post(&spec)).collect();
        market.apply(&commands);
        market
    }

    fn apply(&mut self, commands: &[Envelope]) {
        let now_ms = self.shop.now_ms;
        for reply in self.shop.apply_batch(commands.iter().map(|command| (command, now_ms))) {
            reply.into_result().expect("nothing is in the way");
        }
    }

    fn post(&mut self, spec: &Spec) -> Vec<Envelope> {
        let (ticket, seller) = (ticket_id(self.shop.next()), self.sellers[spec.seller]);
        let create = CreateTicket { ticket, fields: fields(spec), currency: "usd".into() };
        let mut commands = vec![self.shop.envelope(Some(seller), Command::CreateTicket(create))];
        commands.extend(self.end(ticket, seller, spec.fate));
        commands
    }

    fn end(&mut self, ticket: TicketId, seller: Actor, fate: Fate) -> Vec<Envelope> {
        let (order, payment) = (order_id(self.shop.next()), payment_id(self.shop.next()));
        let freeze = Command::SetFrozen(SetFrozen { ticket, frozen: true, if_match: None });
        let withdraw = Command::DeleteTicket(DeleteTicket { ticket, if_match: None });
        let reserve = Command::Reserve(Reserve { order, ticket, payment_window_ms: 1_000 });
        let cancel = Command::CancelOrder(CancelOrder { order, if_match: None });
        let pay = Command::Pay(Pay { payment, order, ..Pay::default() });
        let settle = SettleCharge { payment, succeeded: true, ..SettleCharge::default() };
        let (seller, buyer) = (Some(seller), Some(self.buyer));
        let bodies = match fate {
            Fate::OnSale => vec![],
            Fate::Frozen => vec![(seller, freeze)],
            Fate::Withdrawn => vec![(seller, withdraw)],
            Fate::Reserved => vec![(buyer, reserve)],
            Fate::Released => vec![(buyer, reserve), (buyer, cancel)],
            Fate::Sold => vec![(buyer, reserve), (buyer, pay), (None, Command::SettleCharge(settle))],
        };
        bodies.into_iter().map(|(actor, body)| self.shop.envelope(actor, body)).collect()
    }

    /// Does something to a ticket that is on sale, and says which it was; a new one is nobody's business.
    fn meanwhile(&mut self, what: &Meanwhile) -> Option<TicketId> {
        let on_sale: Vec<Ticket> = self.shop.rows("tickets").filter(is_orderable).collect();
        let (index, commands) = match what {
            Meanwhile::Post(spec) => (None, self.post(spec)),
            _ if on_sale.is_empty() => return None,
            Meanwhile::Reprice(index, price_minor) => {
                let ticket = index.get(&on_sale);
                let words = ticket.words.clone();
                let fields = TicketFields { words, price_minor: *price_minor, ..TicketFields::default() };
                let update = UpdateTicket { ticket: ticket.id, fields, if_match: None };
                let seller = self.seller_of(ticket);
                (Some(index), vec![self.shop.envelope(Some(seller), Command::UpdateTicket(update))])
            }
            Meanwhile::End(index, fate) => {
                let ticket = index.get(&on_sale);
                let seller = self.seller_of(ticket);
                (Some(index), self.end(ticket.id, seller, *fate))
            }
        };
        self.apply(&commands);
        index.map(|index| index.get(&on_sale).id)
    }

    fn seller_of(&self, ticket: &Ticket) -> Actor {
        *self.sellers.iter().find(|actor| actor.user == ticket.seller).expect("one of the two")
    }

    /// Every page of a list; between two of them, somebody does something.
    fn walk(
        &mut self,
        query: &TicketQuery,
        mut between: impl FnMut(&mut Self),
    ) -> Result<Vec<TicketId>, TestCaseError> {
        let mut query = query.clone();
        let mut listed = Vec::new();
        loop {
            let page = self.shop.view().tickets(&query).expect("memory does not fail");
            prop_assert!(page.items.len() <= query.limit);
            listed.extend(page.items.iter().map(|ticket| ticket.id));
            if page.next.is_none() {
                return Ok(listed);
            }
            prop_assert_ne!(page.next, query.after, "a page that leads to itself never ends");
            query.after = page.next;
            between(self);
        }
    }

    /// The whole list, the simple way.
    fn brute_force(&self, query: &TicketQuery) -> Vec<TicketId> {
        let mut all: Vec<Ticket> =
            self.shop.rows("tickets").filter(|ticket| is_wanted(query, ticket)).collect();
        match query.sort {
            Sort::Newest => all.sort_by_key(|t| Reverse(t.number)),
            Sort::PriceAscending => all.sort_by_key(|t| (t.price_minor, t.number)),
            Sort::PriceDescending => all.sort_by_key(|t| Reverse((t.price_minor, t.number))),
            Sort::StartsAt => all.sort_by_key(|t| (t.starts_at_ms.is_none(), t.starts_at_ms, t.number)),
        }
        all.iter().map(|ticket| ticket.id).collect()
    }
}

fn is_orderable(ticket: &Ticket) -> bool {
    let begun = ticket.starts_at_ms.is_some_and(|starts_at_ms| starts_at_ms <= START_MS);
    ticket.status() == TicketStatus::Available && !begun
}

fn is_wanted(query: &TicketQuery, ticket: &Ticket) -> bool {
    is_orderable(ticket)
        && query.min_price_minor.is_none_or(|least| ticket.price_minor >= least)
        && query.max_price_minor.is_none_or(|most| ticket.price_minor <= most)
        && query.seller.is_none_or(|seller| ticket.seller == seller)
        && query.prefixes.iter().all(|prefix| ticket.words.iter().any(|word| word.starts_with(prefix)))
}

fn fields(spec: &Spec) -> TicketFields {
    TicketFields {
        title: spec.words.join(" "),
        words: spec.words.iter().map(|word| (*word).to_owned()).collect(),
        price_minor: spec.price_minor,
        venue: None,
        starts_at_ms: spec.starts_at_ms,
    }
}

fn spec() -> impl Strategy<Value = Spec> {
    let starts = prop_oneof![
        4 => Just(None),
        1 => Just(Some(START_MS)),
        2 => (START_MS + 1..START_MS + 4).prop_map(Some),
    ];
    let words = sample::subsequence(VOCABULARY, 1..=3);
    (0..2_usize, words, 1..6_u64, starts, fate()).prop_map(
        |(seller, words, price_minor, starts_at_ms, fate)| {
            // A show that has begun cannot be reserved.
            let begun = starts_at_ms == Some(START_MS);
            let fate = if begun { Fate::OnSale } else { fate };
            Spec { seller, words, price_minor, starts_at_ms, fate }
        },
    )
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![8 => Just(Fate::OnSale), 2 => ending()]
}

fn ending() -> impl Strategy<Value = Fate> {
    sample::select(&[Fate::Frozen, Fate::Reserved, Fate::Released, Fate::Sold, Fate::Withdrawn][..])
}

/// A query, but for its seller, who has no identifier yet.
fn query() -> impl Strategy<Value = (TicketQuery, Option<usize>)> {
    let sort =
        sample::select(&[Sort::Newest, Sort::PriceAscending, Sort::PriceDescending, Sort::StartsAt][..]);
    let prefixes = prop_oneof![4 => Just(0..=0_usize), 4 => Just(1..=2), 1 => Just(8..=PREFIXES.len())]
        .prop_flat_map(|many| sample::subsequence(PREFIXES, many))
        .prop_map(|prefixes| prefixes.into_iter().map(str::to_owned).collect());
    let price = || option::weighted(0.3, 1..6_u64);
    (sort, prefixes, price(), price(), option::weighted(0.3, 0..2_usize), 1..6_usize).prop_map(
        |(sort, prefixes, min_price_minor, max_price_minor, seller, limit)| {
            let query = TicketQuery {
                prefixes,
                min_price_minor,
                max_price_minor,
                seller: None,
                sort,
                after: None,
                limit,
                now_ms: START_MS,
            };
            (query, seller)
        },
    )
}

fn meanwhile() -> impl Strategy<Value = Meanwhile> {
    prop_oneof![
        spec().prop_map(Meanwhile::Post),
        (any::<sample::Index>(), 1..6_u64).prop_map(|(index, price)| Meanwhile::Reprice(index, price)),
        (any::<sample::Index>(), ending()).prop_map(|(index, fate)| Meanwhile::End(index, fate)),
    ]
}

fn ask(market: &Market, (query, seller): &(TicketQuery, Option<usize>)) -> TicketQuery {
    TicketQuery { seller: seller.map(|seller| market.sellers[seller].user), ..query.clone() }
}

#[test]
fn all_pages_together_are_the_whole_list() {
    let strategy = (prop::collection::vec(spec(), 0..40), prop::collection::vec(query(), 1..12));
    let run = runner(150).run(&strategy, |(specs, queries)| {
        let mut market = Market::new(specs);
        for query in &queries {
            let query = ask(&market, query);
            let (mut pages, all) = (1, market.brute_force(&query));
            prop_assert_eq!(market.walk(&query, |_| pages += 1)?, &*all, "{:?}", query);
            let full_pages = all.len().div_ceil(query.limit).max(1);
            prop_assert_eq!(pages, full_pages, "nothing follows the last: {:?}", query);
        }
        market.shop.assert_sound();
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

/// So many tickets that pages end before they are full and gathering gives up.
#[test]
fn all_pages_of_a_long_list_together_are_the_whole_list() {
    let strategy = (prop::collection::vec(spec(), 5..12), prop::collection::vec(query(), 1..20));
    let run = runner(8).run(&strategy, |(specs, queries)| {
        let copies = specs.len() * 100;
        let mut market = Market::new(specs.into_iter().cycle().take(copies));
        for query in &queries {
            let query = TicketQuery { limit: 70, ..ask(&market, query) };
            prop_assert_eq!(market.walk(&query, |_| ())?, market.brute_force(&query), "{:?}", query);
        }
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn what_is_there_throughout_is_listed_once_while_others_buy_and_sell() {
    let strategy = (prop::collection::vec(spec(), 0..40), query(), prop::collection::vec(meanwhile(), 1..10));
    let run = runner(300).run(&strategy, |(specs, query, mut happenings)| {
        let mut market = Market::new(specs);
        let query = ask(&market, &query);
        let mut constant = market.brute_force(&query);
        let mut touched = BTreeSet::new();
        let listed = market.walk(&query, |market| {
            let happening = happenings.pop();
            touched.extend(happening.and_then(|happening| market.meanwhile(&happening)));
        })?;
        constant.retain(|ticket| !touched.contains(ticket));
        let before = BTreeSet::from_iter(constant.iter().copied());
        let mut steady = listed.clone();
        steady.retain(|ticket| before.contains(ticket));
        prop_assert_eq!(steady, constant);
        if query.sort == Sort::Newest {
            let distinct = BTreeSet::from_iter(listed.iter().copied());
            prop_assert_eq!(distinct.len(), listed.len(), "nothing is listed twice");
        }
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_word_that_a_title_has_twice_stands_once_in_the_index() {
    let mut shop = Shop::new();
    let seller = shop.sign_up();
    let ticket = shop.post(seller, &["never", "say", "never"], 500, None);
    shop.assert_sound();
    assert_eq!(shop.dump()["tickets_by_word"].len(), 2);
    shop.withdraw(seller, ticket);
    shop.assert_sound();
    assert!(shop.dump()["tickets_by_word"].is_empty());
}
