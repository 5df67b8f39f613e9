//! What is done in Stripe's dashboard, or by banks: it comes by webhook, and shows on the payment.

use boxoffice_stripe_fake::WebhookSettings;
use serde_json::{Value, json};

use crate::stripe::Shop;
use crate::support::{Answer, command, eventually, same_problem};

/// A payment that was made, and what it is called on both sides.
struct Paid {
    order: String,
    payment: String,
    charge: String,
}

impl Shop {
    async fn paid(&self, token: &str) -> Paid {
        let order = self.order().await;
        let payment = self.pay(&order, token).await.expect(201, "the money moved").string("id");
        let charge = self.books().charges.last().expect("it was charged").charge.clone();
        Paid { order, payment, charge }
    }

    async fn payment(&self, paid: &Paid) -> Answer {
        let path = format!("/api/payments/{}", paid.payment);
        self.server.get(&path).by(&self.bob).await.expect(200, "its buyer | 200")
    }

    async fn refunds(&self, paid: &Paid) -> Vec<Value> {
        let path = format!("/api/payments/{}/refunds", paid.payment);
        let listed = self.server.get(&path).by(&self.ann).await;
        listed.expect(200, "GET /api/payments/{id}/refunds | its seller | 200").items().to_vec()
    }

    /// Until the payment stands so, with so much given back.
    async fn shows(&self, paid: &Paid, status: &str, refunded: f64) -> Answer {
        eventually("it shows on the payment", async || {
            let shown = self.payment(paid).await;
            if shown["status"] == status && shown["refundedAmount"].as_f64() == Some(refunded) {
                Ok(shown)
            } else {
                Err(shown.text)
            }
        })
        .await
    }

    /// Until the payment's dispute stands so, its money with the bank or not.
    async fn shows_dispute(&self, paid: &Paid, status: &str, withdrawn: bool) -> Answer {
        eventually("it shows on the payment", async || {
            let shown = self.payment(paid).await;
            let found = &shown["dispute"];
            let is_so = found["status"] == status && found["withdrawn"] == withdrawn;
            if is_so { Ok(shown) } else { Err(shown.text) }
        })
        .await
    }

    async fn has_disputes_open(&self, count: u64) {
        eventually("it is counted", async || {
            let metrics = self.server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200").text;
            let line = format!("boxoffice_disputes_open {count}\n");
            if metrics.contains(&line) { Ok(()) } else { Err(metrics) }
        })
        .await;
    }

    /// Stops the service, and has what its state says proved.
    async fn verify(&mut self) -> Value {
        self.server.terminate();
        assert!(self.server.exit().await.success(), "it stops");
        let mut verify = command(&["verify", "--json"]);
        verify.arg(self.server.data_dir());
        let output =
            tokio::task::spawn_blocking(move || verify.output().expect("it runs")).await.expect("no panic");
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    }
}

#[tokio::test]
async fn refunds_in_the_dashboard_are_one_each_however_webhooks_come() {
    for how in [
        WebhookSettings { doubled: 1.0, ..WebhookSettings::default() },
        WebhookSettings {
            doubled: 0.5,
            reordered: 0.5,
            held_back_ms: 700,
            delay_ms: (0, 300),
            ..WebhookSettings::default()
        },
    ] {
        let mut shop = Shop::open().await;
        shop.tell(how);
        let (part, whole) = (shop.paid("tok_visa").await, shop.paid("pm_card_visa").await);
        let first = shop.fake.refund_in_dashboard(&part.charge, Some(500)).expect("so much is left");
        let second = shop.fake.refund_in_dashboard(&part.charge, Some(250)).expect("so much is left");
        shop.fake.refund_in_dashboard(&whole.charge, None).expect("all of it is left");
        shop.shows(&part, "partially_refunded", 7.5).await;
        shop.shows(&whole, "refunded", 19.99).await;
        eventually("everything is told", async || {
            let counts = shop.fake.webhook_counts();
            if counts.pending == 0 { Ok(()) } else { Err(format!("{counts:?}")) }
        })
        .await;
        let refunds = shop.refunds(&part).await;
        let mut named: Vec<&str> = refunds.iter().filter_map(|one| one["gatewayRefundId"].as_str()).collect();
        named.sort_unstable();
        let mut made = [first.as_str(), second.as_str()];
        made.sort_unstable();
        assert_eq!(named, made);
        for refund in &refunds {
            assert_eq!((&refund["cause"], &refund["actor"]), (&json!("gateway"), &json!("service")));
            assert_eq!(refund["status"], "succeeded");
        }
        assert_eq!(shop.refunds(&whole).await.len(), 1);
        assert_eq!(shop.status(&part.order).await, "complete");
        let order = shop.server.order_of(&shop.bob, &whole.order).await;
        assert_eq!((&order["status"], &order["cancelReason"]), (&json!("cancelled"), &json!("refunded")));
        let ticket = order["ticket"]["id"].as_str().expect("an id");
        assert_eq!(shop.server.ticket_status(ticket).await, "frozen");
        let books = shop.books();
        assert_eq!((books.refunds.len(), books.balance()), (3, 1_249));
        shop.verify().await;
    }
}

