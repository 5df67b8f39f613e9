//! Webhooks to a receiver, while leaders die.

use std::collections::{BTreeMap, BTreeSet};
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

/// Has some tickets posted, and the leader killed while it has sent some of them and is not answered. Returns how many
/// were posted.
async fn kill_the_leader_in_between(test: &mut Test, receiver: &Receiver, ann: &str) -> usize {
    let ticket = json!({"title": "Some show", "price": 19.99});
    let leader = test.cluster.leader().await.expect("one leads");
    let before = receiver.received("/hooks").len();
    for _ in 0..4 {
        post(test, "/api/tickets", &ticket, ann).await;
    }
    let ends = tokio::time::Instant::now() + PATIENCE;
    while receiver.received("/hooks").len() == before {
        assert!(tokio::time::Instant::now() < ends, "nothing is sent");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    test.cluster.kill(leader).expect("it runs");
    post(test, "/api/tickets", &ticket, ann).await;
    test.cluster.start(leader).expect("it starts");
    test.cluster.until_ready(leader).await.expect("it serves");
    5
}

/// Waits until so many events came, and the endpoint at this path says that they were taken.
async fn until_all_came(test: &Test, receiver: &Receiver, ann: &str, path: &str, posted: usize) {
    let ends = tokio::time::Instant::now() + PATIENCE;
    let headers = [("authorization", ann)];
    loop {
        let leader = test.cluster.leader().await.expect("one leads");
        let shown: Value = test.get(leader, path, &headers).await.json().await.expect("JSON");
        let attempts = test.get(leader, &format!("{path}/attempts?limit=100"), &headers).await;
        let attempts: Value = attempts.json().await.expect("JSON");
        let delivered = attempts.as_array().into_iter().flatten().filter(|it| it["outcome"] == "delivered");
        if counts(receiver).len() == posted && shown["waiting"] == 0 && delivered.count() >= posted {
            return;
        }
        assert!(tokio::time::Instant::now() < ends, "{posted} were posted: {:?}, {shown}", counts(receiver));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
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
    let mut posted = 0;
    for _ in 0..3 {
        posted += kill_the_leader_in_between(&mut test, &receiver, &ann).await;
    }
    until_all_came(&test, &receiver, &ann, &path, posted).await;
    let counts = counts(&receiver);
    assert_eq!(counts.len(), posted, "none is lost: {counts:?}");
    assert!(counts.values().any(|count| *count > 1), "some were sent again: {counts:?}");
    let received = receiver.received("/hooks");
    let ids: BTreeSet<&str> = received.iter().map(|it| it.header("webhook-id")).collect();
    assert_eq!(ids.len(), posted, "each under one id");
    test.check().await.expect_nothing(&mut test.cluster);
}
