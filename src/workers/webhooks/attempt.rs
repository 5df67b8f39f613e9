//! One attempt to send something: what is sent, and what its answer means.

use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Clock, SystemClock};
use bytes::Bytes;
use rand::RngExt;
use tokio::time::Instant;

use super::endpoint::{Endpoint, Secrets, Start};
use crate::api::webhook_messages::{event_message, test_message};
use crate::domain::{AttemptOutcome, AttemptReport, EventType, TEST_SEQUENCE, WebhookEndpointId};
use crate::service::Service;
use crate::store::{StoreError, View};
use crate::webhooks::{Answered, MAX_RETRY_AFTER, Message, Next, NoAnswer, next};

/// The receiver is not there any more, and nothing is sent to it again.
const GONE: u16 = 410;

/// The receiver wants to be left alone.
const TOO_MANY_REQUESTS: u16 = 429;

/// What metrics call an event that was tried for long enough.
const GIVEN_UP: &str = "given-up";

/// What metrics call an event that retention forgot before it was sent.
pub(super) const FORGOTTEN: &str = "forgotten";

/// An attempt that is about to be made.
pub(super) struct Attempt {
    endpoint: WebhookEndpointId,
    pub(super) start: Start,
    url: String,
    secrets: Arc<Secrets>,
    id: String,
    r#type: EventType,
    body: Bytes,
}

/// An attempt that was made.
pub(super) struct Ended {
    endpoint: WebhookEndpointId,
    start: Start,
    id: String,
    r#type: EventType,
    at_ms: u64,
    took: Duration,
    result: Result<Answered, NoAnswer>,
}

impl Attempt {
    /// The attempt to send this; or what is said of it if it is not kept any more.
    pub(super) fn new(
        service: &Service,
        view: &View,
        endpoint: &Endpoint,
        start: Start,
    ) -> Result<Result<Self, AttemptReport>, StoreError> {
        let (id, r#type, body) = match (start.test, endpoint.secrets()) {
            (Some(test), Some(_)) => {
                let (id, body) = test_message(&service.replica, test, endpoint.id(), start.first_at_ms);
                (id, EventType::Unknown, body)
            }
            (None, Some(_)) => {
                let event = view.event(start.sequence)?;
                let r#type = event.as_ref().map_or(EventType::Unknown, |event| event.r#type());
                let Some((id, body)) = event.and_then(|event| event_message(&service.replica, event)) else {
                    return Ok(Err(forgotten(start, service.replica.now_ms())));
                };
                (id, r#type, body)
            }
            (_, None) => return Ok(Err(forgotten(start, service.replica.now_ms()))),
        };
        let Some(secrets) = endpoint.secrets().cloned() else {
            return Ok(Err(forgotten(start, service.replica.now_ms())));
        };
        let (endpoint, url) = (endpoint.id(), endpoint.url().to_owned());
        Ok(Ok(Self { endpoint, start, url, secrets, id, r#type, body }))
    }

    /// Sends it.
    pub(super) async fn make(self, service: Arc<Service>) -> Ended {
        let at_ms = service.replica.now_ms();
        // Receivers compare it with the time of day.
        let timestamp_s = SystemClock::new().wall_ms() / 1_000;
        let message = Message {
            url: self.url,
            timestamp_s,
            signatures: self.secrets.sign(at_ms, &self.id, timestamp_s, &self.body),
            id: self.id.clone(),
            body: self.body,
        };
        let began = Instant::now();
        let result = service.webhook_sender.send(message).await;
        let Self { endpoint, start, id, r#type, .. } = self;
        Ended { endpoint, start, id, r#type, at_ms, took: began.elapsed(), result }
    }
}

/// What is said of an event that is not kept any more.
fn forgotten(start: Start, now_ms: u64) -> AttemptReport {
    AttemptReport {
        sequence: start.sequence,
        attempt: start.attempt,
        at_ms: now_ms,
        fault: "retention forgot the event before it was sent".to_owned(),
        outcome: AttemptOutcome::Forgotten.into(),
        first_at_ms: start.first_at_ms,
        test: start.test,
        wakes: start.wakes,
        ..AttemptReport::default()
    }
}

impl Ended {
    /// One that ended in a fault of this program.
    pub(super) fn panicked(endpoint: WebhookEndpointId, start: Start, at_ms: u64) -> Self {
        let result = Err(NoAnswer::Lost("sending panicked".to_owned()));
        let (id, took) = (String::new(), Duration::ZERO);
        Self { endpoint, start, id, r#type: EventType::Unknown, at_ms, took, result }
    }

    /// What the answer means.
    pub(super) fn judge(self, service: &Service) -> (WebhookEndpointId, AttemptReport) {
        let now_ms = service.replica.now_ms();
        let (status, retry_after) = match &self.result {
            Ok(answered) => (answered.status, answered.retry_after),
            Err(_) => (0, None),
        };
        let is_test = self.start.sequence == TEST_SEQUENCE;
        let due =
            || next(self.start.first_at_ms, self.start.attempt, now_ms, rand::rng().random(), retry_after);
        let (outcome, due_at_ms) = match status {
            200..=299 => (AttemptOutcome::Delivered, None),
            GONE => (AttemptOutcome::Gone, None),
            _ if is_test => (AttemptOutcome::GivenUp, None),
            _ => match due() {
                Next::At(due_at_ms) => (AttemptOutcome::Failed, Some(due_at_ms)),
                Next::GiveUp => (AttemptOutcome::GivenUp, None),
            },
        };
        service.metrics.webhooks_out.attempted(label(&self.result));
        if outcome == AttemptOutcome::GivenUp && !is_test {
            service.metrics.webhooks_out.lost(GIVEN_UP);
        }
        let wish_ms =
            retry_after.map(|wish| now_ms.saturating_add(wish.min(MAX_RETRY_AFTER).as_millis() as u64));
        // Who has had enough for now, and does not say until when, is asked again with this event.
        let rest_until_ms = wish_ms.or(due_at_ms.filter(|_| status == TOO_MANY_REQUESTS));
        let is_failure = outcome != AttemptOutcome::Delivered;
        let (fault, answer) = match self.result {
            Ok(answered) => (String::new(), answered.beginning),
            Err(no_answer) => (no_answer.to_string(), String::new()),
        };
        let report = AttemptReport {
            message: self.id,
            sequence: self.start.sequence,
            r#type: self.r#type.into(),
            attempt: self.start.attempt,
            at_ms: self.at_ms,
            duration_ms: self.took.as_millis() as u64,
            status: status.into(),
            fault,
            answer,
            outcome: outcome.into(),
            due_at_ms,
            rest_until_ms: rest_until_ms.filter(|_| is_failure),
            forgotten_through: None,
            first_at_ms: self.start.first_at_ms,
            test: self.start.test,
            wakes: self.start.wakes,
        };
        (self.endpoint, report)
    }
}

/// What metrics call what came of an attempt.
fn label(result: &Result<Answered, NoAnswer>) -> &'static str {
    match result {
        Ok(answered) => match answered.status {
            200..=299 => "delivered",
            300..=399 => "redirected",
            GONE => "gone",
            _ => "refused",
        },
        Err(NoAnswer::Url(_) | NoAnswer::NotOnTheInternet) => "not-allowed",
        Err(NoAnswer::TimedOut) => "timed-out",
        Err(NoAnswer::Connection(_)) => "no-connection",
        Err(NoAnswer::Lost(_)) => "lost",
    }
}
