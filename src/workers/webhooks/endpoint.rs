//! An endpoint in the worker's memory: what it was sent, what is under way to it, and what is next.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::auth::{CannotOpen, WebhookSecret};
use crate::domain::{
    AttemptOutcome, AttemptReport, Event, EventFilter, MAX_WAITING_EVENTS, TEST_SEQUENCE, WaitingEvent,
    WebhookEndpoint, WebhookEndpointId,
};
use crate::service::Service;
use crate::store::{StoreError, View};

/// After so many failures in a row an endpoint is taken to be down.
pub(super) const DOWN_AFTER: u32 = 10;

/// How often an endpoint that is down is sent something new. Now and then it has to be: it may be that one event alone is
/// never taken, and few others come.
const PROBE_EVERY_MS: u64 = 5 * 60 * 1_000;

/// New events that are read ahead of what is under way, so that reading does not slow sending down.
const MAX_READY: usize = 64;

/// New events that may be dealt with while an earlier one is not: all of them are sent again if the leader stops.
const MAX_OPEN: u64 = 1_024;

/// How far a cursor may fall behind what was looked at before that is worth an entry in the log.
const RECORD_CURSOR_AFTER: u64 = 10_000;

/// What an endpoint's messages are signed with.
#[derive(Debug)]
pub(super) struct Secrets {
    current: WebhookSecret,
    /// The one before, and until when it counts.
    previous: Option<(WebhookSecret, u64)>,
}

/// What is to be sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    /// Which event, or test.
    pub(super) sequence: u64,
    /// The how manieth time.
    pub(super) attempt: u32,
    /// When it was sent first; now, if it never was.
    pub(super) first_at_ms: u64,
    /// Which test, if it is one.
    pub(super) test: Option<crate::domain::WebhookTestId>,
    /// How often its owner had woken the endpoint.
    pub(super) wakes: u64,
}

/// An endpoint to which something may be sent.
#[derive(Debug)]
pub(super) struct Endpoint {
    /// As its owner wants it; what was sent since is below.
    row: WebhookEndpoint,
    filter: EventFilter,
    secrets: Option<Arc<Secrets>>,
    /// The last event that was looked at.
    position: u64,
    /// New events that are to be sent, and when they happened.
    ready: VecDeque<(u64, u64)>,
    /// New events that are ready or under way.
    open: BTreeSet<u64>,
    under_way: BTreeSet<u64>,
    waiting: BTreeMap<u64, WaitingEvent>,
    failures: u32,
    rest_until_ms: u64,
    /// It said that it is gone, and the state has it disabled.
    is_gone: bool,
    /// When something new was sent last.
    new_at_ms: u64,
    /// The cursor, as it was proposed last.
    recorded: u64,
    /// The cursor is to be recorded even if nothing is sent.
    records_cursor: bool,
}

impl Endpoint {
    /// An endpoint as the state has it.
    pub(super) fn open(row: WebhookEndpoint, view: &View, service: &Service) -> Result<Self, StoreError> {
        let waiting = waiting_of(&row, view)?;
        Ok(Self {
            filter: row.filter(),
            secrets: secrets_of(&row, service),
            position: row.cursor,
            ready: VecDeque::new(),
            open: BTreeSet::new(),
            under_way: BTreeSet::new(),
            waiting: waiting.into_iter().map(|waiting| (waiting.sequence, waiting)).collect(),
            failures: row.failures,
            rest_until_ms: row.rest_until_ms.unwrap_or(0),
            is_gone: false,
            new_at_ms: 0,
            recorded: row.cursor,
            records_cursor: false,
            row,
        })
    }

    /// The endpoint as its owner wants it now. What came of attempts is newer in here than in the state.
    pub(super) fn changed(
        mut self,
        row: WebhookEndpoint,
        view: &View,
        service: &Service,
    ) -> Result<Self, StoreError> {
        for waiting in waiting_of(&row, view)? {
            let is_by_hand = waiting.attempts == 0;
            let known = self.waiting.entry(waiting.sequence).or_insert_with(|| waiting.clone());
            if is_by_hand {
                *known = waiting;
            }
        }
        if row.wakes != self.row.wakes {
            self.recovered();
        }
        if row.rewinds != self.row.rewinds {
            self.position = row.cursor;
            self.recorded = row.cursor;
            self.ready.clear();
            self.open.clear();
        }
        self.filter = row.filter();
        self.secrets = secrets_of(&row, service);
        self.row = row;
        Ok(self)
    }

    pub(super) fn id(&self) -> WebhookEndpointId {
        self.row.id
    }

    pub(super) fn url(&self) -> &str {
        &self.row.url
    }

    pub(super) fn secrets(&self) -> Option<&Arc<Secrets>> {
        self.secrets.as_ref()
    }

    pub(super) fn rewinds(&self) -> u64 {
        self.row.rewinds
    }

    /// The last event that was looked at.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Whether it has room for new events and is behind those who are up to date.
    pub(super) fn reads_by_itself(&self, read_to: u64) -> bool {
        self.position < read_to && self.has_room()
    }

