//! Posting, reading, changing, freezing and withdrawing tickets.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Server, millis, now_ms, soon};

#[tokio::test]
async fn posting_answers_with_the_ticket() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let starts_at = soon(86_400_000);
    let body = json!({"title": "Björk, live", "price": 19.99, "venue": "Harpa", "startsAt": starts_at});
    let posted =
        server.post("/api/tickets", body).by(&ann).await.expect(201, "POST /api/tickets | signed in | 201");
    assert_eq!(
        posted.fields(),
        [
            "createdAt",
            "currency",
            "id",
            "price",
            "startsAt",
            "status",
            "title",
            "updatedAt",
            "userId",
            "venue",
            "version"
        ],
        "Ticket: {{id, title, price, currency, venue?, startsAt?, userId, status, orderId?, version, createdAt, updatedAt}}"
    );
    assert!(posted.string("id").starts_with("ticket_"), "ids are opaque typed strings (ticket_…)");
    assert_eq!(posted["title"], "Björk, live");
    assert_eq!(posted["price"], json!(19.99), "price is a JSON number in major units");
    assert_eq!(posted["currency"], "usd");
    assert_eq!(posted["venue"], "Harpa");
    assert_eq!(millis(&posted["startsAt"]), millis(&json!(starts_at)));
    assert_eq!(posted["userId"], ann.id.as_str());
    assert_eq!(posted["status"], "available");
    assert_eq!(posted["version"], 0, "versions start at 0");
    assert_eq!(posted.header("etag"), Some("\"0\""), "they are the ETag");
    assert_eq!(posted["createdAt"], posted["updatedAt"]);
    assert!(
        (now_ms() - millis(&posted["createdAt"])).abs() < 60_000,
        "times are the present: {}",
        posted.text
    );

    let read = server.get(&format!("/api/tickets/{}", posted.string("id"))).await;
    let read = read.expect(200, "GET /api/tickets/{id} | anyone | 200");
    assert_eq!(read.body, posted.body);
    assert_eq!(read.header("etag"), Some("\"0\""));
}

#[tokio::test]
async fn venue_and_start_are_optional_and_absent() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let posted = server.post("/api/tickets", json!({"title": "Plain", "price": 5})).by(&ann).await;
    let fields = posted.expect(201, "venue? and startsAt? may be left out");
    assert!(!fields.fields().contains(&"venue") && !fields.fields().contains(&"startsAt"), "{}", fields.text);
    assert_eq!(fields["price"], json!(5), "a whole price stays a number of its own");
}

#[tokio::test]
async fn prices_have_two_decimals_and_bounds() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let post =
        |price: Value| server.post("/api/tickets", json!({"title": "Priced", "price": price})).by(&ann);
    for price in [json!(0.01), json!(0.1), json!(1.10), json!(8.29), json!(999_999.99), json!(1_000_000)] {
        let posted = post(price.clone()).await.expect(201, "more than 0 and at most 1 000 000");
        let read = server.get(&format!("/api/tickets/{}", posted.string("id"))).await;
        assert_eq!(read["price"].as_f64(), price.as_f64(), "held as integer minor units, so nothing is lost");
    }
    for price in
        [json!(0), json!(-1), json!(19.999), json!(0.001), json!(1_000_000.01), json!("19.99"), json!(null)]
    {
        let refused =
            post(price.clone()).await.problem(400, "at most two decimals, more than 0, at most 1 000 000");
        assert_eq!(refused.faults(), ["price"], "{price}: {}", refused.text);
    }
}

/// The body is sent as it is written here: what a client's JSON library makes of a number is not the point.
#[tokio::test]
async fn prices_are_judged_by_the_digits_that_were_sent() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let post = |price: &str| {
        let body = format!(r#"{{"title": "Digits", "price": {price}}}"#);
        server.call(Method::POST, "/api/tickets").body("application/json", body).by(&ann)
    };
    for (price, shown) in [
        ("1e2", json!(100)),
        ("1E+2", json!(100)),
        ("100.00", json!(100)),
        ("19.990", json!(19.99)),
        ("1e-2", json!(0.01)),
        ("1000000.000", json!(1_000_000)),
        ("0.0001999e5", json!(19.99)),
    ] {
        let posted = post(price).await.expect(201, "an amount with at most two decimals");
        assert_eq!(posted["price"], shown, "{price}");
    }
    for price in [
        "19.99999999999999999999",
        "1000000.0000000000001",
        "0.010000000000000000001",
        "1e400",
        "1e-400",
        "1e99999999999999999999",
        "-0",
        "-0.0",
        "0e5",
        "1e-3",
        "true",
        "[1]",
        "\"1\"",
    ] {
        let refused = post(price).await.problem(400, "at most two decimals, more than 0, at most 1 000 000");
        assert_eq!(refused.faults(), ["price"], "{price}: {}", refused.text);
    }
    for price in ["01", "1.", ".5", "+1", "1e", "NaN", "0x1"] {
        let refused = post(price).await.problem(400, "no JSON at all");
        assert_eq!(refused.kind(), "/problems/malformed-json", "{price}");
    }
}

