//! The state as a whole: a consistent view that can be copied into another store or compared with one.

use std::fmt;

use redb::{ReadTransaction, ReadableTable, TableDefinition, TableHandle, WriteTransaction};

/// The engine's own table in the state database: identity, progress, membership.
pub(crate) const STATE_META: TableDefinition<'static, &[u8], &[u8]> = TableDefinition::new("raft_meta");

/// A consistent view of the state of one replica.
pub(crate) struct StateView {
    pub(crate) txn: ReadTransaction,
    /// The replicated clock at the view's last command.
    pub(crate) log_time: crate::log_time::LogTime,
}

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

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for table in &self.tables {
            writeln!(f, "{:08x} {:>10} {}", table.crc32c, table.rows, table.name)?;
        }
        Ok(())
    }
}

/// The digest of the state in `txn`.
///
/// # Errors
///
/// When the database fails.
pub fn digest(txn: &ReadTransaction) -> Result<Digest, redb::Error> {
    let mut tables: Vec<TableDigest> = Vec::new();
    for name in state_tables(txn)? {
        tables.push(TableDigest { name, rows: 0, crc32c: 0 });
    }
    for table in &mut tables {
        each_row(txn, &table.name, |key, value| {
            table.rows += 1;
            for bytes in [key, value] {
                table.crc32c = crc32c::crc32c_append(table.crc32c, &(bytes.len() as u64).to_le_bytes());
                table.crc32c = crc32c::crc32c_append(table.crc32c, bytes);
            }
            Ok(())
        })?;
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
        each_row(txn, &name, |key, value| {
            row(&name, key, value);
            Ok(())
        })?;
    }
    Ok(())
}

/// Makes the state in `target` the one in `source`. The engine's own table is left as it is.
pub(crate) fn replace(target: &WriteTransaction, source: &ReadTransaction) -> Result<(), redb::Error> {
    let old: Vec<String> = target.list_tables()?.map(|table| table.name().to_owned()).collect();
    for name in old.iter().filter(|name| *name != STATE_META.name()) {
        target.delete_table(rows(name))?;
    }
    for name in state_tables(source)? {
        let mut table = target.open_table(rows(&name))?;
        each_row(source, &name, |key, value| {
            table.insert(key, value)?;
            Ok(())
        })?;
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

fn each_row(
    txn: &ReadTransaction,
    name: &str,
    mut row: impl FnMut(&[u8], &[u8]) -> Result<(), redb::Error>,
) -> Result<(), redb::Error> {
    for entry in txn.open_table(rows(name))?.iter()? {
        let (key, value) = entry?;
        row(key.value(), value.value())?;
    }
    Ok(())
}

fn rows(name: &str) -> TableDefinition<'_, &'static [u8], &'static [u8]> {
    TableDefinition::new(name)
}
