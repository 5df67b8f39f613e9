use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::dns::{Name, Resolve};
use reqwest::header::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;
use crate::webhooks::lookup::Found;

/// A name service that says this, one answer after the other, and the last one again and again.
struct Says(Mutex<VecDeque<Vec<IpAddr>>>);

impl Says {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let address = |text: &&str| text.parse().expect("an address");
        Arc::new(Self(Mutex::new(
            answers.iter().map(|answer| answer.iter().map(address).collect()).collect(),
        )))
    }
}

impl Lookup for Says {
    fn lookup(&self, _: &str) -> Found {
        let mut answers = self.0.lock().expect("nobody panics");
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        let addresses = answer.unwrap_or_default().into_iter().map(|ip| SocketAddr::new(ip, 0)).collect();
        Box::pin(async move { Ok::<_, io::Error>(addresses) })
    }
}

/// A receiver on this machine that answers this, byte for byte, and counts who comes.
struct Receiver {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    got: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    async fn new(answer: impl Into<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (connections, got) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (count, requests, answer) = (connections.clone(), got.clone(), Arc::new(answer.into()));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (requests, answer) = (requests.clone(), answer.clone());
                tokio::spawn(async move {
                    let mut request = Vec::new();
                    while !request.ends_with(b"the body") {
                        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
                            return;
                        }
                    }
                    requests
                        .lock()
                        .expect("nobody panics")
                        .push(String::from_utf8_lossy(&request).into_owned());
                    if answer.is_empty() {
                        std::future::pending::<()>().await;
                    }
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { address, connections, got }
    }

    fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/hooks", self.address.port())
    }

    fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn client(allow_private: bool, lookup: Arc<dyn Lookup>) -> Client {
    // As `boxoffice serve` does.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::new(Destinations { allow_private }, lookup).expect("there is TLS")
}

fn message(url: String) -> Message {
    Message {
        url,
        id: "0123456789abcdef-42".to_owned(),
        timestamp_s: 1_790_000_000,
        signatures: "v1,abc v1,def".to_owned(),
        body: Bytes::from_static(b"the body"),
    }
}

fn head(status: &str, headers: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}connection: close\r\n\r\n")
}

#[tokio::test]
async fn a_message_has_what_the_standard_wants() {
    let receiver = Receiver::new(head("200 OK", "") + "thanks").await;
    let here = client(true, Says::new(&[&["127.0.0.1"]]));
    let answered = here.send(message(receiver.url("shop.example"))).await.expect("an answer");
    assert_eq!((answered.status, answered.beginning.as_str()), (200, "thanks"));
    let got = receiver.got.lock().expect("nobody panics").remove(0);
    assert!(got.starts_with("POST /hooks HTTP/1.1\r\n"), "{got}");
    for header in [
        "content-type: application/cloudevents+json; charset=utf-8",
        "webhook-id: 0123456789abcdef-42",
        "webhook-timestamp: 1790000000",
        "webhook-signature: v1,abc v1,def",
        "user-agent: boxoffice/",
        "content-length: 8",
    ] {
        assert!(got.contains(&format!("\r\n{header}")), "{header} is not in {got}");
    }
}

#[tokio::test]
async fn a_name_that_leads_to_this_machine_is_never_connected_to() {
    let receiver = Receiver::new(head("200 OK", "")).await;
    for address in ["127.0.0.1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254", "fd00::1"] {
        let guarded = client(false, Says::new(&[&[address]]));
        let refused = guarded.send(message(receiver.url("shop.example"))).await;
        assert_eq!(refused, Err(NoAnswer::NotOnTheInternet), "{address}");
    }
    assert_eq!(receiver.connections(), 0);
}

/// A name service of somebody who means ill: the first look-up shows an address that may be sent to, and the next one, a
/// moment later, one of this machine. Whoever trusted the first one and connected by name would come here. What is
/// connected to is what was looked at, each time.
#[tokio::test]
async fn a_name_that_stands_for_something_else_a_moment_later_leads_nowhere() {
    let receiver = Receiver::new(head("200 OK", "")).await;
    let lookup = Says::new(&[&["192.0.3.1"], &["127.0.0.1"]]);
    let destinations = Destinations { allow_private: false };
    let name = || "rebind.example".parse::<Name>().expect("a name");
    let first =
        Guarded { destinations, lookup: lookup.clone() }.resolve(name()).await.expect("it may be sent to");
    assert_eq!(first.map(|address| address.ip().to_string()).collect::<Vec<_>>(), ["192.0.3.1"]);
    let refused = client(false, lookup).send(message(receiver.url("rebind.example"))).await;
    assert_eq!(refused, Err(NoAnswer::NotOnTheInternet));
    assert_eq!(receiver.connections(), 0, "nobody came to this machine");
    // Of several addresses only those count that may be sent to.
    let lookup = Says::new(&[&["127.0.0.1", "192.0.3.1", "10.0.0.1"]]);
    let mixed = Guarded { destinations, lookup }.resolve(name()).await.expect("one may be sent to");
    assert_eq!(mixed.map(|address| address.ip().to_string()).collect::<Vec<_>>(), ["192.0.3.1"]);
}

