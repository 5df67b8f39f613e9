//! Where the replicas are: the membership says where each was when it joined, greetings say where it is.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The addresses that replicas answered from, by node id.
#[derive(Default)]
pub(crate) struct Directory {
    addresses: Mutex<BTreeMap<u64, String>>,
}

impl Directory {
    /// Where the replica was last found.
    pub(crate) fn address(&self, node_id: u64) -> Option<String> {
        self.lock().get(&node_id).cloned()
    }

    /// Notes where a replica answered.
    pub(crate) fn found(&self, node_id: u64, address: &str) {
        let mut addresses = self.lock();
        if addresses.get(&node_id).is_none_or(|known| known != address) {
            addresses.insert(node_id, address.to_owned());
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, String>> {
        self.addresses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
