//! The log gets no longer than its budget, whoever still needs it, and its size is known without reading it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use redb::ReadableTable;

use super::cluster::{replicas, write_when_led};
use super::{PATIENCE, Recorder, both_threadings, open, options, times_applied, write};
use crate::files::LOG_FILE;
use crate::inspect::inspect_storage;
use crate::log_size::stored_bytes;
use crate::log_thread::{ENTRIES, LOG_META};
use crate::store::{Store, put_message};
use crate::testing::{ManualClock, MemoryStorage};
use crate::{Engine, Options, wire};

const BUDGET: u64 = 4_000;

/// Nothing but the budget has the log purged.
fn budgeted(storage: &MemoryStorage) -> Options {
    Options { log_max_bytes: BUDGET, durable_every: Duration::from_secs(3600), ..options(storage) }
}

async fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let waited = async {
        while !holds() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited).await.unwrap_or_else(|_| panic!("{what}"));
}

fn command(n: u32) -> String {
    format!("{n:0100}")
}

/// The stored counter, and the sum of what it counts.
fn counted(storage: &MemoryStorage) -> (u64, u64) {
    let store = Store::open(storage, LOG_FILE, 1 << 20).expect("opens");
    let size: wire::LogSize = store.message(LOG_META, "size").expect("reads").unwrap_or_default();
    let table = store.table(ENTRIES).expect("reads").expect("there are entries");
    let sum = table.iter().expect("reads").map(|row| row.expect("reads").1.value().len() as u64).sum();
    assert_eq!(stored_bytes(&store).expect("reads"), sum);
    store.close().expect("closes");
    (size.record_bytes, sum)
}

#[tokio::test]
async fn a_log_beyond_its_budget_is_purged() {
    for threading in both_threadings() {
        let storage = MemoryStorage::new();
        let engine = open(Options { threading, ..budgeted(&storage) }).await;
        for n in 0..200 {
            write(&engine, &command(n)).await;
        }
        wait_until("the log is within its budget", || engine.status().log_bytes <= BUDGET).await;
        let status = engine.status();
        assert!(status.log_bytes > BUDGET / 2, "what fits is kept: {status:?}");
        assert!(status.purged_index <= status.snapshot_index, "{status:?}");
        engine.shutdown().await.expect("shuts down");

        let inspection = inspect_storage(&storage).expect("whole");
        assert!(inspection.purged_index.is_some_and(|purged| purged > 150), "{:?}", inspection.purged_index);
        assert!(inspection.log_bytes <= BUDGET, "{} bytes", inspection.log_bytes);
        let again = open(budgeted(&storage)).await;
        assert_eq!((times_applied(&again, &command(0)), times_applied(&again, &command(199))), (1, 1));
        again.shutdown().await.expect("shuts down");
    }
}

#[tokio::test]
async fn the_size_is_known_after_any_crash() {
    let storage = MemoryStorage::new();
    let engine = open(budgeted(&storage)).await;
    for n in 0..120 {
        write(&engine, &command(n)).await;
        if n % 7 == 3 {
            for crashed in [storage.crashed(), storage.crashed_at_random(storage.operations())] {
                let (stored, sum) = counted(&crashed);
                assert_eq!(stored, sum, "after command {n}");
            }
        }
    }
    engine.shutdown().await.expect("shuts down");
    let (stored, sum) = counted(&storage);
    assert_eq!(stored, sum);
    // Within a budget, lest what its own election adds to the log has some of it purged.
    let again = open(options(&storage)).await;
    assert!(again.status().log_bytes >= sum, "it goes on from there");
    again.shutdown().await.expect("shuts down");
}

