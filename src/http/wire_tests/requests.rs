//! What one request is answered.

use poem::{Endpoint, Request};

use super::*;

#[tokio::test]
async fn a_request_names_its_host_once() {
    let service = Setup::default().start().await;
    for (hosts, status) in [
        ("Host: h\r\n", "200"),
        ("Host: [::1]:3000\r\n", "200"),
        ("Host:\r\n", "200"),
        ("", "400"),
        ("Host: h\r\nHost: i\r\n", "400"),
        ("Host: a b\r\n", "400"),
        ("Host: user@h\r\n", "400"),
        ("Host: h\r\nTransfer-Encoding: gzip, chunked\r\n", "400"),
    ] {
        let request = format!("GET /api/drafts/7 HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
        let answer = service.ask(&request).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{hosts:?}: {answer}");
    }
}

#[tokio::test]
async fn a_request_has_an_id_an_address_and_its_headers() {
    let service = Setup::default().start().await;
    let answer = service
        .ask("GET /api/drafts/7 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nX-Request-Id: mine\r\n\r\n")
        .await;
    assert_eq!(status(&answer), 200);
    assert!(answer.ends_with("7 for mine from Some(\"127.0.0.1\")"), "{answer}");
    for header in
        ["x-request-id: mine", "x-content-type-options: nosniff", "cache-control: no-store", "vary: Origin"]
    {
        assert!(answer.contains(header), "{header} in {answer}");
    }
}

#[tokio::test]
async fn every_error_is_a_problem() {
    let service = Setup::default().start().await;
    let put = "PUT /api/drafts HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    for (answer, expected, contains) in [
        (service.get("/nowhere").await, 404, "/problems/not-found"),
        (service.get("/api/drafts/none").await, 404, "/problems/not-found"),
        (service.ask(put).await, 405, "allow: GET, HEAD, POST"),
        (service.get("/api/panic").await, 500, "/problems/internal"),
        (service.post("", "{}").await, 415, "/problems/unsupported-media-type"),
        (service.post("Content-Type: text/plain\r\n", "{}").await, 415, "/problems/unsupported-media-type"),
        (service.post("Content-Type: application/json\r\n", "{").await, 400, "line 1 column 1"),
        (service.post("Content-Type: application/json\r\n", "").await, 400, "The body is empty"),
        (service.get("/api/drafts?limit=0&cursor=long").await, 400, "\"field\":\"cursor\""),
        (service.post("Origin: https://evil.example\r\n", "{}").await, 403, "/problems/cross-origin"),
    ] {
        assert_eq!(status(&answer), expected, "{answer}");
        for part in [contains, "content-type: application/problem+json", "x-request-id: ", "\"requestId\":\""]
        {
            assert!(answer.contains(part), "{part} in {answer}");
        }
    }
}

