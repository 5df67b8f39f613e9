//! Whoever follows events of one replica goes on at another when that is killed, and misses nothing.

use std::time::Duration;

use boxoffice_chaos::cluster::PATIENCE;
use serde_json::Value;
use tokio::time::timeout;

use crate::support::Test;

/// Events that are followed in all, at least.
const FOLLOWED: usize = 400;
/// How often the replica that is followed is killed.
const KILLS: usize = 4;

/// Somebody who follows all tickets, from the oldest event on.
#[derive(Default)]
struct Follower {
    last_id: Option<String>,
    events: Vec<Value>,
}

impl Follower {
    /// Follows a replica until there are so many events more, or the stream ends. An error is one of the connection.
    async fn follow(&mut self, base: &str, more: usize) -> Result<(), String> {
        let wanted = self.events.len() + more;
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut request = client.get(format!("{base}/api/events"));
        if let Some(last) = &self.last_id {
            request = request.header("last-event-id", last);
        }
        let mut response = request.send().await.map_err(|error| error.to_string())?;
        if response.status() != 200 {
            return Err(format!("status {}", response.status()));
        }
        let mut text = String::new();
        while self.events.len() < wanted {
            let piece = timeout(PATIENCE, response.chunk()).await.expect("it says something");
            let Some(piece) = piece.map_err(|error| error.to_string())? else { return Ok(()) };
            text.push_str(std::str::from_utf8(&piece).expect("whole characters"));
            while let Some((block, rest)) = text.split_once("\n\n") {
                let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name));
                assert_eq!(field("event: "), None, "it was never too far behind: {block}");
                if let Some(data) = field("data: ") {
                    self.events.push(serde_json::from_str(data).expect("JSON"));
                    self.last_id = field("id: ").map(str::to_owned);
                }
                text = rest.to_owned();
            }
        }
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_follower_whose_replica_is_killed_resumes_on_another_without_a_gap_or_a_repetition() {
    let mut test = Test::running(3, 0, &[]).await;
    let load = test.load().await;
    let mut follower = Follower::default();
    for kill in 0..KILLS {
        let followed = if kill % 2 == 0 {
            test.cluster.leader().await.expect("leads")
        } else {
            kill % test.cluster.count()
        };
        let base = test.cluster.base(followed);
        follower.follow(&base, FOLLOWED / KILLS / 2).await.expect("it is there");
        // While it is followed.
        let (broken, ()) = tokio::join!(follower.follow(&base, usize::MAX / 2), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            test.cluster.kill(followed).expect("killed");
        });
        assert!(broken.is_err(), "a killed replica ends nothing in order");
        let other = test.bases().remove((followed + 1) % 3);
        let mut tries = 0;
        // One that is behind says so, and has it in the end.
        while let Err(error) = follower.follow(&other, FOLLOWED / KILLS / 2).await {
            tries += 1;
            assert!(tries < 60, "{error}");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        test.cluster.start(followed).expect("starts");
        test.cluster.until_ready(followed).await.expect("serves");
    }
    test.expect_sound(load).await;
    // All that anybody may see, as one replica has it at once.
    let seen = &follower.events;
    assert!(seen.len() >= FOLLOWED, "{}", seen.len());
    test.cluster.start_all().expect("starts");
    test.cluster.until_all_ready().await.expect("serves");
    let mut whole = Follower::default();
    whole.follow(&test.cluster.base(0), seen.len()).await.expect("it is there");
    let sequences = |events: &[Value]| -> Vec<String> {
        events.iter().map(|event| event["sequence"].as_str().expect("a text").to_owned()).collect()
    };
    assert_eq!(sequences(seen), sequences(&whole.events), "neither a gap nor a repetition");
    assert_eq!(*seen, whole.events, "and the same bytes wherever they came from");
    test.cluster.terminate_all().await.expect("stops in order");
}