#[tokio::test]
async fn a_log_that_an_older_program_wrote_is_counted_once() {
    let storage = MemoryStorage::new();
    let engine = open(options(&storage)).await;
    for n in 0..20 {
        write(&engine, &command(n)).await;
    }
    engine.shutdown().await.expect("shuts down");
    let (_, sum) = counted(&storage);
    let forget = [None, Some(wire::LogSize { record_bytes: 1, entries: 3, last_index: Some(2) })];
    for counter in forget {
        let store = Store::open(&storage, LOG_FILE, 1 << 20).expect("opens");
        let txn = store.write().expect("begins");
        match counter {
            None => {
                drop(txn.open_table(LOG_META).expect("table").remove(b"size".as_slice()).expect("removes"))
            }
            Some(counter) => put_message(&txn, LOG_META, "size", &counter).expect("puts"),
        }
        txn.commit().expect("commits");
        assert_eq!(stored_bytes(&store).expect("counts"), sum);
        store.close().expect("closes");
    }
    let again = open(options(&storage)).await;
    assert!(again.status().log_bytes >= sum, "{} of {sum}", again.status().log_bytes);
    write(&again, "more").await;
    again.shutdown().await.expect("shuts down");
    let (stored, sum) = counted(&storage);
    assert_eq!(stored, sum);
}

#[tokio::test]
async fn entries_of_more_than_a_week_are_purged() {
    let storage = MemoryStorage::new();
    let clock = Arc::new(ManualClock::new(1_000_000_000_000));
    let with_clock = || options(&storage).with_clock(clock.clone());
    let engine = open(with_clock()).await;
    let mut last = 0;
    for n in 0..10 {
        last = write(&engine, &command(n)).await;
    }
    engine.shutdown().await.expect("shuts down");
    clock.advance(Duration::from_secs(6 * 24 * 60 * 60));
    let engine = open(with_clock()).await;
    let young = write(&engine, "younger").await;
    // What was asked for at the start is done by now.
    assert_eq!(engine.status().purged_index, None, "not yet, nor what has no time");
    engine.shutdown().await.expect("shuts down");
    clock.advance(Duration::from_secs(2 * 24 * 60 * 60));
    let engine = open(with_clock()).await;
    wait_until("they are purged", || engine.status().purged_index.is_some_and(|purged| purged >= last)).await;
    assert!(engine.status().purged_index.is_some_and(|purged| purged < young), "{:?}", engine.status());
    assert_eq!(times_applied(&engine, &command(3)), 1);
    engine.shutdown().await.expect("shuts down");
}

/// The one of the engines that leads.
fn leader(engines: &[Engine]) -> &Engine {
    engines.iter().find(|engine| engine.status().leadership.is_leader).expect("one leads")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_was_away_for_longer_than_the_budget_gets_the_state() {
    let replicas = replicas(3, 3);
    let small = |options: &mut Options| options.log_max_bytes = BUDGET;
    let opened = replicas.iter().map(|replica| replica.open_with(Box::new(Recorder), small));
    let opened = join_all(opened).await;
    let mut engines: Vec<Engine> = opened.into_iter().map(|opened| opened.expect("opens")).collect();
    write_when_led(&engines[0], "before").await;
    let gone = engines.iter().position(|engine| !engine.status().leadership.is_leader).expect("one follows");
    let had = engines[gone].status().last_log_index.expect("it has a log");
    engines.remove(gone).shutdown().await.expect("stops");
    for n in 0..200 {
        write_when_led(&engines[0], &command(n)).await;
    }
    for engine in &engines {
        wait_until("no replica waits for one that is away", || engine.status().log_bytes <= BUDGET).await;
        assert!(engine.status().purged_index.is_some_and(|purged| purged > had), "{:?}", engine.status());
    }

    let back = replicas[gone].open().await;
    let last = write_when_led(leader(&engines), "the last").await;
    back.wait_applied(last, PATIENCE).await.expect("it catches up");
    for n in [0, 100, 199] {
        assert_eq!(times_applied(&back, &command(n)), 1, "command {n}");
    }
    wait_until("by the state", || back.status().purged_index.is_some_and(|purged| purged > had)).await;
    for engine in engines.iter().chain([&back]) {
        engine.shutdown().await.expect("stops");
    }
}

/// The entry with which a cluster begins has no time of its own.
#[tokio::test]
async fn a_young_log_is_kept_from_its_beginning() {
    let storage = MemoryStorage::new();
    for _ in 0..2 {
        let engine = open(options(&storage)).await;
        write(&engine, "young").await;
        engine.shutdown().await.expect("shuts down");
    }
    open(options(&storage)).await.shutdown().await.expect("shuts down");
    assert_eq!(inspect_storage(&storage).expect("whole").purged_index, None, "nothing in it is old");
}
