//! Whatever the filter, the work for one page is bounded: counted in reads of a backend without a cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fmt, io};

use boxoffice::domain::*;
use boxoffice::store::{Sort, TicketQuery};
use redb::StorageBackend;
use redb::backends::InMemoryBackend;

use crate::shop::{START_MS, Shop, ticket_id, user_id};

/// Four times as many tickets may make trees a level deeper, and no more.
const MOST_GROWTH: u64 = 2;

/// Looking at the place in the price index where nothing matches takes a way down the tree or two.
const MOST_READS_WHERE_PRICES_END: u64 = 20;

/// Memory that counts how often it is read, and outlives its database.
#[derive(Clone)]
struct CountedMemory {
    memory: Arc<InMemoryBackend>,
    reads: Arc<AtomicU64>,
}

impl fmt::Debug for CountedMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CountedMemory").finish_non_exhaustive()
    }
}

impl StorageBackend for CountedMemory {
    fn len(&self) -> Result<u64, io::Error> {
        self.memory.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> Result<(), io::Error> {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.memory.read(offset, out)
    }

    fn set_len(&self, len: u64) -> Result<(), io::Error> {
        self.memory.set_len(len)
    }

    fn sync_data(&self) -> Result<(), io::Error> {
        self.memory.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> Result<(), io::Error> {
        self.memory.write(offset, data)
    }
}

/// A shop without a cache, with so many tickets: every other one about rock, the rest about jazz, all at
/// the same price and of the same seller, each with a word of its own; only the oldest is about both.
struct Counted {
    shop: Shop,
    reads: Arc<AtomicU64>,
}

impl Counted {
    fn new(tickets: u64) -> Self {
        let memory = CountedMemory { memory: Arc::default(), reads: Arc::default() };
        let mut shop = Shop::on(memory.clone(), None);
        let seller = shop.sign_up();
        let envelopes: Vec<Envelope> = (0..tickets)
            .map(|count| {
                let style = if count % 2 == 0 { "rock" } else { "jazz" };
                let other = if count == 0 { "jazz" } else { style };
                let words = vec![style.to_owned(), other.to_owned(), format!("w{count}")];
                let fields = TicketFields { words, price_minor: 100, ..TicketFields::default() };
                let create = CreateTicket { ticket: ticket_id(count), fields, currency: "usd".into() };
                shop.envelope(Some(seller), Command::CreateTicket(create))
            })
            .collect();
        let now_ms = shop.now_ms;
        shop.apply_batch(envelopes.iter().map(|envelope| (envelope, now_ms)));
        drop(shop);
        let reads = memory.reads.clone();
        Self { shop: Shop::on(memory, Some(0)), reads }
    }

    /// Follows a list to its end; returns how many tickets were listed, and the most reads of any page.
    fn walk(&self, query: &TicketQuery) -> (usize, u64) {
        let mut query = query.clone();
        let (mut listed, mut most_reads) = (0, 0);
        for _ in 0..1_000 {
            let before = self.reads.load(Ordering::Relaxed);
            let page = self.shop.view().tickets(&query).expect("memory does not fail");
            most_reads = most_reads.max(self.reads.load(Ordering::Relaxed) - before);
            listed += page.items.len();
            if page.next.is_none() {
                return (listed, most_reads);
            }
            query.after = page.next;
        }
        panic!("{query:?} has no end");
    }
}

#[test]
fn a_page_of_four_times_as_many_tickets_takes_no_more_reads() {
    let (small, large) = (Counted::new(5_000), Counted::new(20_000));
    let sorts = [Sort::Newest, Sort::PriceAscending, Sort::PriceDescending, Sort::StartsAt];
    let words = |words: &[&str]| TicketQuery {
        prefixes: words.iter().map(|word| (*word).to_owned()).collect(),
        ..TicketQuery::default()
    };
    let all_but_hopeless = [
        ("no price matches", TicketQuery { max_price_minor: Some(99), ..TicketQuery::default() }),
        ("no price matches", TicketQuery { min_price_minor: Some(101), ..TicketQuery::default() }),
        (
            "prices exclude each other",
            TicketQuery { min_price_minor: Some(101), max_price_minor: Some(99), ..TicketQuery::default() },
        ),
        ("no such seller", TicketQuery { seller: Some(user_id(0)), ..TicketQuery::default() }),
        ("no such word", words(&["opera"])),
        ("words that meet once", words(&["rock", "jazz"])),
        ("more words than lead", words(&["rock", "roc", "ro", "r", "jazz", "jaz", "ja", "j", "w", "w2"])),
        ("a word and no price", TicketQuery { max_price_minor: Some(99), ..words(&["rock"]) }),
        ("too broad a prefix that meets nothing", words(&["w", "opera"])),
        ("too broad a prefix and no price", TicketQuery { max_price_minor: Some(99), ..words(&["w"]) }),
    ];
    for (what, query) in all_but_hopeless {
        for sort in sorts {
            let query = TicketQuery { sort, limit: 20, now_ms: START_MS, ..query.clone() };
            let (listed, reads) = small.walk(&query);
            let (listed_large, reads_large) = large.walk(&query);
            let expected = usize::from(what == "words that meet once");
            assert_eq!((listed, listed_large), (expected, expected), "{what}, {sort:?}");
            let by_price = matches!(sort, Sort::PriceAscending | Sort::PriceDescending);
            if by_price && query.prefixes.is_empty() {
                assert!(reads_large <= MOST_READS_WHERE_PRICES_END, "{what}, {sort:?}: {reads_large} reads");
            }
            assert!(
                reads_large <= MOST_GROWTH * reads,
                "{what}, {sort:?}: {reads} reads, then {reads_large}"
            );
        }
    }
}
