//! SIGTERM to the leader: another leads first, and no write is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::process::{Fleet, PATIENCE};

/// Leaders that are stopped at most until one hands over in time.
const ATTEMPTS: usize = 5;

/// Posts tickets one after the other at whichever replica answers, each until it is acknowledged. Returns their ids, and
/// the longest time that one took.
async fn post(
    http: reqwest::Client,
    urls: Vec<String>,
    token: String,
    writer: usize,
    stop: Arc<AtomicBool>,
) -> (Vec<String>, Duration) {
    let (mut ids, mut longest, mut at) = (Vec::new(), Duration::ZERO, writer);
    while !stop.load(Ordering::SeqCst) {
        let key = format!("writer-{writer}-ticket-{}", ids.len());
        let begun = Instant::now();
        let id = loop {
            assert!(begun.elapsed() < PATIENCE, "{key} is never acknowledged");
            let body = json!({"title": key, "price": 1});
            let request =
                http.post(&urls[at % urls.len()]).bearer_auth(&token).header("idempotency-key", &key);
            if let Ok(answer) = request.json(&body).send().await
                && answer.status().as_u16() == 201
                && let Ok(ticket) = answer.json::<Value>().await
            {
                break ticket["id"].as_str().expect("an id").to_owned();
            }
            at += 1;
            tokio::time::sleep(Duration::from_millis(5)).await;
        };
        longest = longest.max(begun.elapsed());
        ids.push(id);
    }
    (ids, longest)
}

/// Stops whoever leads, until one has handed the leadership over before it ended. One that could not does not hold its
/// stop up for more than two seconds, which another may need on a busy machine; it comes back, and the next is stopped.
/// Returns the one that has ended, by number and by id.
async fn until_handed_over(fleet: &mut Fleet) -> (usize, Value) {
    let mut stopped = Vec::new();
    for _ in 0..ATTEMPTS {
        let before = fleet.until(0, "somebody leads", |status| status["leader"].is_u64()).await;
        let leader = fleet.number(&before, &before["leader"]);
        let said_before = fleet.log(leader).len();
        fleet.signal(leader, Signal::TERM);
        assert_eq!(fleet.exit(leader).await.code(), Some(0));
        let said = fleet.log(leader).split_off(said_before);
        if said.contains("handed the leadership over") {
            return (leader, before["leader"].clone());
        }
        stopped.push(said);
        fleet.start(leader);
        fleet.until_ready(leader).await;
    }
    panic!("nobody hands the leadership over: {stopped:#?}");
}

#[tokio::test]
async fn who_waits_for_a_cluster_stops_without_a_word_too_many() {
    let mut fleet = Fleet::new(3, 0);
    // Whether anything is under way at that moment is a matter of luck.
    for _ in 0..8 {
        fleet.start(0);
        crate::process::eventually("it waits", async || match fleet.get(0, "/healthz").await {
            Some(200) => Ok(()),
            other => Err(format!("{other:?}")),
        })
        .await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        fleet.signal(0, Signal::TERM);
        assert_eq!(fleet.exit(0).await.code(), Some(0));
    }
    let log = fleet.log(0);
    assert_eq!(log.matches("stopped before it was open").count(), 8, "{log}");
    assert!(!log.contains("panicked") && !log.contains("ERROR"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_on_the_leader_loses_no_write_that_is_retried() {
    let mut fleet = Fleet::ready(3, 0).await;
    let body = json!({"email": "ann@example.test", "password": "seat-17-row-Q-balcony"});
    let signed_up =
        fleet.http.post(fleet.url(0, "/api/users/signup")).json(&body).send().await.expect("an answer");
    let user: Value = signed_up.json().await.expect("JSON");
    let token = user["token"].as_str().expect("a token").to_owned();

    let stop = Arc::new(AtomicBool::new(false));
    let urls: Vec<String> = (0..3).map(|at| fleet.url(at, "/api/tickets")).collect();
    let writers: Vec<_> = (0..6)
        .map(|at| tokio::spawn(post(fleet.http.clone(), urls.clone(), token.clone(), at, stop.clone())))
        .collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (leader, before) = until_handed_over(&mut fleet).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.store(true, Ordering::SeqCst);

    let (mut ids, mut longest) = (Vec::new(), Duration::ZERO);
    for writer in writers {
        let (written, took) = writer.await.expect("every write is acknowledged in the end");
        ids.extend(written);
        longest = longest.max(took);
    }
    eprintln!("{} writes, the longest took {longest:?}", ids.len());
    let left = (leader + 1) % 3;
    for id in &ids {
        let path = format!("/api/tickets/{id}");
        let found = fleet.http.get(fleet.url(left, &path)).header("consistency", "strong").send().await;
        assert_eq!(found.expect("an answer").status().as_u16(), 200, "{id} was acknowledged");
    }
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    assert_eq!(distinct.len(), ids.len(), "each once");
    let after = fleet.status(left);
    assert_ne!(after["leader"], before);
}
