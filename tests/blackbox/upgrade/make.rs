//! Writes the data of this version, by asking the service for all that it does.

use std::collections::BTreeSet;
use std::path::Path;

use boxoffice::domain::wire::decode_envelope;
use boxoffice_raft::read_log;
use reqwest::Method;
use serde_json::{Map, Value, json};

use super::data::{
    BACKUP, DIGEST, EXPECTED, FILES, KILLED, SECRET, digest_of, digest_of_log, free_address, root,
};
use super::{run, sign_in};
use crate::support::{Answer, PASSWORD, Server, User, command, eventually};

const NEW_PASSWORD: &str = "box-3-stage-left-aisle";
/// Sellers and buyers, and which passwords they have in the end.
const ACCOUNTS: [(&str, &str); 4] =
    [("ann", PASSWORD), ("bob", PASSWORD), ("eve", NEW_PASSWORD), ("gus", NEW_PASSWORD)];

#[tokio::test]
#[ignore = "writes the data of this version: see tests/upgrade/README.md"]
async fn make_the_data_of_this_version() {
    let kept = root().join(env!("CARGO_PKG_VERSION"));
    assert!(!kept.exists(), "{} is kept for ever", kept.display());
    let peer = free_address();
    let mut server = Server::start_with(&[
        SECRET,
        ("BOXOFFICE_PEER_LISTEN", &peer),
        ("BOXOFFICE_BOOTSTRAP_EXPECT", "1"),
        ("BOXOFFICE_REGION", "ams"),
        ("BOXOFFICE_PRIMARY_REGION", "ams"),
    ])
    .await;
    let mut made = Made::default();
    accounts(&server, &mut made).await;
    catalogue(&server, &mut made).await;
    sales(&server, &mut made).await;
    second_replica(&server, &peer).await;
    let scratch = tempfile::tempdir().expect("a directory");
    let backup = scratch.path().join(BACKUP);
    let arguments = ["backup", "--data-dir", &server.data_dir().display().to_string(), "--out"];
    run_aside(&arguments, &backup).await;
    too_late(&mut server, &made).await;
    under_way(&mut server, &mut made).await;
    let expected = what_is_shown(&server, &made).await;

    server.kill();
    let data = server.data_dir();
    std::fs::create_dir_all(kept.join(KILLED)).expect("made");
    pack(&data, &kept.join(KILLED));
    server.restart().await;
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    pack(&data, &kept);
    let digest = digest_of(&data);
    assert_eq!(digest_of_log(&data), digest, "it would be of no use");
    assert_eq!(commands_in(&data), commands_of_this_version(), "sales are held after a restore only");
    std::fs::copy(&backup, kept.join(BACKUP)).expect("copied");
    std::fs::write(kept.join(DIGEST), digest).expect("written");
    let expected = serde_json::to_string_pretty(&expected).expect("JSON");
    std::fs::write(kept.join(EXPECTED), expected + "\n").expect("written");
}

fn pack(data: &Path, into: &Path) {
    for name in FILES {
        let packed = lz4_flex::compress_prepend_size(&std::fs::read(data.join(name)).expect("it is there"));
        std::fs::write(into.join(format!("{name}.lz4")), packed).expect("written");
    }
}

/// The names of the commands in a log.
fn commands_in(data: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    read_log(data, |entry| {
        if let Some(command) = entry.command {
            let command = decode_envelope(&command).expect("of this version").command;
            let shown = format!("{:?}", command.expect("checked"));
            names.extend(shown.split_once('(').map(|(name, _)| name.to_owned()));
        }
    })
    .expect("whole");
    names
}

/// All but the one that lifts a hold: the log of a state that was restored does not begin with its first entry.
fn commands_of_this_version() -> BTreeSet<String> {
    let accounts = [
        "SignUp",
        "SignIn",
        "EndSession",
        "ChangePassword",
        "IssueResetToken",
        "ResetPassword",
        "DeleteAccount",
    ];
    let sales = ["CreateTicket", "UpdateTicket", "DeleteTicket", "SetFrozen", "Reserve", "CancelOrder"];
    let money = ["Pay", "SettleCharge", "RecordRefund", "SandboxCharge", "SandboxRefund"];
    let house = ["ExpireOrders", "AddSigningKey", "Upkeep"];
    [&accounts[..], &sales, &money, &house].concat().into_iter().map(str::to_owned).collect()
}

/// Who and what there is.
#[derive(Default)]
struct Made {
    users: Vec<User>,
    tickets: Vec<String>,
    gone_tickets: Vec<String>,
    /// The ticket with a word that no other has.
    found: String,
    under_way: Value,
}

impl Made {
    fn user(&self, name: &str) -> User {
        let email = format!("{name}@example.test");
        self.users.iter().find(|user| user.email == email).expect("signed up").clone()
    }
}

