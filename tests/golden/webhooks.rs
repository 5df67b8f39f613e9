//! Samples of what there is about endpoints of webhooks.

use boxoffice::domain::*;

use crate::samples::{Sample, bytes_from, sample, user};

pub(crate) fn endpoint_id() -> WebhookEndpointId {
    WebhookEndpointId::from_bytes(bytes_from(0x70))
}

fn test_id() -> WebhookTestId {
    WebhookTestId::from_bytes(bytes_from(0x80))
}

pub(crate) fn create() -> CreateWebhookEndpoint {
    CreateWebhookEndpoint {
        endpoint: endpoint_id(),
        url: "https://shop.example/".into(),
        types: vec![EventType::OrderCompleted.into(), EventType::TicketCreated.into()],
        sealed_secret: vec![0xaa; 4],
    }
}

pub(crate) fn update() -> UpdateWebhookEndpoint {
    UpdateWebhookEndpoint {
        endpoint: endpoint_id(),
        url: Some("https://shop.example/".into()),
        types: Some(EndpointTypes { types: vec![EventType::OrderCompleted.into()] }),
        enabled: Some(true),
    }
}

pub(crate) fn rotate() -> RotateWebhookSecret {
    RotateWebhookSecret { endpoint: endpoint_id(), sealed_secret: vec![0xaa; 4], previous_ttl_ms: 86_400_000 }
}

pub(crate) fn record() -> RecordDeliveries {
    let record = EndpointRecord { endpoint: endpoint_id(), rewinds: 1, cursor: 9, attempts: vec![report()] };
    RecordDeliveries { batch: 0x0123_4567_89ab_cdef, records: vec![record] }
}

pub(crate) fn resend() -> ResendEvents {
    ResendEvents { endpoint: endpoint_id(), what: Some(ResendWhat::From(7)) }
}

pub(crate) fn test() -> SendWebhookTest {
    SendWebhookTest { endpoint: endpoint_id(), test: test_id() }
}

pub(crate) fn reseal() -> ResealWebhookSecrets {
    ResealWebhookSecrets {
        endpoint: endpoint_id(),
        from: vec![0xaa; 4],
        to: vec![0xcc; 4],
        previous: Some(vec![0xdd; 4]),
    }
}

fn report() -> AttemptReport {
    AttemptReport {
        message: "0123456789abcdef-9".into(),
        sequence: 9,
        r#type: EventType::OrderCompleted.into(),
        attempt: 2,
        at_ms: 1_790_000_000_000,
        duration_ms: 120,
        status: 503,
        fault: "no answer".into(),
        answer: "busy".into(),
        outcome: AttemptOutcome::Failed.into(),
        due_at_ms: Some(1_790_000_030_000),
        rest_until_ms: Some(1_790_000_020_000),
        forgotten_through: Some(10),
        first_at_ms: 1_789_999_995_000,
        test: Some(test_id()),
        wakes: 1,
    }
}

pub(crate) fn endpoint() -> WebhookEndpoint {
    WebhookEndpoint {
        id: endpoint_id(),
        owner: EndpointOwner { kind: Some(EndpointOwnerKind::User(user())) },
        url: "https://shop.example/".into(),
        types: vec![EventType::OrderCompleted.into()],
        created_at_ms: 1_790_000_000_000,
        disabled: Some(Disabled { reason: DisabledReason::Gone.into(), at_ms: 1_790_000_001_000 }),
        secret: vec![0xaa; 4],
        secret_made_at_ms: 1_790_000_000_500,
        previous_secret: Some(PreviousSecret { sealed: vec![0xbb; 4], expires_at_ms: 1_790_086_400_000 }),
        cursor: 9,
        rewinds: 1,
        version: 3,
        attempts: 12,
        waiting: 2,
        failures: 4,
        failing_since_ms: Some(1_790_000_000_600),
        delivered_at_ms: Some(1_790_000_000_550),
        rest_until_ms: Some(1_790_000_020_000),
        last_batch: 0x0123_4567_89ab_cdef,
        wakes: 0,
    }
}

/// A row of every type that is kept about them.
pub(crate) fn rows() -> Vec<Sample> {
    let waiting = WaitingEvent {
        endpoint: endpoint_id(),
        sequence: 9,
        attempts: 2,
        first_at_ms: 1_789_999_995_000,
        due_at_ms: 1_790_000_030_000,
        test: Some(test_id()),
        wakes: 2,
    };
    let attempt = WebhookAttempt { endpoint: endpoint_id(), number: 12, report: report() };
    vec![
        sample("row/WebhookEndpoint", &endpoint()),
        sample("row/WebhookEndpoint/Woken", &WebhookEndpoint { wakes: 2, ..endpoint() }),
        sample("row/WaitingEvent", &waiting),
        sample("row/WebhookAttempt", &attempt),
    ]
}
