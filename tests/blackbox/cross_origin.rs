//! Requests that a browser sends on behalf of another site.

use reqwest::Method;
use serde_json::json;

use crate::support::{Call, PASSWORD, Server};

const RULE: &str =
    "unsafe methods are refused (403) when Sec-Fetch-Site or Origin says that they come from elsewhere";
const FRIEND: &str = "https://app.example";

#[tokio::test]
async fn cross_origin_writes_are_refused() {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    let own_origin = server.base().to_owned();
    let sign_in = || server.post("/api/users/signin", json!({"email": ann.email, "password": PASSWORD}));
    let post = || server.post("/api/tickets", json!({"title": "Forged", "price": 1})).by(&ann);

    let elsewhere: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[("sec-fetch-site", "cross-site"), ("origin", &own_origin)],
        &[("origin", "http://127.0.0.1:1")],
    ];
    for headers in elsewhere {
        let refused = with(sign_in(), headers).await.problem(403, "sign-in included");
        assert_eq!(refused.kind(), "/problems/cross-origin");
        with(post(), headers).await.problem(403, RULE);
        let delete = server.call(Method::DELETE, "/api/tickets/nonsense").by(&ann);
        with(delete, headers).await.problem(403, RULE);
        with(server.get("/api/tickets"), headers).await.expect(200, "safe methods pass");
    }
    let here: [&[(&str, &str)]; 4] = [
        &[],
        &[("sec-fetch-site", "same-origin"), ("origin", &own_origin)],
        &[("sec-fetch-site", "none")],
        &[("origin", &own_origin)],
    ];
    for headers in here {
        with(post(), headers).await.expect(201, "one with neither header is no browser's and passes");
        with(sign_in(), headers).await.expect(200, "same origin passes");
    }
}

#[tokio::test]
async fn nothing_is_shared_with_other_origins_by_default() {
    let server = Server::start().await;
    let answer = server.get("/api/tickets").header("origin", FRIEND).await.expect(200, "safe methods pass");
    assert_eq!(answer.header("access-control-allow-origin"), None, "no BOXOFFICE_CORS_ORIGINS, no CORS");
}

#[tokio::test]
async fn named_origins_use_the_api_by_bearer_token() {
    let server = Server::start_with(&[("BOXOFFICE_CORS_ORIGINS", FRIEND)]).await;
    let ann = server.user("ann").await;
    let rule = "BOXOFFICE_CORS_ORIGINS lets named origins use the API by bearer token";
    let preflight = server
        .call(Method::OPTIONS, "/api/tickets")
        .header("origin", FRIEND)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization, consistency-token, if-match")
        .await;
    assert!((200..300).contains(&preflight.status), "{rule}: {}", preflight.status);
    assert_eq!(preflight.header("access-control-allow-origin"), Some(FRIEND), "{rule}");
    let allowed = preflight.header("access-control-allow-headers").unwrap_or_default().to_ascii_lowercase();
    let needed = ["authorization", "consistency", "consistency-token", "content-type"];
    for header in needed.iter().chain(&["idempotency-key", "if-match", "last-event-id"]) {
        assert!(allowed.contains(header), "{header} is not allowed: {allowed}");
    }
    let methods = preflight.header("access-control-allow-methods").unwrap_or_default();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        assert!(methods.contains(method), "the API has operations by {method}: {methods}");
    }
    assert_eq!(preflight.header("access-control-allow-credentials"), None, "by bearer token, not by cookie");

    let from_friend = [("origin", FRIEND), ("sec-fetch-site", "cross-site")];
    let post = || server.post("/api/tickets", json!({"title": "From elsewhere", "price": 1}));
    let posted = with(post().by(&ann), &from_friend).await.expect(201, rule);
    assert_eq!(posted.header("access-control-allow-origin"), Some(FRIEND));
    let exposed = posted.header("access-control-expose-headers").unwrap_or_default().to_ascii_lowercase();
    let needed = ["etag", "link", "location", "retry-after", "idempotent-replayed", "last-event-id"];
    for header in needed.iter().chain(&["consistency-token", "consistency-age-ms"]) {
        assert!(exposed.contains(header), "a page sees versions, pages and where things are: {exposed}");
    }
    let by_cookie = with(post().header("cookie", &format!("session={}", ann.token)), &from_friend).await;
    assert!(matches!(by_cookie.status, 401 | 403), "by bearer token, not by cookie: {}", by_cookie.status);

    let stranger = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    let refused = with(post().by(&ann), &stranger).await.problem(403, "named origins only");
    assert_eq!(refused.header("access-control-allow-origin"), None);
}

fn with(call: Call, headers: &[(&str, &str)]) -> Call {
    headers.iter().fold(call, |call, (name, value)| call.header(name, value))
}
