//! What requests say in their headers: versions that are meant, names of intents, credentials.

use serde_json::json;

use crate::support::{Answer, Call, PASSWORD, Server, User};

#[tokio::test]
async fn a_header_that_cannot_be_read_protects_nothing_and_is_refused() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let ticket = server.ticket(&ann).await;
    let path = format!("/api/tickets/{ticket}");
    for junk in ["\u{201c}0\u{201d}", "\"ä\"", "0", "\"0", "", "\"0\" \"1\"", "\"0\", *", "w/\"0\""] {
        let refused = server.delete(&path).by(&ann).header("if-match", junk).await;
        let refused = refused.problem(400, "If-Match that is none is not as good as absent");
        assert_eq!(
            (refused.kind().as_str(), refused.faults()),
            (INVALID_HEADER, vec!["If-Match".to_owned()])
        );
    }
    server.get(&path).await.expect(200, "and nothing happened");
    for junk in ["schlüssel", "a\u{201d}b", "\"half", ""] {
        let refused = post(&server, &ann).key(junk).await.problem(400, "a key is visible ASCII");
        assert_eq!(
            (refused.kind().as_str(), refused.faults()),
            (INVALID_HEADER, vec!["Idempotency-Key".to_owned()])
        );
    }
    assert_eq!(server.get("/api/tickets").await.items().len(), 1, "and nothing was made");
}

#[tokio::test]
async fn repeated_lines_are_one_list_or_refused() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let path = format!("/api/tickets/{}", server.ticket(&ann).await);
    let freeze = || server.call(reqwest::Method::POST, &format!("{path}/freeze")).by(&ann);
    let stale = freeze().header("if-match", "\"7\"").header("if-match", "\"8\"").await;
    stale.problem(412, "none of the listed versions");
    let one = freeze().header("if-match", "\"7\"").header("if-match", "\"0\"").await;
    one.expect(200, "the current version is on the second line");
    let twice = post(&server, &ann).key("a").key("a").await.problem(400, "a request has one name");
    assert_eq!(twice.faults(), ["Idempotency-Key"]);
}

#[tokio::test]
async fn if_match_is_read_as_rfc_9110_has_it() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let path = format!("/api/tickets/{}", server.ticket(&ann).await);
    let put = async |if_match: &str| {
        let call = server.put(&path, json!({"title": "Some show", "price": 5})).by(&ann);
        call.header("if-match", if_match).await
    };
    for foreign in ["\"a,b\"", "\"\"", "W/\"0\"", "\"00\"", "\"+0\"", "\"99999999999999999999\""] {
        put(foreign).await.problem(412, "a tag that is not ours matches nothing");
    }
    for (version, list) in
        ["\"0\",", " , \"1\"", "\"a,b\",, \"2\"", "\"9\"\t,\t\"3\"", "*"].iter().enumerate()
    {
        put(list).await.expect(200, &format!("{list} names version {version}, or any"));
    }
}

#[tokio::test]
async fn faults_of_headers_and_of_the_body_come_in_one_answer() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let path = format!("/api/tickets/{}", server.ticket(&ann).await);
    let long = "k".repeat(256);
    let rule = "all faults of a request at once";
    let bad = json!({"title": "", "price": 0});
    let faults = |answer: Answer| answer.problem(400, rule).faults();
    let posted = server.post("/api/tickets", bad.clone()).by(&ann).key(&long).await;
    assert_eq!(faults(posted), ["Idempotency-Key", "price", "title"]);
    let put = server.put(&path, bad).by(&ann).header("if-match", "junk").await;
    assert_eq!(faults(put), ["If-Match", "price", "title"]);
    let ordered = server.post("/api/orders", json!({})).by(&ann).key(&long).await;
    assert_eq!(faults(ordered), ["Idempotency-Key", "ticketId"]);
    let paid = server.post("/api/payments", json!({"token": 1})).by(&ann).key(&long).await;
    assert_eq!(faults(paid), ["Idempotency-Key", "orderId", "token"]);
    let broken = server.call(reqwest::Method::POST, "/api/tickets").body("application/json", "{");
    let broken = broken.by(&ann).key(&long).await.problem(400, rule);
    assert_eq!(broken.kind(), "/problems/malformed-json");
    assert_eq!(broken["errors"].as_array().map(Vec::len), Some(2), "{}", broken.text);
}

#[tokio::test]
async fn who_is_not_signed_in_is_told_how_to_be() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let challenge = |answer: Answer| {
        let answer = answer.problem(401, "401 not signed in or bad credentials");
        answer.header("www-authenticate").expect("RFC 9110: a 401 says how to sign in").to_owned()
    };
    let orders = || server.get("/api/orders");
    assert_eq!(challenge(orders().await), "Bearer");
    assert_eq!(challenge(orders().header("authorization", "Basic YTpi").await), "Bearer");
    for presented in [orders().bearer("nonsense"), orders().header("cookie", "session=nonsense")] {
        assert_eq!(challenge(presented.await), "Bearer error=\"invalid_token\"");
    }
    let wrong = json!({"email": ann.email, "password": "not-that-one-at-all"});
    let wrong = challenge(server.post("/api/users/signin", wrong).await);
    assert_eq!(wrong, "Bearer", "no browser asks for a name and a password at this");
    let change = json!({"current": "not-that-one-at-all", "new": PASSWORD});
    assert_eq!(challenge(server.post("/api/users/password", change).by(&ann).await), "Bearer");
}

const INVALID_HEADER: &str = "/problems/invalid-header";

fn post(server: &Server, seller: &User) -> Call {
    server.post("/api/tickets", json!({"title": "Headed", "price": 5})).by(seller)
}
