//! Endpoints of webhooks: made, changed, told of events, and what is kept of that.

use boxoffice_chaos::receiver::{Receiver, Says};
use serde_json::{Value, json};

use crate::support::{Answer, Server, User, eventually, millis, now_ms, same_problem};

/// A service that sends to this machine.
pub(crate) async fn sending_here() -> Server {
    Server::start_with(&[("BOXOFFICE_WEBHOOKS_ALLOW_PRIVATE", "true")]).await
}

/// An endpoint of this user's.
pub(crate) async fn hook(server: &Server, owner: &User, url: &str, types: &[&str]) -> Answer {
    let made = server.post("/api/webhooks", json!({"url": url, "types": types})).by(owner).await;
    made.expect(201, "POST /api/webhooks | signed in | 201")
}

async fn until_received(receiver: &Receiver, path: &str, count: usize) {
    eventually("webhooks come", async || match receiver.received(path).len() {
        got if got >= count => Ok(()),
        got => Err(format!("{got} of {count} came")),
    })
    .await;
}

/// Its attempts, newest first, once there are so many.
pub(crate) async fn attempts(server: &Server, owner: &User, path: &str, count: usize) -> Vec<Value> {
    let path = format!("{path}/attempts?limit=100");
    eventually("attempts are recorded", async || {
        let listed =
            server.get(&path).by(owner).await.expect(200, "GET /api/webhooks/{id}/attempts | owner | 200");
        let attempts = listed.items().to_vec();
        if attempts.len() >= count { Ok(attempts) } else { Err(format!("{attempts:?}")) }
    })
    .await
}

