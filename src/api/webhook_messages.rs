//! What webhooks are sent: events, as everybody sees them, and tests.

use bytes::Bytes;
use poem_openapi::Object;
use poem_openapi::types::ToJSON;

use super::event_view::EventRenderer;
use crate::domain::{Event, WebhookEndpointId, WebhookTestId};
use crate::http::timestamp::Timestamp;
use crate::replica::{EventPosition, Replica};

/// The type of a test.
pub(super) const TEST_TYPE: &str = "webhook:test";

/// What an endpoint is sent by `POST /api/webhooks/{id}/test`: a CloudEvent that is about nothing, and has no `sequence`
#[derive(Object)]
#[oai(rename = "WebhookTestEvent")]
pub(super) struct TestEvent {
    id: String,
    source: String,
    /// `1.0`
    specversion: String,
    /// `webhook:test`
    #[oai(rename = "type")]
    kind: String,
    /// The endpoint
    subject: String,
    time: Timestamp,
    /// `application/json`
    datacontenttype: String,
    data: TestData,
}

/// Says that it is a test
#[derive(Object)]
#[oai(rename = "WebhookTestData")]
struct TestData {
    /// `true`
    test: bool,
    message: String,
}

/// An event's id, and what is sent of it; `None` if it is of a later version.
pub(crate) fn event_message(replica: &Replica, event: Event) -> Option<(String, Bytes)> {
    let id = EventPosition::of_cluster(replica.cluster_id(), event.sequence).to_string();
    let event = EventRenderer::of(replica).render(event)?;
    Some((id, event.to_json_string().into()))
}

/// A test's id, and what is sent of it.
pub(crate) fn test_message(
    replica: &Replica,
    test: WebhookTestId,
    endpoint: WebhookEndpointId,
    at_ms: u64,
) -> (String, Bytes) {
    let message = "This is a test of the endpoint: nothing has happened".to_owned();
    let event = TestEvent {
        id: test.to_string(),
        source: format!("urn:boxoffice:{:032x}", replica.cluster_id()),
        specversion: "1.0".to_owned(),
        kind: TEST_TYPE.to_owned(),
        subject: endpoint.to_string(),
        time: Timestamp { unix_ms: at_ms },
        datacontenttype: "application/json".to_owned(),
        data: TestData { test: true, message },
    };
    (test.to_string(), event.to_json_string().into())
}
