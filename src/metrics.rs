//! Metrics, as Prometheus reads them.

mod cluster;
mod engine;
mod events;
mod log;
mod subscribers;
mod webhooks_out;

use std::borrow::Cow;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::atomic::Ordering;
use std::time::Duration;

use boxoffice_raft::SnapshotTransfer;
use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry, Unit};

use self::cluster::ClusterMetrics;
pub use self::cluster::ClusterReadings;
pub use self::engine::EngineMetrics;
use self::events::EventMetrics;
pub use self::events::EventReadings;
use self::log::LogMetrics;
pub use self::log::LogReadings;
use self::subscribers::SubscriberMetrics;
pub use self::subscribers::{OwnerReadings, SubscriberReadings};
pub use self::webhooks_out::WebhooksOut;
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

/// What came of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WebhookLabels {
    outcome: &'static str,
}

/// All that may come of one: each is there from the start, so that the first of a kind shows as one more.
const WEBHOOK_OUTCOMES: [&str; 8] =
    ["payment", "refund", "dispute", "ignored", "forged", "stale", "unreadable", "put-off"];

/// What somebody waited for, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WaitLabels {
    what: &'static str,
    outcome: &'static str,
}

/// What somebody waited for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct WaitedForLabels {
    what: &'static str,
}

/// Upper bounds of the time that a whole state takes, in seconds.
const SNAPSHOT_BUCKETS: [f64; 9] = [0.05, 0.25, 1.0, 5.0, 15.0, 30.0, 60.0, 300.0, 1800.0];

/// What was done with a whole state: `sent` to a replica or into a backup, `received` from another, `installed`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct SnapshotLabels {
    what: &'static str,
}

/// What this replica counts and measures.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<OperationLabels, Histogram>,
    log_index: Gauge,
    applied_index: Gauge,
    log: LogMetrics,
    is_leader: Gauge,
    open_orders: Gauge,
    sales_held: Gauge,
    refunds_failed: Gauge,
    disputes_open: Gauge,
    open_connections: Gauge,
    connections: ConnectionCounts,
    passwords_hashed: Counter,
    log_sync_seconds: Histogram,
    log_batch_entries: Histogram,
    apply_seconds: Histogram,
    apply_batch_commands: Histogram,
    state_sync_seconds: Histogram,
    snapshot_seconds: Family<SnapshotLabels, Histogram>,
    snapshot_bytes: Family<SnapshotLabels, Gauge>,
    expiry_lateness_seconds: Histogram,
    gateway_calls: Family<GatewayLabels, Counter>,
    webhooks: Family<WebhookLabels, Counter>,
    consistency_waits: Family<WaitLabels, Counter>,
    consistency_wait_seconds: Family<WaitedForLabels, Histogram>,
    events: EventMetrics,
    subscribers: SubscriberMetrics,
    cluster: ClusterMetrics,
    /// What becomes of webhooks that are sent out.
    pub webhooks_out: WebhooksOut,
    /// Operator's keys that somebody presented and that count for nothing: unknown, revoked, expired, mistyped.
    pub operator_keys_refused: Counter,
    /// Commands that would have broken an invariant.
    pub invariant_alarms: Counter,
}

/// What is true when metrics are read.
#[derive(Clone, Debug, Default)]
pub struct Readings {
    /// The last index in the log.
    pub log_index: u64,
    /// The last index in the state.
    pub applied_index: u64,
    /// What lies on disk of the log.
    pub log: LogReadings,
    /// Whether this replica leads.
    pub is_leader: bool,
    /// Orders that hold a ticket without having bought it.
    pub open_orders: u64,
    /// Payments of which a refund failed, and nothing was done about it since.
    pub refunds_failed: u64,
    /// Payments that the owner of the card wants back from their bank, which has not decided.
    pub disputes_open: u64,
    /// Whether sales are held until the operator says to go on.
    pub sales_held: bool,
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
    /// What the events take, and who follows them.
    pub events: EventReadings,
    /// Consumer groups, and endpoints of webhooks.
    pub subscribers: SubscriberReadings,
    /// What concerns other replicas.
    pub cluster: ClusterReadings,
}

/// What became of the public listener's connections.
struct ConnectionCounts {
    accepted: Counter,
    full: Counter,
    cut_off: Counter,
    accept_errors: Counter,
}

