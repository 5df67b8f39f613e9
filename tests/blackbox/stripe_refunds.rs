//! Refunds by Stripe, asked for here: those that take long, and those that fail.

use serde_json::json;

use crate::stripe::{Shop, keys};
use crate::support::eventually;

#[tokio::test]
async fn a_refund_that_takes_long_has_its_name_at_the_gateway_once_nobody_waits_any_longer() {
    let shop = Shop::open().await;
    let paid = shop.pay(&shop.order().await, "tok_pendingRefund").await.expect(201, "the money moved");
    let path = format!("/api/payments/{}/refunds", paid.string("id"));
    let asked = shop.server.post(&path, json!({})).by(&shop.ann).await;
    let asked = asked.expect(202, "POST /api/payments/{id}/refunds | its seller | 202");
    let refund = shop.books().refunds.pop().expect("it was asked for").refund;
    assert_eq!((&asked["status"], &asked["gatewayRefundId"]), (&json!("pending"), &json!(refund)));
    let shown = shop.server.get(asked.header("location").expect("where it is")).by(&shop.ann).await;
    assert_eq!((&shown["version"], shown.header("etag")), (&asked["version"], asked.header("etag")));
}

#[tokio::test]
async fn what_failed_at_stripe_is_not_tried_again_by_another_gateway() {
    let mut shop = Shop::open().await;
    let paid = shop.pay(&shop.order().await, "tok_refundFail").await.expect(201, "the money moved");
    let path = format!("/api/payments/{}/refunds", paid.string("id"));
    let made = shop.server.post(&path, json!({"amount": 5})).by(&shop.ann).await.expect(201, "it went back");
    let refund = shop.books().refunds.pop().expect("it was asked for").refund;
    shop.fake.end_refund(&refund, false).expect("its card is like that");
    shop.server.kill();
    // Whoever comes to lead looks at once.
    shop.server.restart().await;
    let location = made.header("location").expect("where it is").to_owned();
    eventually("it is seen to have failed", async || {
        let shown = shop.server.get(&location).by(&shop.ann).await;
        if shown["status"] == "failed" { Ok(()) } else { Err(shown.text) }
    })
    .await;
    let key = shop.server.operator_key(&["refunds"]);

    for (name, _) in keys("") {
        shop.server.set(name, None);
    }
    shop.server.kill();
    shop.server.restart().await;
    let retry = format!("{location}/retry");
    for (path, body) in [(&retry, json!(null)), (&path, json!({"amount": 5}))] {
        let refused = shop.server.post(path, body).bearer(&key.secret).await;
        assert_eq!(refused.problem(409, "the sandbox never had it").kind(), "/problems/other-gateway");
    }
    assert_eq!(shop.server.get(&location).by(&shop.ann).await["status"], "failed", "it is still owed");
}
