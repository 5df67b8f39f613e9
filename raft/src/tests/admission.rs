//! Letting replicas in while leaders change, and what a crash between two files leaves.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use prost::Message;

use super::cluster::{Replica, open_all, replicas, write_when_led};
use super::{PATIENCE, options, times_applied};
use crate::files::Files;
use crate::formation::{
    CallError, Calls, Founder, Founding, Hello, Instance, JoinOutcome, JoinRequest, Member, PROTOCOL_VERSION,
    Record, Records, Standing, State, StoredRecords,
};
use crate::log_thread::LOG_META;
use crate::wire::{AllocateNode, Allocated, ClusterChange, FIRST_LEVEL, FORMAT_VERSION, Identity};
use crate::{Engine, Peering, StaticPeers};

const INSTANCE: u128 = 77;
const CLUSTER: u128 = 0x1234;

fn request(engine: &Engine, instance: u128, address: &str) -> JoinRequest {
    JoinRequest {
        protocol_version: PROTOCOL_VERSION,
        program_version: "test".to_owned(),
        cluster_id: engine.status().cluster_id.into(),
        instance: instance.into(),
        address: address.to_owned(),
        region: "syd".to_owned(),
        may_vote: false,
        supported_level: FIRST_LEVEL,
    }
}

/// Asks all of them, again and again as a replica on its way does, until one lets it in.
async fn admitted(engines: &[&Engine], instance: u128, address: &str) -> u64 {
    let asking = async {
        loop {
            for engine in engines {
                let answer = engine.inner.admit(&request(engine, instance, address)).await;
                if let Some(JoinOutcome::Admitted(member)) = answer.outcome {
                    assert_eq!(u128::from(member.cluster_id), engine.status().cluster_id);
                    return member.node_id;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.expect("is let in")
}

/// Waits until one of them leads, and returns its number.
async fn leader(engines: &[&Engine]) -> usize {
    let looking = async {
        loop {
            let leads = |engine: &&Engine| engine.inner.leadership.borrow().is_leader;
            if let Some(at) = engines.iter().position(leads) {
                return at;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.expect("one leads in time")
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_again_while_leaders_change_has_one_id() {
    let replicas = replicas(3, 3);
    let engines = open_all(&replicas).await;
    write_when_led(&engines[0], "before").await;
    let all: Vec<&Engine> = engines.iter().collect();
    let changing = async {
        for _ in 0..4 {
            let at = leader(&all).await;
            // One that has just begun to lead may not know yet who could follow.
            engines[at].hand_over(Duration::from_secs(2)).await.ok();
        }
    };
    let asking = async {
        let mut ids = Vec::new();
        for _ in 0..12 {
            ids.push(admitted(&all, INSTANCE, "127.0.0.1:1").await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        ids
    };
    let (ids, ()) = tokio::join!(asking, changing);
    assert_eq!(ids, [4; 12]);
    assert_eq!(admitted(&all, INSTANCE + 1, "127.0.0.1:2").await, 5, "no id was wasted");
    join_all(engines.iter().map(Engine::shutdown)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_was_given_out_by_a_leader_that_died_is_given_by_the_next() {
    let replicas = replicas(3, 3);
    let mut engines = open_all(&replicas).await;
    write_when_led(&engines[0], "before").await;
    let at = leader(&engines.iter().collect::<Vec<_>>()).await;
    let change = AllocateNode { instance: INSTANCE.to_be_bytes().to_vec() };
    let applied = engines[at].inner.propose_change(ClusterChange::AllocateNode(change)).await;
    let given = Allocated::decode(applied.expect("it leads").reply).expect("a reply").node_id;
    // It dies before it has made the replica a member.
    engines.remove(at).shutdown().await.expect("stops");
    let left: Vec<&Engine> = engines.iter().collect();
    assert_eq!(admitted(&left, INSTANCE, "127.0.0.1:1").await, given);
    assert_eq!(admitted(&left, INSTANCE + 1, "127.0.0.1:2").await, given + 1);
    join_all(engines.iter().map(Engine::shutdown)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_means_another_cluster_or_speaks_otherwise_is_refused() {
    let engine = replicas(1, 1).remove(0).open().await;
    write_when_led(&engine, "before").await;
    let good = request(&engine, INSTANCE, "127.0.0.1:1");
    for (request, why) in [
        (JoinRequest { cluster_id: CLUSTER.into(), ..good.clone() }, "this is replica 1 of cluster"),
        (JoinRequest { protocol_version: PROTOCOL_VERSION + 1, ..good.clone() }, "of another version"),
        (JoinRequest { instance: Instance::default(), ..good }, "of another version"),
    ] {
        let refused = engine.inner.admit(&request).await.outcome;
        assert!(matches!(&refused, Some(JoinOutcome::Refused(said)) if said.contains(why)), "{refused:?}");
    }
    assert_eq!(admitted(&[&engine], INSTANCE, "127.0.0.1:1").await, 2, "no id was given to them");
    engine.shutdown().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn members_of_two_clusters_do_not_greet_each_other() {
    let mut all = replicas(2, 1);
    for replica in &mut all {
        replica.peers.discovery = Peering::Static(StaticPeers(Vec::new()));
        (replica.peers.may_vote, replica.peers.bootstrap_expect) = (true, 1);
    }
    let engines = open_all(&all).await;
    let side = engines[0].inner.side.as_ref().expect("it has peers");
    let (own, there) = (side.formation.hello(None), &all[1].peers.advertise);
    let refused = side.peers.hello(there, &own).await;
    assert!(
        matches!(&refused, Err(CallError::Refused(why)) if why.contains("is not of cluster")),
        "{refused:?}"
    );
    // Whoever has no place yet has to learn of all that there are.
    let fresh = Hello { standing: Some(Standing::Fresh(())), ..own };
    let answer = side.peers.hello(there, &fresh).await.expect("it answers");
    assert!(matches!(answer.standing, Some(Standing::Member(_))), "{answer:?}");
    join_all(engines.iter().map(Engine::shutdown)).await;
}

/// Makes the files of a replica what a crash leaves that comes after its place is in the record, and before it is in both
/// files. With `in_log`, it is in one of them.
fn crashed_before_adopting(replica: &Replica, record: &Record, in_log: Option<&Identity>) {
    let files = Files::open(&options(&replica.storage)).expect("opens");
    StoredRecords(files.log.clone()).save(record).expect("saves");
    if let Some(identity) = in_log {
        files.log.set_identity(LOG_META, identity).expect("saves");
    }
    files.log.close().expect("closes");
    files.state.close().expect("closes");
}

#[tokio::test(flavor = "multi_thread")]
async fn founders_that_crashed_before_their_files_were_theirs_begin_the_cluster() {
    let replicas = replicas(3, 3);
    let founder = |(node_id, replica): (u64, &Replica)| Founder {
        node_id,
        instance: Instance::from(u128::from(node_id)),
        address: replica.peers.advertise.clone(),
        region: replica.peers.region.clone(),
    };
    let members: Vec<Founder> = (1..).zip(&replicas).map(founder).collect();
    let founding = Founding { cluster_id: CLUSTER.into(), proposer: members[0].instance, members };
    for (node_id, replica) in (1..).zip(&replicas) {
        let record = Record {
            instance: u128::from(node_id).into(),
            revision: 4,
            state: State::Member(Member { cluster_id: CLUSTER.into(), node_id }),
            founded: Some(founding.clone()),
        };
        let identity = Identity {
            format_version: FORMAT_VERSION,
            cluster_id: CLUSTER.to_be_bytes().to_vec(),
            node_id,
            bootstraps: true,
        };
        crashed_before_adopting(replica, &record, (node_id == 2).then_some(&identity));
    }
    let engines = open_all(&replicas).await;
    for (node_id, engine) in (1..).zip(&engines) {
        let status = engine.status();
        assert_eq!((status.cluster_id, status.node_id), (CLUSTER, node_id));
        write_when_led(engine, "by each").await;
    }
    assert_eq!(times_applied(&engines[2], "by each"), 3);
    join_all(engines.iter().map(Engine::shutdown)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_let_in_and_crashed_before_its_files_were_its_own_has_its_place() {
    for is_in_log in [false, true] {
        let mut all = replicas(2, 1);
        all[1].peers.bootstrap_expect = 0;
        let first = all[0].open().await;
        write_when_led(&first, "before").await;
        let node_id = admitted(&[&first], INSTANCE, &all[1].peers.advertise).await;
        let cluster_id = first.status().cluster_id;
        let record = Record {
            instance: INSTANCE.into(),
            revision: 3,
            state: State::Member(Member { cluster_id: cluster_id.into(), node_id }),
            founded: None,
        };
        let identity = Identity {
            format_version: FORMAT_VERSION,
            cluster_id: cluster_id.to_be_bytes().to_vec(),
            node_id,
            bootstraps: false,
        };
        crashed_before_adopting(&all[1], &record, is_in_log.then_some(&identity));
        let second = all[1].open().await;
        assert_eq!((second.status().cluster_id, second.status().node_id), (cluster_id, node_id));
        write_when_led(&second, "through it").await;
        assert_eq!(times_applied(&second, "before"), 1);
        assert_eq!(admitted(&[&first], INSTANCE + 1, "127.0.0.1:2").await, node_id + 1, "no other id");
        join_all([&second, &first].map(Engine::shutdown)).await;
    }
}

/// More ask than are remembered, and then the first asks once more.
#[tokio::test(flavor = "multi_thread")]
async fn who_asks_again_after_too_many_others_is_somebody_new() {
    let replica = replicas(1, 1).remove(0);
    let engine = Arc::new(replica.open().await);
    write_when_led(&engine, "before").await;
    let ask = |instance: u128| {
        let engine = engine.clone();
        async move {
            let change = AllocateNode { instance: instance.to_be_bytes().to_vec() };
            let applied = engine.inner.propose_change(ClusterChange::AllocateNode(change)).await;
            Allocated::decode(applied.expect("it leads").reply).expect("a reply").node_id
        }
    };
    let first = ask(INSTANCE).await;
    let remembered = crate::cluster_state::REMEMBERED_ALLOCATIONS as u128;
    for other in 1..remembered {
        ask(INSTANCE + other).await;
    }
    assert_eq!(ask(INSTANCE).await, first, "so many are remembered");
    let last = ask(INSTANCE + remembered).await;
    assert_eq!(u128::from(last), u128::from(first) + remembered);
    assert_eq!(ask(INSTANCE).await, last + 1, "a new id, for nobody knows whose the old one was");
    assert_eq!(ask(INSTANCE + remembered).await, last, "the newest ones still are");
    engine.shutdown().await.expect("stops");

    // What is remembered, and what is not, is in the state.
    drop(engine);
    let engine = Arc::new(replica.open().await);
    engine.wait_recovered().await.expect("recovers");
    let cluster = engine.inner.state.shared().cluster();
    assert_eq!((cluster.allocations.len() as u128, cluster.last_node_id), (remembered, last + 1));
    engine.shutdown().await.expect("stops");
}
