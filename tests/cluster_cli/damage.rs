//! A replica of a cluster whose log is damaged neither votes nor serves, and joins anew once it is wiped.

use std::path::Path;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::process::Fleet;

const ADVICE: &str = "the data is damaged: keep a copy of the data directory for analysis, then wipe it; the replica \
                      joins as somebody new";
const ADDRESS: &str = "easily.found@example.test";

/// Flips a bit wherever the address is: it may also be in pages that are no longer in use.
fn flip(file: &Path) {
    let mut bytes = std::fs::read(file).expect("reads");
    let found = |(at, window): (usize, &[u8])| (window == ADDRESS.as_bytes()).then_some(at);
    let places: Vec<usize> = bytes.windows(ADDRESS.len()).enumerate().filter_map(found).collect();
    assert!(!places.is_empty(), "the address is in {}", file.display());
    for at in places {
        bytes[at] ^= 1;
    }
    std::fs::write(file, bytes).expect("writes");
}

async fn sign_up(fleet: &Fleet, at: usize, email: &str) -> Option<u16> {
    let body = json!({"email": email, "password": "seat-17-row-Q-balcony"});
    let answer = fleet.http.post(fleet.url(at, "/api/users/signup")).json(&body).send().await.ok()?;
    Some(answer.status().as_u16())
}

async fn expect_refusal(fleet: &mut Fleet, at: usize) {
    fleet.start(at);
    assert_eq!(fleet.exit(at).await.code(), Some(1));
    let log = fleet.log(at);
    let last = log.lines().last().unwrap_or_default();
    assert!(last.starts_with("boxoffice: ") && last.contains("log.redb") && last.ends_with(ADVICE), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_with_a_damaged_log_is_not_there_until_it_is_wiped() {
    let mut fleet = Fleet::ready(3, 0).await;
    assert_eq!(sign_up(&fleet, 0, ADDRESS).await, Some(201));
    let before = fleet.until(0, "all have it", |status| {
        let replicas = status["replicas"].as_array().cloned().unwrap_or_default();
        replicas.iter().all(|replica| replica["applied"] == replicas[0]["applied"])
    });
    let before = before.await;
    let leader = fleet.number(&before, &before["leader"]);
    let (damaged, other) = ((leader + 1) % 3, (leader + 2) % 3);
    fleet.signal(damaged, Signal::TERM);
    assert_eq!(fleet.exit(damaged).await.code(), Some(0));
    flip(&fleet.data_dir(damaged).join("log.redb"));
    expect_refusal(&mut fleet, damaged).await;
    assert_eq!(sign_up(&fleet, other, "bob@example.test").await, Some(201), "the two others go on");

    // With its vote there would be a majority.
    fleet.signal(leader, Signal::KILL);
    fleet.exit(leader).await;
    expect_refusal(&mut fleet, damaged).await;
    expect_refusal(&mut fleet, damaged).await;
    fleet.until(other, "nobody leads", |status| status["leader"].is_null()).await;
    assert_eq!(sign_up(&fleet, other, "carl@example.test").await, Some(503));

    fleet.start(leader);
    fleet.until_ready(leader).await;
    fleet.until(other, "somebody leads again", |status| status["leader"].is_u64()).await;
    std::fs::remove_dir_all(fleet.data_dir(damaged)).expect("wiped");
    fleet.start(damaged);
    fleet.until_ready(damaged).await;
    let address = fleet.replicas[damaged].peer.clone();
    let is_new = |replica: &Value| {
        replica["address"] == address.as_str() && replica["id"].as_u64().is_some_and(|id| id > 3)
    };
    fleet
        .until(other, "it is somebody new", |status| {
            status["replicas"].as_array().is_some_and(|replicas| replicas.iter().any(is_new))
        })
        .await;
    assert_eq!(sign_up(&fleet, damaged, ADDRESS).await, Some(409), "and has what was there");
}
