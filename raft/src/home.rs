//! Where the state of one replica lies and whose it is: what its writer and the snapshots that come and go share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::files::STATE_FILE;
use crate::log_time::Clock;
use crate::observer::Observer;
use crate::options::Options;
use crate::storage::{Storage, StorageError};
use crate::wire::Identity;

/// Where the state of one replica lies and whose it is.
pub(crate) struct StateHome {
    pub(crate) storage: Arc<dyn Storage>,
    pub(crate) identity: Identity,
    /// Memory for the pages of the state database.
    pub(crate) cache_bytes: usize,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) observer: Arc<dyn Observer>,
    /// Held to do anything with the name of the file that a snapshot comes into.
    receives: Mutex<Receives>,
}

/// The one file that a snapshot comes into.
#[derive(Debug, Default)]
pub(crate) struct Receives {
    /// Whoever began the last one owns the file.
    pub(crate) begun: u64,
    /// It is whole and waits to be installed: nothing may come instead.
    pub(crate) finished: bool,
}

impl StateHome {
    /// What is shared about the state of the replica `identity`.
    pub(crate) fn new(options: &Options, identity: Identity) -> Self {
        Self {
            storage: options.storage.clone(),
            identity,
            cache_bytes: options.state_cache_bytes,
            clock: options.clock.clone(),
            observer: options.observer.clone(),
            receives: Mutex::default(),
        }
    }

    pub(crate) fn receives(&self) -> MutexGuard<'_, Receives> {
        self.receives.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn failed(&self, source: impl Into<redb::Error>) -> StorageError {
        StorageError::Database { file: self.file(), source: Box::new(source.into()) }
    }

    pub(crate) fn corrupt(&self, what: String) -> StorageError {
        StorageError::Corrupt { file: self.file(), what }
    }

    fn file(&self) -> String {
        self.storage.describe(STATE_FILE)
    }
}
