//! What one replica promises, whatever others make up: those who propose are careful, but nobody relies on that.

use std::sync::Arc;
use std::time::Duration;

use super::world::{CRASH_BEFORE, REGION, World, lock};
use crate::formation::{
    ClusterId, FormationHandle, Founder, Founding, FoundingQuery, FoundingState, Hello, Instance, Member,
    PROTOCOL_VERSION, Promise, Record, Records, Standing, State,
};

/// Greater than the instances of the replicas that are proposed with it, or smaller: those come out of a small range.
const OWN: u128 = 1_000;
const LOOKED_AROUND: Duration = Duration::from_secs(5);

fn cluster(id: u128) -> ClusterId {
    id.into()
}

/// A proposal of these instances, the smallest of which proposes.
fn founding(cluster_id: u128, instances: &[u128]) -> Founding {
    let founder = |(node_id, instance): (u64, &u128)| Founder {
        node_id,
        instance: (*instance).into(),
        address: format!("i{instance}:1"),
        region: REGION.to_owned(),
    };
    let members: Vec<Founder> = (1..).zip(instances).map(founder).collect();
    Founding { cluster_id: cluster(cluster_id), proposer: members[0].instance, members }
}

/// What a fresh replica says that would found a cluster of three.
fn hello(instance: u128) -> Hello {
    Hello {
        protocol_version: PROTOCOL_VERSION,
        program_version: "test".to_owned(),
        instance: instance.into(),
        region: REGION.to_owned(),
        address: format!("i{instance}:1"),
        may_vote: true,
        bootstrap_expect: 3,
        revision: 1,
        standing: Some(Standing::Fresh(())),
        ..Hello::default()
    }
}

/// One replica with this on its disk, started and nobody in sight. It may vote and expects three founders.
fn alone_with(state: State, founded: Option<Founding>) -> (Arc<World>, FormationHandle) {
    let world = World::new(11);
    let slot = world.add(true, 3);
    let record = Record { instance: OWN.into(), revision: 1, state, founded };
    lock(&world.slots)[slot].disk.records.save(&record).expect("memory");
    world.start(slot);
    let handle = world.handle(slot).expect("runs");
    (world, handle)
}

/// The same, fresh, and it has looked around.
async fn fresh() -> (Arc<World>, FormationHandle) {
    let (world, handle) = alone_with(State::Fresh(()), None);
    tokio::time::sleep(LOOKED_AROUND).await;
    (world, handle)
}

#[track_caller]
fn refuses(handle: &FormationHandle, founding: &Founding, why: &str) {
    let before = handle.standing();
    let answer = handle.promise(founding).expect("saves nothing");
    assert!(!answer.promised, "{founding:?}");
    assert!(answer.reason.contains(why), "{why:?} is not in {:?}", answer.reason);
    assert_eq!(handle.standing(), before);
}

#[track_caller]
fn promises(handle: &FormationHandle, founding: &Founding) {
    let answer = handle.promise(founding).expect("saves");
    assert!(answer.promised, "{}", answer.reason);
    assert_eq!(answer.instance, Instance::from(OWN));
}

