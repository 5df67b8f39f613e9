//! Backup while orders are placed, restore elsewhere, and what must be refused.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::support::{Server, command};

const SECRET: (&str, &str) = ("BOXOFFICE_CLUSTER_SECRET", "a secret of the tests, long enough");

/// Runs the command with these paths behind their flags, or alone where the flag is empty.
pub(crate) fn run(arguments: &[&str], paths: &[(&str, &Path)]) -> Output {
    let mut command = command(arguments);
    for (flag, path) in paths {
        if !flag.is_empty() {
            command.arg(flag);
        }
        command.arg(path);
    }
    command.output().expect("the command runs")
}

#[track_caller]
fn succeeds(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[track_caller]
fn refuses(output: &Output, with: &str) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.lines().count(), 1, "one line: {said}");
    assert!(said.contains(with), "{said}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_before_a_backup_is_there_after_a_restore() {
    let server = Server::start_with(&[SECRET]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    let mut before = Vec::new();
    for _ in 0..5 {
        let ticket = server.ticket(&ann).await;
        before.push(server.order(&bob, &ticket).await);
    }
    let listed = server.get("/api/tickets").await.expect(200, "a list");
    let old_token = listed.header("consistency-token").expect("a token").to_owned();

    let stop = Arc::new(AtomicBool::new(false));
    let (poster, seller, stopped) = (server.poster(), ann.clone(), stop.clone());
    let writer = tokio::spawn(async move {
        let mut written = 0;
        while !stopped.load(Ordering::Relaxed) {
            let body = json!({"title": "Meanwhile", "price": 5});
            poster("/api/tickets", body).by(&seller).await.expect(201, "sales go on");
            written += 1;
        }
        written
    });
    let scratch = tempfile::tempdir().expect("a directory");
    let file = scratch.path().join("boxoffice.backup");
    let (data_dir, out) = (server.data_dir(), file.clone());
    let made =
        tokio::task::spawn_blocking(move || run(&["backup"], &[("--data-dir", &data_dir), ("--out", &out)]));
    succeeds(&made.await.expect("runs"));
    stop.store(true, Ordering::Relaxed);
    assert!(writer.await.expect("writes") > 0, "something was written meanwhile");
    let mode = file.metadata().expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    refuses(&run(&["backup"], &[("--data-dir", &server.data_dir()), ("--out", &file)]), "exists already");
    succeeds(&run(&["backup", "--force"], &[("--data-dir", &server.data_dir()), ("--out", &file)]));
    assert_eq!(std::fs::read_dir(scratch.path()).expect("reads").count(), 1, "nothing else is left");

    assert!(succeeds(&run(&["verify"], &[("", &file)])).contains("Everything holds."));
    let restored = scratch.path().join("restored");
    succeeds(&run(&["restore"], &[("", &file), ("--data-dir", &restored)]));
    refuses(&run(&["restore"], &[("", &file), ("--data-dir", &restored)]), "not empty");
    let verified = succeeds(&run(&["verify"], &[("", &restored)]));
    assert!(verified.contains("restored from cluster"), "{verified}");

    let again = Server::start_on(&restored, &[SECRET]).await;
    for order in &before {
        again.order_of(&bob, order).await;
    }
    let path = "/api/tickets";
    let answer = again.get(path).header("consistency-token", &old_token).await.expect(200, "is ignored");
    let new_token = answer.header("consistency-token").expect("a token").to_owned();
    let left = old_token.split('-').next();
    assert_ne!(new_token.split('-').next(), left, "another epoch");
    assert_eq!(left_epoch(&again).as_deref(), left);
}

/// The epoch that sales are held for.
fn left_epoch(server: &Server) -> Option<String> {
    let status = succeeds(&run(&["sales", "status", "--json"], &[("--data-dir", &server.data_dir())]));
    let status: Value = serde_json::from_str(&status).expect("JSON");
    status["hold"]["leftEpoch"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn backup_verify_and_restore_answer_programs_in_json() {
    let server = Server::start_with(&[SECRET]).await;
    let (ann, bob) = (server.user("ann").await, server.user("bob").await);
    server.order(&bob, &server.ticket(&ann).await).await;
    let scratch = tempfile::tempdir().expect("a directory");
    let (file, restored) = (scratch.path().join("boxoffice.backup"), scratch.path().join("restored"));
    // Standard error is no terminal here: there is no progress on it, either.
    let answer = |arguments: &[&str], paths: &[(&str, &Path)]| -> Value {
        let output = run(&[arguments, &["--json"]].concat(), paths);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        serde_json::from_str(&succeeds(&output)).expect("one JSON object")
    };
    let backup = answer(&["backup"], &[("--data-dir", &server.data_dir()), ("--out", &file)]);
    assert_eq!(backup["file"], file.display().to_string().as_str(), "{backup}");
    assert_eq!(backup["isCurrent"], true, "{backup}");
    assert_eq!(backup["bytes"].as_u64(), Some(std::fs::metadata(&file).expect("there").len()), "{backup}");
    let verified = answer(&["verify"], &[("", &file)]);
    assert_eq!(verified["subject"]["clusterId"], backup["clusterId"], "{verified}");
    assert_eq!(verified["subject"]["appliedIndex"], backup["index"], "{verified}");
    assert_eq!(
        (&verified["users"], &verified["tickets"]),
        (&json!(2), &json!({"reserved": 1})),
        "{verified}"
    );
    assert_eq!((&verified["isSound"], &verified["violations"]), (&json!(true), &json!([])), "{verified}");

    let made = answer(&["restore"], &[("", &file), ("--data-dir", &restored)]);
    assert_eq!(made["ancestor"]["clusterId"], backup["clusterId"], "{made}");
    assert_eq!(
        (&made["salesHeld"], &made["dataDir"]),
        (&json!(true), &json!(restored.display().to_string()))
    );
    let verified = answer(&["verify"], &[("", &restored)]);
    let subject = &verified["subject"];
    assert_eq!((&subject["clusterId"], &subject["nodeId"]), (&made["clusterId"], &made["nodeId"]));
    assert_eq!(subject["origin"]["how"], "restored", "{verified}");
    assert_eq!(subject["lastLogEntry"]["index"], backup["index"], "the state has it: {verified}");
    assert!(verified["hold"]["reason"].is_string(), "{verified}");
    refuses(&run(&["restore", "--json"], &[("", &file), ("--data-dir", &restored)]), "not empty");
    refuses(&run(&["recover", "--json"], &[("--data-dir", &restored)]), "nothing to recover");
}

#[tokio::test]
async fn a_damaged_backup_is_refused() {
    let server = Server::start_with(&[SECRET]).await;
    server.user("ann").await;
    let scratch = tempfile::tempdir().expect("a directory");
    let file = scratch.path().join("whole");
    succeeds(&run(&["backup"], &[("--data-dir", &server.data_dir()), ("--out", &file)]));
    let whole = std::fs::read(&file).expect("reads");
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 4;
    let restored = scratch.path().join("restored");
    for damaged in [&whole[..whole.len() - 1], &whole[..whole.len() / 2], &flipped] {
        let path = scratch.path().join("damaged");
        std::fs::write(&path, damaged).expect("writes");
        refuses(&run(&["verify"], &[("", &path)]), "the snapshot is");
        let for_programs = run(&["verify", "--json"], &[("", &path)]);
        let found: Value = serde_json::from_slice(&for_programs.stdout).expect("one JSON object");
        assert_eq!((for_programs.status.code(), &found["isSound"]), (Some(1), &json!(false)), "{found}");
        let violation = found["violations"][0].as_str().expect("what is wrong");
        assert!(violation.contains("the snapshot is"), "{found}");
        refuses(&run(&["restore"], &[("", &path), ("--data-dir", &restored)]), "the snapshot is");
        assert_eq!(std::fs::read_dir(&restored).expect("made").count(), 0, "nothing is left");
    }
    for nothing in [scratch.path().join("no.backup"), restored.clone()] {
        let for_programs = run(&["verify", "--json"], &[("", &nothing)]);
        assert!(for_programs.stdout.is_empty(), "what is not there is no finding: {for_programs:?}");
        let line = format!("{} is not there, or holds no replica's data", nothing.display());
        refuses(&for_programs, &line);
    }
    for other in ["a list of things to do, in some detail", "no"] {
        let path = scratch.path().join("other");
        std::fs::write(&path, other).expect("writes");
        refuses(&run(&["verify"], &[("", &path)]), "this is not a Boxoffice backup");
        refuses(
            &run(&["restore"], &[("", &path), ("--data-dir", &restored)]),
            "this is not a Boxoffice backup",
        );
    }
    refuses(&run(&["recover"], &[("--data-dir", &restored)]), "nothing to recover");
}
