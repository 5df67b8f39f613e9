//! A service whose files are not as they were written does not start again, and says what to do, on one line.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::support::{Server, command};

const ADVICE: &str = "the data is damaged: keep a copy of the data directory for analysis, then restore a backup with \
                      `boxoffice restore`";
/// In a command of the log, and in a row of the state.
const TEXT: &str = "Easily Found In Its Pages";

/// Flips a bit wherever the text is: it may also be in pages that are no longer in use.
fn flip(file: &Path) {
    let mut bytes = std::fs::read(file).expect("reads");
    let text = TEXT.as_bytes();
    let found = |(at, window): (usize, &[u8])| (window == text).then_some(at);
    let places: Vec<usize> = bytes.windows(text.len()).enumerate().filter_map(found).collect();
    assert!(!places.is_empty(), "the text is in {}", file.display());
    for at in places {
        bytes[at] ^= 1;
    }
    std::fs::write(file, bytes).expect("writes");
}

fn halve(file: &Path) {
    let length = file.metadata().expect("it is there").len();
    File::options().write(true).open(file).expect("opens").set_len(length / 2).expect("cuts");
}

fn copy_of(data: &Path, copy: &Path) -> PathBuf {
    std::fs::create_dir(copy).expect("a directory");
    for name in ["log.redb", "state.redb", "cluster.secret"] {
        std::fs::copy(data.join(name), copy.join(name)).expect("copies");
    }
    copy.to_owned()
}

/// Starts on the data, which must be refused.
fn expect_refusal(data: &Path, name: &str) {
    let output = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(data)
        .output()
        .expect("the binary runs");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{err}");
    assert_eq!(out, "", "it never says where to go");
    let last = err.lines().last().unwrap_or_default();
    assert!(last.starts_with("boxoffice: ") && last.contains(name) && last.ends_with(ADVICE), "{err}");
    assert_eq!(err.matches(ADVICE).count(), 1, "said once: {err}");
}

async fn used_service() -> Server {
    let server = Server::start().await;
    let ann = server.user("ann").await;
    server.ticket_titled(&ann, TEXT).await;
    server
}

#[tokio::test]
async fn damaged_files_keep_it_from_starting() {
    let mut server = used_service().await;
    server.terminate();
    assert!(server.exit().await.success());
    let (data, scratch) = (server.data_dir(), tempfile::tempdir().expect("a directory"));
    for name in ["log.redb", "state.redb"] {
        for (number, damage) in [flip as fn(&Path), halve].into_iter().enumerate() {
            let copy = copy_of(&data, &scratch.path().join(format!("{name}-{number}")));
            damage(&copy.join(name));
            // What looks damaged once must not look whole the next time.
            expect_refusal(&copy, name);
            expect_refusal(&copy, name);
            let verified = command(&["verify"]).arg(&copy).output().expect("the binary runs");
            assert_eq!(verified.status.code(), Some(1), "{}", String::from_utf8_lossy(&verified.stderr));
        }
    }
    server.restart().await;
}

#[tokio::test]
async fn a_log_that_is_damaged_after_a_kill_keeps_it_from_starting() {
    let mut server = used_service().await;
    let bob = server.user("bob").await;
    for n in 0..10 {
        server.ticket_titled(&bob, &format!("another {n}")).await;
    }
    server.kill();
    flip(&server.data_dir().join("log.redb"));
    expect_refusal(&server.data_dir(), "log.redb");
    expect_refusal(&server.data_dir(), "log.redb");
}

/// No page is other than it was written, but a row makes no sense.
#[tokio::test]
async fn a_row_that_a_request_finds_damaged_stops_it() {
    let mut server = used_service().await;
    let ben = server.user("ben").await;
    let ticket = server.ticket_titled(&ben, "A second one").await;
    server.terminate();
    assert!(server.exit().await.success());
    let database = redb::Database::open(server.data_dir().join("state.redb")).expect("opens");
    let txn = database.begin_write().expect("begins");
    {
        let table: redb::TableDefinition<'_, &[u8], &[u8]> = redb::TableDefinition::new("tickets");
        let mut tickets = txn.open_table(table).expect("the table");
        let keys: Vec<Vec<u8>> = redb::ReadableTable::iter(&tickets)
            .expect("reads")
            .map(|row| row.expect("reads").0.value().to_vec())
            .collect();
        for key in keys {
            tickets.insert(key.as_slice(), b"\xff\xff".as_slice()).expect("inserts");
        }
    }
    txn.commit().expect("commits");
    drop(database);
    server.restart().await;
    let answer = server.get(&format!("/api/tickets/{ticket}")).attempt().await;
    // It may have ended before the answer was out.
    assert_ne!(answer.map(|answer| answer.status), Ok(200), "it is not served");
    assert_eq!(server.exit().await.code(), Some(1));
    let log = server.log();
    let last = log.lines().last().unwrap_or_default();
    assert!(last.contains("damaged row") && last.ends_with(ADVICE), "{log}");
}
