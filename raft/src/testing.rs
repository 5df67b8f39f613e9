//! Stand-ins for what a replica borrows from outside: a clock that tests move and a disk that they break.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redb::StorageBackend;

use crate::log_time::Clock;
use crate::storage::Storage;

/// Addresses at which nobody listens, on a loopback host of this process's own. On 127.0.0.1 a replica that is started
/// again may find its port taken: whoever connects to anything there gets the next free one for their own end.
///
/// # Panics
/// When the machine has no such host, or no port left.
pub fn free_addresses(count: usize) -> Vec<SocketAddr> {
    let [_, high, middle, low] = std::process::id().to_be_bytes();
    // Below 127.192, so that it is never the broadcast address.
    let host = Ipv4Addr::new(127, 128 | (high & 63), middle, low);
    let listen = |_| TcpListener::bind((host, 0)).expect("a free port");
    let listeners: Vec<TcpListener> = (0..count).map(listen).collect();
    listeners.iter().map(|listener| listener.local_addr().expect("it is bound")).collect()
}

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct ManualClock {
    wall_ms: AtomicU64,
    monotonic_nanos: AtomicU64,
}

impl ManualClock {
    /// A clock whose wall shows `wall_ms`.
    pub fn new(wall_ms: u64) -> Self {
        Self { wall_ms: AtomicU64::new(wall_ms), monotonic_nanos: AtomicU64::new(0) }
    }

    /// Lets time go by, on both clocks.
    pub fn advance(&self, duration: Duration) {
        let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
        self.monotonic_nanos.fetch_add(nanos, Ordering::SeqCst);
        self.wall_ms.fetch_add(nanos / 1_000_000, Ordering::SeqCst);
    }

    /// Sets the wall clock, as an operator or a time server would.
    pub fn set_wall_ms(&self, wall_ms: u64) {
        self.wall_ms.store(wall_ms, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn wall_ms(&self) -> u64 {
        self.wall_ms.load(Ordering::SeqCst)
    }

    fn monotonic(&self) -> Duration {
        Duration::from_nanos(self.monotonic_nanos.load(Ordering::SeqCst))
    }
}

/// What a faulty disk does with the operation at which it fails. All later ones fail as well.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// Nothing of it happens.
    Fail,
    /// The first half of a write happens.
    Tear,
}

/// Files in memory that remember what was synced, lose the rest in a crash, and fail when told to.
#[derive(Clone, Debug, Default)]
pub struct MemoryStorage {
    files: Arc<Mutex<BTreeMap<String, MemoryFile>>>,
    faults: Arc<Faults>,
}

#[derive(Debug, Default)]
struct Faults {
    /// Writes, syncs and changes of length so far, in all files.
    operations: AtomicU64,
    plan: Mutex<Option<(u64, Fault)>>,
}

#[derive(Clone, Debug)]
struct MemoryFile {
    contents: Arc<Mutex<Contents>>,
    faults: Arc<Faults>,
}

#[derive(Clone, Debug, Default)]
struct Contents {
    /// As a reader sees it.
    current: Vec<u8>,
    /// As it was when it was last synced.
    synced: Vec<u8>,
    /// What happened since, in order.
    unsynced: Vec<Change>,
}

#[derive(Clone, Debug)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Length(usize),
}

impl MemoryStorage {
    /// No files, no faults.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many operations changed or synced a file so far.
    pub fn operations(&self) -> u64 {
        self.faults.operations.load(Ordering::SeqCst)
    }

    /// Makes the operation number `operation`, counted from 0, and all later ones fail.
    pub fn fail_at(&self, operation: u64, fault: Fault) {
        *lock(&self.faults.plan) = Some((operation, fault));
    }

    /// What a crash at this moment leaves behind: what was synced and nothing else.
    pub fn crashed(&self) -> Self {
        self.after_crash(|_| false)
    }

