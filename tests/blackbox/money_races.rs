//! A thousand races of each kind in which money is at stake. Whoever wins, each order ends in one of three ways: paid once
//! and complete; not paid and back on sale; or paid too late and given back once. The stand-in's books say so too.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use boxoffice_chaos::payments::{Evidence, Tally, compare, evidence};
use boxoffice_stripe_fake::Faults;
use futures_util::{StreamExt, stream};
use rand::RngExt;
use serde_json::json;
use tokio::time::{Instant, sleep};

use crate::stripe::Shop;
use crate::support::{Answer, User};

const RACES: usize = 1_000;
/// Who buys: the service has eight payments of each under way at the gateway at once.
const BUYERS: usize = 32;
/// Races at once, so few that no payment waits for its turn.
const AT_ONCE: usize = 192;
/// Fewer than this of a thousand, and the races are none.
const SOME: usize = RACES / 20;
/// Longer than settling takes once nothing fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who buys what of whom, and who is given a head start.
struct Races {
    shop: Shop,
    buyers: Vec<User>,
    start: HeadStart,
}

/// How long the first side of a race is held back, in microseconds; if it is negative, the second side. Whoever wins gets
/// less of a head start in the next race, so that both win about as often on any machine.
#[derive(Default)]
struct HeadStart(AtomicI64);

/// By how much it changes, and how long it gets at most.
const STEP_US: i64 = 200;
const LONGEST_US: i64 = 100_000;

impl HeadStart {
    /// How long each side is held back.
    fn held_back(&self) -> (Duration, Duration) {
        let held_back = self.0.load(Ordering::Relaxed);
        let positive = |us: i64| Duration::from_micros(u64::try_from(us).unwrap_or(0));
        (positive(held_back), positive(-held_back))
    }

    fn won(&self, first: bool) {
        let change = if first { STEP_US } else { -STEP_US };
        let changed = |held_back: i64| Some((held_back + change).clamp(-LONGEST_US, LONGEST_US));
        // It always changes.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, changed);
    }
}

impl Races {
    async fn new(settings: &[(&str, &str)], latency_ms: (u64, u64)) -> Self {
        let shop = Shop::open_with(settings).await;
        shop.fake.set_faults(Faults { latency_ms, ..Faults::default() });
        let mut buyers = Vec::new();
        for number in 0..BUYERS {
            buyers.push(shop.server.user(&format!("buyer-{number}")).await);
        }
        Self { shop, buyers, start: HeadStart::default() }
    }

    fn buyer(&self, race: usize) -> &User {
        &self.buyers[race % self.buyers.len()]
    }

    async fn order(&self, race: usize) -> String {
        self.shop.server.order(self.buyer(race), &self.shop.server.ticket(&self.shop.ann).await).await
    }

    async fn pay(&self, race: usize, order: &str, source: &str, held_back: Duration) -> Answer {
        sleep(held_back).await;
        let body = json!({"orderId": order, "token": source});
        self.shop.server.post("/api/payments", body).by(self.buyer(race)).await
    }

    async fn cancel(&self, race: usize, order: &str, held_back: Duration) -> Answer {
        sleep(held_back).await;
        self.shop.server.delete(&format!("/api/orders/{order}")).by(self.buyer(race)).await
    }

    /// Both sides, once nothing is under way any more.
    async fn evidence(&self) -> Evidence {
        let buyers: Vec<String> = self.buyers.iter().map(|buyer| buyer.token.clone()).collect();
        let ends = Instant::now() + PATIENCE;
        loop {
            let (bases, books) = (vec![self.shop.server.base().to_owned()], self.shop.books());
            let evidence = evidence(bases, &self.shop.ann.token, &buyers, books).await.expect("it answers");
            if evidence.is_settled() {
                // What moved by the time that everything was settled, and not before.
                return Evidence { books: self.shop.books(), ..evidence };
            }
            assert!(Instant::now() < ends, "not everything is settled");
            sleep(Duration::from_secs(1)).await;
        }
    }

    /// Holds the books against each other, and every ticket against its order.
    async fn check(self) -> Tally {
        let evidence = self.evidence().await;
        let (tally, violations) = compare(&evidence);
        assert_eq!(violations, [""; 0], "{tally:?}");
        assert_eq!(tally.complete + tally.cancelled, evidence.orders.len(), "{tally:?}");
        let tickets = stream::iter(&evidence.orders).map(async |order| {
            let expected = if order.status == "complete" { "sold" } else { "available" };
            assert_eq!(self.shop.server.ticket_status(&order.ticket).await, expected, "{order:?}");
        });
        tickets.buffer_unordered(AT_ONCE).collect::<()>().await;
        tally
    }
}

/// The cancellation at the end of the grace has half of it.
const LATE: [(&str, &str); 2] = [("BOXOFFICE_PAYMENT_WINDOW", "3s"), ("BOXOFFICE_PAYMENT_GRACE", "2s")];
/// Two calls to the gateway take up to six seconds.
const LATE_LATENCY_MS: (u64, u64) = (0, 3_000);
const LATE_WINDOW_MS: u64 = 3_000;

