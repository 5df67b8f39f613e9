//! The hold of sales, as a restore makes it.

use prost::Message;
use redb::{ReadableTable, WriteTransaction};

use super::schema::Table;
use crate::domain::{Counters, Hold};

/// Holds sales from the next start of a restored replica on, until its operator lifts the hold. One that is there
/// already, from the time of the backup, gives way. Also notes which payments came with the state: what the gateway did
/// for those after the backup is not in it.
///
/// For the transaction that makes the restored state a cluster of its own, so that it is never to be had without:
/// no replica runs on it, and no command does this.
///
/// # Errors
/// When the database fails, or its counters are damaged.
pub fn hold_sales(txn: &WriteTransaction, hold: &Hold) -> Result<(), redb::Error> {
    let counters = txn.open_table(Table::Counters.definition())?;
    let counters = counters.get(&[][..])?.map(|row| Counters::decode(row.value())).transpose();
    let damaged = |error: prost::DecodeError| redb::Error::Corrupted(error.to_string());
    let last = counters.map_err(damaged)?.unwrap_or_default().payments;
    let mut restored = txn.open_table(Table::PaymentsRestored.definition())?;
    restored.insert(&[][..], &last.to_be_bytes()[..])?;
    let mut table = txn.open_table(Table::Hold.definition())?;
    table.insert(&[][..], hold.encode_to_vec().as_slice())?;
    Ok(())
}
