//! What a newer version wrote: the store's format, a record, a command, the feature level. This one refuses with a line
//! that says what to do, and changes nothing.

use std::path::Path;

use boxoffice::domain::{SUPPORTED_LEVEL, wire::COMMAND_VERSION};
use boxoffice_raft::read_log;
use redb::{Database, ReadableTable, TableDefinition};

use super::data::SECRET;
use super::newest;
use crate::support::command;

const LOG: &str = "log.redb";
const STATE: &str = "state.redb";
const ENTRIES: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("entries");
const LOG_META: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("log_meta");
const STATE_META: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("raft_meta");

/// The kinds of a record, as they stand in its second byte.
const KIND_COMMAND: u8 = 1;
const KIND_CLUSTER: u8 = 3;

/// Data of this version, changed as if a newer one had gone on with it, is refused with a line that has all of `with`.
#[track_caller]
fn is_refused(with: &[&str], change: impl Fn(&Path)) {
    let data = newest().stopped();
    change(data.path());
    // Twice: the first attempt must not have made something of it that is taken the second time.
    for attempt in ["first", "second"] {
        let mut serve = command(&["serve", "--listen", "127.0.0.1:0", "--data-dir"]);
        let output = serve.arg(data.path()).env(SECRET.0, SECRET.1).output().expect("the command runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{attempt}: {said}");
        assert!(output.stdout.is_empty(), "{attempt}: it served");
        let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("boxoffice: ")).collect();
        assert_eq!(lines.len(), 1, "{attempt}: {said}");
        for part in with {
            assert!(lines[0].contains(part), "{attempt}: {part:?} is missing in {}", lines[0]);
        }
    }
}

/// Changes a message of the engine's own.
fn change_message(
    file: &Path,
    table: TableDefinition<'_, &[u8], &[u8]>,
    key: &str,
    change: impl Fn(&mut Vec<u8>),
) {
    let database = Database::open(file).expect("nobody has it open");
    let txn = database.begin_write().expect("write");
    {
        let mut table = txn.open_table(table).expect("it is there");
        let stored = table.get(key.as_bytes()).expect("reads").map(|value| value.value().to_vec());
        let mut message = stored.unwrap_or_default();
        change(&mut message);
        table.insert(key.as_bytes(), message.as_slice()).expect("writes");
    }
    txn.commit().expect("commits");
}

/// Appends a record to the log, made out of the last one of a command.
fn append(data: &Path, kind: u8, payload: &[u8]) -> u64 {
    let mut last = Vec::new();
    read_log(data, |entry| last = entry.record).expect("whole");
    let index = u64::from_le_bytes(last[18..26].try_into().expect("eight bytes")) + 1;
    let mut record = last[..34].to_vec();
    record[1] = kind;
    record[18..26].copy_from_slice(&index.to_le_bytes());
    record.extend(u32::try_from(payload.len()).expect("short").to_le_bytes());
    record.extend(payload);
    let checksum = crc32c::crc32c(&record);
    record.extend(checksum.to_le_bytes());
    insert(data, index, &record);
    index
}

fn insert(data: &Path, index: u64, record: &[u8]) {
    let database = Database::open(data.join(LOG)).expect("nobody has it open");
    let txn = database.begin_write().expect("write");
    txn.open_table(ENTRIES).expect("it is there").insert(index, record).expect("writes");
    txn.commit().expect("commits");
}

#[test]
fn a_newer_format_of_either_file() {
    for (file, table) in [(LOG, LOG_META), (STATE, STATE_META)] {
        is_refused(&[file, "by a newer program", "start the newer one"], |data| {
            change_message(&data.join(file), table, "identity", |identity| {
                assert_eq!(identity[..2], [1 << 3, 1], "the format is its first field");
                identity[1] = 2;
            });
        });
    }
}

#[test]
fn a_newer_record_in_the_log() {
    is_refused(&[LOG, "record version 2", "start a newer one"], |data| {
        let index = append(data, KIND_COMMAND, b"whatever it means");
        let mut record = Vec::new();
        read_log(data, |entry| record = entry.record).expect("whole");
        record[0] = 2;
        insert(data, index, &record);
    });
    is_refused(&[LOG, "record kind 9", "start a newer one"], |data| {
        append(data, 9, b"whatever it is");
    });
}

#[test]
fn a_newer_command_in_the_log() {
    is_refused(&["log entry", "has version 2", "install a newer one"], |data| {
        append(data, KIND_COMMAND, &[COMMAND_VERSION + 1, 7]);
    });
    is_refused(&["log entry", "a command that this program does not know", "install a newer one"], |data| {
        // A proposal without bytes, and a command with a tag that none has: 500, an empty message.
        append(data, KIND_COMMAND, &[COMMAND_VERSION, 1 << 3 | 2, 0, 0xa2, 0x1f, 0]);
    });
    is_refused(&["a cluster command that this program does not know", "start a newer one"], |data| {
        append(data, KIND_CLUSTER, &[0xa2, 0x1f, 0]);
    });
}

#[test]
fn a_higher_feature_level() {
    let newer = u8::try_from(SUPPORTED_LEVEL + 1).expect("small");
    let (level, supported) = (format!("feature level {newer}"), format!("supports up to {SUPPORTED_LEVEL}"));
    let with = [level.as_str(), supported.as_str(), "start a newer one"];
    is_refused(&[&[STATE][..], &with].concat(), |data| {
        // The level is field 11 of what the cluster agrees on; the last one counts.
        change_message(&data.join(STATE), STATE_META, "cluster", |cluster| cluster.extend([11 << 3, newer]));
    });
    is_refused(&with, |data| {
        // Raising it is field 8 of a cluster's command, and the level the first field of that.
        append(data, KIND_CLUSTER, &[8 << 3 | 2, 2, 1 << 3, newer]);
    });
}
