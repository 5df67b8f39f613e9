//! Whatever breaks, and whenever: what was acknowledged is there afterwards, once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;

use super::{PATIENCE, both_threadings, open, options, times_applied, write};
use crate::inspect::inspect_storage;
use crate::testing::{Fault, MemoryStorage};
use crate::{Engine, Observer, Options, ProposeError, Threading, digest};

/// A log that is purged often, and a state that is made durable often.
fn small(storage: &MemoryStorage) -> Options {
    Options { purge_slack_entries: 15, keep_log_entries: 5, durable_after_bytes: 40, ..options(storage) }
}

/// The same, purged because of its bytes alone: the records here have some 50 each.
fn small_budget(storage: &MemoryStorage) -> Options {
    Options { log_max_bytes: 1_000, durable_after_bytes: 40, ..options(storage) }
}

async fn expect_acknowledged(storage: &MemoryStorage, acknowledged: &[String], context: &str) {
    let engine = open(options(storage)).await;
    for command in acknowledged {
        assert_eq!(times_applied(&engine, command), 1, "{command} {context}");
    }
    write(&engine, "it goes on").await;
    engine.shutdown().await.expect("shuts down");
    inspect_storage(storage).expect("the store is whole");
}

#[tokio::test]
async fn a_crash_loses_nothing_acknowledged() {
    for threading in both_threadings() {
        for make in [options, small, small_budget] {
            let storage = MemoryStorage::new();
            let engine = open(Options { threading, ..make(&storage) }).await;
            let mut acknowledged = Vec::new();
            for n in 0..60 {
                let command = format!("n{n}");
                write(&engine, &command).await;
                acknowledged.push(command);
                if n % 10 == 3 {
                    expect_acknowledged(&storage.crashed(), &acknowledged, "after a clean cut").await;
                    let seed = storage.operations();
                    let torn = storage.crashed_at_random(seed);
                    expect_acknowledged(&torn, &acknowledged, &format!("after a crash of seed {seed}")).await;
                }
            }
            engine.shutdown().await.expect("shuts down");
        }
    }
}

/// Writes until the disk breaks; returns what was acknowledged.
async fn write_until_broken(engine: &Engine) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for n in 0..200 {
        let command = format!("n{n}");
        match engine.propose(Bytes::from(command.clone())).await {
            Ok(_) => acknowledged.push(command),
            Err(error) => {
                assert!(matches!(error, ProposeError::Stopped | ProposeError::NotLeader { .. }), "{error}");
                break;
            }
        }
    }
    acknowledged
}

#[tokio::test]
async fn a_broken_disk_stops_the_engine_and_loses_nothing_acknowledged() {
    for threading in both_threadings() {
        for fault in [Fault::Fail, Fault::Tear] {
            for after in (0..120).step_by(7) {
                let storage = MemoryStorage::new();
                let engine = open(Options { threading, ..small(&storage) }).await;
                let at = storage.operations() + after;
                storage.fail_at(at, fault);
                let acknowledged = write_until_broken(&engine).await;
                tokio::time::timeout(PATIENCE, engine.stopped()).await.expect("the failure is reported");
                assert!(engine.propose(Bytes::from_static(b"late")).await.is_err());
                let context = format!("after {fault:?} at {at}, {threading:?}");
                expect_acknowledged(&storage.crashed(), &acknowledged, &context).await;
                let torn = storage.crashed_at_random(at);
                expect_acknowledged(&torn, &acknowledged, &context).await;
                engine.shutdown().await.ok();
            }
        }
    }
}

