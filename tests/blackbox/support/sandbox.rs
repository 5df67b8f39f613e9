//! The books of the sandbox gateway: what was really charged, whatever orders and payments say.

use std::path::Path;

use boxoffice::store::View;

/// One line of the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SandboxCharge {
    /// The payment's id, which is the stable key.
    pub(crate) key: String,
    pub(crate) amount_minor: u64,
    /// Whether money moved.
    pub(crate) charged: bool,
    /// Whether all of it moved back.
    pub(crate) refunded: bool,
    /// How much of it did.
    pub(crate) given_back_minor: u64,
}

/// Everything that was ever asked of the gateway, as the state on disk has it. The service must not be running.
pub(crate) fn sandbox_charges(data_dir: &Path) -> Vec<SandboxCharge> {
    let store = boxoffice_raft::inspect(data_dir).expect("the store is whole");
    assert_eq!(store.applied_index, store.last_log_index, "stopped in order, the state is as far as the log");
    let entries = View::new(store.view().expect("it can be read")).sandbox_entries();
    entries
        .expect("every line can be read")
        .into_iter()
        .map(|entry| SandboxCharge {
            key: entry.key.to_string(),
            amount_minor: entry.amount_minor,
            charged: entry.decline_code.is_empty(),
            refunded: entry.refunded,
            given_back_minor: entry.given_back_minor(),
        })
        .collect()
}
