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
/// The bar's number of connections, each of one client, to either.
const CONNECTIONS: usize = 256;
/// As many clients of etcd may also share so few connections, which HTTP/2 lets them do, and a shop's visitors not.
const SHARED_CONNECTIONS: usize = 12;
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

/// Rates of one rival's puts and our orders, round by round: taken in turn, for a machine is not the same all the time.
#[derive(Default)]
struct Rates {
    orders: Vec<f64>,
    puts: Vec<f64>,
    /// With [`SHARED_CONNECTIONS`].
    shared_puts: Vec<f64>,
}

async fn orders(launcher: &Launcher, size: &Size, against_etcd: bool) -> anyhow::Result<Vec<Bar>> {
    let etcd = if against_etcd { Some(Etcd::start(launcher.scratch(), VOTERS).await?) } else { None };
    let cluster = Replicas::start(launcher.clone(), VOTERS, 0).await?;
    let target = cluster.target().await?;
    println!("\nOrders through {VOTERS} replicas, every log entry synced by a quorum:");
    print_header();
    let mut rates = Rates::default();
    let measured = Duration::from_secs(size.round_seconds);
    for round in 1..=size.rounds {
        if let Some(etcd) = &etcd {
            rates.puts.push(puts(etcd, round, CONNECTIONS, measured).await?);
            rates.shared_puts.push(puts(etcd, round, SHARED_CONNECTIONS, measured).await?);
        }
        let row = cluster.explain(target.measure(Scenario::Orders, CONNECTIONS, measured).await)?;
        print_row(&row);
        rates.orders.push(row.measurement.rate());
    }
    Ok(if against_etcd { rates.bars() } else { vec![] })
}

async fn puts(etcd: &Etcd, round: usize, connections: usize, measured: Duration) -> anyhow::Result<f64> {
    let puts = etcd.puts(CONNECTIONS, connections, measured).await?;
    println!(
        "| etcd puts on {connections} connections, round {round} | {CONNECTIONS} | {:.0} | {:.2} | {:.2} | 0 | {} | | | |",
        puts.per_second,
        puts.p50_ms,
        puts.p99_ms,
        measured.as_secs()
    );
    Ok(puts.per_second)
}

impl Rates {
    fn bars(self) -> Vec<Bar> {
        let rounds = self.orders.len();
        let orders = median(self.orders);
        let (puts, shared_puts) = (median(self.puts), median(self.shared_puts));
        println!(
            "\nBeside the bar: {orders:.0} orders/s ÷ {shared_puts:.0} puts/s of {CONNECTIONS} clients that share \
             {SHARED_CONNECTIONS} connections = {:.2}",
            orders / shared_puts
        );
        vec![Bar {
            name: format!(
                "orders/s at {CONNECTIONS} connections on {VOTERS} replicas ÷ puts/s of etcd at as many, medians of \
                 {rounds}"
            ),
            wanted: format!("≥ {ORDER_RATIO}"),
            measured: format!("{orders:.0} ÷ {puts:.0} = {:.2}", orders / puts),
            met: orders / puts >= ORDER_RATIO,
        }]
    }
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
