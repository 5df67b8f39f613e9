//! A replica whose files are not as they were written does not start, stops if it finds out later, and says what to do.

use super::cluster::{open_all, replicas, write_when_led};
use super::{PATIENCE, Recorder, options, times_applied, write};
use crate::files::{LOG_FILE, STATE_FILE};
use crate::inspect::inspect_storage;
use crate::testing::MemoryStorage;
use crate::{Engine, Options, Storage};

const COMMAND: &str = "a command that is easily found";
const ALONE: &str = "the data is damaged: keep a copy of the data directory for analysis, then restore a backup with \
                     `boxoffice restore`";
const IN_A_CLUSTER: &str = "the data is damaged: keep a copy of the data directory for analysis, then wipe it; the \
                            replica joins as somebody new";

/// The files of a replica that was stopped in order.
async fn stopped() -> MemoryStorage {
    let storage = MemoryStorage::new();
    let engine = super::open(options(&storage)).await;
    write(&engine, COMMAND).await;
    for n in 0..20 {
        write(&engine, &format!("n{n}")).await;
    }
    engine.shutdown().await.expect("shuts down");
    storage
}

fn bytes(storage: &MemoryStorage, name: &str) -> Vec<u8> {
    let file = storage.open(name).expect("opens");
    let mut bytes = vec![0; usize::try_from(file.len().expect("a length")).expect("small")];
    file.read(0, &mut bytes).expect("reads");
    bytes
}

/// Flips a bit wherever the command is: it may also be in pages that are no longer in use.
fn rot(storage: &MemoryStorage, name: &str) {
    let file = storage.open(name).expect("opens");
    let whole = bytes(storage, name);
    let places: Vec<usize> = whole
        .windows(COMMAND.len())
        .enumerate()
        .filter(|(_, window)| *window == COMMAND.as_bytes())
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty(), "the command is in the file");
    for at in places {
        file.write(at as u64, &[whole[at] ^ 1]).expect("writes");
    }
    file.sync_data().expect("syncs");
}

async fn refusal(options: Options) -> String {
    match Engine::open(options, Box::new(Recorder)).await {
        Ok(_) => panic!("opened what it must refuse"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_flipped_bit_keeps_it_from_starting() {
    for name in [LOG_FILE, STATE_FILE] {
        let storage = stopped().await;
        rot(&storage, name);
        let before = bytes(&storage, name);
        for attempt in 0..2 {
            let said = refusal(options(&storage)).await;
            assert!(said.contains(name) && said.ends_with(ALONE), "attempt {attempt}: {said}");
            assert_eq!(said.lines().count(), 1, "{said}");
            assert!(inspect_storage(&storage).is_err(), "and whoever looks sees it");
        }
        assert!(
            bytes(&storage, name) == before,
            "nothing was repaired: what was acknowledged may be gone then"
        );
    }
}

#[tokio::test]
async fn a_file_that_was_cut_keeps_it_from_starting() {
    for name in [LOG_FILE, STATE_FILE] {
        let whole = stopped().await;
        let length = bytes(&whole, name).len() as u64;
        for left in [0, 1, 4096, length / 2, length - 4096, length - 1] {
            let storage = whole.crashed();
            let file = storage.open(name).expect("opens");
            file.set_len(left).expect("cuts");
            file.sync_data().expect("syncs");
            let said = refusal(options(&storage)).await;
            assert!(said.contains(name) && said.ends_with(ALONE), "{left} of {length} bytes: {said}");
        }
    }
}

#[tokio::test]
async fn what_a_crash_leaves_is_checked_and_kept() {
    let storage = MemoryStorage::new();
    let engine = super::open(options(&storage)).await;
    write(&engine, COMMAND).await;
    for n in 0..20 {
        write(&engine, &format!("n{n}")).await;
    }
    let crashed = storage.crashed();
    let again = super::open(options(&crashed.crashed())).await;
    assert_eq!(times_applied(&again, COMMAND), 1);
    rot(&crashed, LOG_FILE);
    let said = refusal(options(&crashed)).await;
    assert!(said.contains(LOG_FILE) && said.ends_with(ALONE), "{said}");
}

/// The leader needs an old entry for a replica that was away, and finds it damaged.
#[tokio::test(flavor = "multi_thread")]
async fn an_entry_that_is_found_damaged_later_stops_it() {
    let replicas = replicas(3, 3);
    // Nothing of the log stays in memory.
    let without_cache = |options: &mut Options| options.log_cache_bytes = 0;
    let mut engines = Vec::new();
    for engine in open_all(&replicas).await {
        write_when_led(&engine, "before").await;
        engines.push(engine);
    }
    for engine in engines.drain(..) {
        engine.shutdown().await.expect("stops");
    }
    for replica in &replicas[..2] {
        engines.push(replica.open_with(Box::new(Recorder), without_cache).await.expect("opens"));
    }
    write_when_led(&engines[0], COMMAND).await;
    for n in 0..20 {
        write_when_led(&engines[0], &format!("n{n}")).await;
    }
    let leader = engines.iter().position(|engine| engine.status().leadership.is_leader).expect("one leads");
    rot(&replicas[leader].storage, LOG_FILE);
    let back = replicas[2].open().await;
    let reason = tokio::time::timeout(PATIENCE, engines[leader].stopped()).await.expect("it stops");
    let said = reason.to_string();
    assert!(said.contains("log entry") && said.ends_with(IN_A_CLUSTER), "{said}");
    assert!(engines[leader].propose("late".into()).await.is_err());
    engines[leader].shutdown().await.ok();

    let other = &engines[1 - leader];
    write_when_led(other, "the others go on").await;
    let last = write(if back.status().leadership.is_leader { &back } else { other }, "both").await;
    back.wait_applied(last, PATIENCE).await.expect("and have all of it");
    assert_eq!(times_applied(&back, COMMAND), 1);
    let said = match replicas[leader].open_with(Box::new(Recorder), |_| {}).await {
        Ok(_) => panic!("opened what it must refuse"),
        Err(error) => error.to_string(),
    };
    assert!(said.ends_with(IN_A_CLUSTER), "{said}");
    for engine in [other, &back] {
        engine.shutdown().await.expect("stops");
    }
}