impl ConnectionCounts {
    fn new(r: &mut Registry) -> Self {
        Self {
            accepted: counter(r, "connections_accepted", "Connections taken since the start"),
            full: counter(r, "connections_full", "Waits because all connections were taken"),
            cut_off: counter(r, "connections_cut_off", "Connections ended for stalling"),
            accept_errors: counter(r, "accept_errors", "Connections that could not be taken"),
        }
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

/// Registers a metric under its name.
fn add<M: Metric + Clone>(r: &mut Registry, name: &str, help: &str, metric: M) -> M {
    r.register(name, help, metric.clone());
    metric
}

/// Registers a metric that is in seconds, which its name then says as well.
fn add_seconds<M: Metric + Clone>(r: &mut Registry, name: &str, help: &str, metric: M) -> M {
    r.register_with_unit(name, help, Unit::Seconds, metric.clone());
    metric
}

fn counter(r: &mut Registry, name: &str, help: &str) -> Counter {
    add(r, name, help, Counter::default())
}

fn gauge(r: &mut Registry, name: &str, help: &str) -> Gauge {
    add(r, name, help, Gauge::default())
}

fn batches(r: &mut Registry, name: &str, help: &str) -> Histogram {
    add(r, name, help, Histogram::new(BATCH_BUCKETS))
}

fn latency(r: &mut Registry, name: &str, help: &str) -> Histogram {
    add_seconds(r, name, help, Histogram::new(LATENCY_BUCKETS))
}

/// Latencies, told apart by labels.
fn latencies<L>(r: &mut Registry, name: &str, help: &str) -> Family<L, Histogram>
where
    L: EncodeLabelSet + Clone + Debug + Eq + Hash + Send + Sync + 'static,
{
    let each: fn() -> Histogram = || Histogram::new(LATENCY_BUCKETS);
    add_seconds(r, name, help, Family::new_with_constructor(each))
}

fn webhooks(r: &mut Registry) -> Family<WebhookLabels, Counter> {
    let family = Family::<WebhookLabels, Counter>::default();
    for outcome in WEBHOOK_OUTCOMES {
        drop(family.get_or_create(&WebhookLabels { outcome }));
    }
    add(r, "webhooks", "Webhooks of the payment gateway, by what came of them", family)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("boxoffice");
        let r = &mut registry;
        let late = "From the earliest deadline of a batch of orders to their release";
        let waited = "Time that requests waited for a state";
        let waits = "Requests that waited for a state as new as they have to be shown";
        let snapshots = Family::new_with_constructor((|| Histogram::new(SNAPSHOT_BUCKETS)) as fn() -> _);
        let alarms = "Commands refused to keep the state sound; anything but 0 wants a look";
        let refunds = "Payments whose refund failed: an operator has to act";
        let refused_keys = "Operator's keys that were presented and count for nothing";
        Self {
            requests: add(r, "requests", "HTTP requests by operation and status", Family::default()),
            request_seconds: latencies(r, "request", "Time to answer an HTTP request"),
            log_index: gauge(r, "log_index", "Last index in the log"),
            applied_index: gauge(r, "applied_index", "Last index in the state"),
            log: LogMetrics::new(r),
            is_leader: gauge(r, "is_leader", "Whether this replica leads"),
            open_orders: gauge(r, "open_orders", "Orders that hold a ticket unpaid"),
            sales_held: gauge(r, "sales_held", "Whether sales wait for the operator, after a restore"),
            refunds_failed: gauge(r, "refunds_failed", refunds),
            disputes_open: gauge(r, "disputes_open", "Payments with a dispute that is open"),
            open_connections: gauge(r, "open_connections", "Connections of the public listener"),
            connections: ConnectionCounts::new(r),
            passwords_hashed: counter(r, "passwords_hashed", "Passwords hashed since the start"),
            log_sync_seconds: latency(r, "log_sync", "Time to make a batch of the log durable"),
            log_batch_entries: batches(r, "log_batch_entries", "Entries in a batch of the log"),
            apply_seconds: latency(r, "apply", "Time to apply a batch of commands"),
            apply_batch_commands: batches(r, "apply_batch_commands", "Commands applied in one transaction"),
            state_sync_seconds: latency(r, "state_sync", "Time to make the state durable"),
            snapshot_seconds: add_seconds(
                r,
                "snapshot",
                "Time to send, receive or install a state",
                snapshots,
            ),
            snapshot_bytes: add(r, "snapshot_bytes", "Size of the last one, compressed", Family::default()),
            expiry_lateness_seconds: latency(r, "expiry_lateness", late),
            gateway_calls: add(r, "gateway_calls", "Calls to the payment gateway", Family::default()),
            webhooks: webhooks(r),
            consistency_waits: add(r, "consistency_waits", waits, Family::default()),
            consistency_wait_seconds: latencies(r, "consistency_wait", waited),
            events: EventMetrics::new(r),
            subscribers: SubscriberMetrics::new(r),
            cluster: ClusterMetrics::new(r),
            webhooks_out: WebhooksOut::new(r),
            operator_keys_refused: counter(r, "operator_keys_refused", refused_keys),
            invariant_alarms: counter(r, "invariant_alarms", alarms),
            registry,
        }
    }
}

impl Metrics {
    /// Counts a call to the gateway.
    pub fn gateway_called(&self, call: &'static str, outcome: &'static str) {
        self.gateway_calls.get_or_create(&GatewayLabels { call, outcome }).inc();
    }

    /// Counts what came of a webhook.
    pub fn webhook_came(&self, outcome: &'static str) {
        self.webhooks.get_or_create(&WebhookLabels { outcome }).inc();
    }

    /// Counts and measures a wait for this replica to be as far as a request has to be shown.
    pub fn waited(&self, what: &'static str, outcome: &'static str, duration: Duration) {
        self.consistency_waits.get_or_create(&WaitLabels { what, outcome }).inc();
        let seconds = self.consistency_wait_seconds.get_or_create(&WaitedForLabels { what });
        seconds.observe(duration.as_secs_f64());
    }

    fn snapshot_moved(&self, what: &'static str, transfer: SnapshotTransfer) {
        let labels = SnapshotLabels { what };
        self.snapshot_seconds.get_or_create(&labels).observe(transfer.duration.as_secs_f64());
        let bytes = i64::try_from(transfer.progress.frame_bytes).unwrap_or(i64::MAX);
        self.snapshot_bytes.get_or_create(&labels).set(bytes);
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
        self.log.set(&readings.log);
        self.is_leader.set(i64::from(readings.is_leader));
        self.open_orders.set(gauge(readings.open_orders));
        self.sales_held.set(i64::from(readings.sales_held));
        self.refunds_failed.set(gauge(readings.refunds_failed));
        self.disputes_open.set(gauge(readings.disputes_open));
        self.open_connections.set(gauge(readings.open_connections));
        self.connections.set(&readings);
        set(&self.passwords_hashed, readings.passwords_hashed);
        self.events.set(&readings.events);
        self.subscribers.set(&readings.subscribers);
        self.cluster.set(&readings.cluster);
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
