//! What is rare and costs money: a bank that takes its time past the end of the grace, and a service that comes back without
//! the keys of the gateway, or with those of another account.

use std::time::Duration;

use boxoffice_stripe_fake::{Fake, Operation, Options};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::stripe::{Shop, keys};
use crate::support::eventually;

/// An order is held for three seconds.
const SHORT: [(&str, &str); 2] = [("BOXOFFICE_PAYMENT_WINDOW", "2s"), ("BOXOFFICE_PAYMENT_GRACE", "1s")];

/// As long as what was done may go unseen, by the longest pause and the longest call, and a good deal more.
const UNSEEN: Duration = Duration::from_secs(90);

impl Shop {
    async fn until_released(&self, order: &str) {
        eventually("the order is released", async || {
            let status = self.status(order).await;
            if status == "cancelled" { Ok(()) } else { Err(status.to_string()) }
        })
        .await;
    }

    /// Waits until the payment has this status.
    async fn until_payment_is(&self, payment: &str, wanted: &str) {
        let ends = Instant::now() + UNSEEN;
        loop {
            let read = self.server.get(&format!("/api/payments/{payment}")).by(&self.bob).await;
            if read["status"] == wanted {
                return;
            }
            assert!(Instant::now() < ends, "it becomes {wanted}: {}", read.text);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn newest_intent(&self) -> String {
        let made = |event: &Value| event["type"] == "payment_intent.created";
        let event = self.fake.events().into_iter().rfind(made).expect("one was made");
        event["data"]["object"]["id"].as_str().expect("its name").to_owned()
    }

    /// Everything that was charged went back, once.
    fn assert_all_back(&self, charges: usize) {
        let books = self.books();
        assert_eq!((books.charges.len(), books.refunds.len(), books.balance()), (charges, charges, 0));
    }
}

#[tokio::test]
async fn a_bank_that_takes_its_time_holds_no_ticket_and_its_money_goes_back() {
    let shop = Shop::open_with(&SHORT).await;
    for (succeeds, ends) in [(true, "refunded"), (false, "failed")] {
        let order = shop.order().await;
        // Whoever asks waits longer than the order is held.
        let pay =
            shop.server.post("/api/payments", json!({"orderId": order, "token": "pm_card_standInSlow"}));
        let paying = tokio::spawn(pay.by(&shop.bob).into_future());
        shop.until_released(&order).await;
        let intent = shop.newest_intent();
        let payment = paying.await.expect("no panic").expect(202, "the bank is at it").string("id");
        let shown = shop.server.get(&format!("/api/payments/{payment}")).by(&shop.bob).await;
        assert_eq!(shown["status"], "processing", "nobody knows yet: {}", shown.text);
        shop.fake.complete(&intent, succeeds).expect("the bank is at it");
        shop.until_payment_is(&payment, ends).await;
        assert_eq!(shop.status(&order).await, "cancelled", "a late payment revives no order");
    }
    shop.assert_all_back(1);
}

#[tokio::test]
async fn without_the_keys_of_its_gateway_a_payment_waits_and_is_charged_by_no_other() {
    let mut shop = Shop::open_with(&SHORT).await;
    let order = shop.order().await;
    let waits = shop.pay(&order, "tok_threeDSecure2Required").await.expect(202, "the buyer has to act");
    let (payment, intent, calls) = (waits.string("id"), shop.newest_intent(), shop.fake.counts());
    shop.server.kill();
    let base = shop.fake.url();
    let keys = keys(&base);
    for (name, _) in keys {
        shop.server.set(name, None);
    }
    shop.server.restart().await;
    shop.fake.complete(&intent, true).expect("the buyer does it meanwhile");
    shop.until_released(&order).await;
    let shown = shop.server.get(&format!("/api/payments/{payment}")).by(&shop.bob).await;
    assert_eq!(shown["status"], "processing", "the sandbox is not asked: {}", shown.text);
    // Others are paid with play money meanwhile.
    let other = shop.order().await;
    shop.pay(&other, "tok_visa").await.expect(201, "by the sandbox");
    assert_eq!(shop.fake.counts(), calls, "nobody calls it without keys");
    shop.server.kill();
    for (name, value) in keys {
        shop.server.set(name, Some(value));
    }
    shop.server.restart().await;
    shop.until_payment_is(&payment, "refunded").await;
    assert_eq!(shop.status(&other).await, "complete");
    shop.assert_all_back(1);
}

#[tokio::test]
async fn with_the_keys_of_another_account_no_refund_is_given_up() {
    let mut shop = Shop::open().await;
    let order = shop.order().await;
    let payment = shop.pay(&order, "tok_visa").await.expect(201, "paid").string("id");
    let elsewhere = Fake::start(Options { seed: 2, ..Options::default() }).await.expect("it listens");
    shop.server.kill();
    shop.server.set("BOXOFFICE_STRIPE_API_BASE", Some(&elsewhere.url()));
    shop.server.restart().await;
    let path = format!("/api/payments/{payment}/refunds");
    let refund = shop.server.post(&path, json!({"amount": 5})).by(&shop.ann).await;
    let refund = refund.expect(202, "nobody there knows of it");
    assert_eq!(refund["status"], "pending", "and so it is not over: {}", refund.text);
    assert!(elsewhere.counts().contains_key(&Operation::ListRefunds), "it was asked");
    shop.server.kill();
    shop.server.set("BOXOFFICE_STRIPE_API_BASE", Some(&shop.fake.url()));
    shop.server.restart().await;
    shop.until_payment_is(&payment, "partially_refunded").await;
    let books = shop.books();
    assert_eq!((books.refunds.len(), books.refunds[0].amount), (1, 500));
}

#[tokio::test]
async fn what_a_buyer_gives_up_between_hides_no_declines_and_what_is_open_goes_on() {
    let shop = Shop::open().await;
    let in_browser = async |order: &str| {
        let path = format!("/api/orders/{order}/payment-intent");
        shop.server.post(&path, json!({})).by(&shop.bob).await
    };
    let waits = shop.order().await;
    in_browser(&waits).await.expect(201, "it may be");
    let mut order = String::new();
    for number in 0..30 {
        if number % 10 == 0 {
            order = shop.order().await;
        }
        if number % 3 == 0 {
            // Which the card that comes next has given up.
            in_browser(&order).await.expect(201, "it may be");
        }
        shop.pay(&order, "tok_chargeDeclined").await.problem(402, "bad luck");
    }
    shop.pay(&order, "tok_visa").await.problem(429, "it is no luck any more");
    in_browser(&order).await.problem(429, "nor in a browser");
    in_browser(&waits).await.expect(200, "what holds an order already is given its secret");
}
