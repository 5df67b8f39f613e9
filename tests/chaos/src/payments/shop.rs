//! Calls of the service, whoever leads it, and of what a browser would call.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use futures_util::future::try_join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use super::PUBLISHABLE_KEY;
use super::seen::{OrderSeen, PaymentSeen, RefundSeen};
use crate::cluster::PATIENCE;

/// Longer than the service takes to say that a payment is under way.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long a customer asks again for one thing.
const PERSISTENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(100);
const PASSWORD: &str = "seat-17-row-Q-balcony";
/// The service has so many payments of one buyer under way at the gateway at once; more would wait for each other.
const CUSTOMERS_PER_ACCOUNT: usize = 8;
/// Payments whose refunds are looked at at the same time.
const REFUNDS_AT_ONCE: usize = 64;
/// Where Stripe tells of events.
const WEBHOOKS: &str = "/api/payments/webhooks/stripe";
/// Answers that nobody should get are kept up to so many.
const MAX_ODD: usize = 100;

/// The service, with accounts that are signed in.
pub(crate) struct Shop {
    http: reqwest::Client,
    bases: Vec<String>,
    stripe: String,
    seller: String,
    /// Tokens of those who buy.
    buyers: Vec<String>,
    /// Payments of which somebody asked for a refund.
    refunded: Mutex<BTreeSet<String>>,
    odd: Mutex<Vec<String>>,
}

/// What was answered at last.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

/// What is asked for, by whom, and where first.
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) token: &'a str,
    pub(crate) key: Option<&'a str>,
    pub(crate) body: Option<Value>,
    pub(crate) replica: usize,
}

impl Shop {
    /// Signs up a seller, and buyers for so many customers at once.
    pub(crate) async fn open(bases: Vec<String>, stripe: String, customers: usize) -> anyhow::Result<Self> {
        let http = client()?;
        let seller = sign_up(&http, &bases[0], "seller").await?;
        let accounts = customers.div_ceil(CUSTOMERS_PER_ACCOUNT).max(1);
        let mut buyers = Vec::new();
        for number in 0..accounts {
            let base = &bases[number % bases.len()];
            buyers.push(sign_up(&http, base, &format!("buyer-{number}")).await?);
        }
        Ok(Self { stripe, ..Self::with(http, bases, seller, buyers) })
    }

    /// One with accounts that are signed in, to look at what there is.
    pub(crate) fn of(bases: Vec<String>, seller: String, buyers: Vec<String>) -> anyhow::Result<Self> {
        Ok(Self::with(client()?, bases, seller, buyers))
    }

    fn with(http: reqwest::Client, bases: Vec<String>, seller: String, buyers: Vec<String>) -> Self {
        let stripe = String::new();
        Self { http, bases, stripe, seller, buyers, refunded: Mutex::default(), odd: Mutex::default() }
    }

    pub(crate) fn seller(&self) -> &str {
        &self.seller
    }

    pub(crate) fn buyer(&self, number: usize) -> &str {
        &self.buyers[number % self.buyers.len()]
    }

    pub(crate) fn replicas(&self) -> usize {
        self.bases.len()
    }

    pub(crate) fn webhook_urls(&self) -> Vec<String> {
        self.bases.iter().map(|base| format!("{base}{WEBHOOKS}")).collect()
    }

    /// Whether the program has a place for them.
    pub(crate) async fn takes_webhooks(&self) -> bool {
        let answer = self.http.post(format!("{}{WEBHOOKS}", self.bases[0])).body("{}").send().await;
        answer.is_ok_and(|answer| !matches!(answer.status().as_u16(), 404 | 405))
    }

    /// Asks, and again at the next replica under the same key as long as it is not known what came of it. `None` if it
    /// never was.
    pub(crate) async fn ask(&self, ask: Ask<'_>) -> Option<Answered> {
        let deadline = Instant::now() + PERSISTENCE;
        let mut replica = ask.replica;
        loop {
            if let Some(answered) = self.ask_once(&ask, replica).await.filter(is_decided) {
                self.note_if_odd(&ask, &answered);
                return Some(answered);
            }
            if Instant::now() > deadline {
                return None;
            }
            sleep(PAUSE).await;
            replica = (replica + 1) % self.bases.len();
        }
    }

    async fn ask_once(&self, ask: &Ask<'_>, replica: usize) -> Option<Answered> {
        let url = format!("{}{}", self.bases[replica], ask.path);
        let mut call = self.http.request(ask.method.clone(), url).bearer_auth(ask.token);
        if let Some(key) = ask.key {
            call = call.header("idempotency-key", key);
        }
        if let Some(body) = &ask.body {
            call = call.json(body);
        }
        let answer = call.send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        Some(Answered { status, body: serde_json::from_str(&text).unwrap_or_default() })
    }

    /// No request of these customers may be told so.
    fn note_if_odd(&self, ask: &Ask<'_>, answered: &Answered) {
        if matches!(answered.status, 400 | 403 | 405 | 413 | 415 | 422 | 429 | 500) {
            let mut odd = self.odd.lock().unwrap_or_else(PoisonError::into_inner);
            if odd.len() < MAX_ODD {
                odd.push(format!("{} {} was answered with {answered:?}", ask.method, ask.path));
            }
        }
    }

