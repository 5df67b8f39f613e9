//! Rows and index entries inside a write transaction.

use std::cell::{OnceCell, RefCell};

use prost::Message;
use redb::{ReadableTable, ReadableTableMetadata, WriteTransaction};

use super::StoreError;
use super::index::{Entry, Indexed, entries_of};
use super::key::{after_prefix, leading_id};
use super::schema::{Bytes, Table};

type OpenTable<'txn> = redb::Table<'txn, Bytes, Bytes>;

/// Reads and writes the tables of a transaction. The first error is kept, and everything after it reads as
/// absent: see [`Rows::check`].
pub(super) struct Rows<'txn> {
    txn: &'txn WriteTransaction,
    /// The tables that were asked for so far, in the order of their declaration: opening all of them would
    /// cost a small batch more than its commands do.
    open: Vec<OnceCell<OpenTable<'txn>>>,
    failure: RefCell<Option<StoreError>>,
}

impl<'txn> Rows<'txn> {
    pub(super) fn new(txn: &'txn WriteTransaction) -> Self {
        let open = Table::ALL.iter().map(|_| OnceCell::new()).collect();
        Self { txn, open, failure: RefCell::new(None) }
    }

    /// The first error so far, if there was one.
    pub(super) fn check(&mut self) -> Result<(), StoreError> {
        self.failure.get_mut().take().map_or(Ok(()), Err)
    }

    /// Keeps the error, unless there was one before.
    pub(super) fn fail(&self, error: impl Into<StoreError>) {
        self.failure.borrow_mut().get_or_insert(error.into());
    }

    /// The row's bytes.
    pub(super) fn raw(&self, table: Table, key: &[u8]) -> Option<Vec<u8>> {
        self.found(table, key, |row| Some(row.to_vec()))
    }

    /// The row's message.
    pub(super) fn message<M: Message + Default>(&self, table: Table, key: &[u8]) -> Option<M> {
        self.found(table, key, |row| self.decoded(table, row))
    }

    /// The identifier that an index names.
    pub(super) fn id(&self, table: Table, key: &[u8]) -> Option<[u8; 16]> {
        self.found(table, key, |row| {
            let id = leading_id(row);
            if id.is_none() {
                self.fail(damaged(table, "an identifier is cut short"));
            }
            id
        })
    }

    /// What `pick` makes of the first entries from `from` to `until` (exclusive).
    pub(super) fn scan<R>(
        &self,
        table: Table,
        from: &[u8],
        until: Option<Vec<u8>>,
        at_most: usize,
        pick: impl FnMut(&[u8], &[u8]) -> Option<R>,
    ) -> Vec<R> {
        self.try_scan(table, from, until, at_most, pick).unwrap_or_else(|error| {
            self.fail(error);
            Vec::new()
        })
    }

    /// What `pick` makes of the first entries whose keys begin with `prefix`.
    pub(super) fn scan_prefix<R>(
        &self,
        table: Table,
        prefix: &[u8],
        at_most: usize,
        pick: impl FnMut(&[u8], &[u8]) -> Option<R>,
    ) -> Vec<R> {
        self.scan(table, prefix, after_prefix(prefix), at_most, pick)
    }

    /// What `pick` makes of the last entry.
    pub(super) fn last<R>(&self, table: Table, pick: impl FnOnce(&[u8], &[u8]) -> Option<R>) -> Option<R> {
        match self.table(table).and_then(|open| Ok(open.last()?)) {
            Ok(entry) => entry.and_then(|(key, value)| pick(key.value(), value.value())),
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    /// How many rows a table has.
    pub(super) fn count(&self, table: Table) -> u64 {
        self.table(table).and_then(|open| Ok(open.len()?)).unwrap_or_else(|error| {
            self.fail(error);
            0
        })
    }

    pub(super) fn put(&mut self, table: Table, key: &[u8], value: &[u8]) {
        let written = self.table_mut(table).and_then(|open| Ok(open.insert(key, value).map(drop)?));
        if let Err(error) = written {
            self.fail(error);
        }
    }

    /// Has a key that stands for itself be there, or not.
    pub(super) fn mark(&mut self, table: Table, key: &[u8], is_there: bool) {
        match is_there {
            true => self.put(table, key, &[]),
            false => self.remove(table, key),
        }
    }

    pub(super) fn remove(&mut self, table: Table, key: &[u8]) {
        let removed = self.table_mut(table).and_then(|open| Ok(open.remove(key).map(drop)?));
        if let Err(error) = removed {
            self.fail(error);
        }
    }

    pub(super) fn decoded<M: Message + Default>(&self, table: Table, row: &[u8]) -> Option<M> {
        M::decode(row).map_err(|error| self.fail(damaged(table, error))).ok()
    }

    /// Replaces a row and exactly those index entries that differ.
    pub(super) fn replace<R: Message + Indexed>(&mut self, table: Table, old: Option<R>, new: Option<R>) {
        match (&old, &new) {
            (_, Some(new)) => self.put(table, &new.key(), &new.encode_to_vec()),
            (Some(old), None) => self.remove(table, &old.key()),
            (None, None) => {}
        }
        self.replace_entries(&entries_of(old.as_ref()), &entries_of(new.as_ref()));
    }

    fn replace_entries(&mut self, old: &[Entry], new: &[Entry]) {
        let same_place = |a: &Entry, b: &Entry| a.table == b.table && a.key == b.key;
        for entry in old.iter().filter(|old| !new.iter().any(|new| same_place(old, new))) {
            self.remove(entry.table, &entry.key);
        }
        for entry in new.iter().filter(|new| !old.contains(new)) {
            self.put(entry.table, &entry.key, &entry.value);
        }
    }

    fn found<R>(&self, table: Table, key: &[u8], read: impl FnOnce(&[u8]) -> Option<R>) -> Option<R> {
        match self.table(table).and_then(|open| Ok(open.get(key)?)) {
            Ok(found) => found.and_then(|row| read(row.value())),
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    fn try_scan<R>(
        &self,
        table: Table,
        from: &[u8],
        until: Option<Vec<u8>>,
        at_most: usize,
        mut pick: impl FnMut(&[u8], &[u8]) -> Option<R>,
    ) -> Result<Vec<R>, StoreError> {
        let open = self.table(table)?;
        let range = match &until {
            Some(until) => open.range::<&[u8]>(from..until.as_slice())?,
            None => open.range::<&[u8]>(from..)?,
        };
        let mut picked = Vec::new();
        for entry in range.take(at_most) {
            let (key, value) = entry?;
            picked.extend(pick(key.value(), value.value()));
        }
        Ok(picked)
    }

    fn table(&self, table: Table) -> Result<&OpenTable<'txn>, StoreError> {
        let cell = &self.open[table as usize];
        match cell.get() {
            Some(open) => Ok(open),
            None => {
                let open = self.txn.open_table(table.definition())?;
                Ok(cell.get_or_init(|| open))
            }
        }
    }

    fn table_mut(&mut self, table: Table) -> Result<&mut OpenTable<'txn>, StoreError> {
        self.table(table)?;
        // The line above has opened it.
        self.open[table as usize].get_mut().ok_or_else(|| damaged(table, "it does not open"))
    }
}

/// A row that is not what its table holds.
pub(super) fn damaged(table: Table, reason: impl ToString) -> StoreError {
    StoreError::DamagedRow { table: table.name(), reason: reason.to_string() }
}
