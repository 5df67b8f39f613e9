//! Whatever breaks while a snapshot is received and installed: what is found afterwards is the old state or the
//! new one, whole, with a log that goes with it.

use bytes::Bytes;
use openraft::entry::RaftEntry;
use openraft::raft::SnapshotResponse;
use openraft::storage::{IOFlushed, RaftLogStorage, RaftStateMachine};
use openraft::type_config::TypeConfigExt;
use openraft::vote::{RaftLeaderId, RaftLeaderIdExt};
use openraft::{EntryPayload, RaftLogReader};

use super::snapshot::{commands, frames, open, receive, state_digest};
use super::{PATIENCE, Recorder, both_threadings, options};
use crate::files::{LOG_FILE, STATE_FILE};
use crate::inspect::inspect_storage;
use crate::log_store::LogStore;
use crate::log_thread::LOG_META;
use crate::snapshot::{INCOMING_FILE, STATE_META};
use crate::start::{Stores, open as open_replica};
use crate::store::Store;
use crate::testing::{Fault, MemoryStorage};
use crate::types::{Entry, LeaderId, LogId, Membership, TypeConfig, Vote, next_index};
use crate::wire::{FORMAT_VERSION, Identity};
use crate::{Digest, Options, Storage, Threading};

/// Receives and installs; tells whether all of it succeeded.
async fn take_over(stores: &mut Stores, stream: &[Bytes]) -> bool {
    let Ok(received) = receive(&stores.state, stream) else { return false };
    let meta = received.meta.clone();
    stores.state.install_snapshot(&meta, received.snapshot).await.is_ok()
}

/// A replica with a state of its own, and a log that leads to it.
async fn replica(storage: &MemoryStorage, threading: Threading) -> Stores {
    let mut stores = open(storage, threading);
    let entries = commands(0, &["old", "older", "oldest"]);
    append(&mut stores.log, entries.clone()).await;
    stores.state.replay(entries).await.expect("applies");
    stores.state.snapshot().await.expect("durable");
    stores
}

pub(super) async fn append(log: &mut LogStore, entries: Vec<Entry>) {
    let (done, flushed) = <TypeConfig as TypeConfigExt>::oneshot();
    log.append(entries, IOFlushed::signal(done)).await.expect("appends");
    flushed.await.expect("answers").expect("is durable");
}

