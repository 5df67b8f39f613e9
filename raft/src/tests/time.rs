//! What replicas tell each other of the time, and how new the state of each is.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use redb::WriteTransaction;

use super::cluster::{Replica, open_all, replicas, write_when_led};
use super::{PATIENCE, Recorder, applied_at, options, write};
use crate::testing::{ManualClock, MemoryStorage};
use crate::{ApplyError, Clock, Committed, Engine, StateMachine, SystemClock};

const HOUR_MS: i64 = 3_600_000;
/// More than all that a test does takes.
const MINUTE_MS: u64 = 60_000;

/// A wall clock that is ahead of the machine's.
struct Ahead(SystemClock, i64);

impl Clock for Ahead {
    fn wall_ms(&self) -> u64 {
        self.0.wall_ms().saturating_add_signed(self.1)
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }
}

/// Applies nothing while somebody holds it up.
struct HeldUp(Arc<Mutex<()>>);

impl StateMachine for HeldUp {
    fn apply(&mut self, txn: &WriteTransaction, batch: &[Committed<'_>]) -> Result<Vec<Bytes>, ApplyError> {
        let _held_up = self.0.lock().expect("nobody panicked");
        Recorder.apply(txn, batch)
    }
}

async fn open_ahead(replica: &Replica, ahead_ms: i64) -> Engine {
    let clock = Arc::new(Ahead(SystemClock::new(), ahead_ms));
    let opened = replica.open_with(Box::new(Recorder), |options| options.clock = clock).await;
    opened.expect("opens")
}

async fn close(engines: &[Engine]) {
    for engine in engines {
        engine.shutdown().await.expect("stops");
    }
}

/// The place of the leader, once all know it.
async fn leader(engines: &[Engine]) -> usize {
    for engine in engines {
        let mut leadership = engine.leadership();
        let led = tokio::time::timeout(PATIENCE, leadership.wait_for(|now| now.leader.is_some())).await;
        led.expect("a leader in time").expect("the engine lives");
    }
    engines.iter().position(|engine| engine.leadership().borrow().is_leader).expect("one of them leads")
}

async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let so = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, so).await.unwrap_or_else(|_| panic!("{what}: not in time"));
}

/// The one with the shorter log gets the rest of it from before the outage only afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_total_outage_the_time_is_what_the_walls_say() {
    let replicas = replicas(3, 3);
    let mut engines = open_all(&replicas).await;
    write_when_led(&engines[0], "all have it").await;
    let behind = (leader(&engines).await + 1) % 3;
    engines[behind].shutdown().await.expect("stops");
    engines.remove(behind);
    write_when_led(&engines[0], "one lacks it").await;
    let tail = write_when_led(&engines[0], "and this").await;
    close(&engines).await;
    drop(engines);

    let restarted_ms = SystemClock::new().wall_ms().saturating_add_signed(HOUR_MS);
    let mut engines = Vec::new();
    for replica in &replicas {
        engines.push(open_ahead(replica, HOUR_MS).await);
    }
    for engine in &engines {
        engine.wait_applied(tail, PATIENCE).await.expect("all get it");
    }
    // As long as it takes until each has told the others of what it takes for the time.
    tokio::time::sleep(Duration::from_secs(3)).await;
    write_when_led(&engines[behind], "after the outage").await;
    let at_ms = applied_at(&engines[behind], "after the outage");
    assert!(at_ms + MINUTE_MS > restarted_ms, "{} ms behind", restarted_ms - at_ms);
    close(&engines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_restarts_is_told_the_time_and_how_new_its_state_is_though_nobody_writes() {
    let replicas = replicas(3, 3);
    let mut engines = open_all(&replicas).await;
    write_when_led(&engines[0], "any").await;
    let follower = (leader(&engines).await + 1) % 3;
    engines[follower].shutdown().await.expect("stops");
    engines[follower] = open_ahead(&replicas[follower], HOUR_MS).await;
    let told = &engines[follower];
    until("told the time", || told.inner.clock.live().is_some()).await;
    until("its state is not an hour old", || told.state_age().is_some_and(|age| age.as_secs() < 3000)).await;
    let (now_ms, leader) = (told.log_time().as_millis(), &engines[leader(&engines).await]);
    assert!(now_ms <= leader.log_time().as_millis(), "never ahead of the leader");
    close(&engines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_state_stays_new_until_its_replica_is_alone() {
    let engines = open_all(&replicas(3, 3)).await;
    write_when_led(&engines[0], "the last").await;
    let written = Instant::now();
    for engine in &engines {
        until("newer than the last write", || {
            written.elapsed() > Duration::from_secs(3)
                && engine.state_age().is_some_and(|age| age < written.elapsed() / 2)
        })
        .await;
    }
    let left = (leader(&engines).await + 1) % 3;
    for (_, engine) in engines.iter().enumerate().filter(|(place, _)| *place != left) {
        engine.shutdown().await.expect("stops");
    }
    let alone = Instant::now();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let at_least = alone.elapsed();
        let age = engines[left].state_age();
        assert!(age >= Some(at_least), "{age:?}, alone for {at_least:?}");
    }
    engines[left].shutdown().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_heard_no_leader_says_how_old_its_state_is_unless_its_wall_clock_is_wrong() {
    let replicas = replicas(3, 3);
    let engines = open_all(&replicas).await;
    let last = write_when_led(&engines[0], "the last").await;
    for engine in &engines {
        engine.wait_applied(last, PATIENCE).await.expect("all are told");
    }
    close(&engines).await;
    drop(engines);
    for (ahead_ms, is_known) in [(HOUR_MS, true), (-HOUR_MS, false)] {
        let engine = open_ahead(&replicas[0], ahead_ms).await;
        let age = engine.state_age();
        assert_eq!(age.is_some_and(|age| age.as_secs() >= 3600), is_known, "{age:?}");
        assert_eq!(age.is_some(), is_known, "{age:?}");
        engine.shutdown().await.expect("stops");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_alone_shows_all_there_is_while_others_write() {
    let (clock, gate) = (Arc::new(ManualClock::new(1_800_000_000_000)), Arc::new(Mutex::new(())));
    let set_up = options(&MemoryStorage::new()).with_clock(clock.clone());
    let engine = Engine::open(set_up, Box::new(HeldUp(gate.clone()))).await.expect("opens");
    write(&engine, "before").await;
    clock.advance(Duration::from_secs(3600));
    let held_up = gate.lock().expect("nobody panicked");
    let writing = tokio::spawn({
        let engine = engine.clone();
        async move { write(&engine, "committed, and not applied yet").await }
    });
    let began = Instant::now();
    while engine.status().committed_index <= engine.status().applied_index {
        assert!(began.elapsed() < PATIENCE, "it is not committed");
        std::thread::yield_now();
    }
    assert_eq!(engine.state_age(), Some(Duration::ZERO), "nobody was told of it");
    drop(held_up);
    writing.await.expect("is written");
    assert_eq!(engine.state_age(), Some(Duration::ZERO));
    engine.shutdown().await.expect("stops");
}
