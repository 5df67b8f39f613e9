//! The state of one replica, streamed to another and taken over by it.

use bytes::Bytes;
use openraft::EntryPayload;
use openraft::entry::RaftEntry;
use openraft::storage::RaftStateMachine;
use openraft::vote::RaftLeaderId;
use redb::ReadableTableMetadata;

use super::{Recorder, WRITTEN, both_threadings, options};
use crate::snapshot::{INCOMING_FILE, STATE_META, SnapshotReceiver, StateSnapshot};
use crate::start::{Stores, open_lone_stores};
use crate::state_shared::CLUSTER_KEY;
use crate::state_store::StateStore;
use crate::store::put_message;
use crate::testing::MemoryStorage;
use crate::types::{Body, Entry, LeaderId, LogId, Proposal};
use crate::wire::{AllocateNode, ClusterChange, ClusterCommand, ClusterState};
use crate::{Digest, LogTime, Options, SnapshotError, Storage, Threading, digest};

const CLUSTER: u128 = 7;

/// The stores of a replica of the same cluster as all others.
pub(super) fn open(storage: &MemoryStorage, threading: Threading) -> Stores {
    let options = Options { threading, new_cluster_id: CLUSTER, ..options(storage) };
    open_lone_stores(&options, Box::new(Recorder)).expect("opens")
}

/// Entries for the log from index `first` on.
pub(super) fn commands(first: u64, names: &[&str]) -> Vec<Entry> {
    let entry = |(index, name): (u64, &&str)| {
        let command = Bytes::copy_from_slice(name.as_bytes());
        let proposal = Proposal { stamp: LogTime::from_millis(index), body: Body::Command(command) };
        Entry::new(LogId::new(LeaderId::new(1, 1), index), EntryPayload::Normal(proposal))
    };
    (first..).zip(names).map(entry).collect()
}

