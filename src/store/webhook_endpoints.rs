//! Endpoints of webhooks: their rows, as `apply` and as others read them.

use prost::Message;

use super::StoreError;
use super::audit::{AuditReport, IndexAudit};
use super::index::{Entry, Indexed};
use super::key::{Key, after_prefix, leading_id, trailing_number};
use super::page::{Page, Position};
use super::rows::damaged;
use super::schema::Table;
use super::tables::StateTables;
use super::view::{View, cut_short};
use crate::domain::{
    Principal, UserId, Violation, WaitingEvent, WebhookAttempt, WebhookAudit, WebhookEndpoint,
    WebhookEndpointId, WebhookTables,
};

impl Indexed for WebhookEndpoint {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        let Some(owner) = self.owner.principal() else { return Vec::new() };
        let key = Key::new().bytes(&owner.to_bytes()).bytes(&self.id.to_bytes());
        vec![Entry::new(Table::WebhooksByOwner, key, &[])]
    }
}

impl Indexed for WaitingEvent {
    fn key(&self) -> Vec<u8> {
        waiting_key(self.endpoint, self.sequence)
    }

    /// The worker has in memory when each is due.
    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

impl Indexed for WebhookAttempt {
    fn key(&self) -> Vec<u8> {
        attempt_key(self.endpoint, self.number)
    }

    /// It is looked for by its endpoint alone.
    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

fn waiting_key(endpoint: WebhookEndpointId, sequence: u64) -> Vec<u8> {
    Key::new().bytes(&endpoint.to_bytes()).number(sequence).finish()
}

/// Where an attempt stands: the newest come first.
pub(super) fn attempt_key(endpoint: WebhookEndpointId, number: u64) -> Vec<u8> {
    Key::new().bytes(&endpoint.to_bytes()).inverted(number).finish()
}

impl WebhookTables for StateTables<'_> {
    fn webhook_endpoint(&self, id: WebhookEndpointId) -> Option<WebhookEndpoint> {
        self.rows.message(Table::WebhookEndpoints, &id.to_bytes())
    }

    fn webhook_endpoints_of(&self, owner: Principal) -> Vec<WebhookEndpoint> {
        let pick = |key: &[u8], _: &[u8]| key.last_chunk().copied();
        let ids = self.rows.scan_prefix(Table::WebhooksByOwner, &owner.to_bytes(), usize::MAX, pick);
        ids.into_iter().filter_map(|id| self.webhook_endpoint(WebhookEndpointId::from_bytes(id))).collect()
    }

    fn webhook_endpoint_count(&self) -> u64 {
        self.rows.count(Table::WebhookEndpoints)
    }

    fn waiting_event(&self, endpoint: WebhookEndpointId, sequence: u64) -> Option<WaitingEvent> {
        self.rows.message(Table::WaitingEvents, &waiting_key(endpoint, sequence))
    }

    fn removed_webhook_endpoints(&self, at_most: usize) -> Vec<WebhookEndpointId> {
        let pick = |key: &[u8], _: &[u8]| leading_id(key).map(WebhookEndpointId::from_bytes);
        self.rows.scan(Table::WebhooksRemoved, &[], None, at_most, pick)
    }

    fn waiting_events(&self, endpoint: WebhookEndpointId, at_most: usize) -> Vec<WaitingEvent> {
        let pick = |_: &[u8], row: &[u8]| self.rows.decoded(Table::WaitingEvents, row);
        self.rows.scan_prefix(Table::WaitingEvents, &endpoint.to_bytes(), at_most, pick)
    }

    fn webhook_attempts(&self, endpoint: WebhookEndpointId, at_most: usize) -> Vec<u64> {
        let pick = |key: &[u8], _: &[u8]| trailing_number(key).map(|inverted| !inverted);
        self.rows.scan_prefix(Table::WebhookAttempts, &endpoint.to_bytes(), at_most, pick)
    }
}

impl View {
    /// The endpoint.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn webhook_endpoint(&self, id: WebhookEndpointId) -> Result<Option<WebhookEndpoint>, StoreError> {
        self.row(Table::WebhookEndpoints, &id.to_bytes())
    }

