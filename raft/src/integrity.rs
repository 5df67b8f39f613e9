//! Whether a replica's files are as they were written.
//!
//! redb compares pages with their checksums when it is asked to, and repairs what it finds wrong by going back to an
//! earlier commit, which here would be to forget what was acknowledged. So it is asked of a file that nothing is
//! written to: what redb changes is kept in memory and dropped.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::io;
use std::ops::Bound;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use redb::{BackendError, StorageBackend};

use crate::files::{LOG_FILE, STATE_FILE};
use crate::log_store;
use crate::log_thread::{ENTRIES, LOG_META, PURGED_KEY};
use crate::storage::{OpenError, Storage, StorageError};
use crate::store::Store;
use crate::types::LogId;
use crate::wire;

/// A walk from one end to the other needs no more.
const CACHE_BYTES: usize = 16 << 20;
const BLOCK_BYTES: u64 = 4096;
/// A start reads a state of so many bytes whole: some seconds, unless the disk is slow.
const CHECKED_STATE_BYTES: u64 = 2 << 30;

/// Compares every record and every page of the log with its checksum, if there is a log. Changes nothing.
///
/// # Errors
/// When they differ, or the file is in use.
pub(crate) fn check_log(storage: &dyn Storage) -> Result<Records, OpenError> {
    let checked = check(storage, LOG_FILE, check_records)?;
    Ok(checked.unwrap_or_default())
}

/// Compares every page of the state with its checksum, if there is a state. Changes nothing.
///
/// # Errors
/// When they differ, or the file is in use.
pub(crate) fn check_state(storage: &dyn Storage) -> Result<(), OpenError> {
    check(storage, STATE_FILE, |_| Ok(())).map(drop)
}

/// The same for a start, which must not take for ever: a large state is not read. Where a row of it is wrong, the
/// digests that replicas compare tell.
///
/// # Errors
/// As above.
pub(crate) fn check_state_if_small(storage: &dyn Storage) -> Result<(), OpenError> {
    let length = || if storage.exists(STATE_FILE)? { storage.open(STATE_FILE)?.len() } else { Ok(0) };
    let file = storage.describe(STATE_FILE);
    let bytes = length().map_err(|source| OpenError::Io { file: file.clone(), source })?;
    if bytes > CHECKED_STATE_BYTES {
        tracing::info!(file, bytes, "the state is too large to be read whole at each start");
        return Ok(());
    }
    check_state(storage)
}

/// Looks into a file before its pages are compared: that names what is damaged.
fn check<T>(
    storage: &dyn Storage,
    name: &str,
    look: impl FnOnce(&Store) -> Result<T, StorageError>,
) -> Result<Option<T>, OpenError> {
    let file = storage.describe(name);
    let io = |source| OpenError::Io { file: file.clone(), source };
    if !storage.exists(name).map_err(io)? {
        return Ok(None);
    }
    let scratch = Scratch::over(storage.open(name).map_err(io)?).map_err(io)?;
    let checked = catch_unwind(AssertUnwindSafe(|| {
        let store = Store::on(file.clone(), Box::new(scratch), CACHE_BYTES)?;
        let found = look(&store)?;
        store.check_integrity()?;
        Ok(Some(found))
    }));
    // Pages that make no sense may surprise redb.
    let surprised =
        |_| Err(StorageError::Corrupt { file, what: "its pages make no sense".to_owned() }.into());
    checked.unwrap_or_else(surprised)
}

/// The records of a log that were not purged.
#[derive(Copy, Clone, Debug, Default)]
pub(crate) struct Records {
    pub(crate) last_index: Option<u64>,
    pub(crate) count: u64,
    pub(crate) bytes: u64,
}

