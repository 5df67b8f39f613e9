//! A replica that lost what it had acknowledged stops; its leader goes on.

use futures_util::FutureExt;

use super::cluster::{open_all, replicas, write_when_led};
use super::{PATIENCE, times_applied};
use crate::{Engine, Leadership};

const LATER: usize = 5;
/// On a busy machine another one may be elected meanwhile, who cannot know what was acknowledged to the first.
const ATTEMPTS: usize = 5;

/// Three replicas, a follower of which was opened on data from before its last acknowledgements.
struct Reverted {
    leader: Engine,
    third: Engine,
    back: Engine,
    /// Who led when it acknowledged them.
    led: Leadership,
}

impl Reverted {
    async fn open() -> Self {
        let mut replicas = replicas(3, 3);
        let mut engines = open_all(&replicas).await;
        write_when_led(&engines[0], "before").await;
        let leads = |engine: &Engine| engine.status().leadership.is_leader;
        let leader = engines.iter().position(leads).expect("one leads");
        let (follower, replica) = (engines.remove((leader + 1) % 3), replicas.remove((leader + 1) % 3));
        follower.shutdown().await.expect("stops");
        drop(follower);
        let old_copy = replica.storage.crashed();
        let follower = replica.open().await;
        let mut last = 0;
        for number in 0..LATER {
            last = write_when_led(&follower, &format!("later {number}")).await;
        }
        follower.wait_applied(last, PATIENCE).await.expect("it has them");
        let led = Leadership { is_leader: true, ..*follower.leadership().borrow() };
        follower.shutdown().await.expect("stops");
        drop(follower);
        let mut replica = replica;
        replica.storage = old_copy;
        let back = replica.open().await;
        let leader = engines.iter().position(|engine| Some(engine.status().node_id) == led.leader);
        let leader = engines.remove(leader.expect("one of the two"));
        Self { leader, third: engines.remove(0), back, led }
    }

    /// Why the follower stopped; none if its leader does not lead any more.
    async fn why_stopped(&self) -> Option<String> {
        let mut leadership = self.leader.leadership();
        tokio::select! {
            biased;
            reason = self.back.stopped() => Some(reason.to_string()),
            _ = leadership.wait_for(|now| *now != self.led) => None,
            () = tokio::time::sleep(PATIENCE) => panic!("it goes on, led by {:?}", self.led),
        }
    }

    async fn close(&self) {
        for engine in [&self.leader, &self.third, &self.back] {
            engine.shutdown().await.ok();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_whose_data_is_an_old_copy_stops_and_says_why() {
    for _ in 0..ATTEMPTS {
        let all = Reverted::open().await;
        let stopped = all.why_stopped().await;
        assert_eq!(all.leader.stopped().now_or_never(), None, "the leader lives");
        let Some(reason) = stopped else {
            all.close().await;
            continue;
        };
        let own = all.back.status().node_id;
        assert!(reason.starts_with(&format!("replica {own} has the log up to")), "{reason}");
        assert!(reason.contains("old copy") && reason.contains("wipe its data directory"), "{reason}");
        let after = write_when_led(&all.leader, "after").await;
        all.third.wait_applied(after, PATIENCE).await.expect("a majority goes on");
        assert_eq!(times_applied(&all.back, "after"), 0, "nothing is acknowledged on such data");
        assert_eq!(all.leader.stopped().now_or_never(), None, "the leader lives");
        all.close().await;
        return;
    }
    panic!("there is another leader each time");
}
