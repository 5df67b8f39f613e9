//! For operators and programs: health, readiness, metrics, keys.

use std::sync::Arc;

use poem_openapi::payload::{Json, PlainText};
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Tag;
use super::refused;
use crate::http::{Problem, ProblemType, Refused};
use crate::service::Service;

pub(super) struct Operations {
    pub(super) service: Arc<Service>,
}

#[derive(Object)]
pub(super) struct Health {
    /// `ok`
    status: String,
}

#[derive(ApiResponse)]
enum Alive {
    /// The process lives
    #[oai(status = 200)]
    Ok(Json<Health>),
}

refused! {
    OfWatching:;
}

#[OpenApi(tag = "Tag::Operations")]
impl Operations {
    /// Does the process live
    #[oai(path = "/healthz", method = "get", operation_id = "healthz")]
    async fn healthz(&self) -> Alive {
        Alive::Ok(healthy())
    }

    /// Can this replica serve
    ///
    /// 200 only once everything that was acknowledged before its start is applied again.
    #[oai(path = "/readyz", method = "get", operation_id = "readyz")]
    async fn readyz(&self) -> Result<Json<Health>, Refused<OfWatching>> {
        // Until it is recovered, the gate in front answers for this replica; see `api::Gate`.
        self.service.view().map_err(Problem::from)?;
        Ok(healthy())
    }

    /// Metrics for Prometheus
    #[oai(path = "/metrics", method = "get", operation_id = "metrics")]
    async fn metrics(&self) -> Result<PlainText<String>, Refused<OfWatching>> {
        let readings = self.service.readings().map_err(Problem::from)?;
        let text = self
            .service
            .metrics
            .render(readings)
            .map_err(|error| Problem::new(ProblemType::Internal).because_of(error))?;
        Ok(PlainText(text))
    }

    /// The public keys that verify bearer tokens
    #[oai(path = "/.well-known/jwks.json", method = "get", operation_id = "jwks")]
    async fn jwks(&self) -> Result<Json<serde_json::Value>, Refused<OfWatching>> {
        Ok(Json(self.service.tokens.keyring().jwks()))
    }
}

/// What a replica that is well says of itself.
pub(super) fn healthy() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
}
