//! The replicated log as the consensus engine sees it: recent entries in memory, all of them in `log.redb`.
//!
//! Writes are handed to the log writer (`log_thread.rs`) in the order in which they come and are visible at
//! once; what must be durable reports so when it is.

use std::fmt::Debug;
use std::io;
use std::ops::{Bound, RangeBounds};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::{Stream, StreamExt, future, stream};
use openraft::errors::LeaderChanged;
use openraft::storage::{IOFlushed, LeaderBoundedStreamError, LeaderBoundedStreamResult, RaftLogStorage};
use openraft::{LogState, OptionalSend, RaftLogReader};
use tokio::sync::oneshot;

use crate::health::Health;
use crate::log_memory::{LogMemory, READ_CHUNK_BYTES, READ_CHUNK_ENTRIES};
use crate::log_size::LogSize;
use crate::log_thread::{self, LogWriter, Write};
use crate::planted::{self, Bug};
use crate::record;
use crate::storage::StorageError;
use crate::store::Store;
use crate::types::{Entry, LeaderId, LogId, TypeConfig, Vote};
use crate::writer::WriterHandle;

/// The log, cheap to clone.
#[derive(Clone)]
pub(crate) struct LogStore {
    shared: Arc<LogShared>,
    writer: Arc<WriterHandle<LogWriter>>,
    /// The log may be purged before this index: the state is durable that far.
    durable_state: Arc<AtomicU64>,
}

/// What readers and the writer share.
pub(crate) struct LogShared {
    pub(crate) store: Arc<Store>,
    pub(crate) size: Arc<LogSize>,
    memory: Mutex<LogMemory>,
    health: Health,
}

impl LogShared {
    pub(crate) fn new(store: Arc<Store>, memory: LogMemory, size: LogSize, health: Health) -> Self {
        Self { store, size: Arc::new(size), memory: Mutex::new(memory), health }
    }

    /// Notes what a commit made of the log's size.
    pub(crate) fn committed_bytes(&self, bytes: u64, holds_purged: bool) {
        let entries = {
            let memory = self.memory();
            memory.next_index() - memory.first
        };
        self.size.committed(bytes, entries, holds_purged);
    }

    pub(crate) fn memory(&self) -> MutexGuard<'_, LogMemory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads from `start` until `end`, a chunk's worth or the end of the log. What was purged is an error: entries
    /// that begin further on would be taken for those at `start`.
    fn read_chunk(&self, start: u64, end: u64) -> Result<Vec<Entry>, StorageError> {
        let (on_disk, mut cached) = {
            let memory = self.memory();
            let end = end.min(memory.next_index());
            if start >= end {
                return Ok(Vec::new());
            }
            if start < memory.first {
                return Err(self.purged(start, memory.first));
            }
            let first_recent = memory.first_recent();
            let cached = if start >= first_recent { memory.recent(start, end) } else { Vec::new() };
            (start..end.min(first_recent), cached)
        };
        if !on_disk.is_empty() {
            cached = self.read_disk(on_disk.start, on_disk.end)?;
        }
        Ok(cached)
    }

    fn read_disk(&self, start: u64, end: u64) -> Result<Vec<Entry>, StorageError> {
        let txn = self.store.read()?;
        let table = txn.open_table(log_thread::ENTRIES).map_err(|e| self.store.failed(e))?;
        let mut entries = Vec::new();
        let mut bytes = 0;
        for row in table.range(start..end).map_err(|e| self.store.failed(e))? {
            let (index, value) = row.map_err(|e| self.store.failed(e))?;
            let (index, expected) = (index.value(), start + entries.len() as u64);
            if index != expected {
                return Err(self.purged_or_hole(expected));
            }
            entries.push(decode(&self.store, index, value.value())?);
            bytes += value.value().len();
            if entries.len() >= READ_CHUNK_ENTRIES || bytes >= READ_CHUNK_BYTES {
                break;
            }
        }
        if entries.is_empty() { Err(self.purged_or_hole(start)) } else { Ok(entries) }
    }

    /// A gap is damage, but if the log was purged while it was being read.
    fn purged_or_hole(&self, index: u64) -> StorageError {
        let first = self.memory().first;
        if first > index {
            return self.purged(index, first);
        }
        StorageError::Hole { file: self.store.file().to_owned(), index }
    }

    fn purged(&self, index: u64, first: u64) -> StorageError {
        StorageError::Purged { file: self.store.file().to_owned(), index, first }
    }
}

