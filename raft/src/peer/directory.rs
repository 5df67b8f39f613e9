//! What is known of the other replicas: the membership says where each was when it joined, their reports say where
//! and how they are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::report::Report;

/// Whoever does not answer so often is perhaps not there any more.
const SILENT_AFTER: u32 = 3;

/// The other replicas, by node id.
#[derive(Default)]
pub(crate) struct Directory {
    known: Mutex<BTreeMap<u64, Known>>,
}

/// One of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// Where it answered, if that is not where it joined.
    pub(crate) address: Option<String>,
    /// Its last report.
    pub(crate) heard: Option<Heard>,
    /// The questions since then that it did not answer. Not the time since: whoever slept asked nothing meanwhile.
    pub(crate) missed: u32,
}

/// A report, and what the way it came says.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    /// What it says.
    pub(crate) report: Report,
    /// When it came, on this replica's monotonic clock.
    pub(crate) at: Duration,
    /// How far its wall clock is ahead of this replica's, in milliseconds; wrong by half a round trip at most.
    pub(crate) clock_offset_ms: i64,
}

impl Directory {
    /// Where the replica was last found, if not where it joined.
    pub(crate) fn address(&self, node_id: u64) -> Option<String> {
        self.lock().get(&node_id).and_then(|known| known.address.clone())
    }

    /// Notes where a replica is.
    pub(crate) fn found(&self, node_id: u64, address: &str) {
        self.lock().entry(node_id).or_default().address = Some(address.to_owned());
    }

    /// Notes a report.
    pub(crate) fn heard(&self, node_id: u64, heard: Heard) {
        let mut known = self.lock();
        let known = known.entry(node_id).or_default();
        known.address = Some(heard.report.address.clone());
        known.heard = Some(heard);
        known.missed = 0;
    }

    /// Notes that a question was not answered.
    pub(crate) fn missed(&self, node_id: u64) {
        let mut known = self.lock();
        let missed = &mut known.entry(node_id).or_default().missed;
        *missed = missed.saturating_add(1);
    }

    /// Whether the replica did not answer the last questions.
    pub(crate) fn is_silent(&self, node_id: u64) -> bool {
        self.missed_in_a_row(node_id) >= SILENT_AFTER
    }

    /// How many questions in a row the replica did not answer.
    pub(crate) fn missed_in_a_row(&self, node_id: u64) -> u32 {
        self.lock().get(&node_id).map_or(0, |known| known.missed)
    }

    /// The last report of the replica.
    pub(crate) fn last_heard(&self, node_id: u64) -> Option<Heard> {
        self.lock().get(&node_id).and_then(|known| known.heard.clone())
    }

    /// Forgets all others.
    pub(crate) fn keep_only(&self, members: &BTreeSet<u64>) {
        self.lock().retain(|node_id, _| members.contains(node_id));
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