/// Accounts, passwords, sessions and signing keys.
async fn accounts(server: &Server, made: &mut Made) {
    for (name, _) in ACCOUNTS {
        made.users.push(server.user(name).await);
    }
    let gus = made.user("gus");
    let change = json!({"current": PASSWORD, "new": NEW_PASSWORD});
    server.post("/api/users/password", change).by(&gus).await.expect(204, "changed");
    let eve = made.user("eve");
    let data_dir = server.data_dir();
    let printed = run_aside(&["users", "reset-password", &eve.email, "--data-dir"], &data_dir).await;
    let token = printed.split_whitespace().find(|word| word.len() >= 40).expect("a token");
    let reset = json!({"token": token, "new": NEW_PASSWORD});
    server.post("/api/users/password/reset", reset).await.expect(204, "reset");
    run_aside(&["signing-keys", "rotate", "--data-dir"], &data_dir).await;

    let phone = server.sign_in(&made.user("bob")).await;
    server.post("/api/users/signout", json!({})).by(&phone).await.expect(200, "signed out");
    let tablet = server.sign_in(&made.user("ann")).await;
    let sessions = server.get("/api/users/sessions").by(&tablet).await.expect(200, "one's own");
    assert!(sessions.items().len() >= 2, "{}", sessions.text);
    for id in sessions.ids() {
        // The one that asks goes last, whichever it is.
        let _ = server.delete(&format!("/api/users/sessions/{id}")).by(&made.user("ann")).await;
    }
    let again = json!({"email": made.user("ann").email, "password": PASSWORD});
    made.users[0] = User::of(&server.post("/api/users/signin", again).await.expect(200, "signed in"));
    let again = json!({"email": eve.email, "password": NEW_PASSWORD});
    made.users[2] = User::of(&server.post("/api/users/signin", again).await.expect(200, "signed in"));

    let dan = server.user("dan").await;
    made.gone_tickets.push(server.ticket_titled(&dan, "Withdrawn with its seller").await);
    let deletion = json!({"password": PASSWORD});
    server.delete("/api/users/me").json(&deletion).by(&dan).await.expect(204, "deleted");
}

/// Tickets that are posted, changed, frozen, put back on sale and deleted.
async fn catalogue(server: &Server, made: &mut Made) {
    let ann = made.user("ann");
    let post = |body: Value| server.post("/api/tickets", body).by(&ann);
    let magic = json!({
        "title": "Czarodziejska góra – STRASSE, Ёлка", "price": 120.5, "venue": "Łódź, Teatr Wielki",
        "startsAt": "2999-12-31T19:00:00Z",
    });
    let key = "posted once";
    made.found = post(magic.clone()).key(key).await.expect(201, "posted").string("id");
    assert_eq!(post(magic).key(key).await.expect(201, "replayed").string("id"), made.found);
    made.tickets.push(made.found.clone());

    let changed = server.ticket_titled(&ann, "First title").await;
    let path = format!("/api/tickets/{changed}");
    for title in ["Second title", "Third title"] {
        server.put(&path, json!({"title": title, "price": 7})).by(&ann).await.expect(200, "changed");
    }
    let stale =
        server.put(&path, json!({"title": "No", "price": 7})).by(&ann).header("if-match", "\"0\"").await;
    stale.problem(412, "a rejection that the log has");
    made.tickets.push(changed);

    let set = |id: &str, what: &str| server.call(Method::POST, &format!("/api/tickets/{id}/{what}")).by(&ann);
    for what in [&["freeze"][..], &["freeze", "unfreeze"]] {
        let ticket = server.ticket_titled(&ann, "Frozen for a while").await;
        for what in what {
            set(&ticket, what).await.expect(200, "its seller's word");
        }
        made.tickets.push(ticket);
    }
    let deleted = server.ticket_titled(&ann, "Deleted").await;
    server.delete(&format!("/api/tickets/{deleted}")).by(&ann).await.expect(204, "deleted");
    made.gone_tickets.push(deleted);
}

/// Orders that are paid, cancelled, and paid at the second attempt; and one that comes second.
async fn sales(server: &Server, made: &mut Made) {
    let (ann, bob, gus) = (made.user("ann"), made.user("bob"), made.user("gus"));
    let (paid, cancelled, declined) =
        (server.ticket(&ann).await, server.ticket(&ann).await, server.ticket(&ann).await);
    let body = json!({"ticketId": paid});
    let order = server.post("/api/orders", body.clone()).by(&bob).key("bought once").await;
    let order = order.expect(201, "ordered").string("id");
    server.post("/api/orders", body.clone()).by(&bob).key("bought once").await.expect(201, "replayed");
    server.post("/api/orders", body).by(&gus).await.problem(409, "it is reserved");
    server.pay(&bob, &order).await;

    let order = server.order(&gus, &cancelled).await;
    server.delete(&format!("/api/orders/{order}")).by(&gus).await.expect(204, "cancelled");

    let order = server.order(&gus, &declined).await;
    let refused = json!({"orderId": order, "token": "tok_chargeDeclined"});
    server.post("/api/payments", refused).by(&gus).await.problem(402, "declined");
    server.pay(&gus, &order).await;
    made.tickets.extend([paid, cancelled, declined]);
}

