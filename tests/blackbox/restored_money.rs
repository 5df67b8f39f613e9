//! A restore goes back to before a charge: the state does not know of it, and nobody is charged for it again.

use std::path::Path;
use std::process::Output;

use boxoffice_stripe_fake::{Fake, Fault, Operation, Options, Planned};
use serde_json::{Value, json};

use crate::support::{Server, command, eventually, soon};

fn run(arguments: &[&str], paths: &[(&str, &Path)]) -> Output {
    let mut command = command(arguments);
    for (flag, path) in paths {
        if !flag.is_empty() {
            command.arg(flag);
        }
        command.arg(path);
    }
    command.output().expect("the command runs")
}

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

#[tokio::test]
async fn an_attempt_that_was_charged_after_the_backup_is_not_charged_again() {
    let fake = Fake::start(Options::default()).await.expect("it listens");
    let base = fake.url();
    let settings = [
        ("BOXOFFICE_CLUSTER_SECRET", "a secret of the tests, long enough"),
        ("BOXOFFICE_STRIPE_SECRET_KEY", "sk_test_standin"),
        ("BOXOFFICE_STRIPE_PUBLISHABLE_KEY", "pk_test_standin"),
        ("BOXOFFICE_STRIPE_WEBHOOK_SECRET", "whsec_standin"),
        ("BOXOFFICE_STRIPE_API_BASE", base.as_str()),
    ];
    let mut server = Server::start_with(&settings).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    // The backup has the claim, and nothing that came of it.
    fake.plan(Planned { operation: Some(Operation::CreateIntent), fault: Fault::HeldAfter, times: 1 });
    let pay = server.post("/api/payments", json!({"orderId": order, "token": "pm_card_visa"})).by(&bob);
    let pay = tokio::spawn(pay.into_future());
    let held = async || if fake.held() == 1 { Ok(()) } else { Err("not yet".to_owned()) };
    eventually("the intent is being made", held).await;
    let scratch = tempfile::tempdir().expect("a directory");
    let (file, restored) = (scratch.path().join("backup"), scratch.path().join("restored"));
    succeeds(&["backup"], &[("--data-dir", &server.data_dir()), ("--out", &file)]).await;
    fake.let_go();
    let paid = pay.await.expect("no panic").expect(201, "the money moved").string("id");
    assert_eq!(fake.books().charges.len(), 1);
    let before = fake.books().charges[0].metadata["cluster"].clone();
    server.terminate();
    assert!(server.exit().await.success());

    succeeds(&["restore"], &[("", &file), ("--data-dir", &restored)]).await;
    let server = Server::start_on(&restored, &settings).await;
    let path = format!("/api/payments/{paid}");
    let shown = server.get(&path).by(&bob).await.expect(200, "reads are served");
    assert_eq!((&shown["status"], &shown["stage"]), (&json!("processing"), &json!("claimed")));
    // Whoever compares before sales go on sees it.
    let mut reconcile = command(&["payments", "reconcile", "--json", "--cluster", &before]);
    reconcile.args(["--from", &soon(-3_600_000), "--to", &soon(3_600_000), "--data-dir"]);
    reconcile.arg(server.data_dir());
    let compared = tokio::task::spawn_blocking(move || reconcile.output().expect("the command runs"));
    let compared = compared.await.expect("runs");
    let said = String::from_utf8_lossy(&compared.stdout);
    assert!(said.contains("charged-there-only") && said.contains(&paid), "{compared:?}");

    succeeds(&["sales", "resume", "--yes"], &[("--data-dir", &server.data_dir())]).await;
    let settled: Value = eventually("the attempt is over", async || {
        let shown = server.get(&path).by(&bob).await.expect(200, "its buyer | 200");
        if shown["status"] == "processing" { Err(shown.text) } else { Ok(shown.body) }
    })
    .await;
    assert_eq!(fake.books().charges.len(), 1, "nobody is charged again: {settled}");
    assert_eq!(settled["status"], "succeeded");
    assert_eq!(server.order_of(&bob, &order).await["status"], "complete");
    assert_eq!(fake.violations(), [""; 0]);
}
