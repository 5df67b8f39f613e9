//! Where the two databases lie: the seam that tests put faults into, and the handle that opens and closes one.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use prost::Message;
use redb::backends::FileBackend;
use redb::{
    BackendError, Database, DatabaseError, Durability, ReadTransaction, StorageBackend, TableDefinition,
    WriteTransaction,
};

use crate::record::RecordError;
use crate::wire::{self, FORMAT_VERSION, Identity};

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
    /// The two files do not belong together, or one is gone.
    #[error("{0}")]
    Mismatch(String),
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

/// An open database that can be closed while others still hold the handle.
pub(crate) struct Store {
    file: String,
    database: RwLock<Option<Database>>,
}

const IDENTITY_KEY: &str = "identity";

impl Store {
    /// Opens the file `name`, creating an empty database if there is none.
    pub(crate) fn open(storage: &dyn Storage, name: &str, cache_bytes: usize) -> Result<Self, OpenError> {
        let io = |source| OpenError::Io { file: storage.describe(name), source };
        if !storage.exists(name).map_err(io)? {
            // redb makes a file in several steps, and one that a crash left half made looks like a broken one.
            let unfinished = format!("{name}.new");
            storage.remove(&unfinished).map_err(io)?;
            Self::open_backend(storage, &unfinished, cache_bytes)?.close()?;
            storage.rename(&unfinished, name).map_err(io)?;
        }
        Self::open_backend(storage, name, cache_bytes)
    }

    fn open_backend(storage: &dyn Storage, name: &str, cache_bytes: usize) -> Result<Self, OpenError> {
        let file = storage.describe(name);
        let backend = storage.open(name).map_err(|source| OpenError::Io { file: file.clone(), source })?;
        let opened = Database::builder().set_cache_size(cache_bytes).create_with_backend(DynBackend(backend));
        match opened {
            Ok(database) => Ok(Self { file, database: RwLock::new(Some(database)) }),
            Err(DatabaseError::DatabaseAlreadyOpen) => Err(OpenError::InUse { file }),
            Err(e) => Err(StorageError::Database { file, source: Box::new(e.into()) }.into()),
        }
    }

    /// Reads every page and compares it with its checksum.
    pub(crate) fn check_integrity(&self) -> Result<(), StorageError> {
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_mut().ok_or_else(|| self.closed())?;
        match database.check_integrity() {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.corrupt("pages do not have their checksums")),
            Err(e) => Err(self.failed(e)),
        }
    }

    pub(crate) fn file(&self) -> &str {
        &self.file
    }

    /// Begins a read of the newest commit.
    pub(crate) fn read(&self) -> Result<ReadTransaction, StorageError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| self.closed())?;
        redb::ReadableDatabase::begin_read(database).map_err(|e| self.failed(e))
    }

    /// Begins a durable write.
    pub(crate) fn write(&self) -> Result<WriteTransaction, StorageError> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        let database = database.as_ref().ok_or_else(|| self.closed())?;
        database.begin_write().map_err(|e| self.failed(e))
    }

    /// Begins a write that a crash may undo, until a later durable one.
    pub(crate) fn write_volatile(&self) -> Result<WriteTransaction, StorageError> {
        let mut txn = self.write()?;
        txn.set_durability(Durability::None).map_err(|e| self.failed(e))?;
        Ok(txn)
    }

    /// Closes the files and releases their lock. Transactions that are still open fail from then on.
    pub(crate) fn close(&self) -> Result<(), StorageError> {
        let database = self.database.write().unwrap_or_else(PoisonError::into_inner).take();
        database.map_or(Ok(()), |database| database.close().map_err(|e| self.failed(e)))
    }

    pub(crate) fn failed(&self, source: impl Into<redb::Error>) -> StorageError {
        StorageError::Database { file: self.file.clone(), source: Box::new(source.into()) }
    }

    pub(crate) fn corrupt(&self, what: impl Into<String>) -> StorageError {
        StorageError::Corrupt { file: self.file.clone(), what: what.into() }
    }

    /// A table as the newest commit has it; none if nothing was ever written to it.
    pub(crate) fn table<K: redb::Key + 'static, V: redb::Value + 'static>(
        &self,
        table: TableDefinition<'_, K, V>,
    ) -> Result<Option<redb::ReadOnlyTable<K, V>>, StorageError> {
        match self.read()?.open_table(table) {
            Ok(table) => Ok(Some(table)),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
            Err(e) => Err(self.failed(e)),
        }
    }

    /// Decodes the message under `key` of `table`; none if table or key are not there.
    pub(crate) fn message<M: Message + Default>(
        &self,
        table: TableDefinition<'_, &[u8], &[u8]>,
        key: &str,
    ) -> Result<Option<M>, StorageError> {
        let Some(table) = self.table(table)? else { return Ok(None) };
        let value = redb::ReadableTable::get(&table, key.as_bytes()).map_err(|e| self.failed(e))?;
        value
            .map(|bytes| M::decode(bytes.value()))
            .transpose()
            .map_err(|e| self.corrupt(format!("the stored {key} can't be decoded: {e}")))
    }

    /// The identity in this database, if it has one that this program can work with.
    pub(crate) fn identity(
        &self,
        table: TableDefinition<'_, &[u8], &[u8]>,
    ) -> Result<Option<Identity>, OpenError> {
        let identity: Option<Identity> = self.message(table, IDENTITY_KEY)?;
        match identity {
            Some(found) if found.format_version > FORMAT_VERSION => {
                Err(OpenError::Newer { file: self.file.clone(), found: found.format_version })
            }
            Some(found) if found.cluster_id.len() != size_of::<u128>() => {
                Err(self.corrupt("the stored identity has no cluster id").into())
            }
            found => Ok(found),
        }
    }

    /// Makes this database the given replica's.
    pub(crate) fn set_identity(
        &self,
        table: TableDefinition<'_, &[u8], &[u8]>,
        identity: &wire::Identity,
    ) -> Result<(), StorageError> {
        let mut txn = self.write()?;
        txn.set_quick_repair(true);
        put_message(&txn, table, IDENTITY_KEY, identity).map_err(|e| self.failed(e))?;
        txn.commit().map_err(|e| self.failed(e))
    }

    fn closed(&self) -> StorageError {
        StorageError::Closed { file: self.file.clone() }
    }
}

/// Writes a message under `key` of `table`.
pub(crate) fn put_message(
    txn: &WriteTransaction,
    table: TableDefinition<'_, &[u8], &[u8]>,
    key: &str,
    message: &impl Message,
) -> Result<(), redb::Error> {
    let mut table = txn.open_table(table)?;
    table.insert(key.as_bytes(), message.encode_to_vec().as_slice())?;
    Ok(())
}

/// A boxed backend as a backend: redb takes them by value only.
struct DynBackend(Box<dyn StorageBackend>);

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