/// Lets another replica in, has it vote, and removes it.
async fn second_replica(server: &Server, peer: &str) {
    let own = free_address();
    let mut second = Server::start_with(&[
        SECRET,
        ("BOXOFFICE_PEER_LISTEN", &own),
        ("BOXOFFICE_PEERS", peer),
        ("BOXOFFICE_REGION", "ams"),
        ("BOXOFFICE_PRIMARY_REGION", "ams"),
    ])
    .await;
    for order in ["promote", "demote", "remove"] {
        // It may not have reported what it is yet.
        eventually(order, async || {
            let mut ask = command(&["cluster", order, "2", "--peer", peer]);
            ask.env(SECRET.0, SECRET.1);
            let output =
                tokio::task::spawn_blocking(move || ask.output().expect("runs")).await.expect("runs");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            if output.status.success() { Ok(()) } else { Err(said) }
        })
        .await;
    }
    assert!(!second.exit().await.success(), "it was removed");
    server.get("/readyz").await.expect(200, "the first goes on");
}

/// An order that expires, and a charge that comes after its order expired.
async fn too_late(server: &mut Server, made: &Made) {
    restart_with(server, &[("BOXOFFICE_PAYMENT_WINDOW", "3s"), ("BOXOFFICE_PAYMENT_GRACE", "1s")], "6s")
        .await;
    let (ann, bob, eve) = (made.user("ann"), made.user("bob"), made.user("eve"));
    let (unpaid, late) = (server.ticket(&ann).await, server.ticket(&ann).await);
    server.order(&bob, &unpaid).await;
    let order = server.order(&eve, &late).await;
    let body = json!({"orderId": order, "token": "tok_slow"});
    let charge = tokio::spawn(server.post("/api/payments", body).by(&eve).attempt());
    for ticket in [&unpaid, &late] {
        eventually("it is back on sale", async || {
            let status = server.ticket_status(ticket).await;
            if status == "available" { Ok(()) } else { Err(status) }
        })
        .await;
    }
    let _ = charge.await.expect("no panic");
    eventually("what came late is refunded", async || {
        let payments = server.get("/api/payments").by(&eve).await;
        if payments.items()[0]["status"] == "refunded" { Ok(()) } else { Err(payments.text) }
    })
    .await;
}

/// An order that is open, and one that is being charged, when it is stopped.
async fn under_way(server: &mut Server, made: &mut Made) {
    // Long enough for the rest of this, short enough for the tests to see it expire right after it.
    let settings = [("BOXOFFICE_PAYMENT_WINDOW", "30s"), ("BOXOFFICE_PAYMENT_GRACE", "5s")];
    restart_with(server, &settings, "1h").await;
    let (ann, bob) = (made.user("ann"), made.user("bob"));
    let (open, charged) = (server.ticket(&ann).await, server.ticket(&ann).await);
    let order = server.order(&bob, &open).await;
    let slow = server.order(&bob, &charged).await;
    let body = json!({"orderId": slow, "token": "tok_slow"});
    let payment = server.post("/api/payments", body).by(&bob).await.expect(202, "not settled yet");
    made.under_way = json!({"order": order, "ticket": open, "payment": payment.string("id")});
}

async fn restart_with(server: &mut Server, settings: &[(&str, &str)], slow: &str) {
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    for (name, value) in settings {
        server.set(name, Some(value));
    }
    server.set("BOXOFFICE_SANDBOX_SLOW", Some(slow));
    server.restart().await;
}

/// What a later version has to show as well. What is under way is left out: it goes on.
async fn what_is_shown(server: &Server, made: &Made) -> Value {
    let mut tickets = Vec::new();
    for id in &made.tickets {
        tickets.push(server.get(&format!("/api/tickets/{id}")).await.expect(200, "it is there").body);
    }
    let mut accounts = Map::new();
    for (name, password) in ACCOUNTS {
        let known = json!({"accounts": {name: {"email": made.user(name).email, "password": password}}});
        let user = sign_in(server, &known, name).await;
        let (orders, payments) =
            (settled(server, &user, "orders").await, settled(server, &user, "payments").await);
        let account = json!({
            "id": user.id, "email": user.email, "password": password, "orders": orders, "payments": payments,
        });
        accounts.insert(name.to_owned(), account);
    }
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "accounts": accounts,
        "goneAccount": "dan@example.test",
        "tickets": tickets,
        "goneTickets": made.gone_tickets,
        "found": made.found,
        "underWay": made.under_way,
    })
}

async fn settled(server: &Server, user: &User, kind: &str) -> Vec<Value> {
    let listed: Answer = server.get(&format!("/api/{kind}")).by(user).await.expect(200, "one's own");
    let is_settled = |item: &&Value| {
        !matches!(item["status"].as_str(), Some("created" | "awaiting:payment" | "processing" | "refunding"))
    };
    listed.items().iter().filter(is_settled).cloned().collect()
}

/// Runs a command that asks a service of this process's, which has to be able to answer meanwhile.
async fn run_aside(arguments: &[&str], path: &Path) -> String {
    let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
    let path = path.to_owned();
    let running = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        run(&arguments, &[&path])
    });
    running.await.expect("no panic")
}