pub(crate) fn decode(store: &Store, index: u64, record: &[u8]) -> Result<Entry, StorageError> {
    record::decode(index, record).map_err(|source| StorageError::Record {
        file: store.file().to_owned(),
        index,
        source,
    })
}

impl LogStore {
    pub(crate) fn new(
        shared: Arc<LogShared>,
        writer: WriterHandle<LogWriter>,
        durable_state: Arc<AtomicU64>,
    ) -> Self {
        Self { shared, writer: Arc::new(writer), durable_state }
    }

    /// The entries from `start` on without a gap, at most a chunk of them, none from `end` on.
    ///
    /// # Errors
    /// Among others when the one at `start` was purged. A damaged one stops the replica.
    pub(crate) fn read_chunk(&self, start: u64, end: u64) -> Result<Vec<Entry>, StorageError> {
        let read = self.shared.read_chunk(start, end);
        // Told here, where it is known what it is: the consensus engine ends because of it in words of its own.
        read.inspect_err(|error| {
            if error.is_damage() {
                self.shared.health.fail_of(error);
            }
        })
    }

    pub(crate) fn committed(&self) -> Option<LogId> {
        self.shared.memory().committed
    }

    /// The index of the first entry that is not purged.
    pub(crate) fn first(&self) -> u64 {
        self.shared.memory().first
    }

    pub(crate) fn last(&self) -> Option<LogId> {
        self.shared.memory().last
    }

    /// The vote, and the last entry while it stood: only under a higher one are entries replaced.
    pub(crate) fn vote_and_last(&self) -> (Option<Vote>, Option<LogId>) {
        let memory = self.shared.memory();
        (memory.vote, memory.last)
    }

    /// How large it is.
    pub(crate) fn size(&self) -> &Arc<LogSize> {
        &self.shared.size
    }

    pub(crate) fn file(&self) -> &Store {
        &self.shared.store
    }

    /// Writes all that waits and closes the file.
    pub(crate) async fn close(&self) -> Result<(), StorageError> {
        let (done, closed) = oneshot::channel();
        self.writer.submit(Write::Close { done }).map_err(|_| self.gone())?;
        closed.await.map_err(|_| self.gone())?
    }

    /// Refuses to drop entries that the state would need again after a crash.
    fn check_purge(&self, upto: LogId) -> io::Result<()> {
        let durable = self.durable_state.load(Ordering::Acquire);
        if upto.index < durable {
            return Ok(());
        }
        Err(io::Error::other(format!(
            "purging the log up to {upto}, but the state is durable before {durable}"
        )))
    }

    fn gone(&self) -> StorageError {
        StorageError::Closed { file: self.shared.store.file().to_owned() }
    }
}

impl RaftLogReader<TypeConfig> for LogStore {
    async fn leader_bounded_stream<RB>(
        &mut self,
        leader: LeaderId,
        range: RB,
    ) -> impl Stream<Item = LeaderBoundedStreamResult<TypeConfig>> + OptionalSend
    where
        RB: RangeBounds<u64> + Clone + Debug + OptionalSend,
    {
        // Checked before the first entry and after each is read: only another leader's vote lets entries be
        // replaced, so those read while the vote stood still are this leader's.
        let (log, start) = (self.clone(), stream::iter([Ok(None)]));
        let read = start.chain(entries(self.clone(), range).map(|entry| entry.map(Some)));
        let checked = read.map(move |entry| {
            let vote = log.shared.memory().vote;
            if vote.is_some_and(|vote| vote.is_committed() && vote.leader_id == leader) {
                return entry.map_err(LeaderBoundedStreamError::IoError);
            }
            Err(LeaderBoundedStreamError::LeaderChanged(LeaderChanged::new(leader, vote)))
        });
        let until_error = checked.scan(false, |failed, entry| {
            let ended = std::mem::replace(failed, entry.is_err());
            future::ready((!ended).then_some(entry))
        });
        until_error.filter_map(|entry| future::ready(entry.transpose()))
    }

    async fn entries_stream<RB>(
        &mut self,
        range: RB,
    ) -> impl Stream<Item = Result<Entry, io::Error>> + OptionalSend
    where
        RB: RangeBounds<u64> + Clone + Debug + OptionalSend,
    {
        entries(self.clone(), range)
    }

