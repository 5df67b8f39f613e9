//! Bugs that a test plants, to show that its checker finds them. Release builds have none of them.

use std::sync::LazyLock;

/// The variable that names one.
const VARIABLE: &str = "BOXOFFICE_PLANTED_BUG";

/// What may be wrong.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// Entries count as durable before they are written.
    AckBeforeFsync,
    /// A leader answers for the newest state without asking whether it still leads.
    StaleStrongRead,
    /// A start forgets the last entry of the log.
    DropLastEntry,
    /// Whoever comes from a known address gets the id that was there.
    ReuseNodeId,
}

static PLANTED: LazyLock<Option<Bug>> = LazyLock::new(|| {
    let bug = match std::env::var(VARIABLE).ok()?.as_str() {
        "ack-before-fsync" => Bug::AckBeforeFsync,
        "stale-strong-read" => Bug::StaleStrongRead,
        "drop-last-entry" => Bug::DropLastEntry,
        "reuse-node-id" => Bug::ReuseNodeId,
        _ => return None,
    };
    tracing::error!(?bug, "a bug is planted in this process: it loses data");
    Some(bug)
});

/// Whether this bug is planted in this process.
pub(crate) fn has(bug: Bug) -> bool {
    cfg!(debug_assertions) && *PLANTED == Some(bug)
}