async fn snapshot_stream() -> (Vec<Bytes>, Digest) {
    let source = open(&MemoryStorage::new(), Threading::Inline).state;
    let names: Vec<String> = (0..200).map(|n| format!("n{}", n % 90)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    source.replay(commands(0, &names)).await.expect("applies");
    (frames(&source).await, state_digest(&source))
}

#[tokio::test]
async fn a_crash_leaves_the_old_state_or_the_new_one() {
    let (stream, new) = snapshot_stream().await;
    for threading in both_threadings() {
        let storage = MemoryStorage::new();
        let mut stores = replica(&storage, threading).await;
        let old = state_digest(&stores.state);
        let begun = storage.operations();
        assert!(take_over(&mut stores, &stream).await);
        let steps = storage.operations() - begun;
        assert!(steps > 10, "{steps} steps");
        for at in 0..steps {
            for fault in [Fault::Fail, Fault::Tear] {
                let storage = MemoryStorage::new();
                let mut stores = replica(&storage, threading).await;
                storage.fail_at(storage.operations() + at, fault);
                let is_done = take_over(&mut stores, &stream).await;
                for left in [storage.crashed(), storage.crashed_at_random(at)] {
                    let reopened = open(&left, threading);
                    let found = state_digest(&reopened.state);
                    let context = format!("after {fault:?} at {at}, {threading:?}");
                    assert!(found == new || found == old && !is_done, "{context}:\n{found}");
                    assert_eq!(left.exists(INCOMING_FILE).ok(), Some(false), "{context}");
                    let applied = reopened.state.shared().last_applied().expect("something");
                    assert_eq!(reopened.log.last().map(|last| last.index), Some(applied.index), "{context}");
                    reopened.state.close().await.expect("closes");
                    reopened.log.close().await.expect("closes");
                    inspect_storage(&left).unwrap_or_else(|e| panic!("{context}: {e}"));
                }
            }
        }
    }
}

fn entry(term: u64, index: u64) -> Entry {
    Entry::new(LogId::new(LeaderId::new_committed(term, 1), index), EntryPayload::Blank)
}

/// A crash right after the state was replaced leaves the log as it was before. What of it contradicts the state
/// must not be there when the replica votes again.
#[tokio::test]
async fn a_log_that_does_not_lead_to_the_state_begins_anew() {
    // The snapshot's last entry is of term 1, at index 199.
    let (stream, _) = snapshot_stream().await;
    let tail =
        |term, from: u64, until: u64| (from..until).map(|index| entry(term, index)).collect::<Vec<_>>();
    for (behind, kept) in [
        (Vec::new(), false),
        (tail(1, 3, 50), false),
        // Of a leader that was deposed before anybody had its entries.
        (tail(5, 3, 50), false),
        (tail(5, 3, 300), false),
        (tail(1, 3, 300), true),
    ] {
        let storage = MemoryStorage::new();
        let mut stores = replica(&storage, Threading::Inline).await;
        if let Some(last) = behind.last().map(|entry| entry.log_id) {
            let vote = Vote { leader_id: LeaderId::new(last.leader_id.term + 1, 2), committed: true };
            append(&mut stores.log, behind).await;
            stores.log.save_vote(&vote).await.expect("saved");
        }
        let vote = stores.log.read_vote().await.expect("reads");
        assert!(take_over(&mut stores, &stream).await);

        let left = storage.crashed();
        let mut reopened = open(&left, Threading::Inline);
        let applied = reopened.state.shared().last_applied().expect("something");
        assert_eq!(reopened.log.read_vote().await.expect("reads"), vote);
        if kept {
            assert_eq!(reopened.log.last().map(|last| last.index), Some(299));
            assert_eq!(reopened.log.first(), 0);
        } else {
            assert_eq!(reopened.log.last(), Some(applied));
            assert_eq!(reopened.log.first(), applied.index + 1);
        }
        let next = next_index(reopened.log.last());
        append(&mut reopened.log, vec![entry(9, next)]).await;
        reopened.state.close().await.expect("closes");
        reopened.log.close().await.expect("closes");
        inspect_storage(&left).expect("whole");
        let again = open(&left, Threading::Inline);
        assert_eq!(again.log.last().map(|last| last.leader_id.term), Some(9));
    }
}

/// Files of a replica that belongs to a cluster and has nothing of it yet.
fn join(cluster_id: u128, node_id: u64) -> MemoryStorage {
    let storage = MemoryStorage::new();
    let cluster_id = cluster_id.to_be_bytes().to_vec();
    let identity = Identity { format_version: FORMAT_VERSION, cluster_id, node_id, bootstraps: false };
    for (file, table) in [(LOG_FILE, LOG_META), (STATE_FILE, STATE_META)] {
        let store = Store::open(&storage, file, 1 << 20).expect("opens");
        store.set_identity(table, &identity).expect("writes");
        store.close().expect("closes");
    }
    storage
}

#[tokio::test]
async fn the_consensus_engine_installs_purges_and_starts_again() {
    let storage = join(7, 2);
    let source = open(&MemoryStorage::new(), Threading::Threads).state;
    // Of one alone: a replica of several does not open without a network.
    let members = Membership::new_with_defaults(vec![[1].into()], [1]);
    let mut entries = commands(0, &["a", "b", "c"]);
    entries.push(Entry::new(LogId::new(LeaderId::new(1, 1), 3), EntryPayload::Membership(members)));
    source.replay(entries).await.expect("applies");

    let set_up = || Options { new_cluster_id: 7, ..options(&storage) };
    let replica = open_replica(set_up(), Box::new(Recorder)).await.expect("opens");
    let received = receive(&replica.state, &frames(&source).await).expect("received");
    let leader = Vote { leader_id: LeaderId::new(1, 1), committed: true };
    let SnapshotResponse { vote } =
        replica.raft.install_full_snapshot(leader, received).await.expect("installs");
    assert_eq!(vote, leader);
    assert_eq!(state_digest(&replica.state), state_digest(&source));
    let purged = replica.raft.wait(Some(PATIENCE)).purged(source.shared().last_applied(), "installed").await;
    purged.expect("the log is purged");

    let left = storage.crashed();
    let again = Options { new_cluster_id: 7, ..options(&left) };
    let again = open_replica(again, Box::new(Recorder)).await.expect("opens");
    assert_eq!(state_digest(&again.state), state_digest(&source));
    assert!(again.raft.voter_ids().eq([1]));
    for replica in [replica, again] {
        replica.raft.shutdown().await.expect("shuts down");
    }
}
