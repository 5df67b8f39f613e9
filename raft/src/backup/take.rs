//! A backup of a replica that runs, as a stream of frames.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::engine::Engine;
use crate::snapshot::SnapshotFrames;
use crate::storage::StorageError;

/// Backups that a replica gives at once: each reads all of the state, and keeps what changes meanwhile from being
/// reused.
pub(crate) const BACKUPS_AT_ONCE: usize = 2;
/// How long a backup waits to be as new as the leader. One that is older is better than none, if there is no leader.
const BARRIER_TIMEOUT: Duration = Duration::from_secs(5);
/// Frames that wait between the disk and whoever takes them, of some 256 KiB each before they are compressed.
const QUEUED_FRAMES: usize = 4;

/// Why a replica gives no backup.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It is giving others.
    #[error("this replica is giving {BACKUPS_AT_ONCE} backups already: ask again later, or another one")]
    Busy,
    /// Its state is still empty.
    #[error("this replica has nothing to back up yet: ask another one")]
    Empty,
    /// The state can't be read.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The engine failed or was shut down.
    #[error("the engine has stopped")]
    Stopped,
}

/// The frames of a backup, as they come from the disk.
pub struct Backup {
    is_current: bool,
    frames: mpsc::Receiver<Result<Bytes, StorageError>>,
    _permit: OwnedSemaphorePermit,
}

impl Backup {
    /// Whether it certainly has all that was acknowledged, anywhere, before it was asked for. If not, no leader
    /// answered: what others acknowledged lately may be missing.
    pub fn is_current(&self) -> bool {
        self.is_current
    }
}

impl Stream for Backup {
    type Item = Result<Bytes, StorageError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.frames.poll_recv(context)
    }
}

impl Engine {
    /// Begins a backup: the state as it is now, consistent in itself, in frames that carry checksums. Writes go on
    /// meanwhile.
    ///
    /// # Errors
    /// See [`BackupError`].
    pub async fn backup(&self) -> Result<Backup, BackupError> {
        let inner = self.inner();
        let permit = inner.backups.clone().try_acquire_owned().map_err(|_| BackupError::Busy)?;
        let current = tokio::time::timeout(BARRIER_TIMEOUT, self.read_barrier()).await;
        let is_current = matches!(current, Ok(Ok(())));
        if inner.state.shared().last_applied().is_none() {
            return Err(BackupError::Empty);
        }
        let snapshot = inner.state.snapshot().await.map_err(|_| BackupError::Stopped)?;
        let state = inner.state.clone();
        let (sender, frames) = mpsc::channel(QUEUED_FRAMES);
        tokio::task::spawn_blocking(move || match state.frames(snapshot) {
            Ok(stream) => send(stream, &sender),
            // Whoever asked does not wait any more if this fails.
            Err(error) => sender.blocking_send(Err(error)).unwrap_or_default(),
        });
        Ok(Backup { is_current, frames, _permit: permit })
    }
}

fn send(frames: SnapshotFrames, sender: &mpsc::Sender<Result<Bytes, StorageError>>) {
    for frame in frames {
        if let Err(error) = &frame {
            tracing::error!(%error, "the state could not be read for a backup");
        }
        if sender.blocking_send(frame).is_err() {
            return;
        }
    }
}
