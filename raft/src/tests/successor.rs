//! Clusters that begin with the state of another: restored from a backup, or recovered from the last replica.

use futures_util::StreamExt;
use openraft::EntryPayload;
use openraft::entry::RaftEntry;
use openraft::storage::{IOFlushed, RaftLogStorage};
use openraft::type_config::TypeConfigExt;
use openraft::vote::RaftLeaderId;
use redb::{TableDefinition, WriteTransaction};

use super::snapshot::{commands, state_digest};
use super::{Recorder, open, options, times_applied, write};
use crate::files::{LOG_FILE, STATE_FILE};
use crate::inspect::inspect_storage;
use crate::successor::{Recovery, restore_into};
use crate::testing::{Fault, MemoryStorage};
use crate::types::{Entry, LeaderId, LogId, Membership, TypeConfig};
use crate::{
    Ancestor, BackupReadError, BackupSummary, BackupWriter, Digest, Engine, LastEntry, LogTime, NewCluster,
    OpenError, Options, Origin, RecoverError, RestoreError, Storage, digest,
};

const OLD: u128 = 7;
const NEW: u128 = 8;
const SEED: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("seed");

/// What a service adds in the transaction that finishes the state.
fn seed(txn: &WriteTransaction, _: &NewCluster) -> Result<(), redb::Error> {
    txn.open_table(SEED)?.insert(b"held".as_slice(), b"yes".as_slice())?;
    Ok(())
}

fn is_seeded(storage: &MemoryStorage) -> bool {
    let view = inspect_storage(storage).expect("whole").view().expect("reads");
    view.open_table(SEED).is_ok_and(|table| table.get(b"held".as_slice()).expect("reads").is_some())
}

async fn back_up(engine: &Engine) -> (Vec<u8>, BackupSummary) {
    let mut backup = engine.backup().await.expect("begins");
    assert!(backup.is_current(), "this replica leads");
    let mut writer = BackupWriter::new(Vec::new());
    while let Some(frame) = backup.next().await {
        // In pieces, as a connection may give them.
        for piece in frame.expect("reads").chunks(1000) {
            writer.write(piece).expect("whole");
        }
    }
    writer.finish().expect("whole")
}

/// A backup of a cluster of one, and the digest of its state.
async fn backup() -> (Vec<u8>, BackupSummary, Digest) {
    let engine = open(Options { new_cluster_id: OLD, ..options(&MemoryStorage::new()) }).await;
    for n in 0..50 {
        write(&engine, &format!("n{n}")).await;
    }
    let (bytes, summary) = back_up(&engine).await;
    let state = digest(&engine.view().expect("view")).expect("digest");
    write(&engine, "later").await;
    engine.shutdown().await.expect("shuts down");
    (bytes, summary, state)
}

fn restore(storage: &MemoryStorage, backup: &[u8]) -> Result<NewCluster, RestoreError> {
    restore_into(storage, NEW, backup, |_| {}, |_, _| Ok(()))
}

#[tokio::test]
async fn a_restored_replica_leads_a_cluster_of_its_own() {
    let (backup, summary, state) = backup().await;
    let storage = MemoryStorage::new();
    let made = restore(&storage, &backup).expect("restores");
    let ancestor = Ancestor { cluster_id: OLD, index: summary.index, log_time: summary.log_time };
    assert_eq!(made, NewCluster { cluster_id: NEW, node_id: 2, ancestor });

    let inspection = inspect_storage(&storage.crashed()).expect("whole, and durable");
    assert_eq!((inspection.cluster_id, inspection.node_id, inspection.log_entries), (NEW, 2, 0));
    assert_eq!(digest(&inspection.view().expect("reads")).expect("digest"), state);
    let engine = open(options(&storage)).await;
    assert_eq!(engine.origin().expect("reads"), Origin::Restored(ancestor));
    assert_eq!((times_applied(&engine, "n49"), times_applied(&engine, "later")), (1, 0));
    assert!(engine.log_time() >= summary.log_time, "time goes on");
    assert!(write(&engine, "it goes on").await > summary.index);
    engine.shutdown().await.expect("shuts down");
    let again = open(options(&storage)).await;
    assert_eq!(times_applied(&again, "it goes on"), 1);
    assert_eq!(again.origin().expect("reads"), Origin::Restored(ancestor));

    // What was restored can be backed up and restored in turn, and nobody gets an id twice.
    let (backup, _) = back_up(&again).await;
    let third = restore(&MemoryStorage::new(), &backup).expect("restores");
    assert_eq!((third.node_id, third.ancestor.cluster_id), (3, NEW));
    again.shutdown().await.expect("shuts down");
}