#[tokio::test]
async fn the_log_is_purged_but_never_past_the_durable_state() {
    let storage = MemoryStorage::new();
    // Nothing makes the state durable but a snapshot.
    let lazy = Options {
        durable_every: Duration::from_secs(3600),
        durable_after_bytes: usize::MAX,
        ..small(&storage)
    };
    let engine = open(lazy).await;
    for n in 0..200 {
        write(&engine, &format!("n{n}")).await;
        if n % 5 == 0 {
            let inspection = inspect_storage(&storage.crashed()).expect("whole");
            let next = inspection.applied_index.map_or(0, |applied| applied + 1);
            assert!(inspection.purged_index.is_none_or(|purged| purged < next));
        }
    }
    let purged = async {
        while engine.status().purged_index.is_none_or(|purged| purged < 100) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, purged).await.expect("the log is purged");
    engine.shutdown().await.expect("shuts down");
    let inspection = inspect_storage(&storage).expect("whole");
    assert!(inspection.log_entries < 60, "{} entries left", inspection.log_entries);
    assert_eq!(inspection.applied_index, inspection.last_log_index);
}

#[tokio::test]
async fn what_a_crash_leaves_is_no_damage() {
    for make in [options, small, small_budget] {
        let storage = MemoryStorage::new();
        let engine = open(make(&storage)).await;
        for n in 0..100 {
            write(&engine, &format!("n{n}")).await;
            inspect_storage(&storage.crashed()).expect("whole after a clean cut");
            let seed = storage.operations();
            inspect_storage(&storage.crashed_at_random(seed)).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        }
        engine.shutdown().await.expect("shuts down");
    }
}

#[tokio::test]
async fn the_log_of_a_replica_that_is_often_restarted_is_purged_too() {
    let storage = MemoryStorage::new();
    for _ in 0..10 {
        let engine = open(small(&storage)).await;
        for n in 0..15 {
            write(&engine, &format!("n{n}")).await;
        }
        engine.shutdown().await.expect("shuts down");
    }
    let inspection = inspect_storage(&storage).expect("whole");
    assert!(inspection.log_entries < 60, "{} entries left", inspection.log_entries);
}

/// Panics once so many batches of the log are durable: with inline writers, inside of the consensus task.
struct PanicsAfter(AtomicUsize);

impl Observer for PanicsAfter {
    fn log_synced(&self, _: Duration, _: usize) {
        assert_ne!(self.0.fetch_sub(1, Ordering::SeqCst), 0, "as asked");
    }
}

#[tokio::test]
async fn a_panic_of_the_consensus_task_stops_the_engine() {
    let observer = Arc::new(PanicsAfter(AtomicUsize::new(5)));
    let engine =
        open(Options { observer, threading: Threading::Inline, ..options(&MemoryStorage::new()) }).await;
    for n in 0..10 {
        if engine.propose(Bytes::from(format!("n{n}"))).await.is_err() {
            break;
        }
    }
    let reason = tokio::time::timeout(PATIENCE, engine.stopped()).await.expect("the failure is reported");
    assert!(reason.to_string().contains("panicked"), "{reason}");
}

#[tokio::test]
async fn the_same_log_applied_twice_gives_the_same_state() {
    let storage = MemoryStorage::new();
    let lazy = Options {
        durable_every: Duration::from_secs(3600),
        durable_after_bytes: usize::MAX,
        ..options(&storage)
    };
    let engine = open(lazy).await;
    for n in 0..100 {
        write(&engine, &format!("n{}", n % 30)).await;
    }
    // The state was never made durable, so a crash leaves only the log of it.
    let crashed = storage.crashed();
    let once = digest(&engine.view().expect("view")).expect("digest");
    assert_eq!(once.tables.len(), 1);
    assert_eq!(once.tables[0].rows, 30);
    let again = open(options(&crashed)).await;
    assert_eq!(digest(&again.view().expect("view")).expect("digest"), once);
}

#[tokio::test]
async fn a_command_that_cannot_be_applied_stops_the_engine() {
    for command in ["unknown", "panic"] {
        let engine = open(options(&MemoryStorage::new())).await;
        write(&engine, "before").await;
        let outcome = engine.propose(Bytes::from(command)).await;
        assert_eq!(outcome, Err(ProposeError::Stopped));
        let reason = tokio::time::timeout(PATIENCE, engine.stopped()).await.expect("reported");
        assert!(!reason.to_string().is_empty());
    }
}
