//! How replicas in one process find, keep and lose their places, over real connections.

use std::io::Write;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep, timeout};

use super::cluster::{Replica, open_all, replicas, write_when_led};
use super::{Recorder, options, times_applied};
use crate::testing::MemoryStorage;
use crate::{Credentials, Engine, Options, Peering, StaticPeers};

/// A wait that only a broken cluster exceeds: elections, searches for who moved, and a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Stops a replica, and waits until its files are free.
async fn stop(engine: Engine) {
    engine.shutdown().await.expect("stops");
    drop(engine);
}

/// Opens a replica again: the listener and the files of its last life may take a moment to be free.
async fn reopen(replica: &Replica) -> Engine {
    let began = Instant::now();
    loop {
        let options = Options { peers: Some(replica.peers.clone()), ..options(&replica.storage) };
        match timeout(PATIENCE, Engine::open(options, Box::new(Recorder))).await.expect("has a place in time")
        {
            Ok(engine) => return engine,
            Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Writes through a replica, however long that takes to be possible, and waits until all have it.
async fn write_to_all(through: &Engine, engines: &[Engine], command: &str) {
    let began = Instant::now();
    let index = loop {
        match timeout(PATIENCE, through.propose(command.to_owned().into())).await.expect("an answer") {
            Ok(applied) => break applied.index,
            Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
        }
        sleep(Duration::from_millis(50)).await;
    };
    for engine in engines {
        engine.wait_applied(index, PATIENCE).await.expect("all are told");
    }
}

fn places(engines: &[Engine]) -> Vec<(u128, u64)> {
    engines.iter().map(Engine::status).map(|status| (status.cluster_id, status.node_id)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_total_outage_all_have_their_places_and_what_was_written() {
    let replicas = replicas(3, 3);
    let engines = open_all(&replicas).await;
    write_when_led(&engines[1], "before").await;
    let before = places(&engines);
    join_all(engines.into_iter().map(stop)).await;
    let engines = join_all(replicas.iter().map(reopen)).await;
    assert_eq!(places(&engines), before);
    write_to_all(&engines[2], &engines, "after").await;
    assert!(engines.iter().all(|engine| times_applied(engine, "before") == 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_start_one_by_one_are_one_cluster() {
    let replicas = replicas(3, 3);
    let start = |number: usize| {
        let replica = replicas[number].clone();
        tokio::spawn(async move { reopen(&replica).await })
    };
    let first = start(0);
    sleep(Duration::from_millis(700)).await;
    let second = start(1);
    sleep(Duration::from_millis(700)).await;
    assert!(!first.is_finished() && !second.is_finished(), "three are needed");
    let third = start(2);
    let engines = [first.await.expect("opens"), second.await.expect("opens"), third.await.expect("opens")];
    let mut ids: Vec<u64> = places(&engines).into_iter().map(|(_, node_id)| node_id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [1, 2, 3]);
    write_to_all(&engines[0], &engines, "by all").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_disk_joins_as_somebody_new() {
    let mut replicas = replicas(3, 3);
    let mut engines = open_all(&replicas).await;
    write_when_led(&engines[0], "before").await;
    let cluster_id = places(&engines)[0].0;
    stop(engines.pop().expect("three")).await;
    replicas[2].storage = MemoryStorage::new();
    engines.push(reopen(&replicas[2]).await);
    assert_eq!(places(&engines)[2], (cluster_id, 4), "the id of the lost disk is not given again");
    write_to_all(&engines[2], &engines, "after").await;
    assert_eq!(times_applied(&engines[2], "before"), 1);
}

/// The first membership is in the log of each founder, so that the one that proposed is as dispensable as the others.
#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_starts_without_any_one_of_its_founders() {
    for lost in 0..3 {
        let replicas = replicas(3, 3);
        let mut engines = open_all(&replicas).await;
        // Perhaps before anybody led.
        stop(engines.remove(lost)).await;
        write_to_all(&engines[0], &engines, "without one").await;
        join_all(engines.into_iter().map(stop)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_whose_address_changed_keeps_its_place() {
    // The last is an address where nobody is at first.
    let mut all = replicas(4, 3);
    let spare = all.pop().expect("four");
    let mut engines = open_all(&all).await;
    write_when_led(&engines[0], "before").await;
    let before = places(&engines);
    stop(engines.pop().expect("three")).await;
    (all[2].peers.listen, all[2].peers.advertise) = (spare.peers.listen, spare.peers.advertise);
    engines.push(reopen(&all[2]).await);
    assert_eq!(places(&engines), before);
    write_to_all(&engines[2], &engines, "after").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_of_another_cluster_is_refused_and_both_sides_say_so_once() {
    let logged = logged();
    let mut all = replicas(3, 3);
    let mut engines = open_all(&all).await;
    write_when_led(&engines[0], "ours").await;
    let ours = places(&engines)[0].0;
    // Behind the address of the third is a cluster of its own now.
    stop(engines.pop().expect("three")).await;
    let stranger = &mut all[2];
    stranger.storage = MemoryStorage::new();
    stranger.peers.bootstrap_expect = 1;
    stranger.peers.discovery = Peering::Static(StaticPeers(Vec::new()));
    let address = stranger.peers.advertise.clone();
    let other = reopen(stranger).await;
    let theirs = other.status().cluster_id;
    assert_ne!(theirs, ours);
    let refusal = format!("cluster {theirs:032x} is not of cluster {ours:032x}");
    // The address is what an operator has to look for.
    let from = format!("refused a replica's call from={}:", all[0].peers.listen.ip());
    logged.wait_for(&[&from, &refusal]).await;
    logged.wait_for(&["the replica there refuses this one", &address, &refusal]).await;
    write_to_all(&engines[0], &engines, "still ours").await;
    assert_eq!((times_applied(&other, "ours"), times_applied(&other, "still ours")), (0, 0));
    // Each of the two asks once a second, and sends heartbeats: it is said once a minute, if that.
    sleep(Duration::from_secs(3)).await;
    let said = logged.count(&["refused a replica's call", &refusal]);
    assert!(said <= 2, "said {said} times");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_with_another_secret_is_refused_and_both_sides_say_so() {
    let logged = logged();
    let mut all = replicas(2, 1);
    let member = all[0].open().await;
    write_when_led(&member, "ours").await;
    let stranger = &mut all[1];
    stranger.peers.credentials = Credentials::from_secret(b"another secret", None).expect("credentials");
    let options = Options { peers: Some(stranger.peers.clone()), ..options(&stranger.storage) };
    let opening = tokio::spawn(Engine::open(options, Box::new(Recorder)));
    logged
        .wait_for(&["the replica there does not have this cluster's secret", &all[0].peers.advertise])
        .await;
    logged.wait_for(&["refused who does not have this cluster's secret"]).await;
    assert!(!opening.is_finished(), "nobody let it in");
    opening.abort();
}

/// What is logged in this process.
#[derive(Clone, Default)]
pub(super) struct Logged(Arc<Mutex<Vec<u8>>>);

pub(super) fn logged() -> Logged {
    static LOGGED: OnceLock<Logged> = OnceLock::new();
    let logged = LOGGED.get_or_init(|| {
        let logged = Logged::default();
        let writer = logged.clone();
        let lines = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        tracing::subscriber::set_global_default(lines).expect("the only one");
        logged
    });
    logged.clone()
}

impl Logged {
    pub(super) fn count(&self, parts: &[&str]) -> usize {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.lines().filter(|line| parts.iter().all(|part| line.contains(part))).count()
    }

    pub(super) async fn wait_for(&self, parts: &[&str]) {
        let began = Instant::now();
        while self.count(parts) == 0 {
            assert!(began.elapsed() < PATIENCE, "not logged: {parts:?}");
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Write for Logged {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
