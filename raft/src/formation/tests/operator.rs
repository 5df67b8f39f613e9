//! What an operator decides: `boxoffice cluster init`, with and without force.

use std::time::Duration;

use futures_util::future::join_all;

use super::world::World;
use crate::formation::{InitError, Member, Outcome, Standing};

const LOOKED_AROUND: Duration = Duration::from_secs(5);

async fn fresh(voters: usize) -> std::sync::Arc<World> {
    let world = World::new(9);
    world.add_voters(voters, 0);
    world.start_all();
    tokio::time::sleep(LOOKED_AROUND).await;
    world
}

#[tokio::test(start_paused = true)]
async fn init_forms_a_cluster_of_one_that_the_others_join() {
    let world = fresh(3).await;
    let member = world.handle(1).expect("runs").init(false).await.expect("nothing is in sight");
    assert_eq!(member.node_id, 1);
    let outcomes = world.all_placed().await;
    assert!(matches!(&outcomes[1], Outcome::Founder { founders, proposed: true, .. } if founders.len() == 1));
    for outcome in [&outcomes[0], &outcomes[2]] {
        assert!(
            matches!(outcome, Outcome::Admitted(Member { cluster_id, .. }) if *cluster_id == member.cluster_id)
        );
    }
    let again = world.handle(1).expect("runs").init(true).await;
    assert!(matches!(again, Err(InitError::Member(own)) if own == member), "{again:?}");
}

#[tokio::test(start_paused = true)]
async fn init_refuses_where_a_cluster_is_in_sight_unless_it_is_forced() {
    let world = fresh(2).await;
    world.handle(0).expect("runs").init(false).await.expect("nothing is in sight");
    world.part(&[0], &[1]);
    // It has heard of the other before the link was cut, or not; either way it must not be sure of itself.
    let late = world.add(true, 0);
    world.start(late);
    tokio::time::sleep(LOOKED_AROUND).await;
    let handle = world.handle(late).expect("runs");
    assert!(matches!(handle.standing(), Standing::Joining(_) | Standing::Member(_)));
    assert!(handle.init(false).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn of_two_inits_one_right_after_the_other_the_second_is_refused() {
    let world = fresh(3).await;
    let formed = world.handle(1).expect("runs").init(false).await.expect("nothing is in sight");
    let second = world.handle(2).expect("runs").init(false).await;
    assert!(
        matches!(&second, Err(InitError::Unsure(said)) if said.contains(&formed.cluster_id.to_string())),
        "{second:?}"
    );
    world.all_placed().await;
}

#[tokio::test(start_paused = true)]
async fn of_inits_at_once_one_at_most_forms_a_cluster_and_they_may_be_repeated() {
    let world = fresh(3).await;
    let handles = [0, 1, 2].map(|slot| world.handle(slot).expect("runs"));
    let formed = join_all(handles.iter().map(|handle| handle.init(false))).await;
    assert!(formed.iter().flatten().count() <= 1, "{formed:?}");
    for refused in formed.iter().filter_map(|formed| formed.as_ref().err()) {
        let said = refused.to_string();
        assert!(said.contains("ask again then") && !said.contains("wipe"), "{said}");
    }
    if formed.iter().flatten().next().is_none() {
        assert!(handles.iter().all(|handle| handle.standing() == Standing::Fresh(())), "free to try again");
        tokio::time::sleep(LOOKED_AROUND).await;
        handles[0].init(false).await.expect("alone with the wish now");
    }
    let outcomes = world.all_placed().await;
    let founders = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Founder { .. })).count();
    assert_eq!(founders, 1, "{outcomes:?}");
}

#[tokio::test(start_paused = true)]
async fn init_refuses_before_it_has_looked_around() {
    let world = fresh(1).await;
    world.handle(0).expect("runs").init(false).await.expect("nothing is in sight");
    let late = world.add(true, 0);
    world.start(late);
    let handle = world.handle(late).expect("runs");
    let early = handle.init(false).await;
    assert!(matches!(early, Err(InitError::Unsure(_))), "a cluster is there: {early:?}");
    world.all_placed().await;
}

#[tokio::test(start_paused = true)]
async fn init_refuses_a_learner_also_by_force() {
    let world = World::new(10);
    let learner = world.add(false, 0);
    world.start(learner);
    tokio::time::sleep(LOOKED_AROUND).await;
    let handle = world.handle(learner).expect("runs");
    assert!(matches!(handle.init(true).await, Err(InitError::MayNotVote)));
}

#[tokio::test(start_paused = true)]
async fn init_by_force_frees_who_joins_a_cluster_that_is_gone() {
    let world = fresh(2).await;
    let gone = world.handle(0).expect("runs").init(false).await.expect("nothing is in sight");
    world
        .until("it heard of it", |world| {
            world.handle(1).is_some_and(|handle| handle.standing() == Standing::Joining(gone.cluster_id))
                || world.outcome(1).is_some()
        })
        .await;
    if world.outcome(1).is_some() {
        return;
    }
    world.crash(0);
    let handle = world.handle(1).expect("runs");
    let unsure = handle.init(false).await;
    assert!(matches!(unsure, Err(InitError::Unsure(_))), "{unsure:?}");
    let new = handle.init(true).await.expect("forced");
    assert_ne!(new.cluster_id, gone.cluster_id);
}
