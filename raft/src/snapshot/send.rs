//! A view of the state as a stream of frames.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use prost::Message;
use redb::{OwnedRange, ReadableTable, ReadableTableMetadata};

use super::digest::{Digest, STATE_META, TableDigest, rows, state_tables};
use super::frame::{self, FrameWriter, Kind, MAX_ROW_BYTES, ROWS_BYTES};
use super::message::{EngineRow, Header, Trailer};
use super::progress::{SnapshotProgress, SnapshotTransfer};
use super::{REPLICATED_KEYS, StateView};
use crate::home::StateHome;
use crate::storage::StorageError;
use crate::store::ReadView;
use crate::types::SnapshotMeta;
use crate::wire::{self, FORMAT_VERSION};

/// The frames of one snapshot, read from the state as they are asked for. Ends after the last one, or the first
/// error. While it lives, the state's file keeps what was changed since the snapshot was taken.
pub struct SnapshotFrames {
    home: Arc<StateHome>,
    view: ReadView,
    header: Option<Header>,
    header_crc32c: u32,
    writer: FrameWriter,
    /// Those whose rows are not sent yet.
    tables: std::vec::IntoIter<String>,
    /// Of the last table that was begun.
    rows: Option<OwnedRange<&'static [u8], &'static [u8]>>,
    digest: Digest,
    raw: Vec<u8>,
    progress: SnapshotProgress,
    started: Option<Duration>,
    ended: bool,
}

impl Iterator for SnapshotFrames {
    type Item = Result<Bytes, StorageError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let started = *self.started.get_or_insert_with(|| self.home.clock.monotonic());
        let frame = match self.header.take() {
            Some(header) => Ok(self.header_frame(&header)),
            None => self.rows_frame(),
        };
        let frame = match frame {
            Ok(Some(frame)) => Ok(frame),
            Ok(None) => {
                self.ended = true;
                Ok(self.trailer_frame())
            }
            Err(error) => {
                self.ended = true;
                Err(error)
            }
        };
        if let Ok(frame) = &frame {
            self.progress.frame_bytes += frame.len() as u64;
            if self.ended {
                let duration = self.home.clock.monotonic().saturating_sub(started);
                self.home.observer.snapshot_sent(SnapshotTransfer { progress: self.progress, duration });
            }
        }
        Some(frame)
    }
}

impl SnapshotFrames {
    pub(crate) fn new(
        home: Arc<StateHome>,
        meta: &SnapshotMeta,
        view: StateView,
    ) -> Result<Self, StorageError> {
        let StateView { txn: view, log_time } = view;
        let header = Header {
            format_version: FORMAT_VERSION,
            cluster_id: home.identity.cluster_id.clone(),
            last_applied: meta.last_log_id.as_ref().map(wire::LogId::from),
            membership: Some(wire::StoredMembership::from(&meta.last_membership)),
            log_time_ms: log_time.as_millis(),
            engine_rows: engine_rows(&view).map_err(|e| home.failed(e))?,
            rows: 0,
        };
        let tables = state_tables(&view).map_err(|e| home.failed(e))?;
        let total_rows = count_rows(&view, &tables).map_err(|e| home.failed(e))?;
        Ok(Self {
            home,
            view,
            header: Some(Header { rows: total_rows, ..header }),
            header_crc32c: 0,
            writer: FrameWriter::new(),
            tables: tables.into_iter(),
            rows: None,
            digest: Digest { tables: Vec::new() },
            raw: Vec::new(),
            progress: SnapshotProgress { total_rows, ..SnapshotProgress::default() },
            started: None,
            ended: false,
        })
    }

    /// How far it has come.
    pub fn progress(&self) -> SnapshotProgress {
        self.progress
    }

    fn header_frame(&mut self, header: &Header) -> Option<Bytes> {
        let body = header.encode_to_vec();
        self.header_crc32c = crc32c::crc32c(&body);
        Some(self.writer.frame(Kind::Header, &body))
    }

    fn trailer_frame(&mut self) -> Bytes {
        let trailer = Trailer::new(&self.digest, self.header_crc32c);
        self.writer.frame(Kind::Trailer, &trailer.encode_to_vec())
    }

    /// The next rows; none when all were sent. A table without any still has a frame, to be there.
    fn rows_frame(&mut self) -> Result<Option<Bytes>, StorageError> {
        loop {
            let begins = self.rows.is_none();
            if begins && !self.begin_table().map_err(|e| self.home.failed(e))? {
                return Ok(None);
            }
            let sent_before = self.progress.rows;
            let is_whole = self.gather_rows()?;
            if is_whole {
                self.rows = None;
            }
            if begins || self.progress.rows > sent_before {
                return Ok(Some(self.writer.rows(&self.raw)));
            }
        }
    }

    fn begin_table(&mut self) -> Result<bool, redb::Error> {
        let Some(name) = self.tables.next() else { return Ok(false) };
        self.rows = Some(self.view.open_table(rows(&name))?.range_owned::<&[u8]>(..)?);
        self.digest.tables.push(TableDigest::empty(&name));
        Ok(true)
    }

    /// Fills a frame with rows of the table that was begun; tells whether these were the last ones.
    fn gather_rows(&mut self) -> Result<bool, StorageError> {
        let (Some(rows), Some(table)) = (&mut self.rows, self.digest.tables.last_mut()) else {
            return Ok(true);
        };
        frame::begin_rows(&mut self.raw, &table.name);
        while self.raw.len() < ROWS_BYTES {
            let Some(row) = rows.next() else { return Ok(true) };
            let (key, value) = row.map_err(|e| self.home.failed(e))?;
            let (key, value) = (key.value(), value.value());
            let row_bytes = key.len() + value.len();
            if row_bytes > MAX_ROW_BYTES {
                let what = format!("a row of table {} has {row_bytes} bytes, more than any may", table.name);
                return Err(self.home.corrupt(what));
            }
            frame::push_row(&mut self.raw, key, value);
            table.add(key, value);
            self.progress.rows += 1;
            self.progress.row_bytes += row_bytes as u64;
        }
        Ok(false)
    }
}

/// What of the engine's own table is the same on every replica.
fn engine_rows(view: &ReadView) -> Result<Vec<EngineRow>, redb::Error> {
    let table = match view.open_table(STATE_META) {
        Ok(table) => table,
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
        Err(e) => return Err(e.into()),
    };
    let mut found = Vec::new();
    for key in REPLICATED_KEYS {
        if let Some(value) = ReadableTable::get(&table, key.as_bytes())? {
            found.push(EngineRow { key: key.as_bytes().to_vec(), value: value.value().to_vec() });
        }
    }
    Ok(found)
}

fn count_rows(view: &ReadView, tables: &[String]) -> Result<u64, redb::Error> {
    let mut count = 0;
    for name in tables {
        count += view.open_table(rows(name))?.len()?;
    }
    Ok(count)
}
