//! Bugs that are planted, so that it is known that the checker finds such.

use std::time::Duration;

use boxoffice_chaos::client::Client;
use boxoffice_chaos::history::{Consistency, Request};
use boxoffice_raft::inspect;
use tokio::time::{Instant, sleep};

use crate::support::{PERSISTENCE, Test};

const BUG: &str = "BOXOFFICE_PLANTED_BUG";
/// What is lost depends on the moment of the kill.
const ROUNDS: usize = 5;

/// Changes one after the other, then `kill -9` of all, which come back. Returns what the checker finds.
async fn after_an_outage(bug: &str) -> Vec<String> {
    let mut test = Test::running(3, 0, &[(BUG, bug)]).await;
    let bases = test.bases();
    let mut client = Client::sign_up(&bases, &test.history, "client", 0).await.expect("signs up");
    for number in 0..20 {
        let key = format!("key-{number}");
        let posted = client.change(number % 3, Request::PostTicket(key.clone()), &key, PERSISTENCE).await;
        assert_eq!(posted.expect("posted").status, 201);
        if number == 10 {
            // The cluster's own beginnings, and half of all, reach the disks whatever is planted.
            sleep(Duration::from_secs(1)).await;
        }
    }
    test.cluster.kill_all().expect("killed");
    if test.cluster.heal().await.is_ok() {
        return test.check().await.violations;
    }
    // What was lost may be what the engine itself relies on: then it stops, and the stores tell what they have.
    test.cluster.kill_all().expect("killed");
    test.check_as_it_is().violations
}

async fn is_caught(bug: &str, expected: &str) {
    let mut all = Vec::new();
    for _ in 0..ROUNDS {
        let found = after_an_outage(bug).await;
        if found.iter().any(|violation| violation.contains(expected)) {
            return;
        }
        all.extend(found);
    }
    panic!("{bug} was not found: {all:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledging_before_fsync_is_found() {
    is_caught("ack-before-fsync", "it was acknowledged").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dropping_the_last_entry_on_restart_is_found() {
    is_caught("drop-last-entry", "it was acknowledged").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_strong_read_is_found() {
    let mut test = Test::running(3, 0, &[(BUG, "stale-strong-read")]).await;
    let bases = test.bases();
    let mut client = Client::sign_up(&bases, &test.history, "client", 0).await.expect("signs up");
    let posted =
        client.change(0, Request::PostTicket("A".to_owned()), "a", PERSISTENCE).await.expect("posted");
    let ticket = posted.body["id"].as_str().expect("an id").to_owned();
    let deposed = test.cluster.leader().await.expect("leads");
    test.cluster.until_newest(deposed).await.expect("has it");
    test.cluster.isolate(deposed);
    let next = test.cluster.leader_except(&[deposed]).await.expect("another one");
    let renamed = Request::RenameTicket(ticket.clone(), "B".to_owned());
    assert_eq!(client.change(next, renamed, "b", PERSISTENCE).await.expect("renamed").status, 200);
    let read = client.ask(deposed, Request::ShowTicket(ticket), Consistency::Strong, None, false).await;
    let read = read.expect("the planted bug has it answer");
    assert_eq!(read.body["title"], "A", "the planted bug shows what was");
    let found = test.check().await.violations;
    assert!(
        found.iter().any(|violation| violation.contains("was told of before it was asked")),
        "{found:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn using_a_node_id_again_is_found() {
    let mut test = Test::running(3, 0, &[(BUG, "reuse-node-id")]).await;
    let leader = test.cluster.leader().await.expect("leads");
    let wiped = (leader + 1) % 3;
    test.cluster.kill(wiped).expect("killed");
    test.cluster.wipe(wiped).expect("wiped");
    // It may well not come so far as to serve: what counts is under which id it has come.
    let deadline = Instant::now() + PERSISTENCE;
    while inspect(test.cluster.data_dir(wiped)).is_err() {
        assert!(Instant::now() < deadline, "it is not let in: {}", test.cluster.log_tail(wiped));
        test.cluster.start(wiped).expect("starts");
        sleep(Duration::from_secs(1)).await;
        test.cluster.kill(wiped).expect("killed");
    }
    test.cluster.kill_all().expect("killed");
    let found = test.check_as_it_is().violations;
    assert!(found.iter().any(|violation| violation.contains("was used twice")), "{found:#?}");
}
