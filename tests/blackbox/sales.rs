//! Sales that are held after a restore: refused, and nothing lost, until the operator says to go on.

use std::process::Output;

use boxoffice::domain::Hold;
use boxoffice::store::hold_sales;
use redb::Database;
use serde_json::{Value, json};

use crate::support::{Answer, Server, command, eventually, millis, now_ms};

const SINCE_MS: u64 = 1_790_000_000_000;
const REASON: &str = "restored from shop.backup";

/// Has sales held as a restore does: in the state of a stopped service.
pub(crate) async fn hold(server: &mut Server) {
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    let state = Database::open(server.data_dir().join("state.redb")).expect("nobody has it open");
    let txn = state.begin_write().expect("write");
    let hold = Hold { since_ms: SINCE_MS, reason: REASON.into(), left_epoch: "0123456789abcdef".into() };
    hold_sales(&txn, &hold).expect("held");
    txn.commit().expect("commit");
    drop(state);
    server.restart().await;
}

fn sales(server: &Server, arguments: &[&str]) -> Output {
    let mut sales = command(&["sales"]);
    sales.args(arguments).arg("--data-dir").arg(server.data_dir()).output().expect("the command runs")
}

#[track_caller]
fn json_of(output: &Output) -> Value {
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

async fn metric(server: &Server, name: &str) -> String {
    let metrics = server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200").text;
    let line = metrics.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    line.unwrap_or_else(|| panic!("{name} is missing in:\n{metrics}")).to_owned()
}

fn held(answer: Answer, what: &str) {
    let problem = answer.problem(503, what);
    assert_eq!(problem.kind(), "/problems/sales-held", "{what}");
    let wait: u64 =
        problem.header("retry-after").and_then(|wait| wait.parse().ok()).expect("when to ask again");
    assert!(wait >= 10, "a person has to act: {wait} s");
    assert!(problem.string("detail").contains("nothing happened"), "{}", problem.text);
}

#[tokio::test]
async fn nothing_is_sold_until_the_operator_says_so_and_retries_then_work() {
    let mut server = Server::start_with(&[("BOXOFFICE_PAYMENT_WINDOW", "5m")]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let (reserved, free) = (server.ticket(&ann).await, server.ticket(&ann).await);
    let order = server.order(&bob, &reserved).await;
    assert_eq!(metric(&server, "boxoffice_sales_held ").await, "0");
    assert_eq!(sales(&server, &["resume"]).status.code(), Some(0), "there is nothing to resume");
    hold(&mut server).await;
    assert!(server.log().contains("sales are held") && server.log().contains(REASON), "{}", server.log());
    assert_eq!(metric(&server, "boxoffice_sales_held ").await, "1");
    server.get("/readyz").await.expect(200, "it serves reads");

    let reserve = |key: &str| server.post("/api/orders", json!({"ticketId": free})).by(&bob).key(key);
    let pay = |key: &str| {
        server.post("/api/payments", json!({"orderId": order, "token": "tok_visa"})).by(&bob).key(key)
    };
    for _ in 0..2 {
        held(reserve("reserve").await, "reserving");
        held(pay("pay").await, "paying");
    }
    held(server.delete(&format!("/api/orders/{order}")).by(&bob).await, "cancelling");
    assert_eq!(server.order_of(&bob, &order).await["status"], "created");
    assert_eq!(server.ticket_status(&free).await, "available", "reading goes on");
    server.ticket(&ann).await;
    server.user("eve").await;

    let status = sales(&server, &["status"]);
    let told = String::from_utf8_lossy(&status.stdout).into_owned();
    assert!(status.status.success() && told.contains(REASON) && told.contains("held"), "{told}");
    let status = json_of(&sales(&server, &["status", "--json"]));
    assert_eq!(
        (&status["held"], &status["hold"]["reason"], &status["openOrders"]),
        (&json!(true), &json!(REASON), &json!(1))
    );
    let unconfirmed = sales(&server, &["resume"]);
    let told = String::from_utf8_lossy(&unconfirmed.stderr).into_owned();
    assert_eq!(unconfirmed.status.code(), Some(1), "nobody typed that they mean it: {told}");
    assert!(told.contains("1 open orders") && told.contains("sold after the backup"), "{told}");
    held(reserve("reserve").await, "and nothing changed");

    let resumed = json_of(&sales(&server, &["resume", "--yes", "--json"]));
    assert_eq!(resumed, json!({"held": false, "resumed": status["hold"]}));
    assert_eq!(metric(&server, "boxoffice_sales_held ").await, "0");
    let made = reserve("reserve").await.expect(201, "the same request under the same key");
    assert_eq!(made.header("idempotent-replayed"), None, "a refusal was no answer to keep");
    assert_eq!(reserve("reserve").await.expect(201, "and again")["id"], made["id"]);
    let paid = pay("pay").await.expect(201, "the same request under the same key");
    assert_eq!(paid["status"], "succeeded");
    assert!(sales(&server, &["resume", "--yes"]).status.success(), "asking again changes nothing");
    assert_eq!(json_of(&sales(&server, &["resume", "--json"])), json!({"held": false, "resumed": null}));
}

#[tokio::test]
async fn orders_that_fall_due_while_sales_are_held_expire_once_they_go_on() {
    let mut server = Server::start_with(&[("BOXOFFICE_PAYMENT_WINDOW", "3s")]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    hold(&mut server).await;
    assert!(sales(&server, &["resume", "--yes"]).status.success());
    let order = server.order(&bob, &ticket).await;
    hold(&mut server).await;
    let deadline_ms = millis(&server.order_of(&bob, &order).await["expiresAt"]);
    // Well past it: expiry is late by a fraction of a second otherwise.
    eventually("the deadline passes", async || {
        let left_ms = deadline_ms + 1_000 - now_ms();
        if left_ms < 0 { Ok(()) } else { Err(format!("{left_ms} ms left")) }
    })
    .await;
    assert_eq!(server.order_of(&bob, &order).await["status"], "created", "expiry waits");
    assert_eq!(metric(&server, "boxoffice_invariant_alarms_total ").await, "0");
    assert!(sales(&server, &["resume", "--yes"]).status.success());
    eventually("it expires then", async || {
        let read = server.order_of(&bob, &order).await;
        if read["cancelReason"] == "expired" { Ok(()) } else { Err(read.text) }
    })
    .await;
    assert_eq!(server.ticket_status(&ticket).await, "available");
    server.terminate();
    assert!(server.exit().await.success());
    let verified = command(&["verify"]).arg(server.data_dir()).output().expect("the command runs");
    let counted = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success() && !counted.contains("sales held"), "{counted}");
}

#[tokio::test]
async fn verify_says_that_sales_are_held() {
    let mut server = Server::start().await;
    hold(&mut server).await;
    server.terminate();
    assert!(server.exit().await.success());
    let verified = command(&["verify"]).arg(server.data_dir()).output().expect("the command runs");
    let counted = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
    assert!(counted.contains("sales held since") && counted.contains(REASON), "{counted}");
}

#[tokio::test]
async fn books_of_an_earlier_version_are_left_alone_and_named() {
    let mut server = Server::start().await;
    server.terminate();
    assert!(server.exit().await.success());
    let books = server.data_dir().join("sandbox-gateway.redb");
    std::fs::write(&books, "whatever it was").expect("it can be written");
    server.restart().await;
    assert!(server.log().contains("sandbox-gateway.redb"), "{}", server.log());
    assert_eq!(std::fs::read(&books).expect("it is still there"), b"whatever it was");
}