#[tokio::test]
async fn a_refund_from_here_and_one_in_the_dashboard_at_the_same_time_are_two_and_no_more_than_was_paid() {
    let mut shop = Shop::open().await;
    shop.tell(WebhookSettings { doubled: 0.5, ..WebhookSettings::default() });
    for amount in [Some(1_000), None] {
        let paid = shop.paid("tok_visa").await;
        let path = format!("/api/payments/{}/refunds", paid.payment);
        let body = json!({ "amount": 12 });
        let ask = shop.server.post(&path, body).by(&shop.ann);
        let asked = tokio::spawn(ask.into_future());
        // One of them finds too little left of 19.99.
        let by_hand = shop.fake.refund_in_dashboard(&paid.charge, amount);
        let own = asked.await.expect("no panic");
        let gone: u64 =
            shop.books().refunds.iter().filter(|one| one.charge == paid.charge).map(|one| one.amount).sum();
        let whole = gone == 1_999;
        let status = if whole { "refunded" } else { "partially_refunded" };
        shop.shows(&paid, status, gone as f64 / 100.0).await;
        let refunds = shop.refunds(&paid).await;
        let counted = |status: &str| refunds.iter().filter(|one| one["status"] == status).count();
        assert!(matches!(own.status, 201 | 202 | 409), "{}", own.text);
        let made = shop.books().refunds.iter().filter(|one| one.charge == paid.charge).count();
        assert_eq!(counted("succeeded"), made, "{by_hand:?}, {}: {refunds:?}", own.text);
        assert_eq!(counted("pending"), 0, "{refunds:?}");
    }
    shop.verify().await;
}

