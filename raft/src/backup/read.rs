//! The frames of a backup, one after the other.

use std::io::{self, Read};

use bytes::Bytes;

use crate::snapshot::{FrameSplitter, SnapshotError};

/// What is read at once.
const CHUNK_BYTES: usize = 256 << 10;

/// A backup begins with the version of its first frame. No program will have made so many of them: a file that begins
/// with another byte, as any text does, is something else.
const MAX_VERSION: u8 = 8;

/// Why a backup can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It can't be read.
    #[error("it can't be read: {0}")]
    Io(#[from] io::Error),
    /// It is something else.
    #[error("this is not a Boxoffice backup")]
    NotABackup,
    /// It is not a whole one, or is a newer program's.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl ReadError {
    /// Whether the file is not, or not all of, what was written as a backup. Otherwise nothing is known of it.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::NotABackup | Self::Snapshot(SnapshotError::Damaged(_) | SnapshotError::Cut))
    }
}

/// Reads a backup frame by frame.
pub(crate) struct BackupFrames<R> {
    reader: R,
    splitter: FrameSplitter,
    chunk: Vec<u8>,
    has_begun: bool,
}

impl<R: Read> BackupFrames<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, splitter: FrameSplitter::default(), chunk: vec![0; CHUNK_BYTES], has_begun: false }
    }

    /// The next frame, unchecked but for its length; none at the end.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Bytes>, ReadError> {
        loop {
            if let Some(frame) = self.splitter.next_frame()? {
                return Ok(Some(frame));
            }
            match self.reader.read(&mut self.chunk) {
                Ok(0) if self.splitter.is_at_end() => return Ok(None),
                Ok(0) => return Err(SnapshotError::Cut.into()),
                Ok(_) if !self.has_begun && self.chunk[0] > MAX_VERSION => return Err(ReadError::NotABackup),
                Ok(read) => {
                    self.has_begun = true;
                    self.splitter.push(&self.chunk[..read]);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}
