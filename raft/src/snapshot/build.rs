//! A new state file from the frames of a snapshot.

use std::ops::Bound;

use redb::WriteTransaction;

use super::check::{Content, StreamCheck};
use super::digest::{STATE_META, rows};
use super::error::SnapshotError;
use super::frame::Rows;
use super::message::Header;
use super::progress::SnapshotProgress;
use crate::storage::StorageError;
use crate::store::Store;

/// Rows of so many bytes become one commit. Not one for all: redb would read again, to compute their checksums,
/// all pages for which there was no room in its memory.
const COMMIT_BYTES: usize = 16 << 20;

/// Fills an empty state file, which must not be used before [`finish`](Self::finish).
pub(crate) struct StateBuilder {
    // Goes before the store that it writes to.
    txn: Option<WriteTransaction>,
    store: Store,
    check: StreamCheck,
    header: Option<Header>,
    uncommitted_bytes: usize,
}

impl StateBuilder {
    pub(crate) fn new(store: Store) -> Self {
        Self { txn: None, store, check: StreamCheck::new(), header: None, uncommitted_bytes: 0 }
    }

    pub(crate) fn progress(&self) -> SnapshotProgress {
        self.check.progress()
    }

    /// What came in the first frame.
    pub(crate) fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    /// Takes the next frame.
    pub(crate) fn write(&mut self, frame: &[u8]) -> Result<(), SnapshotError> {
        match self.check.accept(frame)? {
            Content::Header(header) => self.header = Some(header),
            Content::Rows { table, rows } => {
                let txn = match self.txn.take() {
                    Some(txn) => txn,
                    None => self.store.write_volatile()?,
                };
                let txn = self.txn.insert(txn);
                self.uncommitted_bytes += append(txn, table, rows).map_err(|e| self.store.failed(e))?;
                if self.uncommitted_bytes >= COMMIT_BYTES {
                    self.commit()?;
                }
            }
            Content::End => self.commit()?,
        }
        Ok(())
    }

    /// Makes the file durable and closes it, together with what `put` adds: progress, membership, identity.
    pub(crate) fn finish(
        mut self,
        put: impl FnOnce(&WriteTransaction, &Header) -> Result<(), redb::Error>,
    ) -> Result<(), SnapshotError> {
        let (Some(header), Some(_)) = (self.header.take(), self.check.ended()) else {
            return Err(SnapshotError::Cut);
        };
        let mut txn = self.store.write()?;
        txn.set_quick_repair(true);
        put_engine_rows(&txn, &header).and_then(|()| put(&txn, &header)).map_err(|e| self.store.failed(e))?;
        txn.commit().map_err(|e| self.store.failed(e))?;
        Ok(self.store.close()?)
    }

    fn commit(&mut self) -> Result<(), StorageError> {
        self.uncommitted_bytes = 0;
        self.txn.take().map_or(Ok(()), |txn| txn.commit().map_err(|e| self.store.failed(e)))
    }
}

/// Adds rows that come after all that the table has, which is made if it is not there. Returns their bytes.
fn append(txn: &WriteTransaction, table: &str, new: Rows<'_>) -> Result<usize, redb::Error> {
    let mut bytes = 0;
    let mut table = txn.open_table(rows(table))?;
    let mut end = table.upper_bound_mut(Bound::<&[u8]>::Unbounded)?;
    for (key, value) in new {
        end.insert_before(key, value)?;
        bytes += key.len() + value.len();
    }
    end.close()?;
    Ok(bytes)
}

fn put_engine_rows(txn: &WriteTransaction, header: &Header) -> Result<(), redb::Error> {
    let mut table = txn.open_table(STATE_META)?;
    for row in &header.engine_rows {
        table.insert(row.key.as_slice(), row.value.as_slice())?;
    }
    Ok(())
}
