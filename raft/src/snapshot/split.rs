//! Frames out of bytes that come in pieces of any length, as a file or a connection gives them.

use bytes::{Buf, Bytes, BytesMut};

use super::error::SnapshotError;
use super::frame::{self, PREFIX_BYTES};

/// What came and is not a whole frame yet.
#[derive(Default)]
pub(crate) struct FrameSplitter {
    buffer: BytesMut,
}

impl FrameSplitter {
    /// Adds what came next.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame, unchecked but for its length; none before more has come.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Bytes>, SnapshotError> {
        let Some(prefix) = self.buffer.first_chunk::<PREFIX_BYTES>() else { return Ok(None) };
        let length = frame::length(prefix)?;
        if self.buffer.remaining() < length {
            return Ok(None);
        }
        Ok(Some(self.buffer.split_to(length).freeze()))
    }

    /// Whether all that came was whole frames.
    pub(crate) fn is_at_end(&self) -> bool {
        self.buffer.is_empty()
    }
}
