//! Ordering, cancelling and reading orders.

use serde_json::{Value, json};

use crate::support::{Answer, Server, User, eventually, millis, same_problem, soon};

const WINDOW_S: i64 = 15 * 60;

#[tokio::test]
async fn ordering_answers_with_the_order() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let ordered = order(&server, &bob, &ticket).await.expect(201, "POST /api/orders | signed in | 201");
    assert_eq!(
        ordered.fields(),
        [
            "createdAt",
            "expiresAt",
            "expiresInSeconds",
            "id",
            "status",
            "ticket",
            "updatedAt",
            "userId",
            "version"
        ],
        "Order: {{id, userId, status, cancelReason?, expiresAt, expiresInSeconds, version, ticket, createdAt, updatedAt}}"
    );
    assert!(ordered.string("id").starts_with("order_"), "ids are opaque typed strings (order_…)");
    assert_eq!(ordered["userId"], bob.id.as_str());
    assert_eq!(ordered["status"], "created");
    assert_eq!((&ordered["version"], ordered.header("etag")), (&json!(0), Some("\"0\"")));
    let window_ms = millis(&ordered["expiresAt"]) - millis(&ordered["createdAt"]);
    assert_eq!(window_ms, WINDOW_S * 1000, "BOXOFFICE_PAYMENT_WINDOW is 15m by default");
    let left_s = ordered["expiresInSeconds"].as_f64().expect("expiresInSeconds is a number");
    assert!((WINDOW_S as f64 - 60.0..=WINDOW_S as f64).contains(&left_s), "{left_s}");
    let (id, title, price, currency) = (
        &ordered["ticket"]["id"],
        &ordered["ticket"]["title"],
        &ordered["ticket"]["price"],
        &ordered["ticket"]["currency"],
    );
    assert_eq!(json!([id, title, price, currency]), json!([ticket, "Some show", 19.99, "usd"]));

    let read = server.order_of(&bob, &ordered.string("id")).await;
    assert_eq!(
        (&read["id"], &read["ticket"], &read["expiresAt"]),
        (&ordered["id"], &ordered["ticket"], &ordered["expiresAt"])
    );
    assert_eq!(server.ticket_status(&ticket).await, "reserved");
}

#[tokio::test]
async fn what_cannot_be_ordered_says_why() {
    let server = Server::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let ticket = server.ticket(&ann).await;
    let own = order(&server, &ann, &ticket).await.problem(409, "409 if one's own");
    assert_eq!(own.kind(), "/problems/own-ticket");
    let held = server.order(&bob, &ticket).await;
    for buyer in [&eve, &bob] {
        let reserved = order(&server, buyer, &ticket).await.problem(409, "409 if reserved");
        assert_eq!(reserved.kind(), "/problems/ticket-reserved");
    }
    server.pay(&bob, &held).await;
    let sold = order(&server, &eve, &ticket).await.problem(409, "409 if sold");
    assert_eq!(sold.kind(), "/problems/ticket-sold");

    let missing = order(&server, &eve, "ticket_00000000000000000000000000").await.problem(404, "404 missing");
    let nonsense = order(&server, &eve, "nonsense").await;
    same_problem(
        &missing,
        &nonsense.problem(404, "what is not an id is simply not found"),
        "not an id = missing",
    );
    let none = server.post("/api/orders", json!({})).by(&eve).await.problem(400, "ticketId is needed");
    assert_eq!(none.faults(), ["ticketId"]);
}

#[tokio::test]
async fn a_ticket_cannot_be_ordered_once_the_show_has_begun() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let body = json!({"title": "Any moment", "price": 5, "startsAt": soon(1_500)});
    let ticket =
        server.post("/api/tickets", body).by(&ann).await.expect(201, "POST /api/tickets").string("id");
    let refused = eventually("409 if the show has begun", async || {
        let answer = order(&server, &bob, &ticket).await;
        if answer.status != 201 {
            return Ok(answer);
        }
        let path = format!("/api/orders/{}", answer.string("id"));
        server.delete(&path).by(&bob).await.expect(204, "an order can be cancelled");
        Err("it could still be ordered".to_owned())
    })
    .await;
    assert_eq!(refused.problem(409, "409 if the show has begun").kind(), "/problems/show-begun");
}

#[tokio::test]
async fn a_buyer_may_have_many_open_orders() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    for _ in 0..30 {
        let ticket = server.ticket(&ann).await;
        order(&server, &bob, &ticket).await.expect(201, "no cap on a buyer's open orders by default");
    }
}

#[tokio::test]
async fn the_price_is_locked_at_reservation() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let first = server.order(&bob, &ticket).await;
    server.delete(&format!("/api/orders/{first}")).by(&bob).await.expect(204, "its buyer | 204");
    let dearer = json!({"title": "Dearer", "price": 50});
    server.put(&format!("/api/tickets/{ticket}"), dearer).by(&ann).await.expect(200, "its seller | 200");
    let second = server.order(&bob, &ticket).await;
    let (first, second) = (server.order_of(&bob, &first).await, server.order_of(&bob, &second).await);
    assert_eq!(first["ticket"]["price"], json!(19.99), "with the ticket as it was when reserved");
    assert_eq!(first["ticket"]["title"], "Some show");
    assert_eq!(second["ticket"]["price"], json!(50));
}

