//! The one writer of `log.redb`: all that waits becomes one durable transaction, strictly in order.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use openraft::storage::IOFlushed;
use redb::{ReadableTable, TableDefinition, WriteTransaction};
use tokio::sync::oneshot;

use crate::health::{Health, PanicGuard};
use crate::log_size::RecordBytes;
use crate::log_store::LogShared;
use crate::log_time::Clock;
use crate::observer::Observer;
use crate::planted::{self, Bug};
use crate::record;
use crate::storage::StorageError;
use crate::store::{Store, put_message};
use crate::types::{Entry, LogId, TypeConfig, Vote, next_index};
use crate::wire;
use crate::writer::Writer;

/// Records by index.
pub(crate) const ENTRIES: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("entries");
/// Identity, vote, committed and purged log id, and the log's size, by name.
pub(crate) const LOG_META: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("log_meta");
pub(crate) const VOTE_KEY: &str = "vote";
pub(crate) const COMMITTED_KEY: &str = "committed";
pub(crate) const PURGED_KEY: &str = "purged";

/// A committed index that found no entries to ride with is written after this long without any.
const IDLE_WRITE: Duration = Duration::from_millis(100);
/// Purged entries are removed this many a transaction, lest a purge of thousands delay an append.
const PURGE_SLICE: u64 = 1024;
/// Waiting writes that share one transaction; more would delay the first of them for nothing.
const BATCH_WRITES: usize = 1024;
/// How long acknowledged entries stay unwritten with [`Bug::AckBeforeFsync`]: less than an election takes.
const PLANTED_DELAY: Duration = Duration::from_millis(400);

/// Something to write, in the order in which it was asked for.
pub(crate) enum Write {
    Append { entries: Vec<Entry>, done: IOFlushed<TypeConfig> },
    Vote { vote: Vote, done: oneshot::Sender<io::Result<()>> },
    Truncate { after: Option<LogId> },
    Purge { upto: LogId },
    Close { done: oneshot::Sender<Result<(), StorageError>> },
}

/// Writes the log.
pub(crate) struct LogWriter {
    shared: Arc<LogShared>,
    health: Health,
    clock: Arc<dyn Clock>,
    observer: Arc<dyn Observer>,
    /// As it lies in the file.
    stored_committed: Option<LogId>,
    /// Purged entries that are still in the file: from here until `purged_until`.
    purged_from: u64,
    purged_until: u64,
    /// The bytes of all records in the file.
    bytes: RecordBytes,
    record: Vec<u8>,
    /// Set by the first failure: nothing may be written after it.
    failed: Option<String>,
}

impl Writer for LogWriter {
    type Job = Write;
    const NAME: &'static str = "log";

    fn work(&mut self, write: Write) {
        self.write(vec![write]);
    }

    fn run(mut self, writes: &Receiver<Write>) {
        let _guard = PanicGuard { health: self.health.clone(), thread: Self::NAME };
        loop {
            let mut batch = match writes.recv_timeout(IDLE_WRITE) {
                Ok(first) => vec![first],
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if !batch.is_empty() {
                batch.extend(writes.try_iter().take(BATCH_WRITES));
            }
            // Votes are not held up, or there would be no leader whose entries could be lost.
            if planted::has(Bug::AckBeforeFsync) && appended(&batch) > 0 {
                std::thread::sleep(PLANTED_DELAY);
            }
            self.write(batch);
        }
    }
}

impl LogWriter {
    /// A writer for a log whose file holds entries from `first_stored` on.
    pub(crate) fn new(
        shared: Arc<LogShared>,
        health: Health,
        clock: Arc<dyn Clock>,
        observer: Arc<dyn Observer>,
        first_stored: Option<u64>,
    ) -> Self {
        let (stored_committed, purged_until) = {
            let memory = shared.memory();
            (memory.committed, next_index(memory.purged))
        };
        let purged_from = first_stored.unwrap_or(purged_until).min(purged_until);
        let bytes = RecordBytes(shared.size.bytes());
        Self {
            shared,
            health,
            clock,
            observer,
            stored_committed,
            purged_from,
            purged_until,
            bytes,
            record: Vec::new(),
            failed: None,
        }
    }

    /// Writes a batch, or what was put off if it is empty, and reports each write's outcome in order.
    fn write(&mut self, batch: Vec<Write>) {
        let started = self.clock.monotonic();
        let outcome = match &self.failed {
            Some(reason) => Err(reason.clone()),
            None => self.transact(&batch).map_err(|e| self.fail(&e)),
        };
        let entries = appended(&batch);
        if entries > 0 && outcome.is_ok() {
            self.observer.log_synced(self.clock.monotonic().saturating_sub(started), entries);
        }
        for write in batch {
            self.report(write, &outcome);
        }
    }

