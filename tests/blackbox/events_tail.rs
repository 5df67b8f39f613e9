//! `boxoffice events tail`.

use std::fs::Permissions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::{Server, command};

/// A running command, and what it prints.
struct Tail {
    child: Child,
    lines: Option<BufReader<ChildStdout>>,
}

impl Tail {
    fn start(server: &Server, arguments: &[&str], set: impl FnOnce(&mut Command)) -> Self {
        let mut tail = command(&["events", "tail", "--url", server.base()]);
        set(tail.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()));
        let mut child = tail.spawn().expect("it starts");
        let lines = child.stdout.take().map(BufReader::new);
        Self { child, lines }
    }

    fn next(&mut self) -> Value {
        let mut line = String::new();
        self.lines.as_mut().expect("a pipe").read_line(&mut line).expect("a line");
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"))
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_get_a_line_an_event_until_they_have_enough() {
    let server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let ticket = server.ticket(&ann).await;
    let order = server.order(&bob, &ticket).await;
    let mut anybody = Tail::start(&server, &[], |_| {});
    assert_eq!(
        (&anybody.next()["type"], &anybody.next()["type"]),
        (&"ticket:created".into(), &"ticket:updated".into())
    );
    let key = server.operator_key(&["events:read"]);
    let file = server.data_dir().with_file_name("key");
    std::fs::write(&file, format!("{}\n", key.secret)).expect("written");
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("set");
    let file = file.to_str().expect("UTF-8");
    let mut operator = Tail::start(&server, &["--token-file", file, "--types", "order:created"], |_| {});
    assert_eq!(operator.next()["subject"], order.as_str());
    let mut buyer = Tail::start(&server, &["--subject", &order], |tail| {
        tail.env("BOXOFFICE_TOKEN", &bob.token);
    });
    assert_eq!(buyer.next()["subject"], order.as_str());
    // Interrupted, as everybody ends it.
    kill_process(Pid::from_child(&buyer.child), Signal::INT).expect("signalled");
    assert!(buyer.child.wait().expect("it ends").success());
    // Nobody reads any more.
    anybody.lines = None;
    server.ticket(&ann).await;
    assert!(anybody.child.wait().expect("it ends").success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_in_a_file_is_its_owners_alone_and_never_replaces_another_file() {
    let server = Server::start().await;
    let bob = server.user("bob").await;
    let order = server.order(&bob, &server.ticket(&server.user("ann").await).await).await;
    let file = server.data_dir().with_file_name("key");
    let path = file.to_str().expect("UTF-8");
    let create = ["create", "--label", "tail", "--scope", "events:read", "--out", path];
    let made = server.keys(&create);
    let told = String::from_utf8_lossy(&made.stderr).into_owned();
    assert!(made.status.success() && made.stdout.is_empty() && told.contains(path), "{made:?}");
    let mode = std::fs::metadata(&file).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o7777, 0o600);
    let secret = std::fs::read_to_string(&file).expect("it is there");
    assert!(secret.starts_with("bxk_") && !told.contains(secret.trim_end()), "{told}");
    let mut tail = Tail::start(&server, &["--token-file", path, "--types", "order:created"], |_| {});
    assert_eq!(tail.next()["subject"], order.as_str());

    let keys = server.keys_json(&["list"]);
    for there in [path, "/nonexistent/key"] {
        let refused = server.keys(&["create", "--label", "x", "--scope", "keys", "--out", there]);
        let told = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && told.contains(there) && told.lines().count() == 1, "{told}");
    }
    assert_eq!(std::fs::read_to_string(&file).expect("it is there"), secret);
    assert_eq!(server.keys_json(&["list"]), keys, "no key was made whose secret nobody has");
    let other = file.with_file_name("other");
    let said =
        server.keys_json(&["create", "--label", "x", "--scope", "keys", "--out", other.to_str().unwrap()]);
    assert_eq!((&said["secret"], said["secretFile"].as_str()), (&Value::Null, other.to_str()));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_on_where_it_was_when_the_service_comes_back() {
    let mut server = Server::start().await;
    let ann = server.user("ann").await;
    // The same address after the restart.
    let address = server.authority().to_owned();
    server.set("BOXOFFICE_LISTEN", Some(&address));
    let first = server.ticket(&ann).await;
    let mut tail = Tail::start(&server, &[], |_| {});
    assert_eq!(tail.next()["subject"], first.as_str());
    server.kill();
    server.restart().await;
    let second = server.ticket(&ann).await;
    let third = server.ticket(&ann).await;
    assert_eq!(tail.next()["subject"], second.as_str());
    assert_eq!(tail.next()["subject"], third.as_str());
}

#[tokio::test]
async fn what_it_cannot_follow_it_says_and_ends() {
    let server = Server::start().await;
    for (arguments, says) in [
        (&["--types", "ticket:sold"][..], "ticket:created"),
        (&["--after", "7"], "after"),
        (&["--token-file", "/nonexistent"], "/nonexistent"),
        (&["--url", "ftp://127.0.0.1"], "no address"),
    ] {
        let mut tail = command(&["events", "tail", "--url", server.base()]);
        if arguments[0] == "--url" {
            tail = command(&["events", "tail"]);
        }
        let output = tail.args(arguments).output().expect("it runs");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && told.contains(says), "{arguments:?}: {output:?}");
        assert_eq!(told.lines().count(), 1, "{told}");
    }
    let refused = command(&["events", "tail", "--url", server.base()])
        .env("BOXOFFICE_TOKEN", "bxk_nonsense")
        .output()
        .expect("it runs");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("401"), "{refused:?}");
}

#[tokio::test]
async fn a_position_that_the_service_never_had_is_given_up() {
    let server = Server::start().await;
    server.ticket(&server.user("ann").await).await;
    let page = server.get("/api/events").header("accept", "application/json").await;
    let id = page.expect(200, "GET /api/events | anyone | 200").items()[0]["id"].clone();
    let (epoch, _) = id.as_str().and_then(|id| id.split_once('-')).expect("epoch and sequence");
    let ahead = format!("{epoch}-99999");
    let mut tail = command(&["events", "tail", "--url", server.base(), "--after", &ahead]);
    let tail = tail.output().expect("it runs");
    let told = String::from_utf8_lossy(&tail.stderr);
    assert!(!tail.status.success() && told.contains("99999 is not here yet"), "{tail:?}");
    assert!(told.lines().last().is_some_and(|line| line.contains("--after")), "{told}");
}