#[tokio::test]
async fn a_user_is_told_of_tickets_and_of_their_own_orders_and_payments() {
    let (server, receiver) = (sending_here().await, Receiver::start().await.expect("a port"));
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let made = hook(&server, &bob, &receiver.url("/bob"), &[]).await;
    let path = made.header("location").expect("it says where").to_owned();
    assert_eq!(path, format!("/api/webhooks/{}", made.string("id")));
    let secret = made.string("secret");
    assert!(secret.starts_with("whsec_") && secret.len() == 50, "{secret}");
    hook(&server, &ann, &receiver.url("/ann"), &["order:created", "ticket:created"]).await;

    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    server.pay(&bob, &order).await;
    until_received(&receiver, "/bob", 8).await;
    let got = receiver.received("/bob");
    let completed = got.iter().find(|it| it.json()["type"] == "order:completed").expect("bob is told");
    let event = completed.json();
    assert_eq!((&event["subject"], &event["specversion"]), (&json!(order), &json!("1.0")));
    assert_eq!(event["data"]["status"], "complete");
    assert_eq!(completed.header("webhook-id"), event["id"]);
    assert!(completed.header("content-type").starts_with("application/cloudevents+json"));
    let sent_s: i64 = completed.header("webhook-timestamp").parse().expect("seconds");
    assert!((now_ms() / 1_000 - sent_s).abs() < 120);
    // What comes after the order has come.
    server.ticket(&ann).await;
    until_received(&receiver, "/ann", 2).await;
    let anns: Vec<Value> = receiver.received("/ann").iter().map(|it| it.json()["type"].clone()).collect();
    assert_eq!(anns, ["ticket:created"; 2], "the order is bob's");

    let attempts = attempts(&server, &bob, &path, 8).await;
    assert!(attempts.iter().all(|it| it["outcome"] == "delivered" && it["status"] == 204), "{attempts:?}");
    let numbers: Vec<_> = attempts.iter().map(|it| it["number"].as_u64().expect("a number")).collect();
    assert!(numbers.is_sorted_by(|a, b| a > b), "the newest first");
    let shown = server.get(&path).by(&bob).await.expect(200, "GET /api/webhooks/{id} | owner | 200");
    assert_eq!((&shown.body["enabled"], &shown.body["waiting"]), (&json!(true), &json!(0)));
    assert_eq!(shown.body.get("secret"), None, "it is shown once");
    assert!(millis(&shown.body["lastDeliveredAt"]) <= now_ms() + 1_000);
    let listed =
        server.get("/api/webhooks").by(&bob).await.expect(200, "GET /api/webhooks | signed in | 200");
    assert_eq!(listed.ids(), [made.string("id")]);
    let metrics = server.get("/metrics").await.expect(200, "GET /metrics | anyone | 200").text;
    for line in
        ["boxoffice_webhook_deliveries_total{outcome=\"delivered\"}", "boxoffice_webhook_oldest_due_seconds"]
    {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
}

#[tokio::test]
async fn an_operator_is_told_of_everything_as_long_as_the_key_works() {
    let (server, receiver) = (sending_here().await, Receiver::start().await.expect("a port"));
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let key = server.operator_key(&["events:read", "keys"]);
    let weak = server.operator_key(&["orders:read"]);
    let input = json!({"url": receiver.url("/desk"), "types": ["order:created", "payment:updated"]});
    let refused = server.post("/api/webhooks", input.clone()).bearer(&weak.secret).await;
    assert_eq!(refused.problem(403, "403 without the scope").kind(), "/problems/insufficient-scope");
    server.post("/api/webhooks", input.clone()).await.problem(401, "nobody has endpoints");
    let made = server.post("/api/webhooks", input).bearer(&key.secret).await.expect(201, "events:read | 201");
    let path = format!("/api/webhooks/{}", made.string("id"));
    server.get(&path).by(&ann).await.problem(404, "it is somebody else's");
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    server.pay(&bob, &order).await;
    until_received(&receiver, "/desk", 2).await;
    let types: Vec<Value> = receiver.received("/desk").iter().map(|it| it.json()["type"].clone()).collect();
    assert!(
        types.contains(&json!("order:created")) && types.contains(&json!("payment:updated")),
        "{types:?}"
    );
    server
        .delete(&format!("/api/keys/{}", key.id))
        .bearer(&key.secret)
        .await
        .expect(204, "it revokes itself");
    let before = receiver.received("/desk").len();
    server.order(&bob, &server.ticket(&ann).await).await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    assert_eq!(receiver.received("/desk").len(), before, "nothing is sent for a key that works no more");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_with_its_reason() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let cases = [
        (json!({}), "url"),
        (json!({"url": 7}), "url"),
        (json!({"url": ""}), "url"),
        (json!({"url": "shop.example"}), "url"),
        (json!({"url": "ftp://shop.example/"}), "url"),
        (json!({"url": "https://ann:pw@shop.example/"}), "url"),
        (json!({"url": "https://shop.example/#x"}), "url"),
        (json!({"url": format!("https://shop.example/{}", "x".repeat(2_048))}), "url"),
        (json!({"url": "https://shop.example/", "types": ["ticket:sold"]}), "types"),
        (json!({"url": "https://shop.example/", "types": "ticket:created"}), "types"),
        (json!({"url": "https://shop.example/", "types": [7]}), "types"),
    ];
    for (body, field) in cases {
        let refused = server.post("/api/webhooks", body.clone()).by(&ann).await;
        let problem = refused.problem(400, "400 with its reason");
        assert_eq!(
            (problem.kind(), problem.faults()),
            ("/problems/invalid-input".to_owned(), vec![field.to_owned()]),
            "{body}"
        );
    }
}

#[tokio::test]
async fn what_names_an_address_that_is_not_on_the_internet_is_refused_at_once() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for special in [
        "http://127.0.0.1:3000/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "https://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[fd00:ec2::254]/",
        "http://[::ffff:10.0.0.1]/",
        "http://0x7f000001/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
    ] {
        let refused = server.post("/api/webhooks", json!({"url": special})).by(&ann).await;
        let problem = refused.problem(400, "400 at once when the URL names such an address");
        assert_eq!(problem.faults(), ["url"], "{special}");
        assert!(problem.text.contains("must be on the Internet"), "{special}: {}", problem.text);
    }
    let made = hook(&server, &ann, "https://shop.example/hooks", &[]).await;
    let path = format!("/api/webhooks/{}", made.string("id"));
    let patched = server.patch(&path, json!({"url": "http://127.0.0.1/"})).by(&ann).await;
    patched.problem(400, "nor is it changed into one");
}

