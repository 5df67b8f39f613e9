//! The state as a whole: checksums of it, and all its rows.

use std::fmt;

use redb::{ReadTransaction, ReadableTable, TableDefinition, TableHandle};

/// The engine's own table in the state database: identity, progress, membership.
pub(crate) const STATE_META: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("raft_meta");

/// A checksum over every table of the state, the engine's own left out. Two replicas that applied the same
/// log have equal digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest {
    /// One entry a table, by name.
    pub tables: Vec<TableDigest>,
}

/// A checksum over one table's rows in key order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableDigest {
    /// The table.
    pub name: String,
    /// How many rows it has.
    pub rows: u64,
    /// CRC-32C over the lengths and bytes of all keys and values.
    pub crc32c: u32,
}

impl Digest {
    /// It in one number, to be compared with that of another replica. A table without rows does not count: it may never
    /// have been made elsewhere.
    pub(crate) fn fold(&self) -> u64 {
        let (mut crc, mut mixed) = (0, 0_u32);
        for table in self.tables.iter().filter(|table| table.rows > 0) {
            crc = crc32c::crc32c_append(crc, &(table.name.len() as u64).to_le_bytes());
            crc = crc32c::crc32c_append(crc, table.name.as_bytes());
            crc = crc32c::crc32c_append(crc, &table.rows.to_le_bytes());
            crc = crc32c::crc32c_append(crc, &table.crc32c.to_le_bytes());
            mixed = mixed.rotate_left(5) ^ table.crc32c;
        }
        (u64::from(crc) << 32) | u64::from(mixed)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.tables {
            writeln!(f, "{:08x} {:>10} {}", table.crc32c, table.rows, table.name)?;
        }
        Ok(())
    }
}

impl TableDigest {
    pub(crate) fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), rows: 0, crc32c: 0 }
    }

    pub(crate) fn add(&mut self, key: &[u8], value: &[u8]) {
        self.rows += 1;
        for bytes in [key, value] {
            self.crc32c = crc32c::crc32c_append(self.crc32c, &(bytes.len() as u64).to_le_bytes());
            self.crc32c = crc32c::crc32c_append(self.crc32c, bytes);
        }
    }
}

/// The digest of the state in `txn`.
///
/// # Errors
///
/// When the database fails.
pub fn digest(txn: &ReadTransaction) -> Result<Digest, redb::Error> {
    let mut tables = Vec::new();
    for name in state_tables(txn)? {
        let mut table = TableDigest::empty(&name);
        each_row(txn, &name, |key, value| table.add(key, value))?;
        tables.push(table);
    }
    Ok(Digest { tables })
}

/// Calls `row` with the table's name, key and value for every row of the state in `txn`, table by table in
/// the order of their names, rows in key order. The engine's own table is left out.
///
/// # Errors
///
/// When the database fails.
pub fn dump(txn: &ReadTransaction, mut row: impl FnMut(&str, &[u8], &[u8])) -> Result<(), redb::Error> {
    for name in state_tables(txn)? {
        each_row(txn, &name, |key, value| row(&name, key, value))?;
    }
    Ok(())
}

/// The names of all tables but the engine's, sorted.
pub(crate) fn state_tables(txn: &ReadTransaction) -> Result<Vec<String>, redb::Error> {
    let mut names: Vec<String> = txn
        .list_tables()?
        .map(|table| table.name().to_owned())
        .filter(|name| name != STATE_META.name())
        .collect();
    names.sort();
    Ok(names)
}

fn each_row(txn: &ReadTransaction, name: &str, mut row: impl FnMut(&[u8], &[u8])) -> Result<(), redb::Error> {
    for entry in txn.open_table(rows(name))?.iter()? {
        let (key, value) = entry?;
        row(key.value(), value.value());
    }
    Ok(())
}

/// The table `name` of the state: bytes by bytes, as all of them are.
pub(crate) fn rows(name: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(name)
}