/// Payments begin at any moment of the window, and the gateway takes its time, so that charges come to pass before,
/// during and after whatever happens at the end of the grace.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expiry_against_success() {
    let races = Races::new(&LATE, LATE_LATENCY_MS).await;
    // Some are refused because the deadline has passed: that is another race, and a fair one, but not counted.
    let began = std::sync::atomic::AtomicUsize::new(0);
    let crowd = stream::iter(0..3 * RACES).map(async |race| {
        if began.load(Ordering::Relaxed) >= RACES {
            return;
        }
        let order = races.order(race).await;
        let thinking = Duration::from_millis(rand::rng().random_range(0..LATE_WINDOW_MS));
        let answer = races.pay(race, &order, "pm_card_visa", thinking).await;
        let kind = answer.body["type"].as_str().unwrap_or_default();
        match (answer.status, kind) {
            (201 | 202, _) | (402, "/problems/payment-declined") | (409, "/problems/payment-refunded") => {
                began.fetch_add(1, Ordering::Relaxed);
            }
            (409, "/problems/order-expired") => {}
            _ => panic!("{}", answer.text),
        }
    });
    crowd.buffer_unordered(AT_ONCE).collect::<()>().await;
    assert!(began.load(Ordering::Relaxed) >= RACES, "too few began in time: {began:?}");
    let tally = races.check().await;
    eprintln!("{tally:#?}");
    assert!(tally.payments >= RACES, "{tally:?}");
    assert!(tally.complete >= SOME, "success hardly ever won: {tally:?}");
    assert!(tally.failed >= SOME, "expiry hardly ever won: {tally:?}");
    assert!(tally.refunded > 0, "nothing came too late: {tally:?}");
    assert_eq!(tally.charges, tally.complete + tally.refunded, "{tally:?}");
}

/// Fast, and never twice as fast.
const SOON_MS: (u64, u64) = (0, 40);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cancelling_against_paying() {
    let races = Races::new(&[], SOON_MS).await;
    let crowd = stream::iter(0..RACES).map(async |race| {
        let order = races.order(race).await;
        let (pays_after, cancels_after) = races.start.held_back();
        let pay = races.pay(race, &order, "tok_visa", pays_after);
        let (paid, cancelled) = tokio::join!(pay, races.cancel(race, &order, cancels_after));
        let kind = |answer: &Answer| answer.body["type"].as_str().unwrap_or_default().to_owned();
        match (paid.status, cancelled.status) {
            (201 | 202, 409) => {
                let refused = ["/problems/charge-under-way", "/problems/order-paid"];
                assert!(refused.contains(&kind(&cancelled).as_str()), "{}", cancelled.text);
                races.start.won(true);
            }
            (409, 204) => {
                assert_eq!(kind(&paid), "/problems/order-cancelled", "{}", paid.text);
                races.start.won(false);
            }
            _ => panic!("one of the two wins and the other is told: {} / {}", paid.text, cancelled.text),
        }
    });
    crowd.buffer_unordered(AT_ONCE).collect::<()>().await;
    let tally = races.check().await;
    assert_eq!(tally.complete + tally.cancelled, RACES, "{tally:?}");
    assert!(tally.complete >= SOME && tally.cancelled >= SOME, "one hardly ever won: {tally:?}");
    assert_eq!((tally.charges, tally.refunded), (tally.complete, 0), "{tally:?}");
}

/// Of every so many races the first card is declined.
const DECLINED_EVERY: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_cards_for_one_order() {
    let races = Races::new(&[], SOON_MS).await;
    let (first_won, second_won) = (AtomicI64::new(0), AtomicI64::new(0));
    let crowd = stream::iter(0..RACES).map(async |race| {
        let order = races.order(race).await;
        let is_declined = race % DECLINED_EVERY == 0;
        let token = if is_declined { "tok_chargeDeclined".to_owned() } else { format!("tok_once_{race}") };
        let (first_after, second_after) = races.start.held_back();
        let first = races.pay(race, &order, &token, first_after);
        let second = races.pay(race, &order, "pm_card_mastercard", second_after);
        let (first, mut second) = tokio::join!(first, second);
        let is_paid = |answer: &Answer| matches!(answer.status, 201 | 202);
        let is_refused = |answer: &Answer| {
            let kinds = ["/problems/charge-under-way", "/problems/order-paid"];
            answer.status == 409 && kinds.iter().any(|kind| answer.body["type"] == *kind)
        };
        if is_declined {
            // Whoever has another card asks again.
            while second.body["type"] == "/problems/charge-under-way" {
                second = races.pay(race, &order, "pm_card_mastercard", Duration::from_millis(50)).await;
            }
            let first_is_over = first.status == 402 || is_refused(&first);
            assert!(first_is_over && is_paid(&second), "{} / {}", first.text, second.text);
            return;
        }
        assert!(
            is_paid(&first) && is_refused(&second) || is_refused(&first) && is_paid(&second),
            "one pays and the other is told: {} / {}",
            first.text,
            second.text
        );
        races.start.won(is_paid(&first));
        let won = if is_paid(&first) { &first_won } else { &second_won };
        won.fetch_add(1, Ordering::Relaxed);
    });
    crowd.buffer_unordered(AT_ONCE).collect::<()>().await;
    let some = i64::try_from(SOME).expect("few");
    for won in [&first_won, &second_won] {
        assert!(won.load(Ordering::Relaxed) >= some, "one hardly ever won: {first_won:?}, {second_won:?}");
    }
    let tally = races.check().await;
    assert_eq!((tally.complete, tally.charges, tally.refunded), (RACES, RACES, 0), "{tally:?}");
    assert!(tally.failed > 0, "nothing was declined: {tally:?}");
}
