//! A full store: how fast are pages, how much memory does it take, and how soon is it back after a crash?

use std::time::Duration;

use super::Size;
use super::service::{Launcher, wait_until_ready};
use crate::process::usage;
use crate::report::{Bar, print_header, print_row};
use crate::seed::{create_tickets, place_orders};
use crate::workload::Scenario;

/// The bars of the issue.
const CONNECTIONS: usize = 64;
const PAGE_P99_MS: f64 = 20.0;
const MEMORY_BYTES: u64 = 400 << 20;
const READY_WITHIN: Duration = Duration::from_secs(2);

const MEASURED: Duration = Duration::from_secs(10);
const MIB: f64 = (1 << 20) as f64;

/// Fills a store, then measures.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    // The orders must still be there when the measurement ends.
    let mut service = launcher.start(&[("BOXOFFICE_PAYMENT_WINDOW", "24h")])?;
    wait_until_ready(service.base()).await?;
    let target = service.target().await?;
    let mut tickets =
        service.explain(create_tickets(&target.bases, &target.sellers, size.large_tickets).await)?;
    tickets.truncate(size.large_orders);
    service.explain(place_orders(&target.bases, &target.buyers, tickets.into()).await)?;
    let after_filling = usage(service.pid())?;

    println!("\nWith {} tickets and {} orders:", size.large_tickets, size.large_orders);
    print_header();
    let mut bars = Vec::new();
    for scenario in [Scenario::List, Scenario::Search, Scenario::GetTicket] {
        let row = service.explain(target.measure(scenario, CONNECTIONS, MEASURED).await)?;
        print_row(&row);
        if scenario != Scenario::GetTicket {
            let p99_ms = row.measurement.latency_ms(0.99);
            bars.push(Bar {
                name: format!("{} p99 at {CONNECTIONS} connections, full store", row.scenario),
                wanted: format!("< {PAGE_P99_MS} ms"),
                measured: format!("{p99_ms:.1} ms"),
                met: p99_ms < PAGE_P99_MS && row.measurement.failed() == 0,
            });
        }
    }
    let peak_bytes = usage(service.pid())?.peak_rss_bytes;
    bars.push(Bar {
        name: "memory with a full store, peak since the start".to_owned(),
        wanted: format!("< {:.0} MiB", MEMORY_BYTES as f64 / MIB),
        measured: format!(
            "{:.0} MiB (after filling: {:.0} MiB)",
            peak_bytes as f64 / MIB,
            after_filling.rss_bytes as f64 / MIB
        ),
        met: peak_bytes < MEMORY_BYTES,
    });
    let ready = service.crash_and_restart().await?;
    bars.push(Bar {
        name: "ready after kill -9, full store".to_owned(),
        wanted: format!("< {READY_WITHIN:?}"),
        measured: format!("{ready:.2?}"),
        met: ready < READY_WITHIN,
    });
    Ok(bars)
}
