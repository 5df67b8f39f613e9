//! Commands for the service that runs on this machine, over its admin socket.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Failure, note, print, print_json};
use crate::admin::{self, ResetRequest, ResetToken};

/// How long to wait for an answer.
const ASK_TIMEOUT: Duration = Duration::from_secs(10);

/// Why an operator's wish was not granted, in one line.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    /// There is nobody to ask.
    #[error("no service runs on {} (or it is another user's): {}", data_dir.display(), root_cause(source))]
    NobodyThere { data_dir: PathBuf, source: reqwest::Error },
    /// Asking or answering went wrong.
    #[error("no answer from the service: {}", root_cause(.0))]
    NoAnswer(#[from] reqwest::Error),
    /// Nothing can be asked from here.
    #[error("cannot ask the service: {0}")]
    NoRuntime(#[from] std::io::Error),
    /// The service said no.
    #[error("{0}")]
    Refused(String),
}

pub(super) fn reset_password(data_dir: &Path, email: &str, as_json: bool) -> Result<(), Failure> {
    let request = ResetRequest { email: email.to_owned() };
    let token: ResetToken = ask(data_dir, admin::RESET_TOKENS, &request)?;
    if as_json {
        let (token, seconds) = (&token.token, token.expires_in_seconds);
        return print_json(&json!({ "email": email, "token": token, "expiresInSeconds": seconds }));
    }
    note(&format!("One-time token for {email}, good for {} minutes:", token.expires_in_seconds / 60));
    print(&format!("{}\n", token.token))?;
    note(r#"Its owner sends it: POST /api/users/password/reset {"token": "…", "new": "the new password"}"#);
    Ok(())
}

pub(super) fn rotate_signing_key(data_dir: &Path, as_json: bool) -> Result<(), Failure> {
    let () = ask(data_dir, admin::SIGNING_KEYS, &())?;
    let done = "There is a new key; it signs once every replica knows it, in about a minute.";
    if as_json {
        return print_json(&json!({ "done": done }));
    }
    note(done);
    Ok(())
}

/// A backup on its way.
pub(super) struct Download(reqwest::Response);

/// Asks the service that runs on this data directory for a backup. Returns once it begins.
pub(super) async fn backup(data_dir: &Path) -> Result<Download, Failure> {
    let client = reqwest::Client::builder()
        .unix_socket(data_dir.join(admin::SOCKET))
        .read_timeout(ASK_TIMEOUT)
        .build()
        .map_err(AskError::from)?;
    let asked = client.get(format!("http://admin{}", admin::BACKUP)).send().await;
    Ok(Download(granted(data_dir, asked).await?))
}

impl Download {
    /// Whether it certainly has all that was acknowledged before it was asked for.
    pub(super) fn is_current(&self) -> bool {
        self.0.headers().get(admin::IS_CURRENT).is_some_and(|value| value == "true")
    }

    /// What comes next, in pieces of any length; none at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        Ok(self.0.chunk().await.map_err(AskError::from)?)
    }
}

/// Asks the service that runs on this data directory.
pub(super) fn ask<Q: Serialize, A: DeserializeOwned>(
    data_dir: &Path,
    path: &str,
    question: &Q,
) -> Result<A, AskError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = reqwest::Client::builder()
            .unix_socket(data_dir.join(admin::SOCKET))
            .timeout(ASK_TIMEOUT)
            .build()?;
        let asked = client.post(format!("http://admin{path}")).json(question).send().await;
        Ok(granted(data_dir, asked).await?.json().await?)
    })
}

async fn granted(
    data_dir: &Path,
    asked: Result<reqwest::Response, reqwest::Error>,
) -> Result<reqwest::Response, AskError> {
    let answer = asked.map_err(|error| match error.is_connect() {
        true => AskError::NobodyThere { data_dir: data_dir.to_owned(), source: error },
        false => error.into(),
    })?;
    if !answer.status().is_success() {
        return Err(AskError::Refused(answer.text().await?));
    }
    Ok(answer)
}

/// What it comes down to: what is above it tells of a client that a person has not called.
fn root_cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
