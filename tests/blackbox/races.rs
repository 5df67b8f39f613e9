//! Many at once: a race has one winner.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{Answer, Call, Server, User};

const BUYERS: usize = 500;
/// Rounds of each two-way race: either side should win some.
const ROUNDS: usize = 20;

#[tokio::test]
async fn five_hundred_buyers_and_one_ticket() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let ticket = server.ticket(&ann).await;
    let mut users = Vec::new();
    for buyer in 0..BUYERS {
        users.push(server.user(&format!("b{buyer}")).await);
    }
    let calls = users.iter().map(|user| server.post("/api/orders", json!({"ticketId": ticket})).by(user));
    let answers = at_once(calls).await;
    let (won, lost): (Vec<Answer>, Vec<Answer>) =
        answers.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(won.len(), 1, "500 buyers for one ticket: exactly one gets it");
    for answer in lost {
        assert_eq!(answer.problem(409, "409 if reserved").kind(), "/problems/ticket-reserved");
    }
    let winner = users.iter().find(|user| won[0]["userId"] == user.id.as_str()).expect("one of the buyers");
    let mut orders = 0;
    for user in &users {
        orders += server.get("/api/orders").by(user).await.items().len();
    }
    assert_eq!(orders, 1, "at most one live order per ticket");
    assert_eq!(server.order_of(winner, &won[0].string("id")).await["status"], "created");
    assert_eq!(server.get(&format!("/api/tickets/{ticket}")).await["orderId"], won[0]["id"]);
}

#[tokio::test]
async fn cancelling_and_paying_at_once() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    for round in 0..ROUNDS {
        let ticket = server.ticket(&ann).await;
        let order = server.order(&bob, &ticket).await;
        let cancel = server.delete(&format!("/api/orders/{order}")).by(&bob);
        let pay = pay(&server, &bob, &order);
        // Whoever is sent first has an edge; both are.
        let (cancelled, paid) = if round % 2 == 0 {
            tokio::join!(async { cancel.await }, async { pay.await })
        } else {
            let (paid, cancelled) = tokio::join!(async { pay.await }, async { cancel.await });
            (cancelled, paid)
        };
        let order = server.order_of(&bob, &order).await;
        let status = (cancelled.status, paid.status, order["status"].as_str().unwrap_or_default());
        assert!(
            matches!(status, (204, 409, "cancelled") | (409, 201, "complete")),
            "one of the two wins and the other is told: {status:?}"
        );
        let sold = server.ticket_status(&ticket).await;
        assert_eq!(sold, if paid.status == 201 { "sold" } else { "available" });
    }
}

#[tokio::test]
async fn two_payments_at_once_charge_once() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    for _ in 0..ROUNDS {
        let ticket = server.ticket(&ann).await;
        let order = server.order(&bob, &ticket).await;
        let answers = at_once((0..4).map(|_| pay(&server, &bob, &order))).await;
        let paid = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(
            paid,
            1,
            "one payment wins: {:?}",
            answers.iter().map(|answer| answer.status).collect::<Vec<_>>()
        );
        for answer in answers.into_iter().filter(|answer| answer.status != 201) {
            let kind = answer.problem(409, "409 on a paid order or while another charge is under way").kind();
            assert!(
                ["/problems/order-paid", "/problems/charge-under-way"].contains(&kind.as_str()),
                "{kind}"
            );
        }
    }
    let payments = server.get("/api/payments?limit=100").by(&bob).await;
    assert_eq!(payments.items().len(), ROUNDS, "one payment for each order");
}

#[tokio::test]
async fn one_address_signs_up_once() {
    let server = Server::start().await;
    let body = json!({"email": "ann@example.test", "password": crate::support::PASSWORD});
    let answers = at_once((0..4).map(|_| server.post("/api/users/signup", body.clone()))).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409], "e-mail unique: a taken address 409");
}

#[tokio::test]
async fn editing_and_ordering_at_once_sells_what_the_buyer_saw() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    for _ in 0..ROUNDS {
        let ticket = server.ticket(&ann).await;
        let edit =
            server.put(&format!("/api/tickets/{ticket}"), json!({"title": "Dearer", "price": 99})).by(&ann);
        let order = server.post("/api/orders", json!({"ticketId": ticket})).by(&bob);
        let (edited, ordered) = tokio::join!(async { edit.await }, async { order.await });
        let ordered = ordered.expect(201, "POST /api/orders | signed in | 201");
        let expected = match edited.status {
            200 => json!(99),
            _ => {
                edited.problem(409, "409 while reserved");
                json!(19.99)
            }
        };
        assert_eq!(ordered["ticket"]["price"], expected, "price is locked at reservation");
    }
}

fn pay(server: &Server, buyer: &User, order: &str) -> Call {
    server.post("/api/payments", json!({"orderId": order, "token": "tok_visa"})).by(buyer)
}

/// Sends all of them at the same time.
async fn at_once(calls: impl Iterator<Item = Call>) -> Vec<Answer> {
    join_all(calls.map(IntoFuture::into_future)).await
}