    /// What a crash leaves behind when the disk had already written some of what was not synced yet, in any
    /// order, and half of one write. `seed` decides which.
    pub fn crashed_at_random(&self, seed: u64) -> Self {
        let mut random = seed.wrapping_mul(2).wrapping_add(1);
        self.after_crash(move |_| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            random & 1 == 1
        })
    }

    /// Changes the first place in the file `name` where `bytes` are, as a disk that forgets would.
    ///
    /// # Panics
    /// When they are nowhere in it.
    pub fn rot(&self, name: &str, bytes: &[u8]) {
        let files = lock(&self.files);
        let mut contents = lock(&files[name].contents);
        let found = contents.current.windows(bytes.len()).position(|window| window == bytes);
        let at = found.expect("the bytes are in the file");
        contents.current[at] ^= 1;
    }

    fn after_crash(&self, mut survives: impl FnMut(&Change) -> bool) -> Self {
        let survivor = Self::new();
        for (name, file) in lock(&self.files).iter() {
            let contents = lock(&file.contents);
            let mut bytes = contents.synced.clone();
            for change in &contents.unsynced {
                if survives(change) {
                    change.apply(&mut bytes, survives(change));
                }
            }
            let contents = Contents { current: bytes.clone(), synced: bytes, unsynced: Vec::new() };
            let file =
                MemoryFile { contents: Arc::new(Mutex::new(contents)), faults: survivor.faults.clone() };
            lock(&survivor.files).insert(name.clone(), file);
        }
        survivor
    }
}

impl Storage for MemoryStorage {
    fn open(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        let mut files = lock(&self.files);
        let file = files
            .entry(name.to_owned())
            .or_insert_with(|| MemoryFile { contents: Arc::default(), faults: self.faults.clone() });
        Ok(Box::new(file.clone()))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        if let Some(fault) = self.faults.strike() {
            return Err(broken(fault));
        }
        let mut files = lock(&self.files);
        let file = files.remove(from).ok_or(io::ErrorKind::NotFound)?;
        files.insert(to.to_owned(), file);
        Ok(())
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        lock(&self.files).remove(name);
        Ok(())
    }

    fn exists(&self, name: &str) -> io::Result<bool> {
        Ok(lock(&self.files).contains_key(name))
    }

    fn describe(&self, name: &str) -> String {
        format!("memory:{name}")
    }
}

impl Faults {
    /// Counts an operation; tells which fault strikes it, if one does.
    fn strike(&self) -> Option<Fault> {
        let operation = self.operations.fetch_add(1, Ordering::SeqCst);
        match *lock(&self.plan) {
            Some((at, fault)) if operation == at => Some(fault),
            Some((at, _)) if operation > at => Some(Fault::Fail),
            _ => None,
        }
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>, whole: bool) {
        match self {
            Change::Length(length) => file.resize(*length, 0),
            Change::Write { offset, bytes } => {
                let bytes = if whole { bytes } else { &bytes[..bytes.len() / 2] };
                let end = offset + bytes.len();
                if file.len() < end {
                    file.resize(end, 0);
                }
                file[*offset..end].copy_from_slice(bytes);
            }
        }
    }
}

impl MemoryFile {
    fn change(&self, change: Change) -> io::Result<()> {
        let fault = self.faults.strike();
        if fault != Some(Fault::Fail) {
            let mut contents = lock(&self.contents);
            let whole = fault.is_none();
            change.apply(&mut contents.current, whole);
            contents.unsynced.push(change);
        }
        fault.map_or(Ok(()), |fault| Err(broken(fault)))
    }
}

impl StorageBackend for MemoryFile {
    fn len(&self) -> io::Result<u64> {
        Ok(lock(&self.contents).current.len() as u64)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let contents = lock(&self.contents);
        let start = index(offset)?;
        let bytes = contents.current.get(start..start + out.len()).ok_or(io::ErrorKind::UnexpectedEof)?;
        out.copy_from_slice(bytes);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.change(Change::Length(index(len)?))
    }

    fn sync_data(&self) -> io::Result<()> {
        if let Some(fault) = self.faults.strike() {
            return Err(broken(fault));
        }
        let mut contents = lock(&self.contents);
        let Contents { synced, unsynced, .. } = &mut *contents;
        for change in unsynced.drain(..) {
            change.apply(synced, true);
        }
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.change(Change::Write { offset: index(offset)?, bytes: data.to_vec() })
    }
}

fn index(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(io::Error::other)
}

fn broken(fault: Fault) -> io::Error {
    io::Error::other(format!("the disk is broken ({fault:?}), as planned"))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
