//! `Idempotency-Key`: asked twice, done once.

use serde_json::json;

use crate::support::Server;

const REPLAYED: &str = "idempotent-replayed";

#[tokio::test]
async fn the_same_key_gives_the_same_answer() {
    let mut server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let body = json!({"title": "Once", "price": 5});
    let first = server
        .post("/api/tickets", body.clone())
        .by(&ann)
        .key("k1")
        .await
        .expect(201, "POST /api/tickets | 201");
    // The fingerprint is of the parsed body: order and white space are not part of it.
    let reordered = " {\"price\": 5.00,\n \"title\":\"Once\"}";
    let again = server.call(reqwest::Method::POST, "/api/tickets").body("application/json", reordered);
    let again = again.by(&ann).key("\"k1\"").await.expect(201, "bare or quoted; answers are given again");
    assert_eq!(again["id"], first["id"], "answers that `apply` decided are given again");
    assert_eq!(server.get("/api/tickets").await.items().len(), 1, "done once");

    let ticket = first.string("id");
    let order_body = json!({"ticketId": ticket});
    let order = server
        .post("/api/orders", order_body.clone())
        .by(&bob)
        .key("o1")
        .await
        .expect(201, "POST /api/orders | 201");
    let order_id = order.string("id");
    let pay_body = json!({"orderId": order_id, "token": "tok_visa"});
    let paid = server
        .post("/api/payments", pay_body.clone())
        .by(&bob)
        .key("p1")
        .await
        .expect(201, "POST /api/payments | 201");

    server.kill();
    server.restart().await;
    let rule = "also after a restart";
    let again = server.post("/api/tickets", body).by(&ann).key("k1").await.expect(201, rule);
    assert_eq!(again["id"], first["id"], "{rule}");
    let again = server.post("/api/orders", order_body).by(&bob).key("o1").await.expect(201, rule);
    assert_eq!(again["id"], order_id.as_str(), "{rule}");
    let again = server.post("/api/payments", pay_body).by(&bob).key("p1").await.expect(201, rule);
    assert_eq!(again["id"], paid["id"], "{rule}");
    assert_eq!(server.get("/api/payments").by(&bob).await.items().len(), 1, "charged once");
}

#[tokio::test]
async fn rejections_are_given_again_as_well() {
    let server = Server::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let ticket = server.ticket(&ann).await;
    let held = server.order(&bob, &ticket).await;
    let order = |key: &str| server.post("/api/orders", json!({"ticketId": ticket})).by(&eve).key(key);
    let first = order("late").await.problem(409, "409 if reserved");
    assert_eq!(first.header(REPLAYED), None, "the first answer is no replay");
    server.delete(&format!("/api/orders/{held}")).by(&bob).await.expect(204, "its buyer | 204");
    let again = order("late").await.problem(409, "answers that `apply` decided are given again");
    assert_eq!(again.kind(), first.kind());
    assert_eq!(again.header(REPLAYED), Some("true"), "a replayed refusal is marked as a replayed success is");
    let other = order("another").await.expect(201, "another key is another request");
    let body = json!({"orderId": other.string("id"), "token": "tok_chargeDeclined"});
    let pay = || server.post("/api/payments", body.clone()).by(&eve).key("declined");
    assert_eq!(pay().await.problem(402, "402 declined").header(REPLAYED), None);
    let again = pay().await.problem(402, "answers that `apply` decided are given again");
    assert_eq!(again.header(REPLAYED), Some("true"), "also those that the gateway had a part in");
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let post =
        |title: &str| server.post("/api/tickets", json!({"title": title, "price": 5})).by(&bob).key("k");
    post("One").await.expect(201, "");
    let reused = post("Other").await.problem(422, "422 idempotency key reused for another request");
    assert_eq!(reused.kind(), "/problems/idempotency-key-reused");
    let elsewhere = server.post("/api/orders", json!({"ticketId": ticket})).by(&bob).key("k").await;
    elsewhere.problem(422, "fingerprint of method, path and parsed body");
    server
        .post("/api/tickets", json!({"title": "Mine", "price": 5}))
        .by(&ann)
        .key("k")
        .await
        .expect(201, "scoped to the caller");
}

#[tokio::test]
async fn a_key_that_was_used_is_told_before_what_is_no_id() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let order =
        |ticket: &str, key: &str| server.post("/api/orders", json!({"ticketId": ticket})).by(&bob).key(key);
    order(&ticket, "k").await.expect(201, "POST /api/orders | 201");
    order("no id at all", "k").await.problem(422, "422 idempotency key reused for another request");
    order("no id at all", "another").await.problem(404, "what is not an id is simply not found");
    let pay = server.post("/api/payments", json!({"orderId": ticket, "token": "tok_visa"})).by(&bob);
    pay.key("k").await.problem(422, "422 idempotency key reused for another request");
}

#[tokio::test]
async fn keys_have_255_characters_at_most() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let post =
        |key: &str| server.post("/api/tickets", json!({"title": "Keyed", "price": 5})).by(&ann).key(key);
    post(&"k".repeat(255)).await.expect(201, "up to 255 characters");
    post(&"k".repeat(256)).await.problem(400, "up to 255 characters");
    post("").await.problem(400, "an empty key is none");
}

#[tokio::test]
async fn at_the_same_time_it_is_still_done_once() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let calls = (0..20).map(|_| {
        let call = server.post("/api/tickets", json!({"title": "Once", "price": 5})).by(&ann).key("same");
        tokio::spawn(async move { call.await })
    });
    let answers = futures_util::future::join_all(calls).await;
    let mut ids = Vec::new();
    for answer in answers {
        let answer = answer.expect("no panic");
        if answer.status == 409 {
            let refused = answer.problem(409, "while the first is under way 409");
            assert_eq!(refused.kind(), "/problems/key-in-progress");
        } else {
            ids.push(answer.expect(201, "answers are given again").string("id"));
        }
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "all who got an answer got the same");
    assert_eq!(server.get("/api/tickets").await.items().len(), 1, "done once");
}

#[tokio::test]
async fn what_is_remembered_is_no_secret() {
    let server = Server::start().await;
    let (ann, eve) = (server.user("ann").await, server.user("eve").await);
    let body = json!({"title": "Once", "price": 5});
    server.post("/api/tickets", body.clone()).by(&ann).key("k").await.expect(201, "");
    server.post("/api/tickets", body.clone()).key("k").await.problem(401, "a key signs nobody in");
    let other = server.post("/api/tickets", body).by(&eve).key("k").await.expect(201, "scoped to the caller");
    assert_eq!(other["userId"], eve.id.as_str());
}