#[tokio::test]
async fn a_panic_is_not_told_to_the_client() {
    let answer = Setup::default().start().await.get("/api/panic").await;
    assert_eq!(status(&answer), 500);
    assert!(!answer.contains("purpose") && answer.contains(r#"{"message":"Internal error"}"#), "{answer}");
}

#[tokio::test]
async fn all_faults_at_once_and_refusals_of_handlers() {
    let service = Setup::default().start().await;
    let json = "Content-Type: application/json\r\n";
    let answer = service.post(json, r#"{"price": 19.999}"#).await;
    assert!(answer.contains(r#""field":"title""#) && answer.contains(r#""field":"price""#), "{answer}");
    let answer = service.post(json, r#"{"title": "sold", "price": 1}"#).await;
    assert_eq!(status(&answer), 409);
    let answer = service.post(json, r#"{"title": "a", "price": 19.99}"#).await;
    assert!(answer.ends_with("a 1999"), "{answer}");
    assert_eq!(service.get("/api/drafts?limit=5").await.rsplit("\r\n").next(), Some("Some(5) None"));
}

#[tokio::test]
async fn observers_hear_of_operations_and_never_of_paths() {
    let service = Setup::default().start().await;
    service.get("/api/drafts").await;
    service.get("/api/drafts/7").await;
    service.get("/api/drafts/none").await;
    service.get("/made-up").await;
    service.ask("BREW /api/drafts HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    let log = service.log.0.lock().unwrap().clone();
    assert_eq!(
        log,
        [
            "GET listDrafts 200",
            "GET /api/drafts/:param0 200",
            "GET /api/drafts/:param0 404",
            "GET unrouted 404",
            "OTHER /api/drafts 405"
        ]
    );
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let service = Setup::default().start().await;
    let answer = service.ask("HEAD /api/drafts HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("content-length: 9\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn pages_of_named_origins_may_ask_and_read() {
    let service = Setup::default().start().await;
    let preflight = "OPTIONS /api/drafts HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\
         Origin: https://shop.example\r\nAccess-Control-Request-Method: POST\r\n\r\n";
    let answer = service.ask(preflight).await;
    assert_eq!(status(&answer), 204);
    assert!(answer.contains("access-control-allow-origin: https://shop.example"), "{answer}");
    let headers = "Content-Type: application/json\r\nOrigin: https://shop.example\r\n";
    let answer = service.post(headers, r#"{"title": "a", "price": 1}"#).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("access-control-expose-headers: Allow, Consistency"), "{answer}");
}

#[tokio::test]
async fn a_chunked_body_that_is_too_large_is_answered_on_a_connection_that_lives_on() {
    let service = Setup::default().start().await;
    let mut stream = service.connect().await;
    stream
        .write_all(b"POST /api/drafts HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        .await
        .unwrap();
    let chunk = format!("{:x}\r\n{}\r\n", 1024, "x".repeat(1024));
    for _ in 0..65 {
        stream.write_all(chunk.as_bytes()).await.unwrap();
    }
    stream.write_all(b"0\r\n\r\n").await.unwrap();
    assert_eq!(status(&one_answer(&mut stream).await), 413);
    stream.write_all(b"GET /api/drafts HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    assert_eq!(status(&one_answer(&mut stream).await), 200);
}

#[tokio::test]
async fn a_body_that_is_far_too_large_is_answered_and_the_connection_closed() {
    let service = Setup::default().start().await;
    let answer =
        service.ask("POST /api/drafts HTTP/1.1\r\nHost: h\r\nContent-Length: 9999999\r\n\r\n{").await;
    assert_eq!(status(&answer), 413);
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn who_sends_all_before_reading_sees_the_answer() {
    let service = Setup::default().start().await;
    let much = "x".repeat(16 << 20);
    let body =
        format!("POST /api/drafts HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{much}", much.len());
    assert_eq!(status(&service.ask(&body).await), 413);
    let head = format!("GET /api/drafts HTTP/1.1\r\nHost: h\r\nX-Much: {much}\r\n\r\n");
    assert_eq!(status(&service.ask(&head).await), 431);
}

#[tokio::test]
async fn half_a_body_times_out() {
    let body_limits = BodyLimits { timeout: SHORT, ..BodyLimits::default() };
    let service = Setup { body_limits, ..Setup::default() }.start().await;
    let answer =
        service.ask("POST /api/drafts HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n{\"tit").await;
    assert_eq!(status(&answer), 408);
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn pages_of_named_origins_do_not_act_as_their_visitors() {
    let cookies =
        poem::endpoint::make_sync(|request: Request| request.header("cookie").unwrap_or("none").to_owned());
    let cors_origins = CorsOrigins::new(["https://shop.example"]).unwrap();
    let settings = StackSettings { cors_origins, ..StackSettings::default() };
    let stack = Stack::new(cookies, Log::default(), settings);
    for (headers, expected) in [
        ([("origin", "https://shop.example"), ("sec-fetch-site", "cross-site")], "none"),
        ([("origin", "https://shop.example"), ("sec-fetch-site", "same-origin")], "session=1"),
        ([("referer", "https://search.example"), ("sec-fetch-site", "cross-site")], "session=1"),
    ] {
        let mut request = Request::builder().header("host", "h").header("cookie", "session=1");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = stack.call(request.finish()).await.unwrap();
        assert_eq!(response.into_body().into_string().await.unwrap(), expected, "{headers:?}");
    }
}

#[test]
fn the_document_says_what_is_checked() {
    let document = OpenApiService::new(Api::default(), "Test", "1").spec();
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let drafts = &document["paths"]["/api/drafts"];
    let limit = &drafts["get"]["parameters"][0];
    assert_eq!((&limit["name"], &limit["required"]), (&"limit".into(), &false.into()));
    assert_eq!(limit["schema"]["maximum"], 100.0);
    let body = &drafts["post"]["requestBody"];
    assert_eq!(body["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Draft");
    let statuses: Vec<_> = drafts["post"]["responses"].as_object().unwrap().keys().collect();
    assert_eq!(statuses, ["200", "400", "409", "500", "503"]);
    let unavailable = &drafts["post"]["responses"]["503"];
    assert!(unavailable["headers"]["Retry-After"].is_object());
    assert_eq!(
        unavailable["content"]["application/problem+json"]["schema"]["$ref"],
        "#/components/schemas/Problem"
    );
    let problem = &document["components"]["schemas"]["Problem"];
    assert_eq!(problem["properties"]["type"]["$ref"], "#/components/schemas/ProblemType");
    let types = document["components"]["schemas"]["ProblemType"]["enum"].as_array().unwrap();
    assert_eq!(types.len(), ProblemType::ALL.len());
    assert!(types.contains(&"/problems/ticket-sold".into()), "{types:?}");
    assert_eq!(problem["required"], serde_json::json!(["type", "title", "status", "detail", "errors"]));
}
