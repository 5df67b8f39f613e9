//! A gateway that hangs for a minute, on three replicas: nobody who sells or orders waits for it.

use std::time::Duration;

use boxoffice_stripe_fake::{Fault, Planned};
use serde_json::json;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::shop::{Asked, Shop, id_of, until};

const HANGS_FOR: Duration = Duration::from_secs(60);
/// Payments under way all the while: as many as the service makes at once of one buyer, and more.
const PAYMENTS: usize = 12;
/// One after the other at each replica, within a minute. Whoever waits for the gateway waits ten seconds: that would be six.
const AT_LEAST: usize = 10;

#[tokio::test(flavor = "multi_thread")]
async fn while_the_gateway_hangs_for_a_minute_others_sell() {
    let shop = Shop::open(0).await;
    let carol = shop.sign_up("carol").await;
    let mut orders = Vec::new();
    for number in 0..PAYMENTS {
        orders.push(shop.order(number % 3).await);
    }
    shop.fake.plan(Planned { operation: None, fault: Fault::HeldBefore, times: u32::MAX });
    let mut paying = JoinSet::new();
    for (number, order) in orders.iter().enumerate() {
        let body = json!({"orderId": order, "token": format!("tok_once_{number}")});
        let pay = Asked::post("/api/payments", body, &shop.bob, format!("pay-{number}"));
        let caller = shop.caller.clone();
        paying.spawn(async move { caller.insist(&[number % 3], &pay).await });
    }
    until("calls hang", async || shop.fake.held() > 0).await;
    let ends = Instant::now() + HANGS_FOR;
    let sales = (0..3).map(|replica| sell_until(&shop, replica, &carol, ends));
    for sold in futures_util::future::join_all(sales).await {
        assert!(sold >= AT_LEAST, "others hardly sold: {sold}");
    }
    while let Some(answer) = paying.join_next().await {
        let (status, payment) = answer.expect("no panic");
        assert_eq!((status, payment["status"].as_str()), (202, Some("processing")), "{payment}");
    }
    assert_eq!(shop.fake.books().charges.len(), 0, "it hangs");
    shop.fake.let_go();
    for order in &orders {
        shop.until_complete(0, order, "the gateway is back").await;
    }
    until("nothing is under way", async || shop.fake.held() == 0).await;
    let bob = shop.bob.clone();
    let tally = shop.check(&[bob]).await;
    assert_eq!((tally.complete, tally.charges), (PAYMENTS, PAYMENTS));
}

/// Posts tickets, orders them, and gives every other one back. Returns how many were ordered.
async fn sell_until(shop: &Shop, replica: usize, buyer: &str, ends: Instant) -> usize {
    let mut sold = 0;
    while Instant::now() < ends {
        let name = format!("sale-{replica}-{sold}");
        let ticket = json!({"title": name, "price": 5});
        let ticket = Asked::post("/api/tickets", ticket, &shop.ann, format!("ticket-{name}"));
        let ticket = id_of(&shop.caller.insist(&[replica], &ticket).await.1);
        let order = Asked::post("/api/orders", json!({"ticketId": ticket}), buyer, format!("order-{name}"));
        let order = id_of(&shop.caller.insist(&[replica], &order).await.1);
        if sold % 2 == 0 {
            let cancel = Asked {
                method: reqwest::Method::DELETE,
                path: format!("/api/orders/{order}"),
                body: None,
                bearer: buyer.to_owned(),
                key: None,
            };
            assert_eq!(shop.caller.insist(&[replica], &cancel).await.0, 204, "it is given back");
        }
        sold += 1;
    }
    sold
}
