//! Commands about endpoints of webhooks. Whoever asks owns the endpoint that they name.

use super::redact;
use crate::domain::id::{WebhookEndpointId, WebhookTestId};
use crate::domain::webhook_endpoint::AttemptReport;

/// Makes an endpoint.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct CreateWebhookEndpoint {
    /// The new endpoint's id.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// Where to send to.
    #[prost(string, tag = "2")]
    pub url: String,
    /// What it is told of, in any order; all that its owner sees if there are none.
    #[prost(enumeration = "crate::domain::EventType", repeated, tag = "3")]
    pub types: Vec<i32>,
    /// The secret to sign with, sealed.
    #[prost(bytes = "vec", tag = "4")]
    pub sealed_secret: Vec<u8>,
}

/// Changes what is said of an endpoint; what is absent stays.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct UpdateWebhookEndpoint {
    /// Which.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// Where to send to.
    #[prost(string, optional, tag = "2")]
    pub url: Option<String>,
    /// What it is told of.
    #[prost(message, optional, tag = "3")]
    pub types: Option<EndpointTypes>,
    /// Whether anything is sent to it.
    #[prost(bool, optional, tag = "4")]
    pub enabled: Option<bool>,
}

/// What an endpoint is told of.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EndpointTypes {
    /// In any order; all that its owner sees if there are none.
    #[prost(enumeration = "crate::domain::EventType", repeated, tag = "1")]
    pub types: Vec<i32>,
}

/// Has another secret sign, and the one before it for a while longer.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct RotateWebhookSecret {
    /// Which endpoint's.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// The secret to sign with, sealed.
    #[prost(bytes = "vec", tag = "2")]
    pub sealed_secret: Vec<u8>,
    /// For how long the one before it signs as well.
    #[prost(uint64, tag = "3")]
    pub previous_ttl_ms: u64,
}

/// Removes an endpoint with all that waits for it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DeleteWebhookEndpoint {
    /// Which.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
}

/// Has events sent once more.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ResendEvents {
    /// To which endpoint.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// Which events.
    #[prost(oneof = "ResendWhat", tags = "2, 3")]
    pub what: Option<ResendWhat>,
}

/// Which events are sent once more.
#[derive(Clone, Copy, PartialEq, Eq, prost::Oneof)]
pub enum ResendWhat {
    /// The one with this sequence, of whatever type.
    #[prost(uint64, tag = "2")]
    Event(u64),
    /// Those from this sequence on that the endpoint is told of.
    #[prost(uint64, tag = "3")]
    From(u64),
}

/// Has a test event sent.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SendWebhookTest {
    /// To which endpoint.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// The new test's id.
    #[prost(message, required, tag = "2")]
    pub test: WebhookTestId,
}

/// Says what came of deliveries.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RecordDeliveries {
    /// Names this batch; random. Recorded twice it counts once.
    #[prost(fixed64, tag = "1")]
    pub batch: u64,
    /// Each endpoint once.
    #[prost(message, repeated, tag = "2")]
    pub records: Vec<EndpointRecord>,
}

/// What came of deliveries to one endpoint.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EndpointRecord {
    /// Which.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// How often its cursor had been set back by then.
    #[prost(uint64, tag = "2")]
    pub rewinds: u64,
    /// All events up to here are dealt with, by these attempts at the latest.
    #[prost(uint64, tag = "3")]
    pub cursor: u64,
    /// In the order in which they ended.
    #[prost(message, repeated, tag = "4")]
    pub attempts: Vec<AttemptReport>,
}

/// Replaces an endpoint's sealed secrets by the same, sealed anew: the cluster's secret has changed.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ResealWebhookSecrets {
    /// Which endpoint's.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// The secret as it is in the state: if another is, nothing is replaced.
    #[prost(bytes = "vec", tag = "2")]
    pub from: Vec<u8>,
    /// The same, sealed anew.
    #[prost(bytes = "vec", tag = "3")]
    pub to: Vec<u8>,
    /// The one before, sealed anew; absent if it counts no more.
    #[prost(bytes = "vec", optional, tag = "4")]
    pub previous: Option<Vec<u8>>,
}

redact!(ResealWebhookSecrets);
redact!(CreateWebhookEndpoint, UpdateWebhookEndpoint, RotateWebhookSecret);
