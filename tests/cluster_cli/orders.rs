//! What the commands print, change and refuse.

#[cfg(target_os = "linux")]
use std::{io::Read, net::TcpListener, process::Stdio};

use serde_json::Value;

#[cfg(target_os = "linux")]
use crate::process::cluster_on_a_terminal;
use crate::process::{Fleet, cluster, eventually};

fn all_heard(status: &Value) -> bool {
    let is_known = |replica: &Value| replica["clockOffsetMs"].is_i64() && replica["lastLog"].is_u64();
    let replicas = status["replicas"].as_array().expect("a list");
    status["leader"].is_u64() && replicas.len() == 4 && replicas.iter().all(is_known)
}

fn ids(status: &Value, role: &str) -> Vec<u64> {
    let replicas = status["replicas"].as_array().expect("a list").iter();
    replicas.filter(|replica| replica["role"] == role).filter_map(|replica| replica["id"].as_u64()).collect()
}

#[tokio::test]
async fn the_cluster_is_shown_and_changed_by_way_of_any_replica() {
    let mut fleet = Fleet::ready(3, 1).await;
    let status = fleet.until(3, "all are heard", all_heard).await;
    assert!(status["term"].as_u64() > Some(0), "{status}");
    assert_eq!(status["clusterId"].as_str().map(str::len), Some(32), "{status}");
    assert_eq!((ids(&status, "voter").len(), ids(&status, "learner").len()), (3, 1), "{status}");
    for replica in status["replicas"].as_array().expect("a list") {
        assert!(fleet.replicas.iter().any(|known| replica["address"] == known.peer.as_str()), "{replica}");
        assert_eq!(replica["version"], env!("CARGO_PKG_VERSION"), "{replica}");
        let is_voter = replica["role"] == "voter";
        assert_eq!(replica["region"], if is_voter { "ams" } else { "syd" }, "{replica}");
        assert!(replica["lastLog"].is_u64() && replica["applied"].is_u64(), "{replica}");
        assert!(replica["lastContactMs"].as_u64() < Some(60_000), "{replica}");
    }

    // Without --peer it is the replica that the environment is for.
    let here = [("BOXOFFICE_PEER_LISTEN", fleet.replicas[0].peer.as_str())];
    let table = cluster(&["status"], &here).done();
    assert_eq!(table.lines().count(), 6, "{table}");
    assert!(table.contains("voter, leads") && table.contains("APPLIED"), "{table}");

    let learner = ids(&status, "learner")[0].to_string();
    let leader = status["leader"].to_string();
    let refused = cluster(&["promote", &learner], &here).refusal();
    assert!(refused.contains("by its own settings"), "{refused}");
    assert!(cluster(&["remove", "77"], &here).refusal().contains("there is no replica 77"));
    assert!(cluster(&["init"], &here).refusal().contains("is a member of cluster"));
    let to_learner = cluster(&["transfer-leader", &learner, "--json"], &here).refusal();
    assert!(to_learner.contains("does not vote"), "{to_learner}");

    let done = cluster(&["transfer-leader", "--json"], &here).done();
    let done: Value = serde_json::from_str(&done).expect("JSON");
    assert!(done["done"].as_str().is_some_and(|text| text.ends_with("leads")), "{done}");
    let is_another = |status: &Value| status["leader"].as_u64().is_some_and(|now| now.to_string() != leader);
    let led = fleet.until(0, "another leads", is_another).await;

    let second = led["leader"].to_string();
    cluster(&["demote", &second], &here).done();
    let two = fleet.until(1, "two voters", |status| ids(status, "voter").len() == 2).await;
    assert!(!ids(&two, "voter").contains(&led["leader"].as_u64().expect("a leader")));
    cluster(&["promote", &second], &here).done();
    assert_eq!(ids(&fleet.status(2), "voter").len(), 3);

    cluster(&["remove", &learner], &here).done();
    assert_eq!(fleet.exit(3).await.code(), Some(1));
    assert!(fleet.log(3).contains("wipe its data directory"), "{}", fleet.log(3));
    assert_eq!(fleet.status(0)["replicas"].as_array().map(Vec::len), Some(3));
}

#[tokio::test]
async fn whoever_is_not_let_in_or_finds_nobody_is_told_in_a_line() {
    let mut fleet = Fleet::new(1, 0);
    let peer = fleet.replicas[0].peer.clone();
    let nobody = cluster(&["status", "--peer", &peer], &[]).refusal();
    assert!(nobody.contains(&format!("no replica answers at {peer}")), "{nobody}");
    fleet.start(0);
    eventually("it answers", async || match cluster(&["status", "--peer", &peer], &[]) {
        said if said.code == Some(0) => Ok(()),
        said => Err(format!("{said:?}")),
    })
    .await;
    fleet.until(0, "it waits", |status| status["waitingFor"].is_string()).await;
    let stranger = [("BOXOFFICE_CLUSTER_SECRET", "the secret of some other replicas")];
    let refused = cluster(&["status", "--peer", &peer], &stranger).refusal();
    assert!(refused.contains("no replica answers"), "{refused}");
    let none = cluster(&["status", "--peer", &peer], &[("BOXOFFICE_CLUSTER_SECRET", "short")]).refusal();
    assert!(none.contains("BOXOFFICE_CLUSTER_SECRET"), "{none}");
    assert_eq!(cluster(&["promote", "x"], &[]).code, Some(2), "a wrong command line");
}

/// To somebody who takes the call and says nothing.
#[cfg(target_os = "linux")]
#[test]
fn who_waits_at_a_terminal_sees_for_what() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = silent.local_addr().expect("bound");
    let mut promote = cluster_on_a_terminal(&format!("promote 2 --peer {address}"));
    let mut child = promote.stdout(Stdio::piped()).spawn().expect("`script` gives it a terminal");
    let mut said = Vec::new();
    let mut piece = [0; 512];
    let output = child.stdout.as_mut().expect("piped");
    let is_told =
        |said: &[u8]| String::from_utf8_lossy(said).contains("Waiting until the replica has the whole");
    while !is_told(&said) {
        let read = output.read(&mut piece).expect("reads");
        assert!(read > 0, "it ended without: {}", String::from_utf8_lossy(&said));
        said.extend_from_slice(&piece[..read]);
    }
    // Its terminal goes with it, and the command with that.
    child.kill().expect("kills");
    child.wait().expect("ends");
}
