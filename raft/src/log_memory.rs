//! What is known of the log without reading its file: its ends, and its newest entries.

use std::collections::VecDeque;

use crate::types::{Entry, LogId, Vote, command_bytes, next_index};

/// A reader takes at most this many entries or bytes at once, so that a long range does not fill the memory.
pub(crate) const READ_CHUNK_ENTRIES: usize = 4096;
pub(crate) const READ_CHUNK_BYTES: usize = 4 << 20;
/// What an entry costs in memory besides its command.
const ENTRY_OVERHEAD_BYTES: usize = 128;

/// The log's ends and its newest entries.
pub(crate) struct LogMemory {
    pub(crate) vote: Option<Vote>,
    pub(crate) committed: Option<LogId>,
    pub(crate) purged: Option<LogId>,
    pub(crate) last: Option<LogId>,
    /// The index of the first entry that is not purged, or would be if there was one.
    pub(crate) first: u64,
    /// The newest entries without a gap, the last one included; all that is not durable yet is among them.
    recent: VecDeque<Entry>,
    recent_bytes: usize,
    recent_limit_bytes: usize,
    /// The first entry that is not durable.
    unflushed: u64,
}

impl LogMemory {
    /// The memory of a log without entries.
    pub(crate) fn new(recent_limit_bytes: usize) -> Self {
        Self {
            vote: None,
            committed: None,
            purged: None,
            last: None,
            first: 0,
            recent: VecDeque::new(),
            recent_bytes: 0,
            recent_limit_bytes,
            unflushed: 0,
        }
    }

    pub(crate) fn next_index(&self) -> u64 {
        next_index(self.last)
    }

    pub(crate) fn first_recent(&self) -> u64 {
        self.next_index() - self.recent.len() as u64
    }

    /// A chunk's worth of the entries of the range, all of which must be recent.
    pub(crate) fn recent(&self, start: u64, end: u64) -> Vec<Entry> {
        let first = self.first_recent();
        let range = (start - first) as usize..(end - first) as usize;
        let mut bytes = 0;
        let fits = |entry: &&Entry| {
            let fits = bytes < READ_CHUNK_BYTES;
            bytes += entry_bytes(entry);
            fits
        };
        self.recent.range(range).take(READ_CHUNK_ENTRIES).take_while(fits).cloned().collect()
    }

    /// Adds entries that follow the last one.
    pub(crate) fn append(&mut self, entries: &[Entry]) -> Result<(), String> {
        for entry in entries {
            let follows = self.last.is_none_or(|last| entry.log_id.index == last.index + 1);
            if !follows {
                return Err(format!("entry {} does not follow {:?}", entry.log_id, self.last));
            }
            if self.last.is_none() {
                self.first = entry.log_id.index;
            }
            self.last = Some(entry.log_id);
            self.recent_bytes += entry_bytes(entry);
            self.recent.push_back(entry.clone());
        }
        Ok(())
    }

    pub(crate) fn truncate_after(&mut self, after: Option<LogId>) {
        let end = next_index(after);
        if end >= self.next_index() {
            return;
        }
        while self.recent.back().is_some_and(|entry| entry.log_id.index >= end) {
            self.recent_bytes -= self.recent.pop_back().as_ref().map_or(0, entry_bytes);
        }
        self.last = after.max(self.purged);
        self.unflushed = self.unflushed.min(end);
    }

    pub(crate) fn purge(&mut self, upto: LogId) {
        self.purged = self.purged.max(Some(upto));
        self.first = self.first.max(upto.index + 1);
        if self.last.is_none_or(|last| last.index < upto.index) {
            self.recent.clear();
            self.recent_bytes = 0;
            self.last = Some(upto);
        }
        // Only what the durable state holds may be purged.
        self.unflushed = self.unflushed.max(upto.index + 1);
        while self.recent.front().is_some_and(|first| first.log_id.index <= upto.index) {
            self.forget_oldest();
        }
    }

    /// Notes that the log is durable up to this entry, and forgets old entries beyond the limit. An entry that
    /// was truncated since, and perhaps replaced by another leader's, is not what became durable.
    pub(crate) fn flushed(&mut self, last: LogId) {
        if last.index < self.first_recent() || self.recent_id(last.index) == Some(last) {
            self.unflushed = self.unflushed.max(last.index + 1);
        }
        while self.recent_bytes > self.recent_limit_bytes
            && self.recent.front().is_some_and(|first| first.log_id.index < self.unflushed)
        {
            self.forget_oldest();
        }
    }

    /// The log is durable before this index.
    pub(crate) fn unflushed(&self) -> u64 {
        self.unflushed
    }

    fn recent_id(&self, index: u64) -> Option<LogId> {
        let position = usize::try_from(index.checked_sub(self.first_recent())?).ok()?;
        self.recent.get(position).map(|entry| entry.log_id)
    }

    fn forget_oldest(&mut self) {
        if let Some(entry) = self.recent.pop_front() {
            self.recent_bytes -= entry_bytes(&entry);
        }
    }
}

fn entry_bytes(entry: &Entry) -> usize {
    command_bytes(entry) + ENTRY_OVERHEAD_BYTES
}
