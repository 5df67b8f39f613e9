//! Answers without an end: they stay for as long as their clients take what there is.

use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::{TokioExecutor, TokioIo};
use poem::endpoint::make_sync;
use poem::{Body, Response, get};

use super::*;
use crate::http::Endless;

/// What comes at once each time.
const PIECE: [u8; 1024] = [b'x'; 1024];

/// One that never pauses, and one that has nothing more to say after its first piece.
pub(super) fn routes() -> Route {
    let endless = |pieces: Body| Response::builder().extension(Endless).body(pieces);
    let piece = || Ok::<_, std::io::Error>(Bytes::from_static(&PIECE));
    Route::new()
        .at(
            "/api/flood",
            get(make_sync(move |_| endless(Body::from_bytes_stream(stream::repeat_with(piece))))),
        )
        .at(
            "/api/quiet",
            get(make_sync(move |_| {
                let first = stream::once(async move { piece() });
                endless(Body::from_bytes_stream(first.chain(stream::pending())))
            })),
        )
}

async fn until_cut_off(service: &Service) {
    let cut_off = async {
        while service.counters.cut_off() == 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(HANG, cut_off).await.expect("never cut off");
}

async fn begin(service: &Service, path: &str) -> TcpStream {
    let mut stream = service.connect().await;
    let request = format!("GET {path} HTTP/1.1\r\nHost: h\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let (mut read, mut buffer) = (0, [0; 512]);
    while read < PIECE.len() {
        let count = timeout(HANG, stream.read(&mut buffer)).await.expect("no answer").unwrap();
        assert!(count > 0, "closed");
        read += count;
    }
    stream
}

#[tokio::test]
async fn who_takes_what_there_is_may_stay_and_takes_no_place() {
    let limits = ConnectionLimits { write_timeout: SHORT, max_requests: 1, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let streams = [begin(&service, "/api/quiet").await, begin(&service, "/api/quiet").await];
    // Far longer than anything else may take.
    tokio::time::sleep(10 * SHORT).await;
    assert_eq!(status(&service.get("/api/drafts").await), 200, "the only place is free");
    assert_eq!((service.counters.cut_off(), service.counters.open()), (0, 2));
    drop(streams);
}

#[tokio::test]
async fn who_does_not_take_what_there_is_is_cut_off() {
    let limits = ConnectionLimits { write_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let stream = begin(&service, "/api/flood").await;
    until_cut_off(&service).await;
    drop(stream);
}

#[tokio::test]
async fn who_takes_other_answers_of_the_connection_only_is_cut_off_too() {
    let limits = ConnectionLimits { write_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let stream = TokioIo::new(service.connect().await);
    let (sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    let ask = |path: &str| {
        let request = poem::http::Request::get(format!("http://h{path}"));
        sender.clone().send_request(request.body(Empty::<Bytes>::new()).unwrap())
    };
    let never_read = timeout(HANG, ask("/api/flood")).await.expect("no answer").unwrap();
    let others = async {
        while let Ok(answer) = ask("/api/drafts").await {
            if answer.into_body().collect().await.is_err() {
                break;
            }
        }
    };
    tokio::select! {
        () = until_cut_off(&service) => {}
        () = others => until_cut_off(&service).await,
    }
    drop(never_read);
}
