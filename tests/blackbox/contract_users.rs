//! Signing up, in and out, and sessions: the rows of the contract on `/api/users`, but for passwords.

use serde_json::{Value, json};

use crate::support::{PASSWORD, Server, User, millis, now_ms, same_problem};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[tokio::test]
async fn signing_up_answers_with_the_account_and_a_session() {
    let server = Server::start().await;
    let body = json!({"email": " Ann@Example.TEST ", "password": PASSWORD});
    let answer = server.post("/api/users/signup", body).await.expect(201, "POST /api/users/signup | 201");
    assert_eq!(
        answer.fields(),
        ["email", "id", "token", "tokenExpiresAt"],
        "201 {{id, email, token, tokenExpiresAt}}"
    );
    assert!(answer.string("id").starts_with("user_"), "ids are opaque typed strings (user_…)");
    let left_ms = millis(&answer["tokenExpiresAt"]) - now_ms();
    assert!((6 * DAY_MS..8 * DAY_MS).contains(&left_ms), "tokens last 7 days by default, not {left_ms} ms");

    let cookie = answer.header("set-cookie").expect("sets the cookie `session`");
    let attributes: Vec<String> = cookie.split(';').map(|part| part.trim().to_ascii_lowercase()).collect();
    assert!(
        cookie.starts_with(&format!("session={}", answer.string("token"))),
        "the cookie is the token: {cookie}"
    );
    for attribute in ["httponly", "samesite=lax", "path=/"] {
        assert!(attributes.iter().any(|known| known == attribute), "{attribute} is missing in {cookie}");
    }
    assert!(!attributes.contains(&"secure".to_owned()), "Secure but on loopback: {cookie}");

    let again = json!({"email": "ann@example.test", "password": PASSWORD});
    let taken = server.post("/api/users/signup", again).await;
    let taken = taken.problem(409, "a taken address 409, however it is written");
    assert_eq!(taken.kind(), "/problems/email-taken");
}

#[tokio::test]
async fn signing_in_answers_as_signing_up_does() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let body = json!({"email": "ANN@example.test", "password": PASSWORD});
    let answer =
        server.post("/api/users/signin", body).await.expect(200, "POST /api/users/signin | 200, the same");
    assert_eq!(answer.fields(), ["email", "id", "token", "tokenExpiresAt"], "200, the same");
    assert_eq!(answer["id"], ann.id.as_str());
    assert!(answer.header("set-cookie").is_some_and(|cookie| cookie.starts_with("session=")));

    let sign_in = |email: &str, password: &str| {
        server.post("/api/users/signin", json!({"email": email, "password": password}))
    };
    let wrong = sign_in(&ann.email, "not the password").await.problem(401, "401 bad credentials");
    let unknown = sign_in("nobody@example.test", PASSWORD).await.problem(401, "401 bad credentials");
    same_problem(&wrong, &unknown, "unknown address and wrong password: same answer");
}

#[tokio::test]
async fn cookie_and_bearer_token_are_both_accepted() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let cookie = format!("theme=dark; session={}; other=1", ann.token);
    let expected = json!({"currentUser": {"id": ann.id, "email": ann.email}});

    let by_bearer = server.get("/api/users/currentuser").by(&ann).await;
    assert_eq!(by_bearer.expect(200, "GET /api/users/currentuser | 200").body, expected);
    let by_cookie = server.get("/api/users/currentuser").header("cookie", &cookie).await;
    assert_eq!(by_cookie.expect(200, "accepted as `session` cookie").body, expected);
    let posted =
        server.post("/api/tickets", json!({"title": "By cookie", "price": 1})).header("cookie", &cookie);
    posted.await.expect(201, "the cookie signs writes as well");
}

#[tokio::test]
async fn the_current_user_is_null_for_bad_credentials() {
    let server = Server::start().await;
    let nobody = json!({"currentUser": null});
    let rule = "never 401: on public operations a bad credential counts as none";
    assert_eq!(server.get("/api/users/currentuser").await.expect(200, rule).body, nobody);
    for header in ["Bearer nonsense", "Bearer ", "Basic YTpi", "nonsense"] {
        let answer = server.get("/api/users/currentuser").header("authorization", header).await;
        assert_eq!(answer.expect(200, rule).body, nobody, "{header}");
    }
    let tickets = server.get("/api/tickets").bearer("nonsense").await;
    tickets.expect(200, rule);
}

