//! No majority: nothing is changed, what is there is shown, and what was asked for happens once.

use std::time::Duration;

use boxoffice_chaos::client::Client;
use boxoffice_chaos::history::{Answer, Consistency, Request};
use tokio::time::Instant;

use crate::support::{PERSISTENCE, Test};

/// The service gives up after 5 s. All that is held against it here is that it does so at all: how long that takes is
/// up to the machine as well.
const TOLD_WITHIN: Duration = Duration::from_secs(30);
/// The client waits longer, so that it is the service that gives up.
const CLIENT_PATIENCE: Duration = Duration::from_secs(60);

/// Asks a replica that cannot know what comes of it.
async fn is_unknown(buyer: &mut Client, replica: usize, ticket: &str, key: &str) {
    let asked = Instant::now();
    let order = Request::Order(ticket.to_owned());
    let answer = buyer.ask(replica, order, Consistency::Session, Some(key), false).await;
    let answer = answer.expect("an answer, and no silence");
    assert!(answer.status == 503 && answer.is_unknown(), "{answer:?}");
    assert!(asked.elapsed() < TOLD_WITHIN, "it took {:?}", asked.elapsed());
}

/// Asks all replicas for the same under the same key; they have done it once.
async fn is_done_once(test: &Test, buyer: &mut Client, ticket: &str, key: &str) {
    let mut made: Vec<Answer> = Vec::new();
    for replica in 0..test.cluster.count() {
        let order = Request::Order(ticket.to_owned());
        made.push(buyer.change(replica, order, key, PERSISTENCE).await.expect("told in the end"));
    }
    for answer in &made {
        assert_eq!((answer.status, &answer.body["id"]), (201, &made[0].body["id"]), "one order: {made:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_without_a_majority_is_unknown_in_time_and_done_once_when_asked_again() {
    let mut test = Test::running(3, 0, &[]).await;
    let bases = test.bases();
    let mut seller = Client::sign_up(&bases, &test.history, "seller", 0).await.expect("signs up");
    let mut buyer = Client::sign_up(&bases, &test.history, "buyer", 1).await.expect("signs up");
    buyer.be_patient(CLIENT_PATIENCE);
    let mut tickets = Vec::new();
    for key in ["one", "two"] {
        let posted = seller.change(0, Request::PostTicket(key.to_owned()), key, PERSISTENCE).await;
        tickets.push(posted.expect("posted").body["id"].as_str().expect("an id").to_owned());
    }

    // The others choose a leader of their own, so that what this one wrote down is dropped.
    let deposed = test.cluster.leader().await.expect("leads");
    test.cluster.until_newest(deposed).await.expect("has it");
    test.cluster.isolate(deposed);
    is_unknown(&mut buyer, deposed, &tickets[0], "dropped").await;
    test.cluster.leader_except(&[deposed]).await.expect("another one");
    test.cluster.links.heal();
    is_done_once(&test, &mut buyer, &tickets[0], "dropped").await;

    // Nobody else leads, so that what this one wrote down is done later.
    let left = test.cluster.leader().await.expect("leads");
    let lost = [(left + 1) % 3, (left + 2) % 3];
    for number in lost {
        test.cluster.kill(number).expect("killed");
    }
    is_unknown(&mut buyer, left, &tickets[1], "kept").await;
    for path in ["/healthz", "/readyz"] {
        let status = test.get(left, path, &[]).await.status();
        assert_eq!(status, 200, "{path} of a replica that has lost the others, and serves reads");
    }
    let path = format!("/api/tickets/{}", tickets[1]);
    let local = test.get(left, &path, &[("consistency", "local")]).await;
    let age =
        local.headers().get("consistency-age-ms").and_then(|age| age.to_str().ok()?.parse::<u64>().ok());
    assert!(local.status() == 200 && age >= Some(1_000), "it shows what it has, and how old: {local:?}");
    let strong = test.get(left, &path, &[("consistency", "strong")]).await;
    assert_eq!(strong.status(), 503, "nobody can say what is newest");
    for number in lost {
        test.cluster.start(number).expect("starts");
    }
    is_done_once(&test, &mut buyer, &tickets[1], "kept").await;
    test.check().await.expect_nothing(&mut test.cluster);
}
