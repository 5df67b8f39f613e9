//! What others make of the stream of events: run by `scripts/events-second-opinion`, which installs them.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::{Server, User};

/// A browser takes some seconds to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process whose standard output is read line by line.
struct Other {
    child: Child,
    lines: Receiver<String>,
}

impl Other {
    fn start(command: &mut Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it is installed");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        Self { child, lines }
    }

    fn next(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("it goes on")
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // The browser ends with what started it, which ends with its input.
        drop(self.child.stdin.take());
        let deadline = Instant::now() + Duration::from_secs(10);
        while matches!(self.child.try_wait(), Ok(None)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn sell(server: &Server, seller: &User, buyer: &User) {
    let order = server.order(buyer, &server.ticket(seller).await).await;
    server.pay(buyer, &order).await;
}

async fn pages(server: &Server) -> Vec<Value> {
    let page = server.get("/api/events?limit=100").header("accept", "application/json").await;
    page.expect(200, "a page").items().to_vec()
}

/// Reads until each of them was sent so many events.
fn until_sent(others: &Other, sent: &mut BTreeMap<String, Vec<Value>>, count: usize) {
    while !["browser", "package"].iter().all(|name| sent.get(*name).is_some_and(|all| all.len() >= count)) {
        let line: Value = serde_json::from_str(&others.next()).expect("JSON");
        sent.entry(line["client"].as_str().expect("a name").to_owned()).or_default().push(line);
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs packages from npm: scripts/events-second-opinion"]
async fn second_opinion_of_browsers_and_the_cloud_events_sdk() {
    let follow = std::env::var("BOXOFFICE_EVENTS_NODE").expect("run scripts/events-second-opinion");
    let mut server = Server::start().await;
    // The same address after the restart.
    let address = server.authority().to_owned();
    server.set("BOXOFFICE_LISTEN", Some(&address));
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    sell(&server, &ann, &bob).await;
    let others = Other::start(Command::new("node").args([&follow, server.base()]));
    let mut sent = BTreeMap::new();
    until_sent(&others, &mut sent, pages(&server).await.len());
    // While they follow.
    sell(&server, &ann, &bob).await;
    until_sent(&others, &mut sent, pages(&server).await.len());
    // They come back by themselves, and say where they were.
    server.kill();
    server.restart().await;
    sell(&server, &ann, &bob).await;
    let events = pages(&server).await;
    until_sent(&others, &mut sent, events.len());
    for (client, sent) in &sent {
        assert_eq!(sent.len(), events.len(), "{client}: no gap and no repetition");
        for (one, event) in sent.iter().zip(&events) {
            for name in ["id", "type", "source", "subject", "time", "sequence"] {
                assert_eq!(one[name], event[name], "{client}: {name} of {event}");
            }
            assert_eq!((&one["lastEventId"], &one["version"]), (&event["id"], &event["data"]["version"]));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs curl: scripts/events-second-opinion"]
async fn second_opinion_of_curl() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    sell(&server, &ann, &bob).await;
    let url = format!("{}/api/events", server.base());
    let curl = Other::start(Command::new("curl").args(["--silent", "--no-buffer", "--fail", &url]));
    let mut data = Vec::new();
    let mut read = |count: usize| {
        while data.len() < count {
            if let Some(json) = curl.next().strip_prefix("data: ") {
                data.push(serde_json::from_str::<Value>(json).expect("JSON"));
            }
        }
        data.clone()
    };
    let events = pages(&server).await;
    assert_eq!(read(events.len()), events);
    sell(&server, &ann, &bob).await;
    let events = pages(&server).await;
    assert_eq!(read(events.len()), events, "as it happens");
}
