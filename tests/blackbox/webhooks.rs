//! Webhooks of Stripe, or what stands in for it: told in time or late, twice, in any order, not at all, or by somebody else.

use std::time::{Duration, Instant};

use boxoffice_stripe_fake::{Books, WebhookSettings, signature_header};
use reqwest::Method;
use serde_json::{Value, json};

use crate::stripe::Shop;
use crate::support::{Answer, Call, command, eventually, now_ms};

const PATH: &str = "/api/payments/webhooks/stripe";
const SECRET: &str = "whsec_standin";
const TOLERANCE_S: i64 = 300;

/// Whatever is lost, everything is right within so long.
const SETTLED_WITHIN: Duration = Duration::from_secs(60);

impl Shop {
    /// Has the service be told of what happens from now on.
    pub(crate) fn tell(&self, how: WebhookSettings) {
        let url = format!("{}{PATH}", self.server.base());
        self.fake.set_webhooks(WebhookSettings {
            urls: vec![url],
            secrets: vec![SECRET.to_owned()],
            retry_ms: 100,
            ..how
        });
    }

    /// Tells of this, signed by these secrets so long ago.
    fn event(&self, secrets: &[&str], ago_s: i64, event: &Value) -> Call {
        let body = event.to_string();
        let at_s = u64::try_from(now_ms() / 1_000 - ago_s).expect("after 1970");
        self.raw(&signature_header(secrets, at_s, body.as_bytes()), &body)
    }

    fn raw(&self, signature: &str, body: &str) -> Call {
        let call = self.server.call(Method::POST, PATH).header("stripe-signature", signature);
        call.body("application/json; charset=utf-8", body.to_owned())
    }

    /// How many webhooks came to this.
    pub(crate) async fn came_to(&self, outcome: &str) -> u64 {
        let metrics = self.server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200").text;
        let name = format!("boxoffice_webhooks_total{{outcome=\"{outcome}\"}} ");
        let count = metrics.lines().find_map(|line| line.strip_prefix(&name));
        count.map_or(0, |count| count.parse().expect("a number"))
    }

    /// Until everything that happened so far was told, `told` times each.
    pub(crate) async fn all_told(&self, told: u64) {
        eventually("everything is told", async || {
            let (counts, events) = (self.fake.webhook_counts(), self.fake.events().len() as u64);
            if counts.pending == 0 && counts.delivered == told * events {
                Ok(())
            } else {
                Err(format!("{counts:?}"))
            }
        })
        .await;
    }

    /// The newest intent.
    fn intent(&self) -> String {
        let events = self.fake.events();
        let mut intents = events.iter().map(|event| &event["data"]["object"]);
        let newest = intents.rfind(|object| object["object"] == "payment_intent");
        newest.and_then(|intent| intent["id"].as_str()).expect("an intent").to_owned()
    }

    /// A payment for which the buyer has to prove who they are.
    pub(crate) async fn pay_with_proof(&self, order: &str) -> Answer {
        self.pay(order, "tok_threeDSecure2Required").await.expect(202, "the buyer has to do something first")
    }

    /// Begins to pay in a browser, and confirms there with this card. Returns the payment.
    async fn pay_in_browser(&self, order: &str, card: &str) -> String {
        let begin = self.server.post(&format!("/api/orders/{order}/payment-intent"), json!({})).by(&self.bob);
        let begun = begin.await.expect(201, "the order waits for it");
        let (secret, key) = (begun.string("clientSecret"), begun.string("publishableKey"));
        let intent = secret.split("_secret_").next().expect("it begins with the intent").to_owned();
        let confirm = reqwest::Client::new()
            .post(format!("{}/v1/payment_intents/{intent}/confirm", self.fake.url()))
            .bearer_auth(&key)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("client_secret={secret}&payment_method={card}"));
        confirm.send().await.expect("it answers");
        begun.string("paymentId")
    }
}

