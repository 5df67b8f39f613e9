//! The state in redb: tables behind [`crate::domain::Tables`], read-only views, search, and audits.
//!
//! Every table maps bytes to bytes. Rows are protobuf; keys sort as their parts do, numbers big-endian.
//! Index entries are a function of the row they belong to (see `index`), so that an audit can
//! compute each of them again.

mod audit;
mod consumer_groups;
mod events;
mod history;
mod hold;
mod index;
mod key;
mod newest_first;
mod on_sale;
mod page;
mod rows;
mod schema;
mod search;
mod subscribers;
mod tables;
mod view;
mod webhook_endpoints;
mod word_index;

pub use audit::{AuditReport, audit};
pub use events::{EventsBytes, EventsKept};
pub use hold::hold_sales;
pub use page::{Page, Position};
pub use search::{Sort, TicketQuery};
pub use subscribers::{ByOwner, EndpointTotals, GroupTotals};
pub use tables::{StateTables, Written};
pub use view::{Owed, View};

/// A read or write of the state that went wrong. It is terminal for the replica.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// redb failed.
    #[error("the state database failed: {0}")]
    Database(#[from] redb::Error),
    /// The engine hands out no view.
    #[error("the state cannot be read: {0}")]
    Unreadable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row is not what its table holds.
    #[error("table `{table}` holds a damaged row: {reason}")]
    DamagedRow {
        /// Which table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

macro_rules! from_redb {
    ($($error:ty),*) => {$(
        impl From<$error> for StoreError {
            fn from(error: $error) -> Self {
                Self::Database(error.into())
            }
        }
    )*};
}
from_redb!(redb::StorageError, redb::TableError, redb::TransactionError, redb::CommitError);
