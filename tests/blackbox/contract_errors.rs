//! What every operation answers to a request that is wrong in itself.

use reqwest::Method;
use serde_json::json;

use crate::support::{Server, raw_exchange};

/// The contract's limit on bodies.
const BODY_LIMIT: usize = 64 << 10;

#[tokio::test]
async fn malformed_bodies_are_400() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    for body in ["{", "", "null", "[]", "\"text\"", "{\"title\": }", "{\"title\":\"a\",\"price\":1} trailing"]
    {
        let call = server.call(Method::POST, "/api/tickets").body("application/json", body).by(&ann);
        call.await.problem(400, "400 malformed or invalid");
    }
    let not_utf8 = server.call(Method::POST, "/api/tickets").body("application/json", vec![b'{', 0xff, b'}']);
    not_utf8.by(&ann).await.problem(400, "400 malformed or invalid");
    let deep = "[".repeat(20_000);
    let deep = server.call(Method::POST, "/api/users/signup").body("application/json", deep);
    deep.await.problem(400, "nesting is bounded");
}

#[tokio::test]
async fn other_media_types_are_415() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let body = r#"{"title":"Typed","price":1}"#;
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/xml"] {
        let call = server.call(Method::POST, "/api/tickets").body(content_type, body).by(&ann);
        call.await.problem(415, "415");
    }
    let json = || server.call(Method::POST, "/api/tickets").body("application/json", body).by(&ann);
    let zipped = json().header("content-encoding", "gzip").await.problem(415, "no coding is understood");
    assert_eq!(zipped.header("accept-encoding"), Some("identity"), "RFC 9110: a 415 says what would be");
    json().header("content-encoding", "identity").await.expect(201, "no coding at all");
    json().header("content-type", "application/json").await.problem(415, "which of two types counts");
    let untyped = server.call(Method::POST, "/api/tickets").by(&ann).await.problem(415, "415");
    assert!(untyped.string("detail").contains("application/json"), "{}", untyped.text);
    let call =
        server.call(Method::POST, "/api/tickets").body("application/json; charset=utf-8", body).by(&ann);
    call.await.expect(201, "a parameter makes no other type");
}

#[tokio::test]
async fn unknown_paths_and_methods() {
    let server = Server::start().await;
    for path in ["/nothing", "/api/nothing", "/api/tickets/a/b", "/api/users"] {
        server.get(path).await.problem(404, "404 missing");
    }
    for (method, path) in [
        (Method::PATCH, "/api/tickets"),
        (Method::DELETE, "/api/tickets"),
        (Method::PUT, "/api/orders"),
        (Method::GET, "/api/users/signin"),
        (Method::POST, "/healthz"),
    ] {
        let refused = server.call(method, path).await.problem(405, "405");
        let allowed = refused.header("allow").unwrap_or_default();
        assert!(!allowed.is_empty(), "RFC 9110: a 405 says in Allow what is allowed");
    }
}

#[tokio::test]
async fn bodies_over_the_limit_are_413() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let padded = |bytes: usize| {
        let frame = r#"{"title":"Padded","price":1,"padding":""}"#;
        let padding = "x".repeat(bytes - frame.len());
        format!(r#"{{"title":"Padded","price":1,"padding":"{padding}"}}"#)
    };
    let post = |bytes: usize| {
        server.call(Method::POST, "/api/tickets").body("application/json", padded(bytes)).by(&ann)
    };
    post(BODY_LIMIT).await.expect(201, "413 over 64 KiB, not at it");
    post(BODY_LIMIT + 1).await.problem(413, "413 over 64 KiB");
    let large = post(1 << 20).await;
    large.problem(413, "read to its end within reason so that the client sees the answer");
}

#[tokio::test]
async fn chunked_bodies_over_the_limit_are_413() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let head = format!(
        "POST /api/tickets HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n",
        server.authority(),
        ann.token
    );
    let small = r#"{"title":"Chunked","price":1}"#;
    let small = format!("{:x}\r\n{small}\r\n0\r\n\r\n", small.len());
    let answer = raw_exchange(&server, &[head.as_bytes(), small.as_bytes()]).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "a chunked body is a body: {answer}");

    let chunk = format!("{:x}\r\n{}\r\n", 10_000, " ".repeat(10_000));
    let mut parts = vec![head.as_bytes()];
    parts.extend(std::iter::repeat_n(chunk.as_bytes(), 20));
    parts.push(b"0\r\n\r\n");
    let answer = raw_exchange(&server, &parts).await;
    assert!(
        answer.starts_with("HTTP/1.1 413 "),
        "413 over 64 KiB, also for a chunked body without a length: {answer}"
    );
    assert!(answer.contains("application/problem+json"), "{answer}");
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_the_server_goes_on() {
    let server = Server::start().await;
    for garbage in
        ["\r\n\r\nnonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\0 HTTP/1.1\r\nhost: a\r\n\r\n"]
    {
        let answer = raw_exchange(&server, &[garbage.as_bytes()]).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{garbage:?}: {answer}");
    }
    let endless = format!("GET / HTTP/1.1\r\nhost: a\r\nx-long: {}\r\n\r\n", "x".repeat(1 << 20));
    let answer = raw_exchange(&server, &[endless.as_bytes()]).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "header limits: {answer}");
    server.get("/healthz").await.expect(200, "GET /healthz | anyone | 200");
}

#[tokio::test]
async fn wrong_parameters_are_named_all_at_once() {
    let server = Server::start().await;
    let query = "limit=0&minPrice=-1&maxPrice=much&sort=best&seller=nonsense&cursor=nonsense";
    let refused =
        server.get(&format!("/api/tickets?{query}")).await.problem(400, "all faults of a request at once");
    for field in ["cursor", "limit", "maxPrice", "minPrice", "sort"] {
        assert!(refused.faults().contains(&field.to_owned()), "{field} is at fault too: {}", refused.text);
    }
    for limit in ["0", "101", "-1", "ten", "1.5"] {
        let refused = server.get(&format!("/api/tickets?limit={limit}")).await.problem(400, "limit 1–100");
        assert_eq!(refused.faults(), ["limit"], "{limit}");
    }
    for limit in ["1", "100"] {
        server.get(&format!("/api/tickets?limit={limit}")).await.expect(200, "limit 1–100");
    }
}

#[tokio::test]
async fn every_answer_has_a_request_id() {
    let server = Server::start().await;
    let one = server.get("/api/tickets").await.expect(200, "");
    let other = server.get("/api/tickets").await.expect(200, "");
    let id = one.header("x-request-id").expect("a request id that is also a response header");
    assert_ne!(Some(id), other.header("x-request-id"), "each request has its own");
    let missing = server.get("/api/tickets/nonsense").await.problem(404, "missing");
    assert_ne!(missing["requestId"], json!(null));
    assert!(!missing.text.contains("nonsense ") && missing["title"].is_string());
}
