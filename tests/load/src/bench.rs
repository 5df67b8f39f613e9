//! The whole measurement: starts the service on fresh data directories and compares it with the bars.

mod cluster;
mod events;
mod gap;
mod groups;
mod join;
mod large;
mod pages;
mod payments;
mod replicas;
mod scenarios;
mod service;
mod versus;
mod webhooks;

use std::path::PathBuf;

use crate::report::{Bar, print_bars};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The release build of the service.
    #[arg(long, default_value = "target/release/boxoffice")]
    binary: PathBuf,
    /// Where the fresh data directories are made; its disk is what is measured.
    #[arg(long)]
    scratch: Option<PathBuf>,
    /// A smoke test of about a minute; its numbers mean little.
    #[arg(long)]
    quick: bool,
    /// Also run this beside it and compare the rates; repeat or separate by commas. With etcd, the cluster is
    /// measured as well.
    #[arg(long, value_enum, value_delimiter = ',')]
    against: Vec<Rival>,
    /// Also measure three replicas, or only these parts of that; separate them by commas.
    #[arg(long, value_enum, value_name = "PARTS", value_delimiter = ',', num_args = 0..=3, require_equals = true,
          default_missing_values = ["orders", "gaps", "join"])]
    cluster: Vec<Part>,
    /// Also measure with 1 000 000 tickets and 200 000 orders in the store.
    #[arg(long)]
    large: bool,
    /// Also let 100 000 orders fall due in one second.
    #[arg(long)]
    expiry: bool,
    /// Also pay for orders, by the sandbox and by a stand-in for Stripe, and compare with the rate of orders.
    #[arg(long)]
    payments: bool,
    /// Also follow events: what 1 000 streams cost that nothing concerns, and how soon an event comes.
    #[arg(long)]
    events: bool,
    /// Also have a consumer group go through events.
    #[arg(long)]
    groups: bool,
    /// Also send webhooks, to an endpoint that answers and to one that hangs beside it.
    #[arg(long)]
    webhooks: bool,
    /// Also load the storefront's pages in Debian's Chromium.
    #[arg(long)]
    pages: bool,
    /// Leave out the table of scenarios.
    #[arg(long)]
    skip_scenarios: bool,
}

/// What the service is compared with.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Rival {
    /// Debian's PostgreSQL: orders as one statement each.
    Postgres,
    /// Debian's etcd: plain puts on three members.
    Etcd,
}

/// What is measured on three replicas.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Orders through all of them, beside etcd if it is asked for.
    Orders,
    /// The time without a write when the leader goes.
    Gaps,
    /// How soon a new replica has caught up.
    Join,
}

/// How large and long everything is.
struct Size {
    /// Seconds for each scenario.
    seconds: u64,
    connections: &'static [usize],
    /// Seconds for each round against PostgreSQL, or of payments.
    round_seconds: u64,
    /// More orders a second than this are not expected where they are compared with payments: so many tickets are posted.
    orders_per_second: u64,
    /// The same of payments: so many orders are placed.
    payments_per_second: u64,
    rounds: usize,
    large_tickets: u64,
    large_orders: usize,
    expiring_orders: u64,
    /// The payment window then; longer than placing the orders takes.
    expiring_window: &'static str,
    /// How often the leader is ended, by each signal.
    leader_ends: usize,
}

const FULL: Size = Size {
    seconds: 5,
    connections: &[1, 64, 256, 1024],
    round_seconds: 15,
    orders_per_second: 30_000,
    payments_per_second: 6_000,
    rounds: 3,
    large_tickets: 1_000_000,
    large_orders: 200_000,
    expiring_orders: 100_000,
    expiring_window: "30s",
    leader_ends: 20,
};

const QUICK: Size = Size {
    seconds: 1,
    connections: &[1, 64],
    round_seconds: 3,
    orders_per_second: 3_000,
    payments_per_second: 1_000,
    rounds: 1,
    large_tickets: 20_000,
    large_orders: 4_000,
    expiring_orders: 2_000,
    expiring_window: "5s",
    leader_ends: 2,
};

/// Measures, prints the tables, and fails when a bar was missed.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let size = if args.quick { &QUICK } else { &FULL };
    let scratch = args.scratch.clone().unwrap_or_else(std::env::temp_dir);
    let launcher = service::Launcher::new(args.binary.clone(), scratch)?;
    let mut bars = Vec::new();
    if !args.skip_scenarios {
        bars.extend(scenarios::measure(&launcher, size).await?);
    }
    if args.against.contains(&Rival::Postgres) {
        bars.extend(versus::measure(&launcher, size).await?);
    }
    let against_etcd = args.against.contains(&Rival::Etcd);
    let of_cluster = if args.cluster.is_empty() && against_etcd {
        <Part as clap::ValueEnum>::value_variants()
    } else {
        &args.cluster
    };
    bars.extend(cluster::measure(&launcher, size, of_cluster, against_etcd).await?);
    if args.payments {
        bars.extend(payments::measure(&launcher, size).await?);
    }
    if args.events {
        bars.extend(events::measure(&launcher, size).await?);
    }
    if args.groups {
        bars.extend(groups::measure(&launcher, size).await?);
    }
    if args.webhooks {
        bars.extend(webhooks::measure(&launcher, size).await?);
    }
    if args.pages {
        bars.extend(pages::measure(&launcher, size).await?);
    }
    if args.large {
        bars.extend(large::measure(&launcher, size).await?);
    }
    if args.expiry {
        bars.extend(expiry(&launcher, size).await?);
    }
    print_bars(&bars);
    let missed = bars.iter().filter(|bar| !bar.met).count();
    // A minute's numbers are no measurement, so that missing a bar by them means nothing.
    anyhow::ensure!(args.quick || missed == 0, "{missed} bars missed");
    Ok(())
}

async fn expiry(launcher: &service::Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let service = launcher.start(&[("BOXOFFICE_PAYMENT_WINDOW", size.expiring_window)])?;
    service::wait_until_ready(service.base()).await?;
    let target = service.target().await?;
    service.explain(crate::expiry::measure(&target, service.pid(), size.expiring_orders).await)
}
