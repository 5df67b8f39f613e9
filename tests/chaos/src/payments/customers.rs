//! Who buys, pays, changes their mind, or comes too late.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use boxoffice_stripe_fake::Fake;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use super::PaymentsOptions;
use super::refunds::Refunding;
use super::seen::{Told, ToldOf};
use super::shop::{Answered, Ask, Shop, intent_of};

/// How long a customer waits for the end of an attempt before they try another card.
const WAIT_FOR_DECLINE: Duration = Duration::from_secs(15);
/// Most buyers are asked for something, and do it, within so long.
const SOON: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What a customer does about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Pays by a token that is good for one payment.
    Pay,
    /// Pays by a payment method.
    PayByMethod,
    /// Has a card that is declined, and then another.
    TwoCards,
    /// Pays twice at once.
    PayTwice,
    /// Cancels and pays at once.
    CancelAndPay,
    /// Pays at about the deadline.
    PayLate,
    /// Has to prove who they are, and does, or fails to, or does nothing.
    ProveIdentity,
    /// Pays in a browser.
    Browser,
    /// Never pays.
    Leave,
}

/// Each way, and how many of a hundred customers go it.
const WAYS: [(Way, u32); 9] = [
    (Way::Pay, 34),
    (Way::PayByMethod, 10),
    (Way::TwoCards, 12),
    (Way::PayTwice, 12),
    (Way::CancelAndPay, 10),
    (Way::PayLate, 6),
    (Way::ProveIdentity, 7),
    (Way::Browser, 6),
    (Way::Leave, 3),
];

const DECLINED: [&str; 4] = [
    "tok_chargeDeclined",
    "tok_chargeDeclinedInsufficientFunds",
    "tok_chargeDeclinedExpiredCard",
    "pm_card_chargeDeclinedLostCard",
];

/// Customers at work.
pub(crate) struct Customers {
    crowd: Arc<Crowd>,
    at_work: JoinSet<()>,
}

/// What all customers share.
struct Crowd {
    shop: Arc<Shop>,
    stripe: Arc<Fake>,
    seed: u64,
    window: Duration,
    /// The longest that an order waits.
    held_for: Duration,
    payments: usize,
    is_over: AtomicBool,
    /// Payments that the service said it began.
    attempts: AtomicUsize,
    begun: AtomicUsize,
    dealt_with: AtomicUsize,
    told: Mutex<Vec<ToldOf>>,
    refunding: Refunding,
}

/// What came of their visits.
pub(crate) struct Visits {
    /// Orders that they dealt with.
    pub(crate) orders: usize,
    /// What buyers were told of their payments.
    pub(crate) told: Vec<ToldOf>,
    /// The refunds that the seller was told of.
    pub(crate) refunds_told: Vec<String>,
}

impl Customers {
    /// Has them begin.
    pub(crate) fn let_in(shop: &Arc<Shop>, stripe: &Arc<Fake>, options: &PaymentsOptions) -> Self {
        let crowd = Arc::new(Crowd {
            shop: shop.clone(),
            stripe: stripe.clone(),
            seed: options.seed,
            window: options.window_and_grace.0,
            held_for: options.window_and_grace.0 + options.window_and_grace.1,
            payments: options.payments,
            is_over: AtomicBool::new(false),
            attempts: AtomicUsize::new(0),
            begun: AtomicUsize::new(0),
            dealt_with: AtomicUsize::new(0),
            told: Mutex::default(),
            refunding: Refunding::default(),
        });
        let mut at_work = JoinSet::new();
        for number in 0..options.customers {
            at_work.spawn(crowd.clone().work(number));
        }
        Self { crowd, at_work }
    }

    /// How many payments were begun.
    pub(crate) fn attempts(&self) -> usize {
        self.crowd.attempts.load(Ordering::Relaxed)
    }

    /// Whether that is enough, so that nobody begins with anything any more.
    pub(crate) fn are_enough(&self) -> bool {
        self.attempts() >= self.crowd.payments
    }

    /// Lets each finish what it does.
    pub(crate) async fn leave(self) -> Visits {
        self.crowd.is_over.store(true, Ordering::Relaxed);
        self.at_work.join_all().await;
        let told = std::mem::take(&mut *self.crowd.told.lock().unwrap_or_else(PoisonError::into_inner));
        let orders = self.crowd.dealt_with.load(Ordering::Relaxed);
        Visits { orders, told, refunds_told: self.crowd.refunding.told() }
    }
}

