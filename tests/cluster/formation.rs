//! One cluster comes of it, in whatever order its replicas start.

use std::time::Duration;

use tokio::time::sleep;

use crate::support::Test;

/// Replicas that start one after the other wait for each other.
#[tokio::test(flavor = "multi_thread")]
async fn in_any_order_one_cluster_is_founded_and_comes_back_after_a_total_outage() {
    for order in [[2, 0, 1, 3], [3, 1, 2, 0]] {
        let mut test = Test::new(3, 1, &[]).await;
        for number in order {
            test.cluster.start(number).expect("starts");
            sleep(Duration::from_millis(700)).await;
        }
        test.cluster.until_all_ready().await.expect("serves");
        let load = test.load().await;
        load.until_acknowledged(20).await.expect("acknowledged");
        test.cluster.kill_all().expect("killed");
        for number in order.into_iter().rev() {
            test.cluster.start(number).expect("starts");
            sleep(Duration::from_millis(300)).await;
        }
        load.until_acknowledged(20).await.expect("acknowledged");
        let verdict = test.expect_sound(load).await;
        assert!(verdict.writes >= 40 && verdict.reads > 0, "{verdict:?}");
    }
}

/// A disk that was wiped is somebody new, and gets all that there is.
#[tokio::test(flavor = "multi_thread")]
async fn a_wiped_disk_and_a_moved_replica_come_back() {
    let mut test = Test::running(3, 1, &[]).await;
    let load = test.load().await;
    load.until_acknowledged(20).await.expect("acknowledged");
    test.cluster.kill(1).expect("killed");
    test.cluster.wipe(1).expect("wiped");
    test.cluster.start(1).expect("starts");
    test.cluster.until_ready(1).await.expect("joins");
    test.cluster.kill(3).expect("killed");
    test.cluster.move_elsewhere(3).expect("moves");
    test.cluster.start(3).expect("starts");
    test.cluster.until_ready(3).await.expect("is found");
    load.until_acknowledged(20).await.expect("acknowledged");
    test.expect_sound(load).await;
}