/// Every way to pay, and whatever it takes until all of it is settled. Returns how many orders are complete.
async fn pay_in_every_way(shop: &Shop) -> usize {
    let at_once = shop.order().await;
    shop.pay(&at_once, "tok_visa").await.expect(201, "the money moved");
    let second_card = shop.order().await;
    shop.pay(&second_card, "tok_chargeDeclined").await.expect(402, "a decline leaves the order open");
    shop.pay(&second_card, "pm_card_visa").await.expect(201, "another card pays");

    let proven = shop.order().await;
    let proof = shop.pay_with_proof(&proven).await.string("id");
    shop.fake.complete(&shop.intent(), true).expect("it waits for that");
    let not_proven = shop.order().await;
    let no_proof = shop.pay_with_proof(&not_proven).await.string("id");
    shop.fake.complete(&shop.intent(), false).expect("it waits for that");
    let in_browser = shop.order().await;
    let browser = shop.pay_in_browser(&in_browser, "pm_card_visa").await;
    let declined_there = shop.order().await;
    let decline = shop.pay_in_browser(&declined_there, "pm_card_chargeDeclined").await;

    let began = Instant::now();
    for (order, payment, ends, is) in [
        (&proven, proof, "succeeded", "complete"),
        (&not_proven, no_proof, "failed", "created"),
        (&in_browser, browser, "succeeded", "complete"),
        (&declined_there, decline, "failed", "created"),
    ] {
        assert_eq!(shop.settled(&payment).await["status"], ends, "{payment}");
        assert_eq!(shop.status(order).await, is);
    }
    assert!(began.elapsed() < SETTLED_WITHIN, "{:?}", began.elapsed());
    for order in [&not_proven, &declined_there] {
        shop.pay(order, "tok_visa").await.expect(201, "another card gets a new attempt");
    }
    6
}

/// Their books against ours, to the cent: each complete order is charged once, and nothing else is.
async fn compare(shop: &Shop, complete: usize) {
    let orders = shop.server.get("/api/orders?limit=100&status=complete").by(&shop.bob).await;
    let mut ours: Vec<(String, u64)> =
        orders.expect(200, "its buyer").ids().into_iter().map(|order| (order, 1_999)).collect();
    assert_eq!(ours.len(), complete);
    let Books { charges, refunds, .. } = shop.books();
    let mut theirs: Vec<(String, u64)> =
        charges.iter().map(|charge| (charge.metadata["order"].clone(), charge.amount)).collect();
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
    assert_eq!(refunds, []);
}

#[tokio::test]
async fn everything_is_settled_however_webhooks_come() {
    let (all, none) = (1.0, 0.0);
    let late = WebhookSettings { delay_ms: (0, 500), ..WebhookSettings::default() };
    for how in [
        WebhookSettings { dropped: none, ..WebhookSettings::default() },
        WebhookSettings { doubled: all, ..WebhookSettings::default() },
        WebhookSettings { reordered: 0.5, doubled: 0.5, held_back_ms: 1_000, ..late.clone() },
        WebhookSettings { dropped: 0.5, ..late },
    ] {
        let shop = Shop::open().await;
        shop.tell(how.clone());
        let complete = pay_in_every_way(&shop).await;
        compare(&shop, complete).await;
        assert_eq!(shop.came_to("forged").await, 0, "{how:?}");
        assert!(shop.came_to("payment").await > 0, "{how:?}");
    }
}

#[tokio::test]
async fn everything_is_settled_within_a_minute_without_any_webhook() {
    let shop = Shop::open().await;
    shop.tell(WebhookSettings { dropped: 1.0, ..WebhookSettings::default() });
    let complete = pay_in_every_way(&shop).await;
    compare(&shop, complete).await;
    let counts = shop.fake.webhook_counts();
    assert!(counts.dropped > 0 && counts.delivered == 0, "{counts:?}");
}

#[tokio::test]
async fn once_a_webhook_is_answered_what_it_told_is_committed() {
    let shop = Shop::open().await;
    shop.tell(WebhookSettings::default());
    for (succeeds, ends) in [(true, "succeeded"), (false, "failed")] {
        let order = shop.order().await;
        let payment = shop.pay_with_proof(&order).await.string("id");
        shop.fake.complete(&shop.intent(), succeeds).expect("it waits for that");
        shop.all_told(1).await;
        let path = format!("/api/payments/{payment}");
        let read = shop.server.get(&path).by(&shop.bob).await.expect(200, "its buyer | 200");
        assert_eq!(read["status"], ends, "without any waiting: {}", read.text);
    }
    assert_eq!(shop.books().charges.len(), 1);
}

