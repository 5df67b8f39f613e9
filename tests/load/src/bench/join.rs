//! A new replica of a cluster with a full store: how soon has it caught up, and what do those who order notice?

use std::time::{Duration, Instant};

use anyhow::ensure;

use super::Size;
use super::replicas::Replicas;
use super::service::Launcher;
use crate::drive::Measurement;
use crate::report::{Bar, print_header, print_row};
use crate::run::Target;
use crate::seed::create_tickets;
use crate::workload::Scenario;

const VOTERS: usize = 3;
const CONNECTIONS: usize = 64;
/// The bar.
const CAUGHT_UP_WITHIN: Duration = Duration::from_secs(30);
/// The bar: orders meanwhile against those before.
const ORDERS_KEPT: f64 = 0.5;
/// How far behind a replica may be that has caught up with a leader that goes on: what is on its way.
const ON_THE_WAY: u64 = 5_000;
/// How long orders are measured before, and while the replica joins.
const MEASURED: Duration = Duration::from_secs(10);
const POLL: Duration = Duration::from_millis(20);
/// It did not catch up at all if not by then.
const PATIENCE: Duration = Duration::from_secs(120);

/// Fills a store, measures, and returns the bars.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let mut cluster = Replicas::start(launcher.clone(), VOTERS, 1).await?;
    let target = cluster.target().await?;
    cluster.explain(create_tickets(&target.bases, &target.sellers, size.large_tickets).await)?;
    println!(
        "\nA new replica with {} tickets, {CONNECTIONS} connections order all the time:",
        size.large_tickets
    );
    print_header();
    let before = orders(&cluster, &target).await?;
    let leader = cluster.leader().await?;
    // Tickets to order are posted before the replica is started, so that ordering is all that it meets.
    let workload = target.prepared_orders(CONNECTIONS, MEASURED).await?;
    let began = Instant::now();
    let (joined, meanwhile) = tokio::join!(
        join(&mut cluster, leader, began),
        target.measure_prepared(Scenario::Orders, workload, CONNECTIONS, MEASURED),
    );
    let (caught_up, meanwhile) = cluster.explain(joined.and_then(|joined| Ok((joined, meanwhile?))))?;
    print_row(&meanwhile);
    let kept = meanwhile.measurement.rate() / before.rate();
    Ok(vec![
        Bar {
            name: format!("a new replica has caught up with {} tickets", size.large_tickets),
            wanted: format!("< {CAUGHT_UP_WITHIN:?}"),
            measured: format!("{caught_up:.1?}"),
            met: caught_up < CAUGHT_UP_WITHIN,
        },
        Bar {
            name: "orders/s while it did ÷ before".to_owned(),
            wanted: format!("≥ {ORDERS_KEPT}"),
            measured: format!("{kept:.2}, {} failed", meanwhile.measurement.failed()),
            met: kept >= ORDERS_KEPT && meanwhile.measurement.failed() == 0,
        },
    ])
}

async fn orders(cluster: &Replicas, target: &Target) -> anyhow::Result<Measurement> {
    let row = cluster.explain(target.measure(Scenario::Orders, CONNECTIONS, MEASURED).await)?;
    print_row(&row);
    Ok(row.measurement)
}

/// The time until the new replica is as far as the leader.
async fn join(cluster: &mut Replicas, leader: usize, began: Instant) -> anyhow::Result<Duration> {
    let number = cluster.bases().len();
    cluster.join().await?;
    while cluster.applied(number).await? + ON_THE_WAY < cluster.applied(leader).await? {
        ensure!(began.elapsed() < PATIENCE, "the new replica has not caught up after {PATIENCE:?}");
        tokio::time::sleep(POLL).await;
    }
    Ok(began.elapsed())
}
