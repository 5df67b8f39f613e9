//! How old the state of a replica may be: how long ago it showed all that was acknowledged anywhere.
//!
//! A leader says how far the log was committed at some time at which it certainly led. Whoever has applied that
//! much shows a state that is no older than that time, however long that took.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use openraft::ServerState;
use openraft::async_runtime::watch::WatchReceiver;

use crate::inner::{Inner, certain_ago};

/// Marks that are kept for a replica that has not applied so much yet. When they get more every other one goes, so that
/// they reach back as far as they must; fewer make an age too high, never too low.
const MAX_MARKS: usize = 64;
/// Marks are at least so far apart: strong reads leave one each.
const GRAIN: Duration = Duration::from_millis(100);

/// What leaders said of how far the log is.
pub(crate) struct Freshness {
    /// On the monotonic clock.
    opened_at: Duration,
    /// Both the index and the time grow from one to the next.
    marks: Mutex<VecDeque<Mark>>,
}

/// The log up to the index holds all that was acknowledged until then.
#[derive(Clone, Copy)]
struct Mark {
    index: u64,
    /// On this replica's monotonic clock.
    as_of: Duration,
}

/// What a leader knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leading {
    /// All that was acknowledged anywhere, by the time at which it certainly led, is in the log up to here.
    pub(crate) committed_index: u64,
    /// How long ago it certainly led: a quorum has answered what it sent then. One that has lost its quorum
    /// believes for ever that it leads.
    pub(crate) ago: Duration,
}

impl Freshness {
    /// Nothing is known yet.
    pub(crate) fn new(now: Duration) -> Self {
        Self { opened_at: now, marks: Mutex::default() }
    }

    /// Notes that a leader, asked at `asked_at`, certainly led `ago` before it answered, and that the log up to `index`
    /// holds all that was acknowledged by then.
    pub(crate) fn note(&self, index: u64, asked_at: Duration, ago: Duration) {
        // Before this replica's clock began there is no telling when that was.
        let Some(as_of) = asked_at.checked_sub(ago) else { return };
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        if marks.back().is_some_and(|last| as_of < last.as_of.saturating_add(GRAIN)) {
            return;
        }
        while marks.back().is_some_and(|last| last.index >= index) {
            marks.pop_back();
        }
        marks.push_back(Mark { index, as_of });
        if marks.len() > MAX_MARKS {
            let mut place = 0_usize;
            marks.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
    }

    /// How old a state is that has `applied` so much; none if nothing is known of one.
    fn age(&self, applied: u64, now: Duration) -> Option<Duration> {
        let mut marks = self.marks.lock().unwrap_or_else(PoisonError::into_inner);
        while marks.get(1).is_some_and(|next| next.index <= applied) {
            marks.pop_front();
        }
        let reached = marks.front().filter(|mark| mark.index <= applied)?;
        Some(now.saturating_sub(reached.as_of))
    }
}

impl Inner {
    /// What this replica knows as the leader, if it leads and a quorum has answered it.
    pub(crate) fn leading(&self) -> Option<Leading> {
        // Read before: what was acknowledged after the metrics were last written has been applied by now.
        let applied = self.state.shared().last_applied();
        let metrics = self.raft.metrics();
        let now = metrics.borrow_watched();
        // Whoever is alone acknowledges and shows only what it has applied, and nobody else shows more.
        let known = if self.side.is_none() { applied } else { now.local_committed.max(applied) };
        let known = known.filter(|_| now.state == ServerState::Leader)?;
        // A new leader may not know yet how much of what it found in its log is committed.
        if known.leader_id.term != now.current_term {
            return None;
        }
        Some(Leading { committed_index: known.index, ago: certain_ago(&now)? })
    }

    /// How old this replica's state may be. None if it has heard no leader since it was opened, and its wall clock is
    /// behind the state that it has.
    pub(crate) fn state_age(&self) -> Option<Duration> {
        let leading = self.leading();
        let applied = self.state.shared().last_applied().map_or(0, |id| id.index);
        if let Some(leading) = leading
            && leading.committed_index <= applied
        {
            return Some(leading.ago);
        }
        let now = self.wall_clock.monotonic();
        self.freshness.age(applied, now).or_else(|| {
            let by_wall_ms = self.wall_clock.wall_ms().checked_sub(self.clock.applied().as_millis())?;
            Some(Duration::from_millis(by_wall_ms).max(now.saturating_sub(self.freshness.opened_at)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3600);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_state_is_as_old_as_the_last_mark_that_it_has_reached() {
        let freshness = Freshness::new(Duration::ZERO);
        assert_eq!(freshness.age(9, SECOND), None, "no leader was heard");
        freshness.note(10, HOUR, SECOND);
        assert_eq!(freshness.age(9, HOUR), None);
        assert_eq!(freshness.age(10, HOUR), Some(SECOND), "when the leader certainly led");
        // Cut off for an hour it catches up entry by entry.
        freshness.note(100, 2 * HOUR, Duration::ZERO);
        for applied in 10..100 {
            assert_eq!(freshness.age(applied, 2 * HOUR), Some(HOUR + SECOND), "{applied} applied");
        }
        assert_eq!(freshness.age(100, 2 * HOUR), Some(Duration::ZERO));
        // Nobody writes.
        freshness.note(100, 3 * HOUR, Duration::ZERO);
        assert_eq!(freshness.age(100, 3 * HOUR + SECOND), Some(SECOND));
    }

    #[test]
    fn a_leader_that_lost_its_quorum_makes_nothing_newer() {
        let freshness = Freshness::new(Duration::ZERO);
        freshness.note(10, HOUR, Duration::ZERO);
        freshness.note(10, 2 * HOUR, HOUR);
        assert_eq!(freshness.age(10, 2 * HOUR), Some(HOUR));
        let fresh = Freshness::new(Duration::ZERO);
        fresh.note(10, SECOND, HOUR);
        assert_eq!(fresh.age(10, SECOND), None, "longer ago than this replica's clock can say");
    }

    #[test]
    fn of_too_many_marks_some_go_and_no_age_is_too_low() {
        let freshness = Freshness::new(Duration::ZERO);
        let count = 100 * MAX_MARKS as u64;
        for index in 1..=count {
            freshness.note(index, SECOND * u32::try_from(index).expect("small"), Duration::ZERO);
        }
        assert!(freshness.marks.lock().expect("no panic").len() <= MAX_MARKS);
        let now = SECOND * u32::try_from(count).expect("small");
        for applied in 1..=count {
            let age = freshness.age(applied, now).expect("the first one stays");
            assert!(age >= now - SECOND * u32::try_from(applied).expect("small"), "{applied}: {age:?}");
        }
    }
}
