//! Those who are told of events and of whom the state knows: consumer groups, and endpoints of webhooks. Told apart by
//! whose they are: operators look after those of their own keys, and users after theirs.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::add;

/// Whose they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OwnerLabels {
    owner: &'static str,
}

/// Whose endpoints, and how they are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct EndpointLabels {
    owner: &'static str,
    state: &'static str,
}

type OfOwner = Family<OwnerLabels, Gauge>;

/// What is true of them when metrics are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct SubscriberReadings {
    /// Of those that users have.
    pub users: OwnerReadings,
    /// Of those that operators' keys have.
    pub operators: OwnerReadings,
}

/// What is true of those of users, or of those of operators' keys.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnerReadings {
    /// Consumer groups.
    pub groups: u64,
    /// Events after the place of the consumer group that is furthest behind.
    pub greatest_lag: u64,
    /// Events that consumer groups have under way.
    pub pending: u64,
    /// Events that consumer groups have parked.
    pub parked: u64,
    /// Endpoints of webhooks, by how they are.
    pub endpoints: [(&'static str, u64); 5],
    /// Events that endpoints did not take, and are sent again.
    pub waiting: u64,
}

pub(super) struct SubscriberMetrics {
    groups: OfOwner,
    greatest_lag: OfOwner,
    pending: OfOwner,
    parked: OfOwner,
    endpoints: Family<EndpointLabels, Gauge>,
    waiting: OfOwner,
}

impl SubscriberMetrics {
    pub(super) fn new(r: &mut Registry) -> Self {
        let lag = "Events that the consumer group furthest behind has not looked at";
        let pending = "Events that consumer groups have leased or hold back";
        let parked = "Events that consumer groups have given up";
        let waiting = "Events that endpoints of webhooks did not take, and are sent again";
        Self {
            groups: add(r, "consumers", "Consumer groups", Family::default()),
            greatest_lag: add(r, "consumers_greatest_lag", lag, Family::default()),
            pending: add(r, "consumers_pending", pending, Family::default()),
            parked: add(r, "consumers_parked", parked, Family::default()),
            endpoints: add(r, "webhook_endpoints", "Endpoints of webhooks", Family::default()),
            waiting: add(r, "webhook_events_waiting", waiting, Family::default()),
        }
    }

    pub(super) fn set(&self, readings: &SubscriberReadings) {
        for (owner, of) in [("user", readings.users), ("operator", readings.operators)] {
            for (family, count) in [
                (&self.groups, of.groups),
                (&self.greatest_lag, of.greatest_lag),
                (&self.pending, of.pending),
                (&self.parked, of.parked),
                (&self.waiting, of.waiting),
            ] {
                set(&family.get_or_create(&OwnerLabels { owner }), count);
            }
            for (state, count) in of.endpoints {
                set(&self.endpoints.get_or_create(&EndpointLabels { owner, state }), count);
            }
        }
    }
}

fn set(gauge: &Gauge, count: u64) {
    gauge.set(i64::try_from(count).unwrap_or(i64::MAX));
}
