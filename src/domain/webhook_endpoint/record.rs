//! What came of deliveries.

use std::collections::BTreeMap;

use super::{
    AttemptOutcome, AttemptReport, Disabled, DisabledReason, MAX_ANSWER_BYTES, MAX_ATTEMPTS_KEPT,
    MAX_FAULT_BYTES, TEST_SEQUENCE, WaitingEvent, WebhookAttempt, WebhookEndpoint,
};
use crate::domain::command::{EndpointRecord, RecordDeliveries};
use crate::domain::draft::Draft;
use crate::domain::rejection::Rejection;
use crate::domain::reply::Answer;
use crate::domain::tables::{Change, Tables};

/// Takes what came of attempts, endpoint by endpoint. What is said of one that is gone counts for nothing, and so does a
/// batch that was taken before.
pub(in crate::domain) fn record<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &RecordDeliveries,
) -> Result<Answer, Rejection> {
    let mut seen = std::collections::BTreeSet::new();
    for record in &c.records {
        if !seen.insert(record.endpoint) {
            return Err(Rejection::internal("a batch records one endpoint twice"));
        }
        let endpoint = draft.tables.webhook_endpoint(record.endpoint);
        if let Some(old) = endpoint.filter(|endpoint| endpoint.last_batch != c.batch) {
            Recording::new(draft, old, c.batch).take(record);
        }
    }
    Ok(Answer::Done(()))
}

/// An endpoint while a batch is taken.
struct Recording<'r, 't, T> {
    draft: &'r mut Draft<'t, T>,
    old: WebhookEndpoint,
    new: WebhookEndpoint,
    /// What waits, where that was looked at: before the batch, and now.
    waiting: BTreeMap<u64, (Option<WaitingEvent>, Option<WaitingEvent>)>,
}

impl<'r, 't, T: Tables> Recording<'r, 't, T> {
    fn new(draft: &'r mut Draft<'t, T>, old: WebhookEndpoint, batch: u64) -> Self {
        let new = WebhookEndpoint { last_batch: batch, ..old.clone() };
        Self { draft, old, new, waiting: BTreeMap::new() }
    }

    fn take(mut self, record: &EndpointRecord) {
        for report in &record.attempts {
            self.settle(report);
            self.log(report);
        }
        if record.rewinds == self.old.rewinds {
            let newest = self.draft.tables.counters().events;
            self.new.cursor = self.new.cursor.max(record.cursor.min(newest));
        }
        for (_, (old, new)) in self.waiting {
            if old != new {
                self.draft.change(Change::WaitingEvent { old, new });
            }
        }
        self.draft.change(Change::WebhookEndpoint { old: Some(self.old), new: Some(self.new) });
    }

    /// What becomes of the event.
    fn settle(&mut self, report: &AttemptReport) {
        match report.outcome() {
            AttemptOutcome::Delivered => {
                self.new.forget_failures();
                self.new.delivered_at_ms = Some(report.at_ms.max(self.new.delivered_at_ms.unwrap_or(0)));
                self.put(report, None);
            }
            AttemptOutcome::Failed => {
                let due_at_ms = report.due_at_ms.unwrap_or(self.draft.at_ms);
                self.put(report, Some(due_at_ms));
                self.failed(report);
            }
            AttemptOutcome::GivenUp => {
                self.put(report, None);
                self.failed(report);
                let delivered_since =
                    self.new.delivered_at_ms.is_some_and(|at_ms| at_ms >= report.first_at_ms);
                // A single event that it does not take is no reason to stop; that it took nothing at all is one.
                if report.sequence != TEST_SEQUENCE && !delivered_since {
                    self.disable(report, DisabledReason::Failing);
                }
            }
            AttemptOutcome::Gone => {
                self.put(report, Some(self.draft.at_ms));
                self.failed(report);
                self.disable(report, DisabledReason::Gone);
            }
            AttemptOutcome::Forgotten => self.put(report, None),
            AttemptOutcome::Unknown => {}
        }
    }

    /// What waits of the event from now on, unless that is another thing by now: it was sent again by hand meanwhile.
    fn put(&mut self, report: &AttemptReport, due_at_ms: Option<u64>) {
        let (id, tables) = (self.old.id, self.draft.tables);
        let (_, waiting) = self.waiting.entry(report.sequence).or_insert_with(|| {
            let found = tables.waiting_event(id, report.sequence);
            (found.clone(), found)
        });
        let is_another =
            |row: &WaitingEvent| row.test != report.test || row.attempts.saturating_add(1) != report.attempt;
        if waiting.as_ref().is_some_and(is_another) {
            return;
        }
        let had_one = waiting.is_some();
        *waiting = due_at_ms.filter(|_| report.sequence != TEST_SEQUENCE).map(|due_at_ms| WaitingEvent {
            endpoint: id,
            sequence: report.sequence,
            attempts: report.attempt,
            first_at_ms: report.first_at_ms,
            due_at_ms,
            test: None,
            wakes: report.wakes,
        });
        let has_one = waiting.is_some();
        self.new.waiting = (self.new.waiting + u64::from(has_one)).saturating_sub(u64::from(had_one));
    }

    fn failed(&mut self, report: &AttemptReport) {
        // A test says nothing of the events that are still to be sent, nor does what was under way when its owner woke it.
        if report.sequence == TEST_SEQUENCE || self.new.was_woken_since(report.wakes) {
            return;
        }
        self.new.failures = self.new.failures.saturating_add(1);
        self.new.failing_since_ms.get_or_insert(report.at_ms);
        self.new.rest_until_ms = self.new.rest_until_ms.max(report.rest_until_ms);
    }

    fn disable(&mut self, report: &AttemptReport, reason: DisabledReason) {
        if self.new.was_woken_since(report.wakes) {
            return;
        }
        let at_ms = self.draft.at_ms;
        self.new.disabled.get_or_insert(Disabled { reason: reason.into(), at_ms });
    }

    /// Keeps the attempt, and forgets the oldest one that is too many.
    fn log(&mut self, report: &AttemptReport) {
        let (endpoint, number) = (self.old.id, self.new.attempts.saturating_add(1));
        self.new.attempts = number;
        let report = AttemptReport {
            answer: cut(&report.answer, MAX_ANSWER_BYTES).to_owned(),
            fault: cut(&report.fault, MAX_FAULT_BYTES).to_owned(),
            ..report.clone()
        };
        self.draft.change(Change::WebhookAttempt { new: WebhookAttempt { endpoint, number, report } });
        if let Some(number) = number.checked_sub(MAX_ATTEMPTS_KEPT).filter(|number| *number > 0) {
            self.draft.change(Change::WebhookAttemptForgotten { endpoint, number });
        }
    }
}

/// The beginning of a text, of so many bytes at most, in whole characters.
fn cut(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}
