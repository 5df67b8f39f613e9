//! What the events take, and who follows them.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use super::{counter, gauge, set};

/// What is true of the events when metrics are read.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventReadings {
    /// The first sequence that is kept.
    pub oldest: u64,
    /// The last sequence that was given out.
    pub newest: u64,
    /// How many are kept.
    pub kept: u64,
    /// Bytes that they take, by and large.
    pub bytes: u64,
    /// Streams that are open on this replica.
    pub streams: u64,
    /// Streams that were refused because as many as may be were open.
    pub streams_refused: u64,
    /// Events that were sent on streams.
    pub sent: u64,
}

pub(super) struct EventMetrics {
    oldest: Gauge,
    newest: Gauge,
    kept: Gauge,
    bytes: Gauge,
    streams: Gauge,
    streams_refused: Counter,
    sent: Counter,
}

impl EventMetrics {
    pub(super) fn new(r: &mut Registry) -> Self {
        Self {
            oldest: gauge(r, "events_oldest", "Sequence of the oldest event that is kept"),
            newest: gauge(r, "events_newest", "Sequence of the newest event"),
            kept: gauge(r, "events_kept", "Events that are kept"),
            bytes: gauge(r, "events_kept_bytes", "Size of the events that are kept, by the mean of some"),
            streams: gauge(r, "event_streams", "Streams of events that are open on this replica"),
            streams_refused: counter(
                r,
                "event_streams_refused",
                "Streams of events refused for want of a place",
            ),
            sent: counter(r, "events_sent", "Events sent on streams since the start"),
        }
    }

    pub(super) fn set(&self, readings: &EventReadings) {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.oldest.set(number(readings.oldest));
        self.newest.set(number(readings.newest));
        self.kept.set(number(readings.kept));
        self.bytes.set(number(readings.bytes));
        self.streams.set(number(readings.streams));
        set(&self.streams_refused, readings.streams_refused);
        set(&self.sent, readings.sent);
    }
}
