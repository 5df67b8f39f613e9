//! The runbook for a lost quorum: which replica goes furthest, and the cluster that is made of it.

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::process::{Fleet, run};

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON object")
}

async fn sign_up(fleet: &Fleet, at: usize, email: &str) -> bool {
    let body = json!({"email": email, "password": "seat-17-row-Q-balcony"});
    let answer = fleet.http.post(fleet.url(at, "/api/users/signup")).json(&body).send().await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

async fn stop(fleet: &mut Fleet, at: usize) {
    fleet.signal(at, Signal::TERM);
    assert_eq!(fleet.exit(at).await.code(), Some(0));
}

fn last_log_entry(fleet: &Fleet, at: usize) -> (u64, u64) {
    let verified =
        json_of(&run(&["verify", "--json", &fleet.data_dir(at).display().to_string()], &[]).done());
    let last = &verified["subject"]["lastLogEntry"];
    let number = |name: &str| last[name].as_u64().unwrap_or_else(|| panic!("{name} in {verified}"));
    (number("term"), number("index"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_replica_that_goes_furthest_is_found_and_made_a_cluster_of_its_own() {
    let mut fleet = Fleet::ready(3, 0).await;
    stop(&mut fleet, 0).await;
    // The others go on without it.
    crate::process::eventually("somebody leads", async || {
        let is_done = sign_up(&fleet, 1, "ann@example.test").await;
        if is_done { Ok(()) } else { Err("not signed up".to_owned()) }
    })
    .await;
    stop(&mut fleet, 1).await;
    stop(&mut fleet, 2).await;
    let (first, second) = (last_log_entry(&fleet, 0), last_log_entry(&fleet, 1));
    assert!(second > first, "by the term, and then by the index: {first:?} and {second:?}");

    let data_dir = fleet.data_dir(1).display().to_string();
    let unconfirmed = run(&["recover", "--json", "--data-dir", &data_dir], &[]);
    assert_eq!((unconfirmed.code, unconfirmed.out.as_str()), (Some(1), ""), "nobody typed it");
    let (term, index) = second;
    assert!(
        unconfirmed.err.contains(&format!("Last log entry: term {term}, index {index}.")),
        "{unconfirmed:?}"
    );
    assert!(unconfirmed.err.contains(&format!("last log entry is of term {term} at index {index}")));
    let made = run(&["recover", "--json", "--yes-the-quorum-is-lost", "--data-dir", &data_dir], &[]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let made = json_of(&made.out);
    assert_eq!(made["ancestor"]["index"], index, "{made}");
    assert_eq!(
        (&made["salesHeld"], made["clusterId"].as_str().map(str::len)),
        (&json!(true), Some(32)),
        "{made}"
    );

    fleet.start(1);
    fleet.until_ready(1).await;
    let body = json!({"email": "ann@example.test", "password": "seat-17-row-Q-balcony"});
    let signed_in = fleet.http.post(fleet.url(1, "/api/users/signin")).json(&body).send().await;
    assert_eq!(signed_in.expect("answers").status(), 200, "what the second had is there");
}
