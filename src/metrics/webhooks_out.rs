//! What becomes of webhooks that are sent out.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::{add, add_seconds};

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct DeliveryLabels {
    outcome: &'static str,
}

/// All that may come of one: each is there from the start, so that the first of a kind shows as one more.
const OUTCOMES: [&str; 8] =
    ["delivered", "refused", "redirected", "gone", "timed-out", "no-connection", "lost", "not-allowed"];

/// Why an event is not sent any more that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct LostLabels {
    reason: &'static str,
}

/// All of those.
const REASONS: [&str; 2] = ["given-up", "forgotten"];

/// What becomes of webhooks that are sent out.
pub struct WebhooksOut {
    deliveries: Family<DeliveryLabels, Counter>,
    lost: Family<LostLabels, Counter>,
    oldest_due_seconds: Gauge,
}

impl WebhooksOut {
    pub(super) fn new(r: &mut Registry) -> Self {
        let deliveries = Family::<DeliveryLabels, Counter>::default();
        for outcome in OUTCOMES {
            drop(deliveries.get_or_create(&DeliveryLabels { outcome }));
        }
        let lost = Family::<LostLabels, Counter>::default();
        for reason in REASONS {
            drop(lost.get_or_create(&LostLabels { reason }));
        }
        let late = "Age of the oldest event that could be sent to an endpoint and is not; 0 unless this replica leads";
        let tried = "Attempts to send an event to an endpoint";
        let given_up = "Events that were not taken and are sent no more";
        Self {
            deliveries: add(r, "webhook_deliveries", tried, deliveries),
            lost: add(r, "webhook_events_lost", given_up, lost),
            oldest_due_seconds: add_seconds(r, "webhook_oldest_due", late, Gauge::default()),
        }
    }

    /// Counts an attempt.
    pub fn attempted(&self, outcome: &'static str) {
        self.deliveries.get_or_create(&DeliveryLabels { outcome }).inc();
    }

    /// Counts an event that was not taken and is sent no more.
    pub fn lost(&self, reason: &'static str) {
        self.lost.get_or_create(&LostLabels { reason }).inc();
    }

    /// Says how old the oldest event is that could be sent and is not.
    pub fn set_oldest_due(&self, age: Option<Duration>) {
        self.oldest_due_seconds.set(age.map_or(0, |age| i64::try_from(age.as_secs()).unwrap_or(i64::MAX)));
    }
}