#[tokio::test]
async fn what_is_no_whole_backup_leaves_nothing_behind() {
    let (whole, ..) = backup().await;
    let step = 1 + whole.len() / 61;
    for at in (0..whole.len()).step_by(step) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        for damaged in [&whole[..at], &flipped] {
            let storage = MemoryStorage::new();
            let refused = restore(&storage, damaged).expect_err("damaged");
            assert!(matches!(refused, RestoreError::Backup(_)), "at {at}: {refused}");
            for name in [STATE_FILE, LOG_FILE, "state.redb.next", "log.redb.next"] {
                assert_eq!(storage.exists(name).ok(), Some(false), "{name}");
            }
            let mut writer = BackupWriter::new(Vec::new());
            let written = writer.write(damaged).map(drop).and_then(|()| writer.finish().map(drop));
            assert!(matches!(written, Err(BackupReadError::Snapshot(_))), "at {at}");
        }
    }
    let longer = [whole.as_slice(), &whole[..]].concat();
    restore(&MemoryStorage::new(), &longer).expect_err("more than one");
}

#[tokio::test]
async fn a_crash_while_restoring_leaves_nothing_that_starts_or_all_of_it() {
    let (backup, _, state) = backup().await;
    let storage = MemoryStorage::new();
    restore_into(&storage, NEW, backup.as_slice(), |_| {}, seed).expect("restores");
    let steps = storage.operations();
    assert!(steps > 20, "{steps} steps");
    let mut done = 0;
    for at in 0..steps {
        for fault in [Fault::Fail, Fault::Tear] {
            let storage = MemoryStorage::new();
            storage.fail_at(at, fault);
            // The service's own row is there whenever the state is.
            let is_done = restore_into(&storage, NEW, backup.as_slice(), |_| {}, seed).is_ok();
            for left in [storage.crashed(), storage.crashed_at_random(at)] {
                if left.exists(STATE_FILE).expect("memory") {
                    assert!(is_seeded(&left), "{fault:?} at {at}");
                    let inspection = inspect_storage(&left).expect("whole");
                    assert_eq!(inspection.cluster_id, NEW, "{fault:?} at {at}");
                    let found = digest(&inspection.view().expect("reads")).expect("digest");
                    assert_eq!(found.tables.last(), state.tables.last(), "{fault:?} at {at}");
                    done += 1;
                } else {
                    assert!(!is_done && inspect_storage(&left).is_err(), "{fault:?} at {at}");
                    restore(&left, &backup).expect("what is left of the first one is in nobody's way");
                }
            }
        }
    }
    assert!(done > 0 && done < 4 * steps, "both were seen: {done} of {steps}");
}

/// As a process that is killed leaves it, which removes nothing.
#[tokio::test]
async fn an_unfinished_restore_does_not_start() {
    let (backup, ..) = backup().await;
    let storage = MemoryStorage::new();
    storage.open("state.redb.next").expect("memory");
    let opened = Engine::open(options(&storage), Box::new(Recorder)).await.map(drop);
    let refused = opened.expect_err("it would be an empty cluster");
    assert!(matches!(&refused, OpenError::Mismatch(what) if what.contains("restore")), "{refused}");
    restore(&storage, &backup).expect("again");
    open(options(&storage)).await.shutdown().await.expect("shuts down");
    restore(&storage, &backup).expect_err("there is a replica");
}

/// Three entries in the durable state and known to be committed, a fourth with the members, and two more that are
/// only in the log.
async fn survivor() -> MemoryStorage {
    let storage = MemoryStorage::new();
    let mut stores = super::snapshot::open(&storage, crate::Threading::Inline);
    let members = Membership::new_with_defaults(vec![[1, 2, 3].into()], [1, 2, 3, 4]);
    let mut entries = commands(0, &["old", "older", "oldest"]);
    let leader = LeaderId::new(1, 1);
    entries.push(Entry::new(LogId::new(leader, 3), EntryPayload::Membership(members)));
    append(&mut stores.log, entries.clone()).await;
    stores.state.replay(entries.into_iter().take(3).collect()).await.expect("applies");
    stores.state.snapshot().await.expect("durable");
    append(&mut stores.log, commands(4, &["acknowledged by others", "perhaps"])).await;
    stores.state.close().await.expect("closes");
    stores.log.close().await.expect("closes");
    storage
}

async fn append(log: &mut crate::log_store::LogStore, entries: Vec<Entry>) {
    let (done, flushed) = <TypeConfig as TypeConfigExt>::oneshot();
    log.append(entries, IOFlushed::signal(done)).await.expect("appends");
    flushed.await.expect("answers").expect("is durable");
}

fn recover(storage: &MemoryStorage) -> Result<NewCluster, RecoverError> {
    let options = Options { new_cluster_id: NEW, ..options(storage) };
    Recovery::open_with(options)?.finish(Box::new(Recorder), |_| {}, seed)
}

