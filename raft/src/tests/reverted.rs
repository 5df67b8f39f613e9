//! A replica that lost what it had acknowledged stops; its leader goes on.

use super::cluster::{Replica, open_all, replicas, write_when_led};
use super::{PATIENCE, times_applied};
use crate::Engine;

const LATER: usize = 5;

/// Opens a follower on data from before its last acknowledgements. Returns the leader, the third replica, and the
/// follower.
async fn with_an_old_copy() -> (Engine, Engine, Engine) {
    let mut replicas = replicas(3, 3);
    let mut engines = open_all(&replicas).await;
    write_when_led(&engines[0], "before").await;
    let leads = |engine: &Engine| engine.status().leadership.is_leader;
    let leader = engines.iter().position(leads).expect("one leads");
    let follower = (leader + 1) % engines.len();
    let restarted = |replica: Replica, engine: Engine| async move {
        engine.shutdown().await.expect("stops");
        drop(engine);
        replica.open().await
    };
    let old = {
        let engine = engines.remove(follower);
        engine.shutdown().await.expect("stops");
        let old = replicas[follower].storage.crashed();
        engines.insert(follower, restarted(replicas[follower].clone(), engine).await);
        old
    };
    let mut last = 0;
    for number in 0..LATER {
        last = write_when_led(&engines[leader], &format!("later {number}")).await;
    }
    engines[follower].wait_applied(last, PATIENCE).await.expect("it has them");
    let engine = engines.remove(follower);
    replicas[follower].storage = old;
    let back = restarted(replicas[follower].clone(), engine).await;
    let leader = engines.remove(engines.iter().position(leads).expect("still leads"));
    (leader, engines.remove(0), back)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_whose_data_is_an_old_copy_stops_and_says_why() {
    let (leader, third, back) = with_an_old_copy().await;
    let led = *leader.leadership().borrow();
    let reason = tokio::time::timeout(PATIENCE, back.stopped()).await.expect("it stops").to_string();
    assert!(reason.starts_with(&format!("replica {} has the log up to", back.status().node_id)), "{reason}");
    assert!(reason.contains("old copy") && reason.contains("wipe its data directory"), "{reason}");
    let after = write_when_led(&leader, "after").await;
    third.wait_applied(after, PATIENCE).await.expect("a majority goes on");
    assert_eq!(*leader.leadership().borrow(), led, "the leader leads on");
    assert_eq!(times_applied(&back, "after"), 0, "nothing is acknowledged on such data");
    for engine in [&leader, &third, &back] {
        engine.shutdown().await.ok();
    }
}
