//! Operator's keys, by whoever may use the socket: so the first one comes into the world.

use std::sync::Arc;

use poem::handler;
use poem::http::StatusCode;
use poem::web::{Data, Json};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

use super::refused;
use crate::auth::OperatorSecret;
use crate::domain::{
    Answer, Author, Command, CreateOperatorKey, MAX_OPERATOR_KEYS, OperatorKey, OperatorKeyId, RejectionCode,
    RevokeOperatorKey, Scope,
};
use crate::replica::{OwnCommandError, WAIT_LIMIT};
use crate::service::Service;

/// Where a [`NewKeyRequest`] gets a [`NewKey`].
pub const OPERATOR_KEYS: &str = "/operator-keys";

/// Where all [`ListedKey`]s are had for nothing more than being asked.
pub const LISTED_OPERATOR_KEYS: &str = "/operator-keys/list";

/// Where a [`RevokeRequest`] gets the [`ListedKey`] that counts for nothing from then on.
pub const REVOKED_OPERATOR_KEYS: &str = "/operator-keys/revoke";

/// Asks for a new key.
#[derive(Deserialize, Serialize)]
pub struct NewKeyRequest {
    /// What it is called.
    pub label: String,
    /// Names of what it is good for.
    pub scopes: Vec<String>,
    /// How long it works; until it is revoked without.
    pub ttl_ms: Option<u64>,
}

/// A key that was just made.
#[derive(Deserialize, Serialize)]
pub struct NewKey {
    /// The key.
    pub key: ListedKey,
    /// Its secret, which is nowhere else.
    pub secret: String,
}

/// Asks for a key to be revoked.
#[derive(Deserialize, Serialize)]
pub struct RevokeRequest {
    /// Its id.
    pub id: String,
}

/// An operator's key. Times are in milliseconds on the replicated clock.
#[derive(Deserialize, Serialize)]
pub struct ListedKey {
    /// Names it.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// Names of what it is good for.
    pub scopes: Vec<String>,
    /// Whether it counts for anything.
    pub works: bool,
    /// When it was made.
    pub created_at_ms: u64,
    /// The key that made it; none if the command line did.
    pub created_by: Option<String>,
    /// From when on it counts for nothing, if it expires.
    pub expires_at_ms: Option<u64>,
    /// Since when it counts for nothing, if it was revoked.
    pub revoked_at_ms: Option<u64>,
    /// The key that revoked it; none if the command line did.
    pub revoked_by: Option<String>,
}

#[handler]
pub(super) async fn create(
    service: Data<&Arc<Service>>,
    request: Json<NewKeyRequest>,
) -> poem::Result<Json<NewKey>> {
    let Json(NewKeyRequest { label, scopes, ttl_ms }) = request;
    let scopes: Vec<Scope> = scopes
        .iter()
        .map(|name| {
            name.parse().map_err(|error| refused(StatusCode::BAD_REQUEST)(format!("{name:?} is {error}")))
        })
        .collect::<poem::Result<_>>()?;
    let secret = OperatorSecret::generate().map_err(refused(StatusCode::SERVICE_UNAVAILABLE))?;
    let command = CreateOperatorKey {
        key: OperatorKeyId::from_uuid(Uuid::now_v7()),
        hash: secret.hash().as_bytes().to_vec(),
        label,
        scopes: scopes.into_iter().map(i32::from).collect(),
        ttl_ms,
    };
    let key = submit(&service, Command::CreateOperatorKey(command)).await?;
    tracing::warn!(key = key.id, "an operator's key was made on the command line");
    Ok(Json(NewKey { key, secret: secret.expose().to_owned() }))
}

/// As the whole cluster has them: a replica that is behind might not know of one yet, or of its end.
#[handler]
pub(super) async fn list(service: Data<&Arc<Service>>) -> poem::Result<Json<Vec<ListedKey>>> {
    let newest = service.replica.wait_for_newest(Instant::now() + WAIT_LIMIT).await;
    newest.map_err(refused(StatusCode::SERVICE_UNAVAILABLE))?;
    let keys = service.replica.view().and_then(|view| view.operator_keys());
    let mut keys = keys.map_err(refused(StatusCode::SERVICE_UNAVAILABLE))?;
    keys.sort_by_key(|key| (key.created_at_ms, key.id));
    let now_ms = service.replica.now_ms();
    Ok(Json(keys.into_iter().map(|key| ListedKey::new(key, now_ms)).collect()))
}

#[handler]
pub(super) async fn revoke(
    service: Data<&Arc<Service>>,
    request: Json<RevokeRequest>,
) -> poem::Result<Json<ListedKey>> {
    let id = &request.id;
    let key = id.parse().map_err(|_| refused(StatusCode::NOT_FOUND)(format!("{id:?} is no key's id")))?;
    let key = submit(&service, Command::RevokeOperatorKey(RevokeOperatorKey { key })).await?;
    tracing::warn!(key = key.id, "an operator's key was revoked on the command line");
    Ok(Json(key))
}

/// Has a command about one key applied, and returns that as it is then.
async fn submit(service: &Service, command: Command) -> poem::Result<ListedKey> {
    let answer = service.replica.submit_own(command).await.map_err(|error| match &error {
        OwnCommandError::Rejected(rejection) => match rejection.code() {
            RejectionCode::NotFound => refused(StatusCode::NOT_FOUND)("there is no such key"),
            RejectionCode::TooManyKeys => refused(StatusCode::CONFLICT)(format!(
                "there are {MAX_OPERATOR_KEYS} keys that work, and no more may be: revoke one"
            )),
            _ => refused(StatusCode::SERVICE_UNAVAILABLE)(error),
        },
        OwnCommandError::Unavailable(_) => refused(StatusCode::SERVICE_UNAVAILABLE)(error),
    })?;
    match answer {
        Answer::OperatorKey(key) => Ok(ListedKey::new(key, service.replica.now_ms())),
        _ => Err(refused(StatusCode::SERVICE_UNAVAILABLE)("the command answered with something else")),
    }
}

impl ListedKey {
    fn new(key: OperatorKey, now_ms: u64) -> Self {
        Self {
            id: key.id.to_string(),
            scopes: key.scopes().map(|scope| scope.name().to_owned()).collect(),
            works: key.works_at(now_ms),
            created_at_ms: key.created_at_ms,
            created_by: key.created_by.key().map(|key| key.to_string()),
            expires_at_ms: key.expires_at_ms,
            revoked_at_ms: key.revoked_at_ms,
            revoked_by: key.revoked_by.as_ref().and_then(Author::key).map(|key| key.to_string()),
            label: key.label,
        }
    }
}
