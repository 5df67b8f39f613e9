//! Audits of endpoints: what must hold of all of their rows together.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    MAX_ANSWER_BYTES, MAX_ATTEMPTS_KEPT, MAX_ENDPOINTS_PER_OWNER, TEST_SEQUENCE, WaitingEvent,
    WebhookAttempt, WebhookEndpoint,
};
use crate::domain::asker::Principal;
use crate::domain::id::WebhookEndpointId;
use crate::domain::invariants::Violation;
use crate::domain::tables::Counters;

/// What a [`WebhookAudit`] counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WebhookBooks {
    /// Endpoints, enabled or not.
    pub endpoints: u64,
    /// Events that wait to be sent again.
    pub waiting: u64,
    /// Attempts that are kept.
    pub attempts: u64,
}

/// Checks the rows of endpoints. Feed it every row, endpoints first, then call [`WebhookAudit::finish`].
#[derive(Debug, Default)]
pub struct WebhookAudit {
    endpoints: BTreeMap<WebhookEndpointId, WebhookEndpoint>,
    /// Removed ones whose rows are still to go.
    removed: BTreeSet<WebhookEndpointId>,
    waiting: BTreeMap<WebhookEndpointId, u64>,
    attempts: BTreeMap<WebhookEndpointId, u64>,
    books: WebhookBooks,
    violations: Vec<Violation>,
}

impl WebhookAudit {
    /// Takes an endpoint; `owner_is_there` says whether an account or key is.
    pub fn endpoint(&mut self, endpoint: WebhookEndpoint, owner_is_there: impl FnOnce(Principal) -> bool) {
        self.books.endpoints += 1;
        let fault = endpoint.fault();
        let is_stray = !endpoint.owner.principal().is_some_and(owner_is_there);
        if let Some(fault) = fault.or(is_stray.then_some("it belongs to nobody")) {
            self.violations.push(Violation(format!("{}: {fault}", endpoint.id)));
        }
        self.endpoints.insert(endpoint.id, endpoint);
    }

    /// Takes the id of an endpoint that was removed while rows of it are still there.
    pub fn removed(&mut self, endpoint: WebhookEndpointId) {
        self.removed.insert(endpoint);
    }

    /// Takes an event that waits.
    pub fn waiting(&mut self, row: &WaitingEvent) {
        self.books.waiting += 1;
        *self.waiting.entry(row.endpoint).or_default() += 1;
        self.belongs(row.endpoint, "an event waits for");
        if (row.sequence == TEST_SEQUENCE) != row.test.is_some() {
            self.violations.push(Violation(format!("{}: an event that waits is no event", row.endpoint)));
        }
        if self.endpoints.get(&row.endpoint).is_some_and(|endpoint| row.wakes > endpoint.wakes) {
            self.violations.push(Violation(format!("{}: it was not woken so often", row.endpoint)));
        }
    }

    /// Takes an attempt.
    pub fn attempt(&mut self, row: &WebhookAttempt) {
        self.books.attempts += 1;
        *self.attempts.entry(row.endpoint).or_default() += 1;
        self.belongs(row.endpoint, "there is an attempt of");
        let made = self.endpoints.get(&row.endpoint).map(|endpoint| endpoint.attempts);
        let is_known = made
            .is_none_or(|made| row.number > 0 && row.number <= made && made - row.number < MAX_ATTEMPTS_KEPT);
        if !is_known || row.report.answer.len() > MAX_ANSWER_BYTES {
            let number = row.number;
            self.violations
                .push(Violation(format!("{}: attempt {number} should not be there", row.endpoint)));
        }
    }

    fn belongs(&mut self, endpoint: WebhookEndpointId, what: &str) {
        if !self.endpoints.contains_key(&endpoint) && !self.removed.contains(&endpoint) {
            self.violations.push(Violation(format!("{what} {endpoint}, and there is no such endpoint")));
        }
    }

    /// What was counted, and everything that does not hold.
    pub fn finish(mut self, counters: Counters) -> (WebhookBooks, Vec<Violation>) {
        let mut owners: BTreeMap<Option<Principal>, usize> = BTreeMap::new();
        for (id, endpoint) in &self.endpoints {
            *owners.entry(endpoint.owner.principal()).or_default() += 1;
            let waiting = self.waiting.get(id).copied().unwrap_or(0);
            let attempts = self.attempts.get(id).copied().unwrap_or(0);
            let faults = [
                (endpoint.waiting != waiting, "another number of events waits"),
                (endpoint.attempts.min(MAX_ATTEMPTS_KEPT) != attempts, "attempts are missing"),
                (endpoint.cursor > counters.events, "it is further than the events are"),
                (self.removed.contains(id), "it was removed"),
            ];
            let found = faults.into_iter().filter_map(|(is_so, fault)| is_so.then_some(fault));
            self.violations.extend(found.map(|fault| Violation(format!("{id}: {fault}"))));
        }
        if let Some(most) = owners.values().max().filter(|most| **most > MAX_ENDPOINTS_PER_OWNER) {
            self.violations.push(Violation(format!("somebody has {most} endpoints of webhooks")));
        }
        (self.books, self.violations)
    }
}
