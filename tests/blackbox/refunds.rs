//! Refunds over HTTP: who may ask for them, how much together, and what becomes of order and ticket.

use serde_json::{Value, json};

use crate::support::{Answer, OperatorKey, Server, User, command, same_problem, sandbox_charges};

/// Somebody's sold ticket.
struct Sold {
    server: Server,
    seller: User,
    buyer: User,
    ticket: String,
    order: String,
    payment: String,
}

impl Sold {
    async fn new() -> Self {
        let server = Server::start().await;
        let (seller, buyer) = (server.user("ann").await, server.user("bob").await);
        let ticket = server.ticket(&seller).await;
        let order = server.order(&buyer, &ticket).await;
        let payment = server.pay(&buyer, &order).await;
        Self { server, seller, buyer, ticket, order, payment }
    }

    fn path(&self) -> String {
        format!("/api/payments/{}/refunds", self.payment)
    }

    async fn refund(&self, by: &User, body: Value) -> Answer {
        self.server.post(&self.path(), body).by(by).await
    }

    async fn refund_by_key(&self, by: &OperatorKey, body: Value) -> Answer {
        self.server.post(&self.path(), body).bearer(&by.secret).await
    }

    async fn payment(&self) -> Answer {
        self.server.get(&format!("/api/payments/{}", self.payment)).by(&self.buyer).await
    }

    async fn order(&self) -> Answer {
        self.server.order_of(&self.buyer, &self.order).await
    }
}

#[tokio::test]
async fn a_full_refund_cancels_the_order_and_takes_the_ticket_off_sale() {
    let mut sold = Sold::new().await;
    let before = sold.payment().await;
    assert_eq!((&before["status"], &before["refundedAmount"]), (&json!("succeeded"), &json!(0)));
    let refund = sold.refund(&sold.seller, json!({"reason": "The show moved"})).await;
    let refund = refund.expect(201, "POST /api/payments/{id}/refunds | its seller | 201");
    assert!(refund.string("id").starts_with("refund_"), "{}", refund.text);
    assert_eq!((&refund["amount"], &refund["status"]), (&json!(19.99), &json!("succeeded")));
    assert_eq!((&refund["actor"], &refund["userId"]), (&json!("user"), &json!(sold.seller.id)));
    assert_eq!(refund["reason"], "The show moved");
    let location = refund.header("location").expect("where it is").to_owned();
    let shown = sold.server.get(&location).by(&sold.buyer).await.expect(200, "its buyer may look");
    assert_eq!(shown.body, refund.body);

    let payment = sold.payment().await;
    assert_eq!((&payment["status"], &payment["refundedAmount"]), (&json!("refunded"), &json!(19.99)));
    let order = sold.order().await;
    assert_eq!((&order["status"], &order["cancelReason"]), (&json!("cancelled"), &json!("refunded")));
    assert_eq!(sold.server.ticket_status(&sold.ticket).await, "frozen");
    let history = sold.server.get(&format!("/api/orders/{}/history", sold.order)).by(&sold.buyer).await;
    let last = history.items().last().expect("it has one");
    assert_eq!((&last["reason"], &last["userId"]), (&json!("refunded"), &json!(sold.seller.id)));

    // It is its seller's again, and may be sold once more.
    let unfreeze = format!("/api/tickets/{}/unfreeze", sold.ticket);
    sold.server.post(&unfreeze, json!({})).by(&sold.buyer).await.problem(403, "not the buyer's");
    sold.server.post(&unfreeze, json!({})).by(&sold.seller).await.expect(200, "back on sale");
    let order = sold.server.order(&sold.buyer, &sold.ticket).await;
    sold.server.pay(&sold.buyer, &order).await;
    let none = sold.refund(&sold.seller, json!({})).await.problem(409, "409 when nothing is left");
    assert_eq!(none.kind(), "/problems/nothing-to-refund");

    sold.server.terminate();
    assert!(sold.server.exit().await.success());
    let charges = sandbox_charges(&sold.server.data_dir());
    let refunded: Vec<bool> = charges.iter().map(|charge| charge.refunded).collect();
    assert!(refunded == [true, false] || refunded == [false, true], "{charges:?}");
    let verified = command(&["verify"]).arg(sold.server.data_dir()).output().expect("the command runs");
    let told = String::from_utf8_lossy(&verified.stdout);
    assert!(told.contains("Everything holds") && told.contains("1 Succeeded"), "{verified:?}");
    assert!(told.contains("seller payable"), "the ledger's accounts are shown: {told}");
}