    fn report(&self, write: Write, outcome: &Result<(), String>) {
        let result = || outcome.clone().map_err(io::Error::other);
        match write {
            Write::Append { entries, done } => {
                if let (Ok(()), Some(last)) = (outcome, entries.last()) {
                    self.shared.memory().flushed(last.log_id);
                }
                done.io_completed(result());
            }
            Write::Vote { vote, done } => {
                if outcome.is_ok() {
                    self.shared.memory().vote = Some(vote);
                }
                // Nobody waits for it any more only when the engine is gone.
                done.send(result()).ok();
            }
            Write::Close { done } => {
                done.send(self.shared.store.close()).ok();
            }
            Write::Truncate { .. } | Write::Purge { .. } => {}
        }
    }

    fn fail(&mut self, error: &StorageError) -> String {
        let reason = error.to_string();
        if !matches!(error, StorageError::Closed { .. }) {
            self.health.fail_of(error);
        }
        self.failed = Some(reason.clone());
        reason
    }

    fn transact(&mut self, batch: &[Write]) -> Result<(), StorageError> {
        let committed = self.storable_committed(batch);
        if batch.is_empty() && committed == self.stored_committed && self.purged_from >= self.purged_until {
            return Ok(());
        }
        let txn = self.shared.store.write()?;
        let written = self.write_all(&txn, batch, committed);
        written.map_err(|e| self.shared.store.failed(e))?;
        txn.commit().map_err(|e| self.shared.store.failed(e))?;
        self.stored_committed = committed;
        self.shared.committed_bytes(self.bytes.0, self.purged_from < self.purged_until);
        Ok(())
    }

    /// What is known to be committed, if the file will hold all of it: while a batch is being written, the
    /// engine may already commit what comes after it.
    fn storable_committed(&self, batch: &[Write]) -> Option<LogId> {
        let memory = self.shared.memory();
        let appended = batch.iter().rev().find_map(|write| match write {
            Write::Append { entries, .. } => entries.last().map(|last| last.log_id.index + 1),
            _ => None,
        });
        let end = memory.unflushed().max(appended.unwrap_or(0));
        let known = memory.committed.filter(|committed| committed.index < end);
        known.or(self.stored_committed)
    }

