//! Many orders fall due at once: how soon are the tickets back on sale, and what do other writers notice?
//!
//! Placing so many orders takes seconds, and so their deadlines are spread over as many. The service is therefore
//! paused (SIGSTOP) once all are placed, until the last is due, and continued: all are overdue in one moment.

use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;

use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::drive::{Measurement, Plan, drive};
use crate::report::Bar;
use crate::request::Request;
use crate::run::Target;
use crate::seed::{Account, create_tickets, place_orders};
use crate::workload::Workload;

/// A wider window than any measured would only make the run long.
const MAX_WINDOW: Duration = Duration::from_secs(600);
/// The bar of the issue.
const BACK_ON_SALE_WITHIN: Duration = Duration::from_secs(10);
/// The bar of the issue for other writes meanwhile.
const OTHER_WRITES_P99_MS: f64 = 250.0;
/// Other writers, each with a write planned at this pace.
const WRITERS: usize = 16;
const WRITER_PACE: Duration = Duration::from_millis(20);
/// How long the writers go on; also the longest the expiry is waited for.
const OBSERVED: Duration = Duration::from_secs(30);
/// How often the buyers' open orders are asked for.
const POLL: Duration = Duration::from_millis(50);
/// Tickets looked at one by one at the end.
const SAMPLED_TICKETS: usize = 1_000;
/// Deadlines are rounded down to whole seconds when they are told.
const ROUNDING: Duration = Duration::from_secs(1);

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The service, as http://host:port, with a payment window that is longer than placing the orders takes.
    #[arg(long)]
    base: BaseUrl,
    /// Its process id: it is paused until all orders are overdue.
    #[arg(long)]
    pid: u32,
    /// Orders that fall due at once.
    #[arg(long, default_value_t = 100_000)]
    orders: u64,
}

/// What was seen.
struct Outcome {
    orders: u64,
    back_on_sale: Option<Duration>,
    writes: Measurement,
}

/// Measures and prints the bars.
pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let target = Target::prepare([args.base], Some(args.pid)).await?;
    crate::report::print_bars(&measure(&target, args.pid, args.orders).await?);
    Ok(())
}

/// Measures against `target`, whose process is `pid`.
pub(crate) async fn measure(target: &Target, pid: u32, orders: u64) -> anyhow::Result<Vec<Bar>> {
    let tickets: Rc<[String]> = create_tickets(&target.bases, &target.sellers, orders).await?.into();
    let began = Instant::now();
    place_orders(&target.bases, &target.buyers, Rc::clone(&tickets)).await?;
    let placing = began.elapsed();
    let window = one_more_order(target).await?;
    ensure!(window < MAX_WINDOW, "a payment window of {window:?} is too long to wait for");
    ensure!(
        placing < window,
        "the first order fell due after {window:?}, before the last was placed ({placing:?})"
    );
    pause(pid, window + ROUNDING).await?;
    let outcome = observe(target, orders + 1).await?;
    ensure_on_sale(target, &tickets).await?;
    Ok(bars(&outcome))
}

/// Places the last order and returns the time until it is due.
async fn one_more_order(target: &Target) -> anyhow::Result<Duration> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Order {
        expires_in_seconds: f64,
    }
    let ids = create_tickets(&target.bases, &target.sellers, 1).await?;
    let body = format!(r#"{{"ticketId":"{}"}}"#, ids[0]);
    let mut request = Request::default();
    request.json("POST", "/api/orders", Some(&target.buyers[0].token), &body);
    let mut connection = Connection::new(target.bases[0]);
    let reply = connection.send(request.as_bytes()).await?;
    ensure!(reply.status == 201, "ordering answered {}", reply.status);
    let order: Order = serde_json::from_slice(reply.body).context("an order")?;
    Ok(Duration::from_secs_f64(order.expires_in_seconds))
}

