//! The worker of webhooks: sends events to the endpoints that the state has.
//!
//! **What is new** is read from the outbox once for all endpoints that are up to date, and each takes what its filter
//! shows; one that is behind reads on by itself, a page a round. **What failed** waits in a row of its own, of which the
//! worker has a copy with the time when it is due. Both are sent, signed, by tasks of their own: a few for each endpoint
//! at once, so that an endpoint that takes its time waits for nobody but itself, and nobody waits for it.
//!
//! **What came of it** goes into the state in batches, and an endpoint's cursor with it. Whatever was sent and not
//! recorded when this replica stopped to lead is sent again by the next leader, under the same id.
//!
//! **An endpoint that is down**, after [`DOWN_AFTER`](endpoint::DOWN_AFTER) failures in a row, is sent little: what waits
//! when it is due, and now and then something new. Once anything is taken all that waits is tried at once.

mod attempt;
mod endpoint;
mod recorder;
pub(super) mod reseal;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use self::attempt::{Attempt, Ended};
use self::endpoint::Endpoint;
use self::recorder::Recorder;
use crate::domain::WebhookEndpointId;
use crate::service::Service;
use crate::store::{StoreError, View};

/// Events that are read from the outbox at once.
const PAGE: usize = 256;

/// Endpoints that are behind and read a page in one round.
const MAX_READING: usize = 16;

/// Messages that are under way to one endpoint at once, at most.
const PER_ENDPOINT: usize = 8;

/// From so many messages under way on, each endpoint has one at most. There is no bound beyond that: it would have some
/// endpoints wait for others, and there are some thousand endpoints at most.
const CROWDED: usize = 512;

/// How often to look at what owners changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How often the cursors of endpoints are recorded that were sent nothing.
const RECORD_CURSORS_EVERY: Duration = Duration::from_secs(60);

/// Sends what is to be sent.
pub(super) async fn run(service: Arc<Service>) {
    Worker::new(service).run().await;
}

struct Worker {
    service: Arc<Service>,
    endpoints: BTreeMap<WebhookEndpointId, Endpoint>,
    /// The last event that was read for those who are up to date; `None` before the first look.
    read_to: Option<u64>,
    recorder: Recorder,
    /// Dropped with the worker when leadership is lost: what is under way ends with it.
    sendings: JoinSet<Ended>,
    look_at: Instant,
    record_cursors_at: Instant,
}

impl Drop for Worker {
    /// Another replica sends from now on, and knows what is late.
    fn drop(&mut self) {
        self.service.metrics.webhooks_out.set_oldest_due(None);
    }
}

impl Worker {
    fn new(service: Arc<Service>) -> Self {
        let now = Instant::now();
        Self {
            recorder: Recorder::new(service.clone()),
            service,
            endpoints: BTreeMap::new(),
            read_to: None,
            sendings: JoinSet::new(),
            look_at: now,
            record_cursors_at: now + RECORD_CURSORS_EVERY,
        }
    }

    async fn run(mut self) {
        let mut news = self.service.event_signals.news();
        loop {
            // Before reading: what comes in between is seen in the next round.
            news.mark_unchanged();
            let read_all = self.round().unwrap_or_else(|error| {
                tracing::error!(%error, "cannot look for webhooks to send");
                true
            });
            self.recorder.record(&mut self.endpoints);
            if read_all {
                self.wait(&mut news).await;
            } else {
                tokio::task::yield_now().await;
            }
            while let Some(ended) = self.sendings.try_join_next() {
                self.end(ended.ok());
            }
        }
    }

    /// Looks at what there is to do and begins it. Returns whether all has been looked at.
    fn round(&mut self) -> Result<bool, StoreError> {
        let view = self.service.replica.view()?;
        let now = Instant::now();
        if now >= self.look_at {
            self.look_at = now + LOOK_EVERY;
            self.look(&view, now)?;
        }
        if self.endpoints.is_empty() {
            // Whoever is the next begins where things are by then.
            self.read_to = None;
            return Ok(true);
        }
        // What was told of since the backup is to be looked at first, and perhaps this is not even the house that it was.
        if view.hold()?.is_some() {
            return Ok(true);
        }
        let read_all = self.read(&view)?;
        self.begin(&view)?;
        Ok(read_all && self.look_at > now)
    }

