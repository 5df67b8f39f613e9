//! The admin socket: a Unix socket in the data directory that only its owner may use. The command line asks the running service over it for what has no place in the public API.

mod operator_keys;
mod sales;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::TryStreamExt;
use poem::http::StatusCode;
use poem::web::{Data, Json};
use poem::{Body, Endpoint, EndpointExt, Response, Route, get, handler, post};
use serde::{Deserialize, Serialize};
use tokio::net::UnixListener;

pub use self::operator_keys::{
    LISTED_OPERATOR_KEYS, ListedKey, NewKey, NewKeyRequest, OPERATOR_KEYS, REVOKED_OPERATOR_KEYS,
    RevokeRequest,
};
pub use self::sales::{RESUMED_SALES, ResumeRequest, SALES, SalesHold, SalesStatus};
use crate::auth::{NormalisedEmail, OneTimeToken};
use crate::domain::{Command, IssueResetToken, RejectionCode};
use crate::replica::OwnCommandError;
use crate::service::Service;
use crate::workers;

/// The socket's name in the data directory.
pub const SOCKET: &str = "admin.sock";

/// Where a [`ResetRequest`] gets a [`ResetToken`].
pub const RESET_TOKENS: &str = "/reset-tokens";

/// Where nothing more than being asked makes a new key.
pub const SIGNING_KEYS: &str = "/signing-keys";

/// Where a backup is to be had.
pub const BACKUP: &str = "/backup";

/// The header of a backup that says whether it certainly has all that was acknowledged before: `true` or `false`.
pub const IS_CURRENT: &str = "boxoffice-is-current";

/// How long a one-time token works.
const RESET_TOKEN_TTL_MS: u64 = 60 * 60 * 1000;

/// What is asked for a forgotten password.
#[derive(Deserialize, Serialize)]
pub struct ResetRequest {
    /// The account's address.
    pub email: String,
}

/// A one-time token, as the command line shows it.
#[derive(Deserialize, Serialize)]
pub struct ResetToken {
    /// To be used once, in `POST /api/users/password/reset`.
    pub token: String,
    /// How long it works.
    pub expires_in_seconds: u64,
}

/// The socket cannot be made. One line, naming it.
#[derive(Debug, thiserror::Error)]
#[error("cannot make the admin socket {}: {reason}", path.display())]
pub struct ListenError {
    path: PathBuf,
    #[source]
    reason: std::io::Error,
}

/// Opens the socket. What a service that was killed left behind is removed: the data directory's lock has
/// made sure by now that no other one runs.
///
/// # Errors
/// When it cannot be made.
pub fn listen(data_dir: &Path) -> Result<UnixListener, ListenError> {
    let path = data_dir.join(SOCKET);
    bind(&path).map_err(|reason| ListenError { path, reason })
}

fn bind(path: &Path) -> std::io::Result<UnixListener> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(path)?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    Ok(listener)
}

/// What the socket serves.
pub fn routes(service: Arc<Service>) -> impl Endpoint + 'static {
    Route::new()
        .at(RESET_TOKENS, post(issue_reset_token))
        .at(SIGNING_KEYS, post(rotate_signing_key))
        .at(OPERATOR_KEYS, post(operator_keys::create))
        .at(LISTED_OPERATOR_KEYS, post(operator_keys::list))
        .at(REVOKED_OPERATOR_KEYS, post(operator_keys::revoke))
        .at(SALES, post(sales::show))
        .at(RESUMED_SALES, post(sales::resume))
        .at(BACKUP, get(backup))
        .data(service)
}

#[handler]
async fn issue_reset_token(
    service: Data<&Arc<Service>>,
    request: Json<ResetRequest>,
) -> poem::Result<Json<ResetToken>> {
    let email = NormalisedEmail::parse(&request.email).map_err(refused(StatusCode::BAD_REQUEST))?;
    let token = OneTimeToken::generate().map_err(refused(StatusCode::SERVICE_UNAVAILABLE))?;
    let command = IssueResetToken {
        email: email.as_str().to_owned(),
        token_hash: token.hash().as_bytes().to_vec(),
        ttl_ms: RESET_TOKEN_TTL_MS,
    };
    let issued = service.replica.submit_own(Command::IssueResetToken(command)).await;
    issued.map_err(|error| match error {
        OwnCommandError::Rejected(rejection) if rejection.code() == RejectionCode::NotFound => {
            refused(StatusCode::NOT_FOUND)(format!("{email} has no account"))
        }
        error => refused(StatusCode::SERVICE_UNAVAILABLE)(error),
    })?;
    Ok(Json(ResetToken { token: token.expose().to_owned(), expires_in_seconds: RESET_TOKEN_TTL_MS / 1000 }))
}

#[handler]
async fn rotate_signing_key(service: Data<&Arc<Service>>) -> poem::Result<Json<()>> {
    let rotated = workers::rotate_signing_key(service.0).await;
    rotated.map(Json).map_err(refused(StatusCode::SERVICE_UNAVAILABLE))
}

#[handler]
async fn backup(service: Data<&Arc<Service>>) -> poem::Result<Response> {
    let backup = service.replica.backup().await.map_err(refused(StatusCode::SERVICE_UNAVAILABLE))?;
    let is_current = if backup.is_current() { "true" } else { "false" };
    let frames = backup.map_err(std::io::Error::other);
    Ok(Response::builder().header(IS_CURRENT, is_current).body(Body::from_bytes_stream(frames)))
}

fn refused<E: ToString>(status: StatusCode) -> impl FnOnce(E) -> poem::Error {
    move |why| poem::Error::from_string(why.to_string(), status)
}
