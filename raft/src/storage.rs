//! Where the two databases lie: the seam that tests put faults into, and what can go wrong there.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::path::PathBuf;

use redb::backends::FileBackend;
use redb::{BackendError, StorageBackend};

use crate::record::RecordError;
use crate::wire::FORMAT_VERSION;

/// Opens the files of one replica by name.
pub trait Storage: Send + Sync + 'static {
    /// A backend for the file `name`, which is created empty if it is not there.
    fn open(&self, name: &str) -> io::Result<Box<dyn StorageBackend>>;
    /// Durably gives the file `from` the name `to`.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// Removes the file `name` if it is there.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Whether the file `name` is there.
    fn exists(&self, name: &str) -> io::Result<bool>;
    /// The file `name` as an operator would look for it.
    fn describe(&self, name: &str) -> String;
}

/// Files in one directory.
#[derive(Clone, Debug)]
pub struct FileStorage {
    directory: PathBuf,
}

impl FileStorage {
    /// The files of `directory`, which is created with the first of them.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }
}

impl Storage for FileStorage {
    fn open(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        std::fs::create_dir_all(&self.directory)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // Addresses and hashes are nobody else's business, whatever directory they lie in.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(self.path(name))?;
        Ok(Box::new(FileBackend::new(file).map_err(io::Error::other)?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        std::fs::rename(self.path(from), self.path(to))?;
        // A name is durable only with its directory.
        File::open(&self.directory)?.sync_all()
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match std::fs::remove_file(self.path(name)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    fn exists(&self, name: &str) -> io::Result<bool> {
        self.path(name).try_exists()
    }

    fn describe(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
}

/// A database failed or holds what this program can't use. Terminal: the process must stop.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// The database reports a failure.
    #[error("{file}: {source}")]
    Database {
        /// The database.
        file: String,
        /// What it reports.
        #[source]
        source: Box<redb::Error>,
    },
    /// A log record can't be read.
    #[error("{file}: log entry {index}: {source}")]
    Record {
        /// The database.
        file: String,
        /// The entry's place in the log.
        index: u64,
        /// What is wrong with it.
        #[source]
        source: RecordError,
    },
    /// An entry that must be there is not.
    #[error("{file}: log entry {index} is missing")]
    Hole {
        /// The database.
        file: String,
        /// The first missing entry.
        index: u64,
    },
    /// An entry was asked for that the log does not have any more.
    #[error("{file}: log entry {index} was dropped: the log begins with {first}")]
    Purged {
        /// The database.
        file: String,
        /// The entry.
        index: u64,
        /// The first that is still there, or would be if there was one.
        first: u64,
    },
    /// Something else the engine stored there makes no sense.
    #[error("{file}: {what}")]
    Corrupt {
        /// The database.
        file: String,
        /// What makes no sense.
        what: String,
    },
    /// The engine was shut down.
    #[error("{file}: closed")]
    Closed {
        /// The database.
        file: String,
    },
}

/// Why a store was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("{file} is in use by another process")]
    InUse {
        /// The locked file.
        file: String,
    },
    /// A newer program wrote it.
    #[error(
        "{file} was written in format {found} by a newer program; this one knows up to {FORMAT_VERSION}: \
         start the newer one"
    )]
    Newer {
        /// The database.
        file: String,
        /// Its format.
        found: u32,
    },
    /// The cluster uses what this program does not know.
    #[error("{file}: {reason}")]
    NewerLevel {
        /// The database that says so.
        file: String,
        /// Which feature level it is, and which this program supports.
        reason: String,
    },
    /// The state was found to be another than that of the other replicas.
    #[error("{file}: {reason}")]
    Diverged {
        /// The database.
        file: String,
        /// What was found, and what to do.
        reason: String,
    },
    /// There is nothing of a replica.
    #[error("{place} is not there, or holds no replica's data")]
    NothingThere {
        /// Where it was looked for.
        place: String,
    },
    /// The two files do not belong together, or one is gone.
    #[error("{0}")]
    Mismatch(String),
    /// A file is not as it was written. Says what to do.
    #[error("{0}")]
    Damaged(String),
    /// A file can't be opened.
    #[error("{file}: {source}")]
    Io {
        /// The file.
        file: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The options make no sense.
    #[error("{0}")]
    Options(String),
    /// The consensus engine did not start.
    #[error("the replicated log did not start: {0}")]
    Raft(String),
}

/// A boxed backend as a backend: redb takes them by value only.
pub(crate) struct DynBackend(pub(crate) Box<dyn StorageBackend>);

impl fmt::Debug for DynBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StorageBackend for DynBackend {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.0.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.query_lock_range(start, end)
    }
}
