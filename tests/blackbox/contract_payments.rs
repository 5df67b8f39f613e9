//! Paying: the rows of the contract on `/api/payments`. What happens in crashes is in `payments.rs`.

use serde_json::json;

use crate::support::{Answer, Server, User, same_problem};

#[tokio::test]
async fn paying_completes_the_order() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    let paid =
        pay(&server, &bob, &order, "tok_visa").await.expect(201, "POST /api/payments | its buyer | 201");
    assert!(paid.string("id").starts_with("payment_"), "ids are opaque typed strings (payment_…)");
    assert_eq!(paid["orderId"], order.as_str());
    assert_eq!(paid["amount"], json!(19.99), "amount is a JSON number in major units");
    assert_eq!(paid["currency"], "usd");
    assert_eq!(paid["status"], "succeeded");
    assert!(!paid.text.contains("tok_visa"), "the token is not given out again: {}", paid.text);

    let complete = server.order_of(&bob, &order).await;
    assert_eq!(complete["status"], "complete");
    assert_eq!(complete["version"], 2, "awaiting:payment, then complete");
    assert_eq!(server.ticket_status(&ticket).await, "sold");
    let path = format!("/api/payments/{}", paid.string("id"));
    let read = server.get(&path).by(&bob).await.expect(200, "GET /api/payments/{id} | its buyer | 200");
    assert_eq!(read.body, paid.body);
    let listed =
        server.get("/api/payments").by(&bob).await.expect(200, "GET /api/payments | its buyer | 200");
    assert_eq!(listed.items(), std::slice::from_ref(&paid.body));

    let sold = server.get(&path).by(&ann).await.expect(200, "GET /api/payments/{id} | the seller | 200");
    assert_eq!(sold.body, paid.body);
    let eve = server.user("eve").await;
    let foreign = server.get(&path).by(&eve).await.problem(404, "someone else's private thing (a payment)");
    let missing = server.get("/api/payments/payment_00000000000000000000000000").by(&eve).await;
    same_problem(&foreign, &missing.problem(404, "missing"), "the same body for both");
    server.get(&path).await.problem(401, "not signed in");
    assert!(server.get("/api/payments").by(&ann).await.items().is_empty(), "the seller paid nothing");
}

#[tokio::test]
async fn what_cannot_be_paid_says_why() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let (one, other) = (server.ticket(&ann).await, server.ticket(&ann).await);
    let order = server.order(&bob, &one).await;
    let foreign =
        pay(&server, &ann, &order, "tok_visa").await.problem(404, "someone else's private thing (an order)");
    let missing = pay(&server, &ann, "order_00000000000000000000000000", "tok_visa").await;
    same_problem(&foreign, &missing.problem(404, "missing"), "the same body for both");
    let empty = server.post("/api/payments", json!({})).by(&bob).await.problem(400, "all faults at once");
    assert_eq!(empty.faults(), ["orderId", "token"]);

    server.pay(&bob, &order).await;
    let paid = pay(&server, &bob, &order, "tok_visa").await.problem(409, "409 on a paid order");
    assert_eq!(paid.kind(), "/problems/order-paid");
    let order = server.order(&bob, &other).await;
    server.delete(&format!("/api/orders/{order}")).by(&bob).await.expect(204, "");
    let cancelled = pay(&server, &bob, &order, "tok_visa").await.problem(409, "409 on a cancelled order");
    assert_eq!(cancelled.kind(), "/problems/order-cancelled");
    assert_eq!(server.get("/api/payments").by(&bob).await.items().len(), 1, "refused payments leave nothing");
}

#[tokio::test]
async fn a_decline_puts_the_order_back() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let before = server.order_of(&bob, &order).await;
    let declined = pay(&server, &bob, &order, "tok_chargeDeclined").await.problem(402, "402 on a decline");
    assert_eq!(declined.kind(), "/problems/payment-declined");
    assert_eq!(declined["declineCode"], "card_declined", "with the reason: {}", declined.text);
    let failed = server.get(&format!("/api/payments/{}", declined.string("paymentId"))).by(&bob).await;
    assert_eq!(failed["declineCode"], "card_declined", "and the payment: {}", failed.text);
    let insufficient = pay(&server, &bob, &order, "tok_chargeDeclinedInsufficientFunds").await;
    assert!(
        insufficient.problem(402, "its kin decline").text.contains("insufficient_funds"),
        "with the reason"
    );

    let after = server.order_of(&bob, &order).await;
    assert_eq!(after["status"], "created", "a decline puts the order back to `created`");
    assert_eq!(after["expiresAt"], before["expiresAt"], "its deadline unchanged");
    let payments = server.get("/api/payments").by(&bob).await;
    assert!(payments.items().iter().all(|payment| payment["status"] == "failed"), "{}", payments.text);
    assert_eq!(payments.items().len(), 2, "each attempt is a payment");
    server.pay(&bob, &order).await;
    assert_eq!(server.order_of(&bob, &order).await["status"], "complete", "another card may do");
}