#[tokio::test]
async fn the_last_replica_becomes_a_cluster_and_keeps_all_that_its_log_has() {
    let storage = survivor().await;
    let recovery = Recovery::open_with(options(&storage)).expect("opens");
    assert_eq!((recovery.cluster_id(), recovery.node_id()), (OLD, 1));
    assert_eq!(recovery.members().into_keys().collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!((recovery.committed_index(), recovery.last_entry().index), (2, 5));
    let last = recovery.last_entry();
    assert_eq!(last, LastEntry { term: 1, index: 5 });
    assert!(
        last < LastEntry { term: 2, index: 4 } && last > LastEntry { term: 1, index: 4 },
        "the term first"
    );
    assert_eq!(recovery.log_time(), LogTime::from_millis(2));
    drop(recovery);
    let unchanged = inspect_storage(&storage).expect("whole");
    assert_eq!((unchanged.cluster_id, unchanged.last_entry), (OLD, Some(last)));
    drop(unchanged);

    let made = recover(&storage).expect("recovers");
    let ancestor = Ancestor { cluster_id: OLD, index: 5, log_time: LogTime::from_millis(5) };
    assert_eq!(made, NewCluster { cluster_id: NEW, node_id: 5, ancestor });
    assert!(is_seeded(&storage.crashed()));
    let in_state = inspect_storage(&storage.crashed()).expect("whole");
    assert_eq!((in_state.last_log_index, in_state.last_entry), (None, Some(last)), "the state has it");
    let engine = open(options(&storage)).await;
    for command in ["old", "oldest", "acknowledged by others", "perhaps"] {
        assert_eq!(times_applied(&engine, command), 1, "{command}");
    }
    assert_eq!(engine.origin().expect("reads"), Origin::Recovered(ancestor));
    assert!(write(&engine, "it goes on").await > 5);
    engine.shutdown().await.expect("shuts down");
    assert!(matches!(recover(&storage), Err(RecoverError::NotNeeded)));
}

#[tokio::test]
async fn a_crash_while_recovering_leaves_the_old_replica_or_the_new_one() {
    let whole = survivor().await;
    let before = inspect_storage(&whole.crashed()).expect("whole");
    let old = digest(&before.view().expect("reads")).expect("digest");
    let copy = whole.crashed();
    recover(&copy).expect("recovers");
    let steps = copy.operations();
    assert!(steps > 20, "{steps} steps");
    let mut new = 0;
    for at in 0..steps {
        for fault in [Fault::Fail, Fault::Tear] {
            let storage = whole.crashed();
            storage.fail_at(at, fault);
            let is_done = recover(&storage).is_ok();
            for left in [storage.crashed(), storage.crashed_at_random(at)] {
                let context = format!("after {fault:?} at {at}");
                let found = inspect_storage(&left).unwrap_or_else(|e| panic!("{context}: {e}"));
                if found.cluster_id == NEW {
                    new += 1;
                    assert_eq!((found.applied_index, found.log_entries), (Some(5), 0), "{context}");
                    drop(found);
                    assert!(is_seeded(&left), "{context}");
                    open(options(&left)).await.shutdown().await.expect("shuts down");
                } else {
                    assert!(!is_done, "{context}");
                    let ids = (found.cluster_id, found.node_id);
                    assert_eq!(ids, (OLD, 1), "{context}");
                    assert_eq!((found.applied_index, found.last_log_index), (Some(2), Some(5)), "{context}");
                    let state = digest(&found.view().expect("reads")).expect("digest");
                    assert_eq!(state, old, "{context}");
                    drop(found);
                    for name in ["state.redb.next", "log.redb.next"] {
                        assert_eq!(left.exists(name).ok(), Some(false), "{context}: {name}");
                    }
                    assert_eq!(recover(&left).expect("again").node_id, 5, "{context}");
                }
            }
        }
    }
    assert!(new > 0 && new < 4 * steps, "both were seen: {new} of {steps}");
}

#[tokio::test]
async fn there_is_nothing_to_recover_where_nobody_is_missing() {
    assert!(matches!(recover(&MemoryStorage::new()), Err(RecoverError::Nothing(_))));
    let storage = MemoryStorage::new();
    let engine = open(options(&storage)).await;
    write(&engine, "alone").await;
    engine.shutdown().await.expect("shuts down");
    assert!(matches!(recover(&storage), Err(RecoverError::NotNeeded)));
}

#[tokio::test]
async fn a_damaged_log_is_not_recovered_from() {
    let storage = survivor().await;
    storage.rot(LOG_FILE, b"acknowledged by others");
    let error = recover(&storage).expect_err("damaged").to_string();
    assert!(error.contains("log entry 4"), "{error}");
    let stores = super::snapshot::open(&survivor().await, crate::Threading::Inline);
    assert!(state_digest(&stores.state).tables[0].rows > 0, "the others are as they were");
}
