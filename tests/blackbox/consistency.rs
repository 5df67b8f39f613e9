//! Reading your own writes: tokens, levels, and what a replica answers that is not as far as it should be.

use reqwest::Method;
use serde_json::json;

use crate::support::{Answer, Call, PASSWORD, Server};

const INVALID_HEADER: &str = "/problems/invalid-header";
const BEHIND: &str = "/problems/replica-behind";

#[tokio::test]
async fn every_answer_of_the_api_has_a_token_and_no_other() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let ticket = server.ticket(&ann).await;
    let own =
        server.post("/api/orders", json!({"ticketId": ticket})).by(&ann).await.problem(409, "one's own");
    let answers = [
        server.get("/api/tickets").await.expect(200, "a list"),
        server.get(&format!("/api/tickets/{ticket}")).await.expect(200, "one of it"),
        server.post("/api/users/signup", json!({})).await.problem(400, "nothing in it"),
        server.get("/api/orders").await.problem(401, "not signed in"),
        server.get("/api/tickets/nonsense").await.problem(404, "no such thing"),
        server.get("/api/nonsense").await.problem(404, "no such path"),
        server.call(Method::PATCH, "/api/tickets").await.problem(405, "no such method"),
        server.delete("/api/tickets/nonsense").by(&ann).header("if-match", "x").await.problem(400, "no tag"),
        own,
    ];
    for answer in &answers {
        let (epoch, _) = token(answer);
        assert_eq!(epoch, token(&answers[0]).0, "one cluster, one epoch");
    }
    assert_eq!(token(&answers[2]).1, 0, "it showed nothing of the state");
    for path in ["/healthz", "/readyz", "/metrics", "/openapi.json", "/.well-known/jwks.json", "/docs"] {
        assert_eq!(server.get(path).await.header("consistency-token"), None, "{path}");
    }
}

#[tokio::test]
async fn a_token_grows_with_each_write_and_is_never_given_back_smaller() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let post = || server.post("/api/tickets", json!({"title": "Noted", "price": 5})).by(&ann);
    let first = token(&post().key("one").await.expect(201, "posted")).1;
    let second = token(&post().await.expect(201, "posted")).1;
    assert!(second > first, "each write has a place of its own in the log");
    let read = server.get("/api/tickets").await.expect(200, "a list");
    assert!(token(&read).1 >= second, "a read says how far its view went");
    let again = post().key("one").await.expect(201, "posted before");
    assert!(token(&again).1 > second, "and so does an answer that was given before");
    let epoch = token(&read).0;
    let brought = format!("{epoch}-{second}");
    let bad_query = server.get("/api/tickets?limit=no").await.problem(400, "no number");
    assert_eq!(token(&bad_query).1, 0, "nothing of the state was looked at");
    let bad_query = server.get("/api/tickets?limit=no").header("consistency-token", &brought).await;
    let bad_level = server.get("/api/tickets").header("consistency", "no");
    let bad_level = bad_level.header("consistency-token", &brought).await;
    for refused in [bad_query, bad_level] {
        let refused = refused.problem(400, "invalid");
        assert_eq!(refused.header("consistency-token"), Some(brought.as_str()), "whoever keeps the last one");
    }
}

#[tokio::test]
async fn headers_that_say_nothing_are_refused() {
    let server = Server::start().await;
    let epoch = token(&server.get("/api/tickets").await).0;
    let tickets = || server.get("/api/tickets");
    let upper = format!("{epoch}-5").to_uppercase() + "x";
    for junk in ["", "5", "é", "-5", &upper, &format!("{epoch}-05"), &format!("{epoch}-1 {epoch}-2")] {
        let refused = tickets().header("consistency-token", junk).await.problem(400, "no token");
        assert_eq!(
            (refused.kind().as_str(), refused.faults()),
            (INVALID_HEADER, vec!["Consistency-Token".into()])
        );
        token(&refused);
    }
    for junk in ["", "Strong", "eventual", "strong, local", "é"] {
        let refused = tickets().header("consistency", junk).await.problem(400, "strong | session | local");
        assert_eq!((refused.kind().as_str(), refused.faults()), (INVALID_HEADER, vec!["Consistency".into()]));
    }
    let twice = tickets().header("consistency", "local").header("consistency", "local").await;
    twice.problem(400, "one level");
    let both = tickets().header("consistency", "no").header("consistency-token", "no").await;
    assert_eq!(both.problem(400, "all faults at once").faults(), ["Consistency", "Consistency-Token"]);
    for level in ["strong", "session", "local"] {
        tickets().header("consistency", level).await.expect(200, "a level");
    }
}

#[tokio::test]
async fn a_token_of_what_is_not_there_yet_is_503_and_nothing_happens() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let future = future(&server).await;
    let post = server.post("/api/tickets", json!({"title": "Too early", "price": 5})).by(&ann);
    let refused = post.header("consistency-token", &future).await.problem(503, "after 2 s");
    assert_eq!(refused.kind(), BEHIND);
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.header("consistency-token"), Some(future.as_str()), "it is still wanted");
    assert!(server.get("/api/tickets").await.items().is_empty(), "nothing happened");
    let strong = server.get("/api/tickets").header("consistency", "strong");
    let strong = strong.header("consistency-token", &future).await.problem(503, "the newest is not as new");
    assert_eq!(strong.kind(), BEHIND);
    let local = server.get("/api/tickets").header("consistency", "local");
    let local = local.header("consistency-token", &future).await.expect(200, "never waits");
    assert_eq!(local.header("consistency-token"), Some(future.as_str()), "and makes nobody forget");
    let metrics = server.get("/metrics").await.text;
    for line in [
        "boxoffice_consistency_waits_total{what=\"token\",outcome=\"gave_up\"} 2",
        "boxoffice_consistency_waits_total{what=\"newest\",outcome=\"reached\"} 1",
        "boxoffice_consistency_wait_seconds_count{what=\"token\"} 2",
    ] {
        assert!(metrics.contains(line), "{line} in:\n{metrics}");
    }
}

