//! The leader of three dies at each step of a payment, and of a refund: another one ends it.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::shop::{Asked, Shop, id_of, until};
use crate::support::Test;

const DECLINED: &str = "tok_chargeDeclined";

/// Before and after each of claim, create, record, confirm and outcome. Right after the intent is created comes its record.
const STEPS: [(&str, &str); 12] = [
    ("before-claim", "tok_once_1"),
    ("after-claim", "tok_once_2"),
    ("before-create", "tok_once_3"),
    ("after-create", "tok_once_4"),
    ("after-record", "tok_once_5"),
    ("before-charge", "tok_once_6"),
    ("after-charge", "tok_once_7"),
    ("before-outcome", "tok_once_8"),
    ("after-outcome", "tok_once_9"),
    ("after-charge", DECLINED),
    ("before-cancel", DECLINED),
    ("after-cancel", DECLINED),
];

const ALL: [usize; 3] = [0, 1, 2];

/// The file by which a replica is told where to die.
fn file(test: &Test, replica: usize) -> PathBuf {
    test.cluster.root().join(format!("failpoint-{replica}"))
}

impl Shop {
    async fn that_may_die() -> Self {
        Self::open_with(0, &[], |test| {
            for replica in ALL {
                let file = file(test, replica).display().to_string();
                test.cluster.set(replica, "BOXOFFICE_FAILPOINT", Some(&file));
            }
        })
        .await
    }

    /// Asks the leader, which dies at this step, and then the others under the same key. Returns what was answered at
    /// last, with all three at work again.
    async fn ask_who_dies(&mut self, step: &str, asked: Asked) -> (u16, Value) {
        let leader = self.test.cluster.leader().await.expect("one leads");
        let file = file(&self.test, leader);
        std::fs::write(&file, step).expect("it can be written");
        let (caller, replicas) = (self.caller.clone(), [leader, (leader + 1) % 3, (leader + 2) % 3]);
        let answered = tokio::spawn(async move { caller.insist(&replicas, &asked).await });
        let died = self.test.cluster.ended(leader).await.expect("it dies");
        assert!(!died.success(), "it dies at {step}; only a build with debug assertions has such places");
        std::fs::remove_file(&file).expect("it is there");
        let answered = answered.await.expect("an answer");
        self.test.cluster.start(leader).expect("starts");
        self.test.cluster.until_ready(leader).await.expect("serves");
        answered
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_leader_dies_at_any_step_and_the_buyer_pays_once() {
    let mut shop = Shop::that_may_die().await;
    for (number, (step, token)) in STEPS.into_iter().enumerate() {
        let about = format!("killed {step} of {token}");
        let order = shop.order(0).await;
        let pay = |token: &str, attempt: u32| {
            let body = json!({"orderId": order, "token": token});
            Asked::post("/api/payments", body, &shop.bob, format!("pay-{number}-{attempt}"))
        };
        let (first, second) = (pay(token, 1), pay("tok_visa", 2));
        let (status, answer) = shop.ask_who_dies(step, first).await;
        if token == DECLINED {
            assert!(matches!(status, 202 | 402), "{about}: {answer}");
            let path = format!("/api/orders/{order}");
            until(&about, async || {
                let shown = shop.shown(0, &path, &shop.bob).await;
                shown.is_some_and(|order| order["status"] == "created")
            })
            .await;
            assert_eq!(shop.fake.books().charges.len(), number, "{about}");
            let (status, paid) = shop.caller.insist(&ALL, &second).await;
            assert!(matches!(status, 201 | 202), "{about}: another card pays: {paid}");
        } else {
            assert!(matches!(status, 201 | 202), "{about}: {answer}");
        }
        shop.until_complete(0, &order, &about).await;
        assert_eq!(shop.fake.books().charges.len(), number + 1, "{about}");
        let attempts = shop.shown(0, &format!("/api/orders/{order}/payments"), &shop.bob).await;
        let attempts = attempts.and_then(|list| list.as_array().map(Vec::len));
        assert_eq!(attempts, Some(if token == DECLINED { 2 } else { 1 }), "{about}");
    }
    let bob = shop.bob.clone();
    let tally = shop.check(&[bob]).await;
    assert_eq!((tally.complete, tally.charges, tally.refunded), (STEPS.len(), STEPS.len(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_leader_dies_at_any_step_of_a_refund_and_gives_back_once() {
    let mut shop = Shop::that_may_die().await;
    let steps = [("before-refund", Some(5.0)), ("after-refund", Some(5.0)), ("after-refund", None)];
    for (number, (step, amount)) in steps.into_iter().enumerate() {
        let body = json!({"orderId": shop.order(0).await, "token": "tok_visa"});
        let pay = Asked::post("/api/payments", body, &shop.bob, format!("pay-{number}"));
        let payment = id_of(&shop.caller.insist(&ALL, &pay).await.1);
        let path = format!("/api/payments/{payment}/refunds");
        let body = amount.map_or(json!({}), |amount| json!({ "amount": amount }));
        let asked = Asked::post(&path, body, &shop.ann, format!("refund-{number}"));
        let (status, answer) = shop.ask_who_dies(step, asked).await;
        assert!(matches!(status, 201 | 202), "killed {step}: {answer}");
        until("the refund succeeds", async || {
            let refunds = shop.shown(0, &path, &shop.ann).await;
            refunds.is_some_and(|refunds| refunds[0]["status"] == "succeeded" && refunds[1].is_null())
        })
        .await;
        assert_eq!(shop.fake.books().refunds.len(), number + 1, "killed {step}");
    }
    let bob = shop.bob.clone();
    let tally = shop.check(&[bob]).await;
    assert_eq!((tally.refunds, tally.given_back), (3, 1));
}
