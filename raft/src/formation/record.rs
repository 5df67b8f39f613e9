//! What a replica knows durably of its way into a cluster.

use std::sync::{Arc, Mutex, PoisonError};

use prost::{Message, Oneof};

use super::id::{ClusterId, Instance};
use super::messages::{Founding, Member, Promise, Standing};
use crate::log_thread::LOG_META;
use crate::storage::StorageError;
use crate::store::{Store, put_message};

/// Where the record is in the log's file.
const RECORD_KEY: &str = "formation";

/// The record of one replica.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    /// What is on its disk.
    pub instance: Instance,
    /// How often this record was saved.
    pub revision: u64,
    /// How far it has come.
    pub state: State,
    /// The proposal by which its cluster was formed, if it was there. Kept for ever: other founders may still
    /// have to ask what became of it.
    pub founded: Option<Founding>,
}

/// How far a replica has come.
#[derive(Clone, PartialEq, Eq, Oneof)]
pub enum State {
    /// It knows of no cluster.
    #[prost(message, tag = "3")]
    Fresh(()),
    /// It found members of this cluster and founds no other.
    #[prost(message, tag = "4")]
    Joining(ClusterId),
    /// It promised to be a founder: its own proposal, or that of another.
    #[prost(message, tag = "5")]
    Promised(Founding),
    /// It has its place.
    #[prost(message, tag = "6")]
    Member(Member),
}

impl Record {
    /// The record of a replica at its first start.
    pub fn new(instance: Instance) -> Self {
        Self { instance, revision: 0, state: State::Fresh(()), founded: None }
    }

    /// What others are told of it.
    pub fn standing(&self) -> Standing {
        match &self.state {
            State::Fresh(()) => Standing::Fresh(()),
            State::Joining(cluster_id) => Standing::Joining(*cluster_id),
            State::Promised(Founding { cluster_id, proposer, .. }) => {
                Standing::Promised(Promise { cluster_id: *cluster_id, proposer: *proposer })
            }
            State::Member(member) => Standing::Member(*member),
        }
    }
}

/// Keeps the record of one replica.
pub trait Records: Send + Sync {
    /// The record; none before the first start.
    ///
    /// # Errors
    /// Fails when it can't be read or makes no sense.
    fn load(&self) -> Result<Option<Record>, StorageError>;
    /// Replaces the record, durably once this returns.
    ///
    /// # Errors
    /// Fails when that is not certain. The replica must stop then.
    fn save(&self, record: &Record) -> Result<(), StorageError>;
}

/// A record in the log's file.
pub(crate) struct StoredRecords(pub(crate) Arc<Store>);

/// A record in memory, which outlives those who use it.
#[derive(Clone, Debug, Default)]
pub struct MemoryRecords(Arc<Mutex<Option<Record>>>);

/// [`Record`] as it is stored. Tags are for ever.
#[derive(Clone, PartialEq, Message)]
struct StoredRecord {
    #[prost(message, required, tag = "1")]
    instance: Instance,
    #[prost(uint64, tag = "2")]
    revision: u64,
    #[prost(oneof = "State", tags = "3, 4, 5, 6")]
    state: Option<State>,
    #[prost(message, optional, tag = "7")]
    founded: Option<Founding>,
}

impl Records for StoredRecords {
    fn load(&self) -> Result<Option<Record>, StorageError> {
        let Some(stored) = self.0.message::<StoredRecord>(LOG_META, RECORD_KEY)? else { return Ok(None) };
        let StoredRecord { instance, revision, state, founded } = stored;
        match state {
            Some(state) if !instance.is_missing() => Ok(Some(Record { instance, revision, state, founded })),
            _ => Err(self.0.corrupt("the stored formation record is not one that this program can read")),
        }
    }

    fn save(&self, record: &Record) -> Result<(), StorageError> {
        let Record { instance, revision, state, founded } = record.clone();
        let stored = StoredRecord { instance, revision, state: Some(state), founded };
        let mut txn = self.0.write()?;
        // Opening the file after a crash must not take long because of this commit either.
        txn.set_quick_repair(true);
        put_message(&txn, LOG_META, RECORD_KEY, &stored).map_err(|e| self.0.failed(e))?;
        txn.commit().map_err(|e| self.0.failed(e))
    }
}

impl Records for MemoryRecords {
    fn load(&self) -> Result<Option<Record>, StorageError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn save(&self, record: &Record) -> Result<(), StorageError> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(record.clone());
        Ok(())
    }
}
