//! What to do about files that are not as they were written: a replica that finds it out stops, and says so.

use std::fmt::Display;

use crate::record::RecordError;
use crate::storage::{OpenError, StorageError};

const DO_IN_A_CLUSTER: &str = "keep a copy of the data directory for analysis, then wipe it; the replica joins as \
                               somebody new";
const DO_ALONE: &str =
    "keep a copy of the data directory for analysis, then restore a backup with `boxoffice restore`";

/// The line about damaged files, for a replica that is one of several or is alone.
pub(crate) fn line(what: impl Display, is_alone: bool) -> String {
    let advice = if is_alone { DO_ALONE } else { DO_IN_A_CLUSTER };
    format!("{what}; the data is damaged: {advice}")
}

impl StorageError {
    /// Whether the files are not as they were written. Otherwise it is the disk, a newer program's file, or the end.
    pub(crate) fn is_damage(&self) -> bool {
        match self {
            Self::Database { source, .. } => is_damage(source),
            Self::Record { source, .. } => !matches!(source, RecordError::Version(_) | RecordError::Kind(_)),
            Self::Hole { .. } | Self::Corrupt { .. } => true,
            Self::Purged { .. } | Self::Closed { .. } => false,
        }
    }
}

/// Whether what redb reports comes of a file that is not as it was written.
pub(crate) fn is_damage(error: &redb::Error) -> bool {
    use std::io::ErrorKind::{InvalidData, UnexpectedEof};
    match error {
        redb::Error::Corrupted(_)
        | redb::Error::UpgradeRequired(_)
        | redb::Error::TableTypeMismatch { .. }
        | redb::Error::TypeDefinitionChanged { .. } => true,
        redb::Error::Io(error) => matches!(error.kind(), InvalidData | UnexpectedEof),
        _ => false,
    }
}

impl OpenError {
    /// Whether the files are not as they were written, or do not belong together. Otherwise nothing is known of them.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Storage(error) => error.is_damage(),
            Self::Damaged(_) | Self::Mismatch(_) | Self::Diverged { .. } => true,
            _ => false,
        }
    }

    /// The same, with what to do about files that are damaged or do not belong together.
    pub(crate) fn with_advice(self, is_alone: bool) -> Self {
        match self {
            Self::Storage(error) if error.is_damage() => Self::Damaged(line(error, is_alone)),
            Self::Mismatch(what) => Self::Mismatch(line(what, is_alone)),
            other => other,
        }
    }
}
