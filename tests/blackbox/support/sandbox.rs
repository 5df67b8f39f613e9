//! The books of the sandbox gateway: what was really charged, whatever the service believes.

use std::path::Path;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

/// As the gateway keeps them: key → amount, currency, decline code (empty if charged), refunded.
const BOOKS: TableDefinition<'_, &str, (u64, &str, &str, bool)> = TableDefinition::new("charges");

/// One line of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SandboxCharge {
    /// The payment's id, which is the stable key.
    pub(crate) key: String,
    pub(crate) amount_minor: u64,
    /// Whether money moved.
    pub(crate) charged: bool,
    /// Whether it moved back.
    pub(crate) refunded: bool,
}

/// Everything that was ever asked of the gateway. The service must not be running.
pub(crate) fn sandbox_charges(data_dir: &Path) -> Vec<SandboxCharge> {
    let books = Database::open(data_dir.join("sandbox-gateway.redb")).expect("the gateway's books open");
    let table = books.begin_read().expect("read").open_table(BOOKS).expect("the books have charges");
    let lines = table.iter().expect("iterate");
    lines
        .map(|line| {
            let (key, line) = line.expect("a line");
            let (amount_minor, _currency, decline_code, refunded) = line.value();
            let charged = decline_code.is_empty();
            SandboxCharge { key: key.value().to_owned(), amount_minor, charged, refunded }
        })
        .collect()
}
