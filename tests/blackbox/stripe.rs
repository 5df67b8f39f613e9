//! Payments by Stripe, or what stands in for it: its books against ours, to the cent.

use std::time::Duration;

use boxoffice_stripe_fake::{Books, Fake, Fault, Faults, Operation, Options, Planned};
use serde_json::{Value, json};

use crate::support::{Answer, Server, User, eventually};

/// Every place where a payment by Stripe can be interrupted, once it is claimed. Right after its intent is created comes the
/// record of that.
const STEPS: [&str; 9] = [
    "after-claim",
    "before-create",
    "after-create",
    "after-record",
    "before-charge",
    "after-charge",
    "before-outcome",
    "after-outcome",
    "before-cancel",
];

const FAILPOINT: &str = "BOXOFFICE_FAILPOINT";

/// As long as what the buyer does may go unseen while no webhook tells of it, and a good deal more.
const UNSEEN: Duration = Duration::from_secs(90);

/// A stand-in for Stripe, a service that takes payments by it, a seller, and a buyer with an order.
pub(crate) struct Shop {
    pub(crate) fake: Fake,
    pub(crate) server: Server,
    pub(crate) ann: User,
    pub(crate) bob: User,
}

/// What has payments go to the stand-in at this address.
pub(crate) fn keys(base: &str) -> [(&'static str, &str); 4] {
    [
        ("BOXOFFICE_STRIPE_SECRET_KEY", "sk_test_standin"),
        ("BOXOFFICE_STRIPE_PUBLISHABLE_KEY", "pk_test_standin"),
        ("BOXOFFICE_STRIPE_WEBHOOK_SECRET", "whsec_standin"),
        ("BOXOFFICE_STRIPE_API_BASE", base),
    ]
}

impl Shop {
    pub(crate) async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub(crate) async fn open_with(settings: &[(&str, &str)]) -> Self {
        let fake = Fake::start(Options::default()).await.expect("it listens");
        let base = fake.url();
        let keys = keys(&base);
        let server = Server::start_with(&[&keys[..], settings].concat()).await;
        let (ann, bob) = (server.user("ann").await, server.user("bob").await);
        Self { fake, server, ann, bob }
    }

    pub(crate) async fn order(&self) -> String {
        self.server.order(&self.bob, &self.server.ticket(&self.ann).await).await
    }

    pub(crate) async fn pay(&self, order: &str, token: &str) -> Answer {
        self.server.post("/api/payments", json!({"orderId": order, "token": token})).by(&self.bob).await
    }

    pub(crate) async fn status(&self, order: &str) -> Value {
        self.server.order_of(&self.bob, order).await["status"].clone()
    }

    /// The payment, once it is no longer under way.
    pub(crate) async fn settled(&self, payment: &str) -> Answer {
        let path = format!("/api/payments/{payment}");
        let ends = tokio::time::Instant::now() + UNSEEN;
        loop {
            let read = self.server.get(&path).by(&self.bob).await.expect(200, "its buyer | 200");
            if read["status"] != "processing" {
                return read;
            }
            assert!(tokio::time::Instant::now() < ends, "it settles: {}", read.text);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The stand-in's books, after everything was said as Stripe's document has it.
    pub(crate) fn books(&self) -> Books {
        assert_eq!(self.fake.violations(), [""; 0]);
        self.fake.books()
    }
}

#[tokio::test]
async fn a_payment_completes_its_order_and_is_on_stripes_books() {
    let shop = Shop::open_with(&[("BOXOFFICE_LOG", "trace")]).await;
    let order = shop.order().await;
    let paid = shop.pay(&order, "tok_visa").await.expect(201, "the money moved and the order is complete");
    assert_eq!(shop.status(&order).await, "complete");
    let books = shop.books();
    assert_eq!(books.charges.len(), 1);
    let charge = &books.charges[0];
    assert_eq!((charge.amount, charge.currency.as_str(), charge.refunded), (1_999, "usd", 0));
    assert_eq!(charge.metadata["payment"], paid.string("id"));
    assert_eq!(charge.metadata["order"], order);
    assert_eq!(charge.metadata["cluster"].len(), 32);

    let other = shop.order().await;
    shop.pay(&other, "pm_card_visa").await.expect(201, "a payment method pays as well");
    let again = shop.pay(&other, "tok_visa").await;
    assert_eq!(again.status, 409, "it is paid: {}", again.text);
    assert_eq!(shop.books().charges.len(), 2);
    let log = shop.server.log();
    assert!(log.contains("payments go to Stripe with a test key"), "it says where money moves");
    for secret in ["sk_test_standin", "pk_test_standin", "whsec_standin", "tok_visa", "_secret_"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret} is in the log");
    }
}

#[tokio::test]
async fn a_decline_says_why_and_another_card_pays() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    for (token, code) in [
        ("tok_chargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("tok_chargeDeclined", "generic_decline"),
        ("tok_unheardOf", "resource_missing"),
        ("pm_none", "resource_missing"),
    ] {
        let declined = shop.pay(&order, token).await.expect(402, "a decline leaves the order open");
        assert_eq!(declined["declineCode"], code, "{}", declined.text);
        assert!(!declined.text.contains(token), "{}", declined.text);
    }
    shop.pay(&order, "tok_visa").await.expect(201, "another card gets a new attempt");
    assert_eq!(shop.status(&order).await, "complete");
    let books = shop.books();
    assert_eq!((books.charges.len(), books.declined), (1, 2));
}

#[tokio::test]
async fn whatever_answer_is_lost_the_buyer_pays_once() {
    let shop = Shop::open().await;
    let operations = [Operation::CreatePaymentMethod, Operation::CreateIntent, Operation::ConfirmIntent];
    let faults = [
        Fault::RateLimited,
        Fault::Unavailable,
        Fault::ErrorBefore,
        Fault::ErrorAfter,
        Fault::CutBefore,
        Fault::CutAfter,
    ];
    let mut count = 0;
    for operation in operations {
        for fault in faults {
            let order = shop.order().await;
            shop.fake.plan(Planned { operation: Some(operation), fault, times: 1 });
            let paid = shop.pay(&order, "tok_visa").await;
            assert!(matches!(paid.status, 201 | 202), "{fault:?} of {operation:?}: {}", paid.text);
            let settled = shop.settled(&paid.string("id")).await;
            assert_eq!(settled["status"], "succeeded", "{fault:?} of {operation:?}");
            assert_eq!(shop.status(&order).await, "complete");
            count += 1;
            assert_eq!(shop.books().charges.len(), count, "{fault:?} of {operation:?}");
        }
    }
}

#[tokio::test]
async fn a_crash_at_any_step_ends_in_one_charge_and_a_sale_or_in_neither() {
    for step in STEPS {
        for (token, ends) in [("tok_once_1", "complete"), ("tok_chargeDeclined", "created")] {
            if step == "before-cancel" && ends == "complete" {
                continue;
            }
            let mut shop = Shop::open().await;
            let order = shop.order().await;
            shop.server.kill();
            shop.server.set(FAILPOINT, Some(step));
            shop.server.restart().await;
            let body = json!({"orderId": order, "token": token});
            let _ = shop.server.post("/api/payments", body).by(&shop.bob).attempt().await;
            assert!(!shop.server.exit().await.success(), "the process dies at {step}");
            shop.server.set(FAILPOINT, None);
            shop.server.restart().await;

            let payments = shop.server.get("/api/payments").by(&shop.bob).await.expect(200, "its buyer");
            assert_eq!(payments.items().len(), 1, "killed {step}: {}", payments.text);
            shop.settled(&payments.ids()[0]).await;
            assert_eq!(shop.status(&order).await, ends, "killed {step} of {token}");
            let books = shop.books();
            let expected = usize::from(ends == "complete");
            assert_eq!(books.charges.len(), expected, "killed {step} of {token}: {books:?}");
            assert_eq!(books.refunds, [], "killed {step} of {token}");
        }
    }
}

#[tokio::test]
async fn a_crash_before_the_claim_leaves_nothing_behind() {
    let mut shop = Shop::open().await;
    let order = shop.order().await;
    shop.server.kill();
    shop.server.set(FAILPOINT, Some("before-claim"));
    shop.server.restart().await;
    let pay = |shop: &Shop| {
        let body = json!({"orderId": order, "token": "tok_once_1"});
        shop.server.post("/api/payments", body).by(&shop.bob).key("once")
    };
    assert!(pay(&shop).attempt().await.is_err(), "its connection breaks with the process");
    assert!(!shop.server.exit().await.success());
    shop.server.set(FAILPOINT, None);
    shop.server.restart().await;
    let payments = shop.server.get("/api/payments").by(&shop.bob).await.expect(200, "its buyer");
    assert!(payments.items().is_empty(), "{}", payments.text);
    assert_eq!(shop.status(&order).await, "created");
    pay(&shop).await.expect(201, "asked again under the same key");
    assert_eq!(shop.books().charges.len(), 1);
}

#[tokio::test]
async fn the_buyer_proves_who_they_are_or_pays_in_a_browser() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    let waits = shop.pay(&order, "tok_threeDSecure2Required").await;
    let waits = waits.expect(202, "the buyer has to do something first");
    assert_eq!(waits["nextAction"]["type"], "use_stripe_sdk", "{}", waits.text);
    assert_eq!(shop.status(&order).await, "awaiting:payment");
    let created = shop.fake.events().pop().expect("something happened")["data"]["object"].clone();
    shop.fake.complete(created["id"].as_str().expect("an intent"), true).expect("it waits for that");

    let other = shop.order().await;
    let path = format!("/api/orders/{other}/payment-intent");
    let begun = shop.server.post(&path, json!({})).by(&shop.bob).await.expect(201, "the order waits for it");
    let (secret, key) = (begun.string("clientSecret"), begun.string("publishableKey"));
    let again = shop.server.post(&path, json!({})).by(&shop.bob).await.expect(200, "it is under way");
    assert_eq!(again["clientSecret"], secret);
    let intent = secret.split("_secret_").next().expect("it begins with the intent").to_owned();
    let confirmed = reqwest::Client::new()
        .post(format!("{}/v1/payment_intents/{intent}/confirm", shop.fake.url()))
        .bearer_auth(&key)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("key={key}&client_secret={secret}&payment_method=pm_card_visa"));
    assert!(confirmed.send().await.expect("it answers").status().is_success());

    for (order, payment) in [(&order, waits.string("id")), (&other, begun.string("paymentId"))] {
        assert_eq!(shop.settled(&payment).await["status"], "succeeded");
        assert_eq!(shop.status(order).await, "complete");
    }
    assert_eq!(shop.fake.books().charges.len(), 2);
}

#[tokio::test]
async fn while_stripe_hangs_others_go_on() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    shop.fake.set_faults(Faults { hang_before: 1.0, hang_ms: 25_000, ..Faults::default() });
    let path = "/api/payments";
    let pay = shop.server.post(path, json!({"orderId": order, "token": "tok_visa"})).by(&shop.bob);
    let hangs = tokio::spawn(pay.into_future());
    eventually("the payment is under way", async || {
        let status = shop.status(&order).await;
        if status == "awaiting:payment" { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    for _ in 0..20 {
        shop.order().await;
    }
    let hangs = hangs.await.expect("no panic").expect(202, "waits up to 10 s for the gateway, then 202");
    assert_eq!(hangs["status"], "processing");
    shop.fake.set_faults(Faults::default());
    assert_eq!(shop.settled(&hangs.string("id")).await["status"], "succeeded");
    assert_eq!(shop.fake.books().charges.len(), 1);
}