#[tokio::test]
async fn a_crash_while_a_webhook_is_looked_into_loses_nothing() {
    for step in ["before-outcome", "after-outcome"] {
        let mut shop = Shop::open().await;
        let order = shop.order().await;
        let payment = shop.pay_with_proof(&order).await.string("id");
        shop.server.kill();
        shop.server.set("BOXOFFICE_FAILPOINT", Some(step));
        shop.server.restart().await;
        shop.tell(WebhookSettings { tries: 50, ..WebhookSettings::default() });
        shop.fake.complete(&shop.intent(), true).expect("it waits for that");
        assert!(!shop.server.exit().await.success(), "the process dies at {step}");
        shop.server.set("BOXOFFICE_FAILPOINT", None);
        shop.server.restart().await;
        shop.tell(WebhookSettings { tries: 50, ..WebhookSettings::default() });
        assert_eq!(shop.settled(&payment).await["status"], "succeeded", "killed {step}");
        assert_eq!(shop.status(&order).await, "complete");
        assert_eq!(shop.books().charges.len(), 1, "killed {step}");
    }
}

#[tokio::test]
async fn only_stripe_tells_and_only_now() {
    let shop = Shop::open_with(&[("BOXOFFICE_STRIPE_WEBHOOK_SECRET_ALSO", "whsec_before")]).await;
    let order = shop.order().await;
    let payment = shop.pay_with_proof(&order).await.string("id");
    let event = json!({
        "id": "evt_1", "object": "event", "type": "payment_intent.succeeded",
        "data": { "object": { "id": shop.intent(), "object": "payment_intent", "status": "succeeded",
                              "metadata": { "payment": payment, "cluster": "x" } } },
    });
    let body = event.to_string();
    let now_s = u64::try_from(now_ms() / 1_000).expect("after 1970");
    let forged = signature_header(&["whsec_other"], now_s, body.as_bytes());
    let of_another_body = signature_header(&[SECRET], now_s, b"{}");
    let ours = signature_header(&[SECRET], now_s, body.as_bytes());
    for signature in ["", "t=1", "v1=00", &forged, &of_another_body, &ours.replace("v1", "v0")] {
        let refused = shop.raw(signature, &body).await.problem(400, "a forged one is refused");
        assert_eq!(refused.kind(), "/problems/bad-signature", "{signature}");
    }
    shop.raw(&ours, &format!("{body}\n")).await.problem(400, "the body counts byte for byte");
    shop.server.post(PATH, event.clone()).await.problem(400, "without a signature");
    let by_nobody = shop.server.call(Method::POST, PATH).header("stripe-signature", &ours);
    by_nobody.await.problem(400, "without a body");
    assert_eq!(shop.came_to("forged").await, 9);
    for ago_s in [TOLERANCE_S + 60, -(TOLERANCE_S + 60)] {
        let stale = shop.event(&[SECRET], ago_s, &event).await.problem(400, "a stale one is refused");
        assert_eq!(stale.kind(), "/problems/bad-signature");
        assert!(stale.body["detail"].to_string().contains("300"), "{stale:?}");
    }
    assert_eq!(shop.came_to("stale").await, 2);
    let asked = shop.fake.counts();
    for secrets in [&[SECRET][..], &["whsec_before"], &["whsec_before", SECRET], &["whsec_new", SECRET]] {
        shop.event(secrets, TOLERANCE_S - 60, &event).await.expect(200, "every secret in rotation counts");
    }
    let from_a_page = shop.event(&[SECRET], 0, &event).header("origin", "https://evil.example");
    from_a_page.await.expect(200, "what is signed may come from anywhere");
    assert_ne!(shop.fake.counts(), asked, "Stripe was asked");
    let path = format!("/api/payments/{payment}");
    let read = shop.server.get(&path).by(&shop.bob).await.expect(200, "its buyer | 200");
    assert_eq!(read["status"], "processing", "what an event says is a hint: {}", read.text);
    let huge = json!({ "padding": "x".repeat(64 * 1024) });
    shop.event(&[SECRET], 0, &huge).await.problem(413, "a body has a bound");
    let log = shop.server.log();
    assert!(!log.contains("whsec_"), "no secret is in the log");
}

