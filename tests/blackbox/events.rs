//! Events as clients are shown them: who sees which, in which order, and where they go on.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{Answer, SentEvent, Server, User};

/// Events page by page, from the oldest on.
async fn all_events(server: &Server, query: &str, bearer: Option<&str>) -> Vec<Value> {
    let (mut events, mut path) = (Vec::new(), Some(format!("/api/events?limit=3&{query}")));
    while let Some(page) = path {
        let answer = page_of(server, &page, bearer).await.expect(200, "GET /api/events | anyone | 200");
        assert!(answer.items().len() <= 3);
        events.extend_from_slice(answer.items());
        path = answer.next_page();
    }
    events
}

async fn page_of(server: &Server, path: &str, bearer: Option<&str>) -> Answer {
    let call = server.get(path).header("accept", "application/json");
    match bearer {
        Some(bearer) => call.bearer(bearer).await,
        None => call.await,
    }
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().expect("a type")).collect()
}

/// A ticket that is sold, and another that somebody else reserves.
struct Sale {
    server: Server,
    ann: User,
    bob: User,
    eve: User,
    ticket: String,
    order: String,
    payment: String,
}

async fn sale() -> Sale {
    let server = Server::start().await;
    let (ann, bob, eve) = (server.user("ann").await, server.user("bob").await, server.user("eve").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    let payment = server.pay(&bob, &order).await;
    let other = server.ticket_titled(&ann, "Another show").await;
    server.order(&eve, &other).await;
    Sale { server, ann, bob, eve, ticket, order, payment }
}

#[tokio::test]
async fn everybody_sees_tickets_a_user_their_own_and_an_operator_all() {
    let Sale { server, ann, bob, eve, ticket, order, payment } = sale().await;
    let anybodys = all_events(&server, "", None).await;
    assert!(types(&anybodys).iter().all(|name| name.starts_with("ticket:")), "{anybodys:?}");
    assert_eq!(all_events(&server, "", Some(&ann.token)).await, anybodys, "who sells sees no more");
    let bobs = all_events(&server, "", Some(&bob.token)).await;
    let own: Vec<&Value> = bobs.iter().filter(|event| !anybodys.contains(event)).collect();
    assert!(
        own.iter().all(|event| [&order, &payment].contains(&&event["subject"].as_str().unwrap().to_owned()))
    );
    for name in ["order:created", "order:updated", "order:completed", "payment:created", "payment:updated"] {
        assert!(own.iter().any(|event| event["type"] == name), "{name}: {own:?}");
    }
    let eves = all_events(&server, "", Some(&eve.token)).await;
    let key = server.operator_key(&["events:read"]);
    let all = all_events(&server, "", Some(&key.secret)).await;
    assert_eq!(all.len(), bobs.len() + eves.len() - anybodys.len());
    let sequences: Vec<u64> =
        all.iter().map(|event| event["sequence"].as_str().unwrap().parse().unwrap()).collect();
    assert_eq!(sequences, (1..=all.len() as u64).collect::<Vec<_>>(), "dense, from the first on");

    let about = all_events(&server, &format!("subject={order}"), Some(&bob.token)).await;
    assert_eq!(types(&about), ["order:created", "order:updated", "order:completed"]);
    assert!(all_events(&server, &format!("subject={order}"), Some(&eve.token)).await.is_empty());
    let some = all_events(&server, "types=ticket:created,order:completed", Some(&key.secret)).await;
    assert_eq!(types(&some), ["ticket:created", "order:completed", "ticket:created"]);

    // What they hold is what the API shows.
    let shown = server.get(&format!("/api/tickets/{ticket}")).await;
    let last = all.iter().rfind(|event| event["subject"] == ticket.as_str()).expect("there is one");
    assert_eq!(last["data"], shown.body);
    let shown = server.get(&format!("/api/payments/{payment}")).by(&bob).await;
    let last = all.iter().rfind(|event| event["subject"] == payment.as_str()).expect("there is one");
    assert_eq!(last["data"], shown.body);
    let last = all.iter().rfind(|event| event["subject"] == order.as_str()).expect("there is one");
    assert_eq!(last["data"], server.order_of(&bob, &order).await.body);
}

#[tokio::test]
async fn whoever_follows_all_types_can_tell_that_nothing_is_missing() {
    let Sale { server, ann, bob, .. } = sale().await;
    let withdrawn = server.ticket(&ann).await;
    server.delete(&format!("/api/tickets/{withdrawn}")).by(&ann).await.expect(204, "its seller");
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    server.delete(&format!("/api/orders/{order}")).by(&bob).await.expect(204, "its buyer");
    let key = server.operator_key(&["events:read"]);
    for bearer in [None, Some(&bob.token), Some(&key.secret)] {
        let mut versions: BTreeMap<String, u64> = BTreeMap::new();
        let events = all_events(&server, "", bearer.map(String::as_str)).await;
        for event in &events {
            let subject = event["subject"].as_str().expect("a subject").to_owned();
            let version = event["data"]["version"].as_u64().expect("a version");
            let expected = versions.get(&subject).map_or(0, |last| last + 1);
            assert_eq!(version, expected, "{event}");
            versions.insert(subject, version);
        }
        assert!(events.iter().any(|event| event["type"] == "ticket:deleted"));
    }
}

#[tokio::test]
async fn a_stream_shows_the_same_as_pages_and_goes_on_with_what_happens() {
    let Sale { server, ann, bob, .. } = sale().await;
    let authorization = format!("Bearer {}", bob.token);
    let headers = [("authorization", authorization.as_str())];
    let pages = all_events(&server, "", Some(&bob.token)).await;
    let mut stream = server.events("", &headers).await;
    let sent = stream.take(pages.len()).await;
    for (event, page) in sent.iter().zip(&pages) {
        assert_eq!((&event.data, event.id.as_deref(), &event.name), (page, page["id"].as_str(), &None));
    }
    let mut new = server.events("?after=now", &headers).await;
    let mut elsewhere = server.events("?after=now&types=ticket:deleted", &[]).await;
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    for follower in [&mut stream, &mut new] {
        let live = follower.take(3).await;
        let seen: Vec<(&str, &str)> =
            live.iter().map(|event| (event.text("type"), event.text("subject"))).collect();
        assert!(seen.contains(&("ticket:created", ticket.as_str())), "{seen:?}");
        assert!(seen.contains(&("ticket:updated", ticket.as_str())), "{seen:?}");
        assert!(seen.contains(&("order:created", order.as_str())), "{seen:?}");
    }
    let gone = server.ticket(&ann).await;
    server.delete(&format!("/api/tickets/{gone}")).by(&ann).await.expect(204, "its seller");
    let only = elsewhere.next().await.expect("it goes on");
    assert_eq!((only.text("type"), only.text("subject")), ("ticket:deleted", gone.as_str()));
}

#[tokio::test]
async fn a_stream_is_resumed_without_a_gap_or_a_repetition() {
    let Sale { mut server, bob, .. } = sale().await;
    let authorization = format!("Bearer {}", bob.token);
    let all = server.events("", &[("authorization", &authorization)]).await.take(8).await;
    let ids: Vec<&str> = all.iter().map(|event| event.id.as_deref().expect("an id")).collect();
    for (at, id) in ids.iter().enumerate().take(7) {
        let rest = |events: Vec<SentEvent>| assert_eq!(events, all[at + 1..], "after {id}");
        let headers = [("authorization", authorization.as_str()), ("last-event-id", id)];
        rest(server.events("", &headers).await.take(7 - at).await);
        rest(server.events(&format!("?after={id}"), &headers[..1]).await.take(7 - at).await);
        // A browser asks for the address that it began with.
        rest(server.events("?after=now", &headers).await.take(7 - at).await);
    }
    // Who was told where `now` is can resume there before anything happened.
    let mut stream = server.events("?after=now", &[]).await;
    let told = async {
        while stream.last_id.is_none() {
            tokio::select! {
                _ = stream.next() => panic!("nothing happens"),
                () = tokio::time::sleep(Duration::from_millis(50)) => {}
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("the position is told at once");
    let here = stream.last_id.clone().expect("told");
    server.kill();
    server.restart().await;
    let ticket = server.ticket(&server.sign_in(&bob).await).await;
    let next = server.events("", &[("last-event-id", &here)]).await.next().await.expect("it goes on");
    assert_eq!((next.text("subject"), next.text("type")), (ticket.as_str(), "ticket:created"));
}

#[tokio::test]
async fn what_cannot_be_followed_is_refused_with_its_reason() {
    let Sale { server, bob, .. } = sale().await;
    for (query, field) in [
        ("after=7", "after"),
        ("after=0123456789abcdef-07", "after"),
        ("types=ticket:created,ticket:sold", "types"),
        ("subject=nobody", "subject"),
        ("limit=101", "limit"),
        ("limit=0", "limit"),
    ] {
        let refused = server.get(&format!("/api/events?{query}")).await.problem(400, "bad parameters");
        assert_eq!(refused["type"], "/problems/invalid-query");
        assert_eq!(refused["errors"][0]["field"], field, "{refused:?}");
    }
    let limited = server.get("/api/events?limit=5").header("accept", "text/event-stream").await;
    assert_eq!(limited.problem(400, "a stream has no limit")["errors"][0]["field"], "limit");
    let refused = server.get("/api/events").header("last-event-id", "7").await.problem(400, "no position");
    assert_eq!(refused["errors"][0]["field"], "Last-Event-ID");
    server.get("/api/events").bearer("nonsense").await.problem(401, "not shown less without a word");
    let clerk = server.operator_key(&["orders:read"]);
    server.get("/api/events").bearer(&clerk.secret).await.problem(403, "without the scope");

    let newest = page_of(&server, "/api/events?after=now", None).await;
    let (epoch, sequence) = newest.header("last-event-id").expect("a position").split_once('-').unwrap();
    let ahead = format!("/api/events?after={epoch}-{}", sequence.parse::<u64>().unwrap() + 1);
    let refused = server.get(&ahead).by(&bob).await.problem(503, "a position that is not here yet");
    assert_eq!(refused["type"], "/problems/replica-behind");
    let other = page_of(&server, "/api/events?after=0123456789abcdef-7", None).await;
    let refused = other.problem(410, "a position of before a restore");
    assert_eq!(refused["type"], "/problems/events-forgotten");
    let oldest = format!("{epoch}-1");
    assert!(refused["detail"].as_str().unwrap().contains(&oldest), "{refused:?}");
    let mut reset = server.events("?after=0123456789abcdef-7", &[]).await;
    let (first, then) = (reset.next().await.unwrap(), reset.next().await.unwrap());
    assert_eq!((first.name.as_deref(), &first.data), (Some("reset"), &json!({"oldest": oldest})));
    assert_eq!(then.id.as_deref(), Some(oldest.as_str()), "it goes on at the oldest");
}

#[tokio::test]
async fn a_stream_ends_with_the_session_or_the_key_and_shows_nothing_after_that() {
    let Sale { server, ann, bob, .. } = sale().await;
    let key = server.operator_key(&["events:read"]);
    let follow = |bearer: &str| {
        let authorization = format!("Bearer {bearer}");
        server.events("?after=now", &[("authorization", &authorization)])
    };
    let (mut own, mut all) = (follow(&bob.token).await, follow(&key.secret).await);
    server.ticket(&ann).await;
    assert!(own.next().await.is_some() && all.next().await.is_some());
    server.post("/api/users/signout", json!({})).by(&bob).await;
    server.keys_json(&["revoke", &key.id]);
    server.get("/api/orders").by(&bob).await.problem(401, "signed out");
    server.ticket(&ann).await;
    assert_eq!(all.next().await, None, "the key works no more");
    assert_eq!(own.next().await, None, "the session is over");
}

#[tokio::test]
async fn there_is_a_bound_on_streams_and_a_stopping_replica_ends_them() {
    let mut server = Server::start_with(&[("BOXOFFICE_EVENTS_MAX_STREAMS", "1")]).await;
    let mut only = server.events("", &[]).await;
    let refused = server.get("/api/events").await.problem(503, "as many as may be are open");
    assert!(refused["detail"].as_str().unwrap().contains("Too many"), "{refused:?}");
    page_of(&server, "/api/events", None).await.expect(200, "pages are no streams");
    let metrics = server.get("/metrics").await.text;
    assert!(metrics.contains("boxoffice_event_streams 1\n"), "{metrics}");
    assert!(metrics.contains("boxoffice_event_streams_refused_total 1\n"), "{metrics}");
    server.terminate();
    assert_eq!(only.next().await, None);
    assert!(server.exit().await.success());
    assert!(!server.log().contains("cut off"), "{}", server.log());
}

#[tokio::test]
async fn nobody_takes_the_streams_of_all() {
    let settings = [("BOXOFFICE_EVENTS_MAX_STREAMS", "8"), ("BOXOFFICE_TRUSTED_PROXY", "1")];
    let server = Server::start_with(&settings).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let (anns, bobs) = (format!("Bearer {}", ann.token), format!("Bearer {}", bob.token));
    let mut open = Vec::new();
    for credential in [None, Some(&anns), Some(&bobs)] {
        let who: Vec<(&str, &str)> = [("x-forwarded-for", "192.0.2.1")]
            .into_iter()
            .chain(credential.map(|bearer| ("authorization", bearer.as_str())))
            .collect();
        for _ in 0..2 {
            open.push(server.events("", &who).await);
        }
        let call = server.get("/api/events");
        let refused = who.iter().fold(call, |call, (name, value)| call.header(name, value)).await;
        assert!(refused.headers.contains_key("retry-after"), "{:?}", refused.headers);
        refused.problem(429, "as many as one may have are open");
    }
    open.push(server.events("", &[("x-forwarded-for", "192.0.2.2")]).await);
    drop(open.drain(..2));
    open.push(server.events("", &[("x-forwarded-for", "192.0.2.2")]).await);
}

#[tokio::test]
async fn a_silent_stream_gives_a_sign_of_life_and_says_how_far_it_is() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let before = server.ticket(&ann).await;
    let opened = Instant::now();
    let mut silent = server.events(&format!("?after=now&subject={before}"), &[]).await;
    server.ticket(&ann).await;
    let id = silent.position_of_comment().await;
    assert!((13..30).contains(&opened.elapsed().as_secs()), "every 15 s: {:?}", opened.elapsed());
    // Whoever resumes there has missed nothing, and is shown nothing twice.
    let last = all_events(&server, "", None).await.pop().expect("an event");
    assert_eq!(Some(id.as_str()), last["id"].as_str());
    let third = server.ticket(&ann).await;
    let mut resumed = server.events("", &[("last-event-id", &id)]).await;
    assert_eq!(resumed.next().await.expect("it goes on").text("subject"), third);
}
