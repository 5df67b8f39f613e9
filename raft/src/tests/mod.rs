//! Tests of the whole engine.

mod admission;
mod certificates;
mod cluster;
mod crash;
mod creation;
mod damage;
mod digests;
mod engine;
mod formation;
mod levels;
mod log;
mod operator;
mod purging;
mod refuse;
mod reverted;
mod snapshot;
mod snapshot_crash;
mod successor;
mod suite;
mod time;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use redb::{ReadableTable, TableDefinition, WriteTransaction};

use crate::testing::MemoryStorage;
use crate::{ApplyError, Committed, Engine, Options, StateMachine, Storage, Threading};

pub(crate) const WRITTEN: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("written");

/// Stores each command under itself with its index and time, and replies how often it was written.
pub(crate) struct Recorder;

impl StateMachine for Recorder {
    fn apply(&mut self, txn: &WriteTransaction, batch: &[Committed<'_>]) -> Result<Vec<Bytes>, ApplyError> {
        let mut table = txn.open_table(WRITTEN)?;
        let mut replies = Vec::new();
        for committed in batch {
            if committed.command == b"unknown" {
                let reason = "command unknown".to_owned();
                return Err(ApplyError::Unknown { index: committed.index, reason });
            }
            assert_ne!(committed.command, b"panic", "as asked");
            let before = table.get(committed.command)?.map_or(0, |row| row.value()[0]);
            let mut row = vec![before + 1];
            row.extend(committed.index.to_be_bytes());
            row.extend(committed.at.as_millis().to_be_bytes());
            table.insert(committed.command, row.as_slice())?;
            replies.push(Bytes::from(vec![before + 1]));
        }
        Ok(replies)
    }
}

/// Options for an engine in memory, small enough for its limits to be met.
pub(crate) fn options(storage: &MemoryStorage) -> Options {
    let storage: Arc<dyn Storage> = Arc::new(storage.clone());
    Options { storage, ..Options::new("unused") }
}

pub(crate) async fn open(options: Options) -> Engine {
    let engine = Engine::open(options, Box::new(Recorder)).await.expect("opens");
    engine.wait_recovered().await.expect("recovers");
    engine
}

pub(crate) fn both_threadings() -> [Threading; 2] {
    [Threading::Threads, Threading::Inline]
}

pub(crate) async fn write(engine: &Engine, command: &str) -> u64 {
    let applied = engine.propose(Bytes::copy_from_slice(command.as_bytes())).await.expect("applied");
    applied.index
}

/// How often `command` was applied.
pub(crate) fn times_applied(engine: &Engine, command: &str) -> u8 {
    row(engine, command).map_or(0, |row| row[0])
}

/// When `command` was last applied, in milliseconds of the replicated clock.
pub(crate) fn applied_at(engine: &Engine, command: &str) -> u64 {
    let row = row(engine, command).expect("applied");
    u64::from_be_bytes(row[9..].try_into().expect("eight bytes"))
}

fn row(engine: &Engine, command: &str) -> Option<Vec<u8>> {
    let view = engine.view().expect("view");
    let table = match view.open_table(WRITTEN) {
        Ok(table) => table,
        Err(redb::TableError::TableDoesNotExist(_)) => return None,
        Err(e) => panic!("{e}"),
    };
    table.get(command.as_bytes()).expect("get").map(|row| row.value().to_vec())
}

/// A wait that only a broken engine exceeds.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