    async fn try_get_log_entries<RB: RangeBounds<u64> + Clone + Debug + OptionalSend>(
        &mut self,
        range: RB,
    ) -> Result<Vec<Entry>, io::Error> {
        let (start, end) = bounds(&range);
        // This one is to give what there is of the range.
        let mut next = start.max(self.first());
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let chunk = match self.read_chunk(next, end) {
                Ok(chunk) => chunk,
                Err(StorageError::Purged { first, .. }) => {
                    entries.clear();
                    next = first;
                    continue;
                }
                Err(e) => return Err(io::Error::other(e)),
            };
            let Some(last) = chunk.last() else { return Ok(entries) };
            next = last.log_id.index + 1;
            entries.extend(chunk);
        }
    }

    async fn read_vote(&mut self) -> Result<Option<Vote>, io::Error> {
        Ok(self.shared.memory().vote)
    }

    async fn limited_get_log_entries(&mut self, start: u64, end: u64) -> Result<Vec<Entry>, io::Error> {
        match self.read_chunk(start, end) {
            // Purged while it was about to be sent. To send nothing is a heartbeat, and by the next time the leader
            // knows that this replica needs a snapshot; to send later ones would leave a hole in its log.
            Err(StorageError::Purged { .. }) => Ok(Vec::new()),
            read => read.map_err(io::Error::other),
        }
    }
}

impl RaftLogStorage<TypeConfig> for LogStore {
    type LogReader = Self;

    async fn get_log_state(&mut self) -> Result<LogState<TypeConfig>, io::Error> {
        let memory = self.shared.memory();
        Ok(LogState { last_purged_log_id: memory.purged, last_log_id: memory.last })
    }

    async fn get_log_reader(&mut self) -> Self {
        self.clone()
    }

    async fn save_vote(&mut self, vote: &Vote) -> Result<(), io::Error> {
        let (done, saved) = oneshot::channel();
        self.writer.submit(Write::Vote { vote: *vote, done })?;
        saved.await.map_err(io::Error::other)?
    }

    /// Only noted: the writer stores it with the next entries, or when there was nothing to do for a while. If
    /// a crash loses it, the entries are committed again by the next leader.
    async fn save_committed(&mut self, committed: Option<LogId>) -> Result<(), io::Error> {
        self.shared.memory().committed = committed;
        Ok(())
    }

    async fn read_committed(&mut self) -> Result<Option<LogId>, io::Error> {
        Ok(self.committed())
    }

    async fn append<I>(&mut self, entries: I, callback: IOFlushed<TypeConfig>) -> Result<(), io::Error>
    where
        I: IntoIterator<Item = Entry> + OptionalSend,
        I::IntoIter: OptionalSend,
    {
        let entries: Vec<Entry> = entries.into_iter().collect();
        self.shared.memory().append(&entries).map_err(io::Error::other)?;
        if planted::has(Bug::AckBeforeFsync) {
            callback.io_completed(Ok(()));
            return self.writer.submit(Write::Append { entries, done: IOFlushed::noop() });
        }
        self.writer.submit(Write::Append { entries, done: callback })
    }

    async fn truncate_after(&mut self, after: Option<LogId>) -> Result<(), io::Error> {
        self.shared.memory().truncate_after(after);
        self.writer.submit(Write::Truncate { after })
    }

    async fn purge(&mut self, upto: LogId) -> Result<(), io::Error> {
        self.check_purge(upto)?;
        self.shared.memory().purge(upto);
        self.writer.submit(Write::Purge { upto })
    }
}

/// The entries of a range, read chunk by chunk as they are taken.
fn entries<RB: RangeBounds<u64>>(
    log: LogStore,
    range: RB,
) -> impl Stream<Item = Result<Entry, io::Error>> + Send + 'static {
    let (start, end) = bounds(&range);
    let chunks = stream::unfold(Some(start), move |next| {
        let log = log.clone();
        async move {
            match log.read_chunk(next?, end) {
                Ok(chunk) => {
                    let next = chunk.last()?.log_id.index + 1;
                    Some((Ok(chunk), Some(next)))
                }
                Err(e) => Some((Err(io::Error::other(e)), None)),
            }
        }
    });
    chunks.flat_map(|chunk| {
        let (entries, error) = chunk.map_or_else(|e| (Vec::new(), Some(Err(e))), |entries| (entries, None));
        stream::iter(entries.into_iter().map(Ok).chain(error))
    })
}

/// A range as `start..end`.
fn bounds(range: &impl RangeBounds<u64>) -> (u64, u64) {
    let start = match range.start_bound() {
        Bound::Included(&start) => start,
        Bound::Excluded(&before) => before.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let end = match range.end_bound() {
        Bound::Included(&last) => last.saturating_add(1),
        Bound::Excluded(&end) => end,
        Bound::Unbounded => u64::MAX,
    };
    (start, end)
}