#[tokio::test]
async fn signing_out_ends_the_session_everywhere() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let other = server.sign_in(&ann).await;
    let out = server
        .post("/api/users/signout", json!({}))
        .by(&ann)
        .await
        .expect(200, "POST /api/users/signout | 200 {}");
    assert_eq!(out.body, json!({}));
    let cookie = out.header("set-cookie").expect("clears the cookie").to_ascii_lowercase();
    assert!(
        cookie.starts_with("session=;") && (cookie.contains("max-age=0") || cookie.contains("1970")),
        "{cookie}"
    );

    let current = server.get("/api/users/currentuser").by(&ann).await;
    assert_eq!(current.expect(200, "a bad credential counts as none").body, json!({"currentUser": null}));
    let rule = "an ended session can do nothing more anywhere";
    server.get("/api/orders").by(&ann).await.problem(401, rule);
    server.post("/api/tickets", json!({"title": "Late", "price": 1})).by(&ann).await.problem(401, rule);
    server.get("/api/orders").by(&other).await.expect(200, "the other sessions go on");
    server.post("/api/users/signout", json!({})).await.expect(200, "POST /api/users/signout | anyone | 200");
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let phone = server.sign_in(&ann).await;
    let bob = server.user("bob").await;

    let listed =
        server.get("/api/users/sessions").by(&ann).await.expect(200, "GET /api/users/sessions | 200");
    assert_eq!(listed.items().len(), 2, "one's sessions, and only one's own: {}", listed.text);
    let phones = server.get("/api/users/sessions").by(&phone).await;
    let phone_session = current_session(phones.items());
    let path = format!("/api/users/sessions/{phone_session}");

    let foreign = server.delete(&path).by(&bob).await.problem(404, "someone else's private thing is 404");
    let missing = server.delete("/api/users/sessions/session_00000000000000000000000000").by(&bob).await;
    same_problem(&foreign, &missing.problem(404, "missing"), "the same body for both");
    server.delete(&path).by(&ann).await.expect(204, "DELETE /api/users/sessions/{id} | signed in | 204");
    server.get("/api/users/sessions").by(&phone).await.problem(401, "an ended session can do nothing more");
    let left = server.get("/api/users/sessions").by(&ann).await;
    assert_eq!(left.items().len(), 1, "the ended session is gone: {}", left.text);
}

/// The session that asked says so itself.
fn current_session(sessions: &[Value]) -> &str {
    let current = sessions.iter().find(|session| session["isCurrent"] == true);
    let current = current.unwrap_or_else(|| panic!("no session is the current one: {sessions:?}"));
    current["id"].as_str().expect("sessions have ids")
}

#[tokio::test]
async fn sessions_end_with_their_time() {
    let server = Server::start_with(&[("BOXOFFICE_SESSION_TTL", "1s")]).await;
    let ann: User = server.user("ann").await;
    crate::support::eventually("BOXOFFICE_SESSION_TTL ends a session", async || {
        let status = server.get("/api/orders").by(&ann).await.status;
        if status == 401 { Ok(()) } else { Err(format!("status {status}")) }
    })
    .await;
}

#[tokio::test]
async fn an_account_in_use_cannot_be_deleted() {
    let server = Server::start().await;
    let (seller, buyer) = (server.user("seller").await, server.user("buyer").await);
    let ticket = server.ticket(&seller).await;
    let order = server.order(&buyer, &ticket).await;
    let delete = |user: &User, password: &str| {
        server.delete("/api/users/me").json(&json!({"password": password})).by(user)
    };
    let in_use = delete(&buyer, PASSWORD).await.problem(409, "409 with open orders");
    assert_eq!(in_use.kind(), "/problems/account-in-use");
    delete(&seller, PASSWORD).await.problem(409, "409 with reserved tickets");
    server.delete(&format!("/api/orders/{order}")).by(&buyer).await.expect(204, "its buyer | 204");

    delete(&buyer, "not the password").await.problem(401, "401 bad credentials");
    delete(&buyer, PASSWORD).await.expect(204, "DELETE /api/users/me {password} | signed in | 204");
    server.get("/api/orders").by(&buyer).await.problem(401, "ends all sessions");
    let body = json!({"email": buyer.email, "password": PASSWORD});
    server.post("/api/users/signin", body.clone()).await.problem(401, "removes the personal data");
    server.post("/api/users/signup", body).await.expect(201, "the address is free again");

    delete(&seller, PASSWORD).await.expect(204, "the ticket is not reserved any more");
    crate::support::eventually("tickets of a deleted seller are not on sale", async || {
        let listed = server.get("/api/tickets").await;
        if listed.ids().contains(&ticket) { Err(listed.text) } else { Ok(()) }
    })
    .await;
}
