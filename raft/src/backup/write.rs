//! A backup on its way into a file: nothing is written that is not as it was sent.

use std::io::{self, Write};

use super::{BackupReadError, BackupSummary};
use crate::snapshot::{Content, FrameSplitter, Header, SnapshotError, SnapshotProgress, StreamCheck};

/// Writes a backup as it comes, each frame once it was checked.
pub struct BackupWriter<W> {
    output: W,
    splitter: FrameSplitter,
    check: StreamCheck,
    header: Option<Header>,
}

impl<W: Write> BackupWriter<W> {
    /// Writes to `output`, where nothing is yet.
    pub fn new(output: W) -> Self {
        Self { output, splitter: FrameSplitter::default(), check: StreamCheck::new(), header: None }
    }

    /// Takes what came next, in pieces of any length, and writes all frames that are whole by now.
    ///
    /// # Errors
    /// When it is damaged, or can't be written.
    pub fn write(&mut self, bytes: &[u8]) -> Result<SnapshotProgress, BackupReadError> {
        self.splitter.push(bytes);
        while let Some(frame) = self.splitter.next_frame()? {
            if let Content::Header(header) = self.check.accept(&frame)? {
                self.header = Some(header);
            }
            self.output.write_all(&frame)?;
        }
        Ok(self.check.progress())
    }

    /// Tells what was written and gives back where, if the backup is whole.
    ///
    /// # Errors
    /// When its end is missing, or what was written can't be handed on.
    pub fn finish(mut self) -> Result<(W, BackupSummary), BackupReadError> {
        let (Some(header), Some(_), true) = (&self.header, self.check.ended(), self.splitter.is_at_end())
        else {
            return Err(SnapshotError::Cut.into());
        };
        let summary = BackupSummary::new(header, self.check.progress());
        self.output.flush().map_err(|error: io::Error| BackupReadError::from(error))?;
        Ok((self.output, summary))
    }
}
