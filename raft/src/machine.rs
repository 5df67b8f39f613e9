//! What the engine asks of the state it replicates.

use bytes::Bytes;

use crate::log_time::LogTime;

/// A command that is in the log for good.
#[derive(Copy, Clone, Debug)]
pub struct Committed<'a> {
    /// Its place in the log.
    pub index: u64,
    /// When it happens, on the replicated clock; never less than for the command before it.
    pub at: LogTime,
    /// What was proposed.
    pub command: &'a [u8],
}

/// What a replica does with committed commands. Every replica must reach the same state from the same commands:
/// no clock, no randomness, nothing that another version of the program would compute differently.
///
/// By convention every table is a `TableDefinition<&[u8], &[u8]>`, so that the engine can copy and compare
/// tables that it knows nothing of.
pub trait StateMachine: Send + 'static {
    /// Applies a batch, in order, inside one write transaction that the engine commits, together with its own
    /// progress. Returns one reply for each command. The table `raft_meta` is the engine's.
    ///
    /// # Errors
    ///
    /// An error is terminal: nothing of the batch is committed and the replica stops.
    fn apply(
        &mut self,
        txn: &redb::WriteTransaction,
        batch: &[Committed<'_>],
    ) -> Result<Vec<Bytes>, ApplyError>;

    /// Called after a batch was committed and before its replies go out.
    fn committed(&mut self) {}

    /// Called when the state was opened, or replaced by a snapshot: whatever was cached is void.
    fn reset(&mut self) {}
}

/// A state machine could not apply a command.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The database failed.
    #[error("the state database failed: {0}")]
    Storage(#[source] Box<redb::Error>),
    /// The command is not one that this program knows.
    #[error("log entry {index}: {reason}")]
    Unknown {
        /// The command's place in the log.
        index: u64,
        /// What is unknown about it.
        reason: String,
    },
    /// What is stored is not what was written.
    #[error("{0}")]
    Damaged(String),
    /// Anything else, in words for an operator.
    #[error("{0}")]
    Other(String),
}

impl<E: Into<redb::Error>> From<E> for ApplyError {
    fn from(source: E) -> Self {
        Self::Storage(Box::new(source.into()))
    }
}
