//! Groups of members that are killed, of a cluster whose leaders are killed: each event is dealt with, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout};

use crate::consumer_members::{Client, Done, Members};
use crate::support::{PASSWORD, PERSISTENCE, Test};

const GROUP: &str = "/api/consumers/mailer";
const OTHER: &str = "/api/consumers/statistics";
const MEMBERS: usize = 4;
const TICKETS: usize = 5;
const CHANGES: usize = 40;
/// How often the leader, and with it a member, is killed.
const KILLS: usize = 2;

async fn sign_up(test: &Test) -> Client {
    let body = json!({"email": "ann@example.test", "password": PASSWORD});
    let signed_up: Value = test.post(0, "/api/users/signup", &body, &[]).await.json().await.expect("JSON");
    Client { bases: test.bases(), bearer: signed_up["token"].as_str().expect("a token").to_owned() }
}

/// So many tickets; returns their ids.
async fn post_tickets(client: &Client, count: usize) -> Vec<String> {
    let mut tickets = Vec::new();
    for number in 0..count {
        let body = json!({"title": format!("Show {number}"), "price": 20});
        let (status, ticket) = client.call(Method::POST, 0, "/api/tickets", &body).await.expect("an answer");
        assert_eq!(status, 201);
        tickets.push(ticket["id"].as_str().expect("an id").to_owned());
    }
    tickets
}

async fn change(client: &Client, ticket: &str, price: usize) {
    let body = json!({"title": "Show", "price": price});
    client.persist(Method::PUT, &format!("/api/tickets/{ticket}"), &body).await;
}

