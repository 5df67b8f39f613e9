//! The table: every scenario at every number of connections.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::Size;
use super::service::{Launcher, wait_until_ready};
use crate::base_url::BaseUrl;
use crate::process::{Signal, Started, printed_url};
use crate::report::{Bar, print_header, print_row};
use crate::run::Target;
use crate::workload::Scenario;

/// The bar of the issue: reading a ticket against the handler without a store.
const READ_RATIO: f64 = 0.8;

const AFTER_READS: [Scenario; 4] = [Scenario::List, Scenario::Search, Scenario::Signin, Scenario::Orders];

/// Measures and prints the table; returns the bars on reading.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let seconds = Duration::from_secs(size.seconds);
    let (baseline, handler) = start_baseline()?;
    let service = launcher.start(&[])?;
    wait_until_ready(service.base()).await?;
    let target = service.target().await?;
    print_header();
    let mut bars = Vec::new();
    for connections in size.connections {
        // One after the other, so that both meet the same weather on the machine.
        let without_store = handler.measure(Scenario::Handler, *connections, seconds).await?;
        print_row(&without_store);
        let read = target.measure(Scenario::GetTicket, *connections, seconds).await?;
        print_row(&read);
        let ratio = read.measurement.rate() / without_store.measurement.rate();
        bars.push(Bar {
            name: format!("get one ticket ÷ handler without store, {connections} connections"),
            wanted: format!("≥ {READ_RATIO}"),
            measured: format!("{ratio:.2}"),
            met: ratio >= READ_RATIO,
        });
    }
    drop(baseline);
    for scenario in AFTER_READS {
        for connections in size.connections {
            let row = service.explain(target.measure(scenario, *connections, seconds).await)?;
            print_row(&row);
        }
    }
    Ok(bars)
}

/// Starts this program's own server as another process.
fn start_baseline() -> anyhow::Result<(Started, Target)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("baseline").stdout(Stdio::piped());
    // It holds nothing that an orderly end would save.
    let mut process = Started::spawn("baseline", &mut command)?.stopped_with(Signal::KILL);
    let base: BaseUrl = printed_url(&mut process)?.parse()?;
    let target = Target::baseline([base], Some(process.pid()));
    Ok((process, target))
}
