//! Each rule on its own.

use std::sync::Arc;
use std::time::Duration;

use super::world::{CRASH_AFTER, CRASH_BEFORE, World, lock};
use crate::formation::state::Step;
use crate::formation::waiting::Waiting;
use crate::formation::{
    ClusterId, FormationHandle, Founding, Member, MemoryRecords, Outcome, Record, Records, Standing, State,
};
use crate::testing::ManualClock;

/// Longer than anything that ends by itself takes.
const LONG: Duration = Duration::from_secs(60);

fn cluster(outcome: &Outcome) -> ClusterId {
    match outcome {
        Outcome::Founder { member, .. } | Outcome::Admitted(member) => member.cluster_id,
    }
}

fn assert_one_cluster(outcomes: &[Outcome], founders: usize) {
    assert!(outcomes.iter().all(|outcome| cluster(outcome) == cluster(&outcomes[0])), "{outcomes:?}");
    let founded = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Founder { .. }));
    assert_eq!(founded.count(), founders);
    let proposed =
        outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Founder { proposed: true, .. }));
    assert_eq!(proposed.count(), usize::from(founders > 0));
}

/// Three that may vote, all started.
fn three() -> Arc<World> {
    let world = World::new(3);
    world.add_voters(3, 3);
    world.start_all();
    world
}

/// Three that have started, up to the moment when the first, which proposes, has its proposal on its disk and nobody
/// has heard of it. Returns the slots in the order of their instances.
async fn proposed() -> (Arc<World>, Vec<usize>) {
    let world = three();
    let order = world.by_instance();
    world.fail_next_save(order[0], CRASH_AFTER);
    world.until("it has proposed", |world| world.promise_of(order[0]).is_some()).await;
    world.crash(order[0]);
    (world, order)
}

/// As [`proposed`], and then all others have promised, of which the proposer knows nothing.
async fn promised() -> (Arc<World>, Vec<usize>) {
    let (world, order) = proposed().await;
    world.start(order[0]);
    // What the others answer is lost.
    world.cut(&order[1..], &order[..1]);
    world
        .until("all have promised", |world| order.iter().all(|slot| world.promise_of(*slot).is_some()))
        .await;
    world.crash(order[0]);
    lock(&world.network).cut.clear();
    (world, order)
}

fn waits_for(world: &World, slot: usize, expected: impl Fn(&Waiting) -> bool) -> bool {
    let handle = world.handle(slot).expect("runs");
    matches!(handle.step(), Ok(Step::Wait(waiting)) if expected(&waiting))
}