/// Compares every record with its checksum. Those that were purged may still be in the file for a while.
///
/// # Errors
/// When one is damaged, is missing, or a newer program's.
fn check_records(log: &Store) -> Result<Records, StorageError> {
    let purged: Option<LogId> = log.message::<wire::LogId>(LOG_META, PURGED_KEY)?.map(Into::into);
    let mut records = Records::default();
    let Some(table) = log.table(ENTRIES)? else { return Ok(records) };
    let first = crate::types::next_index(purged);
    let rows = table.range(first..).map_err(|e| log.failed(e))?;
    for (expected, row) in (first..).zip(rows) {
        let (index, record) = row.map_err(|e| log.failed(e))?;
        let index = index.value();
        if index != expected {
            return Err(StorageError::Hole { file: log.file().to_owned(), index: expected });
        }
        log_store::decode(log, index, record.value())?;
        records.last_index = Some(index);
        records.count += 1;
        records.bytes += record.value().len() as u64;
    }
    Ok(records)
}

/// A file, and what was written since, which goes nowhere.
struct Scratch {
    file: Box<dyn StorageBackend>,
    written: Mutex<Written>,
}

struct Written {
    /// How long the file seems to be.
    len: u64,
    /// So much of the file is as it is on disk, but for the blocks below.
    kept: u64,
    /// Blocks by number.
    blocks: BTreeMap<u64, Vec<u8>>,
}

impl Scratch {
    fn over(file: Box<dyn StorageBackend>) -> io::Result<Self> {
        let len = file.len()?;
        Ok(Self { file, written: Mutex::new(Written { len, kept: len, blocks: BTreeMap::new() }) })
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file as it is on disk, and zeros behind that.
    fn read_kept(&self, offset: u64, out: &mut [u8], kept: u64) -> io::Result<()> {
        let from_file = usize::try_from(kept.saturating_sub(offset)).unwrap_or(usize::MAX).min(out.len());
        let (there, behind) = out.split_at_mut(from_file);
        behind.fill(0);
        if there.is_empty() { Ok(()) } else { self.file.read(offset, there) }
    }
}

/// The parts of `offset..offset + len` by block: its number, and the part within it and within the whole.
fn parts(
    offset: u64,
    len: usize,
) -> impl Iterator<Item = (u64, std::ops::Range<usize>, std::ops::Range<usize>)> {
    let end = offset + len as u64;
    (offset / BLOCK_BYTES..end.div_ceil(BLOCK_BYTES)).map(move |block| {
        let (start, stop) = (block * BLOCK_BYTES, (block + 1) * BLOCK_BYTES);
        let (from, to) = (offset.max(start), end.min(stop));
        (
            (block),
            (from - start) as usize..(to - start) as usize,
            (from - offset) as usize..(to - offset) as usize,
        )
    })
}

impl StorageBackend for Scratch {
    fn len(&self) -> io::Result<u64> {
        Ok(self.written().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let written = self.written();
        if offset + out.len() as u64 > written.len {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read_kept(offset, out, written.kept)?;
        for (block, within, whole) in parts(offset, out.len()) {
            if let Some(bytes) = written.blocks.get(&block) {
                out[whole].copy_from_slice(&bytes[within]);
            }
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut written = self.written();
        written.len = len;
        written.kept = written.kept.min(len);
        let Written { blocks, .. } = &mut *written;
        blocks.split_off(&len.div_ceil(BLOCK_BYTES));
        if let Some(last) = blocks.get_mut(&(len / BLOCK_BYTES)) {
            last[(len % BLOCK_BYTES) as usize..].fill(0);
        }
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut written = self.written();
        let kept = written.kept;
        for (block, within, whole) in parts(offset, data.len()) {
            let bytes = match written.blocks.entry(block) {
                Entry::Occupied(written) => written.into_mut(),
                Entry::Vacant(unwritten) => {
                    let mut bytes = vec![0; BLOCK_BYTES as usize];
                    self.read_kept(block * BLOCK_BYTES, &mut bytes, kept)?;
                    unwritten.insert(bytes)
                }
            };
            bytes[within].copy_from_slice(&data[whole]);
        }
        Ok(())
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}

impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.file.fmt(f)
    }
}
