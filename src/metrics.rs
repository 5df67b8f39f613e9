//! Metrics, as Prometheus reads them.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use boxoffice_raft::Observer;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::http::stack::{Answered, RequestObserver};

/// Upper bounds of latencies in seconds, from a tenth of a millisecond to ten seconds.
const LATENCY_BUCKETS: [f64; 13] =
    [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 2.5, 10.0];

/// Upper bounds of batch sizes.
const BATCH_BUCKETS: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 64.0, 256.0, 1024.0, 4096.0];

/// Which operation, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    operation: Cow<'static, str>,
    status: u16,
}

/// Which operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OperationLabels {
    operation: Cow<'static, str>,
}

/// Which call to the gateway, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct GatewayLabels {
    call: &'static str,
    outcome: &'static str,
}

/// What this replica counts and measures.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<OperationLabels, Histogram>,
    log_index: Gauge,
    applied_index: Gauge,
    is_leader: Gauge,
    open_orders: Gauge,
    open_connections: Gauge,
    connections: ConnectionCounts,
    passwords_hashed: Counter,
    log_sync_seconds: Histogram,
    log_batch_entries: Histogram,
    apply_seconds: Histogram,
    apply_batch_commands: Histogram,
    state_sync_seconds: Histogram,
    expiry_lateness_seconds: Histogram,
    gateway_calls: Family<GatewayLabels, Counter>,
    /// Commands that would have broken an invariant.
    pub invariant_alarms: Counter,
}

/// What is true when metrics are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Readings {
    /// The last index in the log.
    pub log_index: u64,
    /// The last index in the state.
    pub applied_index: u64,
    /// Whether this replica leads.
    pub is_leader: bool,
    /// Orders that hold a ticket without having bought it.
    pub open_orders: u64,
    /// Connections of the public listener: open ones.
    pub open_connections: u64,
    /// Those that were taken since the start.
    pub connections_accepted: u64,
    /// How often one had to wait because all were taken.
    pub connections_full: u64,
    /// Those that were ended because their client stalled.
    pub connections_cut_off: u64,
    /// How often one could not be taken.
    pub accept_errors: u64,
    /// Passwords that were hashed since the start.
    pub passwords_hashed: u64,
}

/// What became of the public listener's connections.
#[derive(Default)]
struct ConnectionCounts {
    accepted: Counter,
    full: Counter,
    cut_off: Counter,
    accept_errors: Counter,
}

impl ConnectionCounts {
    fn register(&self, r: &mut Registry) {
        r.register("connections_accepted", "Connections taken since the start", self.accepted.clone());
        r.register("connections_full", "Waits because all connections were taken", self.full.clone());
        r.register("connections_cut_off", "Connections ended for stalling", self.cut_off.clone());
        r.register("accept_errors", "Connections that could not be taken", self.accept_errors.clone());
    }

    fn set(&self, readings: &Readings) {
        set(&self.accepted, readings.connections_accepted);
        set(&self.full, readings.connections_full);
        set(&self.cut_off, readings.connections_cut_off);
        set(&self.accept_errors, readings.accept_errors);
    }
}

/// Takes over what is counted elsewhere.
fn set(counter: &Counter, count: u64) {
    counter.inner().store(count, Ordering::Relaxed);
}

