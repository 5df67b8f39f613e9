//! Putting what came of attempts into the state, a batch at a time.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use prost::Message;
use rand::RngExt;
use tokio::task::JoinSet;

use super::endpoint::Endpoint;
use crate::domain::{AttemptReport, Command, EndpointRecord, RecordDeliveries, WebhookEndpointId};
use crate::replica::OwnCommandError;
use crate::service::Service;
use crate::workers::AFTER_REJECTION;

/// Attempts that one command records, so that it holds up other commands by a few milliseconds at most.
const MAX_ATTEMPTS: usize = 256;

/// Bytes of attempts that one command records, give or take one.
const MAX_BYTES: usize = 256 << 10;

/// Cursors alone that one command records.
const MAX_CURSORS: usize = 256;

/// Attempts that may wait to be recorded before no more are begun.
const MAX_UNRECORDED: usize = 2_048;

/// After a failure; it was logged.
const PAUSE: Duration = Duration::from_millis(500);

/// An attempt that is not recorded yet.
struct Unrecorded {
    endpoint: WebhookEndpointId,
    /// How often the cursor had been set back, and where it is with this attempt.
    course: Option<(u64, u64)>,
    report: AttemptReport,
}

pub(super) struct Recorder {
    service: Arc<Service>,
    unrecorded: VecDeque<Unrecorded>,
    /// One at most. Dropped with the worker.
    recording: JoinSet<()>,
}

impl Recorder {
    pub(super) fn new(service: Arc<Service>) -> Self {
        Self { service, unrecorded: VecDeque::new(), recording: JoinSet::new() }
    }

    /// Whether as much waits to be recorded as may.
    pub(super) fn is_full(&self) -> bool {
        self.unrecorded.len() >= MAX_UNRECORDED
    }

    /// Has reports recorded that this endpoint has taken.
    pub(super) fn add_all(&mut self, endpoint: &Endpoint, reports: impl IntoIterator<Item = AttemptReport>) {
        let course = Some((endpoint.rewinds(), endpoint.cursor()));
        let reports = reports.into_iter();
        self.unrecorded.extend(reports.map(|report| Unrecorded { endpoint: endpoint.id(), course, report }));
    }

    /// Has a report recorded of an endpoint that is not there any more, or is disabled.
    pub(super) fn add_of_gone(&mut self, endpoint: WebhookEndpointId, report: AttemptReport) {
        self.unrecorded.push_back(Unrecorded { endpoint, course: None, report });
    }

    /// Begins to record what there is, unless that is under way.
    pub(super) fn record(&mut self, endpoints: &mut BTreeMap<WebhookEndpointId, Endpoint>) {
        while self.recording.try_join_next().is_some() {}
        if !self.recording.is_empty() {
            return;
        }
        let records = self.next_batch(endpoints);
        if !records.is_empty() {
            let command = RecordDeliveries { batch: rand::rng().random(), records };
            self.recording.spawn(record(self.service.clone(), command));
        }
    }

    /// Resolves when the batch under way is recorded, if there is one.
    pub(super) async fn recorded(&mut self) {
        if self.recording.join_next().await.is_none() {
            std::future::pending().await
        }
    }

    fn next_batch(&mut self, endpoints: &mut BTreeMap<WebhookEndpointId, Endpoint>) -> Vec<EndpointRecord> {
        let mut records: BTreeMap<WebhookEndpointId, EndpointRecord> = BTreeMap::new();
        let (mut attempts, mut bytes) = (0, 0);
        while attempts < MAX_ATTEMPTS && bytes < MAX_BYTES {
            let Some(Unrecorded { endpoint, course, report }) = self.unrecorded.pop_front() else { break };
            attempts += 1;
            bytes += report.encoded_len();
            let new = || EndpointRecord { endpoint, ..EndpointRecord::default() };
            let record = records.entry(endpoint).or_insert_with(new);
            if let Some((rewinds, cursor)) = course {
                (record.rewinds, record.cursor) = (rewinds, cursor);
            }
            record.attempts.push(report);
        }
        for record in records.values() {
            if let Some(endpoint) = endpoints.get_mut(&record.endpoint) {
                endpoint.note_recorded(record.cursor);
            }
        }
        if self.unrecorded.is_empty() {
            let wanting = endpoints.values_mut().filter(|endpoint| endpoint.wants_its_cursor_recorded());
            for endpoint in wanting.take(MAX_CURSORS) {
                let (id, rewinds, cursor) = (endpoint.id(), endpoint.rewinds(), endpoint.cursor());
                endpoint.note_recorded(cursor);
                let new = || EndpointRecord { endpoint: id, ..EndpointRecord::default() };
                let record = records.entry(id).or_insert_with(new);
                (record.rewinds, record.cursor) = (rewinds, cursor);
            }
        }
        records.into_values().collect()
    }
}

/// Has a batch recorded, however often that takes: what is sent and not recorded is sent again.
async fn record(service: Arc<Service>, command: RecordDeliveries) {
    loop {
        match service.replica.submit_own(Command::RecordDeliveries(command.clone())).await {
            Ok(_) => return,
            Err(OwnCommandError::Unavailable(error)) => {
                tracing::warn!(%error, "could not record what came of webhooks; trying again");
                tokio::time::sleep(PAUSE).await;
            }
            Err(error @ OwnCommandError::Rejected(_)) => {
                tracing::error!(%error, "what came of webhooks cannot be recorded");
                tokio::time::sleep(AFTER_REJECTION).await;
            }
        }
    }
}