/// Stops the process for `duration`; it continues even if this future is dropped.
async fn pause(pid: u32, duration: Duration) -> anyhow::Result<()> {
    struct Continue(Pid);
    impl Drop for Continue {
        fn drop(&mut self) {
            if let Err(error) = kill_process(self.0, Signal::CONT) {
                eprintln!("process {} could not be continued: {error}", self.0.as_raw_nonzero());
            }
        }
    }
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw).context("not a process id")?;
    kill_process(pid, Signal::STOP).context("pause the service")?;
    let paused = Continue(pid);
    tokio::time::sleep(duration).await;
    drop(paused);
    Ok(())
}

/// Watches the orders go while other writers write.
async fn observe(target: &Target, orders: u64) -> anyhow::Result<Outcome> {
    let plan = Plan {
        connections: WRITERS,
        warm_up: Duration::ZERO,
        measured: BACK_ON_SALE_WITHIN,
        pace: Some(WRITER_PACE),
        server_pid: target.pid,
    };
    let workload = Workload::create_tickets(u64::MAX, Rc::clone(&target.sellers));
    let continued = Instant::now();
    let writes = drive(&target.bases, workload, plan, |_| ());
    let gone = until_no_open_orders(target.bases[0], &target.buyers, continued);
    let (writes, back_on_sale) = tokio::join!(writes, gone);
    Ok(Outcome { orders, back_on_sale: back_on_sale?, writes: writes? })
}

/// The time until no buyer has an open order, or `None` if some still had after the longest wait.
async fn until_no_open_orders(
    base: BaseUrl,
    buyers: &[Account],
    since: Instant,
) -> anyhow::Result<Option<Duration>> {
    let mut connection = Connection::new(base);
    let mut request = Request::default();
    for buyer in buyers {
        loop {
            request.empty("GET", "/api/orders?status=created&limit=1", Some(&buyer.token));
            let reply = connection.send(request.as_bytes()).await?;
            ensure!(reply.status == 200, "listing orders answered {}", reply.status);
            if reply.body == b"[]" {
                break;
            }
            if since.elapsed() > OBSERVED {
                return Ok(None);
            }
            tokio::time::sleep(POLL).await;
        }
    }
    Ok(Some(since.elapsed()))
}

/// Looks at a sample of the tickets: each must be available.
async fn ensure_on_sale(target: &Target, tickets: &[String]) -> anyhow::Result<()> {
    #[derive(Deserialize)]
    struct Ticket {
        status: String,
    }
    let mut connection = Connection::new(target.bases[0]);
    let mut request = Request::default();
    for id in tickets.iter().step_by((tickets.len() / SAMPLED_TICKETS).max(1)) {
        request.empty("GET", &format!("/api/tickets/{id}"), None);
        let reply = connection.send(request.as_bytes()).await?;
        let ticket: Ticket = serde_json::from_slice(reply.body).context("a ticket")?;
        ensure!(ticket.status == "available", "{id} is {} after its order expired", ticket.status);
    }
    Ok(())
}

fn bars(outcome: &Outcome) -> Vec<Bar> {
    let p99_ms = outcome.writes.latency_ms(0.99);
    let failed = outcome.writes.failed();
    vec![
        Bar {
            name: format!("{} orders due at once, all back on sale", outcome.orders),
            wanted: format!("≤ {BACK_ON_SALE_WITHIN:?}"),
            measured: outcome.back_on_sale.map_or_else(|| "never".to_owned(), |time| format!("{time:.2?}")),
            met: outcome.back_on_sale.is_some_and(|time| time <= BACK_ON_SALE_WITHIN),
        },
        Bar {
            name: format!("other writes meanwhile, {:.0}/s, p99", outcome.writes.rate()),
            wanted: format!("< {OTHER_WRITES_P99_MS} ms"),
            measured: format!("{p99_ms:.1} ms, {failed} failed"),
            met: p99_ms < OTHER_WRITES_P99_MS && failed == 0,
        },
    ]
}