    /// All endpoints, in order of their ids, which is that in which they were made.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn webhook_endpoints(&self) -> Result<Vec<WebhookEndpoint>, StoreError> {
        self.rows(Table::WebhookEndpoints).collect()
    }

    /// This owner's endpoints, in the order in which they were made. There are
    /// [`MAX_ENDPOINTS_PER_OWNER`](crate::domain::MAX_ENDPOINTS_PER_OWNER) at most.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn webhook_endpoints_of(&self, owner: Principal) -> Result<Vec<WebhookEndpoint>, StoreError> {
        let prefix = owner.to_bytes();
        let mut endpoints = Vec::new();
        for entry in self.entries(Table::WebhooksByOwner, &prefix, after_prefix(&prefix))? {
            let (key, _) = entry?;
            let id = key.value().last_chunk().copied().ok_or_else(|| cut_short(Table::WebhooksByOwner))?;
            endpoints.extend(self.webhook_endpoint(WebhookEndpointId::from_bytes(id))?);
        }
        Ok(endpoints)
    }

    /// What waits to be sent to an endpoint, in order of sequences.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn waiting_events(&self, endpoint: WebhookEndpointId) -> Result<Vec<WaitingEvent>, StoreError> {
        let prefix = endpoint.to_bytes();
        let entries = self.entries(Table::WaitingEvents, &prefix, after_prefix(&prefix))?;
        entries
            .map(|entry| {
                let (_, row) = entry?;
                WaitingEvent::decode(row.value()).map_err(|error| damaged(Table::WaitingEvents, error))
            })
            .collect()
    }

    /// A page of an endpoint's attempts, the newest first.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn webhook_attempts_of(
        &self,
        endpoint: WebhookEndpointId,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<WebhookAttempt>, StoreError> {
        self.numbered_page(Table::WebhookAttempts, endpoint.to_bytes(), after, limit, |row| {
            let attempt = WebhookAttempt::decode(row);
            attempt.map(Some).map_err(|error| damaged(Table::WebhookAttempts, error))
        })
    }

    /// The sequence of the first event that is kept and happened at this time on the replicated clock or later; one more
    /// than the newest if none did.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn first_event_since(&self, at_ms: u64) -> Result<u64, StoreError> {
        let kept = self.events_kept()?;
        // Events are in the order of their times.
        let (mut from, mut until) = (kept.oldest, kept.newest.saturating_add(1));
        while from < until {
            let middle = from + (until - from) / 2;
            match self.event(middle)? {
                Some(event) if event.at_ms >= at_ms => until = middle,
                _ => from = middle + 1,
            }
        }
        Ok(from)
    }

    /// Whether there is something to clear up of endpoints that are gone, or are to go with their owner's key.
    pub(super) fn webhooks_need_upkeep(&self, at_ms: u64) -> Result<bool, StoreError> {
        if self.entries(Table::WebhooksRemoved, &[], None)?.next().is_some() {
            return Ok(true);
        }
        if self.entries(Table::WebhookEndpoints, &[], None)?.next().is_none() {
            return Ok(false);
        }
        for key in self.operator_keys()?.iter().filter(|key| !key.works_at(at_ms)) {
            let prefix = key.id.to_bytes();
            if self.entries(Table::WebhooksByOwner, &prefix, after_prefix(&prefix))?.next().is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl IndexAudit {
    /// Takes the endpoints of webhooks with all that belongs to them.
    pub(super) fn webhooks(
        &mut self,
        view: &View,
        report: &mut AuditReport,
        is_user: impl Fn(UserId) -> bool,
    ) -> Result<(), StoreError> {
        let keys = view.operator_keys()?;
        let mut audit = WebhookAudit::default();
        self.rows(view, Table::WebhookEndpoints, report, |endpoint: WebhookEndpoint| {
            audit.endpoint(endpoint, |owner| match owner {
                Principal::User(user) => is_user(user),
                Principal::Key(id) => keys.iter().any(|key| key.id == id),
            });
            Ok(())
        })?;
        for entry in view.entries(Table::WebhooksRemoved, &[], None)? {
            let (key, _) = entry?;
            let id = leading_id(key.value()).ok_or_else(|| cut_short(Table::WebhooksRemoved))?;
            audit.removed(WebhookEndpointId::from_bytes(id));
        }
        self.rows(view, Table::WaitingEvents, report, |row: WaitingEvent| {
            audit.waiting(&row);
            Ok::<(), Violation>(())
        })?;
        self.rows(view, Table::WebhookAttempts, report, |row: WebhookAttempt| {
            audit.attempt(&row);
            Ok::<(), Violation>(())
        })?;
        let (books, violations) = audit.finish(view.counters()?);
        report.webhooks = books;
        violations.into_iter().for_each(|violation| report.add(violation));
        Ok(())
    }
}