impl Crowd {
    async fn work(self: Arc<Self>, customer: usize) {
        while !self.is_over.load(Ordering::Relaxed) && self.attempts.load(Ordering::Relaxed) < self.payments {
            let number = self.begun.fetch_add(1, Ordering::Relaxed);
            let rng = StdRng::seed_from_u64(self.seed ^ ((number as u64 + 1) << 24));
            Visit { crowd: &self, buyer: self.shop.buyer(customer), number, rng }.go().await;
            self.dealt_with.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// One order of a customer.
struct Visit<'c> {
    crowd: &'c Crowd,
    buyer: &'c str,
    number: usize,
    rng: StdRng,
}

impl Visit<'_> {
    async fn go(mut self) {
        let Some(order) = self.order().await else { return };
        let way = self.way();
        let once = format!("tok_once_{}", self.number);
        match way {
            Way::Pay => {
                let paid = self.pay(&order, &once, 1).await;
                self.perhaps_give_back(paid).await;
            }
            Way::PayByMethod => {
                let paid = self.pay(&order, "pm_card_visa", 1).await;
                self.perhaps_give_back(paid).await;
            }
            Way::TwoCards => {
                let paid = self.pay_with_two_cards(&order, &once).await;
                self.perhaps_give_back(paid).await;
            }
            Way::PayTwice => {
                let (replica, other) = (self.replica(), self.replica());
                let second = self.pay_at(other, &order, "tok_mastercard", 2);
                let (one, two) = tokio::join!(self.pay_at(replica, &order, &once, 1), second);
                let paid = one.filter(|one| one.status == 201).or(two);
                self.perhaps_give_back(paid).await;
            }
            Way::CancelAndPay => {
                let (replica, other) = (self.replica(), self.replica());
                let patience = self.chance(0, 300);
                let cancel = async {
                    sleep(patience).await;
                    let path = format!("/api/orders/{order}");
                    let (token, key, body) = (self.buyer, None, None);
                    let ask = Ask { method: Method::DELETE, path: &path, token, key, body, replica: other };
                    self.crowd.shop.ask(ask).await
                };
                tokio::join!(self.pay_at(replica, &order, &once, 1), cancel);
            }
            Way::PayLate => {
                let early = self.chance(0, 3_000);
                sleep((self.crowd.window + Duration::from_secs(1)).saturating_sub(early)).await;
                self.pay(&order, &once, 1).await;
            }
            Way::ProveIdentity => self.prove_identity(&order).await,
            Way::Browser => self.pay_in_browser(&order).await,
            Way::Leave => {}
        }
    }

    /// Has the seller give back some of what was paid, or all, if it was and chance has it so.
    async fn perhaps_give_back(&mut self, paid: Option<Answered>) {
        if let Some(paid) = paid.filter(|paid| paid.status == 201) {
            let Self { crowd, number, rng, .. } = self;
            crowd.refunding.perhaps(&crowd.shop, &paid.body, *number, rng).await;
        }
    }

    fn way(&mut self) -> Way {
        let all: u32 = WAYS.iter().map(|(_, share)| share).sum();
        let mut drawn = self.rng.random_range(0..all);
        for (way, share) in WAYS {
            if drawn < share {
                return way;
            }
            drawn -= share;
        }
        Way::Pay
    }

    fn replica(&mut self) -> usize {
        self.rng.random_range(0..self.crowd.shop.replicas())
    }

    fn chance(&mut self, least_ms: u64, most_ms: u64) -> Duration {
        Duration::from_millis(self.rng.random_range(least_ms..=most_ms))
    }

    /// Most act soon, some when the order may have been released.
    fn thinking(&mut self) -> Duration {
        let most = if self.rng.random_range(0..4) == 0 { self.crowd.held_for } else { SOON };
        self.rng.random_range(Duration::ZERO..=most)
    }

    async fn post(
        &self,
        replica: usize,
        token: &str,
        path: &str,
        key: &str,
        body: Value,
    ) -> Option<Answered> {
        let ask = Ask { method: Method::POST, path, token, key: Some(key), body: Some(body), replica };
        self.crowd.shop.ask(ask).await
    }

    /// The id of an order of a new ticket, whose price is another each time.
    async fn order(&mut self) -> Option<String> {
        let cents = self.rng.random_range(100..100_000);
        let price: f64 = format!("{}.{:02}", cents / 100, cents % 100).parse().ok()?;
        let (number, replica) = (self.number, self.replica());
        let ticket = json!({"title": format!("Show {number}"), "price": price});
        let seller = self.crowd.shop.seller();
        let posted = self.post(replica, seller, "/api/tickets", &format!("ticket-{number}"), ticket).await?;
        let body = json!({"ticketId": id_of(&posted)?});
        let ordered = self.post(replica, self.buyer, "/api/orders", &format!("order-{number}"), body).await?;
        id_of(&ordered)
    }

    async fn pay(&mut self, order: &str, source: &str, attempt: u32) -> Option<Answered> {
        let replica = self.replica();
        self.pay_at(replica, order, source, attempt).await
    }

    async fn pay_at(&self, replica: usize, order: &str, source: &str, attempt: u32) -> Option<Answered> {
        let key = format!("pay-{}-{attempt}", self.number);
        let body = json!({"orderId": order, "token": source});
        let answered = self.post(replica, self.buyer, "/api/payments", &key, body).await?;
        let told = match (answered.status, answered.body["type"].as_str()) {
            (201, _) => Some((Told::Succeeded, &answered.body["id"])),
            (402, Some("/problems/payment-declined")) => Some((Told::Declined, &answered.body["paymentId"])),
            (409, Some("/problems/payment-refunded")) => Some((Told::Refunded, &answered.body["paymentId"])),
            _ => None,
        };
        if told.is_some() || answered.status == 202 {
            self.crowd.attempts.fetch_add(1, Ordering::Relaxed);
        }
        if let Some((told, payment)) = told {
            let payment = payment.as_str().unwrap_or_default().to_owned();
            let of = ToldOf { payment, told };
            self.crowd.told.lock().unwrap_or_else(PoisonError::into_inner).push(of);
        }
        Some(answered)
    }

    async fn pay_with_two_cards(&mut self, order: &str, second: &str) -> Option<Answered> {
        let declined = DECLINED[self.rng.random_range(0..DECLINED.len())];
        let answered = self.pay(order, declined, 1).await?;
        if answered.status == 202
            && let Some(payment) = answered.body["id"].as_str()
        {
            self.until_over(payment).await;
        }
        self.pay(order, second, 2).await
    }

    /// Waits until an attempt has ended, but not for ever.
    async fn until_over(&mut self, payment: &str) {
        let (path, gives_up) = (format!("/api/payments/{payment}"), Instant::now() + WAIT_FOR_DECLINE);
        while Instant::now() < gives_up {
            sleep(LOOK_EVERY).await;
            let (token, key, body, replica) = (self.buyer, None, None, self.replica());
            let ask = Ask { method: Method::GET, path: &path, token, key, body, replica };
            let seen = self.crowd.shop.ask(ask).await;
            if seen.is_some_and(|seen| seen.status == 200 && seen.body["status"] != "processing") {
                return;
            }
        }
    }

    async fn prove_identity(&mut self, order: &str) {
        let Some(answered) = self.pay(order, "tok_threeDSecure2Required", 1).await else { return };
        let secret = answered.body["nextAction"]["clientSecret"].as_str().unwrap_or_default();
        let Some(intent) = intent_of(secret) else { return };
        sleep(self.thinking()).await;
        let succeeds = match self.rng.random_range(0..10) {
            0..6 => true,
            6..8 => false,
            _ => return,
        };
        // The service may have cancelled it meanwhile.
        let _ = self.crowd.stripe.complete(intent, succeeds);
    }

    async fn pay_in_browser(&mut self, order: &str) {
        let (path, replica) = (format!("/api/orders/{order}/payment-intent"), self.replica());
        let key = format!("browser-{}", self.number);
        let ask = Ask {
            method: Method::POST,
            path: &path,
            token: self.buyer,
            key: Some(&key),
            body: None,
            replica,
        };
        let Some(begun) = self.crowd.shop.ask(ask).await else { return };
        let Some(secret) = begun.body["clientSecret"].as_str() else { return };
        self.crowd.attempts.fetch_add(1, Ordering::Relaxed);
        sleep(self.thinking()).await;
        for card in ["pm_card_chargeDeclined", "pm_card_visa"].into_iter().skip(self.rng.random_range(0..2)) {
            self.crowd.shop.confirm_in_browser(secret, card).await;
        }
    }
}

fn id_of(answered: &Answered) -> Option<String> {
    let id = answered.body["id"].as_str()?;
    (answered.status == 201).then(|| id.to_owned())
}