fn latency() -> Histogram {
    Histogram::new(LATENCY_BUCKETS)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("boxoffice"),
            requests: Family::default(),
            request_seconds: Family::new_with_constructor(latency),
            log_index: Gauge::default(),
            applied_index: Gauge::default(),
            is_leader: Gauge::default(),
            open_orders: Gauge::default(),
            open_connections: Gauge::default(),
            connections: ConnectionCounts::default(),
            passwords_hashed: Counter::default(),
            log_sync_seconds: latency(),
            log_batch_entries: Histogram::new(BATCH_BUCKETS),
            apply_seconds: latency(),
            apply_batch_commands: Histogram::new(BATCH_BUCKETS),
            state_sync_seconds: latency(),
            expiry_lateness_seconds: latency(),
            gateway_calls: Family::default(),
            invariant_alarms: Counter::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let seconds = || Unit::Seconds;
        let r = &mut self.registry;
        r.register("requests", "HTTP requests by operation and status", self.requests.clone());
        r.register_with_unit(
            "request",
            "Time to answer an HTTP request",
            seconds(),
            self.request_seconds.clone(),
        );
        r.register("log_index", "Last index in the log", self.log_index.clone());
        r.register("applied_index", "Last index in the state", self.applied_index.clone());
        r.register("is_leader", "Whether this replica leads", self.is_leader.clone());
        r.register("open_orders", "Orders that hold a ticket unpaid", self.open_orders.clone());
        r.register("open_connections", "Connections of the public listener", self.open_connections.clone());
        self.connections.register(r);
        r.register("passwords_hashed", "Passwords hashed since the start", self.passwords_hashed.clone());
        r.register_with_unit(
            "log_sync",
            "Time to make a batch of the log durable",
            seconds(),
            self.log_sync_seconds.clone(),
        );
        r.register("log_batch_entries", "Entries in a batch of the log", self.log_batch_entries.clone());
        r.register_with_unit(
            "apply",
            "Time to apply a batch of commands",
            seconds(),
            self.apply_seconds.clone(),
        );
        r.register(
            "apply_batch_commands",
            "Commands applied in one transaction",
            self.apply_batch_commands.clone(),
        );
        r.register_with_unit(
            "state_sync",
            "Time to make the state durable",
            seconds(),
            self.state_sync_seconds.clone(),
        );
        r.register_with_unit(
            "expiry_lateness",
            "From the earliest deadline of a batch of orders to their release",
            seconds(),
            self.expiry_lateness_seconds.clone(),
        );
        r.register("gateway_calls", "Calls to the payment gateway", self.gateway_calls.clone());
        r.register(
            "invariant_alarms",
            "Commands refused to keep the state sound; anything but 0 wants a look",
            self.invariant_alarms.clone(),
        );
    }

    /// Counts a call to the gateway.
    pub fn gateway_called(&self, call: &'static str, outcome: &'static str) {
        self.gateway_calls.get_or_create(&GatewayLabels { call, outcome }).inc();
    }

    /// Measures how long after its deadline an order was released.
    pub fn order_expired(&self, lateness: Duration) {
        self.expiry_lateness_seconds.observe(lateness.as_secs_f64());
    }

    /// Everything in the OpenMetrics text format.
    ///
    /// # Errors
    /// Never for the metrics in here; the encoder's signature allows for it.
    pub fn render(&self, readings: Readings) -> Result<String, std::fmt::Error> {
        let gauge = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.log_index.set(gauge(readings.log_index));
        self.applied_index.set(gauge(readings.applied_index));
        self.is_leader.set(i64::from(readings.is_leader));
        self.open_orders.set(gauge(readings.open_orders));
        self.open_connections.set(gauge(readings.open_connections));
        self.connections.set(&readings);
        set(&self.passwords_hashed, readings.passwords_hashed);
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl RequestObserver for Metrics {
    fn observe(&self, answered: &Answered) {
        let operation = answered.operation.clone();
        let labels = RequestLabels { operation: operation.clone(), status: answered.status.as_u16() };
        self.requests.get_or_create(&labels).inc();
        let seconds = self.request_seconds.get_or_create(&OperationLabels { operation });
        seconds.observe(answered.duration.as_secs_f64());
    }
}

/// Takes the engine's measurements.
pub struct EngineMetrics(pub Arc<Metrics>);

impl Observer for EngineMetrics {
    fn log_synced(&self, duration: Duration, entries: usize) {
        self.0.log_sync_seconds.observe(duration.as_secs_f64());
        self.0.log_batch_entries.observe(entries as f64);
    }

    fn applied(&self, duration: Duration, commands: usize) {
        self.0.apply_seconds.observe(duration.as_secs_f64());
        self.0.apply_batch_commands.observe(commands as f64);
    }

    fn state_synced(&self, duration: Duration) {
        self.0.state_sync_seconds.observe(duration.as_secs_f64());
    }
}