    pub(crate) fn odd_answers(&self) -> Vec<String> {
        self.odd.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What Stripe's script does in the browser of a buyer. It may fail, and nobody asks again.
    pub(crate) async fn confirm_in_browser(&self, secret: &str, method: &str) {
        let Some(intent) = intent_of(secret) else { return };
        let url = format!("{}/v1/payment_intents/{intent}/confirm", self.stripe);
        let form = format!("client_secret={secret}&payment_method={method}");
        let call = self.http.post(url).bearer_auth(PUBLISHABLE_KEY);
        let call = call.header("content-type", "application/x-www-form-urlencoded").body(form);
        // What becomes of it is seen in the books.
        let _ = call.send().await;
    }

    /// Whether nothing is still to happen to any order or payment, as the newest state has it.
    pub(crate) async fn is_settled(&self) -> anyhow::Result<bool> {
        let is_open = async |path: &'static str, token: &str| -> anyhow::Result<bool> {
            let all = self.list(path, token).await?;
            let orders = path.contains("orders");
            for one in all {
                let is_open = if orders {
                    OrderSeen::read(&one)?.is_open()
                } else {
                    PaymentSeen::read(&one)?.is_under_way()
                };
                if is_open {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        for buyer in &self.buyers {
            if is_open("/api/orders", buyer).await? || is_open("/api/payments", buyer).await? {
                return Ok(false);
            }
        }
        let asked_for = self.refunded.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok(!self.refunds_of(&asked_for).await?.iter().any(RefundSeen::is_under_way))
    }

    /// Notes that somebody asks for a refund of this payment.
    pub(crate) fn note_refunded(&self, payment: &str) {
        self.refunded.lock().unwrap_or_else(PoisonError::into_inner).insert(payment.to_owned());
    }

    /// All refunds of these payments, and of those of which somebody asked for one.
    pub(crate) async fn refunds(&self, payments: &[PaymentSeen]) -> anyhow::Result<Vec<RefundSeen>> {
        let mut with_refunds = self.refunded.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let went_back = payments.iter().filter(|payment| payment.refunded_minor > 0);
        with_refunds.extend(went_back.map(|payment| payment.id.clone()));
        self.refunds_of(&with_refunds).await
    }

    /// As the seller sees them, of whom all tickets are.
    async fn refunds_of(&self, payments: &BTreeSet<String>) -> anyhow::Result<Vec<RefundSeen>> {
        let paths = payments.iter().map(|payment| format!("/api/payments/{payment}/refunds"));
        let paths: Vec<String> = paths.collect();
        let mut refunds = Vec::new();
        for some in paths.chunks(REFUNDS_AT_ONCE) {
            let lists = try_join_all(some.iter().map(|path| self.list(path, &self.seller))).await?;
            refunds.extend(lists.into_iter().flatten());
        }
        refunds.iter().map(RefundSeen::read).collect()
    }

    /// All orders of all buyers.
    pub(crate) async fn orders(&self) -> anyhow::Result<Vec<OrderSeen>> {
        let lists = try_join_all(self.buyers.iter().map(|buyer| self.list("/api/orders", buyer))).await?;
        lists.iter().flatten().map(OrderSeen::read).collect()
    }

    /// All payments of all buyers.
    pub(crate) async fn payments(&self) -> anyhow::Result<Vec<PaymentSeen>> {
        let lists = try_join_all(self.buyers.iter().map(|buyer| self.list("/api/payments", buyer))).await?;
        lists.iter().flatten().map(PaymentSeen::read).collect()
    }

    /// Every page of a list, as the newest state has it.
    async fn list(&self, path: &str, token: &str) -> anyhow::Result<Vec<Value>> {
        // Refunds of a payment are not so many.
        let pages = if path.ends_with("/refunds") { "" } else { "?limit=100" };
        let (mut all, mut next) = (Vec::new(), Some(format!("{path}{pages}")));
        let deadline = Instant::now() + PATIENCE;
        while let Some(path) = next.take() {
            let call = self.http.get(format!("{}{path}", self.bases[0])).bearer_auth(token);
            let answer = call.header("consistency", "strong").send().await?;
            if !answer.status().is_success() {
                ensure!(Instant::now() < deadline, "{path} is answered with {}", answer.status());
                sleep(PAUSE).await;
                next = Some(path);
                continue;
            }
            let link = answer.headers().get("link").and_then(|link| link.to_str().ok());
            next = link.and_then(next_page);
            let page: Value = answer.json().await?;
            all.extend(page.as_array().context("a list")?.iter().cloned());
        }
        Ok(all)
    }
}

fn client() -> anyhow::Result<reqwest::Client> {
    // The client wants to know who would do TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build()?)
}

/// Whether it says what came of the request.
fn is_decided(answered: &Answered) -> bool {
    let is_under_way = answered.body["type"] == "/problems/key-in-progress";
    // A replica that just came back may not know of a session yet.
    !matches!(answered.status, 401 | 408 | 502 | 503) && !is_under_way
}

/// The path of `<path>; rel="next"`.
fn next_page(link: &str) -> Option<String> {
    let (path, _) = link.strip_prefix('<')?.split_once(">; rel=\"next\"")?;
    Some(path.to_owned())
}

/// The intent that a client secret is of.
pub(crate) fn intent_of(secret: &str) -> Option<&str> {
    secret.split_once("_secret_").map(|(intent, _)| intent)
}

async fn sign_up(http: &reqwest::Client, base: &str, name: &str) -> anyhow::Result<String> {
    let body = json!({"email": format!("{name}@example.test"), "password": PASSWORD});
    let (deadline, mut path) = (Instant::now() + PATIENCE, "signup");
    loop {
        match http.post(format!("{base}/api/users/{path}")).json(&body).send().await {
            Ok(answer) if answer.status().is_success() => {
                let user: Value = answer.json().await?;
                return user["token"].as_str().map(str::to_owned).context("a token");
            }
            // An attempt without an answer may have worked.
            Ok(answer) if answer.status() == 409 => path = "signin",
            other if Instant::now() > deadline => bail!("{name} cannot sign up: {other:?}"),
            _ => sleep(PAUSE).await,
        }
    }
}
