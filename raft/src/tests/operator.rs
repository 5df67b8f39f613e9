//! An operator's orders to replicas in one process, over real connections.

use std::collections::BTreeSet;
use std::time::Duration;

use super::cluster::{Replica, open_all, replicas, write_when_led};
use super::{PATIENCE, times_applied};
use crate::operator::TransferOrder;
use crate::{BackupClient, ClusterStatus, Engine, OperatorClient, OperatorError, Order, ReplicaRole};

fn client(replica: &Replica) -> OperatorClient {
    OperatorClient::new(replica.peers.credentials.clone())
}

/// Asks at the address of `replica` until it is so.
async fn until(replica: &Replica, what: &str, is_so: impl Fn(&ClusterStatus) -> bool) -> ClusterStatus {
    let (client, mut last) = (client(replica), None);
    let asking = async {
        loop {
            if let Ok(status) = client.status(&replica.peers.advertise).await {
                if is_so(&status) {
                    return status;
                }
                last = Some(status);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let so = tokio::time::timeout(PATIENCE, asking).await.ok();
    so.unwrap_or_else(|| panic!("{what}; at last: {last:#?}"))
}

fn voters(status: &ClusterStatus) -> BTreeSet<u64> {
    status
        .replicas
        .iter()
        .filter(|replica| replica.role() == ReplicaRole::Voter)
        .map(|replica| replica.id)
        .collect()
}

fn all_heard(status: &ClusterStatus, count: usize) -> bool {
    let heard =
        |replica: &crate::ReplicaStatus| replica.applied.is_some() && replica.clock_offset_ms.is_some();
    status.leader.is_some() && status.replicas.len() == count && status.replicas.iter().all(heard)
}

/// Waits until each has heard all others: whoever leads later has to know of them.
async fn all_have_heard(replicas: &[Replica]) -> ClusterStatus {
    for replica in replicas {
        until(replica, "all are heard", |status| all_heard(status, replicas.len())).await;
    }
    until(&replicas[0], "somebody leads", |status| status.leader.is_some()).await
}

async fn order(replica: &Replica, order: Order) -> Result<String, OperatorError> {
    client(replica).order(&replica.peers.advertise, order).await
}

async fn refusal(replica: &Replica, order: Order) -> String {
    match self::order(replica, order).await {
        Err(OperatorError::Refused(why)) => why,
        other => panic!("should be refused, but: {other:?}"),
    }
}

async fn why_stopped(engine: &Engine) -> String {
    tokio::time::timeout(PATIENCE, engine.stopped()).await.expect("stops in time").to_string()
}

fn number(engines: &[Engine], id: u64) -> usize {
    engines.iter().position(|engine| engine.status().node_id == id).expect("one of them")
}

async fn stop_all(engines: &[Engine]) {
    for engine in engines {
        engine.shutdown().await.expect("stops");
    }
}

/// Three voters, and a learner that may vote.
async fn four() -> (Vec<Replica>, Vec<Engine>) {
    let mut replicas = replicas(4, 3);
    replicas[3].peers.may_vote = true;
    let mut engines = open_all(&replicas[..3]).await;
    engines.push(replicas[3].open().await);
    all_have_heard(&replicas).await;
    (replicas, engines)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_belongs_to_no_cluster_yet_says_so_whatever_it_is_asked_for() {
    let replica = replicas(2, 2).remove(0);
    let opening = tokio::spawn({
        let replica = replica.clone();
        async move { replica.open().await }
    });
    until(&replica, "it waits for the other", |status| !status.waiting_for.is_empty()).await;
    let none_yet = "this replica belongs to no cluster yet: boxoffice cluster status says what it waits for";
    assert_eq!(refusal(&replica, Order::Promote(1)).await, none_yet);
    let backup = BackupClient::new(replica.peers.credentials.clone()).backup(&replica.peers.advertise).await;
    let said = backup.map(drop).expect_err("it has nothing to give").to_string();
    assert!(said.ends_with(none_yet), "{said}");
    opening.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demoted_leader_stays_a_learner_until_it_is_promoted() {
    let (replicas, engines) = four().await;
    let before = until(&replicas[0], "somebody leads", |status| status.leader.is_some()).await;
    let old = before.leader.expect("somebody leads");
    assert!(voters(&before).contains(&old));
    // Sent to the learner, which says who leads.
    order(&replicas[3], Order::Demote(old)).await.expect("the cluster bears it");
    let after = until(&replicas[0], "the fourth votes instead", |status| {
        status.leader.is_some_and(|leader| leader != old) && voters(status).len() == 3
    })
    .await;
    let expected: BTreeSet<u64> = (1..=4).filter(|id| *id != old).collect();
    assert_eq!(voters(&after), expected);
    assert!(after.replicas.iter().any(|replica| replica.id == old && replica.held_back));
    order(&replicas[0], Order::Demote(old)).await.expect("it is so already");
    write_when_led(&engines[number(&engines, old)], "through a learner").await;

    let promoted = order(&replicas[1], Order::Promote(old)).await.expect("it has caught up");
    assert!(promoted.contains("of 4 voters 1 may be lost"), "{promoted}");
    let all = until(&replicas[2], "it votes again", |status| voters(status).len() == 4).await;
    assert!(all.replicas.iter().all(|replica| !replica.held_back));
    stop_all(&engines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_is_told_and_stops_however_often_it_starts() {
    let (replicas, engines) = four().await;
    let leader = until(&replicas[0], "somebody leads", |status| status.leader.is_some()).await.leader;
    let gone = leader.expect("somebody leads");
    let number = number(&engines, gone);
    let other = &replicas[(number + 1) % 4];
    order(other, Order::Remove(gone)).await.expect("the cluster bears it");
    let line = why_stopped(&engines[number]).await;
    assert!(line.contains(&format!("replica {gone} was removed from cluster")), "{line}");
    engines[number].shutdown().await.ok();
    let left =
        until(other, "the others go on", |status| all_heard(status, 3) && voters(status).len() == 3).await;
    assert!(!voters(&left).contains(&gone));
    order(other, Order::Remove(gone)).await.expect("it is so already");

    let again = replicas[number].open().await;
    let line = why_stopped(&again).await;
    assert!(line.contains("wipe its data directory"), "{line}");
    again.shutdown().await.ok();
    let undisturbed = until(other, "still led", |status| status.leader.is_some()).await;
    assert_ne!(undisturbed.leader, Some(gone), "nobody votes for it");

    // With an empty disk it is somebody new.
    let fresh = Replica { storage: crate::testing::MemoryStorage::new(), ..replicas[number].clone() };
    let fresh = fresh.open().await;
    assert_eq!(fresh.status().node_id, 5);
    fresh.shutdown().await.expect("stops");
    let rest: Vec<Engine> = engines.into_iter().filter(|engine| engine.status().node_id != gone).collect();
    stop_all(&rest).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_only_voter_leads_although_nobody_answers_it() {
    let replicas = replicas(1, 1);
    let engines = open_all(&replicas).await;
    write_when_led(&engines[0], "alone").await;
    let status = client(&replicas[0]).status(&replicas[0].peers.advertise).await.expect("answers");
    assert_eq!((status.leader, engines[0].state_age()), (Some(1), Some(Duration::ZERO)));
    stop_all(&engines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_cost_the_majority_is_refused() {
    let replicas = replicas(3, 3);
    let mut engines = open_all(&replicas).await;
    let status = all_have_heard(&replicas).await;
    assert!(refusal(&replicas[0], Order::Remove(9)).await.contains("there is no replica 9"));
    assert!(refusal(&replicas[0], Order::Promote(9)).await.contains("there is no replica 9"));
    order(&replicas[0], Order::Promote(2)).await.expect("it votes already");
    assert!(
        refusal(&replicas[0], Order::Init(crate::InitOrder { force: true }))
            .await
            .contains("is a member of cluster")
    );

    let leader = status.leader.expect("somebody leads");
    let down = number(&engines, leader);
    engines.remove(down).shutdown().await.expect("stops");
    let up: Vec<&Replica> = (0..3).filter(|at| *at != down).map(|at| &replicas[at]).collect();
    // Until it was silent for a while it counts as alive.
    let silent = until(up[0], "another leads, and knows that it is silent", |status| {
        let down = status.replicas.iter().find(|replica| replica.id == leader);
        status.leader.is_some_and(|now| now != leader)
            && down.is_some_and(|down| down.last_contact_ms > Some(7_000))
    });
    let now = silent.await.leader;
    let follower = (1..=3).find(|id| *id != leader && Some(*id) != now).expect("three");
    let to_the_dead = Order::TransferLeader(TransferOrder { to: Some(leader) });
    assert!(refusal(up[0], to_the_dead).await.contains("does not answer"));
    let why = refusal(up[1], Order::Demote(follower)).await;
    assert!(why.contains("2 voters, of which only 1 answer"), "{why}");
    order(up[1], Order::Remove(leader)).await.expect("who is away is not needed");
    let left = until(up[0], "two are left", |status| status.replicas.len() == 2).await;
    assert!(!voters(&left).contains(&leader));

    let forgotten = replicas[down].open().await;
    assert!(why_stopped(&forgotten).await.contains("was removed from cluster"));
    forgotten.shutdown().await.ok();
    stop_all(&engines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leadership_goes_where_the_operator_wants_it_and_writes_go_on() {
    let replicas = replicas(4, 3);
    let engines = open_all(&replicas).await;
    let status = all_have_heard(&replicas).await;
    let learner = engines[3].status().node_id;
    let to_learner = Order::TransferLeader(TransferOrder { to: Some(learner) });
    assert!(refusal(&replicas[0], to_learner).await.contains("does not vote"));
    assert!(refusal(&replicas[0], Order::Promote(learner)).await.contains("by its own settings"));
    let leader = status.leader.expect("somebody leads");
    let to = voters(&status).into_iter().find(|id| *id != leader).expect("three vote");
    let done = order(&replicas[3], Order::TransferLeader(TransferOrder { to: Some(to) })).await;
    assert_eq!(done.expect("it is alive"), format!("replica {to} leads"));

    let old = &engines[number(&engines, to)];
    let writers = (0..20).map(|at| {
        let engine = engines[at % engines.len()].clone();
        tokio::spawn(async move { write_when_led(&engine, &format!("while it is handed over {at}")).await })
    });
    let writers: Vec<_> = writers.collect();
    let next = old.hand_over(Duration::from_secs(10)).await.expect("others are alive");
    assert_ne!(next, to);
    for writer in writers {
        writer.await.expect("written");
    }
    let last = old.propose("the last".into()).await.expect("it goes to the new leader").index;
    for engine in &engines {
        engine.wait_applied(last, PATIENCE).await.expect("all are told");
        assert!((0..20).all(|at| times_applied(engine, &format!("while it is handed over {at}")) >= 1));
    }
    assert!(old.hand_over(Duration::from_secs(10)).await.is_err(), "it does not lead any more");
    let lags = engines[number(&engines, next)].lags();
    assert_eq!(lags.len(), 3);
    assert!(lags.iter().all(|lag| lag.last_contact.is_some()), "{lags:?}");
    assert!(old.lags().is_empty() && old.clock_offset_ms().is_some());
    stop_all(&engines).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_without_a_cluster_says_what_it_waits_for_and_forms_one_when_told() {
    let mut replicas = replicas(1, 1);
    let replica = &mut replicas[0];
    replica.peers.bootstrap_expect = 0;
    let opening = tokio::spawn({
        let replica = replica.clone();
        async move { replica.open().await }
    });
    let waiting =
        until(replica, "it waits", |status| status.waiting_for.contains("waiting for a member")).await;
    assert_eq!((waiting.cluster_id.as_str(), waiting.leader, waiting.replicas.len()), ("", None, 0));
    let done =
        order(replica, Order::Init(crate::InitOrder { force: false })).await.expect("there is no other");
    assert!(done.contains("this is its replica 1"), "{done}");
    let engine = opening.await.expect("no panic");
    let status = until(replica, "it leads", |status| status.leader == Some(1)).await;
    assert_eq!(status.cluster_id, format!("{:032x}", engine.status().cluster_id));
    assert!(refusal(replica, Order::Demote(1)).await.contains("the only voter"));
    assert!(refusal(replica, Order::Remove(1)).await.contains("the only voter"));
    assert!(
        refusal(replica, Order::TransferLeader(TransferOrder { to: None })).await.contains("no other voter")
    );
    engine.shutdown().await.expect("stops");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voter_that_starts_as_a_learner_gives_its_vote_to_another() {
    let (mut replicas, mut engines) = four().await;
    let status = until(&replicas[0], "somebody leads", |status| status.leader.is_some()).await;
    let leader = status.leader.expect("somebody leads");
    let before = voters(&status);
    let now_learns = before.iter().copied().find(|id| *id != leader).expect("three vote");
    let at = number(&engines, now_learns);
    engines[at].shutdown().await.expect("stops");
    replicas[at].peers.may_vote = false;
    engines[at] = replicas[at].open().await;
    let after = until(&replicas[(at + 1) % 4], "another votes instead", |status| {
        status.leader.is_some() && !voters(status).contains(&now_learns)
    })
    .await;
    let expected: BTreeSet<u64> = (1..=4).filter(|id| *id != now_learns).collect();
    assert_eq!(voters(&after), expected, "three, as before");
    write_when_led(&engines[at], "through a learner").await;
    stop_all(&engines).await;
}

/// The one that can be elected is the one that must not vote.
#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_must_not_vote_hands_over_and_loses_its_vote() {
    let mut replicas = replicas(3, 3);
    let engines = open_all(&replicas).await;
    all_have_heard(&replicas).await;
    write_when_led(&engines[0], "known to all").await;
    engines[2].shutdown().await.expect("stops");
    write_when_led(&engines[0], "known to two").await;
    let (now_learns, lags) = (engines[0].status().node_id, engines[2].status().node_id);
    engines[0].shutdown().await.expect("stops");
    engines[1].shutdown().await.expect("stops");
    drop(engines);

    replicas[0].peers.may_vote = false;
    let first = replicas[0].open().await;
    let third = replicas[2].open().await;
    let led = until(&replicas[0], "the other leads, though the first was elected", |status| {
        status.leader == Some(lags)
    })
    .await;
    assert!(voters(&led).contains(&now_learns), "of the two that are left, one would not answer");
    assert_eq!(times_applied(&third, "known to two"), 1);
    let second = replicas[1].open().await;
    let two = until(&replicas[1], "it votes no more", |status| {
        status.leader.is_some() && !voters(status).contains(&now_learns)
    })
    .await;
    assert_eq!(voters(&two).len(), 2);
    write_when_led(&first, "through a learner").await;
    stop_all(&[first, second, third]).await;
}