#[tokio::test]
async fn parts_leave_the_order_complete_and_never_come_to_more_than_was_paid() {
    let sold = Sold::new().await;
    let part = sold.refund(&sold.seller, json!({"amount": 5.00})).await.expect(201, "a part");
    assert_eq!(part["amount"], json!(5));
    let payment = sold.payment().await;
    assert_eq!((&payment["status"], &payment["refundedAmount"]), (&json!("partially_refunded"), &json!(5)));
    assert_eq!(sold.order().await["status"], "complete");
    assert_eq!(sold.server.ticket_status(&sold.ticket).await, "sold");
    let more = sold.refund(&sold.seller, json!({"amount": 15.00})).await.problem(409, "14.99 are left");
    assert_eq!(more.kind(), "/problems/refund-too-large");
    assert!(more.text.contains("14.99") && more.faults() == ["amount"], "{}", more.text);
    for amount in [json!(0), json!(-1), json!("5"), json!(1.001)] {
        let wrong = sold.refund(&sold.seller, json!({ "amount": amount })).await;
        assert_eq!(wrong.problem(400, "an amount of money").faults(), ["amount"]);
    }
    let misspelled = sold.refund(&sold.seller, json!({"amuont": 5})).await;
    assert_eq!(misspelled.problem(400, "not all that is left").faults(), ["amuont"]);
    sold.refund(&sold.seller, json!({})).await.expect(201, "all that is left");
    let listed = sold.server.get(&sold.path()).by(&sold.seller).await;
    let listed = listed.expect(200, "GET /api/payments/{id}/refunds | its seller | 200");
    let amounts: Vec<&Value> = listed.items().iter().map(|refund| &refund["amount"]).collect();
    assert_eq!(amounts, [&json!(5), &json!(14.99)], "oldest first");
    assert_eq!(sold.payment().await["status"], "refunded");
}

#[tokio::test]
async fn of_ten_in_parallel_one_refunds() {
    let sold = Sold::new().await;
    let asked = (0..10).map(|_| sold.refund(&sold.seller, json!({})));
    let answers = futures_util::future::join_all(asked).await;
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 9, "{statuses:?}");
    assert_eq!(sold.server.get(&sold.path()).by(&sold.seller).await.items().len(), 1);
}

#[tokio::test]
async fn the_same_key_gives_back_once() {
    let sold = Sold::new().await;
    let ask = |amount: f64| {
        sold.server.post(&sold.path(), json!({ "amount": amount })).by(&sold.seller).key("once")
    };
    let first = ask(5.0).await.expect(201, "a refund");
    let again = ask(5.0).await.expect(201, "the same answer");
    assert_eq!((again.header("idempotent-replayed"), &again.body), (Some("true"), &first.body));
    ask(6.0).await.problem(422, "another request under the same key");
    assert_eq!(sold.payment().await["refundedAmount"], json!(5));
    // Who paid under a key gets the same answer after it all went back.
    let order = sold.server.order(&sold.buyer, &sold.server.ticket(&sold.seller).await).await;
    let pay = async || {
        let body = json!({"orderId": order, "token": "tok_visa"});
        sold.server.post("/api/payments", body).by(&sold.buyer).key("paid").await.expect(201, "paid")
    };
    let paid = pay().await;
    let path = format!("/api/payments/{}/refunds", paid.string("id"));
    sold.server.post(&path, json!({})).by(&sold.seller).await.expect(201, "a refund");
    let again = pay().await;
    assert_eq!((again.string("id"), again.string("status")), (paid.string("id"), "refunded".to_owned()));
}

