//! Drives a workload over many connections and measures it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use rand::SeedableRng;
use rand::rngs::SmallRng;
use tokio::task::JoinSet;

use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::process::{self, Usage};
use crate::request::Request;
use crate::workload::Workload;

/// Latencies are kept in microseconds with this many significant digits.
const LATENCY_DIGITS: u8 = 3;
/// No answer is waited for so long; were one later, it would count as this.
const MAX_LATENCY_MICROS: u64 = 120_000_000;
/// A client that is refused waits this long, rather than spin.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_millis(10);

/// How a workload is driven.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Connections, each with one request under way at a time.
    pub(crate) connections: usize,
    /// Time before the measurement begins.
    pub(crate) warm_up: Duration,
    /// Time after which nothing new is sent; what is under way is waited for and counted.
    pub(crate) measured: Duration,
    /// With a pace, each connection sends at this interval and latencies count from the planned moment, so
    /// that a stall shows in every request it delays. Without, it sends as soon as it has its answer.
    pub(crate) pace: Option<Duration>,
    /// The process whose use is measured.
    pub(crate) server_pid: Option<u32>,
}

/// What was measured.
pub(crate) struct Measurement {
    /// Requests answered as they should be.
    pub(crate) done: u64,
    /// All others, by status or error.
    pub(crate) failures: BTreeMap<String, u64>,
    /// Microseconds, of the requests done.
    pub(crate) latencies: Histogram<u64>,
    /// From the first measured request to the last answer.
    pub(crate) elapsed: Duration,
    /// The server's CPU time over the measurement, and its memory at the end.
    pub(crate) server: Option<Usage>,
    /// This process's own CPU time over the measurement.
    pub(crate) client_cpu_seconds: f64,
}

impl Measurement {
    fn new() -> Self {
        Self {
            done: 0,
            failures: BTreeMap::new(),
            latencies: Histogram::new_with_max(MAX_LATENCY_MICROS, LATENCY_DIGITS)
                .expect("a minute with three digits is a valid range"),
            elapsed: Duration::ZERO,
            server: None,
            client_cpu_seconds: 0.0,
        }
    }

    /// Requests done per second.
    pub(crate) fn rate(&self) -> f64 {
        self.done as f64 / self.elapsed.as_secs_f64().max(f64::EPSILON)
    }

    /// The latency that `quantile` of the requests stayed within, in milliseconds.
    pub(crate) fn latency_ms(&self, quantile: f64) -> f64 {
        self.latencies.value_at_quantile(quantile) as f64 / 1_000.0
    }

    /// How many requests failed.
    pub(crate) fn failed(&self) -> u64 {
        self.failures.values().sum()
    }
}

/// Drives `workload` as `plan` says, its connections spread over `bases`, and hands the body of every success to
/// `collect`.
pub(crate) async fn drive(
    bases: &[BaseUrl],
    workload: Workload,
    plan: Plan,
    collect: impl Fn(&[u8]) + 'static,
) -> anyhow::Result<Measurement> {
    let mut connections: Vec<Connection> =
        bases.iter().cycle().take(plan.connections).map(|base| Connection::new(*base)).collect();
    for connection in &mut connections {
        connection.open().await?;
    }
    let begins = Instant::now() + plan.warm_up;
    let shared = Rc::new(Shared {
        workload,
        plan,
        begins,
        measurement: RefCell::new(Measurement::new()),
        collect: Box::new(collect),
    });
    let mut workers = JoinSet::new();
    for (index, connection) in connections.into_iter().enumerate() {
        workers.spawn_local(work(Rc::clone(&shared), index, connection));
    }
    tokio::time::sleep_until(begins.into()).await;
    let before = usages(plan.server_pid)?;
    while let Some(ended) = workers.join_next().await {
        ended?;
    }
    let after = usages(plan.server_pid)?;
    let mut measurement = shared.measurement.replace(Measurement::new());
    measurement.client_cpu_seconds = after.0.cpu_seconds - before.0.cpu_seconds;
    measurement.server = after
        .1
        .zip(before.1)
        .map(|(after, before)| Usage { cpu_seconds: after.cpu_seconds - before.cpu_seconds, ..after });
    Ok(measurement)
}

/// Takes the body of every success.
type Collect = Box<dyn Fn(&[u8])>;

/// What all connections share; they live on one thread.
struct Shared {
    workload: Workload,
    plan: Plan,
    begins: Instant,
    measurement: RefCell<Measurement>,
    collect: Collect,
}

async fn work(shared: Rc<Shared>, index: usize, mut connection: Connection) {
    let mut rng = SmallRng::seed_from_u64(index as u64);
    let mut request = Request::default();
    let ends = shared.begins + shared.plan.measured;
    let mut planned = Instant::now();
    loop {
        if let Some(pace) = shared.plan.pace {
            planned += pace;
            tokio::time::sleep_until(planned.into()).await;
        } else {
            planned = Instant::now();
        }
        if planned >= ends || !shared.workload.next(&mut rng, &mut request) {
            return;
        }
        let outcome = connection.send(request.as_bytes()).await;
        let failure = match outcome {
            Ok(reply) if reply.status == shared.workload.success() => {
                (shared.collect)(reply.body);
                None
            }
            Ok(reply) => Some(format!("status {}", reply.status)),
            Err(error) => Some(format!("{error:#}")),
        };
        let failed = failure.is_some();
        shared.record(planned, failure);
        if failed {
            tokio::time::sleep(PAUSE_AFTER_FAILURE).await;
        }
    }
}

impl Shared {
    fn record(&self, sent: Instant, failure: Option<String>) {
        if sent < self.begins {
            return;
        }
        let now = Instant::now();
        let mut measurement = self.measurement.borrow_mut();
        measurement.elapsed = measurement.elapsed.max(now - self.begins);
        match failure {
            Some(failure) => *measurement.failures.entry(failure).or_default() += 1,
            None => {
                measurement.done += 1;
                let micros = u64::try_from((now - sent).as_micros()).unwrap_or(u64::MAX);
                measurement.latencies.saturating_record(micros.max(1));
            }
        }
    }
}

/// This process's use, and the server's.
fn usages(server_pid: Option<u32>) -> anyhow::Result<(Usage, Option<Usage>)> {
    Ok((process::usage(std::process::id())?, server_pid.map(process::usage).transpose()?))
}
