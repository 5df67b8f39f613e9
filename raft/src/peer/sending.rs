//! Which whole states are on their way to which replicas: the log behind them is needed next.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The states that are being sent.
#[derive(Default)]
pub(super) struct Sending {
    /// The last entry in each, by the receiver's id.
    last_index: Mutex<BTreeMap<u64, u64>>,
}

/// One of them, while it is being sent.
pub(super) struct Sent<'a> {
    to: u64,
    all: &'a Sending,
}

impl Sending {
    /// A state goes to the replica, until what this returns is dropped.
    pub(super) fn begin(&self, to: u64, last_index: u64) -> Sent<'_> {
        self.lock().insert(to, last_index);
        Sent { to, all: self }
    }

    pub(super) fn last_index(&self, to: u64) -> Option<u64> {
        self.lock().get(&to).copied()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, u64>> {
        self.last_index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        self.all.lock().remove(&self.to);
    }
}
