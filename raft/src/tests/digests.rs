//! The states of replicas, compared at the same place in the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::join_all;
use openraft::EntryPayload;
use openraft::entry::RaftEntry;
use openraft::vote::RaftLeaderId;
use redb::{ReadableTable, WriteTransaction};

use super::cluster::{replicas, write_when_led};
use super::snapshot::{commands, open, state_digest};
use super::{PATIENCE, Recorder, WRITTEN, times_applied};
use crate::start::Stores;
use crate::testing::MemoryStorage;
use crate::types::{Body, Entry, LeaderId, LogId, Proposal};
use crate::wire::{ClusterChange, ClusterCommand};
use crate::{ApplyError, Committed, LogTime, Observer, OpenError, Options, StateMachine, Threading};

/// A command of the cluster's own at `index`.
pub(super) fn change(index: u64, change: ClusterChange) -> Entry {
    let body = Body::Cluster(ClusterCommand { change: Some(change) });
    let proposal = Proposal { stamp: LogTime::from_millis(index), body };
    Entry::new(LogId::new(LeaderId::new(1, 1), index), EntryPayload::Normal(proposal))
}

fn fresh(threading: Threading) -> Stores {
    open(&MemoryStorage::new(), threading)
}

/// Waits for the digest at `index`.
async fn digest_at(stores: &Stores, index: u64) -> u64 {
    let looking = async {
        loop {
            let digests = stores.state.shared().digests.all();
            if let Some((_, digest)) = digests.into_iter().find(|(at, _)| *at == index) {
                return digest;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("is computed")
}

#[tokio::test]
async fn a_transaction_ends_at_a_checkpoint_however_entries_come_together() {
    let mut entries = commands(0, &["a", "b"]);
    entries.push(change(2, ClusterChange::Checkpoint(())));
    entries.extend(commands(3, &["c", "a"]));
    let upto = fresh(Threading::Threads);
    upto.state.replay(entries[..3].to_vec()).await.expect("applies");
    let expected = state_digest(&upto.state).fold();

    let (together, apart) = (fresh(Threading::Threads), fresh(Threading::Threads));
    together.state.replay(entries.clone()).await.expect("applies");
    for entry in &entries {
        apart.state.replay(vec![entry.clone()]).await.expect("applies");
    }
    for stores in [&upto, &together, &apart] {
        assert_eq!(digest_at(stores, 2).await, expected);
    }
    assert_eq!(state_digest(&together.state), state_digest(&apart.state));
    assert_ne!(state_digest(&together.state).fold(), expected, "what came behind it counts");
    assert_eq!(together.state.shared().applied().0, entries.last().map(|entry| entry.log_id));

    let inline = fresh(Threading::Inline);
    inline.state.replay(entries).await.expect("applies");
    assert!(inline.state.shared().digests.all().is_empty(), "nobody else computes them");
    assert_eq!(state_digest(&inline.state), state_digest(&apart.state));
}

#[tokio::test]
async fn the_newest_digests_are_kept() {
    let stores = fresh(Threading::Threads);
    for index in 0..9 {
        stores.state.replay(vec![change(index, ClusterChange::Checkpoint(()))]).await.expect("applies");
        digest_at(&stores, index).await;
    }
    let kept: Vec<u64> = stores.state.shared().digests.all().into_iter().map(|(index, _)| index).collect();
    assert_eq!(kept, [5, 6, 7, 8]);
}

/// Writes what the others do, but for one byte of one command.
struct Deviant(Recorder);

impl StateMachine for Deviant {
    fn apply(&mut self, txn: &WriteTransaction, batch: &[Committed<'_>]) -> Result<Vec<Bytes>, ApplyError> {
        let replies = self.0.apply(txn, batch)?;
        if batch.iter().any(|committed| committed.command == b"deviate") {
            let mut table = txn.open_table(WRITTEN)?;
            let mut row = table.get(b"deviate".as_slice())?.expect("just written").value().to_vec();
            row[0] ^= 1;
            table.insert(b"deviate".as_slice(), row.as_slice())?;
        }
        Ok(replies)
    }
}

#[derive(Default)]
struct Differences(AtomicUsize);

impl Observer for Differences {
    fn states_differ(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_whose_state_differs_from_the_majority_stops_for_good() {
    let replicas = replicas(3, 3);
    let seen = Arc::new(Differences::default());
    let observer = seen.clone();
    let often = |options: &mut Options| options.digest_every = Duration::from_millis(1);
    let watched = move |options: &mut Options| {
        options.digest_every = Duration::from_millis(1);
        options.observer = observer;
    };
    let (a, b, c) = tokio::join!(
        replicas[0].open_with(Box::new(Deviant(Recorder)), often),
        replicas[1].open_with(Box::new(Recorder), watched),
        replicas[2].open_with(Box::new(Recorder), often),
    );
    let (deviant, others) = (a.expect("opens"), [b.expect("opens"), c.expect("opens")]);
    write_when_led(&others[0], "the same everywhere").await;
    write_when_led(&others[0], "deviate").await;
    let line = tokio::time::timeout(PATIENCE, deviant.stopped()).await.expect("finds out").to_string();
    assert!(line.contains("differs from that of a majority of the voters"), "{line}");
    assert!(line.contains("wipe it; it joins as somebody new"), "{line}");
    let said = async {
        while seen.0.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, said).await.expect("the others say that one differs");
    deviant.shutdown().await.ok();

    write_when_led(&others[1], "the others go on").await;
    for engine in &others {
        engine.read_barrier().await.expect("a majority is left");
        assert_eq!(times_applied(engine, "the others go on"), 1);
        assert!(!engine.inner.health.has_failed());
    }
    let crashed = super::cluster::Replica { storage: replicas[0].storage.crashed(), ..replicas[0].clone() };
    let again = crashed.open_with(Box::new(Recorder), often).await.map(drop);
    let again = again.expect_err("it would serve and vote");
    assert!(matches!(&again, OpenError::Diverged { reason, .. } if *reason == line), "{again}");
    join_all(others.iter().map(crate::Engine::shutdown)).await;
}