#[tokio::test]
async fn a_token_of_another_epoch_is_ignored() {
    let server = Server::start().await;
    let shown = server.get("/api/tickets").header("consistency-token", "0123456789abcdef-99999999").await;
    let (epoch, index) = token(&shown.expect(200, "of before a restore"));
    assert!(epoch != "0123456789abcdef" && index < 99_999_999, "{epoch}-{index}");
}

#[tokio::test]
async fn local_answers_say_how_old_they_are() {
    let server = Server::start().await;
    let tickets = || server.get("/api/tickets");
    let local = tickets().header("consistency", "local").await.expect(200, "a list");
    assert_eq!(local.header("consistency-age-ms"), Some("0"), "the leader has what there is");
    for level in ["strong", "session"] {
        let other = tickets().header("consistency", level).await.expect(200, "a list");
        assert_eq!(other.header("consistency-age-ms"), None);
    }
}

#[tokio::test]
async fn a_browser_keeps_its_tokens_in_cookies() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let by_cookie = |call: Call, more: &str| call.header("cookie", &format!("session={}{more}", ann.token));
    let post = || server.post("/api/tickets", json!({"title": "Baked", "price": 5}));
    let posted = by_cookie(post(), "").await.expect(201, "posted");
    let (epoch, index) = token(&posted);
    let written = format!("consistency-written={epoch}-{index}");
    let set = posted.header("set-cookie").expect("a browser keeps it");
    assert_eq!(
        set,
        format!("{written}; Path=/; HttpOnly; SameSite=Lax"),
        "as the session cookie, on loopback"
    );
    let read = by_cookie(server.get("/api/tickets"), "").await.expect(200, "a list");
    let seen = format!("consistency-seen={}", read.header("consistency-token").expect("a token"));
    assert!(read.header("set-cookie").expect("a browser keeps it").starts_with(&seen), "apart from writes");
    let known = by_cookie(server.get("/api/users/currentuser"), &format!("; {seen}")).await;
    assert_eq!(known.expect(200, "signed in").header("set-cookie"), None, "it has that one");

    assert_eq!(post().by(&ann).await.expect(201, "posted").header("set-cookie"), None, "no browser");
    let future = future(&server).await;
    for cookie in ["consistency-written", "consistency-seen"] {
        let refused = by_cookie(server.get("/api/tickets"), &format!("; {cookie}={future}")).await;
        assert_eq!(refused.problem(503, "as with the header").kind(), BEHIND);
        let junk = by_cookie(server.get("/api/tickets"), &format!("; {cookie}=junk")).await;
        let junk = junk.expect(200, "nobody can mend a cookie");
        assert!(junk.header("set-cookie").expect("replaced").starts_with("consistency-seen="));
    }
}

#[tokio::test]
async fn a_token_that_is_made_up_becomes_no_cookie() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let by_cookie =
        |more: &str| server.get("/api/tickets").header("cookie", &format!("session={}{more}", ann.token));
    let (epoch, _) = token(&by_cookie("").await.expect(200, "a list"));
    let made_up = format!("{epoch}-{}", u64::MAX);
    let local = by_cookie("").header("consistency", "local").header("consistency-token", &made_up).await;
    let local = local.expect(200, "nothing is waited for");
    let set = local.header("set-cookie").expect("what it has shown").to_owned();
    let (cookie, _) = set.split_once(';').expect("attributes");
    assert!(cookie.starts_with("consistency-seen=") && !cookie.ends_with(&made_up), "{set}");
    by_cookie(&format!("; {cookie}")).await.expect(200, "the browser goes on");
}

#[tokio::test]
async fn a_session_begins_with_an_index_of_its_own_epoch() {
    let server = Server::start().await;
    let body = json!({"email": "ann@example.test", "password": PASSWORD});
    let signed_up = server.post("/api/users/signup", body).await.expect(201, "signed up");
    let (epoch, index) = token(&signed_up);
    let jwt = signed_up.string("token");
    let claims = jwt.split('.').nth(1).expect("claims");
    let claims = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, claims);
    let claims: serde_json::Value = serde_json::from_slice(&claims.expect("base64url")).expect("JSON");
    assert_eq!((&claims["idx"], &claims["epoch"]), (&json!(index), &json!(epoch)));
}

/// The epoch and the index of an answer's token.
#[track_caller]
fn token(answer: &Answer) -> (String, u64) {
    let token = answer.header("consistency-token").expect("every answer of the API has one");
    let (epoch, index) = token.split_once('-').expect("epoch and index");
    assert!(epoch.len() == 16 && epoch.bytes().all(|byte| byte.is_ascii_hexdigit()), "{token}");
    (epoch.to_owned(), index.parse().expect("an index"))
}

/// A token that no test comes to.
async fn future(server: &Server) -> String {
    let (epoch, index) = token(&server.get("/api/tickets").await);
    format!("{epoch}-{}", index + 1_000_000)
}
