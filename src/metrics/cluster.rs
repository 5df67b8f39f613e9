//! Metrics of what goes on between replicas.

use std::sync::atomic::AtomicU64;

use boxoffice_raft::ReplicaLag;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::{add, add_seconds, counter, gauge};

type Seconds = Gauge<f64, AtomicU64>;

/// Which replica.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ReplicaLabels {
    replica: u64,
    region: String,
}

/// How it ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

/// What is true between replicas when metrics are read.
#[derive(Clone, Debug, Default)]
pub struct ClusterReadings {
    /// The newest term that this replica knows of.
    pub term: u64,
    /// How far the others are behind; empty unless this replica leads.
    pub lags: Vec<ReplicaLag>,
    /// How far this replica's wall clock is ahead of the median of a quorum's, in milliseconds, if that is known.
    pub clock_offset_ms: Option<i64>,
    /// How long the certificate for replicas is valid yet, in seconds, if the operator brought one.
    pub peer_certificate_expires_in_secs: Option<i64>,
}

/// What is counted and measured between replicas.
pub(super) struct ClusterMetrics {
    leader_changes: Counter,
    term: Gauge,
    lag_entries: Family<ReplicaLabels, Gauge>,
    last_contact_seconds: Family<ReplicaLabels, Seconds>,
    clock_offset_seconds: Seconds,
    peer_certificate_expires_seconds: Seconds,
    forwarded: Family<OutcomeLabels, Counter>,
    state_differences: Counter,
}

impl ClusterMetrics {
    pub(super) fn new(r: &mut Registry) -> Self {
        let lag = "Entries that a replica lacks, as the leader knows it";
        let contact = "Time since the leader last heard a replica";
        let offset = "How far this replica's clock is ahead of the median of a quorum's; NaN if not known";
        let expires = "Time until the certificate for replicas expires; NaN if the operator brought none";
        let differences = "Places in the log at which replicas had different states";
        let forwarded = "Commands sent to the leader by outcome";
        Self {
            leader_changes: counter(r, "leader_changes", "Leaders that this replica has seen begin"),
            term: gauge(r, "term", "Newest term of the log"),
            lag_entries: add(r, "replica_lag_entries", lag, Family::default()),
            last_contact_seconds: add_seconds(r, "replica_last_contact", contact, Family::default()),
            clock_offset_seconds: add_seconds(r, "clock_offset", offset, Seconds::default()),
            peer_certificate_expires_seconds: add_seconds(
                r,
                "peer_certificate_expires",
                expires,
                Seconds::default(),
            ),
            forwarded: add(r, "forwarded_commands", forwarded, Family::default()),
            state_differences: counter(r, "state_differences", differences),
        }
    }

    pub(super) fn leader_changed(&self) {
        self.leader_changes.inc();
    }

    pub(super) fn forwarded(&self, outcome: &'static str) {
        self.forwarded.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    pub(super) fn states_differ(&self) {
        self.state_differences.inc();
    }

    pub(super) fn set(&self, readings: &ClusterReadings) {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.term.set(whole(readings.term));
        self.clock_offset_seconds.set(readings.clock_offset_ms.map_or(f64::NAN, |ms| ms as f64 / 1e3));
        let expires_in_secs = readings.peer_certificate_expires_in_secs;
        self.peer_certificate_expires_seconds.set(expires_in_secs.map_or(f64::NAN, |secs| secs as f64));
        // Who left, or is no longer this leader's to follow, has no lag.
        self.lag_entries.clear();
        self.last_contact_seconds.clear();
        for lag in &readings.lags {
            let labels = ReplicaLabels { replica: lag.id, region: lag.region.clone() };
            if let Some(entries) = lag.entries {
                self.lag_entries.get_or_create(&labels).set(whole(entries));
            }
            if let Some(ago) = lag.last_contact {
                self.last_contact_seconds.get_or_create(&labels).set(ago.as_secs_f64());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Metrics, Readings};
    use super::*;

    fn render(metrics: &Metrics, cluster: ClusterReadings) -> String {
        metrics.render(Readings { cluster, ..Readings::default() }).expect("text")
    }

    #[test]
    fn lags_are_those_of_now() {
        let metrics = Metrics::default();
        let lag = ReplicaLag {
            id: 2,
            region: "syd".to_owned(),
            entries: Some(7),
            last_contact: Some(Duration::from_millis(1500)),
        };
        let leading = ClusterReadings {
            term: 4,
            lags: vec![lag],
            clock_offset_ms: Some(-250),
            peer_certificate_expires_in_secs: Some(86_400),
        };
        let text = render(&metrics, leading);
        for line in [
            "boxoffice_term 4",
            "boxoffice_replica_lag_entries{replica=\"2\",region=\"syd\"} 7",
            "boxoffice_replica_last_contact_seconds{replica=\"2\",region=\"syd\"} 1.5",
            "boxoffice_clock_offset_seconds -0.25",
            "boxoffice_peer_certificate_expires_seconds 86400",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        let text = render(&metrics, ClusterReadings::default());
        assert!(!text.contains("replica=\"2\""), "it does not lead any more: {text}");
        assert!(text.contains("boxoffice_clock_offset_seconds NaN"), "{text}");
        assert!(text.contains("boxoffice_peer_certificate_expires_seconds NaN"), "{text}");
    }
}
