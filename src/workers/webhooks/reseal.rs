//! Sealing endpoints' secrets anew when the cluster's secret has changed, so that the old one is needed no more.

use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Purpose, WebhookSecret};
use crate::domain::{Command, ResealWebhookSecrets, WebhookEndpoint};
use crate::service::Service;
use crate::store::StoreError;

/// How often to look for secrets that another one sealed. A cluster's secret changes while replicas are started anew, and
/// the new leader looks at once.
const LOOK_EVERY: Duration = Duration::from_secs(30);

pub(in crate::workers) async fn run(service: Arc<Service>) {
    loop {
        if let Err(error) = look(&service).await {
            tracing::error!(%error, "cannot look for secrets of webhooks to seal anew");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn look(service: &Service) -> Result<(), StoreError> {
    let endpoints = service.replica.view()?.webhook_endpoints()?;
    for command in endpoints.iter().filter_map(|endpoint| sealed_anew(service, endpoint)) {
        let endpoint = command.endpoint;
        match service.replica.submit_own(Command::ResealWebhookSecrets(command)).await {
            Ok(_) => tracing::info!(%endpoint, "the secret of an endpoint of webhooks was sealed anew"),
            Err(error) => {
                tracing::warn!(%endpoint, %error, "could not seal a secret of webhooks anew; trying again");
            }
        }
    }
    Ok(())
}

/// The endpoint's secrets, sealed by the cluster's secret; `None` if they are, or cannot be opened at all.
fn sealed_anew(service: &Service, endpoint: &WebhookEndpoint) -> Option<ResealWebhookSecrets> {
    let (sealer, id) = (&service.sealer, endpoint.id.to_string());
    let now_ms = service.replica.now_ms();
    let previous = endpoint.previous_secret.as_ref().filter(|previous| now_ms < previous.expires_at_ms);
    let all = [Some(&endpoint.secret), previous.map(|previous| &previous.sealed)];
    let mut sealed = all.into_iter().flatten();
    if sealed.all(|sealed| sealer.opens_by_itself(Purpose::WebhookSecret, &id, sealed)) {
        return None;
    }
    let anew = |sealed: &[u8]| WebhookSecret::open(sealer, &id, sealed).ok()?.sealed(sealer, &id).ok();
    Some(ResealWebhookSecrets {
        endpoint: endpoint.id,
        from: endpoint.secret.clone(),
        to: anew(&endpoint.secret)?,
        previous: previous.and_then(|previous| anew(&previous.sealed)),
    })
}