#[tokio::test]
async fn what_makes_no_sense_about_an_endpoint_is_refused_with_its_reason() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let made = hook(&server, &ann, "https://shop.example/hooks", &[]).await;
    let path = format!("/api/webhooks/{}", made.string("id"));
    server.patch(&path, json!({"enabled": "yes"})).by(&ann).await.problem(400, "true or false");
    for (body, field) in [
        (json!({}), "event"),
        (json!({"event": "x"}), "event"),
        (json!({"event": "0123456789abcdef-1"}), "event"),
        (json!({"from": "yesterday"}), "from"),
        (json!({"from": 0}), "from"),
        (json!({"from": 1_000_000}), "from"),
        (json!({"from": "0123456789abcdef-1"}), "from"),
    ] {
        let refused = server.post(&format!("{path}/resend"), body.clone()).by(&ann).await;
        assert_eq!(refused.problem(400, "400 with its reason").faults(), [field], "{body}");
    }
    server.get(&format!("{path}/attempts?limit=0")).by(&ann).await.problem(400, "a bad limit");
    server.get(&format!("{path}/attempts?cursor=x")).by(&ann).await.problem(400, "a bad cursor");
}

#[tokio::test]
async fn endpoints_are_their_owners_alone_and_there_is_a_bound_on_them() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let made = hook(&server, &ann, "https://shop.example/hooks", &[]).await;
    let path = format!("/api/webhooks/{}", made.string("id"));
    let missing = server.get("/api/webhooks/whk_x").by(&ann).await.problem(404, "no id");
    let bob = server.user("bob").await;
    for call in [
        server.get(&path),
        server.delete(&path),
        server.patch(&path, json!({"enabled": false})),
        server.post(&format!("{path}/rotate-secret"), json!({})),
        server.post(&format!("{path}/test"), json!({})),
        server.post(&format!("{path}/resend"), json!({"from": 1})),
        server.get(&format!("{path}/attempts")),
    ] {
        let hidden = call.by(&bob).await.problem(404, "somebody else's");
        same_problem(&hidden, &missing, "whether there is such a thing is not told");
    }
    for _ in 1..10 {
        hook(&server, &ann, "https://shop.example/hooks", &[]).await;
    }
    let refused = server.post("/api/webhooks", json!({"url": "https://shop.example/"})).by(&ann).await;
    assert_eq!(refused.problem(409, "ten are all").kind(), "/problems/too-many-webhooks");
}

#[tokio::test]
async fn endpoints_are_tested_changed_disabled_and_removed() {
    let (server, receiver) = (sending_here().await, Receiver::start().await.expect("a port"));
    let ann = server.user("ann").await;
    let path = format!("/api/webhooks/{}", hook(&server, &ann, &receiver.url("/a"), &[]).await.string("id"));
    let tested = server.post(&format!("{path}/test"), json!({})).by(&ann).await;
    let id = tested.expect(202, "POST /api/webhooks/{id}/test | owner | 202").string("eventId");
    let listed = attempts(&server, &ann, &path, 1).await;
    assert_eq!((&listed[0]["eventId"], &listed[0]["type"]), (&json!(id), &json!("webhook:test")));
    let test = receiver.received("/a").remove(0);
    assert_eq!(
        (test.json()["type"].clone(), test.header("webhook-id")),
        (json!("webhook:test"), id.as_str())
    );

    let body = json!({"url": receiver.url("/b"), "types": ["ticket:created"]});
    let changed =
        server.patch(&path, body).by(&ann).await.expect(200, "PATCH /api/webhooks/{id} | owner | 200");
    assert_eq!(changed.body["types"], json!(["ticket:created"]));
    let ticket = server.ticket(&ann).await;
    until_received(&receiver, "/b", 1).await;
    assert_eq!(receiver.received("/b")[0].json()["subject"], json!(ticket));
    assert_eq!(receiver.received("/a").len(), 1, "the old one is told nothing more");

    receiver.say("/b", Says { headers: "retry-after: 3600\r\n".to_owned(), ..Says::status(410) });
    server.ticket(&ann).await;
    eventually("410 disables it", async || {
        let shown = server.get(&path).by(&ann).await.expect(200, "it is there");
        let is_gone = shown.body["enabled"] == false && shown.body["disabledReason"] == "gone";
        if is_gone { Ok(()) } else { Err(shown.text.clone()) }
    })
    .await;
    let refused = server.post(&format!("{path}/test"), json!({})).by(&ann).await;
    assert_eq!(refused.problem(409, "nothing is sent to it").kind(), "/problems/webhook-disabled");
    receiver.say("/b", Says::status(200));
    server.patch(&path, json!({"enabled": true})).by(&ann).await.expect(200, "it is enabled");
    until_received(&receiver, "/b", 3).await;
    let ids: Vec<_> = receiver.received("/b").iter().map(|it| it.header("webhook-id").to_owned()).collect();
    assert_eq!(ids[1], ids[2], "the one that was not taken");

    server.delete(&path).by(&ann).await.expect(204, "DELETE /api/webhooks/{id} | owner | 204");
    server.get(&path).by(&ann).await.problem(404, "it is gone");
    server.delete(&path).by(&ann).await.problem(404, "twice");
}

