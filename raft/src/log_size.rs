//! How large the log is: counted beside the records, in the transactions that write and drop them, so that a restart
//! knows it without reading them.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

use redb::{ReadableTable, Table, WriteTransaction};
use tokio::sync::Notify;

use crate::log_thread::{ENTRIES, LOG_META};
use crate::storage::StorageError;
use crate::store::{Store, put_message};
use crate::wire;

const SIZE_KEY: &str = "size";

/// The log's size as the last commit has it, for whoever shortens it.
pub(crate) struct LogSize {
    bytes: AtomicU64,
    /// From here on somebody should look.
    limit_bytes: u64,
    limit_entries: u64,
    too_long: Notify,
}

impl LogSize {
    /// The size of a log whose file holds records of so many bytes.
    pub(crate) fn new(bytes: u64, limit_bytes: u64, limit_entries: u64) -> Self {
        Self { bytes: AtomicU64::new(bytes), limit_bytes, limit_entries, too_long: Notify::new() }
    }

    /// The bytes of all records in the file. Those that were purged count until they are gone.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Acquire)
    }

    /// Notes what a commit made of it. While it `holds_purged` records, nobody can say how many bytes are too many.
    pub(crate) fn committed(&self, bytes: u64, entries: u64, holds_purged: bool) {
        self.bytes.store(bytes, Ordering::Release);
        if entries > self.limit_entries || (bytes > self.limit_bytes && !holds_purged) {
            self.too_long.notify_one();
        }
    }

    /// Waits until it was found to be too long since the last call.
    pub(crate) async fn too_long(&self) {
        self.too_long.notified().await;
    }
}

/// The bytes of all records in the file, as a transaction changes them.
pub(crate) struct RecordBytes(pub(crate) u64);

impl RecordBytes {
    /// Puts a record into the file.
    pub(crate) fn insert(
        &mut self,
        table: &mut Table<'_, u64, &'static [u8]>,
        index: u64,
        record: &[u8],
    ) -> Result<(), redb::Error> {
        let replaced = table.insert(index, record)?.map_or(0, |replaced| replaced.value().len());
        self.0 = (self.0 + record.len() as u64).saturating_sub(replaced as u64);
        Ok(())
    }

    /// Drops the records of a range.
    pub(crate) fn remove(
        &mut self,
        table: &mut Table<'_, u64, &'static [u8]>,
        range: Range<u64>,
    ) -> Result<(), redb::Error> {
        let mut removed = 0;
        table.retain_in(range, |_, record| {
            removed += record.len() as u64;
            false
        })?;
        self.0 = self.0.saturating_sub(removed);
        Ok(())
    }

    /// Stores it beside the records of `table`, with what tells later whether it is still theirs.
    pub(crate) fn put(
        &self,
        txn: &WriteTransaction,
        table: &Table<'_, u64, &'static [u8]>,
    ) -> Result<(), redb::Error> {
        put_message(txn, LOG_META, SIZE_KEY, &size_of(self.0, table)?)
    }
}

fn size_of(bytes: u64, table: &impl ReadableTable<u64, &'static [u8]>) -> Result<wire::LogSize, redb::Error> {
    let last_index = table.last()?.map(|(index, _)| index.value());
    Ok(wire::LogSize { record_bytes: bytes, entries: table.len()?, last_index })
}

/// The bytes of all records in the file. They are read only if nobody counted them, or an older program changed them
/// since.
pub(crate) fn stored_bytes(store: &Store) -> Result<u64, StorageError> {
    let Some(table) = store.table(ENTRIES)? else { return Ok(0) };
    let counted: Option<wire::LogSize> = store.message(LOG_META, SIZE_KEY)?;
    let counted = counted.unwrap_or_default();
    if size_of(counted.record_bytes, &table).map_err(|e| store.failed(e))? == counted {
        return Ok(counted.record_bytes);
    }
    let mut bytes = 0;
    for row in table.iter().map_err(|e| store.failed(e))? {
        let (_, record) = row.map_err(|e| store.failed(e))?;
        bytes += record.value().len() as u64;
    }
    Ok(bytes)
}
