//! A backup that is taken while clients are at work, and the cluster that begins with it.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{PASSWORD, Test, header};

const ANN: &str = "ann@example.test";

/// Signs somebody up and posts a ticket. Returns its path, and a token of this cluster.
async fn some_ticket(test: &Test) -> (String, String) {
    let body = json!({"email": ANN, "password": PASSWORD});
    let user: Value = test.post(0, "/api/users/signup", &body, &[]).await.json().await.expect("JSON");
    let bearer = format!("Bearer {}", user["token"].as_str().expect("a token"));
    let body = json!({"title": "Kept", "price": 20});
    let posted = test.post(0, "/api/tickets", &body, &[("authorization", &bearer)]).await;
    let token = header(&posted, "consistency-token");
    let ticket: Value = posted.json().await.expect("JSON");
    (format!("/api/tickets/{}", ticket["id"].as_str().expect("an id")), token)
}

async fn succeeds(test: &Test, arguments: &[&str]) {
    let output = test.cluster.run(arguments).await.expect("runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A cluster whose first replica has the state of this backup, and which others join.
async fn restored(backup: &Path) -> Test {
    let mut test = Test::new(3, 0, &[]).await;
    let data_dir = test.cluster.data_dir(0).display().to_string();
    let backup = backup.display().to_string();
    succeeds(&test, &["restore", &backup, "--data-dir", &data_dir]).await;
    succeeds(&test, &["verify", &data_dir]).await;
    test.cluster.start(0).expect("starts");
    test.cluster.until_ready(0).await.expect("serves alone");
    test.cluster.start_all().expect("starts");
    test.cluster.until_all_ready().await.expect("others join");
    test.cluster.until_voting().await.expect("and vote");
    test
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_what_the_log_says_and_a_new_cluster_begins_with_it() {
    let mut test = Test::running(3, 1, &[]).await;
    let (ticket, old_token) = some_ticket(&test).await;
    let load = test.load().await;
    let mut files = Vec::new();
    for replica in [3, test.cluster.leader().await.expect("leads")] {
        load.until_acknowledged(20).await.expect("acknowledged");
        let told = test.history.newest_told();
        files.push(test.cluster.back_up(replica, told).await.expect("backed up"));
    }
    test.expect_sound(load).await;
    // The file outlives the cluster that it was taken of.
    let kept = tempfile::tempdir().expect("a directory");
    let backup = kept.path().join("boxoffice.backup");
    std::fs::copy(files.last().expect("taken"), &backup).expect("copied");
    drop(test);

    let mut test = restored(&backup).await;
    // Sales wait until somebody has said to go on.
    let body = json!({"email": "bob@example.test", "password": PASSWORD});
    let user: Value = test.post(1, "/api/users/signup", &body, &[]).await.json().await.expect("JSON");
    let bearer = format!("Bearer {}", user["token"].as_str().expect("a token"));
    let order = json!({"ticketId": ticket.rsplit('/').next().expect("an id")});
    let held = test.post(2, "/api/orders", &order, &[("authorization", &bearer)]).await;
    assert_eq!(held.status(), 503);
    let problem: Value = held.json().await.expect("JSON");
    assert_eq!(problem["type"], "/problems/sales-held", "{problem}");
    let data_dir = test.cluster.data_dir(1).display().to_string();
    succeeds(&test, &["sales", "resume", "--yes", "--data-dir", &data_dir]).await;
    let ordered = test.post(2, "/api/orders", &order, &[("authorization", &bearer)]).await;
    assert_eq!(ordered.status(), 201, "{:?}", ordered.text().await);

    // An index of another epoch says nothing, however great.
    let (old_epoch, _) = old_token.split_once('-').expect("a token");
    let far_ahead = format!("{old_epoch}-999999999");
    for replica in 0..3 {
        let shown = test.get(replica, &ticket, &[("consistency-token", &far_ahead)]).await;
        assert_eq!(shown.status(), 200, "a token of before is ignored");
        assert!(!header(&shown, "consistency-token").starts_with(old_epoch), "{shown:?}");
    }
    // What it began with is on the others too: the first one is not needed any more.
    test.cluster.kill(0).expect("killed");
    test.cluster.leader_except(&[0]).await.expect("another one leads");
    let shown = test.get(1, &ticket, &[("consistency", "strong")]).await;
    assert_eq!(shown.status(), 200);
}
