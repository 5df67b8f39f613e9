//! Paying against ordering, in turns within one run: by a gateway that answers at once.

use std::process::{Command, Stdio};
use std::time::Duration;

use super::Size;
use super::service::{Launcher, Service, wait_until_ready};
use crate::process::{Signal, Started, printed_url};
use crate::report::{Bar, median, print_header, print_row};
use crate::run::Target;
use crate::workload::Scenario;

/// The bar of payments against orders.
const PAYMENT_RATIO: f64 = 1.0 / 3.0;
/// The bar's number of connections.
const CONNECTIONS: usize = 256;
/// Orders that are to be paid for must not be due before.
const WINDOW: (&str, &str) = ("BOXOFFICE_PAYMENT_WINDOW", "24h");

/// Measures in turns and compares the medians.
pub(crate) async fn measure(launcher: &Launcher, size: &Size) -> anyhow::Result<Vec<Bar>> {
    let by_sandbox = launcher.start(&[WINDOW])?;
    println!("\nPayments by the sandbox, whose books are in the replicated state:");
    let sandbox = rates(&by_sandbox, size, CONNECTIONS).await?;
    drop(by_sandbox);
    let (stripe, url) = start_stripe()?;
    let by_stripe = launcher.start(&[
        WINDOW,
        ("BOXOFFICE_STRIPE_SECRET_KEY", "sk_test_standin"),
        ("BOXOFFICE_STRIPE_PUBLISHABLE_KEY", "pk_test_standin"),
        ("BOXOFFICE_STRIPE_WEBHOOK_SECRET", "whsec_standin"),
        ("BOXOFFICE_STRIPE_API_BASE", &url),
    ])?;
    println!(
        "\nPayments by a stand-in for Stripe on this machine, three calls each, which shares its cores:"
    );
    rates(&by_stripe, size, CONNECTIONS).await?;
    drop(by_stripe);
    drop(stripe);
    let (orders, payments) = sandbox;
    Ok(vec![Bar {
        name: format!(
            "payments/s by the sandbox ÷ orders/s at {CONNECTIONS} connections, medians of {}",
            size.rounds
        ),
        wanted: format!("≥ {PAYMENT_RATIO:.2}"),
        measured: format!("{payments:.0} ÷ {orders:.0} = {:.2}", payments / orders),
        met: payments / orders >= PAYMENT_RATIO,
    }])
}

/// Orders and payments a second.
async fn rates(service: &Service, size: &Size, connections: usize) -> anyhow::Result<(f64, f64)> {
    wait_until_ready(service.base()).await?;
    let target = Target::for_sales([service.base()], Some(service.pid())).await;
    let target = service.explain(target)?.at_most(size.orders_per_second, size.payments_per_second);
    print_header();
    let (mut orders, mut payments) = (Vec::new(), Vec::new());
    for _ in 0..size.rounds {
        orders.push(rate(service, &target, Scenario::Orders, size, connections).await?);
        payments.push(rate(service, &target, Scenario::Payments, size, connections).await?);
    }
    Ok((median(orders), median(payments)))
}

async fn rate(
    service: &Service,
    target: &Target,
    scenario: Scenario,
    size: &Size,
    connections: usize,
) -> anyhow::Result<f64> {
    let measured = Duration::from_secs(size.round_seconds);
    let row = service.explain(target.measure(scenario, connections, measured).await)?;
    print_row(&row);
    Ok(row.measurement.rate())
}

/// Starts this program's own stand-in as another process.
fn start_stripe() -> anyhow::Result<(Started, String)> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("stripe").stdout(Stdio::piped());
    // It holds nothing that an orderly end would save.
    let mut process = Started::spawn("stripe", &mut command)?.stopped_with(Signal::KILL);
    let url = printed_url(&mut process)?;
    Ok((process, url))
}
