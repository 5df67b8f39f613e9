//! A restore goes back to before a charge: the state does not know of it, and nobody is charged for it again.

use std::path::Path;

use boxoffice_stripe_fake::{Fake, Fault, Operation, Options, Planned};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::backup::run;
use crate::stripe::keys;
use crate::support::{Answer, Server, User, command, eventually, soon};

async fn succeeds(arguments: &'static [&'static str], paths: &[(&'static str, &Path)]) -> String {
    let paths: Vec<_> = paths.iter().map(|(flag, path)| (*flag, path.to_path_buf())).collect();
    let output = tokio::task::spawn_blocking(move || {
        let paths: Vec<_> = paths.iter().map(|(flag, path)| (*flag, path.as_path())).collect();
        run(arguments, &paths)
    });
    let output = output.await.expect("runs");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A service whose backup has a claim, and nothing that came of it: its intent is being made.
struct BackedUp {
    fake: Fake,
    server: Server,
    bob: User,
    order: String,
    pay: JoinHandle<Result<Answer, String>>,
    scratch: TempDir,
}

/// What has all of them be one cluster, with an account at the stand-in.
fn settings(base: &str) -> Vec<(&'static str, &str)> {
    let secret = ("BOXOFFICE_CLUSTER_SECRET", "a secret of the tests, long enough");
    std::iter::once(secret).chain(keys(base)).collect()
}

impl BackedUp {
    async fn new() -> Self {
        let fake = Fake::start(Options::default()).await.expect("it listens");
        let server = Server::start_with(&settings(&fake.url())).await;
        let (ann, bob) = (server.user("ann").await, server.user("bob").await);
        let order = server.order(&bob, &server.ticket(&ann).await).await;
        fake.plan(Planned { operation: Some(Operation::CreateIntent), fault: Fault::HeldAfter, times: 1 });
        let pay = server.post("/api/payments", json!({"orderId": order, "token": "pm_card_visa"})).by(&bob);
        let pay = tokio::spawn(pay.attempt());
        let held = async || if fake.held() == 1 { Ok(()) } else { Err("not yet".to_owned()) };
        eventually("the intent is being made", held).await;
        let scratch = tempfile::tempdir().expect("a directory");
        let file = scratch.path().join("backup");
        succeeds(&["backup"], &[("--data-dir", &server.data_dir()), ("--out", &file)]).await;
        Self { fake, server, bob, order, pay, scratch }
    }

    /// The service as it was restored, of which sales are held; its payment is claimed.
    async fn restore(&mut self) -> String {
        let (file, restored) = (self.scratch.path().join("backup"), self.scratch.path().join("restored"));
        succeeds(&["restore"], &[("", &file), ("--data-dir", &restored)]).await;
        self.server = Server::start_on(&restored, &settings(&self.fake.url())).await;
        let payments = self.server.get("/api/payments").by(&self.bob).await.expect(200, "reads are served");
        let payment = &payments.items()[0];
        assert_eq!((&payment["status"], &payment["stage"]), (&json!("processing"), &json!("claimed")));
        payments.ids()[0].clone()
    }

    /// Has sales go on, and waits until the payment is settled.
    async fn resume(&self, payment: &str) {
        succeeds(&["sales", "resume", "--yes"], &[("--data-dir", &self.server.data_dir())]).await;
        let path = format!("/api/payments/{payment}");
        let settled: Value = eventually("the attempt is over", async || {
            let shown = self.server.get(&path).by(&self.bob).await.expect(200, "its buyer | 200");
            if shown["status"] == "processing" { Err(shown.text) } else { Ok(shown.body) }
        })
        .await;
        assert_eq!(self.fake.books().charges.len(), 1, "charged once: {settled}");
        assert_eq!(settled["status"], "succeeded");
        assert_eq!(self.server.order_of(&self.bob, &self.order).await["status"], "complete");
        assert_eq!(self.fake.violations(), [""; 0]);
    }
}

#[tokio::test]
async fn an_attempt_that_was_charged_after_the_backup_is_not_charged_again() {
    let mut shop = BackedUp::new().await;
    shop.fake.let_go();
    let paid = (&mut shop.pay).await.expect("no panic").expect("an answer");
    let paid = paid.expect(201, "the money moved").string("id");
    let before = shop.fake.books().charges[0].metadata["cluster"].clone();
    shop.server.terminate();
    assert!(shop.server.exit().await.success());
    assert_eq!(shop.restore().await, paid);
    // Whoever compares before sales go on sees it.
    let mut reconcile = command(&["payments", "reconcile", "--json", "--cluster", &before]);
    reconcile.args(["--from", &soon(-3_600_000), "--to", &soon(3_600_000), "--data-dir"]);
    reconcile.arg(shop.server.data_dir());
    let compared = tokio::task::spawn_blocking(move || reconcile.output().expect("the command runs"));
    let compared = compared.await.expect("runs");
    let said = String::from_utf8_lossy(&compared.stdout);
    assert!(said.contains("charged-there-only") && said.contains(&paid), "{compared:?}");
    shop.resume(&paid).await;
}

/// Whoever made it may still be about to confirm it, or its buyer in a browser.
#[tokio::test]
async fn an_intent_that_nobody_confirmed_by_then_is_confirmed_by_nobody_any_more() {
    let mut shop = BackedUp::new().await;
    shop.server.kill();
    shop.fake.let_go();
    let intents = |shop: &BackedUp, kind: &str| -> Vec<String> {
        let events = shop.fake.events().into_iter().filter(|event| event["type"] == kind);
        events.filter_map(|event| event["data"]["object"]["id"].as_str().map(str::to_owned)).collect()
    };
    let made = intents(&shop, "payment_intent.created");
    assert_eq!((made.len(), shop.fake.books().charges.len()), (1, 0));
    assert!((&mut shop.pay).await.expect("no panic").is_err(), "its connection broke with the process");
    let payment = shop.restore().await;
    shop.resume(&payment).await;
    assert_eq!(intents(&shop, "payment_intent.canceled"), made);
    assert_ne!(vec![shop.fake.books().charges[0].intent.clone()], made, "another one charged");
}
