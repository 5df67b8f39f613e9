//! What endpoints need of a store.

use super::{WaitingEvent, WebhookEndpoint};
use crate::domain::asker::Principal;
use crate::domain::id::WebhookEndpointId;

/// The rows of endpoints, as `apply` reads them. As with [`Tables`](crate::domain::Tables), nothing fails as far as the
/// domain can see.
pub trait WebhookTables {
    /// The endpoint.
    fn webhook_endpoint(&self, id: WebhookEndpointId) -> Option<WebhookEndpoint>;
    /// All of this owner's, in order of their ids.
    fn webhook_endpoints_of(&self, owner: Principal) -> Vec<WebhookEndpoint>;
    /// How many there are of all owners.
    fn webhook_endpoint_count(&self) -> u64;
    /// What waits to be sent to it under this sequence.
    fn waiting_event(&self, endpoint: WebhookEndpointId, sequence: u64) -> Option<WaitingEvent>;
    /// Some removed endpoints whose rows are still there, in order of their ids.
    fn removed_webhook_endpoints(&self, at_most: usize) -> Vec<WebhookEndpointId>;
    /// Some of what waits to be sent to it, in order of sequences.
    fn waiting_events(&self, endpoint: WebhookEndpointId, at_most: usize) -> Vec<WaitingEvent>;
    /// The numbers of some attempts that are kept of it, the newest first.
    fn webhook_attempts(&self, endpoint: WebhookEndpointId, at_most: usize) -> Vec<u64>;
}