#[tokio::test]
async fn starts_are_times_of_rfc_3339() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let post = |starts_at: &str| {
        let body = json!({"title": "Timed", "price": 1, "startsAt": starts_at});
        server.post("/api/tickets", body).by(&ann)
    };
    for (starts_at, shown) in [
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"),
        ("9999-12-31T23:59:59.999+23:59", "9999-12-31T00:00:59.999Z"),
        ("2027-05-01T19:30:00-23:59", "2027-05-02T19:29:00.000Z"),
    ] {
        let posted = post(starts_at).await.expect(201, "RFC 3339");
        assert_eq!(posted["startsAt"], shown, "{starts_at}");
    }
    for starts_at in [
        "2027-05-01T19:30:00+24:00",
        "2027-05-01T19:30:00+25:00",
        "2027-05-01T19:30:00+02:60",
        "9999-12-31T23:59:59-00:01",
        "1969-12-31T23:59:59Z",
    ] {
        let refused = post(starts_at).await.problem(400, "no time, or one that cannot be said in UTC");
        assert_eq!(refused.faults(), ["startsAt"], "{starts_at}: {}", refused.text);
    }
}

#[tokio::test]
async fn a_title_that_nobody_can_see_is_blank() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for title in ["\u{200b}", "\u{feff}", " \u{2060}\u{ad} \u{3164}", "\u{fe0f}"] {
        for field in ["title", "venue"] {
            let mut body = json!({"title": "Seen", "price": 1});
            body[field] = json!(title);
            let refused = server.post("/api/tickets", body).by(&ann).await.problem(400, "blank");
            assert_eq!(refused.faults(), [field], "{title:?}");
        }
    }
    let flag = server.ticket_titled(&ann, "❤\u{fe0f}").await;
    let read = server.get(&format!("/api/tickets/{flag}")).await;
    assert_eq!(read["title"], "❤\u{fe0f}", "what is part of a sign stays");
}

#[tokio::test]
async fn the_currency_is_a_setting() {
    let server = Server::start_with(&[("BOXOFFICE_CURRENCY", "eur")]).await;
    let ann = server.user("ann").await;
    let posted = server.post("/api/tickets", json!({"title": "Euros", "price": 5})).by(&ann).await;
    assert_eq!(posted.expect(201, "")["currency"], "eur", "\"usd\" unless BOXOFFICE_CURRENCY says otherwise");
}

#[tokio::test]
async fn only_the_seller_changes_a_ticket() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let body = json!({"title": "Before", "price": 10, "venue": "Hall 1"});
    let ticket = server.post("/api/tickets", body).by(&ann).await.expect(201, "").string("id");
    let path = format!("/api/tickets/{ticket}");
    let body = json!({"title": "After", "price": 12.5});

    server.put(&path, body.clone()).await.problem(401, "not signed in");
    server.put(&path, body.clone()).by(&bob).await.problem(403, "403 someone else's public thing (a ticket)");
    let changed = server
        .put(&path, body.clone())
        .by(&ann)
        .await
        .expect(200, "PUT /api/tickets/{id} | its seller | 200");
    assert_eq!((&changed["title"], &changed["price"]), (&json!("After"), &json!(12.5)));
    assert!(changed["venue"].is_null(), "the same body: what it leaves out is gone: {}", changed.text);
    assert_eq!(changed["version"], 1, "versions rise by one with each change");
    assert_eq!(changed.header("etag"), Some("\"1\""));
    let faulty = server.put(&path, json!({"title": "", "price": 0})).by(&ann).await;
    let faulty = faulty.problem(400, "all faults of a request at once");
    assert_eq!(faulty.faults(), ["price", "title"]);
    assert_eq!(server.get(&path).await["version"], 1, "a refused change changes nothing");
}

#[tokio::test]
async fn if_match_guards_against_lost_updates() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let ticket = server.ticket(&ann).await;
    let path = format!("/api/tickets/{ticket}");
    let change = |if_match: &str| {
        server.put(&path, json!({"title": "Changed", "price": 1})).by(&ann).header("if-match", if_match)
    };
    change("\"0\"").await.expect(200, "PUT takes If-Match");
    let stale = change("\"0\"").await.problem(412, "stale: 412");
    assert_eq!(stale.kind(), "/problems/version-mismatch");
    change("\"7\", \"1\"").await.expect(200, "any of several versions will do");
    change("nonsense").await.problem(400, "an If-Match that is none");

    let freeze = format!("{path}/freeze");
    let freeze = |if_match: &str| server.call(Method::POST, &freeze).by(&ann).header("if-match", if_match);
    freeze("\"0\"").await.problem(412, "freeze takes If-Match (stale: 412)");
    freeze("\"2\"").await.expect(200, "freeze takes If-Match");
    let delete = |if_match: &str| server.delete(&path).by(&ann).header("if-match", if_match);
    delete("\"0\"").await.problem(412, "DELETE takes If-Match (stale: 412)");
    delete("*").await.expect(204, "any version that exists");
}

