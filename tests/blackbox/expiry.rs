//! What is not paid in time goes back on sale, never early, and cannot be paid any more.

use serde_json::json;

use crate::support::{Server, User, eventually, millis, now_ms};

const SHORT_WINDOW: (&str, &str) = ("BOXOFFICE_PAYMENT_WINDOW", "2s");

#[tokio::test]
async fn an_unpaid_order_expires_and_its_ticket_is_on_sale_again() {
    let server = Server::start_with(&[SHORT_WINDOW]).await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    expired(&server, &bob, &order).await;
    assert_eq!(server.ticket_status(&ticket).await, "available");
    assert!(server.get("/api/tickets").await.ids().contains(&ticket), "back on sale");

    let payment = server.post("/api/payments", json!({"orderId": order, "token": "tok_visa"})).by(&bob).await;
    assert_eq!(payment.problem(409, "409 on an expired order").kind(), "/problems/order-expired");
    assert!(server.get("/api/payments").by(&bob).await.items().is_empty(), "nothing was charged");
    let cancel = server.delete(&format!("/api/orders/{order}")).by(&bob).await;
    cancel.expect(204, "cancelling a cancelled one is 204");
    let again = server.order(&eve, &ticket).await;
    server.pay(&eve, &again).await;
}

#[tokio::test]
async fn what_fell_due_while_the_service_was_down_expires_at_once() {
    let mut server = Server::start_with(&[SHORT_WINDOW]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut orders = Vec::new();
    for _ in 0..20 {
        let ticket = server.ticket(&ann).await;
        orders.push(server.order(&bob, &ticket).await);
    }
    let paid = orders.pop().expect("twenty orders");
    server.pay(&bob, &paid).await;
    let deadline_ms = millis(&server.order_of(&bob, &orders[18]).await["expiresAt"]);
    server.kill();
    eventually("the last deadline passes", async || {
        let left_ms = deadline_ms - now_ms();
        if left_ms < 0 { Ok(()) } else { Err(format!("{left_ms} ms left")) }
    })
    .await;
    // A window that is long by now changes nothing about deadlines that were given.
    server.set(SHORT_WINDOW.0, Some("15m"));
    server.restart().await;
    let payment =
        server.post("/api/payments", json!({"orderId": orders[0], "token": "tok_visa"})).by(&bob).await;
    payment.problem(409, "`apply` re-checks every deadline itself: an expired order can't be paid");
    for order in &orders {
        expired(&server, &bob, order).await;
    }
    assert_eq!(server.order_of(&bob, &paid).await["status"], "complete", "what is paid stays paid");
}

#[tokio::test]
async fn a_charge_under_way_holds_the_order_past_its_deadline() {
    let settings = [SHORT_WINDOW, ("BOXOFFICE_SANDBOX_SLOW", "4s"), ("BOXOFFICE_PAYMENT_GRACE", "1m")];
    let server = Server::start_with(&settings).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    let body = json!({"orderId": order, "token": "tok_slow"});
    let paid = server.post("/api/payments", body).by(&bob).await;
    let paid = paid.expect(
        201,
        "a charge under way holds the order past its deadline by at most BOXOFFICE_PAYMENT_GRACE",
    );
    assert_eq!(paid["status"], "succeeded");
    let complete = server.order_of(&bob, &order).await;
    assert_eq!(complete["status"], "complete");
    assert!(
        millis(&complete["updatedAt"]) > millis(&complete["expiresAt"]),
        "the charge took longer than the window"
    );
    assert_eq!(server.ticket_status(&ticket).await, "sold");
}

/// Waits until the order has expired; it must not do so early.
async fn expired(server: &Server, buyer: &User, order: &str) {
    let expired = eventually("the order expires", async || {
        let read = server.order_of(buyer, order).await;
        if read["status"] == "cancelled" { Ok(read) } else { Err(read.text) }
    })
    .await;
    assert_eq!(expired["cancelReason"], "expired");
    let (updated_ms, deadline_ms) = (millis(&expired["updatedAt"]), millis(&expired["expiresAt"]));
    assert!(updated_ms >= deadline_ms, "never early: {} ms before", deadline_ms - updated_ms);
    assert_eq!(expired["version"], 1, "versions rise by one with each change");
}