#[tokio::test]
async fn nobody_tries_out_card_after_card_on_one_order() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    for _ in 0..boxoffice::domain::MAX_ATTEMPTS_PER_ORDER {
        pay(&server, &bob, &order, "tok_chargeDeclined").await.problem(402, "another card may do");
    }
    let refused = pay(&server, &bob, &order, "tok_visa").await.problem(409, "enough is enough");
    assert_eq!(refused.kind(), "/problems/too-many-attempts");
    let listed = server.get(&format!("/api/orders/{order}/payments")).by(&ann).await;
    assert_eq!(listed.items().len(), 20, "all of them are listed");
    server.delete(&format!("/api/orders/{order}")).by(&bob).await.expect(204, "it may be given up");
}

#[tokio::test]
async fn nobody_tries_out_card_after_card_on_many_orders() {
    let server = Server::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(server.order(&bob, &server.ticket(&ann).await).await);
    }
    let under_key = || {
        let body = json!({"orderId": orders[2], "token": "tok_chargeDeclined"});
        server.post("/api/payments", body).by(&bob).header("idempotency-key", "k")
    };
    let first = under_key().await.problem(402, "bad luck");
    for number in 1..30 {
        let declined = pay(&server, &bob, &orders[number % 3], "tok_chargeDeclined").await;
        declined.problem(402, "bad luck");
    }
    let again = under_key().await.problem(402, "what was answered to a key is answered again");
    assert_eq!(again["paymentId"], first["paymentId"]);
    let refused = pay(&server, &bob, &orders[3], "tok_visa").await.problem(429, "it is no luck any more");
    let wait: u64 = refused.header("retry-after").expect("says how long").parse().expect("seconds");
    assert!((1..=3_600).contains(&wait), "{wait}");
    let path = format!("/api/orders/{}/payment-intent", orders[3]);
    // The sandbox would serve no browser; whoever may not pay is not told even that.
    let refused = server.post(&path, json!({})).by(&bob).await;
    assert!(matches!(refused.status, 409 | 429), "{}", refused.text);
    assert_eq!(server.order_of(&bob, &orders[3]).await["status"], "created", "nothing was begun");
    let other = server.order(&eve, &server.ticket(&ann).await).await;
    server.pay(&eve, &other).await;
}

#[tokio::test]
async fn why_a_card_was_declined_is_not_the_sellers_to_know() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let declined = pay(&server, &bob, &order, "tok_chargeDeclinedStolenCard").await.problem(402, "declined");
    let payment = declined.string("paymentId");
    for (path, of) in
        [(format!("/api/payments/{payment}"), None), (format!("/api/orders/{order}/payments"), Some(0))]
    {
        let code = async |user: &User| {
            let answer = server.get(&path).by(user).await.expect(200, "it is about them");
            let shown = of.map_or(&answer.body, |index: usize| &answer.body[index]);
            shown["declineCode"].clone()
        };
        assert_eq!(code(&bob).await, "stolen_card", "{path}");
        assert_eq!(code(&ann).await, "card_declined", "{path}");
    }
}

#[tokio::test]
async fn the_sandbox_serves_no_browser_and_says_so() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let path = format!("/api/orders/{order}/payment-intent");
    let refused =
        server.post(&path, json!({})).by(&bob).await.problem(409, "the sandbox has no client secrets");
    assert_eq!(refused.kind(), "/problems/no-browser-payments");
    assert!(refused.text.contains("POST /api/payments"), "says what to do instead: {}", refused.text);
    assert_eq!(server.order_of(&bob, &order).await["status"], "created", "and nothing was begun");
    server.post(&path, json!({})).by(&ann).await.problem(404, "someone else's private thing (an order)");
    server.pay(&bob, &order).await;
}

async fn pay(server: &Server, buyer: &User, order: &str, token: &str) -> Answer {
    server.post("/api/payments", json!({"orderId": order, "token": token})).by(buyer).await
}
