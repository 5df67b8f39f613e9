//! The handle on one database, which can be closed, or given another file, while others hold it.

use std::fmt::Display;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use prost::Message;
use redb::{
    Database, DatabaseError, Durability, ReadTransaction, StorageBackend, TableDefinition, WriteTransaction,
};

use crate::health::Health;
use crate::storage::{DynBackend, OpenError, Storage, StorageError};
use crate::wire::{FORMAT_VERSION, Identity};

const IDENTITY_KEY: &str = "identity";

/// An open database that can be closed, or replaced by another, while others still hold the handle.
pub(crate) struct Store {
    file: String,
    opened: RwLock<Arc<Opened>>,
}

/// One file while it is open. Nothing is in it once it was closed.
struct Opened(RwLock<Option<Database>>);

/// A read of a database as it was at one commit. It goes on when the database is replaced by another, and
/// fails once the engine is shut down.
pub struct ReadView {
    // Goes before the database that it reads.
    txn: ReadTransaction,
    _keeps_open: Option<Arc<Opened>>,
    /// Of the replica whose state it is, while that runs.
    health: Option<Health>,
}

impl ReadView {
    /// The same, of a replica that runs.
    pub(crate) fn of(self, health: &Health) -> Self {
        Self { health: Some(health.clone()), ..self }
    }

    /// Reports that what is read is not what was written: the replica stops.
    pub fn report_damage(&self, what: impl Display) {
        if let Some(health) = &self.health {
            health.fail(health.line(what, true));
        }
    }
}

impl Deref for ReadView {
    type Target = ReadTransaction;

    fn deref(&self) -> &ReadTransaction {
        &self.txn
    }
}

/// The view of a database that somebody else keeps open.
impl From<ReadTransaction> for ReadView {
    fn from(txn: ReadTransaction) -> Self {
        Self { txn, _keeps_open: None, health: None }
    }
}

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

    /// Opens the file `name` as it is; one that is not there, or is empty, becomes an empty database.
    pub(crate) fn open_backend(
        storage: &dyn Storage,
        name: &str,
        cache_bytes: usize,
    ) -> Result<Self, OpenError> {
        let file = storage.describe(name);
        let backend = storage.open(name).map_err(|source| OpenError::Io { file: file.clone(), source })?;
        Self::on(file, backend, cache_bytes)
    }

    /// Opens what `backend` holds, which is called `file` when something is said about it.
    pub(crate) fn on(
        file: String,
        backend: Box<dyn StorageBackend>,
        cache_bytes: usize,
    ) -> Result<Self, OpenError> {
        let opened = Database::builder().set_cache_size(cache_bytes).create_with_backend(DynBackend(backend));
        match opened {
            Ok(database) => {
                let opened = Arc::new(Opened(RwLock::new(Some(database))));
                Ok(Self { file, opened: RwLock::new(opened) })
            }
            Err(DatabaseError::DatabaseAlreadyOpen) => Err(OpenError::InUse { file }),
            Err(e) => Err(StorageError::Database { file, source: Box::new(e.into()) }.into()),
        }
    }

    /// Reads every page and compares it with its checksum. What it finds wrong may be undone.
    pub(crate) fn check_integrity(&self) -> Result<(), StorageError> {
        let opened = self.opened();
        let mut database = opened.0.write().unwrap_or_else(PoisonError::into_inner);
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
    pub(crate) fn read(&self) -> Result<ReadView, StorageError> {
        let opened = self.opened();
        let txn = self.with(&opened, |database| {
            redb::ReadableDatabase::begin_read(database).map_err(|e| self.failed(e))
        })?;
        Ok(ReadView { txn, _keeps_open: Some(opened), health: None })
    }

    /// Begins a durable write.
    pub(crate) fn write(&self) -> Result<WriteTransaction, StorageError> {
        self.with(&self.opened(), |database| database.begin_write().map_err(|e| self.failed(e)))
    }

    /// Begins a write that a crash may undo, until a later durable one.
    pub(crate) fn write_volatile(&self) -> Result<WriteTransaction, StorageError> {
        let mut txn = self.write()?;
        txn.set_durability(Durability::None).map_err(|e| self.failed(e))?;
        Ok(txn)
    }

    /// Closes the file and releases its lock. Transactions that are still open fail from then on.
    pub(crate) fn close(&self) -> Result<(), StorageError> {
        let database = self.opened().0.write().unwrap_or_else(PoisonError::into_inner).take();
        database.map_or(Ok(()), |database| database.close().map_err(|e| self.failed(e)))
    }

    /// Goes on with the database of `newer`, under the name of this one. The old file is closed once the last
    /// read of it has ended.
    pub(crate) fn replace(&self, newer: Self) {
        let newer = newer.opened.into_inner().unwrap_or_else(PoisonError::into_inner);
        *self.opened.write().unwrap_or_else(PoisonError::into_inner) = newer;
    }

    fn opened(&self) -> Arc<Opened> {
        self.opened.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn with<T>(
        &self,
        opened: &Opened,
        begin: impl FnOnce(&Database) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let database = opened.0.read().unwrap_or_else(PoisonError::into_inner);
        begin(database.as_ref().ok_or_else(|| self.closed())?)
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
        identity: &Identity,
    ) -> Result<(), StorageError> {
        let mut txn = self.write()?;
        txn.set_quick_repair(true);
        put_identity(&txn, table, identity).map_err(|e| self.failed(e))?;
        txn.commit().map_err(|e| self.failed(e))
    }

    fn closed(&self) -> StorageError {
        StorageError::Closed { file: self.file.clone() }
    }
}

/// Writes whose the database is, as a part of more.
pub(crate) fn put_identity(
    txn: &WriteTransaction,
    table: TableDefinition<'_, &[u8], &[u8]>,
    identity: &Identity,
) -> Result<(), redb::Error> {
    put_message(txn, table, IDENTITY_KEY, identity)
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
