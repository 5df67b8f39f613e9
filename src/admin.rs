//! The admin socket: a Unix socket in the data directory that only its owner may use. The command line asks
//! the running service over it for what has no place in the public API.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use poem::web::{Data, Json};
use poem::{Endpoint, EndpointExt, Route, handler, post};
use serde::{Deserialize, Serialize};
use tokio::net::UnixListener;

use crate::auth::{NormalisedEmail, OneTimeToken};
use crate::domain::{Command, IssueResetToken, RejectionCode};
use crate::replica::OwnCommandError;
use crate::service::Service;
use crate::settings::millis;
use crate::workers;

/// The socket's name in the data directory.
const SOCKET: &str = "admin.sock";

/// How long a one-time token works.
const RESET_TOKEN_TTL: Duration = Duration::from_secs(60 * 60);

/// How long the command line waits for an answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);

/// What is asked for a forgotten password.
#[derive(Deserialize)]
struct ResetRequest {
    email: String,
}

/// A one-time token, as the command line shows it.
#[derive(Deserialize, Serialize)]
pub struct ResetToken {
    /// To be used once, in `POST /api/users/password/reset`.
    pub token: String,
    /// How long it works.
    pub expires_in_seconds: u64,
}

/// Why an operator's wish was not granted, in one line.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is nobody to ask.
    #[error("no service runs on {} (or it is another user's): {reason}", data_dir.display())]
    NobodyThere {
        /// Where the socket should be.
        data_dir: PathBuf,
        /// What came of connecting.
        reason: String,
    },
    /// The service said no.
    #[error("{0}")]
    Refused(String),
}

/// The socket cannot be made. One line, naming it.
#[derive(Debug, thiserror::Error)]
#[error("cannot make the admin socket {}: {reason}", path.display())]
pub struct ListenError {
    path: PathBuf,
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
        .at("/reset-tokens", post(issue_reset_token))
        .at("/signing-keys", post(rotate_signing_key))
        .data(service)
}

/// Asks the service that runs on this data directory.
///
/// # Errors
/// When there is none, or it refuses.
pub fn ask(data_dir: &Path, what: &str, body: &serde_json::Value) -> Result<Vec<u8>, AskError> {
    let nobody_there = |error: &dyn std::error::Error| AskError::NobodyThere {
        data_dir: data_dir.to_owned(),
        reason: root_cause(error),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| nobody_there(&error))?;
    runtime.block_on(async {
        let client = reqwest::Client::builder()
            .unix_socket(data_dir.join(SOCKET))
            .timeout(ASK_TIMEOUT)
            .build()
            .map_err(|error| nobody_there(&error))?;
        let request = client.post(format!("http://admin/{what}")).json(body);
        let answer = request.send().await.map_err(|error| nobody_there(&error))?;
        let refused = !answer.status().is_success();
        let bytes = answer.bytes().await.map_err(|error| nobody_there(&error))?;
        if refused {
            return Err(AskError::Refused(String::from_utf8_lossy(&bytes).into_owned()));
        }
        Ok(bytes.to_vec())
    })
}

fn root_cause(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

#[handler]
async fn issue_reset_token(
    service: Data<&Arc<Service>>,
    request: Json<ResetRequest>,
) -> poem::Result<Json<ResetToken>> {
    let refuse = |status, why: String| poem::Error::from_string(why, status);
    let bad_request = poem::http::StatusCode::BAD_REQUEST;
    let unavailable = poem::http::StatusCode::SERVICE_UNAVAILABLE;
    let email =
        NormalisedEmail::parse(&request.email).map_err(|fault| refuse(bad_request, fault.to_string()))?;
    let token = OneTimeToken::generate().map_err(|error| refuse(unavailable, error.to_string()))?;
    let command = IssueResetToken {
        email: email.as_str().to_owned(),
        token_hash: token.hash().as_bytes().to_vec(),
        ttl_ms: millis(RESET_TOKEN_TTL),
    };
    let issued = service.replica.submit_own(Command::IssueResetToken(command)).await;
    issued.map_err(|error| match error {
        OwnCommandError::Rejected(rejection) if rejection.code() == RejectionCode::NotFound => {
            refuse(poem::http::StatusCode::NOT_FOUND, format!("{email} has no account"))
        }
        error => refuse(unavailable, error.to_string()),
    })?;
    Ok(Json(ResetToken { token: token.expose().to_owned(), expires_in_seconds: RESET_TOKEN_TTL.as_secs() }))
}

#[handler]
async fn rotate_signing_key(service: Data<&Arc<Service>>) -> poem::Result<()> {
    workers::rotate_signing_key(service.0).await.map_err(|error| {
        poem::Error::from_string(error.to_string(), poem::http::StatusCode::SERVICE_UNAVAILABLE)
    })
}
