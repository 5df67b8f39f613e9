//! Whoever was away for so long that the others have dropped what it lacks gets the whole state.

use std::num::NonZeroU32;
use std::time::Duration;

use boxoffice_chaos::cluster::PATIENCE;
use boxoffice_chaos::proxy::Link;
use boxoffice_raft::inspect;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::support::{PASSWORD, Test};

const AWAY: usize = 3;
/// The least that a log may be bounded to.
const LOG_MAX_BYTES: &str = "2097152";
/// More than any run writes.
const ALL: &str = "100000000000";
/// Tickets that are posted at once, and in all at most: each takes some 2 KiB of the log.
const AT_ONCE: usize = 32;
const AT_MOST: usize = 4_000;
/// Of the link over which the state comes: it is on its way for seconds, and the kill hits it there.
const BYTES_PER_S: NonZeroU32 = NonZeroU32::new(256 << 10).expect("not zero");
/// Where a replica keeps the state that comes from another until it is whole.
const INCOMING_FILE: &str = "state.redb.incoming";
/// How often the receiver is killed midway.
const KILLS: usize = 3;
const POLL: Duration = Duration::from_millis(1);

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

/// Starts the learner, and kills it while the state comes in. Returns whether it was still coming then: the file for it
/// was begun since the start, and not put in place.
async fn start_and_kill_midway(test: &mut Test) -> bool {
    let incoming = test.cluster.data_dir(AWAY).join(INCOMING_FILE);
    let modified = || std::fs::metadata(&incoming).and_then(|metadata| metadata.modified()).ok();
    // One that an earlier kill left there is another.
    let left = modified();
    let is_coming = || modified().is_some_and(|modified| Some(modified) != left);
    test.cluster.start(AWAY).expect("starts");
    let deadline = Instant::now() + PATIENCE;
    while !is_coming() {
        assert!(test.cluster.runs(AWAY), "it has ended: {}", test.cluster.log_tail(AWAY));
        assert!(Instant::now() < deadline, "the state does not come: {}", test.cluster.log_tail(AWAY));
        sleep(POLL).await;
    }
    test.cluster.kill(AWAY).expect("killed");
    is_coming()
}

/// It is killed while it takes the state, starts over, and has all of it in the end.
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

    let slow = Link { bytes_per_s: Some(BYTES_PER_S), ..Link::default() };
    for number in (0..test.cluster.count()).filter(|number| *number != AWAY) {
        test.cluster.links.set_both(number, AWAY, slow);
    }
    let mut midway = 0;
    for _ in 0..KILLS {
        midway += usize::from(start_and_kill_midway(&mut test).await);
    }
    assert!(midway > 0, "the state was never on its way when its receiver was killed");
    test.cluster.links.heal();
    test.cluster.start(AWAY).expect("starts");
    test.cluster.until_ready(AWAY).await.expect("serves");
    test.cluster.until_newest(AWAY).await.expect("has all of it");
    load.until_acknowledged(20).await.expect("goes on meanwhile");
    let verdict = test.expect_sound(load).await;
    assert!(verdict.writes >= 40, "{verdict:?}");
    let found = inspect(test.cluster.data_dir(AWAY)).expect("a store");
    assert!(found.purged_index > Some(0), "it got entries, and no state");
}
