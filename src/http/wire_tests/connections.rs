//! How connections begin and end.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::*;

#[tokio::test]
async fn slow_heads_are_cut_off() {
    let limits = ConnectionLimits { head_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    assert_eq!(service.ask("").await, "");
    assert_eq!(service.ask("GET /api/drafts HTTP/1.1\r\nHost:").await, "");
    assert_eq!(service.ask("PRI * HTTP/2.0\r\n").await, "");
    let mut stream = service.connect().await;
    stream.write_all(b"GET /api/drafts HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    one_answer(&mut stream).await;
    stream.write_all(b"GET /api/dra").await.unwrap();
    assert_eq!(rest_of(&mut stream).await, "");
    let pipelined = "GET /api/drafts HTTP/1.1\r\nHost: h\r\n\r\nGET /api/dra";
    assert_eq!(status(&service.ask(pipelined).await), 200);
    assert_eq!(service.counters.cut_off(), 5);
}

#[tokio::test]
async fn idle_connections_are_closed() {
    let limits = ConnectionLimits { idle_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let answer = service.ask("GET /api/drafts HTTP/1.1\r\nHost: h\r\n\r\n").await;
    assert_eq!(status(&answer), 200);
    assert_eq!(service.counters.cut_off(), 0);
}

#[tokio::test]
async fn who_does_not_read_the_answer_is_cut_off() {
    let limits = ConnectionLimits { write_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let mut stream = service.connect().await;
    stream.write_all(b"GET /api/big HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    timeout(HANG, async {
        while service.counters.cut_off() == 0 {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("never cut off");
}

#[tokio::test]
async fn connections_beyond_the_bound_wait_for_their_turn() {
    let limits = ConnectionLimits { max_connections: 1, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let mut first = service.connect().await;
    first.write_all(b"GET /api/hold HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").await.unwrap();
    service.api.held.notified().await;
    let second = tokio::spawn({
        let address = service.address;
        async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream
                .write_all(b"GET /api/drafts HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                .await
                .unwrap();
            rest_of(&mut stream).await
        }
    });
    while service.counters.full() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!((service.counters.open(), service.counters.accepted()), (1, 1));
    service.api.release.notify_one();
    assert_eq!(status(&rest_of(&mut first).await), 200);
    assert_eq!(status(&second.await.unwrap()), 200);
}

#[tokio::test]
async fn draining_closes_what_is_idle_and_lets_requests_finish() {
    let service = Setup::default().start().await;
    let mut idle = service.connect().await;
    idle.write_all(b"GET /api/drafts HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    one_answer(&mut idle).await;
    let mut busy = service.connect().await;
    busy.write_all(b"GET /api/hold HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    service.api.held.notified().await;
    service.shutdown.cancel();
    assert_eq!(rest_of(&mut idle).await, "");
    timeout(HANG, async { while TcpStream::connect(service.address).await.is_ok() {} }).await.unwrap();
    service.api.release.notify_one();
    let answer = rest_of(&mut busy).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.contains("connection: close"), "{answer}");
    assert_eq!(service.drained.await.unwrap(), Drained { cut_off: 0 });
    assert_eq!(service.counters.open(), 0);
}

#[tokio::test]
async fn draining_does_not_wait_for_heads_and_handshakes() {
    const NEVER: Duration = Duration::from_secs(3600);
    let limits = || ConnectionLimits {
        head_timeout: NEVER,
        tls_handshake_timeout: NEVER,
        drain_timeout: NEVER,
        ..ConnectionLimits::default()
    };
    let request = "GET /api/drafts HTTP/1.1\r\nHost: h\r\n\r\n";
    let (tls, _) = certificate();
    for (tls, asks, then_sends) in [
        (None, "", "GET /api/dra"),
        (None, "", ""),
        (None, "", "PRI * HTTP"),
        (None, request, "GET /api/dra"),
        (Some(tls), "", ""),
    ] {
        let service = Setup { limits: limits(), tls, ..Setup::default() }.start().await;
        let mut stream = service.connect().await;
        if !asks.is_empty() {
            stream.write_all(asks.as_bytes()).await.unwrap();
            one_answer(&mut stream).await;
        }
        stream.write_all(then_sends.as_bytes()).await.unwrap();
        while service.counters.open() == 0 {
            tokio::task::yield_now().await;
        }
        service.shutdown.cancel();
        let drained = timeout(HANG, service.drained).await.expect("draining waits");
        assert_eq!(drained.unwrap(), Drained { cut_off: 0 }, "{then_sends:?}");
    }
}

#[tokio::test]
async fn what_does_not_finish_is_cut_off_and_counted() {
    let limits = ConnectionLimits { drain_timeout: SHORT, ..ConnectionLimits::default() };
    let service = Setup { limits, ..Setup::default() }.start().await;
    let mut busy = service.connect().await;
    busy.write_all(b"GET /api/hold HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    service.api.held.notified().await;
    service.shutdown.cancel();
    assert_eq!(service.drained.await.unwrap(), Drained { cut_off: 1 });
    assert_eq!(rest_of(&mut busy).await, "");
}

#[tokio::test]
async fn a_unix_socket_serves_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("socket");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let routes = OpenApiService::new(Api::default(), "Test", "1").boxed();
    let stack = Stack::new(routes, Log::default(), StackSettings::default());
    let (limits, shutdown) = (ConnectionLimits::default(), CancellationToken::new());
    let served = tokio::spawn(serve(listener, None, stack, limits, Arc::default(), shutdown.clone()));
    let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
    let request = "GET /api/drafts/7 HTTP/1.1\r\nHost: h\r\nX-Request-Id: r\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(one_answer(&mut stream).await.ends_with("7 for r from None"));
    shutdown.cancel();
    assert_eq!(served.await.unwrap(), Drained { cut_off: 0 });
}

/// A certificate for `localhost`, as the server's settings and as its PEM.
fn certificate() -> (Arc<rustls::ServerConfig>, String) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (certificate, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (crate::http::tls::load(&certificate, &key).unwrap(), made.cert.pem())
}

/// A TLS connection that offers only this protocol.
async fn connect_tls(service: &Service, root_pem: &str, alpn: &str) -> TlsStream<TcpStream> {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(root_pem.as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.as_bytes().to_vec()];
    let name = "localhost".try_into().unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, service.connect().await).await.unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(alpn.as_bytes()));
    stream
}

#[tokio::test]
async fn http1_over_tls() {
    let (tls, root_pem) = certificate();
    let service = Setup { tls: Some(tls), ..Setup::default() }.start().await;
    let mut stream = connect_tls(&service, &root_pem, "http/1.1").await;
    stream.write_all(b"GET /api/drafts HTTP/1.1\r\nHost: h\r\n\r\n").await.unwrap();
    assert_eq!(status(&one_answer(&mut stream).await), 200);
    let plain = service.get("/api/drafts").await;
    assert!(!plain.contains("HTTP/1.1"), "{plain:?}");
}

#[tokio::test]
async fn http2_over_tls() {
    let (tls, root_pem) = certificate();
    let service = Setup { tls: Some(tls), ..Setup::default() }.start().await;
    let stream = TokioIo::new(connect_tls(&service, &root_pem, "h2").await);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    let connection = tokio::spawn(connection);
    for (method, body_bytes, expected) in [
        ("GET", 0, 200),
        ("HEAD", 0, 200),
        ("POST", 65 * 1024, 413),
        ("POST", 2 * 1024 * 1024, 413),
        ("GET", 0, 200),
    ] {
        let body = Full::new(Bytes::from(vec![b'x'; body_bytes]));
        let request = poem::http::Request::builder().method(method).uri("https://localhost/api/drafts");
        let response =
            timeout(HANG, sender.send_request(request.body(body).unwrap())).await.unwrap().unwrap();
        assert_eq!(response.status(), expected, "{method} {body_bytes}");
        if method == "HEAD" {
            assert_eq!(response.headers()["content-length"], "9");
            assert!(response.into_body().collect().await.unwrap().to_bytes().is_empty());
        }
    }
    service.shutdown.cancel();
    assert_eq!(service.drained.await.unwrap(), Drained { cut_off: 0 });
    timeout(HANG, connection).await.unwrap().unwrap().unwrap();
}
