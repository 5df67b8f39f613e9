//! Whoever follows events and does not take them: cut off, at little cost, and free to go on.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::{Instant, timeout};

use crate::support::{Server, eventually};

/// Events to read, of about two KiB: more than the 4 MiB that the system keeps for a client that takes nothing.
const EVENTS: usize = 3_200;
const READERS: usize = 16;
/// What such a reader may take of the replica's memory: a page of events, and what is being written. All that the system
/// does not keep would be some MiB.
const MAX_READER_BYTES: u64 = 600 << 10;
/// Twice as long as a client may take nothing.
const CUT_OFF_WITHIN: Duration = Duration::from_secs(60);

/// A client that keeps next to nothing in its own system.
async fn follow(server: &Server, after: Option<&str>) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("set");
    let mut stream =
        socket.connect(server.authority().parse().expect("an address")).await.expect("connected");
    let resume = after.map(|id| format!("Last-Event-ID: {id}\r\n")).unwrap_or_default();
    let head = format!("GET /api/events HTTP/1.1\r\nHost: {}\r\n{resume}\r\n", server.authority());
    stream.write_all(head.as_bytes()).await.expect("written");
    stream
}

/// Reads until so many events have come, or the stream is over. Returns all that came.
async fn read(stream: &mut TcpStream, events: usize) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 16 << 10]);
    let (mut found, mut from) = (0, 0);
    let ends = Instant::now() + CUT_OFF_WITHIN;
    while found < events {
        match timeout(ends.saturating_duration_since(Instant::now()), stream.read(&mut buffer)).await {
            // It was cut off.
            Ok(Ok(0) | Err(_)) => break,
            Ok(Ok(count)) => bytes.extend(&buffer[..count]),
            Err(_) => panic!("neither events nor an end"),
        }
        while let Some(end) = bytes[from..].windows(2).position(|two| two == b"\n\n") {
            found += usize::from(bytes[from..from + end].windows(5).any(|five| five == b"\nid: "));
            from += end + 2;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The ids of the events that came whole.
fn ids(text: &str) -> Vec<String> {
    let whole = text.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
    whole.lines().filter_map(|line| line.strip_prefix("id: ")).map(str::to_owned).collect()
}

fn memory_bytes(server: &Server) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.process_id())).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    let kib: u64 = line.trim_end_matches("kB").trim().parse().expect("a number");
    kib << 10
}

async fn post_tickets(server: &Server) {
    let ann = server.user("ann").await;
    // Four bytes each.
    let text = "\u{1f3ad}".repeat(200);
    for _ in 0..EVENTS / 16 {
        let body = json!({"title": text, "venue": text, "price": 1});
        let posts = (0..16).map(|_| server.post("/api/tickets", body.clone()).by(&ann).attempt());
        for posted in futures_util::future::join_all(posts).await {
            posted.expect("answered").expect(201, "posted");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_takes_little_memory_is_cut_off_and_goes_on_where_it_was() {
    let server = Server::start().await;
    post_tickets(&server).await;
    // What all share, and the first ones take, is there.
    for _ in 0..3 {
        let all = read(&mut follow(&server, None).await, EVENTS).await;
        assert_eq!(ids(&all).len(), EVENTS);
    }
    let before = memory_bytes(&server);
    let mut slow = Vec::new();
    for _ in 0..READERS {
        let mut stream = follow(&server, None).await;
        let seen = read(&mut stream, 1).await;
        slow.push((stream, seen));
    }
    let metric = |metrics: &str, name: &str| -> u64 {
        let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        value.and_then(|value| value.parse().ok()).expect("it is there")
    };
    let (mut most, mut cut_off) = (0, 0);
    let ends = Instant::now() + CUT_OFF_WITHIN;
    while cut_off < READERS as u64 {
        assert!(Instant::now() < ends, "{cut_off} of {READERS} are cut off");
        most = most.max(memory_bytes(&server).saturating_sub(before));
        tokio::time::sleep(Duration::from_millis(200)).await;
        cut_off = metric(&server.get("/metrics").await.text, "boxoffice_connections_cut_off_total");
    }
    assert!(most < READERS as u64 * MAX_READER_BYTES, "{READERS} slow readers took {most} bytes");
    eventually("their places are free", async || {
        match metric(&server.get("/metrics").await.text, "boxoffice_event_streams") {
            0 => Ok(()),
            open => Err(format!("{open} streams are open")),
        }
    })
    .await;
    let (mut stream, mut seen) = slow.swap_remove(0);
    seen.push_str(&read(&mut stream, EVENTS).await);
    let seen = ids(&seen);
    assert!(!seen.is_empty() && seen.len() < EVENTS, "it got some, and no more: {}", seen.len());
    let mut resumed = follow(&server, seen.last().map(String::as_str)).await;
    let rest = ids(&read(&mut resumed, EVENTS - seen.len()).await);
    let page = server.get("/api/events?limit=1").header("accept", "application/json").await;
    let first: &Value = &page.items()[0];
    assert_eq!(first["id"], seen[0].as_str());
    let sequence = |id: &String| id.split_once('-').and_then(|(_, sequence)| sequence.parse().ok());
    let sequences: Option<Vec<usize>> = seen.iter().chain(&rest).map(sequence).collect();
    assert_eq!(sequences, Some((1..=EVENTS).collect()), "neither a gap nor a repetition");
}
