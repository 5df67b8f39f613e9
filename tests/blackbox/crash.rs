//! `kill -9` in a loop under load: everything that was acknowledged is there afterwards.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{Call, Server, User, command};

const ROUNDS: usize = 5;
const WRITERS: usize = 16;
/// The process dies after so many acknowledgements, each round at another moment of the writers' loops.
const ACKNOWLEDGED_BEFORE_KILL: [usize; ROUNDS] = [1, 60, 150, 211, 333];

/// What one writer was told.
#[derive(Default)]
struct Acknowledged {
    tickets: Vec<String>,
    /// Order, its ticket, and the status it was last known to have.
    orders: Vec<(String, String, &'static str)>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives() {
    let mut server = Server::start().await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut all = Acknowledged::default();
    for acknowledged_before_kill in ACKNOWLEDGED_BEFORE_KILL {
        let count = Arc::new(AtomicUsize::new(0));
        let mut writers = JoinSet::new();
        for _ in 0..WRITERS {
            writers.spawn(write(server.poster(), ann.clone(), bob.clone(), Arc::clone(&count)));
        }
        crate::support::eventually("the writers get on", async || match count.load(Ordering::Relaxed) {
            enough if enough >= acknowledged_before_kill => Ok(()),
            few => Err(format!("{few} acknowledged")),
        })
        .await;
        server.kill();
        while let Some(written) = writers.join_next().await {
            let written = written.expect("writers end when the connection does");
            all.tickets.extend(written.tickets);
            all.orders.extend(written.orders);
        }
        server.restart().await;
        assert_all_there(&server, &bob, &all).await;
    }
    assert!(all.orders.len() >= ROUNDS, "orders were placed: {}", all.orders.len());

    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    let mut verify = command(&["verify"]);
    verify.arg(server.data_dir());
    let verified = verify.output().expect("the command runs");
    let complaint = String::from_utf8_lossy(&verified.stderr).into_owned();
    assert!(verified.status.success(), "`boxoffice verify PATH` finds every invariant to hold: {complaint}");
    let counted = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(counted.contains("orders"), "and prints what it counted: {counted}");
}

async fn assert_all_there(server: &Server, buyer: &User, all: &Acknowledged) {
    for ticket in &all.tickets {
        let path = format!("/api/tickets/{ticket}");
        server.get(&path).await.expect(200, "every acknowledged ticket present after kill -9");
    }
    for (order, ticket, status) in &all.orders {
        let path = format!("/api/orders/{order}");
        let read =
            server.get(&path).by(buyer).await.expect(200, "every acknowledged order present after kill -9");
        assert_eq!(read["ticket"]["id"], ticket.as_str());
        // The next step may have happened without its acknowledgement.
        let now = read["status"].as_str().unwrap_or_default();
        let later: &[&str] = match *status {
            "created" => &["created", "awaiting:payment", "complete"],
            _ => &["complete"],
        };
        assert!(later.contains(&now), "order {order} was acknowledged as {status} and is {now}");
    }
}

/// Posts, orders and pays until the connection breaks.
async fn write(
    poster: impl Fn(&str, Value) -> Call,
    seller: User,
    buyer: User,
    count: Arc<AtomicUsize>,
) -> Acknowledged {
    let mut written = Acknowledged::default();
    let post = async |path: &str, body, user: &User| {
        let answer = poster(path, body).by(user).attempt().await.ok()?;
        let answer = answer.expect(201, "writes succeed until the process dies");
        count.fetch_add(1, Ordering::Relaxed);
        Some(answer.string("id"))
    };
    loop {
        let Some(ticket) = post("/api/tickets", json!({"title": "Durable", "price": 5}), &seller).await
        else {
            break;
        };
        written.tickets.push(ticket.clone());
        let Some(order) = post("/api/orders", json!({"ticketId": ticket}), &buyer).await else { break };
        written.orders.push((order.clone(), ticket, "created"));
        let body = json!({"orderId": order, "token": "tok_visa"});
        if post("/api/payments", body, &buyer).await.is_none() {
            break;
        }
        if let Some((_, _, status)) = written.orders.last_mut() {
            *status = "complete";
        }
    }
    written
}

#[tokio::test]
async fn a_torn_process_leaves_no_lock_behind() {
    let mut server = Server::start().await;
    let ann = server.user("ann").await;
    for _ in 0..3 {
        server.kill();
        server.restart().await;
        server.call(Method::GET, "/api/orders").by(&ann).await.expect(200, "sessions survive a restart");
        server.ticket(&ann).await;
    }
}
