//! Data that released versions wrote, under `tests/upgrade/`: this version reads it, and makes the same of it.
//! And the other way round: what a newer version wrote is refused.

mod data;
mod make;
mod newer;

use std::path::Path;

use data::{Release, SECRET, digest_of, digest_of_log, free_address, releases};
use serde_json::{Value, json};

use crate::support::{Answer, Server, User, command, eventually};

/// Runs a command on a store or file, and returns what it prints.
#[track_caller]
fn run(arguments: &[&str], paths: &[&Path]) -> String {
    let output = command(arguments).args(paths).output().expect("the command runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn the_data_of_each_release_is_there() {
    assert!(releases().iter().any(|release| release.version == "0.1.0"));
    for release in releases() {
        let bytes = release.bytes();
        assert!(bytes < 200 << 10, "{}: {bytes} bytes are many for a repository", release.version);
    }
}

#[test]
fn the_log_of_each_release_is_replayed_to_the_digest_that_it_had() {
    for release in releases() {
        let data = release.stopped();
        assert_eq!(digest_of_log(data.path()), release.digest(), "{}: from its first entry", release.version);
        assert_eq!(digest_of(data.path()), release.digest(), "{}: as it was left", release.version);
        everything_holds(data.path(), &release);
    }
}

#[tokio::test]
async fn the_data_of_each_release_is_served() {
    for release in releases() {
        for data in [release.stopped(), release.killed()] {
            everything_holds(data.path(), &release);
            is_served(data.path(), &release).await;
        }
    }
}

async fn is_served(data: &Path, release: &Release) {
    // As one of a cluster, which it was, though alone by now.
    let (address, expected) = (free_address(), release.expected());
    let settings = [
        SECRET,
        ("BOXOFFICE_PEER_LISTEN", &address),
        ("BOXOFFICE_REGION", "ams"),
        ("BOXOFFICE_SANDBOX_SLOW", "1s"),
    ];
    let mut server = Server::start_on(data, &settings).await;
    everything_is_as_it_was(&server, &expected).await;
    what_was_under_way_goes_on(&server, &expected).await;
    let (ann, bob) = (sign_in(&server, &expected, "ann").await, sign_in(&server, &expected, "bob").await);
    let sold = server.ticket_titled(&ann, "Sold after the upgrade").await;
    let order = server.order(&bob, &sold).await;
    server.pay(&bob, &order).await;
    server.terminate();
    assert!(server.exit().await.success(), "SIGTERM: exit 0");
    everything_holds(&server.data_dir(), release);
    assert_eq!(
        digest_of_log(&server.data_dir()),
        digest_of(&server.data_dir()),
        "{}: both versions' entries, from the first one",
        release.version
    );
}

/// `boxoffice verify` has nothing to complain of.
#[track_caller]
fn everything_holds(path: &Path, release: &Release) {
    let verified = run(&["verify"], &[path]);
    assert!(verified.contains("Everything holds."), "{}: {verified}", release.version);
}

#[tokio::test]
async fn the_backup_of_each_release_is_restored() {
    for release in releases() {
        let (backup, expected) = (release.backup(), release.expected());
        everything_holds(&backup, &release);
        let scratch = tempfile::tempdir().expect("a directory");
        let restored = scratch.path().join("restored");
        run(&["restore"], &[&backup, Path::new("--data-dir"), &restored]);
        everything_holds(&restored, &release);
        let server = Server::start_on(&restored, &[SECRET]).await;
        let ann = sign_in(&server, &expected, "ann").await;
        assert_eq!(ann.id, expected["accounts"]["ann"]["id"]);
    }
}

/// Signs in with an address and a password of the release.
async fn sign_in(server: &Server, expected: &Value, name: &str) -> User {
    let account = &expected["accounts"][name];
    let body = json!({"email": account["email"], "password": account["password"]});
    User::of(&server.post("/api/users/signin", body).await.expect(200, "the password is what it was"))
}

/// What is shown has all that was shown then; a newer version may show more.
#[track_caller]
fn shows_all_of(answer: &Answer, expected: &Value) {
    for (field, value) in expected.as_object().expect("an object") {
        assert_eq!(&answer[field.as_str()], value, "{field} in {}", answer.text);
    }
}

async fn everything_is_as_it_was(server: &Server, expected: &Value) {
    let list = |kind: &str| expected[kind].as_array().expect("a list").clone();
    for ticket in list("tickets") {
        let path = format!("/api/tickets/{}", ticket["id"].as_str().expect("an id"));
        shows_all_of(&server.get(&path).await.expect(200, "it is still there"), &ticket);
    }
    for id in list("goneTickets") {
        let path = format!("/api/tickets/{}", id.as_str().expect("an id"));
        server.get(&path).await.problem(404, "it was deleted");
    }
    for (name, account) in expected["accounts"].as_object().expect("accounts") {
        let user = sign_in(server, expected, name).await;
        assert_eq!(user.id, account["id"]);
        for kind in ["orders", "payments"] {
            for known in account[kind].as_array().expect("a list") {
                let path = format!("/api/{kind}/{}", known["id"].as_str().expect("an id"));
                shows_all_of(&server.get(&path).by(&user).await.expect(200, "its buyer's"), known);
            }
        }
    }
    let gone = json!({"email": expected["goneAccount"], "password": crate::support::PASSWORD});
    server.post("/api/users/signin", gone).await.problem(401, "it was deleted");
    let found =
        server.get("/api/tickets?keyword=czarodziejska").await.expect(200, "the index of words is there");
    assert_eq!(found.ids(), [expected["found"].as_str().expect("an id")], "{}", found.text);
}

/// An order that was open expires, and a charge that was under way is made, or not any more, as long as it was ago.
async fn what_was_under_way_goes_on(server: &Server, expected: &Value) {
    let bob = sign_in(server, expected, "bob").await;
    let id = |what: &str| expected["underWay"][what].as_str().expect("an id").to_owned();
    eventually("what was open expires", async || {
        let order = server.order_of(&bob, &id("order")).await;
        if order["cancelReason"] == "expired" { Ok(()) } else { Err(order.text) }
    })
    .await;
    assert_eq!(server.ticket_status(&id("ticket")).await, "available");
    eventually("what was being charged is settled", async || {
        let payment = server.get(&format!("/api/payments/{}", id("payment"))).by(&bob).await;
        if payment["status"] == "processing" { Err(payment.text) } else { Ok(()) }
    })
    .await;
}

/// Whose data a newer version is made out to have gone on with.
fn newest() -> Release {
    releases().pop().expect("one at least")
}
