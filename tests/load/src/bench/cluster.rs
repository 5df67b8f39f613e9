//! Three voters on this machine: ordering over all of them, beside etcd if it is asked for; how long nobody can write
//! when the leader goes; how soon a new replica has caught up.

use std::time::Duration;

use super::replicas::Replicas;
use super::service::Launcher;
use super::{Part, Size, gap, join};
use crate::etcd::Etcd;
use crate::process::Signal;
use crate::report::{Bar, median, print_header, print_row};
use crate::workload::Scenario;

const VOTERS: usize = 3;
/// The bar of orders against etcd's puts.
const ORDER_RATIO: f64 = 1.2;
/// The bar's number of connections, and of etcd's clients.
const CONNECTIONS: usize = 256;
/// The bar of the time without a write after `kill -9` of the leader.
const GAP_AFTER_KILL: Duration = Duration::from_secs(2);
/// The bar of the time without a write after SIGTERM to the leader.
const GAP_AFTER_TERM: Duration = Duration::from_millis(500);

/// Measures, prints what it measures, and returns the bars.
pub(crate) async fn measure(
    launcher: &Launcher,
    size: &Size,
    parts: &[Part],
    against_etcd: bool,
) -> anyhow::Result<Vec<Bar>> {
    let mut bars = vec![];
    for part in parts {
        match part {
            Part::Orders => bars.extend(orders(launcher, size, against_etcd).await?),
            Part::Gaps => bars.extend(gaps(launcher, size).await?),
            Part::Join => bars.extend(join::measure(launcher, size).await?),
        }
    }
    Ok(bars)
}

async fn orders(launcher: &Launcher, size: &Size, against_etcd: bool) -> anyhow::Result<Option<Bar>> {
    let etcd = if against_etcd { Some(Etcd::start(launcher.scratch(), VOTERS).await?) } else { None };
    let cluster = Replicas::start(launcher.clone(), VOTERS, 0).await?;
    let target = cluster.target().await?;
    println!("\nOrders through {VOTERS} replicas, every log entry synced by a quorum:");
    print_header();
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    let measured = Duration::from_secs(size.round_seconds);
    for round in 1..=size.rounds {
        if let Some(etcd) = &etcd {
            let puts = etcd.puts(CONNECTIONS, measured).await?;
            println!(
                "| etcd puts, round {round} | {CONNECTIONS} | {:.0} | {:.2} | {:.2} | 0 | {} | | | |",
                puts.per_second,
                puts.p50_ms,
                puts.p99_ms,
                measured.as_secs()
            );
            theirs.push(puts.per_second);
        }
        let row = cluster.explain(target.measure(Scenario::Orders, CONNECTIONS, measured).await)?;
        print_row(&row);
        ours.push(row.measurement.rate());
    }
    if theirs.is_empty() {
        return Ok(None);
    }
    let (theirs, ours) = (median(theirs), median(ours));
    Ok(Some(Bar {
        name: format!(
            "orders/s at {CONNECTIONS} connections on {VOTERS} replicas ÷ etcd's puts, medians of {}",
            size.rounds
        ),
        wanted: format!("≥ {ORDER_RATIO}"),
        measured: format!("{ours:.0} ÷ {theirs:.0} = {:.2}", ours / theirs),
        met: ours / theirs >= ORDER_RATIO,
    }))
}

async fn gaps(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let mut cluster = Replicas::start(launcher.clone(), VOTERS, 0).await?;
    let mut bars = Vec::new();
    for (signal, name, wanted) in
        [(Signal::KILL, "kill -9", GAP_AFTER_KILL), (Signal::TERM, "SIGTERM", GAP_AFTER_TERM)]
    {
        let mut gaps = gap::measure(&mut cluster, signal, size.leader_ends).await?;
        gaps.sort_unstable();
        // Of twenty, the longest but none: the 99th percentile of so few is the greatest.
        let (p50, longest) = (gaps[gaps.len() / 2], gaps[gaps.len() - 1]);
        bars.push(Bar {
            name: format!("longest time without a write after {name} of the leader, {} times", gaps.len()),
            wanted: format!("< {wanted:?}"),
            measured: format!("{longest:.0?}, median {p50:.0?}"),
            met: longest < wanted,
        });
    }
    Ok(bars)
}
