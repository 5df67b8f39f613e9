//! Charges: slow ones, late ones, and a crash at every step. In the end charged ⇔ complete, or refunded.

use serde_json::{Value, json};

use crate::support::{SandboxCharge, Server, User, eventually, sandbox_charges};

/// Every place where a charge can be interrupted, what it is made with there, and what becomes of the order. An instant
/// one is settled by the command that charges: what comes after that is for slow ones.
const STEPS: [(&str, &str, &str); 8] = [
    ("after-claim", "tok_visa", "complete"),
    ("after-claim", "tok_chargeDeclined", "created"),
    ("before-charge", "tok_visa", "complete"),
    ("before-charge", "tok_chargeDeclined", "created"),
    ("after-charge", "tok_visa", "complete"),
    ("after-charge", "tok_chargeDeclined", "created"),
    ("before-outcome", "tok_slow", "complete"),
    ("after-outcome", "tok_slow", "complete"),
];
const REFUND_STEPS: [&str; 3] = ["after-cancel", "before-refund", "after-refund"];
const FAILPOINT: &str = "BOXOFFICE_FAILPOINT";

#[tokio::test]
async fn a_slow_charge_is_202_and_settles_later() {
    let server = Server::start_with(&[("BOXOFFICE_SANDBOX_SLOW", "12s")]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let body = json!({"orderId": order, "token": "tok_slow"});
    let pending = server.post("/api/payments", body.clone()).by(&bob).key("slow").await;
    let pending = pending
        .expect(202, "waits up to 10 s for the gateway, then 202 with the same schema and `processing`");
    assert_eq!(pending["status"], "processing");
    assert_eq!(pending["stage"], "claimed", "nothing is on record but the claim");
    for field in ["id", "orderId", "amount", "currency"] {
        assert!(!pending[field].is_null(), "the same schema; {field} is missing: {}", pending.text);
    }
    let settled = settled(&server, &bob, &pending.string("id")).await;
    assert_eq!(settled["status"], "succeeded");
    assert!(settled["stage"].is_null(), "it is over: {settled}");
    assert_eq!(server.order_of(&bob, &order).await["status"], "complete");
    let again = server.post("/api/payments", body).by(&bob).key("slow").await;
    assert!(matches!(again.status, 201 | 202), "answers are given again: {}", again.text);
    assert_eq!(again["id"], pending["id"], "and nothing is charged twice");
}

#[tokio::test]
async fn while_a_charge_is_under_way_the_order_is_claimed() {
    let server = Server::start_with(&[("BOXOFFICE_SANDBOX_SLOW", "3s")]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let pay = |token: &str| server.post("/api/payments", json!({"orderId": order, "token": token})).by(&bob);
    let slow = tokio::spawn(pay("tok_slow").into_future());
    eventually("the order is awaiting:payment", async || {
        let status = server.order_of(&bob, &order).await["status"].clone();
        if status == "awaiting:payment" { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
    let other = pay("tok_visa").await.problem(409, "409 while another charge is under way");
    assert_eq!(other.kind(), "/problems/charge-under-way");
    let cancel = server.delete(&format!("/api/orders/{order}")).by(&bob).await;
    let cancel = cancel.problem(409, "409 once paid or while a charge is under way");
    assert_eq!(cancel.kind(), "/problems/charge-under-way");
    let paid = slow.await.expect("no panic").expect(201, "the first charge goes through");
    assert_eq!(paid["status"], "succeeded");
}

#[tokio::test]
async fn a_charge_after_the_release_is_refunded() {
    let mut server = Server::start_with(&LATE).await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    let late = pay_late(&server, &bob, &order);
    eventually("the ticket is released: a charge holds it for BOXOFFICE_PAYMENT_GRACE at most", async || {
        let status = server.ticket_status(&ticket).await;
        if status == "available" { Ok(()) } else { Err(status) }
    })
    .await;
    let other = server.order(&eve, &ticket).await;
    server.pay(&eve, &other).await;
    late.await.expect("no panic");
    let payment = only_payment(&server, &bob).await;
    let refunded = settled(&server, &bob, payment["id"].as_str().expect("an id")).await;
    assert_ne!(refunded["status"], "succeeded", "a late payment revives no order: {refunded}");
    assert_eq!(server.order_of(&bob, &order).await["cancelReason"], "expired");
    assert_eq!(server.order_of(&eve, &other).await["status"], "complete");
    until_refunded(&server, &bob).await;
    let charges = books(&mut server).await;
    assert_eq!(charges.iter().filter(|charge| charge.refunded).count(), 1, "refunded, once: {charges:?}");
    assert_eq!(charges.len(), 2, "one charge for each payment: {charges:?}");
}

#[tokio::test]
async fn a_crash_at_any_step_of_a_charge_ends_in_one_charge_and_a_sale() {
    for (step, token, ends) in STEPS {
        let mut server = Server::start_with(&[("BOXOFFICE_SANDBOX_SLOW", "1s")]).await;
        let (ann, bob) = (server.user("ann").await, server.user("bob").await);
        let order = server.order(&bob, &server.ticket(&ann).await).await;
        crash_at(&mut server, step).await;
        let body = json!({"orderId": order, "token": token});
        let _ = server.post("/api/payments", body).by(&bob).attempt().await;
        died(&mut server, step).await;
        recover(&mut server).await;

        let payment = only_payment(&server, &bob).await;
        settled(&server, &bob, payment["id"].as_str().expect("an id")).await;
        let status = server.order_of(&bob, &order).await["status"].clone();
        assert_eq!(status, ends, "killed {step} of {token}");
        let charges = books(&mut server).await;
        assert_eq!(charges.len(), 1, "killed {step}: asked once in the gateway's eyes: {charges:?}");
        assert_eq!(charges[0].charged, ends == "complete", "killed {step}: charged ⇔ complete: {charges:?}");
        assert!(!charges[0].refunded, "killed {step}: {charges:?}");
        assert_eq!(
            (charges[0].key.as_str(), charges[0].amount_minor),
            (payment["id"].as_str().expect("an id"), 1999)
        );
    }
}

#[tokio::test]
async fn a_crash_at_any_step_of_a_refund_ends_in_one_refund() {
    for step in REFUND_STEPS {
        let mut server = Server::start_with(&LATE).await;
        let (ann, bob) = (server.user("ann").await, server.user("bob").await);
        let order = server.order(&bob, &server.ticket(&ann).await).await;
        crash_at(&mut server, step).await;
        let late = pay_late(&server, &bob, &order);
        died(&mut server, step).await;
        // Its connection broke with the process.
        let _ = late.await;
        recover(&mut server).await;
        until_refunded(&server, &bob).await;
        assert_eq!(server.order_of(&bob, &order).await["status"], "cancelled");
        let charges = books(&mut server).await;
        assert_eq!(charges.len(), 1, "killed {step}: {charges:?}");
        assert!(
            charges[0].charged && charges[0].refunded,
            "killed {step}: charged ⇔ complete, or refunded: {charges:?}"
        );
    }
}

#[tokio::test]
async fn a_crash_at_any_step_of_a_refund_that_was_asked_for_gives_back_once() {
    for step in ["before-refund", "after-refund"] {
        let mut server = Server::start().await;
        let (ann, bob) = (server.user("ann").await, server.user("bob").await);
        let order = server.order(&bob, &server.ticket(&ann).await).await;
        let path = format!("/api/payments/{}/refunds", server.pay(&bob, &order).await);
        crash_at(&mut server, step).await;
        let ask = server.post(&path, json!({"amount": 5})).by(&ann).key("once");
        let asked = tokio::spawn(async move { ask.attempt().await });
        died(&mut server, step).await;
        // Its connection broke with the process.
        assert!(asked.await.expect("no panic").is_err());
        recover(&mut server).await;
        let again = server.post(&path, json!({"amount": 5})).by(&ann).key("once").await;
        assert!(matches!(again.status, 201 | 202), "killed {step}: the same refund: {}", again.text);
        eventually("the refund succeeds", async || {
            let refunds = server.get(&path).by(&ann).await;
            assert_eq!(refunds.items().len(), 1, "killed {step}: asked for once: {}", refunds.text);
            if refunds.items()[0]["status"] == "succeeded" { Ok(()) } else { Err(refunds.text) }
        })
        .await;
        assert_eq!(only_payment(&server, &bob).await["refundedAmount"], 5);
        assert_eq!(server.order_of(&bob, &order).await["status"], "complete");
        let charges = books(&mut server).await;
        assert_eq!((charges.len(), charges[0].given_back_minor), (1, 500), "killed {step}: {charges:?}");
    }
}

#[tokio::test]
async fn a_crash_before_a_cancellation_charges_nothing_and_releases_the_order() {
    let mut server = Server::start_with(&LATE).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    crash_at(&mut server, "before-cancel").await;
    let late = pay_late(&server, &bob, &order);
    died(&mut server, "before-cancel").await;
    // Its connection broke with the process, and so did the charge that it waited for.
    let _ = late.await;
    recover(&mut server).await;
    let payment = only_payment(&server, &bob).await;
    let failed = settled(&server, &bob, payment["id"].as_str().expect("an id")).await;
    assert_eq!((&failed["status"], &failed["declineCode"]), (&json!("failed"), &json!("abandoned")));
    eventually("the ticket is on sale again", async || {
        let status = server.ticket_status(&ticket).await;
        if status == "available" { Ok(()) } else { Err(status) }
    })
    .await;
    let charges = books(&mut server).await;
    assert!(charges.iter().all(|charge| !charge.charged), "{charges:?}");
}

/// Charges take longer than an order is held for them.
const LATE: [(&str, &str); 3] =
    [("BOXOFFICE_PAYMENT_WINDOW", "3s"), ("BOXOFFICE_PAYMENT_GRACE", "1s"), ("BOXOFFICE_SANDBOX_SLOW", "6s")];

/// Begins a charge that comes too late.
fn pay_late(server: &Server, buyer: &User, order: &str) -> tokio::task::JoinHandle<()> {
    let pay = server.post("/api/payments", json!({"orderId": order, "token": "tok_slow"})).by(buyer);
    tokio::spawn(async move {
        let _ = pay.attempt().await;
    })
}

/// Starts the service anew so that it dies at this step.
async fn crash_at(server: &mut Server, step: &str) {
    server.kill();
    server.set(FAILPOINT, Some(step));
    server.restart().await;
}

async fn died(server: &mut Server, step: &str) {
    let status = server.exit().await;
    assert!(
        !status.success(),
        "the process dies at {step}; only a build with debug assertions has such places"
    );
}

async fn recover(server: &mut Server) {
    server.set(FAILPOINT, None);
    server.restart().await;
}

async fn only_payment(server: &Server, buyer: &User) -> Value {
    let payments =
        server.get("/api/payments").by(buyer).await.expect(200, "GET /api/payments | its buyer | 200");
    assert_eq!(payments.items().len(), 1, "the claim was committed, once: {}", payments.text);
    payments.items()[0].clone()
}

/// Waits until the payment is no longer under way.
async fn settled(server: &Server, buyer: &User, payment: &str) -> Value {
    eventually("the payment settles", async || {
        let read =
            server.get(&format!("/api/payments/{payment}")).by(buyer).await.expect(200, "its buyer | 200");
        if read["status"] == "processing" { Err(read.text) } else { Ok(read.body) }
    })
    .await
}

/// Waits until the buyer's only payment has been given back.
async fn until_refunded(server: &Server, buyer: &User) {
    eventually("a charge that succeeds after the release is refunded", async || {
        let payment = only_payment(server, buyer).await;
        if payment["status"] == "refunded" { Ok(()) } else { Err(payment.to_string()) }
    })
    .await;
}

/// The gateway's own books. The service is ended for it.
async fn books(server: &mut Server) -> Vec<SandboxCharge> {
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    sandbox_charges(&server.data_dir())
}
