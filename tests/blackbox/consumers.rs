//! Consumer groups as their members meet them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, Server, User};

const GROUP: &str = "/api/consumers/mailer";
/// An eighth of all fetches that may wait on a replica.
const MOST_WAITING: usize = 128;

/// A server, somebody with a group, and so many tickets of theirs.
async fn with_group(body: Value, tickets: usize) -> (Server, User) {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    server.put(GROUP, body).by(&ann).await.expect(201, "PUT /api/consumers/{group} | a new one | 201");
    for _ in 0..tickets {
        server.ticket(&ann).await;
    }
    (server, ann)
}

async fn fetch(server: &Server, by: &User, query: &str) -> Value {
    let answer = server.post(&format!("{GROUP}/fetch?{query}"), Value::Null).by(by).await;
    answer.expect(200, "POST /api/consumers/{group}/fetch | its owner | 200").body
}

fn of_each<'v>(fetched: &'v Value, field: &str) -> Vec<&'v Value> {
    let deliveries = fetched["deliveries"].as_array().expect("deliveries");
    deliveries.iter().map(|delivery| &delivery[field]).collect()
}

fn sequences(fetched: &Value) -> Vec<u64> {
    let sequence = |event: &&Value| event["sequence"].as_str().and_then(|text| text.parse().ok());
    of_each(fetched, "event").iter().map(|event| sequence(event).expect("a sequence")).collect()
}

async fn settle(server: &Server, by: &User, how: &str, body: Value) -> Answer {
    server.post(&format!("{GROUP}/{how}"), body).by(by).await
}

#[tokio::test]
async fn events_are_leased_acknowledged_given_back_and_parked() {
    let (server, ann) = with_group(json!({"ackWaitSeconds": 600, "maxDeliveries": 2}), 3).await;
    let first = fetch(&server, &ann, "limit=2").await;
    assert_eq!(sequences(&first), [1, 2]);
    assert_eq!(of_each(&first, "attempt"), [1, 1]);
    let leases = of_each(&first, "lease");
    let shown = server.get(GROUP).by(&ann).await.expect(200, "GET /api/consumers/{group} | its owner | 200");
    assert_eq!((&shown.body["inFlight"], &shown.body["lag"]), (&json!(2), &json!(1)));
    for _ in 0..2 {
        let acked = settle(&server, &ann, "ack", json!({"leases": [leases[0]]})).await;
        acked.expect(204, "POST /api/consumers/{group}/ack | twice is harmless | 204");
    }
    for attempt in 1..=2 {
        let poison = if attempt == 1 {
            leases[1].clone()
        } else {
            let again = fetch(&server, &ann, "limit=1").await;
            assert_eq!((sequences(&again), of_each(&again, "attempt")), (vec![2], vec![&json!(2)]));
            of_each(&again, "lease")[0].clone()
        };
        let body = json!({"leases": [poison], "reason": "no address"});
        settle(&server, &ann, "nack", body).await.expect(204, "POST /api/consumers/{group}/nack | 204");
    }
    let passed = settle(&server, &ann, "ack", json!({"leases": leases})).await;
    let passed = passed.expect(409, "POST /api/consumers/{group}/ack | passed to another fetch | 409");
    assert_eq!(passed.body["type"], "/problems/lease-passed");
    let message = passed.body["errors"][0]["message"].as_str().expect("a message");
    assert!(message.contains(leases[1].as_str().expect("a lease")), "{message}");
    let parked = server.get(&format!("{GROUP}/parked")).by(&ann).await;
    let parked = parked.expect(200, "GET /api/consumers/{group}/parked | its owner | 200");
    assert_eq!(
        (&parked.items()[0]["reason"], &parked.items()[0]["attempts"]),
        (&json!("no address"), &json!(2))
    );
    assert_eq!(sequences(&fetch(&server, &ann, "").await), [3], "the rest flows");
    let redriven = settle(&server, &ann, "redrive", json!({})).await;
    assert_eq!(redriven.expect(200, "POST /api/consumers/{group}/redrive | 200").body["redriven"], 1);
    assert_eq!(sequences(&fetch(&server, &ann, "").await), [2]);
    server.delete(GROUP).by(&ann).await.expect(204, "DELETE /api/consumers/{group} | its owner | 204");
    server.get(GROUP).by(&ann).await.expect(404, "GET /api/consumers/{group} | a removed one | 404");
}

#[tokio::test]
async fn a_fetch_waits_for_what_comes_and_two_groups_do_not_meet() {
    let (server, ann) = with_group(json!({"types": ["ticket:updated"], "start": "now"}), 2).await;
    let other = "/api/consumers/other";
    server.put(other, json!({})).by(&ann).await.expect(201, "PUT /api/consumers/{group} | a new one | 201");
    let began = Instant::now();
    assert_eq!(sequences(&fetch(&server, &ann, "wait=1").await), Vec::<u64>::new());
    assert!(began.elapsed() >= Duration::from_secs(1), "it waits");
    let path = format!("{GROUP}/fetch?wait=30");
    let waiting = tokio::spawn(server.post(&path, Value::Null).by(&ann).into_future());
    let ticket = server.ticket(&ann).await;
    let path = format!("/api/tickets/{ticket}");
    server
        .put(&path, json!({"title": "Opera", "price": 5}))
        .by(&ann)
        .await
        .expect(200, "PUT /api/tickets/{id} | its seller | 200");
    let came = waiting.await.expect("no panic").expect(200, "POST …/fetch | one that waits | 200");
    assert_eq!(of_each(&came.body, "event")[0]["type"], "ticket:updated");
    assert_eq!(of_each(&came.body, "event")[0]["subject"], ticket.as_str());
    let all = server.post(&format!("{other}/fetch"), Value::Null).by(&ann).await;
    assert_eq!(sequences(&all.expect(200, "POST …/fetch | another group | 200").body), [1, 2, 3, 4]);
}