/// So many rows that a snapshot of them has several frames with rows.
pub(super) async fn apply_many(state: &StateStore) {
    let names: Vec<String> = (0..9_000).map(|n| format!("{n:0100}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    state.replay(commands(0, &names)).await.expect("applies");
}

pub(super) fn state_digest(state: &StateStore) -> Digest {
    digest(&state.shared().store.read().expect("reads")).expect("digest")
}

pub(super) async fn frames(state: &StateStore) -> Vec<Bytes> {
    let frames = state.frames(state.snapshot().await.expect("a snapshot")).expect("a stream");
    frames.map(|frame| frame.expect("the memory does not fail")).collect()
}

pub(super) fn receive(state: &StateStore, frames: &[Bytes]) -> Result<StateSnapshot, SnapshotError> {
    let mut receiver: SnapshotReceiver = state.receive()?;
    for frame in frames {
        receiver.write(frame)?;
    }
    receiver.finish().map(Into::into)
}

fn refusal(state: &StateStore, frames: &[Bytes]) -> String {
    match receive(state, frames) {
        Ok(_) => panic!("took what it must refuse"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn an_installed_snapshot_replaces_the_state_durably() {
    for threading in both_threadings() {
        let (source, target) = (MemoryStorage::new(), MemoryStorage::new());
        let (source, mut stores) = (open(&source, threading).state, open(&target, threading));
        source.replay(commands(0, &["a", "b", "c", "a"])).await.expect("applies");
        stores.state.replay(commands(0, &["x", "a"])).await.expect("applies");

        let snapshot = source.snapshot().await.expect("a snapshot");
        let stream = source.frames(snapshot).expect("a stream");
        // What the source applies later is not in the snapshot.
        let at_snapshot = state_digest(&source);
        source.replay(commands(4, &["later"])).await.expect("applies");
        let frames: Vec<Bytes> = stream.map(|frame| frame.expect("whole")).collect();
        let received = receive(&stores.state, &frames).expect("received");
        let meta = received.meta.clone();
        stores.state.install_snapshot(&meta, received.snapshot).await.expect("installs");
        assert_eq!(state_digest(&stores.state), at_snapshot);
        assert_eq!(stores.state.shared().last_applied(), meta.last_log_id);
        assert_eq!(target.exists(INCOMING_FILE).ok(), Some(false));

        let crashed = open(&target.crashed(), threading);
        assert_eq!(state_digest(&crashed.state), at_snapshot);
        assert_eq!(crashed.state.shared().applied(), (meta.last_log_id, meta.last_membership));
        // It goes on, on the new file, also after another crash.
        stores.state.replay(commands(4, &["next", "next"])).await.expect("applies");
        stores.state.close().await.expect("closes");
        assert_ne!(state_digest(&open(&target.crashed(), threading).state), at_snapshot);
    }
}

/// A leader that gave out an id again, because it had them from a snapshot, would let two replicas vote as one.
#[tokio::test]
async fn node_ids_of_an_installed_snapshot_are_given_out() {
    for threading in both_threadings() {
        let (source, target) = (MemoryStorage::new(), MemoryStorage::new());
        let (source, mut target) = (open(&source, threading).state, open(&target, threading).state);
        let allocate = |index: u64, instance: u8| {
            let change = ClusterChange::AllocateNode(AllocateNode { instance: vec![instance; 16] });
            let body = Body::Cluster(ClusterCommand { change: Some(change) });
            let proposal = Proposal { stamp: LogTime::from_millis(index), body };
            Entry::new(LogId::new(LeaderId::new(1, 1), index), EntryPayload::Normal(proposal))
        };
        source.replay(vec![allocate(0, 10), allocate(1, 11)]).await.expect("applies");
        let received = receive(&target, &frames(&source).await).expect("received");
        target.install_snapshot(&received.meta.clone(), received.snapshot).await.expect("installs");
        let given = |state: &StateStore| {
            let given: ClusterState =
                state.shared().store.message(STATE_META, CLUSTER_KEY).expect("reads").unwrap_or_default();
            given
        };
        assert_eq!(given(&target), given(&source));
        for state in [&source, &target] {
            state.replay(vec![allocate(2, 12)]).await.expect("applies");
        }
        assert_eq!(given(&target), given(&source));
        assert_eq!(given(&target).allocations.len(), 3);
    }
}

#[tokio::test]
async fn a_stream_is_the_same_each_time_and_holds_all_tables() {
    let storage = MemoryStorage::new();
    let state = open(&storage, Threading::Inline).state;
    apply_many(&state).await;
    let txn = state.shared().store.write().expect("begins");
    txn.open_table(redb::TableDefinition::<&[u8], &[u8]>::new("empty")).expect("a table");
    txn.commit().expect("commits");

    let sent = frames(&state).await;
    assert!(sent.len() > 5, "{} frames", sent.len());
    assert_eq!(frames(&state).await, sent);
    let target = MemoryStorage::new();
    let mut target = open(&target, Threading::Inline).state;
    let received = receive(&target, &sent).expect("received");
    target.install_snapshot(&received.meta.clone(), received.snapshot).await.expect("installs");
    assert_eq!(state_digest(&target), state_digest(&state));
    assert_eq!(state_digest(&target).tables[0].name, "empty");
    assert_eq!(frames(&target).await, sent);
}

#[tokio::test]
async fn what_the_engine_keeps_for_all_replicas_goes_along() {
    let (source, target) = (MemoryStorage::new(), MemoryStorage::new());
    let source = open(&source, Threading::Inline).state;
    source.replay(commands(0, &["a"])).await.expect("applies");
    let txn = source.shared().store.write().expect("begins");
    let message = ClusterState { last_node_id: 77, ..ClusterState::default() };
    put_message(&txn, STATE_META, CLUSTER_KEY, &message).expect("puts");
    txn.commit().expect("commits");
    let mut target = open(&target, Threading::Inline).state;
    let received = receive(&target, &frames(&source).await).expect("received");
    target.install_snapshot(&received.meta.clone(), received.snapshot).await.expect("installs");
    let came: Option<ClusterState> = target.shared().store.message(STATE_META, CLUSTER_KEY).expect("reads");
    assert_eq!(came.as_ref(), Some(&message));
    assert_eq!(*target.shared().cluster(), message, "nobody goes on with what was there before");
}

#[tokio::test]
async fn refuses_what_is_not_a_whole_snapshot() {
    let (source, storage) = (MemoryStorage::new(), MemoryStorage::new());
    let (source, target) = (open(&source, Threading::Inline).state, open(&storage, Threading::Inline).state);
    target.replay(commands(0, &["x"])).await.expect("applies");
    let before = state_digest(&target);
    apply_many(&source).await;
    let whole = frames(&source).await;
    let end = whole.len() - 1;

    let mut refused = Vec::new();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        let mut bytes = changed[at].to_vec();
        let flipped = bytes.len() / 2;
        bytes[flipped] ^= 4;
        changed[at] = Bytes::from(bytes);
        refused.push((refusal(&target, &changed), "checksum"));
        let mut missing = whole.clone();
        missing.remove(at);
        refused.push((refusal(&target, &missing), if at == end { "cut short" } else { "comes where frame" }));
        let mut cut = whole.clone();
        cut[at] = cut[at].slice(..cut[at].len() - 1);
        refused.push((refusal(&target, &cut), "cut short"));
    }
    refused.push((refusal(&target, &[]), "cut short"));
    let mut swapped = whole.clone();
    swapped.swap(2, 3);
    refused.push((refusal(&target, &swapped), "frame 2 comes where frame 1 should").clone());
    let mut more = whole.clone();
    more.push(whole[end].clone());
    refused.push((refusal(&target, &more), "comes where frame"));
    for (said, expected) in refused {
        assert!(said.contains(expected) || said.contains("comes where frame"), "{said}");
    }
    assert_eq!(storage.exists(INCOMING_FILE).ok(), Some(false), "nothing is left behind");
    assert_eq!(state_digest(&target), before);
    receive(&target, &whole).expect("the whole one");
}

#[tokio::test]
async fn refuses_a_mixture_and_another_cluster() {
    let storage = MemoryStorage::new();
    let state = open(&storage, Threading::Inline).state;
    state.replay(commands(0, &["a", "b"])).await.expect("applies");
    let first = frames(&state).await;
    state.replay(commands(2, &["a", "b", "c"])).await.expect("applies");
    let second = frames(&state).await;
    assert_eq!(first.len(), 3);
    for mixed in [
        [&second[0], &first[1], &first[2]],
        [&first[0], &second[1], &first[2]],
        [&first[0], &first[1], &second[2]],
    ] {
        let said = refusal(&state, &mixed.map(Bytes::clone));
        assert!(said.contains("damaged"), "{said}");
    }
    let elsewhere = MemoryStorage::new();
    let options = Options { new_cluster_id: CLUSTER + 1, ..options(&elsewhere) };
    let elsewhere = open_lone_stores(&options, Box::new(Recorder)).expect("opens").state;
    let mut receiver = elsewhere.receive().expect("begins");
    assert!(matches!(
        receiver.write(&first[0]),
        Err(SnapshotError::OtherCluster { found: CLUSTER, own }) if own == CLUSTER + 1
    ));
}

#[tokio::test]
async fn the_newest_stream_wins_until_one_is_whole() {
    let (source, target) = (MemoryStorage::new(), MemoryStorage::new());
    let source = open(&source, Threading::Inline).state;
    source.replay(commands(0, &["a", "b"])).await.expect("applies");
    let stream = frames(&source).await;
    let mut state = open(&target, Threading::Inline).state;

    let mut first = state.receive().expect("begins");
    first.write(&stream[0]).expect("its header");
    let mut second = state.receive().expect("begins instead");
    assert!(matches!(first.write(&stream[1]), Err(SnapshotError::Superseded)));
    drop(first);
    for frame in &stream {
        second.write(frame).expect("still its file");
    }
    let received = second.finish().expect("whole");
    assert!(matches!(state.receive().err(), Some(SnapshotError::Busy)));
    // Not installed after all: nothing is left of it, and another may come.
    drop(received);
    assert_eq!(target.exists(INCOMING_FILE).ok(), Some(false));
    let received = receive(&state, &stream).expect("received");
    state.install_snapshot(&received.meta.clone(), received.snapshot).await.expect("installs");
    receive(&state, &stream).expect("received again");
}

#[tokio::test]
async fn a_read_goes_on_while_the_state_is_replaced() {
    for threading in both_threadings() {
        let (source, target) = (MemoryStorage::new(), MemoryStorage::new());
        let (source, mut target) = (open(&source, threading).state, open(&target, threading).state);
        source.replay(commands(0, &["new", "newer"])).await.expect("applies");
        apply_many(&target).await;
        let old = state_digest(&target);
        let before = target.shared().store.read().expect("reads");
        let streaming = target.frames(target.snapshot().await.expect("a snapshot")).expect("a stream");

        let received = receive(&target, &frames(&source).await).expect("received");
        target.install_snapshot(&received.meta.clone(), received.snapshot).await.expect("installs");
        assert_eq!(digest(&before).expect("reads on"), old);
        assert!(streaming.count() > 5, "a stream goes on too");
        let after = target.shared().store.read().expect("reads");
        let table = after.open_table(WRITTEN).expect("a table");
        assert_eq!(table.len().ok(), Some(2));
        assert!(table.get(b"new".as_slice()).expect("reads").is_some());
    }
}
