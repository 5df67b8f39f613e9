//! What a replica refuses to start on.

use std::sync::Arc;

use redb::ReadableTable;

use super::{Recorder, open, options, write};
use crate::files::{LOG_FILE, STATE_FILE};
use crate::inspect::{inspect, inspect_storage};
use crate::log_thread::{ENTRIES, LOG_META};
use crate::store::{Store, put_message};
use crate::testing::MemoryStorage;
use crate::wire::{FORMAT_VERSION, Identity};
use crate::{Engine, FileStorage, OpenError, Options, Storage};

async fn open_error(options: Options) -> OpenError {
    match Engine::open(options, Box::new(Recorder)).await {
        Ok(_) => panic!("opened what it must refuse"),
        Err(error) => error,
    }
}

/// A stopped store with a few entries, none of them in the durable state.
async fn crashed_store() -> MemoryStorage {
    let storage = MemoryStorage::new();
    let lazy = Options { durable_after_bytes: usize::MAX, ..options(&storage) };
    let engine = open(lazy).await;
    for n in 0..5 {
        write(&engine, &format!("n{n}")).await;
    }
    storage.crashed()
}

fn change_record(storage: &MemoryStorage, index: u64, change: impl FnOnce(&mut Vec<u8>)) {
    let store = Store::open(storage, LOG_FILE, 1 << 20).expect("opens");
    let txn = store.write().expect("begins");
    {
        let mut table = txn.open_table(ENTRIES).expect("table");
        let mut record = table.get(index).expect("reads").expect("there").value().to_vec();
        change(&mut record);
        table.insert(index, record.as_slice()).expect("inserts");
    }
    txn.commit().expect("commits");
    store.close().expect("closes");
}

#[tokio::test]
async fn an_unknown_or_damaged_record() {
    for (change, said) in [
        ((|r: &mut Vec<u8>| r[0] = 9) as fn(&mut Vec<u8>), "record version 9"),
        (|r| r[20] ^= 1, "checksum"),
        (|r| r.truncate(10), "cut short"),
    ] {
        let storage = crashed_store().await;
        change_record(&storage, 3, change);
        // The writers of a replica that did not start may still be closing its files.
        let copy = storage.crashed();
        for error in [open_error(options(&storage)).await, inspect_storage(&copy).err().expect("refuses")] {
            let error = error.to_string();
            assert!(error.contains(said), "{error}");
            assert!(error.contains("log entry 3") && error.contains("log.redb"), "{error}");
        }
    }
}

#[tokio::test]
async fn a_state_whose_pages_have_rotted() {
    let storage = MemoryStorage::new();
    let engine = open(options(&storage)).await;
    write(&engine, "a command that is easily found").await;
    engine.shutdown().await.expect("shuts down");
    inspect_storage(&storage).expect("whole");
    storage.rot("state.redb", b"a command that is easily found");
    assert!(
        inspect_storage(&storage).is_err(),
        "no row is out of place, but a page is not as it was written"
    );
}

#[tokio::test]
async fn a_hole_in_the_log() {
    let storage = crashed_store().await;
    let store = Store::open(&storage, LOG_FILE, 1 << 20).expect("opens");
    let txn = store.write().expect("begins");
    txn.open_table(ENTRIES).expect("table").remove(3).expect("removes");
    txn.commit().expect("commits");
    store.close().expect("closes");
    assert!(inspect_storage(&storage).err().expect("refuses").to_string().contains("entry 3 is missing"));
    assert!(open_error(options(&storage)).await.to_string().contains("entry 3"));
}

#[tokio::test]
async fn a_newer_format() {
    let storage = crashed_store().await;
    let store = Store::open(&storage, LOG_FILE, 1 << 20).expect("opens");
    let identity: Identity = store.identity(LOG_META).expect("reads").expect("there");
    let newer = Identity { format_version: FORMAT_VERSION + 1, ..identity };
    let txn = store.write().expect("begins");
    put_message(&txn, LOG_META, "identity", &newer).expect("puts");
    txn.commit().expect("commits");
    store.close().expect("closes");
    assert!(
        matches!(open_error(options(&storage)).await, OpenError::Newer { found, .. } if found == FORMAT_VERSION + 1)
    );
}

#[tokio::test]
async fn files_that_do_not_belong_together() {
    let directory = tempfile::tempdir().expect("a directory");
    let other = tempfile::tempdir().expect("a directory");
    for path in [&directory, &other] {
        let engine = open(Options::new(path.path())).await;
        write(&engine, "a").await;
        engine.shutdown().await.expect("shuts down");
    }
    let mine = directory.path().join(STATE_FILE);
    std::fs::copy(other.path().join(STATE_FILE), &mine).expect("copies");
    assert!(matches!(open_error(Options::new(directory.path())).await, OpenError::Mismatch(_)));
    std::fs::remove_file(&mine).expect("removes");
    assert!(matches!(open_error(Options::new(directory.path())).await, OpenError::Mismatch(_)));
    let one_is_gone = inspect(directory.path()).err().expect("only the log is there");
    assert!(one_is_gone.is_damage(), "{one_is_gone}");
    std::fs::remove_file(other.path().join(LOG_FILE)).expect("removes");
    assert!(matches!(open_error(Options::new(other.path())).await, OpenError::Mismatch(_)));
}

#[tokio::test]
async fn a_store_in_use_or_not_there() {
    let directory = tempfile::tempdir().expect("a directory");
    let nothing = inspect(directory.path()).err().expect("nothing is there");
    assert!(matches!(nothing, OpenError::NothingThere { .. }) && !nothing.is_damage(), "{nothing}");
    let engine = open(Options::new(directory.path())).await;
    write(&engine, "a").await;
    assert!(matches!(open_error(Options::new(directory.path())).await, OpenError::InUse { .. }));
    assert!(matches!(inspect(directory.path()).err(), Some(OpenError::InUse { .. })));
    engine.shutdown().await.expect("shuts down");

    let inspection = inspect(directory.path()).expect("whole");
    assert_eq!(inspection.last_log_index, inspection.applied_index);
    assert!(inspection.view().is_ok());
    drop(inspection);
    let storage: Arc<dyn Storage> = Arc::new(FileStorage::new(directory.path()));
    assert_eq!(storage.exists(LOG_FILE).ok(), Some(true));
}
