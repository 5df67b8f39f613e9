//! The state of one replica, taken over by another.

use bytes::Bytes;
use openraft::EntryPayload;
use openraft::RaftSnapshotBuilder;
use openraft::entry::RaftEntry;
use openraft::storage::RaftStateMachine;
use openraft::vote::RaftLeaderId;

use super::{Recorder, both_threadings, options};
use crate::start::open_lone_stores;
use crate::state_store::StateStore;
use crate::testing::MemoryStorage;
use crate::types::{Body, Entry, LeaderId, LogId, Proposal};
use crate::{LogTime, Options, digest};

fn commands(names: &[&'static str]) -> Vec<Entry> {
    let entry = |(index, name): (u64, &&'static str)| {
        let proposal = Proposal {
            stamp: LogTime::from_millis(index),
            body: Body::Command(Bytes::from_static(name.as_bytes())),
        };
        Entry::new(LogId::new(LeaderId::new(1, 1), index), EntryPayload::Normal(proposal))
    };
    (0..).zip(names).map(entry).collect()
}

fn state_digest(state: &StateStore) -> crate::Digest {
    digest(&state.shared().store.read().expect("reads")).expect("digest")
}

#[tokio::test]
async fn an_installed_snapshot_replaces_the_state_durably() {
    for threading in both_threadings() {
        let (source, target) = (MemoryStorage::new(), MemoryStorage::new());
        let open = |storage| {
            let options = Options { threading, ..options(storage) };
            open_lone_stores(&options, Box::new(Recorder)).expect("opens")
        };
        let (mut source, mut stores) = (open(&source).state, open(&target));
        source.replay(commands(&["a", "b", "c", "a"])).await.expect("applies");
        stores.state.replay(commands(&["x", "a"])).await.expect("applies");

        let snapshot = source.get_snapshot_builder().await.build_snapshot().await.expect("builds");
        // What the source applies later is not in the snapshot.
        let at_snapshot = state_digest(&source);
        source.replay(commands(&["later"])).await.expect("applies");
        stores.state.install_snapshot(&snapshot.meta, snapshot.snapshot).await.expect("installs");
        assert_eq!(state_digest(&stores.state), at_snapshot);

        let crashed = open(&target.crashed());
        assert_eq!(state_digest(&crashed.state), at_snapshot);
        assert_eq!(crashed.state.shared().last_applied(), snapshot.meta.last_log_id);
    }
}