/// Waits until the group has nothing to do; returns it as it is then.
async fn all_dealt_with(client: &Client, group: &str, mut meanwhile: impl FnMut()) -> Value {
    let waiting = async {
        loop {
            let shown = client.persist(Method::GET, group, &Value::Null).await;
            if ["lag", "inFlight", "waiting"].iter().all(|count| shown[count] == 0) {
                return shown;
            }
            meanwhile();
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(2 * PERSISTENCE, waiting).await.expect("all is dealt with")
}

/// Each version of a ticket after all that came before it, but for those that nobody could deal with.
fn expect_in_order(done: &[Done], but: &[(String, u64)]) {
    let mut versions: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for (subject, version) in but {
        versions.entry(subject).or_default().insert(*version);
    }
    for Done { subject, version, .. } in done {
        let seen = versions.entry(subject).or_default();
        assert!((0..*version).all(|before| seen.contains(&before)), "{subject}: {version} before others");
        seen.insert(*version);
    }
}

fn sequences(done: &[Done]) -> BTreeSet<u64> {
    done.iter().map(|done| done.sequence).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_dealt_with_in_order_while_members_and_leaders_are_killed() {
    let mut test = Test::running(3, 0, &[]).await;
    let client = sign_up(&test).await;
    client.persist(Method::PUT, GROUP, &json!({"ackWaitSeconds": 2, "maxDeliveries": 50})).await;
    let mut members = Members::start(&client, GROUP, MEMBERS, None);
    let tickets = post_tickets(&client, TICKETS).await;
    for number in 0..CHANGES {
        change(&client, &tickets[number % TICKETS], 1 + number).await;
        if number % (CHANGES / KILLS) == CHANGES / KILLS / 2 {
            let leader = test.cluster.leader().await.expect("one leads");
            test.cluster.kill(leader).expect("it runs");
            members.kill(number % MEMBERS);
            test.cluster.start(leader).expect("starts");
        } else if number % 5 == 0 {
            members.kill(number / 5 % MEMBERS);
        }
    }
    let group = all_dealt_with(&client, GROUP, || {}).await;
    assert_eq!(group["parked"], 0, "none was given up wrongly");
    let done = members.done();
    drop(members);
    expect_in_order(&done, &[]);
    let sequences = sequences(&done);
    let newest = *sequences.last().expect("there are events");
    assert!(newest >= (TICKETS + CHANGES) as u64 && sequences.len() as u64 == newest, "each is dealt with");
    test.check().await.expect_nothing(&mut test.cluster);
}

/// One event has each of its members die; the leader dies too; and another group's members have nothing of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_poison_event_is_parked_alone_and_another_group_is_not_disturbed() {
    let mut test = Test::running(3, 0, &[]).await;
    let client = sign_up(&test).await;
    for group in [GROUP, OTHER] {
        client.persist(Method::PUT, group, &json!({"ackWaitSeconds": 1, "maxDeliveries": 3})).await;
    }
    let tickets = post_tickets(&client, TICKETS).await;
    for number in 0..TICKETS * 4 {
        change(&client, &tickets[number % TICKETS], 1 + number).await;
    }
    let poison = (tickets[2].clone(), 2);
    let mut members = Members::start(&client, GROUP, MEMBERS, Some(poison.clone()));
    let others = Members::start(&client, OTHER, 2, None);
    let other = all_dealt_with(&client, OTHER, || {}).await;
    let leader = test.cluster.leader().await.expect("one leads");
    test.cluster.kill(leader).expect("it runs");
    let mut dead = 0;
    let group = all_dealt_with(&client, GROUP, || dead += members.replace_dead()).await;
    assert!(dead > 0, "nobody died of it");
    let (done, done_by_others) = (members.done(), others.done());
    drop((members, others));
    assert_eq!((&group["parked"], &other["parked"]), (&json!(1), &json!(0)), "the poison alone");
    let parked = client.persist(Method::GET, &format!("{GROUP}/parked"), &Value::Null).await;
    assert_eq!((&parked[0]["event"]["subject"], &parked[0]["attempts"]), (&json!(poison.0), &json!(3)));
    assert_eq!(parked[0]["reason"], "not acknowledged in time");
    expect_in_order(&done, &[poison]);
    expect_in_order(&done_by_others, &[]);
    let all: BTreeSet<u64> = (1..=(TICKETS * 5) as u64).collect();
    assert_eq!(sequences(&done_by_others), all);
    assert_eq!(all.difference(&sequences(&done)).count(), 1, "all but the poison");
    test.cluster.start(leader).expect("starts");
    test.check().await.expect_nothing(&mut test.cluster);
}

/// The answer that told of it is lost, and the leader with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_falls_behind_is_told_by_a_reset_until_somebody_has_heard() {
    let mut test = Test::running(3, 0, &[("BOXOFFICE_EVENTS_KEEP_FOR", "1s")]).await;
    let client = sign_up(&test).await;
    client.persist(Method::PUT, GROUP, &json!({"ackWaitSeconds": 2})).await;
    post_tickets(&client, TICKETS).await;
    until_all_forgotten(&test).await;
    let lost = told_of_a_reset(&client).await;
    let leader = test.cluster.leader().await.expect("one leads");
    test.cluster.kill(leader).expect("it runs");
    let again = told_of_a_reset(&client).await;
    assert_ne!(lost["lease"], again["lease"], "another fetch has it now");
    assert_eq!(lost["oldest"], again["oldest"]);
    let ack = format!("{GROUP}/ack");
    let passed = client.call(Method::POST, leader + 1, &ack, &json!({"leases": [lost["lease"]]})).await;
    assert_eq!(passed.expect("an answer").0, 409);
    for _ in 0..2 {
        client.persist(Method::POST, &ack, &json!({"leases": [again["lease"]]})).await;
    }
    // Longer than it would take to be told once more.
    let fetched = client.persist(Method::POST, &format!("{GROUP}/fetch?wait=4"), &json!({})).await;
    assert_eq!((&fetched["reset"], &fetched["deliveries"]), (&Value::Null, &json!([])));
    test.cluster.start(leader).expect("starts");
    test.check().await.expect_nothing(&mut test.cluster);
}

async fn until_all_forgotten(test: &Test) {
    let began = Instant::now();
    let oldest = format!("boxoffice_events_oldest {}\n", TICKETS + 1);
    while !test.get(0, "/metrics", &[]).await.text().await.expect("text").contains(&oldest) {
        assert!(began.elapsed() < PERSISTENCE, "they are kept");
        sleep(Duration::from_millis(200)).await;
    }
}

/// Fetches until the group is told that events are forgotten which it had not dealt with.
async fn told_of_a_reset(client: &Client) -> Value {
    let began = Instant::now();
    loop {
        let fetched = client.persist(Method::POST, &format!("{GROUP}/fetch?wait=1"), &json!({})).await;
        if fetched["reset"].is_object() {
            return fetched["reset"].clone();
        }
        assert!(began.elapsed() < PERSISTENCE, "never told: {fetched}");
    }
}
