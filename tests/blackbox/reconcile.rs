//! `boxoffice payments reconcile`: Stripe's lists, or those of what stands in for it, against the state.

use std::process::Output;

use boxoffice_stripe_fake::{Fake, Faults, Operation, Options, STRIPE_VERSION};
use serde_json::{Value, json};

use crate::stripe::Shop;
use crate::support::{Server, command, soon};

const HOUR_MS: i64 = 60 * 60 * 1_000;

/// `boxoffice payments reconcile` from an hour ago until in an hour, with further arguments.
async fn reconcile(server: &Server, arguments: &[&str]) -> Output {
    reconcile_between(server, &soon(-HOUR_MS), &soon(HOUR_MS), arguments).await
}

async fn reconcile_between(server: &Server, from: &str, to: &str, arguments: &[&str]) -> Output {
    let mut command = command(&["payments", "reconcile", "--from", from, "--to", to]);
    command.args(arguments).arg("--data-dir").arg(server.data_dir());
    // The stand-in runs on this thread.
    tokio::task::spawn_blocking(move || command.output().expect("the command runs")).await.expect("no panic")
}

#[track_caller]
fn document(output: &Output, is_equal: bool) -> Value {
    assert_eq!(output.status.code(), Some(i32::from(!is_equal)), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn kinds(document: &Value) -> Vec<&str> {
    let mut kinds: Vec<_> = document["differences"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    kinds.sort_unstable();
    kinds
}

impl Shop {
    /// Somebody else charges a card with the same keys, and says that it is for this.
    async fn charged_by_hand(&self, cluster: &str, payment: &str) -> String {
        let form = format!(
            "amount=1999&currency=usd&payment_method_types[]=card&payment_method=pm_card_visa\
             &metadata[cluster]={cluster}&metadata[payment]={payment}"
        );
        let created = self.by_hand("", form).await;
        let intent = self
            .by_hand(&format!("/{}/confirm", created["id"].as_str().expect("a name")), String::new())
            .await;
        assert_eq!(intent["status"], "succeeded", "{intent}");
        intent["id"].as_str().expect("a name").to_owned()
    }

    async fn by_hand(&self, path: &str, form: String) -> Value {
        let asked = reqwest::Client::new()
            .post(format!("{}/v1/payment_intents{path}", self.fake.url()))
            .bearer_auth("sk_test_standin")
            .header("stripe-version", STRIPE_VERSION)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form);
        let text = asked.send().await.expect("it answers").text().await.expect("a body");
        serde_json::from_str(&text).expect("JSON")
    }
}

#[tokio::test]
async fn what_is_the_same_on_both_sides_is_no_difference() {
    let shop = Shop::open().await;
    for token in ["tok_visa", "pm_card_visa", "tok_chargeDeclined"] {
        shop.pay(&shop.order().await, token).await;
    }
    shop.pay(&shop.order().await, "tok_threeDSecure2Required").await.expect(202, "it waits for the buyer");
    let equal = document(&reconcile(&shop.server, &["--json"]).await, true);
    let counts = json!({
        "differences": [], "intents": 4, "payments": 2, "refunds": 0, "underWay": 1, "otherClusters": {}, "count": 0,
    });
    assert_eq!(equal, counts);
    let told = reconcile(&shop.server, &[]).await;
    let note = String::from_utf8_lossy(&told.stderr).into_owned();
    assert!(told.status.success() && told.stdout.is_empty(), "{told:?}");
    assert!(note.contains("4 intents") && note.contains("There is no difference"), "{note}");
    let before = reconcile_between(&shop.server, "2020-01-01", "2020-01-31", &["--json"]).await;
    assert_eq!(document(&before, true)["intents"], 0);
}

#[tokio::test]
async fn each_difference_is_printed() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    let payment = shop.pay(&order, "tok_visa").await.expect(201, "the money moved").string("id");
    let declined =
        shop.pay(&shop.order().await, "tok_chargeDeclined").await.expect(402, "declined").string("paymentId");
    let charge = shop.books().charges[0].clone();
    let cluster = charge.metadata["cluster"].clone();
    let stranger = charge.metadata["payment"].replace(&payment[payment.len() - 4..], "0000");
    let unknown = shop.charged_by_hand(&cluster, &stranger).await;
    let twice = shop.charged_by_hand(&cluster, &payment).await;
    let revived = shop.charged_by_hand(&cluster, &declined).await;
    let elsewhere = shop.charged_by_hand("0123456789abcdef", &stranger).await;
    shop.charged_by_hand("0123456789abcdef", "nonsense").await;
    shop.fake.refund_in_dashboard(&charge.charge, Some(500)).expect("so much is left");

    let found = document(&reconcile(&shop.server, &["--json"]).await, false);
    assert_eq!(
        kinds(&found),
        ["charged-there-only", "charged-there-only", "refunded", "unknown-here"],
        "{found}"
    );
    assert_eq!((&found["count"], &found["otherClusters"]), (&json!(4), &json!({ "0123456789abcdef": 2 })));
    let differences = found["differences"].as_array().expect("a list");
    let of = |intent: &str| {
        differences.iter().find(|one| one["intent"] == intent).unwrap_or_else(|| panic!("{found}"))
    };
    assert_eq!(of(&unknown)["here"], Value::Null);
    assert_eq!((&of(&twice)["payment"], &of(&twice)["order"]), (&json!(payment), &json!(order)));
    assert_eq!(of(&revived)["here"]["status"], "failed");
    let refunded = of(&charge.intent);
    assert_eq!(
        (&refunded["there"]["refundedMinor"], &refunded["here"]["refundedMinor"]),
        (&json!(500), &json!(0))
    );

    let told = reconcile(&shop.server, &[]).await;
    let (lines, note) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert_eq!((told.status.code(), lines.lines().count()), (Some(1), 4), "{lines}");
    assert!(lines.contains(&format!("unknown-here        {unknown}  {stranger}")), "{lines}");
    assert!(lines.contains("5.00 given back"), "{lines}");
    assert!(note.contains("4 differences") && note.contains("--cluster 0123456789abcdef"), "{note}");

    let also = reconcile(&shop.server, &["--json", "--cluster", "0123456789abcdef"]).await;
    let also = document(&also, false);
    assert_eq!(kinds(&also).iter().filter(|kind| **kind == "unknown-here").count(), 3, "{also}");
    assert!(also.to_string().contains(&elsewhere), "{also}");
    assert_eq!(shop.status(&order).await, "complete", "nothing is changed");
    shop.books();
}

#[tokio::test]
async fn what_stripe_does_not_know_is_found() {
    let mut shop = Shop::open().await;
    let order = shop.order().await;
    let payment = shop.pay(&order, "tok_visa").await.expect(201, "the money moved").string("id");
    let empty = Fake::start(Options { seed: 2, ..Options::default() }).await.expect("it listens");
    shop.server.kill();
    shop.server.set("BOXOFFICE_STRIPE_API_BASE", Some(&empty.url()));
    shop.server.restart().await;
    let found = document(&reconcile(&shop.server, &["--json"]).await, false);
    assert_eq!(kinds(&found), ["unknown-there"]);
    assert_eq!(
        (&found["differences"][0]["payment"], &found["differences"][0]["there"]),
        (&json!(payment), &Value::Null)
    );
    assert_eq!(empty.violations(), [""; 0]);
}

#[tokio::test]
async fn page_after_page_through_faults_and_days() {
    let shop = Shop::open().await;
    let payment = shop.pay(&shop.order().await, "tok_visa").await.expect(201, "the money moved").string("id");
    let cluster = shop.books().charges[0].metadata["cluster"].clone();
    for _ in 0..120 {
        let form = format!(
            "amount=1999&currency=usd&payment_method_types[]=card\
             &metadata[cluster]={cluster}&metadata[payment]={payment}"
        );
        let spare = shop.by_hand("", form).await;
        assert_eq!(spare["object"], "payment_intent", "{spare}");
    }
    // By Stripe's clock its intent is made the day after tomorrow.
    shop.fake.put_clock_forward(std::time::Duration::from_secs(48 * 60 * 60));
    shop.pay(&shop.order().await, "pm_card_visa").await.expect(201, "the money moved");
    let charge = shop.books().charges[1].charge.clone();
    shop.fake.refund_in_dashboard(&charge, None).expect("nothing of it was given back");

    let only = vec![Operation::ListIntents, Operation::ListRefunds, Operation::RetrieveIntent];
    let faults = Faults { error_before: 0.1, cut_after: 0.1, unavailable: 0.1, only, ..Faults::default() };
    shop.fake.set_faults(faults);
    let today = document(&reconcile(&shop.server, &["--json"]).await, true);
    assert_eq!((&today["intents"], &today["payments"]), (&json!(121), &json!(2)), "{today}");
    let days = reconcile_between(&shop.server, &soon(-HOUR_MS), &soon(72 * HOUR_MS), &["--json"]).await;
    let days = document(&days, false);
    assert_eq!(
        (&days["intents"], &days["payments"], &days["refunds"]),
        (&json!(122), &json!(2), &json!(1)),
        "{days}"
    );
    assert_eq!(kinds(&days), ["refunded"]);
    shop.books();
}

#[tokio::test]
async fn years_without_a_sale_are_a_few_questions() {
    let shop = Shop::open().await;
    shop.pay(&shop.order().await, "tok_visa").await.expect(201, "the money moved");
    let years = soon(-10 * 365 * 24 * HOUR_MS);
    let all = document(&reconcile_between(&shop.server, &years, &soon(HOUR_MS), &["--json"]).await, true);
    assert_eq!((&all["intents"], &all["payments"]), (&json!(1), &json!(1)), "{all}");
    let asked = shop.fake.counts()[&Operation::ListIntents];
    assert!(asked < 200, "{asked} questions: some for every stretch, and for the days of the last one");
    shop.books();
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_leaves_it_incomplete() {
    let shop = Shop::open().await;
    shop.fake.set_faults(Faults { error_before: 1.0, ..Faults::default() });
    let failed = reconcile(&shop.server, &[]).await;
    let says = String::from_utf8_lossy(&failed.stderr).into_owned();
    assert!(!failed.status.success() && says.contains("not everything was compared"), "{says}");
    assert!(says.contains("Stripe does not answer"), "{says}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let server = Server::start().await;
    let sandbox = reconcile(&server, &[]).await;
    let says = String::from_utf8_lossy(&sandbox.stderr).into_owned();
    assert!(!sandbox.status.success() && says.contains("do not go to Stripe here"), "{says}");
    let backwards = reconcile_between(&server, "2026-01-02", "2026-01-01", &[]).await;
    assert!(
        !backwards.status.success()
            && String::from_utf8_lossy(&backwards.stderr).contains("--to is before --from")
    );
    let typed = reconcile_between(&server, "yesterday", "2026-01-01", &[]).await;
    assert_eq!(typed.status.code(), Some(2), "{typed:?}");
}
