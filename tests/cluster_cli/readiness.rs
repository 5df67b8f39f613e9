//! What `/healthz` and `/readyz` say of a replica whose cluster is not there.

use rustix::process::Signal;

use crate::process::{Fleet, cluster};

#[tokio::test]
async fn a_fresh_replica_lives_while_it_waits_for_others_and_init_ends_that() {
    let mut fleet = Fleet::new(3, 0);
    fleet.start(0);
    let peer = fleet.replicas[0].peer.clone();
    crate::process::eventually("it says what it waits for", async || {
        let said = cluster(&["status", "--peer", &peer], &[]);
        if said.out.contains("waiting for 3 fresh replicas") { Ok(()) } else { Err(format!("{said:?}")) }
    })
    .await;
    assert_eq!(fleet.get(0, "/healthz").await, Some(200));
    assert_eq!(fleet.get(0, "/readyz").await, Some(503));
    let formed = cluster(&["init", "--peer", &peer], &[]).done();
    assert!(formed.contains("is formed"), "{formed}");
    fleet.until_ready(0).await;
    assert_eq!(fleet.status(0)["leader"], 1);
}

#[tokio::test]
async fn a_replica_that_starts_without_a_leader_serves_what_it_has() {
    let mut fleet = Fleet::ready(3, 0).await;
    // In order, so that what it has is durable in its state; the others are gone for good.
    for (at, signal) in [(0, Signal::TERM), (1, Signal::KILL), (2, Signal::KILL)] {
        fleet.signal(at, signal);
        fleet.exit(at).await;
    }
    fleet.start(0);
    fleet.until_ready(0).await;
    assert_eq!(fleet.get(0, "/healthz").await, Some(200));
    let local = fleet.http.get(fleet.url(0, "/api/tickets")).header("consistency", "local");
    let local = local.send().await.expect("an answer");
    assert_eq!(local.status().as_u16(), 200, "reads go on");
    let age =
        local.headers().get("consistency-age-ms").and_then(|age| age.to_str().ok()?.parse::<u64>().ok());
    assert!(age >= Some(1_000), "it has heard of no leader since it stopped: {age:?}");
    // One that led, and finds its own vote, takes itself for the leader for a moment.
    let status = fleet.until(0, "nobody leads", |status| status["leader"].is_null()).await;
    assert!(status["clusterId"].is_string(), "{status}");
    assert_eq!(status["replicas"].as_array().map(Vec::len), Some(3), "{status}");
    let nobody = cluster(&["demote", "2", "--peer", &fleet.replicas[0].peer], &[]).refusal();
    assert!(nobody.contains("nobody leads") || nobody.contains("no majority"), "{nobody}");
}
