//! A shop on several replicas that takes payments by a stand-in for Stripe.

use std::time::Duration;

use boxoffice_chaos::payments::{Tally, compare, evidence};
use boxoffice_stripe_fake::{Fake, Options};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::support::{PASSWORD, Test};

/// Longer than anything takes on a busy machine that is waited for.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(100);
/// Longer than the service takes to say that something is under way.
const TIMEOUT: Duration = Duration::from_secs(20);

pub(crate) struct Shop {
    pub(crate) test: Test,
    pub(crate) fake: Fake,
    pub(crate) caller: Caller,
    /// Who sells everything, and who buys it, by their `Authorization`.
    pub(crate) ann: String,
    pub(crate) bob: String,
}

/// Calls the replicas, whatever becomes of them meanwhile.
#[derive(Clone)]
pub(crate) struct Caller {
    http: reqwest::Client,
    bases: Vec<String>,
}

/// What is asked for, by whom.
#[derive(Clone)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    pub(crate) bearer: String,
    pub(crate) key: Option<String>,
}

impl Asked {
    pub(crate) fn post(path: impl Into<String>, body: Value, bearer: &str, key: impl Into<String>) -> Self {
        let (path, bearer, key) = (path.into(), bearer.to_owned(), Some(key.into()));
        Self { method: Method::POST, path, body: Some(body), bearer, key }
    }

    fn get(path: impl Into<String>, bearer: &str) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, bearer: bearer.to_owned(), key: None }
    }
}

impl Caller {
    /// Asks once. Nothing if there was no answer.
    pub(crate) async fn ask(&self, replica: usize, asked: &Asked) -> Option<(u16, Value)> {
        let url = format!("{}{}", self.bases[replica], asked.path);
        let call = self.http.request(asked.method.clone(), url).timeout(TIMEOUT);
        let mut call = call.header("authorization", &asked.bearer).header("consistency", "strong");
        if let Some(key) = &asked.key {
            call = call.header("idempotency-key", key);
        }
        if let Some(body) = &asked.body {
            call = call.json(body);
        }
        let answer = call.send().await.ok()?;
        let status = answer.status().as_u16();
        let text = answer.text().await.ok()?;
        Some((status, serde_json::from_str(&text).unwrap_or_default()))
    }

    /// Asks these replicas in turns, under the same key, until one says what came of it.
    pub(crate) async fn insist(&self, replicas: &[usize], asked: &Asked) -> (u16, Value) {
        let ends = Instant::now() + PATIENCE;
        let mut answer = None;
        for replica in replicas.iter().cycle() {
            answer = self.ask(*replica, asked).await;
            // A replica that just came back may not know of a session yet.
            let is_decided = |(status, body): &(u16, Value)| {
                !matches!(status, 401 | 408 | 503) && body["type"] != "/problems/key-in-progress"
            };
            if let Some(answer) = answer.take_if(|answer| is_decided(answer)) {
                return answer;
            }
            if Instant::now() > ends {
                break;
            }
            sleep(PAUSE).await;
        }
        panic!("{} of {replicas:?}: {answer:?}", asked.path)
    }
}

impl Shop {
    pub(crate) async fn open(learners: usize) -> Self {
        Self::open_with(learners, &[], |_| ()).await
    }

    /// One on three replicas that vote, with these further settings, which are prepared like this before they start.
    pub(crate) async fn open_with(
        learners: usize,
        further: &[(&str, &str)],
        prepare: impl FnOnce(&mut Test),
    ) -> Self {
        let fake = Fake::start(Options::default()).await.expect("it listens");
        let base = fake.url();
        let settings = [
            ("BOXOFFICE_STRIPE_SECRET_KEY", "sk_test_standin"),
            ("BOXOFFICE_STRIPE_PUBLISHABLE_KEY", "pk_test_standin"),
            ("BOXOFFICE_STRIPE_WEBHOOK_SECRET", "whsec_standin"),
            ("BOXOFFICE_STRIPE_API_BASE", base.as_str()),
        ];
        let mut test = Test::new(3, learners, &[&settings[..], further].concat()).await;
        prepare(&mut test);
        test.cluster.start_all().expect("starts");
        test.cluster.until_all_ready().await.expect("serves");
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let caller = Caller { http, bases: test.bases() };
        let mut shop = Self { test, fake, caller, ann: String::new(), bob: String::new() };
        (shop.ann, shop.bob) = (shop.sign_up("ann").await, shop.sign_up("bob").await);
        shop
    }

