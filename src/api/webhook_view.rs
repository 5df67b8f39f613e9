//! Endpoints of webhooks as their owners see them, and what came of attempts.

use poem_openapi::{Enum, Object};

use super::event_view::EventTypeName;
use super::webhook_messages::TEST_TYPE;
use crate::domain::{
    AttemptOutcome, DisabledReason, PreviousSecret, TEST_SEQUENCE, WebhookAttempt, WebhookEndpoint,
};
use crate::http::timestamp::Timestamp;
use crate::replica::{EventPosition, Replica};

/// An endpoint of webhooks, without its secret
#[derive(Object)]
#[oai(rename = "Webhook", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct WebhookView {
    /// The endpoint's id
    id: String,
    /// Where events are sent to
    url: String,
    /// What it is told of; everything that its owner may see if there are none
    types: Vec<EventTypeName>,
    /// Whether anything is sent to it
    enabled: bool,
    /// Why not
    disabled_reason: Option<Reason>,
    /// Since when not
    disabled_at: Option<Timestamp>,
    /// When it was made
    created_at: Timestamp,
    /// When its secret was made
    secret_created_at: Timestamp,
    /// Until when messages are signed with the secret before as well
    previous_secret_expires_at: Option<Timestamp>,
    /// The last event that was dealt with, `<epoch>-<sequence>`: it was taken, waits to be sent again, was given up, or is of
    /// no concern. Recorded at intervals
    position: String,
    /// Events that wait to be sent again
    waiting: u64,
    /// When something was taken last
    last_delivered_at: Option<Timestamp>,
    /// Attempts that failed since then
    failures: u32,
    /// When the first of those was made
    failing_since: Option<Timestamp>,
    /// Until when it wants to be left alone
    resting_until: Option<Timestamp>,
}

/// An endpoint of webhooks that has a new secret
#[derive(Object)]
#[oai(rename = "WebhookWithSecret")]
pub(super) struct WebhookWithSecret {
    #[oai(flatten)]
    pub(super) webhook: WebhookView,
    /// What messages are signed with, after Standard Webhooks. It is shown here, and never again
    pub(super) secret: String,
}

/// Why nothing is sent to an endpoint
#[derive(Enum)]
#[oai(rename = "WebhookDisabledReason", rename_all = "lowercase")]
enum Reason {
    /// Its owner said so
    Owner,
    /// It answered 410
    Gone,
    /// Nothing at all was taken for three days
    Failing,
}

/// What came of an attempt
#[derive(Enum)]
#[oai(rename = "WebhookOutcome", rename_all = "kebab-case")]
enum Outcome {
    /// It was taken
    Delivered,
    /// It was not, and will be sent again
    Failed,
    /// It was not, and will not be sent again: three days are over, or it is a test
    GivenUp,
    /// The endpoint answered 410, and is disabled. The event waits
    Gone,
    /// Retention forgot events before they were sent
    Forgotten,
}

/// An attempt to send an event to an endpoint
#[derive(Object)]
#[oai(rename = "WebhookAttempt", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct AttemptView {
    /// Its number among those of the endpoint, from 1
    number: u64,
    outcome: Outcome,
    /// The event's id; of several that were forgotten, the first one's
    event_id: String,
    /// The event's type; `webhook:test` of a test
    #[oai(rename = "type")]
    kind: Option<String>,
    /// The how manieth attempt of this event it was, from 1
    attempt: Option<u32>,
    /// When it began
    at: Timestamp,
    /// How long it took, in milliseconds
    duration_ms: u64,
    /// The status that it was answered, if there was an answer
    status: Option<u32>,
    /// Why there was none, or none was asked for
    fault: Option<String>,
    /// The beginning of the answer, 1 KiB at most
    answer: Option<String>,
    /// When the event will be sent again
    next_attempt_at: Option<Timestamp>,
    /// The last one of several events that were forgotten
    forgotten_through: Option<String>,
}

fn timestamp(unix_ms: u64) -> Timestamp {
    Timestamp { unix_ms }
}

impl WebhookView {
    pub(super) fn new(endpoint: WebhookEndpoint, replica: &Replica) -> Self {
        let now_ms = replica.now_ms();
        let still = |until_ms: &u64| *until_ms > now_ms;
        let previous =
            endpoint.previous_secret.as_ref().map(|PreviousSecret { expires_at_ms, .. }| *expires_at_ms);
        Self {
            id: endpoint.id.to_string(),
            types: endpoint.types().filter_map(EventTypeName::of).collect(),
            enabled: endpoint.disabled.is_none(),
            disabled_reason: endpoint.disabled.and_then(|disabled| Reason::of(disabled.reason())),
            disabled_at: endpoint.disabled.map(|disabled| timestamp(disabled.at_ms)),
            created_at: timestamp(endpoint.created_at_ms),
            secret_created_at: timestamp(endpoint.secret_made_at_ms),
            previous_secret_expires_at: previous.filter(still).map(timestamp),
            position: EventPosition::of_cluster(replica.cluster_id(), endpoint.cursor).to_string(),
            waiting: endpoint.waiting,
            last_delivered_at: endpoint.delivered_at_ms.map(timestamp),
            failures: endpoint.failures,
            failing_since: endpoint.failing_since_ms.map(timestamp),
            resting_until: endpoint.rest_until_ms.filter(still).map(timestamp),
            url: endpoint.url,
        }
    }
}

impl Reason {
    fn of(reason: DisabledReason) -> Option<Self> {
        Some(match reason {
            DisabledReason::Unknown => return None,
            DisabledReason::ByOwner => Self::Owner,
            DisabledReason::Gone => Self::Gone,
            DisabledReason::Failing => Self::Failing,
        })
    }
}

impl Outcome {
    fn of(outcome: AttemptOutcome) -> Option<Self> {
        Some(match outcome {
            AttemptOutcome::Unknown => return None,
            AttemptOutcome::Delivered => Self::Delivered,
            AttemptOutcome::Failed => Self::Failed,
            AttemptOutcome::GivenUp => Self::GivenUp,
            AttemptOutcome::Gone => Self::Gone,
            AttemptOutcome::Forgotten => Self::Forgotten,
        })
    }
}

impl AttemptView {
    /// The attempt; `None` if it is of a later version.
    pub(super) fn of(attempt: WebhookAttempt, replica: &Replica) -> Option<Self> {
        let WebhookAttempt { number, report, .. } = attempt;
        let outcome = Outcome::of(report.outcome())?;
        let position = |sequence| EventPosition::of_cluster(replica.cluster_id(), sequence).to_string();
        let kind = match report.sequence {
            TEST_SEQUENCE => Some(TEST_TYPE.to_owned()),
            _ => EventTypeName::of(report.r#type()).map(|_| report.r#type().name().to_owned()),
        };
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        Some(Self {
            number,
            outcome,
            kind,
            attempt: Some(report.attempt).filter(|attempt| *attempt > 0),
            at: timestamp(report.at_ms),
            duration_ms: report.duration_ms,
            status: Some(report.status).filter(|status| *status > 0),
            next_attempt_at: report.due_at_ms.map(timestamp),
            forgotten_through: report.forgotten_through.map(position),
            event_id: said(report.message).unwrap_or_else(|| position(report.sequence)),
            fault: said(report.fault),
            answer: said(report.answer),
        })
    }
}