#[tokio::test]
async fn cancelling_puts_the_ticket_back_on_sale() {
    let server = Server::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let ticket = server.ticket(&ann).await;
    let id = server.order(&bob, &ticket).await;
    let path = format!("/api/orders/{id}");

    let foreign = server.delete(&path).by(&eve).await.problem(404, "someone else's private thing (an order)");
    let missing = server.delete("/api/orders/order_00000000000000000000000000").by(&eve).await;
    same_problem(&foreign, &missing.problem(404, "404 missing"), "the same body for both");
    server
        .delete(&path)
        .by(&bob)
        .header("if-match", "\"9\"")
        .await
        .problem(412, "DELETE takes If-Match (stale: 412)");
    let cancel = || server.delete(&path).by(&bob).header("if-match", "\"0\"");
    cancel().await.expect(204, "DELETE /api/orders/{id} | its buyer | 204");
    cancel()
        .await
        .expect(204, "cancelling a cancelled one is 204, also under the version that was cancelled");
    let cancelled = server.order_of(&bob, &id).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["cancelReason"], &cancelled["version"]),
        (&json!("cancelled"), &json!("buyer"), &json!(1))
    );
    assert_eq!(server.ticket_status(&ticket).await, "available");
    server.delete(&path).by(&bob).await.expect(204, "cancelling a cancelled one is 204");
    assert_eq!(server.order_of(&bob, &id).await["version"], 1, "and changes nothing");

    let again = server.order(&eve, &ticket).await;
    server.pay(&eve, &again).await;
    let paid = server.delete(&format!("/api/orders/{again}")).by(&eve).await.problem(409, "409 once paid");
    assert_eq!(paid.kind(), "/problems/order-paid");
    assert_eq!(server.order_of(&eve, &again).await["status"], "complete");
}

#[tokio::test]
async fn only_its_buyer_reads_an_order() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let id = server.order(&bob, &ticket).await;
    let foreign =
        server.get(&format!("/api/orders/{id}")).by(&ann).await.problem(404, "its buyer, not the seller");
    for other in ["order_00000000000000000000000000", "nonsense", &ticket, &id.to_uppercase()] {
        let missing = server.get(&format!("/api/orders/{other}")).by(&ann).await.problem(404, "missing");
        same_problem(
            &foreign,
            &missing,
            "404 missing, or someone else's private thing: the same body for both",
        );
    }
    server.get(&format!("/api/orders/{id}")).await.problem(401, "not signed in");
    server.get("/api/orders").await.problem(401, "not signed in");
    assert!(server.get("/api/orders").by(&ann).await.items().is_empty(), "the seller has no orders");
}

#[tokio::test]
async fn orders_are_listed_as_they_were_made() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut made = Vec::new();
    for _ in 0..5 {
        let ticket = server.ticket(&ann).await;
        made.push(server.order(&bob, &ticket).await);
    }
    server.delete(&format!("/api/orders/{}", made[1])).by(&bob).await.expect(204, "");
    server.pay(&bob, &made[3]).await;
    let ids = async |query: &str| {
        server
            .get(&format!("/api/orders{query}"))
            .by(&bob)
            .await
            .expect(200, "GET /api/orders | its buyer | 200")
            .ids()
    };
    assert_eq!(ids("").await, made, "list in log order of creation");
    assert_eq!(ids("?status=cancelled").await, [made[1].clone()]);
    assert_eq!(ids("?status=complete").await, [made[3].clone()]);
    assert_eq!(ids("?status=created").await, [made[0].clone(), made[2].clone(), made[4].clone()]);
    assert!(ids("?status=awaiting:payment").await.is_empty());
    assert_eq!(ids("?limit=2").await, made[..2]);
    let refused =
        server.get("/api/orders?status=paid&limit=0").by(&bob).await.problem(400, "all faults at once");
    assert_eq!(refused.faults(), ["limit", "status"]);
}

async fn order(server: &Server, buyer: &User, ticket: &str) -> Answer {
    server.post("/api/orders", json!({"ticketId": ticket})).by(buyer).await
}

#[tokio::test]
async fn an_order_tells_how_it_came_to_be() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let declined = json!({"orderId": order, "token": "tok_chargeDeclined"});
    server.post("/api/payments", declined).by(&bob).await.problem(402, "declined");
    let payment = server.pay(&bob, &order).await;
    let path = format!("/api/orders/{order}/history");
    let history =
        server.get(&path).by(&bob).await.expect(200, "GET /api/orders/{id}/history | its buyer | 200");
    let told = |transition: &Value| {
        let of = |member: &str| transition[member].as_str().unwrap_or_default().to_owned();
        (transition["version"].as_u64().expect("a version"), of("status"), of("reason"), of("actor"))
    };
    let expected = [
        (0, "created", "reserved", "user"),
        (1, "awaiting:payment", "payment:begun", "user"),
        (2, "created", "payment:failed", "service"),
        (3, "awaiting:payment", "payment:begun", "user"),
        (4, "complete", "paid", "service"),
    ];
    let expected = expected.map(|(version, status, reason, actor)| {
        (version, status.to_owned(), reason.to_owned(), actor.to_owned())
    });
    assert_eq!(history.items().iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(history.items()[4]["paymentId"], payment.as_str());
    assert_eq!(history.items()[0]["userId"], bob.id.as_str());
    let page = server.get(&format!("{path}?limit=2")).by(&bob).await.expect(200, "a page");
    assert_eq!(page.items(), &history.items()[..2]);
    assert!(page.header("link").is_some(), "more follows");
    server.get(&path).by(&ann).await.problem(404, "someone else's private thing (an order)");
}