#[tokio::test(start_paused = true)]
async fn all_that_start_at_once_found_one_cluster() {
    assert_one_cluster(&three().all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn those_that_start_one_by_one_found_one_cluster() {
    let world = World::new(1);
    world.add_voters(3, 3);
    for slot in 0..3 {
        world.start(slot);
        tokio::time::sleep(LONG).await;
        assert_eq!(world.outcome(slot).is_some(), slot == 2, "three are needed");
    }
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn after_a_total_outage_all_go_on_where_they_were() {
    // Before a proposal, after it, after the promises, and with a cluster.
    let (with_proposal, _) = proposed().await;
    let (with_promises, _) = promised().await;
    let (with_cluster, fresh) = (three(), three());
    let formed = with_cluster.all_placed().await;
    for world in [&with_proposal, &with_promises, &with_cluster, &fresh] {
        let before: Vec<_> = (0..3).map(|slot| world.promise_of(slot)).collect();
        world.crash_all();
        tokio::time::sleep(LONG).await;
        world.start_all();
        let outcomes = world.all_placed().await;
        assert_one_cluster(&outcomes, 3);
        lock(&world.history).check_one_cluster();
        if let Some(Some(proposal)) = before.first() {
            assert_eq!(cluster(&outcomes[0]), proposal.cluster_id, "the promise is kept");
        }
    }
    assert_eq!(with_cluster.all_placed().await, formed);
}

#[tokio::test(start_paused = true)]
async fn a_proposer_that_dies_after_proposing_goes_on_when_it_is_back() {
    let (world, order) = proposed().await;
    tokio::time::sleep(LONG).await;
    assert!(order[1..].iter().all(|slot| world.outcome(*slot).is_none()));
    world.start(order[0]);
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn who_promised_waits_for_the_proposer_to_return() {
    let (world, order) = promised().await;
    let proposal = world.promise_of(order[0]);
    tokio::time::sleep(LONG).await;
    for slot in &order[1..] {
        assert_eq!(world.promise_of(*slot), proposal, "nobody but the proposer can say");
        let asks = world.handle(*slot).expect("runs").step().expect("saves nothing");
        assert!(
            matches!(asks, Step::AskVerdict { query, .. } if Some(query.cluster_id) == proposal.as_ref().map(|p| p.cluster_id))
        );
    }
    world.start(order[0]);
    let outcomes = world.all_placed().await;
    assert_one_cluster(&outcomes, 3);
    assert_eq!(Some(cluster(&outcomes[0])), proposal.map(|proposal| proposal.cluster_id));
}

#[tokio::test(start_paused = true)]
async fn who_promised_learns_what_the_proposer_decided_just_before_it_died() {
    let (world, order) = promised().await;
    world.start(order[0]);
    world.fail_next_save(order[0], CRASH_AFTER);
    world
        .until("it has decided", |world| {
            matches!(world.record(order[0]).map(|r| r.state), Some(State::Member(_)))
        })
        .await;
    world.crash(order[0]);
    tokio::time::sleep(LONG).await;
    assert!(
        order[1..].iter().all(|slot| world.promise_of(*slot).is_some()),
        "the decision was told to nobody"
    );
    world.start(order[0]);
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn who_promised_learns_of_the_cluster_from_any_member() {
    let (world, order) = promised().await;
    world.start(order[0]);
    world.fail_next_save(order[0], CRASH_AFTER);
    world.until("it has decided", |world| world.handle(order[0]).is_none()).await;
    world.part(&order[2..], &order[..2]);
    world.start(order[0]);
    world.until("two are in", |world| order[..2].iter().all(|slot| world.outcome(*slot).is_some())).await;
    world.crash(order[0]);
    lock(&world.network).cut.clear();
    world.until("the last is in", |world| world.outcome(order[2]).is_some()).await;
    world.start(order[0]);
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_proposer_whose_decision_is_not_on_its_disk_decides_again() {
    let (world, order) = promised().await;
    world.start(order[0]);
    world.fail_next_save(order[0], CRASH_BEFORE);
    world.until("it has crashed", |world| world.handle(order[0]).is_none()).await;
    assert!(world.promise_of(order[0]).is_some());
    world.start(order[0]);
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_promise_that_does_not_come_frees_all_the_others() {
    let (world, order) = promised().await;
    let first = world.promise_of(order[0]).expect("promised").cluster_id;
    world.crash(order[2]);
    world.start(order[0]);
    world.until("the other is free", |world| world.promise_of(order[1]).is_none()).await;
    // The third still stands by its promise, and is told that it came to nothing.
    assert_eq!(world.promise_of(order[2]).map(|founding| founding.cluster_id), Some(first));
    world.start(order[2]);
    let outcomes = world.all_placed().await;
    assert_one_cluster(&outcomes, 3);
    assert_ne!(cluster(&outcomes[0]), first);
}

#[tokio::test(start_paused = true)]
async fn who_promised_to_a_disk_that_is_lost_waits_for_the_operator() {
    let (world, order) = promised().await;
    world.wipe(order[0]);
    world.start(order[0]);
    tokio::time::sleep(LONG).await;
    assert!((0..3).all(|slot| world.outcome(slot).is_none()));
    assert!(waits_for(&world, order[0], |waiting| matches!(waiting, Waiting::ForUndecided { .. })));
    for slot in &order[1..] {
        assert!(world.promise_of(*slot).is_some());
    }
    // As it says: wipe those that wait.
    world.wipe(order[1]);
    world.wipe(order[2]);
    world.start_all();
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_proposer_that_sees_a_cluster_gives_up_and_joins_it() {
    let (world, order) = promised().await;
    let other = world.add(true, 0);
    world.start(other);
    let formed = world.handle(other).expect("runs").init(true).await.expect("alone");
    world.start(order[0]);
    let outcomes = world.all_placed().await;
    assert!(outcomes.iter().all(|outcome| cluster(outcome) == formed.cluster_id), "{outcomes:?}");
}

#[tokio::test(start_paused = true)]
async fn learners_and_those_who_found_none_are_never_counted() {
    let world = World::new(5);
    world.add_voters(2, 3);
    for _ in 0..3 {
        world.add(false, 3);
        world.add(true, 0);
    }
    world.start_all();
    tokio::time::sleep(LONG).await;
    assert!((0..world.len()).all(|slot| world.outcome(slot).is_none()));
    let lacks_one = |waiting: &Waiting| matches!(waiting, Waiting::ForReplicas { expected: 3, seen, .. } if seen.len() == 2);
    assert!(waits_for(&world, 0, lacks_one));
    assert!(waits_for(&world, 2, |waiting| *waiting == Waiting::ForCluster { may_vote: false }));
    assert!(waits_for(&world, 3, |waiting| *waiting == Waiting::ForCluster { may_vote: true }));
    let third = world.add(true, 3);
    world.start(third);
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn replicas_that_are_set_up_otherwise_say_so() {
    let world = World::new(6);
    world.add_voters(3, 3);
    world.set_up(1, |profile| profile.bootstrap_expect = 2);
    world.set_up(2, |profile| "fra".clone_into(&mut profile.region));
    world.start_all();
    tokio::time::sleep(LONG).await;
    for slot in 0..3 {
        assert!(waits_for(&world, slot, |waiting| matches!(waiting, Waiting::ForAgreement { .. })), "{slot}");
    }
    let Ok(Step::Wait(waiting)) = world.handle(1).expect("runs").step() else { panic!("waits") };
    let said = waiting.to_string();
    assert!(
        said.contains("expects 3 founders, this one 2") || said.contains("primary region is fra"),
        "{said}"
    );
    world.crash_all();
    world.set_up(1, |profile| profile.bootstrap_expect = 3);
    world.set_up(2, |profile| super::world::REGION.clone_into(&mut profile.region));
    world.start_all();
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn nobody_proposes_before_all_founders_see_each_other() {
    let world = World::new(7);
    world.add_voters(3, 3);
    world.part(&[0], &[1]);
    world.start_all();
    tokio::time::sleep(LONG).await;
    assert!((0..3).all(|slot| world.promise_of(slot).is_none() && world.outcome(slot).is_none()));
    lock(&world.network).cut.clear();
    assert_one_cluster(&world.all_placed().await, 3);
}

/// It may be called, and be seen by all, and know where they say they are: only their answers prove that it reaches them.
#[tokio::test(start_paused = true)]
async fn nobody_proposes_to_founders_it_does_not_reach() {
    let world = three();
    let order = world.by_instance();
    let mut reached = world.addresses();
    reached.remove(order[2]);
    lock(&world.network).discovery.insert(order[0], Some(reached));
    tokio::time::sleep(LONG).await;
    assert!((0..3).all(|slot| world.promise_of(slot).is_none() && world.outcome(slot).is_none()));
    assert!(waits_for(&world, order[0], |waiting| matches!(waiting, Waiting::ForSightOf { .. })));
    lock(&world.network).discovery.clear();
    assert_one_cluster(&world.all_placed().await, 3);
}

#[tokio::test(start_paused = true)]
async fn a_set_that_comes_late_joins() {
    let world = three();
    world.all_placed().await;
    for _ in 0..4 {
        let late = world.add(true, 3);
        world.start(late);
    }
    assert_one_cluster(&world.all_placed().await, 3);
    lock(&world.history).check_one_cluster();
}

/// What the rules cannot exclude, and say so.
#[tokio::test(start_paused = true)]
async fn two_sets_that_are_blind_to_each_other_found_two_clusters_and_whoever_sees_both_joins_neither() {
    let world = World::new(8);
    world.add_voters(6, 3);
    world.part(&[0, 1, 2], &[3, 4, 5]);
    world.start_all();
    let outcomes = world.all_placed().await;
    assert_ne!(cluster(&outcomes[0]), cluster(&outcomes[3]));
    let late = world.add(true, 3);
    world.start(late);
    tokio::time::sleep(LONG).await;
    assert_eq!(world.outcome(late), None);
    let stands = world.handle(late).expect("runs").standing();
    // It may have heard of one of them first, and asked nothing yet when it heard of the other.
    assert!(matches!(stands, Standing::Fresh(()) | Standing::Joining(_)), "{stands:?}");
    assert!(waits_for(&world, late, |waiting| matches!(waiting, Waiting::TwoClusters { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_founding_that_makes_no_sense_is_refused() {
    let (world, order) = promised().await;
    let good = world.promise_of(order[0]).expect("promised");
    world.wipe(order[1]);
    world.start(order[1]);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let fresh = world.handle(order[1]).expect("runs");
    assert_eq!(fresh.standing(), Standing::Fresh(()));
    let refuses = |founding: &Founding| {
        let answer = fresh.promise(founding).expect("saves nothing");
        assert!(!answer.promised && !answer.reason.is_empty());
        answer.reason
    };
    assert_eq!(refuses(&good), "it is no founder", "its disk is another one now");
    let spoil: [&dyn Fn(&mut Founding); 5] = [
        &|founding| founding.members.reverse(),
        &|founding| founding.members.clear(),
        &|founding| founding.members[1].node_id = 7,
        &|founding| founding.cluster_id = ClusterId::default(),
        &|founding| founding.proposer = founding.members[1].instance,
    ];
    for spoil in spoil {
        let mut bad = good.clone();
        spoil(&mut bad);
        assert_eq!(refuses(&bad), "the proposal makes no sense to it");
    }
}

#[tokio::test(start_paused = true)]
async fn a_place_in_another_cluster_than_the_one_asked_is_not_taken() {
    let world = three();
    world.all_placed().await;
    let late = world.add(false, 0);
    world.part(&[late], &[0, 1, 2]);
    world.start(late);
    let handle = world.handle(late).expect("runs");
    let stranger = Member { cluster_id: 7_u128.into(), node_id: 4 };
    handle.update(|formation, _| formation.on_admitted(stranger)).expect("saves nothing");
    assert_eq!(handle.standing(), Standing::Fresh(()));
}

/// The files may have become another cluster's since, by being recovered; and the record may be gone.
#[tokio::test(start_paused = true)]
async fn whose_the_files_are_counts_more_than_the_record() {
    let world = World::new(12);
    let (slot, member) = (world.add(true, 3), Member { cluster_id: 7_u128.into(), node_id: 4 });
    let profile = lock(&world.slots)[slot].profile.clone();
    let clock = Arc::new(ManualClock::new(0));
    let other = State::Member(Member { cluster_id: 8_u128.into(), node_id: 2 });
    for state in [None, Some(State::Joining(8_u128.into())), Some(other)] {
        let records = MemoryRecords::default();
        let before = state.map(|state| Record { state, ..Record::new(9_u128.into()) });
        before.iter().for_each(|before| records.save(before).expect("memory"));
        let records = Arc::new(records);
        let handle = FormationHandle::open(records.clone(), profile.clone(), clock.clone(), Some(member));
        assert_eq!(handle.expect("opens").standing(), Standing::Member(member));
        let saved = records.load().expect("memory").expect("saved");
        assert_eq!((saved.state, saved.revision), (State::Member(member), 1));
    }
}
