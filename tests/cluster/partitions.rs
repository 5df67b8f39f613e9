//! Links are cut in every way while clients are at work, and processes end again and again.

use std::time::Duration;

use boxoffice_chaos::Load;
use boxoffice_chaos::faults::{Fault, Planned};

use crate::support::Test;

/// Longer than an election takes.
const LASTS: Duration = Duration::from_secs(3);

/// One fault after the other; the cluster goes on after each.
async fn bear(test: &mut Test, load: &Load, faults: &[Fault]) {
    for (choice, fault) in faults.iter().enumerate() {
        let planned = Planned { fault: *fault, after: Duration::ZERO, lasts: LASTS, choice };
        planned
            .inflict(&mut test.cluster, &test.history)
            .await
            .unwrap_or_else(|e| panic!("{fault:?}: {e:#}"));
        load.until_acknowledged(20).await.unwrap_or_else(|e| panic!("after {fault:?}: {e:#}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_one_way_and_what_comes_and_goes() {
    let mut test = Test::running(3, 1, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    let faults = [Fault::MuteLeader, Fault::DeafenLeader, Fault::OneWay, Fault::Flap, Fault::PauseFollower];
    bear(&mut test, &load, &faults).await;
    test.expect_sound(load).await;
}

/// Of five voters a minority is cut off, with the leader and without, then a majority, and then everybody alone.
#[tokio::test(flavor = "multi_thread")]
async fn minorities_and_majorities_of_five() {
    let mut test = Test::running(5, 0, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    for with_leader in [true, false] {
        let leader = test.cluster.leader().await.expect("leads");
        let first = if with_leader { leader } else { leader + 1 };
        let minority = [first % 5, (first + 1) % 5];
        let majority: Vec<usize> = (0..5).filter(|number| !minority.contains(number)).collect();
        test.cluster.part(&minority, &majority);
        test.cluster.leader_except(&minority).await.expect("the majority has a leader");
        load.until_acknowledged(20).await.expect("the majority goes on");
        test.cluster.links.heal();
    }
    bear(&mut test, &load, &[Fault::IsolateAll, Fault::KillMajority]).await;
    test.expect_sound(load).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_are_killed_again_and_again() {
    let mut test = Test::running(3, 1, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    bear(&mut test, &load, &[Fault::KillAll; 4]).await;
    test.expect_sound(load).await;
}
