//! For operators and programs: health, readiness, metrics, keys.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Tag;
use super::refused;
use crate::http::json::Json;
use crate::http::open_metrics::OpenMetrics;
use crate::http::{Problem, ProblemType, Refused, RequestContext};
use crate::service::Service;

pub(super) struct Operations {
    pub(super) service: Arc<Service>,
}

/// How the replica is
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

#[derive(ApiResponse)]
enum Ready {
    /// The replica serves
    #[oai(status = 200)]
    Ok(Json<Health>),
}

#[derive(ApiResponse)]
enum Measured {
    /// Everything, in the OpenMetrics text format
    #[oai(status = 200)]
    Ok(OpenMetrics),
}

#[derive(ApiResponse)]
enum PublicKeys {
    /// A JSON Web Key Set, RFC 7517
    #[oai(status = 200)]
    Ok(Json<KeySet>),
}

/// Public keys, to verify bearer tokens with
#[derive(Object)]
struct KeySet {
    /// The one that signs now, and those whose tokens may still be about
    keys: Vec<Key>,
}

/// A public Ed25519 key, RFC 8037
#[derive(Object)]
#[oai(rename = "JsonWebKey")]
struct Key {
    /// Key type: `OKP`
    kty: String,
    /// Curve: `Ed25519`
    crv: String,
    /// The public key, in unpadded base64url
    x: String,
    /// The key's name, as the header of tokens has it
    kid: String,
    /// `sig`: it verifies signatures
    #[oai(rename = "use")]
    purpose: String,
    /// `EdDSA`
    alg: String,
}

refused! {
    OfWatching: 400;
    OfMeasuring: 400, 404;
}

#[OpenApi(tag = "Tag::Operations")]
impl Operations {
    /// Does the process live
    ///
    /// 200 from its first moment to its last, also while it waits for its cluster, or the cluster for a leader:
    /// restarting a process helps neither.
    #[oai(path = "/healthz", method = "get", operation_id = "healthz")]
    async fn healthz(&self) -> Result<Alive, Refused<OfWatching>> {
        Ok(Alive::Ok(healthy()))
    }

    /// Can this replica serve reads
    ///
    /// 200 once everything that was acknowledged before its start is applied again. A replica that had a state before
    /// its start and finds no leader within a few seconds says so too: it shows the state as it last had it, and
    /// `Consistency-Age-Ms` how old that is. Whether writes succeed is not asked: without a leader they do not
    /// anywhere, and to take all replicas out of service would take the reads away as well.
    #[oai(path = "/readyz", method = "get", operation_id = "readyz")]
    async fn readyz(&self) -> Result<Ready, Refused<OfWatching>> {
        // Until it is recovered, the gate in front answers for this replica; see `api::Gate`.
        self.service.replica.view()?;
        Ok(Ready::Ok(healthy()))
    }

    /// Metrics for Prometheus
    ///
    /// Asked of the replica itself: through a proxy that it trusts (`BOXOFFICE_TRUSTED_PROXY`) it answers 404, since how
    /// much is sold is nobody else's business.
    #[oai(path = "/metrics", method = "get", operation_id = "metrics")]
    async fn metrics(&self, context: RequestContext) -> Result<Measured, Refused<OfMeasuring>> {
        if context.is_forwarded() {
            return Err(Problem::new(ProblemType::NotFound).into());
        }
        let readings = self.service.readings()?;
        let text = self
            .service
            .metrics
            .render(readings)
            .map_err(|error| Problem::new(ProblemType::Internal).because_of(error))?;
        Ok(Measured::Ok(OpenMetrics(text)))
    }

    /// The public keys that verify bearer tokens
    ///
    /// A token's header names its key by `kid`.
    #[oai(path = "/.well-known/jwks.json", method = "get", operation_id = "jwks")]
    async fn jwks(&self) -> Result<PublicKeys, Refused<OfWatching>> {
        let keyring = self.service.tokens.keyring();
        let keys = keyring.public_keys().map(|(kid, public)| Key::new(kid, public)).collect();
        Ok(PublicKeys::Ok(Json(KeySet { keys })))
    }
}

impl Key {
    fn new(kid: &str, public: &[u8; 32]) -> Self {
        Self {
            kty: "OKP".to_owned(),
            crv: "Ed25519".to_owned(),
            x: URL_SAFE_NO_PAD.encode(public),
            kid: kid.to_owned(),
            purpose: "sig".to_owned(),
            alg: "EdDSA".to_owned(),
        }
    }
}

/// What a replica that is well says of itself.
pub(super) fn healthy() -> Json<Health> {
    Json(Health { status: "ok".to_owned() })
}