#[tokio::test]
async fn what_is_about_nothing_here_is_taken_and_ignored() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    let payment = shop.pay_with_proof(&order).await.string("id");
    let (done, intent) = ("payment_intent.succeeded", shop.intent());
    let created = shop.fake.events().pop().expect("something happened");
    let cluster = created["data"]["object"]["metadata"]["cluster"].clone();
    let other = shop.pay(&shop.order().await, "tok_visa").await.expect(201, "the money moved").string("id");
    // Nobody has this one.
    let stranger = payment.chars().rev().collect::<String>().replacen(|c: char| c.is_ascii_digit(), "z", 1);
    let stranger: String = stranger.chars().rev().collect();
    let about = |kind: &str, intent: &str, payment: &str, cluster: &Value| {
        let metadata = json!({ "payment": payment, "cluster": cluster });
        let object = json!({ "id": intent, "object": "payment_intent", "metadata": metadata });
        json!({ "id": "evt_1", "object": "event", "type": kind, "data": { "object": object } })
    };
    let asked = shop.fake.counts();
    let events = [
        json!({ "id": "evt_1", "object": "event", "type": "customer.created",
                "data": { "object": { "id": "cus_1", "object": "customer" } } }),
        json!({ "id": "evt_1", "object": "event", "type": "some.thing.new", "data": { "object": {} } }),
        about(done, "pi_other", &stranger, &json!("of another cluster")),
        about(done, "pi_other", &stranger, &cluster),
        about(done, "pi_other", &payment, &cluster),
        about(done, &intent, &stranger, &cluster),
        about(done, &intent, &other, &cluster),
        about("payment_intent.created", &intent, &payment, &cluster),
    ];
    for event in &events {
        shop.event(&[SECRET], 0, event).await.expect(200, "what is about nothing here is taken");
    }
    assert_eq!(shop.came_to("ignored").await, events.len() as u64);
    assert_eq!(shop.fake.counts(), asked, "Stripe is not asked about what is nothing here");
    shop.event(&[SECRET], 0, &json!([])).await.problem(400, "no event");
    assert_eq!(shop.came_to("unreadable").await, 1);
    assert_eq!(shop.status(&order).await, "awaiting:payment");
    // What it was before it was restored.
    shop.fake.complete(&intent, true).expect("it waits for that");
    shop.event(&[SECRET], 0, &about(done, &intent, &payment, &json!("before")))
        .await
        .expect(200, "its intent");
    assert_eq!(shop.status(&order).await, "complete", "the intent says whose payment it is");
}

#[tokio::test]
async fn while_sales_are_held_stripe_is_asked_to_tell_it_again() {
    let mut shop = Shop::open().await;
    let order = shop.order().await;
    let payment = shop.pay_with_proof(&order).await.string("id");
    crate::sales::hold(&mut shop.server).await;
    shop.tell(WebhookSettings { tries: 1_000, ..WebhookSettings::default() });
    shop.fake.complete(&shop.intent(), true).expect("it waits for that");
    eventually("it is put off", async || match shop.came_to("put-off").await {
        0 => Err("not yet".to_owned()),
        _ => Ok(()),
    })
    .await;
    let path = format!("/api/payments/{payment}");
    let read = shop.server.get(&path).by(&shop.bob).await.expect(200, "reading goes on");
    assert_eq!(read["status"], "processing", "nothing is settled: {}", read.text);
    let mut resume = command(&["sales", "resume", "--yes", "--data-dir"]);
    resume.arg(shop.server.data_dir());
    let resumed = tokio::task::spawn_blocking(move || resume.output().expect("the command runs")).await;
    assert!(resumed.as_ref().is_ok_and(|output| output.status.success()), "{resumed:?}");
    assert_eq!(shop.settled(&payment).await["status"], "succeeded");
    compare(&shop, 1).await;
}

#[tokio::test]
async fn without_stripe_there_is_nothing_to_tell() {
    let server = crate::support::Server::start().await;
    let refused = server.post(PATH, json!({})).await.problem(404, "payments do not go to Stripe");
    assert_eq!(refused.kind(), "/problems/not-found");
}