    /// Looks at what owners changed.
    fn look(&mut self, view: &View, now: Instant) -> Result<(), StoreError> {
        let rows = view.webhook_endpoints()?;
        let mut known = std::mem::take(&mut self.endpoints);
        for row in rows.into_iter().filter(|row| row.disabled.is_none()) {
            let id = row.id;
            let endpoint = match known.remove(&id) {
                Some(endpoint) if endpoint.is_as(Some(&row)) => endpoint,
                Some(endpoint) if !endpoint.is_gone() => endpoint.changed(row, view, &self.service)?,
                Some(_) | None => Endpoint::open(row, view, &self.service)?,
            };
            self.endpoints.insert(id, endpoint);
        }
        if now >= self.record_cursors_at {
            self.record_cursors_at = now + RECORD_CURSORS_EVERY;
            self.endpoints.values_mut().for_each(Endpoint::record_cursor);
        }
        let now_ms = self.service.replica.now_ms();
        let oldest = self.endpoints.values().filter_map(|endpoint| endpoint.due_since_ms(now_ms)).min();
        let age = oldest.map(|due_ms| Duration::from_millis(now_ms.saturating_sub(due_ms)));
        self.service.metrics.webhooks_out.set_oldest_due(age);
        Ok(())
    }

    /// Reads what is new, and says whether that was all of it.
    fn read(&mut self, view: &View) -> Result<bool, StoreError> {
        let kept = view.events_kept()?;
        let read_to = *self.read_to.get_or_insert(kept.newest);
        for endpoint in self.endpoints.values_mut() {
            let forgotten = endpoint.skip_to(kept.oldest, self.service.replica.now_ms());
            forgotten.iter().for_each(|_| self.service.metrics.webhooks_out.lost(attempt::FORGOTTEN));
            self.recorder.add_all(endpoint, forgotten);
        }
        let mut read_all = true;
        let behind = self.endpoints.values_mut().filter(|endpoint| endpoint.reads_by_itself(read_to));
        for endpoint in behind.take(MAX_READING) {
            let events = view.events_after(endpoint.position(), PAGE)?;
            endpoint.take(&events, read_to);
            read_all &= !endpoint.reads_by_itself(read_to);
        }
        // One that has no room left is behind from here on.
        let events = view.events_after(read_to.max(kept.oldest - 1), PAGE)?;
        if let Some(last) = events.last() {
            self.read_to = Some(last.sequence);
            let up_to_date = self.endpoints.values_mut().filter(|endpoint| endpoint.position() >= read_to);
            up_to_date.for_each(|endpoint| endpoint.take(&events, last.sequence));
        }
        Ok(read_all && events.len() < PAGE)
    }

    /// Sends what is to be sent now.
    fn begin(&mut self, view: &View) -> Result<(), StoreError> {
        if self.recorder.is_full() {
            return Ok(());
        }
        let now_ms = self.service.replica.now_ms();
        for endpoint in self.endpoints.values_mut() {
            if !endpoint.has_something_to_send(now_ms, PER_ENDPOINT) {
                continue;
            }
            // What its owner has changed counts from the next message on.
            if !endpoint.is_as(view.webhook_endpoint(endpoint.id())?.as_ref()) {
                self.look_at = Instant::now();
                continue;
            }
            loop {
                let limit = if self.sendings.len() < CROWDED { PER_ENDPOINT } else { 1 };
                let Some(start) = endpoint.next(now_ms, limit) else { break };
                match Attempt::new(&self.service, view, endpoint, start)? {
                    Ok(attempt) => {
                        let (id, start) = (endpoint.id(), attempt.start);
                        let sending = AssertUnwindSafe(attempt.make(self.service.clone())).catch_unwind();
                        let panicked = move || Ended::panicked(id, start, now_ms);
                        self.sendings.spawn(async move { sending.await.unwrap_or_else(|_| panicked()) });
                    }
                    // It was forgotten before it could be sent.
                    Err(report) => {
                        endpoint.settle(&report);
                        self.service.metrics.webhooks_out.lost(attempt::FORGOTTEN);
                        self.recorder.add_all(endpoint, Some(report));
                    }
                }
            }
        }
        Ok(())
    }

    /// Waits for something to do.
    async fn wait(&mut self, news: &mut watch::Receiver<()>) {
        let now_ms = self.service.replica.now_ms();
        let due_ms = self.endpoints.values().filter_map(|endpoint| endpoint.next_due_ms(now_ms)).min();
        let due_at =
            due_ms.map(|due_ms| Instant::now() + Duration::from_millis(due_ms.saturating_sub(now_ms)));
        let look_at = due_at.map_or(self.look_at, |due_at| due_at.min(self.look_at));
        tokio::select! {
            // The sender lives as long as the service.
            _ = news.changed() => {}
            Some(ended) = self.sendings.join_next() => self.end(ended.ok()),
            () = self.recorder.recorded() => {}
            () = tokio::time::sleep_until(look_at) => {}
        }
    }

    /// Takes what came of an attempt. None came of one that was ended with the runtime.
    fn end(&mut self, ended: Option<Ended>) {
        let Some(ended) = ended else { return };
        let (id, report) = ended.judge(&self.service);
        match self.endpoints.get_mut(&id) {
            Some(endpoint) => {
                endpoint.settle(&report);
                self.recorder.add_all(endpoint, Some(report));
            }
            // It was disabled or removed meanwhile; what came of it is part of its log all the same.
            None => self.recorder.add_of_gone(id, report),
        }
    }
}
