//! What others acknowledged to this replica as their leader: whoever lacks some of it afterwards must not go on.
//!
//! A voter promises with each acknowledgement that it has the entry for good. One whose data is brought back from an old
//! copy, or whose disk forgot what it had written, would elect a leader that lacks what was told to clients. It cannot know
//! by itself, so the leader tells it with the first request of each stream.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tonic::{Code, Status};

use crate::inner::Inner;
use crate::types::{LogId, Vote};

/// The last entry that each replica acknowledged, under the vote by which this one led then.
#[derive(Default)]
pub(super) struct Acknowledged {
    last: Mutex<BTreeMap<u64, (Vote, LogId)>>,
}

impl Acknowledged {
    /// The replica has the log up to `last`.
    pub(super) fn note(&self, replica: u64, vote: Vote, last: LogId) {
        let mut all = self.lock();
        let known = all.entry(replica).or_insert((vote, last));
        // The answer to what was sent in an earlier term may come late.
        if (known.0, known.1) < (vote, last) {
            *known = (vote, last);
        }
    }

    /// What the replica acknowledged under this vote. What it did under an earlier one may rightly be gone: a leader
    /// replaces entries that were never committed.
    pub(super) fn under(&self, replica: u64, vote: Vote) -> Option<LogId> {
        self.lock().get(&replica).filter(|(led_by, _)| *led_by == vote).map(|(_, last)| *last)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, (Vote, LogId)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Stops this replica if it lacks what it acknowledged to who leads by `vote`.
///
/// # Errors
/// If so.
pub(super) fn check(engine: &Inner, vote: Vote, acknowledged: LogId) -> Result<(), Status> {
    let (own_vote, last) = engine.log.vote_and_last();
    // One that does not lead any more is told so by the engine, and this log is another leader's.
    if own_vote.is_some_and(|own| own > vote) {
        return Ok(());
    }
    // A whole state that was just installed may be ahead of the log.
    let has = last.max(engine.state.shared().last_applied()).map_or(0, |id| id.index);
    if has >= acknowledged.index {
        return Ok(());
    }
    let line = format!(
        "replica {} has the log up to entry {has}, but acknowledged entry {} to its leader: its data is an old copy, or \
         its disk lost what was written; wipe its data directory to have it join as somebody new",
        engine.node_id, acknowledged.index
    );
    engine.health.fail(&line);
    Err(Status::data_loss(line))
}

/// Whether a replica answered to a request for its log that it lacks what it acknowledged.
pub(super) fn is_lost(status: &Status) -> bool {
    status.code() == Code::DataLoss
}

#[cfg(test)]
mod tests {
    use openraft::vote::RaftLeaderId;

    use super::*;
    use crate::types::LeaderId;

    fn in_term(term: u64, index: u64) -> (Vote, LogId) {
        let leader_id = LeaderId::new(term, 1);
        (Vote { leader_id, committed: true }, LogId::new(leader_id, index))
    }

    #[test]
    fn only_what_was_acknowledged_in_this_term_counts_and_of_that_the_last() {
        let acknowledged = Acknowledged::default();
        let ((first, five), (_, four)) = (in_term(1, 5), in_term(1, 4));
        acknowledged.note(2, first, five);
        acknowledged.note(2, first, four);
        assert_eq!(acknowledged.under(2, first), Some(five));
        assert_eq!(acknowledged.under(3, first), None);
        let (second, three) = in_term(2, 3);
        assert_eq!(acknowledged.under(2, second), None);
        acknowledged.note(2, second, three);
        acknowledged.note(2, first, five);
        assert_eq!((acknowledged.under(2, second), acknowledged.under(2, first)), (Some(three), None));
    }
}