    pub(crate) async fn sign_up(&self, name: &str) -> String {
        let body = json!({"email": format!("{name}@example.test"), "password": PASSWORD});
        let user = self.post(0, "/api/users/signup", &body, "").await;
        format!("Bearer {}", user["token"].as_str().unwrap_or_else(|| panic!("{user}")))
    }

    /// What comes of it, asked of this replica until there is an answer.
    pub(crate) async fn post(&self, replica: usize, path: &str, body: &Value, bearer: &str) -> Value {
        let ends = Instant::now() + PATIENCE;
        loop {
            let answer = self.test.post(replica, path, body, &[("authorization", bearer)]).await;
            if answer.status() != 503 {
                return read(answer).await;
            }
            assert!(Instant::now() < ends, "{path}: {}", read(answer).await);
            sleep(Duration::from_millis(200)).await;
        }
    }

    /// An order of this buyer, of a new ticket for 19.99.
    pub(crate) async fn order_by(&self, replica: usize, buyer: &str) -> String {
        let ticket = json!({"title": "Some show", "price": 19.99});
        let ticket = id_of(&self.post(replica, "/api/tickets", &ticket, &self.ann).await);
        id_of(&self.post(replica, "/api/orders", &json!({"ticketId": ticket}), buyer).await)
    }

    pub(crate) async fn order(&self, replica: usize) -> String {
        self.order_by(replica, &self.bob).await
    }

    /// The payment, as this replica shows the newest state.
    pub(crate) async fn payment(&self, replica: usize, payment: &str) -> Option<Value> {
        self.shown(replica, &format!("/api/payments/{payment}"), &self.bob).await
    }

    /// What is there, as this replica shows the newest state.
    pub(crate) async fn shown(&self, replica: usize, path: &str, bearer: &str) -> Option<Value> {
        let answer = self.caller.ask(replica, &Asked::get(path, bearer)).await;
        answer.and_then(|(status, body)| (status == 200).then_some(body))
    }

    /// Waits until an order of bob's is complete.
    pub(crate) async fn until_complete(&self, replica: usize, order: &str, about: &str) {
        let path = format!("/api/orders/{order}");
        until(about, async || {
            self.shown(replica, &path, &self.bob).await.is_some_and(|order| order["status"] == "complete")
        })
        .await;
    }

    /// Holds what these buyers have against the stand-in's books, and every replica's state against the log.
    pub(crate) async fn check(mut self, buyers: &[String]) -> Tally {
        self.test.cluster.heal().await.expect("recovers");
        assert_eq!(self.fake.violations(), [""; 0]);
        let token = |bearer: &String| bearer.trim_start_matches("Bearer ").to_owned();
        let buyers: Vec<String> = buyers.iter().map(token).collect();
        let (bases, ann) = (self.test.bases(), token(&self.ann));
        let evidence = evidence(bases, &ann, &buyers, self.fake.books()).await.expect("they answer");
        let (tally, violations) = compare(&evidence);
        assert_eq!(violations, [""; 0], "{evidence:#?}");
        self.test.check().await.expect_nothing(&mut self.test.cluster);
        tally
    }
}

pub(crate) fn id_of(made: &Value) -> String {
    made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned()
}

async fn read(answer: Response) -> Value {
    answer.json().await.expect("JSON")
}

pub(crate) async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let ends = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < ends, "{what}");
        sleep(PAUSE).await;
    }
}