    fn has_room(&self) -> bool {
        let first = self.open.first().copied().unwrap_or(self.position);
        self.ready.len() < MAX_READY && self.position.saturating_sub(first) < MAX_OPEN
    }

    /// Looks at events that come next, up to this sequence, as far as there is room.
    pub(super) fn take(&mut self, events: &[Event], through: u64) {
        for event in events {
            if event.sequence <= self.position {
                continue;
            }
            if event.sequence > through || !self.has_room() {
                return;
            }
            self.position = event.sequence;
            if self.filter.shows(event) {
                self.open.insert(event.sequence);
                // One that is sent again from earlier on may be under way right now.
                if !self.under_way.contains(&event.sequence) {
                    self.ready.push_back((event.sequence, event.at_ms));
                }
            }
        }
    }

    /// Goes on at the oldest event that is kept. Says so if that leaves some out.
    pub(super) fn skip_to(&mut self, oldest: u64, now_ms: u64) -> Option<AttemptReport> {
        let first = self.position.saturating_add(1);
        if first >= oldest {
            return None;
        }
        self.position = oldest.saturating_sub(1);
        Some(AttemptReport {
            sequence: first,
            at_ms: now_ms,
            fault: "retention forgot events before they were looked at".to_owned(),
            outcome: AttemptOutcome::Forgotten.into(),
            forgotten_through: Some(self.position),
            ..AttemptReport::default()
        })
    }

    /// All events up to here are dealt with.
    pub(super) fn cursor(&self) -> u64 {
        self.open.first().map_or(self.position, |first| first.saturating_sub(1))
    }

    /// Has the cursor recorded even if nothing is sent.
    pub(super) fn record_cursor(&mut self) {
        self.records_cursor = self.cursor() > self.recorded;
    }

    pub(super) fn wants_its_cursor_recorded(&self) -> bool {
        self.records_cursor || self.cursor().saturating_sub(self.recorded) > RECORD_CURSOR_AFTER
    }

    pub(super) fn note_recorded(&mut self, cursor: u64) {
        self.recorded = cursor;
        self.records_cursor = false;
    }

    fn is_down(&self) -> bool {
        self.failures >= DOWN_AFTER
    }

    /// There is a reason to think that the next attempts will not fail: what waits is tried at once.
    fn recovered(&mut self) {
        (self.failures, self.rest_until_ms) = (0, 0);
        for waiting in self.waiting.values_mut() {
            waiting.due_at_ms = 0;
        }
    }

    /// Whether this, if anything, is what it was when its owner's wishes were looked at last.
    pub(super) fn is_as(&self, row: Option<&WebhookEndpoint>) -> bool {
        row.is_some_and(|row| row.version == self.row.version && row.disabled.is_none())
    }

    /// Whether it said that it is gone. What is in here of it counts no more.
    pub(super) fn is_gone(&self) -> bool {
        self.is_gone
    }

    /// Whether something is to be sent now, with so many under way at most.
    pub(super) fn has_something_to_send(&self, now_ms: u64, limit: usize) -> bool {
        let limit = if self.is_down() { 1 } else { limit };
        self.secrets.is_some()
            && !self.is_gone
            && self.under_way.len() < limit
            && (self.next_waiting(now_ms).is_some() || self.may_send_new(now_ms) && !self.ready.is_empty())
    }

    /// What is to be sent now, if anything is, with so many under way at most.
    pub(super) fn next(&mut self, now_ms: u64, limit: usize) -> Option<Start> {
        let limit = if self.is_down() { 1 } else { limit };
        if self.secrets.is_none() || self.is_gone || self.under_way.len() >= limit {
            return None;
        }
        let start = self.next_waiting(now_ms).or_else(|| self.next_new(now_ms))?;
        self.under_way.insert(start.sequence);
        Some(start)
    }

    fn next_waiting(&self, now_ms: u64) -> Option<Start> {
        let waiting = self.waiting.values().filter(|waiting| !self.under_way.contains(&waiting.sequence));
        // A test is asked for by somebody who waits for it, and tells whether the rest is over.
        let may_be_sent = |sequence| sequence == TEST_SEQUENCE || self.rest_until_ms <= now_ms;
        let due = waiting.filter(|waiting| waiting.due_at_ms <= now_ms && may_be_sent(waiting.sequence));
        let first = due.min_by_key(|waiting| (waiting.due_at_ms, waiting.sequence))?;
        Some(Start {
            sequence: first.sequence,
            attempt: first.attempts.saturating_add(1),
            first_at_ms: first.first_at_ms,
            test: first.test,
            wakes: self.row.wakes,
        })
    }

    /// Until when nothing new is sent because it is down.
    fn new_after_ms(&self) -> u64 {
        if self.is_down() { self.new_at_ms.saturating_add(PROBE_EVERY_MS) } else { 0 }
    }

    fn may_send_new(&self, now_ms: u64) -> bool {
        let has_room = (self.waiting.len() as u64) < MAX_WAITING_EVENTS;
        has_room && self.rest_until_ms <= now_ms && self.new_after_ms() <= now_ms
    }

