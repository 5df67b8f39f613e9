//! Whoever was away for so long that the others have dropped what it lacks gets the whole state.

use std::time::Duration;

use boxoffice_raft::inspect;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::support::{PASSWORD, PERSISTENCE, Test};

const AWAY: usize = 3;
/// The least that a log may be bounded to.
const LOG_MAX_BYTES: &str = "2097152";
/// More than any run writes.
const ALL: &str = "100000000000";
/// Tickets that are posted at once, and in all at most: each takes some 2 KiB of the log.
const AT_ONCE: usize = 32;
const AT_MOST: usize = 4_000;

/// The number that a replica's metrics have under this name.
async fn measured(test: &Test, replica: usize, name: &str) -> u64 {
    let text = test.get(replica, "/metrics", &[]).await.text().await.expect("text");
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no {name}: {text}"))
}

/// Posts tickets with long titles until the leader has dropped entries beyond `index`.
async fn fill_until_purged(test: &Test, leader: usize, index: u64) {
    let body = json!({"email": "ann@example.test", "password": PASSWORD});
    let user: Value = test.post(0, "/api/users/signup", &body, &[]).await.json().await.expect("JSON");
    let bearer = format!("Bearer {}", user["token"].as_str().expect("a token"));
    // Three bytes each.
    let (title, venue) = ("\u{4e00}".repeat(200), "\u{4e8c}".repeat(200));
    let body = json!({"title": title, "venue": venue, "price": 20});
    let headers = [("authorization", bearer.as_str())];
    for _ in 0..AT_MOST / AT_ONCE {
        let posts = (0..AT_ONCE).map(|_| test.post(leader, "/api/tickets", &body, &headers));
        assert!(join_all(posts).await.iter().all(|answer| answer.status() == 201), "posted");
        if measured(test, leader, "boxoffice_purged_index").await > index {
            return;
        }
    }
    panic!("the log of replica {leader} is never purged");
}

/// It is killed as soon as it has begun to take the state, starts over, and has all of it in the end.
#[tokio::test(flavor = "multi_thread")]
async fn a_learner_that_lacks_too_much_gets_the_state_under_load_and_may_be_killed_meanwhile() {
    let mut test = Test::new(3, 1, &[("BOXOFFICE_LOG_MAX_BYTES", LOG_MAX_BYTES)]).await;
    // The checker needs the log from its beginning, so one replica keeps all of it.
    test.cluster.set(0, "BOXOFFICE_LOG_MAX_BYTES", Some(ALL));
    test.cluster.start_all().expect("starts");
    test.cluster.until_all_ready().await.expect("serves");
    if test.cluster.leader().await.expect("leads") == 0 {
        test.cluster.order(0, &["transfer-leader"]).await.expect("handed over");
    }
    let leader = test.cluster.leader_except(&[0]).await.expect("leads");
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    test.cluster.kill(AWAY).expect("killed");
    fill_until_purged(&test, leader, test.history.newest_told()).await;

    let deadline = Instant::now() + PERSISTENCE;
    for attempt in 0.. {
        test.cluster.start(AWAY).expect("starts");
        if attempt == 3 || Instant::now() > deadline {
            break;
        }
        // Each time a little later: while it is found, while the state is sent, while it is put in place.
        sleep(Duration::from_millis(300 + 250 * attempt)).await;
        test.cluster.kill(AWAY).expect("killed");
    }
    test.cluster.until_ready(AWAY).await.expect("serves");
    test.cluster.until_newest(AWAY).await.expect("has all of it");
    load.until_acknowledged(20).await.expect("goes on meanwhile");
    let verdict = test.expect_sound(load).await;
    assert!(verdict.writes >= 40, "{verdict:?}");
    let found = inspect(test.cluster.data_dir(AWAY)).expect("a store");
    assert!(found.purged_index > Some(0), "it got entries, and no state");
}