#[tokio::test]
async fn a_refund_in_the_dashboard_takes_time_or_fails() {
    let mut shop = Shop::open().await;
    shop.tell(WebhookSettings::default());
    let slow = shop.paid("tok_pendingRefund").await;
    let refund = shop.fake.refund_in_dashboard(&slow.charge, Some(500)).expect("so much is left");
    eventually("it is seen", async || match &shop.refunds(&slow).await[..] {
        [one] if one["status"] == "pending" => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
    shop.shows(&slow, "succeeded", 0.0).await;
    shop.fake.end_refund(&refund, true).expect("it is pending");
    shop.shows(&slow, "partially_refunded", 5.0).await;

    let fails = shop.paid("tok_refundFail").await;
    let refund = shop.fake.refund_in_dashboard(&fails.charge, None).expect("all of it is left");
    shop.shows(&fails, "refunded", 19.99).await;
    shop.fake.end_refund(&refund, false).expect("its card is like that");
    shop.shows(&fails, "refunding", 0.0).await;
    let refunds = shop.refunds(&fails).await;
    assert_eq!(refunds.len(), 1);
    assert_eq!(
        (&refunds[0]["status"], &refunds[0]["failureCode"]),
        (&json!("failed"), &json!("expired_or_canceled_card"))
    );
    let metrics = shop.server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200").text;
    assert!(metrics.contains("boxoffice_refunds_failed 1"), "somebody is owed money");
    shop.books();
    shop.verify().await;
}

#[tokio::test]
async fn disputes_show_with_where_their_money_is() {
    let mut shop = Shop::open().await;
    let late = WebhookSettings { held_back_ms: 300, ..WebhookSettings::default() };
    shop.tell(WebhookSettings { doubled: 0.5, reordered: 0.5, ..late });
    for is_won in [true, false] {
        let paid = shop.paid("tok_visa").await;
        let dispute = shop.fake.dispute(&paid.charge).expect("it is not disputed");
        let shown = shop.shows_dispute(&paid, "needs_response", true).await;
        let found = &shown["dispute"];
        assert_eq!((&found["amount"], &found["currency"]), (&json!(19.99), &json!("usd")));
        assert_eq!((&found["reason"], &found["gatewayDisputeId"]), (&json!("fraudulent"), &json!(dispute)));
        assert!(found["since"].is_string(), "{}", shown.text);
        shop.has_disputes_open(1).await;
        shop.fake.answer_dispute(&dispute).expect("it is open");
        shop.shows_dispute(&paid, "under_review", true).await;
        shop.fake.close_dispute(&dispute, is_won).expect("it is open");
        let shown = shop.shows_dispute(&paid, if is_won { "won" } else { "lost" }, !is_won).await;
        assert_eq!(shown["status"], "succeeded");
        shop.has_disputes_open(0).await;
        assert_eq!(shop.status(&paid.order).await, "complete", "who bears it is not decided here");
        assert!(shop.server.log().contains(&paid.payment), "it is in the log");
    }
    assert!(shop.came_to("dispute").await > 0);
    shop.books();
    let report = shop.verify().await;
    let accounts =
        report["books"]["ledger"]["accounts"].as_array().or(report["ledger"]["accounts"].as_array());
    let accounts = accounts.unwrap_or_else(|| panic!("{report}"));
    let of =
        |name: &str| accounts.iter().find(|one| one["account"] == name).map(|one| one["debitMinor"].clone());
    assert_eq!((of("disputes"), of("gateway clearing")), (Some(json!(1_999)), Some(json!(1_999))));
}

#[tokio::test]
async fn what_nobody_was_told_of_is_found() {
    let mut shop = Shop::open().await;
    shop.tell(WebhookSettings { dropped: 1.0, ..WebhookSettings::default() });
    let (given_back, disputed) = (shop.paid("tok_visa").await, shop.paid("tok_visa").await);
    shop.fake.refund_in_dashboard(&given_back.charge, None).expect("all of it is left");
    shop.fake.dispute(&disputed.charge).expect("it is not disputed");
    assert_eq!(shop.payment(&given_back).await["status"], "succeeded", "nobody was told");
    // Whoever comes to lead looks at once.
    shop.server.kill();
    shop.server.restart().await;
    shop.shows(&given_back, "refunded", 19.99).await;
    eventually("the dispute shows", async || {
        let shown = shop.payment(&disputed).await;
        if shown["dispute"]["status"] == "needs_response" { Ok(()) } else { Err(shown.text) }
    })
    .await;
    assert_eq!(shop.status(&given_back.order).await, "cancelled");
    let counts = shop.fake.webhook_counts();
    assert!(counts.dropped > 0 && counts.delivered == 0, "{counts:?}");
    shop.books();
    shop.verify().await;
}

#[tokio::test]
async fn the_seller_sees_the_payment_and_not_what_pays_for_it() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    let waits = shop.pay_with_proof(&order).await;
    let path = format!("/api/payments/{}", waits.string("id"));
    let buyers = shop.server.get(&path).by(&shop.bob).await.expect(200, "its buyer | 200");
    assert!(buyers["nextAction"].is_object(), "{}", buyers.text);
    let sellers = shop.server.get(&path).by(&shop.ann).await;
    let sellers = sellers.expect(200, "GET /api/payments/{id} | the ticket's seller | 200");
    assert_eq!((&sellers["status"], &sellers["stage"]), (&json!("processing"), &json!("awaiting:buyer")));
    assert_eq!(sellers["nextAction"], Value::Null, "whoever has it can pay");
    assert!(!sellers.text.contains("secret"), "{}", sellers.text);
    let eve = shop.server.user("eve").await;
    let foreign =
        shop.server.get(&path).by(&eve).await.problem(404, "someone else's private thing (a payment)");
    let missing = shop.server.get("/api/payments/payment_00000000000000000000000000").by(&eve).await;
    same_problem(&foreign, &missing.problem(404, "missing"), "the same body for both");
}

#[tokio::test]
async fn an_order_is_cancelled_although_its_buyer_was_asked_for_proof() {
    let shop = Shop::open().await;
    let order = shop.order().await;
    let payment = shop.pay_with_proof(&order).await.string("id");
    let cancelled = shop.server.delete(&format!("/api/orders/{order}")).by(&shop.bob).await;
    cancelled.expect(204, "DELETE /api/orders/{id} | its buyer | 204");
    assert_eq!(shop.settled(&payment).await["status"], "failed");
    let shown = shop.server.order_of(&shop.bob, &order).await;
    assert_eq!((&shown["status"], &shown["cancelReason"]), (&json!("cancelled"), &json!("buyer")));
    assert_eq!(shop.books().charges, []);
}
