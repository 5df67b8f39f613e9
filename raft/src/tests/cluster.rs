//! Several replicas in one process, over real connections.

use std::time::Duration;

use futures_util::future::join_all;

use super::{PATIENCE, Recorder, options, times_applied};
use crate::testing::{MemoryStorage, free_addresses};
use crate::{Credentials, Engine, OpenError, Options, PeerOptions, Peering, StateMachine, StaticPeers};

/// A replica's files and what it is told.
#[derive(Clone)]
pub(super) struct Replica {
    pub(super) storage: MemoryStorage,
    pub(super) peers: PeerOptions,
}

impl Replica {
    pub(super) async fn open(&self) -> Engine {
        self.open_with(Box::new(Recorder), |_| {}).await.expect("opens")
    }

    pub(super) async fn open_with(
        &self,
        machine: Box<dyn StateMachine>,
        change: impl FnOnce(&mut Options),
    ) -> Result<Engine, OpenError> {
        let mut options = Options { peers: Some(self.peers.clone()), ..options(&self.storage) };
        change(&mut options);
        tokio::time::timeout(PATIENCE, Engine::open(options, machine)).await.expect("has a place in time")
    }
}

/// Fresh replicas that know each other's addresses; the first `voting` may vote and found a cluster.
pub(super) fn replicas(count: usize, voting: usize) -> Vec<Replica> {
    let addresses = free_addresses(count);
    let names: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    let credentials = Credentials::from_secret(b"the secret of the tests", None).expect("credentials");
    let replica = |number: usize| Replica {
        storage: MemoryStorage::new(),
        peers: PeerOptions {
            listen: addresses[number],
            credentials: credentials.clone(),
            advertise: names[number].clone(),
            discovery: Peering::Static(StaticPeers(names.clone())),
            region: if number < voting { "ams" } else { "syd" }.to_owned(),
            may_vote: number < voting,
            bootstrap_expect: u32::try_from(voting).expect("few"),
            voters: voting,
            replace_after: None,
            forget_after: None,
            program_version: "test".to_owned(),
        },
    };
    (0..count).map(replica).collect()
}

pub(super) async fn open_all(replicas: &[Replica]) -> Vec<Engine> {
    join_all(replicas.iter().map(Replica::open)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn founds_a_cluster_and_writes_through_every_replica() {
    let replicas = replicas(4, 3);
    let engines = open_all(&replicas).await;
    let ids: Vec<u128> = engines.iter().map(|engine| engine.status().cluster_id).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "one cluster: {ids:?}");
    for (number, engine) in engines.iter().enumerate() {
        let command = format!("through {number}");
        write_when_led(engine, &command).await;
        assert_eq!(times_applied(engine, &command), 1, "its own state shows what it wrote");
    }
    let last = write_when_led(&engines[0], "the last").await;
    for engine in &engines {
        engine.wait_applied(last, PATIENCE).await.expect("all are told");
        for number in 0..engines.len() {
            assert_eq!(times_applied(engine, &format!("through {number}")), 1);
        }
    }
    for engine in &engines {
        engine.read_barrier().await.expect("the leader answers");
    }
    for engine in &engines {
        engine.shutdown().await.expect("stops");
    }
}

/// Others may have entries of its term that never got onto its own disk: in the same term it would write different ones
/// in their places.
#[tokio::test(flavor = "multi_thread")]
async fn who_led_does_not_lead_after_a_restart_unless_it_is_elected() {
    let replicas = replicas(3, 3);
    let engines = open_all(&replicas).await;
    write_when_led(&engines[0], "any").await;
    let leads = |engine: &Engine| engine.leadership().borrow().is_leader;
    let led = engines.iter().position(leads).expect("one of them leads");
    for engine in [&engines[led]].into_iter().chain(&engines) {
        engine.shutdown().await.expect("stops");
    }
    drop(engines);
    // Nobody is there who could elect it.
    let engine = replicas[led].open().await;
    let mut leadership = engine.leadership();
    let again = tokio::time::timeout(Duration::from_secs(3), leadership.wait_for(|now| now.is_leader)).await;
    assert!(again.is_err(), "it leads, of its own accord: {:?}", engine.leadership().borrow());
    engine.shutdown().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_of_several_does_not_open_without_the_others() {
    let replicas = replicas(3, 3);
    let engines = open_all(&replicas).await;
    write_when_led(&engines[0], "any").await;
    for engine in &engines {
        engine.shutdown().await.expect("stops");
    }
    drop(engines);
    // More than once: whether the engine's own view of the members is there yet is a matter of luck.
    for replica in replicas.iter().chain(&replicas).chain(&replicas) {
        let without_peers = |options: &mut Options| options.peers = None;
        let copy = Replica { storage: replica.storage.crashed(), ..replica.clone() };
        let refused = copy.open_with(Box::new(Recorder), without_peers).await;
        let said = refused.err().expect("it is one of three").to_string();
        assert!(said.contains("that of one of 3 replicas of a cluster: say where it listens"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_to_the_leader_is_open_before_anybody_needs_it() {
    let engines = open_all(&replicas(3, 2)).await;
    let all_know = async {
        while !engines.iter().all(|engine| {
            let leader = engine.leadership().borrow().leader;
            let side = engine.inner.side.as_ref().expect("there are others");
            leader.is_some_and(|leader| {
                leader == engine.status().node_id || side.peers.forwards_to() == Some(leader)
            })
        }) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, all_know).await.expect("open in time");
    for engine in &engines {
        engine.shutdown().await.expect("stops");
    }
}

/// A cluster that was just founded has no leader for a moment, and one that has may not know the time. Returns the entry's
/// place in the log.
pub(super) async fn write_when_led(engine: &Engine, command: &str) -> u64 {
    let mut leadership = engine.leadership();
    let led = tokio::time::timeout(PATIENCE, leadership.wait_for(|now| now.leader.is_some())).await;
    led.expect("a leader in time").expect("the engine lives");
    let mut tries = 0;
    loop {
        match engine.propose(command.to_owned().into()).await {
            Ok(applied) => return applied.index,
            Err(error) => {
                tries += 1;
                assert!(tries < 100, "{error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}
