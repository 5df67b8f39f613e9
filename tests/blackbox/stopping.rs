//! Being told to stop: while it opens, with requests under way, once and once more.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitStatus, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::{Server, User, command, eventually};

/// A server whose buyer waits for a slow charge.
async fn charging_slowly(settings: &[(&str, &str)]) -> (Server, User, String) {
    let server = Server::start_with(settings).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let order = server.order(&bob, &server.ticket(&ann).await).await;
    (server, bob, order)
}

async fn until_charging(server: &Server, buyer: &User, order: &str) {
    eventually("the charge is under way", async || {
        let status = server.order_of(buyer, order).await["status"].clone();
        if status == "awaiting:payment" { Ok(()) } else { Err(status.to_string()) }
    })
    .await;
}

/// Until nobody listens any more.
async fn until_refusing(server: &Server) {
    eventually("new connections are refused", async || match TcpStream::connect(server.authority()).await {
        Ok(_) => Err("still taken".to_owned()),
        Err(_) => Ok(()),
    })
    .await;
}

#[tokio::test]
async fn sigterm_lets_requests_under_way_finish() {
    let (mut server, bob, order) = charging_slowly(&[("BOXOFFICE_SANDBOX_SLOW", "4s")]).await;
    let body = json!({"orderId": order, "token": "tok_slow"});
    let slow = tokio::spawn(server.post("/api/payments", body).by(&bob).into_future());
    until_charging(&server, &bob, &order).await;
    server.terminate();
    until_refusing(&server).await;
    assert!(!slow.is_finished(), "no new requests, while those under way go on");
    let answer = slow.await.expect("no panic");
    assert!(matches!(answer.status, 201 | 202), "those under way finish: {} {}", answer.status, answer.text);
    let status = server.exit().await;
    assert_eq!(status.code(), Some(0), "SIGTERM drains … exit 0");
}

#[tokio::test]
async fn a_second_signal_waits_for_nothing() {
    let (mut server, bob, order) = charging_slowly(&[("BOXOFFICE_SANDBOX_SLOW", "1h")]).await;
    let body = json!({"orderId": order, "token": "tok_slow"});
    let slow = tokio::spawn(server.post("/api/payments", body).by(&bob).attempt());
    until_charging(&server, &bob, &order).await;
    server.terminate();
    until_refusing(&server).await;
    // One that comes close behind the first is taken for its echo.
    let status = eventually("another signal ends it", async || {
        server.signal(Signal::INT);
        server.ended().ok_or_else(|| "not yet".to_owned())
    })
    .await;
    assert_eq!(status.code(), Some(1), "it did not finish what was under way");
    slow.await.expect("no panic").expect_err("the request under way was cut off");
    assert!(server.log().contains("SIGINT came while stopping"), "and says so:\n{}", server.log());
    server.set("BOXOFFICE_SANDBOX_SLOW", None);
    server.restart().await;
    assert_eq!(server.order_of(&bob, &order).await["id"], order, "nothing acknowledged is lost");
}

#[tokio::test]
async fn sigint_does_as_sigterm_does() {
    let mut server = Server::start().await;
    server.signal(Signal::INT);
    assert_eq!(server.exit().await.code(), Some(0), "Ctrl-C drains … exit 0");
    assert!(server.log().contains("stopped"), "in order:\n{}", server.log());
}

#[tokio::test]
async fn sigterm_does_not_wait_for_idle_connections() {
    let mut server = Server::start().await;
    let idle = TcpStream::connect(server.authority()).await.expect("connect");
    server.get("/healthz").await.expect(200, "a kept-alive connection is open as well");
    server.terminate();
    assert_eq!(server.exit().await.code(), Some(0), "SIGTERM drains … exit 0");
    drop(idle);
}

#[tokio::test]
async fn whoever_read_its_output_may_go() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut serve = command(&["serve", "--listen", "127.0.0.1:0", "--log", "debug", "--data-dir"]);
    serve.arg(directory.path().join("data")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = serve.spawn().expect("the binary starts");
    // Nobody reads what it logs, nor, from its first line on, what it prints.
    drop(child.stderr.take());
    let mut first = String::new();
    BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("the first line");
    let authority = first.split_whitespace().find_map(|word| word.strip_prefix("http://"));
    let health = get(authority.expect("where it is"), "/healthz").await.expect("it still answers");
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    kill_process(Pid::from_child(&child), Signal::INT).expect("the process can be signalled");
    assert_eq!(until_ended(&mut child).await.code(), Some(0), "Ctrl-C on `boxoffice serve 2>&1 | cat`");
}

#[test]
fn a_lost_standard_error_changes_no_exit_code() {
    let mut serve = command(&["serve", "--payment-window", "soon"]);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let status = serve.stderr(writer).status().expect("the command runs");
    assert_eq!(status.code(), Some(2), "a wrong command line");
}

async fn until_ended(child: &mut Child) -> ExitStatus {
    eventually("the process ends", async || {
        child.try_wait().expect("wait").ok_or_else(|| "not yet".to_owned())
    })
    .await
}

/// An answer of a server that may not be there yet, or no longer.
async fn get(authority: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(authority).await?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

/// A start that waits for its secret: the file that should hold it is a pipe that nobody writes to yet.
struct Opening {
    child: Child,
    address: SocketAddr,
    directory: tempfile::TempDir,
}

impl Opening {
    fn begin() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let pipe = directory.path().join("cluster.secret");
        let made = Command::new("mkfifo").arg("--mode=600").arg(pipe).status().expect("mkfifo runs");
        assert!(made.success(), "a pipe can be made");
        // It prints its address only once it is open, so here it is told one, free a moment ago.
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = free.local_addr().expect("it is bound");
        drop(free);
        let mut serve = command(&["serve", "--listen", &address.to_string(), "--data-dir"]);
        let child = serve.arg(directory.path()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        Self { child: child.expect("the binary starts"), address, directory }
    }

    async fn get(&self, path: &str) -> std::io::Result<String> {
        get(&self.address.to_string(), path).await
    }

    async fn until_alive(&self) {
        eventually("/healthz is 200", async || match self.get("/healthz").await {
            Ok(answer) if answer.starts_with("HTTP/1.1 200") => Ok(()),
            other => Err(format!("{other:?}")),
        })
        .await;
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        // It may have ended already, which is just as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test]
async fn sigterm_while_it_opens_ends_it_in_order() {
    let mut opening = Opening::begin();
    opening.until_alive().await;
    kill_process(Pid::from_child(&opening.child), Signal::TERM).expect("the process can be signalled");
    let code = until_ended(&mut opening.child).await.code();
    assert_eq!(code, Some(0), "SIGTERM … exit 0, before it is open as well");
}

#[tokio::test]
async fn while_it_opens_everything_but_health_is_503() {
    let opening = Opening::begin();
    opening.until_alive().await;
    for path in ["/readyz", "/api/tickets", "/docs"] {
        let answer = opening.get(path).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 503"), "{path} before it is open: {answer}");
        assert!(answer.to_lowercase().contains("\r\nretry-after: "), "503 with Retry-After: {answer}");
    }
    let pipe = opening.directory.path().join("cluster.secret");
    tokio::fs::write(pipe, "a secret that is long enough\n").await.expect("it reads at the other end");
    eventually("/readyz is 200", async || match opening.get("/readyz").await {
        Ok(answer) if answer.starts_with("HTTP/1.1 200") => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await;
}