#[tokio::test]
async fn a_withdrawn_ticket_is_gone() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let path = format!("/api/tickets/{ticket}");
    server.delete(&path).await.problem(401, "not signed in");
    server.delete(&path).by(&bob).await.problem(403, "403 someone else's public thing (a ticket)");
    server.delete(&path).by(&ann).await.expect(204, "DELETE /api/tickets/{id} | its seller | 204");
    server.get(&path).await.problem(404, "404 missing");
    server.delete(&path).by(&ann).await.problem(404, "404 missing");
    assert!(server.get("/api/tickets").await.items().is_empty(), "on sale only");
    let order = server.post("/api/orders", json!({"ticketId": ticket})).by(&bob).await;
    order.problem(404, "a ticket that is not there cannot be ordered");
}

#[tokio::test]
async fn reserved_and_sold_tickets_stay_as_they_are() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    let path = format!("/api/tickets/{ticket}");
    for (status, kind) in [("reserved", "/problems/ticket-reserved"), ("sold", "/problems/ticket-sold")] {
        if status == "sold" {
            server.pay(&bob, &order).await;
        }
        let read = server.get(&path).await.expect(200, "also frozen, reserved and sold ones");
        assert_eq!((&read["status"], &read["orderId"]), (&json!(status), &json!(order)));
        assert!(!server.get("/api/tickets").await.ids().contains(&ticket), "on sale only");
        let refusals = [
            server.put(&path, json!({"title": "Dearer", "price": 99})).by(&ann).await,
            server.delete(&path).by(&ann).await,
            server.call(Method::POST, &format!("{path}/freeze")).by(&ann).await,
        ];
        for refusal in refusals {
            assert_eq!(refusal.problem(409, "409 while reserved or sold").kind(), kind);
        }
        assert_eq!(server.get(&path).await["version"], read["version"], "a refused change changes nothing");
    }
}

#[tokio::test]
async fn a_frozen_ticket_is_off_sale_but_editable() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let path = format!("/api/tickets/{ticket}");
    let set = |what: &str| server.call(Method::POST, &format!("{path}/{what}"));
    set("freeze").by(&bob).await.problem(403, "403 someone else's public thing (a ticket)");
    let frozen = set("freeze").by(&ann).await.expect(200, "POST /api/tickets/{id}/freeze | its seller | 200");
    assert_eq!((&frozen["status"], &frozen["version"]), (&json!("frozen"), &json!(1)));
    assert!(server.get("/api/tickets").await.items().is_empty(), "frozen: not listed");
    let refused = server.post("/api/orders", json!({"ticketId": ticket})).by(&bob).await;
    assert_eq!(refused.problem(409, "frozen: not orderable").kind(), "/problems/ticket-frozen");
    let edited = server.put(&path, json!({"title": "Edited", "price": 3})).by(&ann).await;
    assert_eq!(edited.expect(200, "frozen: still editable")["status"], "frozen");
    assert_eq!(server.ticket_status(&ticket).await, "frozen");

    set("unfreeze").by(&bob).await.problem(403, "403 someone else's public thing (a ticket)");
    let thawed =
        set("unfreeze").by(&ann).await.expect(200, "POST /api/tickets/{id}/unfreeze | its seller | 200");
    assert_eq!(thawed["status"], "available");
    assert_eq!(server.get("/api/tickets").await.ids(), std::slice::from_ref(&ticket));
    server.order(&bob, &ticket).await;
}

#[tokio::test]
async fn all_faults_of_a_ticket_at_once() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let body = json!({"title": "  ", "price": "dear", "venue": 7, "startsAt": "tomorrow"});
    let refused = server.post("/api/tickets", body).by(&ann).await;
    let refused = refused.problem(400, "one entry per fault, all faults of a request at once");
    assert_eq!(refused.faults(), ["price", "startsAt", "title", "venue"], "{}", refused.text);
    let nothing =
        server.post("/api/tickets", json!({})).by(&ann).await.problem(400, "title and price are needed");
    assert_eq!(nothing.faults(), ["price", "title"]);
    let long = json!({"title": "x".repeat(10_000), "price": 1});
    let long = server.post("/api/tickets", long).by(&ann).await.problem(400, "titles have a limit");
    assert_eq!(long.faults(), ["title"]);
}
