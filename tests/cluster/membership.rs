//! Replicas come and go while clients are at work.

use crate::support::Test;

/// A learner and the leader are removed, end by themselves, and join anew with an empty disk.
#[tokio::test(flavor = "multi_thread")]
async fn replicas_leave_and_join_under_load() {
    let mut test = Test::running(3, 1, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    for removed in [3, test.cluster.leader().await.expect("leads")] {
        let before = test.cluster.id(removed).await.expect("a member");
        test.cluster.remove(removed, (removed + 1) % 3).await.expect("removed");
        load.until_acknowledged(20).await.expect("goes on without it");
        test.cluster.wipe(removed).expect("wiped");
        test.cluster.start(removed).expect("starts");
        test.cluster.until_ready(removed).await.expect("joins");
        let after = test.cluster.id(removed).await.expect("a member");
        assert!(after > before, "{after} is no id of its own: it was {before} before");
        test.cluster.until_voting().await.expect("votes");
        load.until_acknowledged(20).await.expect("goes on with it");
    }
    test.expect_sound(load).await;
}

/// The disk of one voter after the other is lost, so that in the end all are somebody new.
#[tokio::test(flavor = "multi_thread")]
async fn every_voter_is_replaced_under_load() {
    let mut test = Test::running(3, 0, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    for lost in 0..3 {
        test.cluster.kill(lost).expect("killed");
        test.cluster.wipe(lost).expect("wiped");
        test.cluster.start(lost).expect("starts");
        test.cluster.until_ready(lost).await.expect("joins");
        test.cluster.until_voting().await.expect("votes in its place");
        load.until_acknowledged(20).await.expect("goes on");
    }
    test.expect_sound(load).await;
}
