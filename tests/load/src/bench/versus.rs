//! Ordering against PostgreSQL, in turns within one run.

use std::time::Duration;

use super::Size;
use super::service::{Launcher, wait_until_ready};
use crate::postgres::{CLIENTS, Postgres};
use crate::report::{Bar, median, print_header, print_row};
use crate::workload::Scenario;

/// The bar of the issue.
const ORDER_RATIO: f64 = 1.5;
/// The bar's number of connections.
const CONNECTIONS: usize = 256;

/// Measures in turns and compares the medians.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let postgres = Postgres::start(launcher.scratch())?;
    let service = launcher.start(&[])?;
    wait_until_ready(service.base()).await?;
    let target = service.target().await?;
    println!(
        "\nPostgreSQL {}, {CLIENTS} clients, one prepared statement, without HTTP:",
        postgres.version()?
    );
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    print_header();
    for round in 1..=size.rounds {
        let rate = postgres.orders_per_second(size.round_seconds).await?;
        println!(
            "| PostgreSQL, round {round} | {CLIENTS} | {rate:.0} | | | | {} | | | |",
            size.round_seconds
        );
        theirs.push(rate);
        let measured = Duration::from_secs(size.round_seconds);
        let row = service.explain(target.measure(Scenario::Orders, CONNECTIONS, measured).await)?;
        print_row(&row);
        ours.push(row.measurement.rate());
    }
    let (theirs, ours) = (median(theirs), median(ours));
    Ok(vec![Bar {
        name: format!("orders/s at {CONNECTIONS} connections ÷ PostgreSQL, medians of {}", size.rounds),
        wanted: format!("≥ {ORDER_RATIO}"),
        measured: format!("{ours:.0} ÷ {theirs:.0} = {:.2}", ours / theirs),
        met: ours / theirs >= ORDER_RATIO,
    }])
}
