//! Feature levels: what is new is used once all replicas know it, and who does not know it is told.

use std::time::Duration;

use futures_util::future::join_all;
use openraft::storage::RaftStateMachine;

use super::cluster::{Replica, replicas, write_when_led};
use super::digests::change;
use super::snapshot::commands;
use super::{PATIENCE, Recorder, both_threadings, open, options, write};
use crate::start::{Stores, open_lone_stores};
use crate::testing::MemoryStorage;
use crate::wire::{ClusterChange, RaiseLevel};
use crate::{Engine, OpenError, OperatorClient, Options};

async fn open_supporting(replica: &Replica, supported_level: u32) -> Result<Engine, OpenError> {
    replica.open_with(Box::new(Recorder), |options| options.supported_level = supported_level).await
}

async fn level_reached(engines: &[&Engine], level: u32) {
    let waiting = async {
        while engines.iter().any(|engine| engine.level() != level) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("is raised in time");
}

#[tokio::test]
async fn a_replica_that_is_alone_raises_the_level_at_once_and_cannot_go_back() {
    for threading in both_threadings() {
        let storage = MemoryStorage::new();
        let supporting = |supported_level| Options { threading, supported_level, ..options(&storage) };
        let engine = open(supporting(1)).await;
        assert_eq!(engine.level(), 1);
        write(&engine, "a").await;
        engine.shutdown().await.expect("shuts down");
        let engine = open(supporting(3)).await;
        assert_eq!(engine.level(), 3);
        engine.shutdown().await.expect("shuts down");
        let refused = Engine::open(supporting(2), Box::new(Recorder)).await.map(drop);
        let refused = refused.expect_err("it does not know what the newer one may have written");
        assert!(matches!(refused, OpenError::NewerLevel { .. }), "{refused}");
        let line = refused.to_string();
        assert!(line.contains("state.redb") && line.contains("feature level 3"), "{line}");
        assert!(line.contains("supports up to 2: start a newer one"), "{line}");
        let engine = open(supporting(3)).await;
        assert_eq!(engine.level(), 3);
        engine.shutdown().await.expect("shuts down");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_level_is_raised_once_the_last_replica_is_new_and_old_ones_are_refused_then() {
    let replicas = replicas(4, 3);
    let opened = tokio::join!(
        open_supporting(&replicas[0], 2),
        open_supporting(&replicas[1], 2),
        open_supporting(&replicas[2], 1)
    );
    let (a, b, old) = (opened.0.expect("opens"), opened.1.expect("opens"), opened.2.expect("opens"));
    write_when_led(&a, "while one is old").await;
    for engine in [&a, &b, &old] {
        assert_eq!(engine.level(), 1, "one replica supports no more");
    }
    old.shutdown().await.expect("stops");
    let c = open_supporting(&replicas[2], 2).await.expect("opens");
    level_reached(&[&a, &b, &c], 2).await;
    write_when_led(&c, "at the new level").await;

    c.shutdown().await.expect("stops");
    let refused = open_supporting(&replicas[2], 1).await.map(drop).expect_err("its store is newer");
    assert!(matches!(refused, OpenError::NewerLevel { .. }), "{refused}");

    let joining = tokio::spawn({
        let replica = replicas[3].clone();
        async move { open_supporting(&replica, 1).await.map(drop) }
    });
    let client = OperatorClient::new(replicas[3].peers.credentials.clone());
    let refusal = async {
        loop {
            if let Ok(status) = client.status(&replicas[3].peers.advertise).await
                && status.waiting_for.contains("feature level 2")
            {
                return status.waiting_for;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let refusal = tokio::time::timeout(PATIENCE, refusal).await.expect("it says why it waits");
    assert!(refusal.contains("supports up to 1: start a newer one"), "{refusal}");
    joining.abort();
    joining.await.ok();
    join_all([&a, &b].map(Engine::shutdown)).await;
}

fn stores(supported_level: u32) -> Stores {
    let storage = MemoryStorage::new();
    let options = Options { supported_level, new_cluster_id: 7, ..options(&storage) };
    open_lone_stores(&options, Box::new(Recorder)).expect("opens")
}

#[tokio::test]
async fn what_is_above_the_supported_level_is_never_skipped() {
    let raise = || change(1, ClusterChange::RaiseLevel(RaiseLevel { level: 2 }));
    let (newer, mut older) = (stores(2), stores(1));
    let entries = || [commands(0, &["a"]), vec![raise()], commands(2, &["b"])].concat();
    newer.state.replay(entries()).await.expect("applies");
    assert_eq!(newer.state.shared().cluster().feature_level(), 2);

    let snapshot = newer.state.snapshot().await.expect("a snapshot");
    let refused = older.state.install_snapshot(&snapshot.meta, snapshot.snapshot).await;
    let refused = refused.expect_err("it can't go on from there").to_string();
    assert!(refused.contains("feature level 2") && refused.contains("start a newer one"), "{refused}");
    assert_eq!(older.state.shared().last_applied(), None);

    let older = stores(1);
    let refused = older.state.replay(entries()).await.expect_err("it stops at it").to_string();
    assert!(refused.contains("feature level 2") && refused.contains("start a newer one"), "{refused}");
    assert_eq!(older.state.shared().last_applied(), None, "nothing of the batch is committed");
}