    fn write_all(
        &mut self,
        txn: &WriteTransaction,
        batch: &[Write],
        committed: Option<LogId>,
    ) -> Result<(), redb::Error> {
        let mut table = txn.open_table(ENTRIES)?;
        for write in batch {
            match write {
                Write::Append { entries, .. } => {
                    for entry in entries {
                        record::encode(entry, &mut self.record);
                        self.bytes.insert(&mut table, entry.log_id.index, &self.record)?;
                    }
                }
                Write::Vote { vote, .. } => put_message(txn, LOG_META, VOTE_KEY, &wire::Vote::from(vote))?,
                Write::Truncate { after } => {
                    self.bytes.remove(&mut table, next_index(*after)..u64::MAX)?;
                }
                Write::Purge { upto } => {
                    put_message(txn, LOG_META, PURGED_KEY, &wire::LogId::from(upto))?;
                    self.purged_until = self.purged_until.max(upto.index + 1);
                }
                Write::Close { .. } => {}
            }
        }
        if let Some(committed) = committed.filter(|_| committed != self.stored_committed) {
            put_message(txn, LOG_META, COMMITTED_KEY, &wire::LogId::from(&committed))?;
        }
        if self.purged_from < self.purged_until {
            let until = self.purged_until.min(self.purged_from + PURGE_SLICE);
            self.bytes.remove(&mut table, self.purged_from..until)?;
            let first = table.first()?.map_or(u64::MAX, |(index, _)| index.value());
            self.purged_from = first.min(self.purged_until);
        }
        self.bytes.put(txn, &table)
    }
}

fn appended(batch: &[Write]) -> usize {
    let entries = |write: &Write| match write {
        Write::Append { entries, .. } => entries.len(),
        _ => 0,
    };
    batch.iter().map(entries).sum()
}

/// The index of the first record in the file, purged or not.
pub(crate) fn first_stored(store: &Store) -> Result<Option<u64>, StorageError> {
    let Some(table) = store.table(ENTRIES)? else { return Ok(None) };
    let first = table.first().map_err(|e| store.failed(e))?;
    Ok(first.map(|(index, _)| index.value()))
}

/// The id of the last record in the file.
pub(crate) fn last_stored(store: &Store) -> Result<Option<LogId>, StorageError> {
    let Some(table) = store.table(ENTRIES)? else { return Ok(None) };
    let Some((index, record)) = table.last().map_err(|e| store.failed(e))? else { return Ok(None) };
    crate::log_store::decode(store, index.value(), record.value()).map(|entry| Some(entry.log_id))
}

/// The id of the record at `index` in the file, if there is one.
pub(crate) fn stored_id(store: &Store, index: u64) -> Result<Option<LogId>, StorageError> {
    let Some(table) = store.table(ENTRIES)? else { return Ok(None) };
    let Some(record) = table.get(index).map_err(|e| store.failed(e))? else { return Ok(None) };
    crate::log_store::decode(store, index, record.value()).map(|entry| Some(entry.log_id))
}

/// What [`Bug::DropLastEntry`] does.
pub(crate) fn drop_last_entry(store: &Store) -> Result<(), StorageError> {
    let Some(last) = last_stored(store)? else { return Ok(()) };
    let Some(before) = last.index.checked_sub(1) else { return Ok(()) };
    let before = stored_id(store, before)?;
    let committed: Option<LogId> = store.message::<wire::LogId>(LOG_META, COMMITTED_KEY)?.map(Into::into);
    let txn = store.write()?;
    let drop = || -> Result<(), redb::Error> {
        txn.open_table(ENTRIES)?.remove(last.index)?;
        if let Some(before) =
            before.filter(|_| committed.is_some_and(|committed| committed.index >= last.index))
        {
            put_message(&txn, LOG_META, COMMITTED_KEY, &wire::LogId::from(&before))?;
        }
        Ok(())
    };
    drop().map_err(|e| store.failed(e))?;
    txn.commit().map_err(|e| store.failed(e))
}

/// Drops all records of a file that has no writer: what follows comes behind `last`, which is committed.
pub(crate) fn begin_log_behind(store: &Store, last: LogId) -> Result<(), StorageError> {
    let txn = store.write()?;
    put_begin_behind(&txn, last).map_err(|e| store.failed(e))?;
    txn.commit().map_err(|e| store.failed(e))
}

/// The same, as a part of more.
pub(crate) fn put_begin_behind(txn: &WriteTransaction, last: LogId) -> Result<(), redb::Error> {
    txn.delete_table(ENTRIES)?;
    for key in [PURGED_KEY, COMMITTED_KEY] {
        put_message(txn, LOG_META, key, &wire::LogId::from(&last))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use openraft::EntryPayload;
    use openraft::storage::IOFlushed;
    use openraft::vote::RaftLeaderIdExt;

    use super::*;
    use crate::log_memory::LogMemory;
    use crate::log_size::LogSize;
    use crate::log_time::SystemClock;
    use crate::observer::NoObserver;
    use crate::testing::MemoryStorage;
    use crate::types::LeaderId;

    fn entries(term: u64, indexes: std::ops::Range<u64>) -> Vec<Entry> {
        let leader = LeaderId::new_committed(term, 1);
        indexes
            .map(|index| Entry { log_id: LogId::new(leader, index), payload: EntryPayload::Blank })
            .collect()
    }

    fn writer(storage: &MemoryStorage) -> LogWriter {
        let store = Store::open(storage, "log.redb", 1 << 20).unwrap();
        let size = LogSize::new(0, u64::MAX, u64::MAX);
        let shared =
            Arc::new(LogShared::new(Arc::new(store), LogMemory::new(1 << 20), size, Health::new(true)));
        LogWriter::new(shared, Health::new(true), Arc::new(SystemClock::new()), Arc::new(NoObserver), None)
    }

    fn append(entries: Vec<Entry>) -> Vec<Write> {
        vec![Write::Append { entries, done: IOFlushed::noop() }]
    }

    fn stored_committed(writer: &LogWriter) -> Option<u64> {
        let stored: Option<wire::LogId> = writer.shared.store.message(LOG_META, COMMITTED_KEY).unwrap();
        stored.map(|id| LogId::from(id).index)
    }

    #[test]
    fn the_stored_committed_index_is_never_ahead_of_the_stored_log() {
        let mut writer = writer(&MemoryStorage::new());
        let (first, second) = (entries(1, 0..10), entries(1, 10..20));
        writer.shared.memory().append(&first).unwrap();
        writer.shared.memory().append(&second).unwrap();
        writer.shared.memory().committed = first.last().map(|entry| entry.log_id);
        writer.write(append(first));
        assert_eq!(stored_committed(&writer), Some(9));
        // A quorum without this replica's own disk has the rest already.
        writer.shared.memory().committed = second.last().map(|entry| entry.log_id);
        writer.write(Vec::new());
        assert_eq!(stored_committed(&writer), Some(9));
        writer.write(append(second));
        assert_eq!(stored_committed(&writer), Some(19));
    }

    #[test]
    fn what_was_replaced_while_it_was_written_is_not_durable() {
        let mut writer = writer(&MemoryStorage::new());
        let (old, new) = (entries(1, 0..10), entries(2, 5..10));
        writer.shared.memory().append(&old).unwrap();
        writer.shared.memory().truncate_after(Some(old[4].log_id));
        writer.shared.memory().append(&new).unwrap();
        writer.write(append(old));
        assert!(writer.shared.memory().unflushed() <= 5, "the new leader's entries are still in memory only");
        writer.write(append(new));
        assert_eq!(writer.shared.memory().unflushed(), 10);
    }
}
