//! A group of members that are killed, of a cluster whose leaders are killed: each event is dealt with, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use crate::support::{PASSWORD, PERSISTENCE, Test};

const GROUP: &str = "/api/consumers/mailer";
const MEMBERS: usize = 4;
const TICKETS: usize = 5;
const CHANGES: usize = 40;
/// How often the leader, and with it a member, is killed.
const KILLS: usize = 2;

/// What members have dealt with, in the order in which they did: event, ticket and version.
type Done = Arc<Mutex<Vec<(u64, String, u64)>>>;

#[derive(Clone)]
struct Client {
    http: reqwest::Client,
    bases: Vec<String>,
    bearer: String,
}

impl Client {
    /// What a replica answers, if it does.
    async fn post(&self, replica: usize, path: &str, body: &Value) -> Option<(u16, Value)> {
        let call = self.http.post(format!("{}{path}", self.bases[replica % self.bases.len()]));
        let call = call.bearer_auth(&self.bearer).json(body).timeout(Duration::from_secs(10));
        let answer = call.send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.unwrap_or_default()))
    }

    /// Asks one replica after the other until one of them has done it.
    async fn persist(&self, put: bool, path: &str, body: &Value) -> Value {
        let began = Instant::now();
        for replica in 0.. {
            let url = format!("{}{path}", self.bases[replica % self.bases.len()]);
            let call = if put { self.http.put(url) } else { self.http.get(url) };
            let call = call.bearer_auth(&self.bearer).timeout(Duration::from_secs(10));
            let call = if put { call.json(body) } else { call };
            if let Ok(answer) = call.send().await
                && answer.status().is_success()
                && let Ok(body) = answer.json().await
            {
                return body;
            }
            assert!(began.elapsed() < PERSISTENCE, "{path} is not answered");
            sleep(Duration::from_millis(100)).await;
        }
        unreachable!("it asks again and again")
    }

    /// A member: fetches, deals with what it is given, and acknowledges, at whichever replica answers.
    fn member(&self, number: usize, done: &Done) -> JoinHandle<()> {
        let (client, done) = (self.clone(), done.clone());
        tokio::spawn(async move {
            for turn in number.. {
                let fetched = client.post(turn, &format!("{GROUP}/fetch?limit=4&wait=1"), &json!({})).await;
                let Some((200, fetched)) = fetched else {
                    sleep(Duration::from_millis(50)).await;
                    continue;
                };
                let mut leases = Vec::new();
                for delivery in fetched["deliveries"].as_array().expect("deliveries") {
                    let event = &delivery["event"];
                    let sequence = event["sequence"].as_str().expect("a sequence").parse().expect("digits");
                    let subject = event["subject"].as_str().expect("a subject").to_owned();
                    let version = event["data"]["version"].as_u64().expect("a version");
                    sleep(Duration::from_millis(5)).await;
                    done.lock().expect("nobody panics").push((sequence, subject, version));
                    leases.push(delivery["lease"].clone());
                }
                for again in 0..5 {
                    let acked =
                        client.post(turn + again, &format!("{GROUP}/ack"), &json!({"leases": leases})).await;
                    if leases.is_empty() || acked.is_some_and(|(status, _)| matches!(status, 204 | 409)) {
                        break;
                    }
                }
            }
        })
    }
}

/// Waits until the group has nothing to do; returns it as it is then.
async fn all_dealt_with(client: &Client) -> Value {
    loop {
        let group = client.persist(false, GROUP, &Value::Null).await;
        if ["lag", "inFlight", "waiting"].iter().all(|count| group[count] == 0) {
            return group;
        }
        sleep(Duration::from_millis(200)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_is_dealt_with_in_order_while_members_and_leaders_are_killed() {
    let mut test = Test::running(3, 0, &[]).await;
    let body = json!({"email": "ann@example.test", "password": PASSWORD});
    let signed_up: Value = test.post(0, "/api/users/signup", &body, &[]).await.json().await.expect("JSON");
    let bearer = signed_up["token"].as_str().expect("a token").to_owned();
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let client = Client { http, bases: test.bases(), bearer };
    client.persist(true, GROUP, &json!({"ackWaitSeconds": 2, "maxDeliveries": 50})).await;
    let done = Done::default();
    let mut members: Vec<_> = (0..MEMBERS).map(|number| client.member(number, &done)).collect();
    let mut tickets = Vec::new();
    for number in 0..TICKETS {
        let body = json!({"title": format!("Show {number}"), "price": 20});
        let (status, ticket) = client.post(0, "/api/tickets", &body).await.expect("an answer");
        assert_eq!(status, 201);
        tickets.push(format!("/api/tickets/{}", ticket["id"].as_str().expect("an id")));
    }
    for change in 0..CHANGES {
        client
            .persist(true, &tickets[change % TICKETS], &json!({"title": "Show", "price": 1 + change}))
            .await;
        if change % (CHANGES / KILLS) == CHANGES / KILLS / 2 {
            let leader = test.cluster.leader().await.expect("one leads");
            test.cluster.kill(leader).expect("it runs");
            members[change % MEMBERS].abort();
            members[change % MEMBERS] = client.member(change % MEMBERS, &done);
            test.cluster.start(leader).expect("starts");
        }
    }
    let group = timeout(2 * PERSISTENCE, all_dealt_with(&client)).await.expect("all is dealt with");
    members.iter().for_each(JoinHandle::abort);
    assert_eq!(group["parked"], 0, "none was given up wrongly");
    let done = done.lock().expect("nobody panics").clone();
    let mut versions: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
    for (_, ticket, version) in &done {
        let seen = versions.entry(ticket).or_default();
        assert!((0..*version).all(|before| seen.contains(&before)), "{ticket}: {version} before others");
        seen.insert(*version);
    }
    let sequences: BTreeSet<u64> = done.iter().map(|(sequence, ..)| *sequence).collect();
    let newest = *sequences.last().expect("there are events");
    assert!(newest >= (TICKETS + CHANGES) as u64 && sequences.len() as u64 == newest, "each is dealt with");
    test.check().await.expect_nothing(&mut test.cluster);
}