#[tokio::test(start_paused = true)]
async fn who_promised_promises_nothing_else_however_often_it_starts() {
    let (world, handle) = fresh().await;
    let promised = founding(1, &[5, 6, OWN]);
    promises(&handle, &promised);
    let others =
        [founding(2, &[5, 6, OWN]), founding(3, &[4, 6, OWN]), founding(4, &[OWN, OWN + 1, OWN + 2]), {
            // The same cluster with another founder is another proposal.
            founding(1, &[5, 7, OWN])
        }];
    for start in 0..3 {
        let handle = world.handle(0).expect("runs");
        for other in &others {
            refuses(&handle, other, "it has promised cluster");
        }
        promises(&handle, &promised);
        assert_eq!(world.promise_of(0).as_ref(), Some(&promised), "after {start} more starts");
        world.crash(0);
        world.start(0);
        if start > 0 {
            tokio::time::sleep(LOOKED_AROUND).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn who_has_a_place_or_is_on_the_way_to_one_promises_nothing() {
    let formed = founding(1, &[5, 6, OWN]);
    let member = State::Member(Member { cluster_id: cluster(1), node_id: 3 });
    for (state, founded, why) in [
        (State::Joining(cluster(1)), None, "it joins cluster"),
        (member.clone(), None, "it is a member of cluster"),
        (member.clone(), Some(formed.clone()), "it is a member of cluster"),
    ] {
        let (_world, handle) = alone_with(state, founded);
        tokio::time::sleep(LOOKED_AROUND).await;
        refuses(&handle, &founding(2, &[5, 6, OWN]), why);
        refuses(&handle, &founding(1, &[5, 7, OWN]), why);
    }
    // Its proposer may not have heard the answer, or may have forgotten that it had.
    let (_world, handle) = alone_with(member, Some(formed.clone()));
    promises(&handle, &formed);
}

#[tokio::test(start_paused = true)]
async fn who_has_just_started_promises_nothing() {
    let (_world, handle) = alone_with(State::Fresh(()), None);
    let proposal = founding(1, &[5, 6, OWN]);
    refuses(&handle, &proposal, "not looked around yet");
    tokio::time::sleep(LOOKED_AROUND).await;
    promises(&handle, &proposal);
}

/// Nothing may be concluded from a name server that is down, least of all that there is nobody.
#[tokio::test(start_paused = true)]
async fn who_cannot_look_around_neither_promises_nor_founds() {
    let (world, handle) = alone_with(State::Fresh(()), None);
    lock(&world.network).discovery.insert(0, None);
    tokio::time::sleep(10 * LOOKED_AROUND).await;
    refuses(&handle, &founding(1, &[5, 6, OWN]), "not looked around yet");

    let world = World::new(13);
    world.add_voters(1, 1);
    lock(&world.network).discovery.insert(0, None);
    world.start(0);
    tokio::time::sleep(10 * LOOKED_AROUND).await;
    assert_eq!(world.outcome(0), None, "it expects nobody else, and does not know that nobody is there");
    let waiting = world.handle(0).expect("runs").waiting().expect("it waits");
    assert!(waiting.contains("cannot be found") && waiting.contains("the name server is down"), "{waiting}");
    lock(&world.network).discovery.clear();
    world.all_placed().await;
}

#[tokio::test(start_paused = true)]
async fn who_is_set_up_otherwise_or_left_out_promises_nothing() {
    let (_world, handle) = fresh().await;
    refuses(&handle, &founding(1, &[5, 6, 7]), "it is no founder");
    refuses(&handle, &founding(1, &[5, OWN]), "it expects 3 founders");
    refuses(&handle, &founding(1, &[5, 6, 7, OWN]), "it expects 3 founders");
    for (may_vote, expect, why) in [(true, 0, "its bootstrap-expect is 0"), (false, 3, "it may not vote")] {
        let (world, _) = fresh().await;
        world.crash(0);
        world.set_up(0, |profile| (profile.may_vote, profile.bootstrap_expect) = (may_vote, expect));
        world.start(0);
        tokio::time::sleep(LOOKED_AROUND).await;
        let handle = world.handle(0).expect("runs");
        refuses(&handle, &founding(1, &[5, 6, OWN]), "it founds no cluster");
        let waiting = handle.waiting().expect("it waits");
        assert!(waiting.contains("this replica founds none") && waiting.contains(why), "{waiting}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_sees_what_speaks_against_a_proposal_does_not_promise_it() {
    let standing = |standing: Option<Standing>| Hello { standing, ..hello(8) };
    let promise = Promise { cluster_id: cluster(2), proposer: 8.into() };
    let member = |cluster_id| Standing::Member(Member { cluster_id: cluster(cluster_id), node_id: 1 });
    for (sight, why) in [
        (standing(Some(member(2))), "members of cluster"),
        (standing(Some(Standing::Joining(cluster(2)))), "on its way into cluster"),
        (standing(Some(Standing::Promised(promise))), "on its way into cluster"),
        (standing(None), "newer program"),
        (hello(8), "ought to be a founder"),
        (Hello { seen: vec![8.into()], ..hello(OWN + 1) }, "ought to be a founder"),
        (Hello { bootstrap_expect: 4, ..hello(OWN + 1) }, "expects 4 founders, this one 3"),
        (Hello { region: "fra".to_owned(), ..hello(OWN + 1) }, "primary region is fra"),
        (Hello { protocol_version: PROTOCOL_VERSION + 1, ..hello(OWN + 1) }, "of another generation"),
    ] {
        let (_world, handle) = fresh().await;
        handle.hello(Some(&sight));
        refuses(&handle, &founding(1, &[5, 6, OWN]), why);
    }
    for sight in [
        hello(5),
        hello(OWN + 1),
        Hello { may_vote: false, ..hello(8) },
        Hello { bootstrap_expect: 0, ..hello(8) },
        standing(Some(member(1))),
        standing(Some(Standing::Promised(Promise { cluster_id: cluster(1), proposer: 5.into() }))),
    ] {
        let (_world, handle) = fresh().await;
        handle.hello(Some(&sight));
        promises(&handle, &founding(1, &[5, 6, OWN]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_overtaken_on_its_way_counts_for_nothing() {
    let (_world, handle) = fresh().await;
    let promise = Promise { cluster_id: cluster(2), proposer: 8.into() };
    handle.hello(Some(&Hello { revision: 2, standing: Some(Standing::Promised(promise)), ..hello(8) }));
    handle.hello(Some(&Hello { bootstrap_expect: 0, ..hello(8) }));
    refuses(&handle, &founding(1, &[5, 6, OWN]), "on its way into cluster");
}

/// The disk fails, and nothing else does: the process lives on for a moment.
#[tokio::test(start_paused = true)]
async fn a_promise_that_cannot_be_saved_is_none() {
    let (world, handle) = fresh().await;
    let proposal = founding(1, &[5, 6, OWN]);
    world.fail_next_save(0, CRASH_BEFORE);
    handle.promise(&proposal).expect_err("it is not on the disk");
    assert_eq!(handle.standing(), Standing::Fresh(()));
    // Nobody knows what is on the disk now, so nothing may follow from it, although it works again.
    handle.promise(&proposal).expect_err("it has failed before");
    handle.init(true).await.expect_err("nor may an operator");
    world.crash(0);
    world.start(0);
    assert_eq!(world.promise_of(0), None);
}

/// Only whoever proposed can say that nothing came of it; anybody may know that it was formed.
#[tokio::test(start_paused = true)]
async fn what_became_of_a_proposal_is_said_by_those_who_know() {
    let query = |cluster_id: u128, proposer: u128| FoundingQuery {
        cluster_id: cluster(cluster_id),
        proposer: proposer.into(),
    };
    let (others, own) = (founding(1, &[5, 6, OWN]), founding(1, &[OWN, OWN + 1, OWN + 2]));
    let member = State::Member(Member { cluster_id: cluster(1), node_id: 3 });
    let joined_elsewhere = State::Member(Member { cluster_id: cluster(9), node_id: 7 });
    for (state, founded, asked, expected) in [
        (State::Fresh(()), None, query(1, 5), FoundingState::Unknown),
        (State::Fresh(()), None, query(1, OWN), FoundingState::Abandoned),
        (State::Promised(others.clone()), None, query(1, 5), FoundingState::Unknown),
        (State::Promised(own.clone()), None, query(1, OWN), FoundingState::Pending),
        (State::Promised(own.clone()), None, query(2, OWN), FoundingState::Abandoned),
        (member.clone(), Some(others.clone()), query(1, 5), FoundingState::Formed),
        (member.clone(), None, query(1, 5), FoundingState::Formed),
        (member, Some(own), query(2, OWN), FoundingState::Abandoned),
        // Recovered as a cluster of its own since, it still knows that there was the first one.
        (joined_elsewhere.clone(), Some(others.clone()), query(1, 5), FoundingState::Formed),
        (joined_elsewhere.clone(), None, query(1, 5), FoundingState::Unknown),
        (joined_elsewhere, None, query(1, OWN), FoundingState::Abandoned),
        (State::Joining(cluster(1)), None, query(1, 5), FoundingState::Unknown),
    ] {
        let (_world, handle) = alone_with(state.clone(), founded);
        assert_eq!(handle.founding(&asked), expected, "{state:?} asked for {asked:?}");
    }
}
