//! The hold of sales, as a restore makes it.

use prost::Message;
use redb::WriteTransaction;

use super::schema::Table;
use crate::domain::Hold;

/// Holds sales from the next start of a restored replica on, until its operator lifts the hold. One that is there
/// already, from the time of the backup, gives way.
///
/// For the transaction that makes the restored state a cluster of its own, so that it is never to be had without:
/// no replica runs on it, and no command does this.
///
/// # Errors
/// When the database fails.
pub fn hold_sales(txn: &WriteTransaction, hold: &Hold) -> Result<(), redb::Error> {
    let mut table = txn.open_table(Table::Hold.definition())?;
    table.insert(&[][..], hold.encode_to_vec().as_slice())?;
    Ok(())
}