#[tokio::test]
async fn what_was_sent_is_sent_again_from_an_event_a_time_or_a_sequence_on() {
    let (server, receiver) = (sending_here().await, Receiver::start().await.expect("a port"));
    let ann = server.user("ann").await;
    let made = hook(&server, &ann, &receiver.url("/a"), &["ticket:created"]).await;
    let path = format!("/api/webhooks/{}", made.string("id"));
    for _ in 0..3 {
        server.ticket(&ann).await;
    }
    until_received(&receiver, "/a", 3).await;
    attempts(&server, &ann, &path, 3).await;
    let mut events: Vec<Value> = receiver.received("/a").iter().map(|it| it.json()).collect();
    events.sort_by_key(|event| event["sequence"].to_string());
    let resend = format!("{path}/resend");
    let mut count = 3;
    for (body, more) in [
        (json!({"event": events[1]["id"]}), 1),
        (json!({"from": events[1]["id"]}), 2),
        (json!({"from": events[0]["sequence"]}), 3),
        (json!({"from": 1}), 3),
        (json!({"from": events[2]["time"]}), 1),
        (json!({"from": "2020-01-01T00:00:00Z"}), 3),
    ] {
        let asked = server.post(&resend, body.clone()).by(&ann).await;
        asked.expect(202, "POST /api/webhooks/{id}/resend | owner | 202");
        count += more;
        attempts(&server, &ann, &path, count).await;
        let got = receiver.received("/a");
        assert_eq!(got.len(), count, "{body}");
        // Some of them are sent at once.
        let mut again: Vec<Value> = got[count - more..].iter().map(|it| it.json()).collect();
        again.sort_by_key(|event| event["sequence"].to_string());
        let expected = if body.get("event").is_some() { &events[1..2] } else { &events[3 - more..] };
        assert_eq!(again, expected, "{body}");
    }
    server.post(&resend, json!({"from": "2999-01-01T00:00:00Z"})).by(&ann).await.expect(202, "nothing is");
    let page = server.get(&format!("{path}/attempts?limit=10")).by(&ann).await.expect(200, "a page");
    let next = page.next_page().expect("there is more");
    let rest = server.get(&next).by(&ann).await.expect(200, "the next page");
    assert_eq!((page.items().len(), rest.items().len()), (10, count - 10));
}

#[tokio::test]
async fn an_endpoint_survives_a_kill_and_is_sound() {
    let (mut server, receiver) = (sending_here().await, Receiver::start().await.expect("a port"));
    let ann = server.user("ann").await;
    let path = format!("/api/webhooks/{}", hook(&server, &ann, &receiver.url("/a"), &[]).await.string("id"));
    receiver.say("/a", Says::status(500));
    server.ticket(&ann).await;
    attempts(&server, &ann, &path, 1).await;
    server.kill();
    receiver.say("/a", Says::status(200));
    server.restart().await;
    let listed = attempts(&server, &ann, &path, 2).await;
    assert!(listed.iter().any(|it| it["outcome"] == "delivered" && it["attempt"] == 2), "{listed:?}");
    let ids: Vec<_> = receiver.received("/a").iter().map(|it| it.header("webhook-id").to_owned()).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}
