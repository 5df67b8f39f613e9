//! Whether frames that come one after the other are a whole snapshot, whatever is done with the rows.

use prost::Message;

use super::digest::{Digest, STATE_META, TableDigest};
use super::error::SnapshotError;
use super::frame::{self, Kind, Rows};
use super::message::{Header, Trailer};
use super::progress::SnapshotProgress;

/// Checks the frames of one stream.
pub(crate) struct StreamCheck {
    stage: Stage,
    next_sequence: u64,
    header_crc32c: u32,
    /// The tables so far, the last one perhaps not whole yet.
    digest: Digest,
    /// Of the last row of that table.
    last_key: Option<Vec<u8>>,
    raw: Vec<u8>,
    progress: SnapshotProgress,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Stage {
    Header,
    Rows,
    Ended,
}

/// What a frame brought.
pub(crate) enum Content<'a> {
    Header(Header),
    /// Rows of the table, behind those that it has already.
    Rows {
        table: &'a str,
        rows: Rows<'a>,
    },
    /// Nothing follows, and all that came is what was sent.
    End,
}

impl StreamCheck {
    pub(crate) fn new() -> Self {
        Self {
            stage: Stage::Header,
            next_sequence: 0,
            header_crc32c: 0,
            digest: Digest { tables: Vec::new() },
            last_key: None,
            raw: Vec::new(),
            progress: SnapshotProgress::default(),
        }
    }

    /// How far the stream has come.
    pub(crate) fn progress(&self) -> SnapshotProgress {
        self.progress
    }

    /// The checksums of all that came; none before the end.
    pub(crate) fn ended(&self) -> Option<&Digest> {
        (self.stage == Stage::Ended).then_some(&self.digest)
    }

    /// Takes the next frame.
    pub(crate) fn accept(&mut self, bytes: &[u8]) -> Result<Content<'_>, SnapshotError> {
        let frame = frame::decode(bytes)?;
        if frame.sequence != self.next_sequence {
            let (found, expected) = (frame.sequence, self.next_sequence);
            return Err(damaged(format!("frame {found} comes where frame {expected} should")));
        }
        self.next_sequence += 1;
        self.progress.frame_bytes += bytes.len() as u64;
        match (self.stage, frame.kind) {
            (Stage::Header, Kind::Header) => {
                let header = Header::read(frame.body)?;
                self.header_crc32c = crc32c::crc32c(frame.body);
                self.progress.total_rows = header.rows;
                self.stage = Stage::Rows;
                Ok(Content::Header(header))
            }
            (Stage::Rows, Kind::Rows) => {
                frame::unpack_rows(frame.body, &mut self.raw)?;
                self.check_rows()?;
                // As it was just found to be.
                let (table, rows) = frame::split_table(&self.raw).ok_or_else(cut_rows)?;
                Ok(Content::Rows { table, rows })
            }
            (Stage::Rows, Kind::Trailer) => {
                let trailer = Trailer::decode(frame.body).map_err(|e| damaged(e.to_string()))?;
                self.check_end(&trailer)?;
                self.stage = Stage::Ended;
                Ok(Content::End)
            }
            (stage, kind) => Err(damaged(format!("a {kind:?} frame comes in the {stage:?} stage"))),
        }
    }

    fn check_rows(&mut self) -> Result<(), SnapshotError> {
        let (name, mut rows) = frame::split_table(&self.raw).ok_or_else(cut_rows)?;
        let last = self.digest.tables.last().map(|table| table.name.as_str());
        if last != Some(name) {
            if last.is_some_and(|last| last > name) || name == redb::TableHandle::name(&STATE_META) {
                return Err(damaged(format!("table {name} comes where it should not")));
            }
            self.digest.tables.push(TableDigest::empty(name));
            self.last_key = None;
        }
        let table = self.digest.tables.last_mut().expect("pushed if there was none");
        let mut last_key = self.last_key.as_deref();
        for (key, value) in rows.by_ref() {
            if last_key.is_some_and(|last| last >= key) {
                return Err(damaged(format!("the rows of table {name} are not in their order")));
            }
            table.add(key, value);
            self.progress.rows += 1;
            self.progress.row_bytes += (key.len() + value.len()) as u64;
            last_key = Some(key);
        }
        if !rows.is_at_end() {
            return Err(cut_rows());
        }
        self.last_key = last_key.map(<[u8]>::to_vec);
        Ok(())
    }

    fn check_end(&self, trailer: &Trailer) -> Result<(), SnapshotError> {
        if trailer.header_crc32c != self.header_crc32c {
            return Err(damaged("its end is that of another snapshot".to_owned()));
        }
        let (came, sent) = (&self.digest.tables, trailer.digest().tables);
        if *came == sent {
            return Ok(());
        }
        let what = match came.iter().zip(&sent).find(|(came, sent)| came != sent) {
            Some((came, sent)) => {
                format!(
                    "table {} came with {} rows, and {} with {} was sent",
                    came.name, came.rows, sent.name, sent.rows
                )
            }
            None => format!("{} tables came, and {} were sent", came.len(), sent.len()),
        };
        Err(damaged(what))
    }
}

fn damaged(what: String) -> SnapshotError {
    SnapshotError::Damaged(what)
}

fn cut_rows() -> SnapshotError {
    damaged("the rows of a frame are cut short".to_owned())
}
