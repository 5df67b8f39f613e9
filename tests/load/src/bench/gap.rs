//! How long nobody can write when the leader goes: clients of all replicas write all the time, and the leader is ended
//! again and again.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::task::JoinSet;

use super::replicas::Replicas;
use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::process::Signal;
use crate::request::Request;
use crate::run::Target;
use crate::workload::Workload;

/// Clients of each replica. A few of them show a gap as well as many, and leave the processors to the replicas.
const CLIENTS: usize = 8;
/// Between two writes of a client.
const PACE: Duration = Duration::from_millis(5);
/// Writes go on for so long before and after the leader's end; a gap is over by then.
const BEFORE: Duration = Duration::from_millis(500);
const AFTER: Duration = Duration::from_secs(6);
/// A replica that was restarted has caught up this soon.
const CATCH_UP: Duration = Duration::from_secs(30);

/// Ends the leader so many times with this signal, and returns the longest time without a write around each.
pub(crate) async fn measure(
    cluster: &mut Replicas,
    signal: Signal,
    times: usize,
) -> anyhow::Result<Vec<Duration>> {
    let target = cluster.target().await?;
    let mut gaps = Vec::new();
    for _ in 0..times {
        let leader = cluster.leader().await?;
        let done = Rc::new(RefCell::new(Vec::new()));
        let mut clients = writers(&target, &cluster.bases(), &done);
        tokio::time::sleep(BEFORE).await;
        let ended_at = Instant::now();
        cluster.end(leader, signal).await?;
        tokio::time::sleep(AFTER.saturating_sub(ended_at.elapsed())).await;
        clients.abort_all();
        while clients.join_next().await.is_some() {}
        gaps.push(longest_gap(&done.borrow(), ended_at)?);
        cluster.restart(leader).await?;
        caught_up(cluster, leader).await?;
    }
    Ok(gaps)
}

/// Clients that post tickets and note when each was acknowledged.
fn writers(target: &Target, bases: &[BaseUrl], done: &Rc<RefCell<Vec<Instant>>>) -> JoinSet<()> {
    let mut clients = JoinSet::new();
    for (seed, base) in (0..).zip(bases.iter().copied().cycle().take(CLIENTS * bases.len())) {
        let workload = Workload::create_tickets(u64::MAX, Rc::clone(&target.sellers));
        let done = Rc::clone(done);
        clients.spawn_local(async move {
            let (mut rng, mut request) = (SmallRng::seed_from_u64(seed), Request::default());
            let mut connection = Connection::new(base);
            while workload.next(&mut rng, &mut request) {
                let answered = connection.send(request.as_bytes()).await;
                if answered.is_ok_and(|reply| reply.status == workload.success()) {
                    done.borrow_mut().push(Instant::now());
                }
                tokio::time::sleep(PACE).await;
            }
        });
    }
    clients
}

/// The longest time between two acknowledgements that ends after `since`.
fn longest_gap(done: &[Instant], since: Instant) -> anyhow::Result<Duration> {
    let gaps = done.windows(2).filter(|pair| pair[1] >= since).map(|pair| pair[1] - pair[0]);
    let longest = gaps.max();
    let last = done.last().copied();
    ensure!(last.is_some_and(|last| last > since), "no write was acknowledged any more");
    Ok(longest.unwrap_or_default())
}

async fn caught_up(cluster: &Replicas, number: usize) -> anyhow::Result<()> {
    let deadline = Instant::now() + CATCH_UP;
    let leader = cluster.leader().await?;
    while cluster.applied(number).await? < cluster.applied(leader).await? {
        ensure!(Instant::now() < deadline, "replica {number} did not catch up in {CATCH_UP:?}");
        tokio::time::sleep(PACE).await;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_that_counts_ends_after_the_leader() {
        let start = Instant::now();
        let at = |ms: u64| start + Duration::from_millis(ms);
        let done = [at(0), at(400), at(410), at(450), at(600), at(610)];
        assert_eq!(longest_gap(&done, at(420)).unwrap(), Duration::from_millis(150));
        assert!(longest_gap(&done, at(700)).is_err());
    }
}
