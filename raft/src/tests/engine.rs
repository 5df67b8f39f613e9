//! What a replica alone does in good health.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::{PATIENCE, applied_at, both_threadings, open, options, times_applied, write};
use crate::testing::{ManualClock, MemoryStorage};
use crate::{MAX_COMMAND_BYTES, Options, ProposeError, WaitError, digest};

#[tokio::test]
async fn proposes_applies_and_keeps_over_a_restart() {
    for threading in both_threadings() {
        let storage = MemoryStorage::new();
        let engine = open(Options { threading, ..options(&storage) }).await;
        let first = write(&engine, "a").await;
        let second = write(&engine, "b").await;
        assert!(second > first);
        assert!(engine.applied_index() >= second);
        engine.wait_applied(second, PATIENCE).await.expect("applied");
        engine.read_barrier().await.expect("leads");
        assert_eq!(times_applied(&engine, "a"), 1);
        let before = digest(&engine.view().expect("view")).expect("digest");
        let status = engine.status();
        assert!(status.leadership.is_leader);
        engine.shutdown().await.expect("shuts down");

        let engine = open(Options { threading, ..options(&storage) }).await;
        assert_eq!(digest(&engine.view().expect("view")).expect("digest"), before);
        assert_eq!(engine.status().cluster_id, status.cluster_id);
        assert!(write(&engine, "c").await > second);
        engine.shutdown().await.expect("shuts down");
    }
}

#[tokio::test]
async fn a_view_says_which_entries_it_shows() {
    let engine = open(options(&MemoryStorage::new())).await;
    let first = write(&engine, "a").await;
    let view = engine.view().expect("view");
    let second = write(&engine, "b").await;
    assert_eq!(engine.applied_in(&view).expect("read"), first, "also when later ones are applied");
    assert_eq!(engine.applied_in(&engine.view().expect("view")).expect("read"), second);
    engine.shutdown().await.expect("shuts down");
}

#[tokio::test]
async fn refuses_what_it_cannot_do() {
    let engine = open(options(&MemoryStorage::new())).await;
    let long = Bytes::from(vec![0; MAX_COMMAND_BYTES + 1]);
    assert_eq!(engine.propose(long).await, Err(ProposeError::TooLarge(MAX_COMMAND_BYTES + 1)));
    let waited = engine.wait_applied(1_000_000, Duration::from_millis(1)).await;
    assert!(matches!(waited, Err(WaitError::Timeout { index: 1_000_000, .. })));
    engine.shutdown().await.expect("shuts down");
    assert!(engine.view().is_err());
    let refused = engine.propose(Bytes::from_static(b"late")).await;
    assert!(refused.is_err());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_get_their_own_replies() {
    let engine = open(options(&MemoryStorage::new())).await;
    let writers = (0..64).map(|writer| {
        let engine = engine.clone();
        tokio::spawn(async move {
            for n in 0..20 {
                let command = Bytes::from(format!("{writer}-{n}"));
                let applied = engine.propose(command).await.expect("applied");
                assert_eq!(applied.reply.as_ref(), [1]);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("no panic");
    }
    assert_eq!(times_applied(&engine, "63-19"), 1);
    engine.shutdown().await.expect("shuts down");
}

#[tokio::test]
async fn commands_carry_the_replicated_time() {
    let (noon_ms, hour_ms) = (1_800_000_000_000, 3_600_000);
    for threading in both_threadings() {
        let storage = MemoryStorage::new();
        let clock = Arc::new(ManualClock::new(noon_ms));
        let set_up =
            |clock: &Arc<ManualClock>| Options { threading, ..options(&storage) }.with_clock(clock.clone());
        let engine = open(set_up(&clock)).await;
        write(&engine, "first").await;
        assert_eq!(applied_at(&engine, "first"), noon_ms);
        clock.advance(Duration::from_secs(1));
        clock.set_wall_ms(noon_ms + hour_ms);
        write(&engine, "after the wall jumped").await;
        let now_ms = noon_ms + 1010;
        assert_eq!(applied_at(&engine, "after the wall jumped"), now_ms);
        assert_eq!(engine.log_time().as_millis(), now_ms);
        engine.shutdown().await.expect("shuts down");

        // Restarted with a wall clock that is behind: the time goes on from what was applied.
        let clock = Arc::new(ManualClock::new(noon_ms - hour_ms));
        let engine = open(set_up(&clock)).await;
        assert_eq!(engine.log_time().as_millis(), now_ms);
        clock.advance(Duration::from_secs(1));
        write(&engine, "restarted").await;
        assert_eq!(applied_at(&engine, "restarted"), now_ms + 990);
        engine.shutdown().await.expect("shuts down");
    }
}

#[tokio::test]
async fn a_dropped_engine_lets_go_of_its_files() {
    let directory = tempfile::tempdir().expect("a directory");
    let engine = open(Options::new(directory.path())).await;
    write(&engine, "a").await;
    drop(engine);
    let reopened = async {
        loop {
            match crate::inspect(directory.path()) {
                Ok(inspection) => break inspection,
                Err(crate::OpenError::InUse { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let inspection = tokio::time::timeout(PATIENCE, reopened).await.expect("the files are let go");
    assert!(inspection.log_entries > 0);
}
