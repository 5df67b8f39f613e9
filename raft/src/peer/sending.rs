//! Which whole states are on their way to which replicas: the log behind them is needed next.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The states that are being sent.
#[derive(Default)]
pub(super) struct Sending {
    /// The last entry in each, by the receiver's id and the sending's number: one that is given up may end only after
    /// the next one to the same replica has begun.
    last_index: Mutex<BTreeMap<(u64, u64), u64>>,
    begun: AtomicU64,
}

/// One of them, while it is being sent.
pub(super) struct Sent<'a> {
    key: (u64, u64),
    all: &'a Sending,
}

impl Sending {
    /// A state goes to the replica, until what this returns is dropped.
    pub(super) fn begin(&self, to: u64, last_index: u64) -> Sent<'_> {
        let key = (to, self.begun.fetch_add(1, Ordering::Relaxed));
        self.lock().insert(key, last_index);
        Sent { key, all: self }
    }

    /// The last entry in the state that is on its way to the replica; in the oldest one, if there are several.
    pub(super) fn last_index(&self, to: u64) -> Option<u64> {
        self.lock().range((to, 0)..=(to, u64::MAX)).map(|(_, last)| *last).min()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(u64, u64), u64>> {
        self.last_index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Sent<'_> {
    fn drop(&mut self) {
        self.all.lock().remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_ends_late_leaves_the_next_one_to_the_same_replica_alone() {
        let sending = Sending::default();
        let old = sending.begin(2, 100);
        let new = sending.begin(2, 200);
        let other = sending.begin(3, 50);
        assert_eq!(sending.last_index(2), Some(100), "either may get there");
        drop(old);
        assert_eq!(sending.last_index(2), Some(200));
        drop(new);
        assert_eq!((sending.last_index(2), sending.last_index(3)), (None, Some(50)));
        drop(other);
        assert_eq!(sending.last_index(3), None);
    }
}
