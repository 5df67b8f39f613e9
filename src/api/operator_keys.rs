//! Operator's keys: making, listing and revoking them. The first one is made on the command line.

use std::cmp::Reverse;
use std::sync::Arc;

use poem::Request;
use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use uuid::Uuid;

use super::Tag;
use super::operator::Operator;
use super::refusal::unexpected;
use super::refused;
use super::response::NoContent;
use super::sign_in_guard::SignInGuard;
use crate::auth::OperatorSecret;
use crate::domain::{
    Answer, Author, Command, CreateOperatorKey, MAX_KEY_LABEL_CHARS, MAX_KEY_TTL_MS, MIN_KEY_TTL_MS,
    OperatorKey, OperatorKeyId, RevokeOperatorKey, Scope,
};
use crate::http::input::{Body, Checked, Fields, FromFields};
use crate::http::json::Json;
use crate::http::line::Line;
use crate::http::rules::{Input, text, whole_number};
use crate::http::timestamp::Timestamp;
use crate::http::{Fault, Problem, ProblemType, Refused};
use crate::service::Service;

pub(super) struct OperatorKeys {
    pub(super) service: Arc<Service>,
    pub(super) guard: SignInGuard,
}

/// What an operator's key is good for
#[derive(Enum)]
#[oai(rename = "Scope")]
enum ScopeName {
    /// To list, make and revoke operator's keys; no key gives what it does not have
    #[oai(rename = "keys")]
    Keys,
    /// To see anybody's orders
    #[oai(rename = "orders:read")]
    OrdersRead,
    /// To see anybody's payments
    #[oai(rename = "payments:read")]
    PaymentsRead,
    /// To give back what was paid
    #[oai(rename = "refunds")]
    Refunds,
    /// To see all events
    #[oai(rename = "events:read")]
    EventsRead,
}

/// The operator's key to make
#[derive(Object)]
#[oai(rename_all = "camelCase")]
struct KeyInput {
    /// What it is for, to recognise it in lists and in what it did
    #[oai(validator(min_length = 1, max_length = 100))]
    label: Line,
    /// What it is good for: nothing that the key lacks which asks
    #[oai(validator(min_items = 1))]
    scopes: Vec<ScopeName>,
    /// How long it works, from a minute to ten years; until it is revoked if this is absent
    #[oai(validator(minimum(value = "60"), maximum(value = "316224000")))]
    expires_in_seconds: Option<u64>,
}

/// An operator's key, without its secret
#[derive(Object)]
#[oai(rename = "OperatorKey", rename_all = "camelCase", skip_serializing_if_is_none)]
struct KeyView {
    /// The key's id
    id: String,
    /// What it is for
    label: String,
    /// What it is good for
    scopes: Vec<ScopeName>,
    /// Whether this very request came with it
    is_current: bool,
    /// When it was made
    created_at: Timestamp,
    /// The key that made it; absent if the command line did
    created_by: Option<String>,
    /// From when on it counts for nothing, if it expires
    expires_at: Option<Timestamp>,
    /// Since when it counts for nothing, if it was revoked
    revoked_at: Option<Timestamp>,
    /// The key that revoked it; absent if the command line did
    revoked_by: Option<String>,
}

/// An operator's key that was just made
#[derive(Object)]
#[oai(rename = "NewOperatorKey")]
struct NewKeyView {
    #[oai(flatten)]
    key: KeyView,
    /// Send it as `Authorization: Bearer …`. It is shown here, and never again
    secret: String,
}

#[derive(ApiResponse)]
enum KeyMade {
    /// It works on each replica once that has heard of it
    #[oai(status = 201)]
    Created(Json<NewKeyView>),
}

#[derive(ApiResponse)]
enum AllKeys {
    /// The keys, newest first; also those that were revoked or have expired, until others take their places
    #[oai(status = 200)]
    Ok(Json<Vec<KeyView>>),
}

impl FromFields for KeyInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let label = fields.required("label", text(1..=MAX_KEY_LABEL_CHARS));
        let scopes = fields.required("scopes", scope_names);
        let ttl_s = whole_number(MIN_KEY_TTL_MS / 1_000..=MAX_KEY_TTL_MS / 1_000);
        let expires_in_seconds = fields.optional("expiresInSeconds", ttl_s);
        Ok(Self { label: Line(label?), scopes: scopes?, expires_in_seconds: expires_in_seconds? })
    }
}

/// A list of some scopes.
fn scope_names(input: Input<'_>) -> Result<Vec<ScopeName>, String> {
    let names: Option<Vec<String>> = match input {
        Input::Json(value) => serde_json::from_str(value.get()).ok(),
        Input::Text(_) => None,
    };
    let scopes: Option<Vec<ScopeName>> =
        names.and_then(|names| names.iter().map(|name| ScopeName::of(name.parse().ok()?)).collect());
    scopes.filter(|scopes| !scopes.is_empty()).ok_or_else(|| {
        let known = Scope::ALL.map(Scope::name).join(", ");
        format!("must be a list of one or more of {known}")
    })
}

