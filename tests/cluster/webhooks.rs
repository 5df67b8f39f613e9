//! Webhooks of a stand-in for Stripe, told to any replica.

use std::time::Duration;

use boxoffice_stripe_fake::{Fake, Options, WebhookSettings};
use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Test};

/// Elsewhere, and without a vote.
const LEARNER: usize = 3;

/// Longer than anything takes on a busy machine that is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

struct Shop {
    test: Test,
    fake: Fake,
    ann: String,
    bob: String,
}

impl Shop {
    async fn open() -> Self {
        let fake = Fake::start(Options::default()).await.expect("it listens");
        let base = fake.url();
        let settings = [
            ("BOXOFFICE_STRIPE_SECRET_KEY", "sk_test_standin"),
            ("BOXOFFICE_STRIPE_PUBLISHABLE_KEY", "pk_test_standin"),
            ("BOXOFFICE_STRIPE_WEBHOOK_SECRET", "whsec_standin"),
            ("BOXOFFICE_STRIPE_API_BASE", base.as_str()),
        ];
        let test = Test::running(3, 1, &settings).await;
        let mut shop = Self { test, fake, ann: String::new(), bob: String::new() };
        (shop.ann, shop.bob) = (shop.sign_up("ann").await, shop.sign_up("bob").await);
        shop
    }

    async fn sign_up(&self, name: &str) -> String {
        let body = json!({"email": format!("{name}@example.test"), "password": PASSWORD});
        let user = self.post(0, "/api/users/signup", &body, "").await;
        format!("Bearer {}", user["token"].as_str().unwrap_or_else(|| panic!("{user}")))
    }

    /// What comes of it, asked of this replica until there is an answer.
    async fn post(&self, replica: usize, path: &str, body: &Value, bearer: &str) -> Value {
        let ends = tokio::time::Instant::now() + PATIENCE;
        loop {
            let answer = self.test.post(replica, path, body, &[("authorization", bearer)]).await;
            if answer.status() != 503 {
                return read(answer).await;
            }
            assert!(tokio::time::Instant::now() < ends, "{path}: {}", read(answer).await);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// A payment for which the buyer has to prove who they are, and its intent.
    async fn pay_with_proof(&self, replica: usize) -> (String, String) {
        let named = |made: &Value| made["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let ticket = json!({"title": "Some show", "price": 19.99});
        let ticket = named(&self.post(replica, "/api/tickets", &ticket, &self.ann).await);
        let order = named(&self.post(replica, "/api/orders", &json!({"ticketId": ticket}), &self.bob).await);
        let pay = json!({"orderId": order, "token": "tok_threeDSecure2Required"});
        let paid = self.post(replica, "/api/payments", &pay, &self.bob).await;
        assert_eq!(paid["status"], "processing", "{paid}");
        let intents = self.fake.events().into_iter().map(|event| event["data"]["object"].clone());
        let intent = intents.rev().find(|object| object["metadata"]["payment"] == paid["id"]);
        (named(&paid), named(&intent.expect("it was made")))
    }

    /// Tells these replicas, one after the other, of what happens from now on.
    fn tell(&self, replicas: &[usize]) {
        let url =
            |replica: &usize| format!("{}/api/payments/webhooks/stripe", self.test.cluster.base(*replica));
        self.fake.set_webhooks(WebhookSettings {
            urls: replicas.iter().map(url).collect(),
            secrets: vec!["whsec_standin".to_owned()],
            tries: 1_000,
            retry_ms: 50,
            ..WebhookSettings::default()
        });
    }

    /// The payment, as this replica shows the newest state.
    async fn payment(&self, replica: usize, payment: &str) -> Option<Value> {
        let headers = [("authorization", self.bob.as_str()), ("consistency", "strong")];
        let answer = self.test.get(replica, &format!("/api/payments/{payment}"), &headers).await;
        if answer.status() == 200 { Some(read(answer).await) } else { None }
    }

    async fn check(mut self, charges: usize) {
        assert_eq!(self.fake.violations(), [""; 0]);
        let books = self.fake.books();
        assert_eq!((books.charges.len(), books.balance()), (charges, 1_999 * charges as u64));
        self.test.check().await.expect_nothing(&mut self.test.cluster);
    }
}

async fn read(answer: Response) -> Value {
    answer.json().await.expect("JSON")
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let ends = tokio::time::Instant::now() + PATIENCE;
    while !holds().await {
        assert!(tokio::time::Instant::now() < ends, "{what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_replica_is_told_commits_it_before_it_answers() {
    let shop = Shop::open().await;
    for replica in 0..=LEARNER {
        let (payment, intent) = shop.pay_with_proof(0).await;
        let before = shop.fake.webhook_counts().delivered;
        shop.tell(&[replica]);
        shop.fake.complete(&intent, true).expect("it waits for that");
        until("all is told", async || {
            let counts = shop.fake.webhook_counts();
            counts.pending == 0 && counts.delivered > before
        })
        .await;
        shop.tell(&[]);
        let other = (replica + 1) % 3;
        let shown = shop.payment(other, &payment).await.expect("there is a leader");
        assert_eq!(shown["status"], "succeeded", "told to {replica}, shown at {other} without any waiting");
    }
    shop.check(4).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_leads_by_then_knows_what_was_told_while_the_leader_died() {
    let mut shop = Shop::open().await;
    let mut settled = 0;
    for _ in 0..3 {
        let leader = shop.test.cluster.leader().await.expect("one leads");
        let (one, other) = (shop.pay_with_proof(leader).await, shop.pay_with_proof(leader).await);
        shop.tell(&[0, 1, 2, LEARNER]);
        shop.fake.complete(&one.1, true).expect("it waits for that");
        shop.test.cluster.kill(leader).expect("it runs");
        shop.fake.complete(&other.1, true).expect("it waits for that");
        let asked = (leader + 1) % 3;
        for payment in [&one.0, &other.0] {
            until("it is settled", async || {
                shop.payment(asked, payment).await.is_some_and(|payment| payment["status"] == "succeeded")
            })
            .await;
            settled += 1;
        }
        shop.test.cluster.start(leader).expect("it starts");
        shop.test.cluster.until_ready(leader).await.expect("it serves");
    }
    shop.check(settled).await;
}