    fn next_new(&mut self, now_ms: u64) -> Option<Start> {
        let (sequence, _) = if self.may_send_new(now_ms) { self.ready.pop_front()? } else { return None };
        self.new_at_ms = now_ms;
        // One that is sent again from earlier on may be waiting as well.
        let waiting = self.waiting.get(&sequence);
        Some(Start {
            sequence,
            attempt: waiting.map_or(1, |waiting| waiting.attempts.saturating_add(1)),
            first_at_ms: waiting.map_or(now_ms, |waiting| waiting.first_at_ms),
            test: None,
            wakes: self.row.wakes,
        })
    }

    /// When something is to be sent next, if that is known; what could be sent already waits for what is under way.
    pub(super) fn next_due_ms(&self, now_ms: u64) -> Option<u64> {
        self.secrets.as_ref()?;
        let waiting = self.waiting.values().filter(|waiting| !self.under_way.contains(&waiting.sequence));
        let due = waiting.map(|waiting| waiting.due_at_ms.max(self.rest_until_ms)).min();
        let rested = Some(self.rest_until_ms.max(self.new_after_ms())).filter(|_| !self.ready.is_empty());
        due.into_iter().chain(rested).filter(|due_ms| *due_ms > now_ms).min()
    }

    /// Since when something could have been sent, if that is so.
    pub(super) fn due_since_ms(&self, now_ms: u64) -> Option<u64> {
        if self.rest_until_ms > now_ms {
            return None;
        }
        let due = self.waiting.values().map(|waiting| waiting.due_at_ms.max(waiting.first_at_ms));
        let new = self.ready.front().map(|(_, at_ms)| *at_ms).filter(|_| !self.is_down());
        due.chain(new).filter(|due_ms| *due_ms <= now_ms).min()
    }

    /// Takes what came of an attempt.
    pub(super) fn settle(&mut self, report: &AttemptReport) {
        let sequence = report.sequence;
        self.under_way.remove(&sequence);
        self.open.remove(&sequence);
        let is_test = sequence == TEST_SEQUENCE;
        let is_past = self.row.was_woken_since(report.wakes);
        // It may have been asked for once more by hand.
        let is_another = self.waiting.get(&sequence).is_some_and(|waiting| {
            waiting.test != report.test || waiting.attempts.saturating_add(1) != report.attempt
        });
        let due_at_ms = match report.outcome() {
            AttemptOutcome::Failed | AttemptOutcome::Gone if is_past && !is_test => Some(0),
            AttemptOutcome::Failed => report.due_at_ms,
            _ => None,
        };
        match due_at_ms {
            _ if is_another => {}
            Some(due_at_ms) => {
                let waiting = WaitingEvent {
                    endpoint: self.row.id,
                    sequence,
                    attempts: report.attempt,
                    first_at_ms: report.first_at_ms,
                    due_at_ms,
                    test: None,
                    wakes: report.wakes,
                };
                self.waiting.insert(sequence, waiting);
            }
            None => {
                self.waiting.remove(&sequence);
            }
        }
        match report.outcome() {
            AttemptOutcome::Delivered if self.is_down() => self.recovered(),
            AttemptOutcome::Delivered => (self.failures, self.rest_until_ms) = (0, 0),
            AttemptOutcome::Failed | AttemptOutcome::GivenUp if !is_test && !is_past => {
                self.failures = self.failures.saturating_add(1);
                self.rest_until_ms = self.rest_until_ms.max(report.rest_until_ms.unwrap_or(0));
            }
            // The state has it disabled.
            AttemptOutcome::Gone if !is_past => self.is_gone = true,
            _ => {}
        }
    }
}

/// What waits for this endpoint: at once, if it was woken since that was recorded.
fn waiting_of(row: &WebhookEndpoint, view: &View) -> Result<Vec<WaitingEvent>, StoreError> {
    let mut all = view.waiting_events(row.id)?;
    for waiting in all.iter_mut().filter(|waiting| row.was_woken_since(waiting.wakes)) {
        waiting.due_at_ms = 0;
    }
    Ok(all)
}

impl Secrets {
    /// The signatures of a message, by each secret that counts at this time on the replicated clock.
    pub(super) fn sign(&self, now_ms: u64, id: &str, timestamp_s: u64, body: &[u8]) -> String {
        let current = self.current.sign(id, timestamp_s, body).to_string();
        match &self.previous {
            Some((previous, until_ms)) if now_ms < *until_ms => {
                format!("{current} {}", previous.sign(id, timestamp_s, body))
            }
            _ => current,
        }
    }
}

fn secrets_of(row: &WebhookEndpoint, service: &Service) -> Option<Arc<Secrets>> {
    let id = row.id.to_string();
    let open = |sealed: &[u8]| WebhookSecret::open(&service.sealer, &id, sealed);
    let opened = open(&row.secret).and_then(|current| {
        let previous = row.previous_secret.as_ref();
        let previous = previous.map(|it| Ok::<_, CannotOpen>((open(&it.sealed)?, it.expires_at_ms)));
        Ok(Secrets { current, previous: previous.transpose()? })
    });
    opened.map(Arc::new).inspect_err(|error| {
        tracing::error!(endpoint = id, %error, "nothing is sent to an endpoint whose secret is not known here");
    })
    .ok()
}
