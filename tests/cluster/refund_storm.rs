//! Many ask for refunds of the same payments at once, at all replicas, and the leader dies in the middle.

use std::collections::BTreeMap;

use boxoffice_stripe_fake::{Faults, Operation};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::shop::{Asked, Shop, id_of, until};

const PAYMENTS: usize = 10;
const PAID: f64 = 19.99;
/// What is asked for of each payment: by whom, under which key, and how much, all that is left if nothing is said.
const STORM: [(By, &str, Option<f64>); 14] = [
    (By::Seller, "whole-1", None),
    (By::Seller, "whole-2", None),
    (By::Seller, "whole-2", None),
    (By::Operator, "whole-1", None),
    (By::Operator, "whole-1", None),
    (By::Seller, "all", Some(PAID)),
    (By::Seller, "part-1", Some(5.0)),
    (By::Seller, "part-1", Some(5.0)),
    (By::Seller, "part-2", Some(7.5)),
    (By::Seller, "part-3", Some(0.01)),
    (By::Operator, "part-1", Some(5.0)),
    (By::Operator, "part-2", Some(12.34)),
    (By::Operator, "part-2", Some(12.34)),
    (By::Operator, "part-3", Some(3.0)),
];
/// The leader dies once so many refunds were made.
const MADE_BEFORE: u64 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum By {
    Seller,
    Operator,
}

/// A request, and what was answered: its status and body.
type Answered = ((usize, By, &'static str), (u16, Value));

#[tokio::test(flavor = "multi_thread")]
async fn together_refunds_come_to_what_was_paid_at_most() {
    let mut shop = Shop::open(0).await;
    let mut payments = Vec::new();
    for number in 0..PAYMENTS {
        let body = json!({"orderId": shop.order(0).await, "token": "tok_visa"});
        let pay = Asked::post("/api/payments", body, &shop.bob, format!("pay-{number}"));
        payments.push(id_of(&shop.caller.insist(&[0, 1, 2], &pay).await.1));
    }
    let operator = operator_key(&shop).await;
    // So that many are under way when the leader dies.
    shop.fake.set_faults(Faults { latency_ms: (50, 400), ..Faults::default() });
    let mut storm = JoinSet::new();
    for (number, payment) in payments.iter().enumerate() {
        for (at, (by, key, amount)) in STORM.into_iter().enumerate() {
            let bearer = if by == By::Seller { &shop.ann } else { &operator };
            let body = amount.map_or(json!({}), |amount| json!({ "amount": amount }));
            let path = format!("/api/payments/{payment}/refunds");
            let asked = Asked::post(path, body, bearer, format!("{key}-{number}"));
            let (caller, first) = (shop.caller.clone(), at + number);
            let replicas = [first % 3, (first + 1) % 3, (first + 2) % 3];
            storm.spawn(async move { ((number, by, key), caller.insist(&replicas, &asked).await) });
        }
    }
    until("the storm is on", async || {
        shop.fake.counts().get(&Operation::CreateRefund).is_some_and(|made| *made >= MADE_BEFORE)
    })
    .await;
    let leader = shop.test.cluster.leader().await.expect("one leads");
    shop.test.cluster.kill(leader).expect("it runs");
    shop.test.cluster.leader_except(&[leader]).await.expect("another leads");
    shop.test.cluster.start(leader).expect("starts");
    let answers = storm.join_all().await;
    check_answers(&answers);
    for payment in &payments {
        let path = format!("/api/payments/{payment}/refunds");
        until("all that was asked for is made", async || {
            let refunds = shop.shown((leader + 1) % 3, &path, &shop.ann).await;
            let refunds = refunds.as_ref().and_then(Value::as_array);
            refunds.is_some_and(|refunds| refunds.iter().all(|refund| refund["status"] == "succeeded"))
        })
        .await;
    }
    let paid_minor: u64 = shop.fake.books().charges.iter().map(|charge| charge.amount).sum();
    let back_minor: u64 = shop.fake.books().refunds.iter().map(|refund| refund.amount).sum();
    assert!(0 < back_minor && back_minor <= paid_minor, "{back_minor} of {paid_minor}");
    let bob = shop.bob.clone();
    let tally = shop.check(&[bob]).await;
    // The whole of what is left is asked for as well.
    assert_eq!((tally.given_back, back_minor), (PAYMENTS, paid_minor), "{tally:?}");
}

/// Each is made, or refused for there not being so much left; who asks under the same key is told of the same refund.
fn check_answers(answers: &[Answered]) {
    let mut by_request = BTreeMap::<_, Vec<&(u16, Value)>>::new();
    for (request, answer) in answers {
        let refused = [json!("/problems/nothing-to-refund"), json!("/problems/refund-too-large")];
        let (status, body) = answer;
        let is_right = matches!(status, 201 | 202) || *status == 409 && refused.contains(&body["type"]);
        assert!(is_right, "{request:?}: {status} {body}");
        by_request.entry(request).or_default().push(answer);
    }
    for (request, answers) in &by_request {
        let mut same = answers.windows(2);
        assert!(
            same.all(|two| two[0].1["id"] == two[1].1["id"] && two[0].1["type"] == two[1].1["type"]),
            "{request:?}: {answers:?}"
        );
    }
    let made = by_request.values().filter(|answers| answers[0].0 != 409).count();
    assert!(made >= PAYMENTS && made < by_request.len(), "some are made, some refused: {made}");
}

/// A key that may give money back, as its bearer.
async fn operator_key(shop: &Shop) -> String {
    let directory = shop.test.cluster.data_dir(0).display().to_string();
    let arguments = ["keys", "create", "--label", "storm", "--scope", "refunds", "--json", "--data-dir"];
    let made = shop.test.cluster.run(&[&arguments[..], &[&directory]].concat()).await.expect("it runs");
    assert!(made.status.success(), "{made:?}");
    let key: Value = serde_json::from_slice(&made.stdout).expect("JSON");
    format!("Bearer {}", key["secret"].as_str().unwrap_or_else(|| panic!("{key}")))
}
