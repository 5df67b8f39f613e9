//! HTTP/2 clients that do not take what they asked for, and what is under way in all.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http2::{self, SendRequest};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use poem::http::{Request, Response};

use super::*;

type Client = SendRequest<Empty<Bytes>>;

/// A client that takes this much of each answer before it reads it, and answers pings whatever happens.
async fn client(service: &Service, window_bytes: u32) -> (Client, JoinHandle<()>) {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder.timer(TokioTimer::new()).initial_stream_window_size(window_bytes);
    let stream = TokioIo::new(service.connect().await);
    let (sender, connection) = builder.handshake(stream).await.unwrap();
    // How it ends is the server's to say.
    (sender, tokio::spawn(async move { connection.await.unwrap_or_default() }))
}

async fn get(client: &mut Client, path: &str) -> Response<hyper::body::Incoming> {
    let request = Request::get(format!("http://h{path}")).body(Empty::new()).unwrap();
    timeout(HANG, client.send_request(request)).await.expect("no answer").unwrap()
}

#[tokio::test]
async fn who_opens_no_window_is_cut_off_even_while_taking_other_answers() {
    let limits = ConnectionLimits { write_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let (mut client, connection) = client(&service, 0).await;
    let stuck = get(&mut client, "/api/drafts").await;
    assert_eq!(stuck.status(), 200);
    // Without a body there is nothing to take: these keep the connection from looking idle.
    let busy = tokio::spawn(async move {
        let head = || Request::head("http://h/api/drafts").body(Empty::new()).unwrap();
        while client.send_request(head()).await.is_ok() {}
    });
    timeout(HANG, connection).await.expect("the connection stays open").unwrap();
    timeout(HANG, busy).await.expect("the connection stays open").unwrap();
    assert_eq!(service.counters.cut_off(), 1);
    drop(stuck);
}

#[tokio::test]
async fn who_takes_a_little_is_cut_off_later_and_who_takes_all_not_at_all() {
    let limits =
        ConnectionLimits { write_timeout: SHORT, idle_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let (mut slow, connection) = client(&service, 1).await;
    let stuck = get(&mut slow, "/api/drafts").await;
    timeout(HANG, connection).await.expect("the connection stays open").unwrap();
    assert_eq!(service.counters.cut_off(), 1);
    drop(stuck);
    let (mut quick, connection) = client(&service, 1 << 20).await;
    let body = get(&mut quick, "/api/drafts").await.into_body();
    assert_eq!(body.collect().await.unwrap().to_bytes(), "None None");
    timeout(HANG, connection).await.expect("the connection stays open").unwrap();
    assert_eq!(service.counters.cut_off(), 1, "an answer that was taken is no longer under way");
}

#[tokio::test]
async fn more_requests_than_may_be_under_way_are_refused() {
    let limits = ConnectionLimits { max_requests: 1, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let mut first = service.connect().await;
    first.write_all(b"GET /api/hold HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();
    service.api.held.notified().await;
    let refused = service.get("/api/drafts").await;
    assert_eq!(status(&refused), 503);
    for part in ["retry-after: 1\r\n", "/problems/unavailable", "Too many requests are under way"] {
        assert!(refused.contains(part), "{part} in {refused}");
    }
    assert_eq!(status(&service.post("Content-Type: application/json\r\n", "{}").await), 503);
    assert_eq!(status(&service.get("/api/drafts/7").await), 200, "a vital path is answered");
    assert_eq!(
        status(&service.ask("GET /api/drafts/7 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx").await),
        503
    );
    service.api.release.notify_one();
    assert_eq!(status(&rest_of(&mut first).await), 200);
    assert_eq!(status(&service.get("/api/drafts").await), 200, "the place is free again");
}

#[tokio::test]
async fn an_answer_has_its_place_until_it_is_taken() {
    let limits = ConnectionLimits { max_requests: 1, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let (mut client, connection) = client(&service, 1).await;
    let stuck = get(&mut client, "/api/drafts").await;
    assert_eq!(status(&service.get("/api/drafts").await), 503);
    drop((stuck, client));
    timeout(HANG, connection).await.expect("the connection stays open").unwrap();
    timeout(HANG, async { while status(&service.get("/api/drafts").await) == 503 {} }).await.unwrap();
}
