//! Why the writer of the state can't go on.

use crate::damage::is_damage;
use crate::machine::ApplyError;
use crate::storage::{OpenError, StorageError};

/// Terminal: nothing is applied after it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error("installing a snapshot failed: {0}")]
    Install(#[from] OpenError),
    #[error("applying the log failed: {0}")]
    Apply(#[from] ApplyError),
    #[error("{0}")]
    Newer(String),
    #[error("the state machine gave {got} replies for {asked} commands")]
    Replies { asked: usize, got: usize },
}

impl Failure {
    /// Whether it comes of a file that is not as it was written.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Storage(error) | Self::Install(OpenError::Storage(error)) => error.is_damage(),
            Self::Apply(ApplyError::Storage(error)) => is_damage(error),
            Self::Apply(ApplyError::Damaged(_)) => true,
            Self::Install(_) | Self::Apply(_) | Self::Newer(_) | Self::Replies { .. } => false,
        }
    }
}