#[tokio::test]
async fn the_seller_and_operators_may_and_nobody_else() {
    let sold = Sold::new().await;
    let carol = sold.server.user("carol").await;
    let refused = sold.refund(&sold.buyer, json!({})).await.problem(403, "not the buyer");
    assert_eq!(refused.kind(), "/problems/forbidden");
    let foreign = sold.refund(&carol, json!({})).await.problem(404, "a stranger sees no payment");
    let nothing = "/api/payments/payment_00000000000000000000000000/refunds";
    let missing = sold.server.post(nothing, json!({})).by(&carol).await.problem(404, "missing");
    same_problem(&foreign, &missing, "the same body for both");
    sold.server.get(&sold.path()).by(&carol).await.problem(404, "nor its refunds");
    sold.server.post(&sold.path(), json!({})).await.problem(401, "not signed in");
    let clerk = sold.server.operator_key(&["payments:read"]);
    let refused = sold.refund_by_key(&clerk, json!({})).await.problem(403, "it takes the scope `refunds`");
    assert_eq!(refused.kind(), "/problems/insufficient-scope");
    let operator = sold.server.operator_key(&["refunds"]);
    let refund = sold.refund_by_key(&operator, json!({"amount": 1.00})).await.expect(201, "refunds | 201");
    assert_eq!((&refund["actor"], &refund["keyId"]), (&json!("operator"), &json!(operator.id)));
    for key in [&clerk, &operator] {
        let listed = sold.server.get(&sold.path()).bearer(&key.secret).await.expect(200, "may look");
        assert_eq!(listed.items().len(), 1);
    }
    // Nothing is wrong with it, so it stays as it is.
    let retry = format!("{}/{}/retry", sold.path(), refund.string("id"));
    let same = sold.server.post(&retry, json!({})).bearer(&operator.secret).await;
    assert_eq!(same.expect(200, "POST …/retry | refunds | 200").body, refund.body);
    sold.server.post(&retry, json!({})).bearer(&clerk.secret).await.problem(403, "it takes the scope");
    sold.server.post(&retry, json!({})).by(&sold.seller).await.problem(403, "an operator's");
}

#[tokio::test]
async fn a_payment_that_took_nothing_has_nothing_to_give_back() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    let body = json!({"orderId": order, "token": "tok_chargeDeclined"});
    let declined = server.post("/api/payments", body).by(&bob).await.problem(402, "declined");
    let path = format!("/api/payments/{}/refunds", declined.string("paymentId"));
    let none = server.post(&path, json!({})).by(&ann).await.problem(409, "nothing was paid");
    assert_eq!(none.kind(), "/problems/nothing-to-refund");
    assert!(server.get(&path).by(&ann).await.items().is_empty());
}

#[tokio::test]
async fn buyer_and_seller_see_the_attempts_to_pay() {
    let server = Server::start().await;
    let (ann, bob, carol) = (server.user("ann").await, server.user("bob").await, server.user("carol").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    let body = json!({"orderId": order, "token": "tok_chargeDeclined"});
    server.post("/api/payments", body).by(&bob).await.problem(402, "declined");
    let paid = server.pay(&bob, &order).await;
    // What its seller knows of a sold ticket leads to what they may give back.
    let sold = server.get(&format!("/api/tickets/{ticket}")).await;
    let path = format!("/api/orders/{}/payments", sold.string("orderId"));
    for user in [&ann, &bob] {
        let attempts = server.get(&path).by(user).await;
        let attempts = attempts.expect(200, "GET /api/orders/{id}/payments | buyer or seller | 200");
        let statuses: Vec<&Value> = attempts.items().iter().map(|payment| &payment["status"]).collect();
        assert_eq!(statuses, [&json!("failed"), &json!("succeeded")], "oldest first");
        assert_eq!(attempts.ids()[1], paid);
    }
    server.get(&path).by(&carol).await.problem(404, "someone else's private thing (an order)");
}
