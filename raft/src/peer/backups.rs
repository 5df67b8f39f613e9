//! Backups over the peers' service: for an operator, who is no replica and asks any one.

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use prost::Message;
use tonic::{Request, Status, Streaming};

use super::connections::{Connections, Purpose};
use super::credentials::Credentials;
use super::failure::root_cause;
use super::generated::peer_client::PeerClient;
use super::server::MAX_MESSAGE_BYTES;
use crate::backup::BackupError;
use crate::engine::Engine;

/// Asks for a backup of the replica's state.
#[derive(Copy, Clone, PartialEq, Message)]
pub(crate) struct BackupRequest {}

/// A piece of a backup.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct BackupPart {
    #[prost(bytes = "bytes", tag = "1")]
    pub(crate) frame: Bytes,
    /// In the first part: it has all that was acknowledged before it was asked for.
    #[prost(bool, tag = "2")]
    pub(crate) is_current: bool,
}

/// What this replica sends to whoever asks for a backup.
pub(super) async fn parts(
    engine: Engine,
) -> Result<impl Stream<Item = Result<BackupPart, Status>> + Send + 'static, Status> {
    let backup = engine.backup().await.map_err(|error| match error {
        BackupError::Busy => Status::resource_exhausted(error.to_string()),
        BackupError::Empty | BackupError::Stopped => Status::unavailable(error.to_string()),
        BackupError::Storage(_) => Status::data_loss(error.to_string()),
    })?;
    let is_current = backup.is_current();
    Ok(backup.map(move |frame| match frame {
        Ok(frame) => Ok(BackupPart { frame, is_current }),
        Err(error) => Err(Status::data_loss(error.to_string())),
    }))
}

/// A replica did not do what it was asked. One line for an operator.
#[derive(Debug, thiserror::Error)]
#[error("the replica at {address} {what}")]
pub struct CallFailed {
    address: String,
    what: String,
}

/// Asks replicas for backups.
pub struct BackupClient {
    connections: Connections,
}

/// A backup on its way.
pub struct BackupDownload {
    address: String,
    first: Option<BackupPart>,
    is_current: bool,
    rest: Streaming<BackupPart>,
}

impl BackupClient {
    /// Calls nobody yet.
    pub fn new(credentials: Credentials) -> Self {
        Self { connections: Connections::new(credentials) }
    }

    /// Asks the replica whose peer listener is at `address`, a `host:port`, for a backup. Returns once it begins.
    ///
    /// # Errors
    /// When it can't be reached, is a stranger, or gives none.
    pub async fn backup(&self, address: &str) -> Result<BackupDownload, CallFailed> {
        let failed = |status: &Status| CallFailed::new(address, status);
        let channel = self.connections.channel(address, Purpose::Snapshot).map_err(|e| failed(&e))?;
        let mut client = PeerClient::new(channel).max_decoding_message_size(MAX_MESSAGE_BYTES);
        let answer = client.backup(Request::new(BackupRequest {})).await.map_err(|e| failed(&e))?;
        let mut rest = answer.into_inner();
        let first = rest.message().await.map_err(|e| failed(&e))?;
        let is_current = first.as_ref().is_some_and(|first| first.is_current);
        Ok(BackupDownload { address: address.to_owned(), first, is_current, rest })
    }
}

impl BackupDownload {
    /// Whether it certainly has all that was acknowledged before it was asked for. If not, no leader answered.
    pub fn is_current(&self) -> bool {
        self.is_current
    }

    /// What comes next; none at the end, which may be too early.
    ///
    /// # Errors
    /// When the connection breaks, or the replica can't read its state.
    pub async fn next(&mut self) -> Result<Option<Bytes>, CallFailed> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first.frame));
        }
        let part = self.rest.message().await.map_err(|status| CallFailed::new(&self.address, &status))?;
        Ok(part.map(|part| part.frame))
    }
}

impl CallFailed {
    fn new(address: &str, status: &Status) -> Self {
        let what = match root_cause(status) {
            Some(cause) => format!("is not reached, or not any more: {cause}"),
            None => format!("says: {}", status.message()),
        };
        Self { address: address.to_owned(), what }
    }
}
