//! SIGTERM to the leader: another leads first, and no write is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::process::{Fleet, PATIENCE};

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
    let before = fleet.until(0, "somebody leads", |status| status["leader"].is_u64()).await;
    let leader = fleet.number(&before, &before["leader"]);
    fleet.signal(leader, Signal::TERM);
    assert_eq!(fleet.exit(leader).await.code(), Some(0));
    assert!(fleet.log(leader).contains("handed the leadership over"), "{}", fleet.log(leader));
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
    assert_ne!(after["leader"], before["leader"]);
}