#[tokio::test]
async fn bad_input_is_a_problem_with_its_reason() {
    let (server, ann) = with_group(json!({}), 1).await;
    for (body, field) in [
        (json!({"types": ["ticket:gone"]}), "types"),
        (json!({"start": "soon"}), "start"),
        (json!({"start": 99}), "start"),
        (json!({"ackWaitSeconds": 0}), "ackWaitSeconds"),
        (json!({"maxDeliveries": 101}), "maxDeliveries"),
    ] {
        let refused = server.put("/api/consumers/new", body).by(&ann).await;
        let refused = refused.expect(400, "PUT /api/consumers/{group} | bad input | 400");
        assert_eq!(refused.body["errors"][0]["field"], field);
    }
    let named = server.put("/api/consumers/a%20b", json!({})).by(&ann).await;
    let named = named.expect(400, "PUT /api/consumers/{group} | no name | 400");
    assert_eq!(named.body["errors"][0]["field"], "group");
    let moved = server.put(GROUP, json!({"start": "now"})).by(&ann).await;
    moved.expect(409, "PUT /api/consumers/{group} | another start | 409");
    server.put(GROUP, json!({"maxDeliveries": 7})).by(&ann).await.expect(200, "PUT … | changed | 200");
    for (how, body, status) in [
        ("ack", json!({"leases": []}), 400),
        ("ack", json!({"leases": ["x"]}), 400),
        ("ack", json!({"leases": ["A".repeat(27)]}), 404),
        ("nack", json!({"leases": ["A".repeat(27)], "delaySeconds": 99_999}), 400),
        ("extend", json!({"leases": ["A".repeat(27)], "seconds": 0}), 400),
        ("redrive", json!({"sequences": ["x"]}), 400),
        ("redrive", json!({"sequences": ["1"]}), 404),
        ("fetch?limit=0", json!({}), 400),
        ("fetch?wait=31", json!({}), 400),
    ] {
        settle(&server, &ann, how, body).await.expect(status, how);
    }
    let unknown = server.post("/api/consumers/unknown/fetch", Value::Null).by(&ann).await;
    unknown.expect(404, "POST /api/consumers/{group}/fetch | an unknown group | 404");
}

#[tokio::test]
async fn a_fetch_that_waits_gets_what_its_group_is_told_of_from_now_on() {
    let (server, ann) = with_group(json!({"types": ["order:created"], "start": "now"}), 0).await;
    let ticket = server.ticket(&ann).await;
    let path = format!("{GROUP}/fetch?wait=30");
    let began = Instant::now();
    let waiting = tokio::spawn(server.post(&path, Value::Null).by(&ann).into_future());
    // Until it has looked at the ticket's event, which does not concern the group yet.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let told = json!({"types": ["ticket:created"]});
    server.put(GROUP, told).by(&ann).await.expect(200, "PUT /api/consumers/{group} | other types | 200");
    let came = waiting.await.expect("no panic").expect(200, "POST …/fetch | one that waits | 200");
    assert_eq!(of_each(&came.body, "event")[0]["subject"], ticket.as_str());
    assert!(began.elapsed() < Duration::from_secs(15), "at once, and not when its wait is over");
}

#[tokio::test]
async fn one_owners_fetches_leave_others_room_to_wait() {
    let (server, ann) = with_group(json!({"start": "now"}), 0).await;
    let bob = server.user("bob").await;
    server.put(GROUP, json!({"start": "now"})).by(&bob).await.expect(201, "PUT … | another's | 201");
    let path = format!("{GROUP}/fetch?wait=30");
    let fetch = |_| tokio::spawn(server.post(&path, Value::Null).by(&ann).into_future());
    let mut fetches: Vec<_> = (0..MOST_WAITING + 3).map(fetch).collect();
    for refused in 1..=3 {
        let (answer, _, others) = futures_util::future::select_all(fetches).await;
        let problem = answer.expect("no panic").problem(429, "POST …/fetch | more than one may | 429");
        assert!(problem["detail"].as_str().is_some_and(|it| it.contains("your groups")), "{problem:?}");
        fetches = others;
        assert_eq!(fetches.len(), MOST_WAITING + 3 - refused);
    }
    let began = Instant::now();
    let answer = server.post(&format!("{GROUP}/fetch?wait=1"), Value::Null).by(&bob).await;
    answer.expect(200, "POST …/fetch | another owner | 200");
    assert!(began.elapsed() >= Duration::from_secs(1), "it waits");
    assert!(fetches.iter().all(|fetch| !fetch.is_finished()), "the others wait");
}
