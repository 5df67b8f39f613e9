//! Webhooks to a receiver, while leaders die.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use boxoffice_chaos::receiver::{Receiver, Says};
use serde_json::{Value, json};

use crate::support::{PASSWORD, Test};

/// Longer than anything takes on a busy machine that is waited for.
const PATIENCE: Duration = Duration::from_secs(120);

static NEXT_KEY: AtomicU64 = AtomicU64::new(1);

/// What comes of it, asked of any replica until there is an answer.
async fn post(test: &mut Test, path: &str, body: &Value, bearer: &str) -> Value {
    // However often it is asked for, it happens once.
    let key = format!("key-{}", NEXT_KEY.fetch_add(1, Ordering::Relaxed));
    let ends = tokio::time::Instant::now() + PATIENCE;
    for replica in (0..3).cycle() {
        if test.cluster.runs(replica) {
            let answer =
                test.post(replica, path, body, &[("authorization", bearer), ("idempotency-key", &key)]).await;
            if answer.status().is_success() {
                return answer.json().await.expect("JSON");
            }
            assert_eq!(answer.status(), 503, "{path}");
        }
        assert!(tokio::time::Instant::now() < ends, "{path} has no answer");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    unreachable!("it goes round and round")
}

/// How often each event came, by its sequence.
fn counts(receiver: &Receiver) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for received in receiver.received("/hooks") {
        let event = received.json();
        let sequence = event["sequence"].as_str().and_then(|text| text.parse().ok());
        *counts.entry(sequence.unwrap_or_else(|| panic!("{event}"))).or_default() += 1;
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_leader_sent_and_did_not_record_is_sent_by_the_next_and_nothing_is_lost() {
    let receiver = Receiver::start().await.expect("a port");
    // Time enough to kill whoever has sent something and is not answered yet.
    receiver.say("/hooks", Says { after: Duration::from_secs(3), ..Says::status(200) });
    let mut test = Test::running(3, 0, &[("BOXOFFICE_WEBHOOKS_ALLOW_PRIVATE", "true")]).await;
    let body = json!({"email": "ann@example.test", "password": PASSWORD});
    let user = post(&mut test, "/api/users/signup", &body, "").await;
    let ann = format!("Bearer {}", user["token"].as_str().unwrap_or_else(|| panic!("{user}")));
    let input = json!({"url": receiver.url("/hooks"), "types": ["ticket:created"]});
    let hook = post(&mut test, "/api/webhooks", &input, &ann).await;
    let path = format!("/api/webhooks/{}", hook["id"].as_str().unwrap_or_else(|| panic!("{hook}")));
    let (mut posted, mut killed_in_between) = (0, 0);
    for _ in 0..3 {
        let leader = test.cluster.leader().await.expect("one leads");
        let before = receiver.received("/hooks").len();
        for _ in 0..4 {
            post(&mut test, "/api/tickets", &json!({"title": "Some show", "price": 19.99}), &ann).await;
            posted += 1;
        }
        let ends = tokio::time::Instant::now() + PATIENCE;
        while receiver.received("/hooks").len() == before {
            assert!(tokio::time::Instant::now() < ends, "nothing is sent");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        test.cluster.kill(leader).expect("it runs");
        killed_in_between += 1;
        post(&mut test, "/api/tickets", &json!({"title": "Some show", "price": 19.99}), &ann).await;
        posted += 1;
        test.cluster.start(leader).expect("it starts");
        test.cluster.until_ready(leader).await.expect("it serves");
    }
    let ends = tokio::time::Instant::now() + PATIENCE;
    loop {
        let leader = test.cluster.leader().await.expect("one leads");
        let shown = test.get(leader, &path, &[("authorization", ann.as_str())]).await;
        let shown: Value = shown.json().await.expect("JSON");
        let attempts =
            test.get(leader, &format!("{path}/attempts?limit=100"), &[("authorization", ann.as_str())]).await;
        let attempts: Value = attempts.json().await.expect("JSON");
        let delivered = attempts.as_array().map_or(0, |attempts| {
            attempts.iter().filter(|attempt| attempt["outcome"] == "delivered").count()
        });
        if counts(&receiver).len() == posted && shown["waiting"] == 0 && delivered >= posted {
            break;
        }
        assert!(tokio::time::Instant::now() < ends, "{posted} were posted: {:?}, {shown}", counts(&receiver));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let counts = counts(&receiver);
    assert_eq!(counts.len(), posted, "none is lost: {counts:?}");
    let again = counts.values().filter(|count| **count > 1).count();
    assert!(killed_in_between == 3 && again > 0, "some were sent again: {counts:?}");
    let ids: BTreeMap<String, u64> = receiver
        .received("/hooks")
        .iter()
        .map(|it| {
            (
                it.header("webhook-id").to_owned(),
                it.json()["sequence"].as_str().map_or(0, |text| text.parse().unwrap_or(0)),
            )
        })
        .collect();
    assert_eq!(ids.len(), posted, "each under one id");
    test.check().await.expect_nothing(&mut test.cluster);
}
