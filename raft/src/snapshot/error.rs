//! What can be wrong with a snapshot that comes from elsewhere.

use crate::storage::{OpenError, StorageError};
use crate::wire::FORMAT_VERSION;

/// Why a snapshot was not taken. What was there before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Its bytes are not those that were written, or are not all there, or not in their order.
    #[error("the snapshot is damaged: {0}")]
    Damaged(String),
    /// It ends too early.
    #[error("the snapshot is cut short: its end is missing")]
    Cut,
    /// A newer program wrote it.
    #[error(
        "the snapshot has {0}, which this program, of format {FORMAT_VERSION}, does not know: use a newer one"
    )]
    Newer(String),
    /// It belongs to another cluster.
    #[error("the snapshot is one of cluster {found:032x}, and this replica belongs to cluster {own:032x}")]
    OtherCluster {
        /// Whose it is.
        found: u128,
        /// Where it came to.
        own: u128,
    },
    /// Another snapshot began to come in: only the newest is taken.
    #[error("another snapshot is being received instead")]
    Superseded,
    /// A whole one is about to be installed; ask again in a moment.
    #[error("another snapshot is being installed")]
    Busy,
    /// Its file can't be made.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its file can't be written.
    #[error(transparent)]
    Storage(#[from] StorageError),
}