impl ScopeName {
    fn of(scope: Scope) -> Option<Self> {
        match scope {
            Scope::Unknown => None,
            Scope::Keys => Some(Self::Keys),
            Scope::OrdersRead => Some(Self::OrdersRead),
            Scope::PaymentsRead => Some(Self::PaymentsRead),
            Scope::Refunds => Some(Self::Refunds),
            Scope::EventsRead => Some(Self::EventsRead),
        }
    }
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Keys => Self::Keys,
            ScopeName::OrdersRead => Self::OrdersRead,
            ScopeName::PaymentsRead => Self::PaymentsRead,
            ScopeName::Refunds => Self::Refunds,
            ScopeName::EventsRead => Self::EventsRead,
        }
    }
}

refused! {
    OfMaking: 400, 401, 403, 408, 409, 413, 415, 429;
    OfListing: 400, 401, 403;
    OfRevoking: 400, 401, 403, 404;
}

#[OpenApi(prefix_path = "/api/keys", tag = "Tag::Keys")]
impl OperatorKeys {
    /// Make an operator's key
    ///
    /// With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this answer and
    /// nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes another.
    #[oai(path = "/", method = "post", operation_id = "createOperatorKey")]
    async fn create(
        &self,
        request: &Request,
        operator: Operator,
        body: Body<KeyInput>,
    ) -> Result<KeyMade, Refused<OfMaking>> {
        self.guard.check_address(request)?;
        operator.ensure_may(Scope::Keys)?;
        let KeyInput { label: Line(label), scopes, expires_in_seconds } = body.0;
        let scopes: Vec<Scope> = scopes.into_iter().map(Scope::from).collect();
        let missing = scopes.iter().find(|scope| !operator.key.may(**scope));
        if let Some(missing) = missing {
            let fault = Fault::of("scopes", format!("has {}, which the key that asks lacks", missing.name()));
            return Err(Problem::new(ProblemType::InsufficientScope).fault(fault).into());
        }
        let secret = OperatorSecret::generate()
            .map_err(|error| Problem::new(ProblemType::Internal).because_of(error))?;
        let create = CreateOperatorKey {
            key: OperatorKeyId::from_uuid(Uuid::now_v7()),
            hash: secret.hash().as_bytes().to_vec(),
            label,
            scopes: scopes.into_iter().map(i32::from).collect(),
            ttl_ms: expires_in_seconds.map(|seconds| seconds * 1_000),
        };
        let answer = operator.ask(&self.service, Command::CreateOperatorKey(create)).await?;
        let Answer::OperatorKey(key) = answer else { return Err(unexpected(&answer).into()) };
        tracing::warn!(key = %key.id, by = %operator.key.id, "an operator's key was made");
        let key = KeyView::new(key, &operator);
        Ok(KeyMade::Created(Json(NewKeyView { key, secret: secret.expose().to_owned() })))
    }

    /// List the operator's keys
    ///
    /// With a key that has the scope `keys`.
    #[oai(path = "/", method = "get", operation_id = "listOperatorKeys")]
    async fn list(&self, operator: Operator) -> Result<AllKeys, Refused<OfListing>> {
        operator.ensure_may(Scope::Keys)?;
        let mut keys = self.service.replica.view()?.operator_keys()?;
        keys.sort_by_key(|key| Reverse((key.created_at_ms, key.id)));
        Ok(AllKeys::Ok(Json(keys.into_iter().map(|key| KeyView::new(key, &operator)).collect())))
    }

    /// Revoke an operator's key
    ///
    /// With a key that has the scope `keys`; it may be itself. From then on the key changes nothing more anywhere, and each
    /// replica refuses it once that has heard of it. To revoke it again changes nothing.
    #[oai(path = "/:id", method = "delete", operation_id = "revokeOperatorKey")]
    async fn revoke(
        &self,
        operator: Operator,
        /// The key's id
        id: Path<String>,
    ) -> Result<NoContent, Refused<OfRevoking>> {
        operator.ensure_may(Scope::Keys)?;
        let key = id.parse()?;
        operator.ask(&self.service, Command::RevokeOperatorKey(RevokeOperatorKey { key })).await?;
        tracing::warn!(%key, by = %operator.key.id, "an operator's key was revoked");
        Ok(NoContent::Done)
    }
}

impl KeyView {
    fn new(key: OperatorKey, operator: &Operator) -> Self {
        let timestamp = |unix_ms| Timestamp { unix_ms };
        Self {
            id: key.id.to_string(),
            scopes: key.scopes().filter_map(ScopeName::of).collect(),
            is_current: key.id == operator.key.id,
            created_at: timestamp(key.created_at_ms),
            created_by: key.created_by.key().map(|key| key.to_string()),
            expires_at: key.expires_at_ms.map(timestamp),
            revoked_at: key.revoked_at_ms.map(timestamp),
            revoked_by: key.revoked_by.as_ref().and_then(Author::key).map(|key| key.to_string()),
            label: key.label,
        }
    }
}