/// The resolver is asked for every connection, so that there is no way around it by name.
#[tokio::test]
async fn each_connection_is_looked_up() {
    let receiver = Receiver::new(head("200 OK", "")).await;
    let here = client(true, Says::new(&[&["127.0.0.1"], &["127.0.0.1"], &[]]));
    for _ in 0..2 {
        let answered = here.send(message(receiver.url("shop.example"))).await.expect("an answer");
        assert_eq!(answered.status, 200);
    }
    let unknown = here.send(message(receiver.url("shop.example"))).await;
    assert!(matches!(unknown, Err(NoAnswer::Connection(_))), "{unknown:?}");
    assert_eq!(receiver.connections(), 2);
}

#[tokio::test]
async fn an_address_in_the_url_is_looked_at_when_something_is_sent() {
    let receiver = Receiver::new(head("200 OK", "")).await;
    let guarded = client(false, Says::new(&[&["127.0.0.1"]]));
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"] {
        let refused = guarded.send(message(receiver.url(host))).await;
        assert!(matches!(refused, Err(NoAnswer::Url(UrlFault::Special { .. }))), "{host}: {refused:?}");
    }
    assert_eq!(receiver.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let secret = Receiver::new(head("200 OK", "")).await;
    let location = format!("location: {}\r\n", secret.url("127.0.0.1"));
    let here = client(true, Says::new(&[&["127.0.0.1"]]));
    for status in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let receiver = Receiver::new(head(status, &location)).await;
        let answered = here.send(message(receiver.url("shop.example"))).await.expect("an answer");
        assert_eq!(answered.status.to_string(), status[..3]);
    }
    assert_eq!(secret.connections(), 0);
}

#[tokio::test]
async fn the_first_kilobyte_of_an_answer_is_kept() {
    let long = head("500 Oh no", "retry-after: 7\r\n") + &"é".repeat(100_000);
    let receiver = Receiver::new(long).await;
    let here = client(true, Says::new(&[&["127.0.0.1"]]));
    let answered = here.send(message(receiver.url("shop.example"))).await.expect("an answer");
    assert_eq!((answered.status, answered.retry_after), (500, Some(Duration::from_secs(7))));
    assert_eq!(answered.beginning, "é".repeat(MAX_ANSWER_BYTES / 2));
    let receiver = Receiver::new([head("200 OK", "").into_bytes(), vec![0xff; 2_000]].concat()).await;
    let answered = here.send(message(receiver.url("shop.example"))).await.expect("an answer");
    assert!(answered.beginning.len() <= MAX_ANSWER_BYTES && answered.beginning.starts_with('\u{fffd}'));
}

#[tokio::test]
async fn what_is_no_answer_is_told_apart() {
    let here = client(true, Says::new(&[&["127.0.0.1"]]));
    let closed = TcpListener::bind("127.0.0.1:0").await.expect("a free port").local_addr().expect("bound");
    let refused = here.send(message(format!("http://shop.example:{}/", closed.port()))).await;
    assert!(matches!(refused, Err(NoAnswer::Connection(_))), "{refused:?}");
    let receiver = Receiver::new("what?\r\n\r\n").await;
    let lost = here.send(message(receiver.url("shop.example"))).await;
    assert!(matches!(lost, Err(NoAnswer::Lost(_))), "{lost:?}");
    let nobody = client(true, Says::new(&[&[]]));
    let unknown = nobody.send(message("http://nobody.example/".to_owned())).await;
    assert!(matches!(unknown, Err(NoAnswer::Connection(_))), "{unknown:?}");
}

#[tokio::test]
async fn an_answer_that_does_not_come_is_waited_for_ten_seconds() {
    let receiver = Receiver::new("").await;
    let here = client(true, Says::new(&[&["127.0.0.1"]]));
    let began = Instant::now();
    let timed_out = here.send(message(receiver.url("shop.example"))).await;
    assert_eq!(timed_out, Err(NoAnswer::TimedOut));
    assert!(began.elapsed() >= ANSWER_WITHIN);
    // A head is an answer, however long the rest takes.
    let stalls = Receiver::new(head("204 No Content", "").replace("connection: close\r\n", "")).await;
    assert_eq!(here.send(message(stalls.url("shop.example"))).await.expect("an answer").status, 204);
}

#[test]
fn receivers_say_when_to_come_again_in_seconds_or_by_a_date() {
    let says = |value: &str| {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(value).expect("a value"));
        retry_after(&headers)
    };
    assert_eq!(says("120"), Some(Duration::from_secs(120)));
    assert_eq!(says(" 0 "), Some(Duration::ZERO));
    assert_eq!(says("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
    let later = says("Tue, 31 Dec 2999 23:59:59 GMT").expect("a date");
    assert!(later > Duration::from_secs(86_400 * 365));
    for other in ["Wed, 21 Oct 2015 07:28:00 GMT", "soon", "-1", "1.5", ""] {
        assert_eq!(says(other), None, "{other}");
    }
}
