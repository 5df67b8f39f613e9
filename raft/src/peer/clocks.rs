//! What the clocks of a quorum say, from the reports of the voters.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::directory::Directory;
use crate::log_time::{Clock, LogTime, QuorumClock, Reading};

/// A report that is older says nothing of a clock any more.
const FRESH_FOR: Duration = Duration::from_secs(10);

/// The clocks of the voters, relative to this replica's own.
pub(crate) struct PeerClocks {
    clock: Arc<dyn Clock>,
    learned: Mutex<Learned>,
}

#[derive(Clone, Copy, Default)]
struct Learned {
    /// How far the median wall clock of all voters heard is ahead of this replica's; none if they are no quorum.
    median_offset_ms: Option<i64>,
    /// The greatest replicated time that any voter reports, and when that was on this replica's monotonic clock.
    live: Option<(LogTime, Duration)>,
}

impl PeerClocks {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, learned: Mutex::default() }
    }

    /// Takes in what the voters reported.
    pub(crate) fn learn(&self, directory: &Directory, voters: &BTreeSet<u64>, own: u64) {
        let now = self.clock.monotonic();
        let heard: Vec<_> = voters
            .iter()
            .filter(|id| **id != own)
            .filter_map(|id| directory.last_heard(*id))
            .filter(|heard| now.saturating_sub(heard.at) < FRESH_FOR)
            .collect();
        let mut offsets_ms: Vec<i64> = heard.iter().map(|heard| heard.clock_offset_ms).collect();
        if voters.contains(&own) {
            offsets_ms.push(0);
        }
        offsets_ms.sort_unstable();
        let is_quorum = offsets_ms.len() > voters.len() / 2;
        let live = heard
            .iter()
            .filter_map(|heard| Some((LogTime::from_millis(heard.report.log_time_ms?), heard.at)));
        *self.lock() = Learned {
            // Of an even number the lower one: a clock that lags delays, one that leads expires orders early.
            median_offset_ms: is_quorum.then(|| offsets_ms[(offsets_ms.len() - 1) / 2]),
            live: live.max(),
        };
    }

    /// How far the median wall clock of a quorum is ahead of this replica's, in milliseconds.
    pub(crate) fn median_offset_ms(&self) -> Option<i64> {
        self.lock().median_offset_ms
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QuorumClock for PeerClocks {
    fn read(&self) -> Option<Reading> {
        let learned = *self.lock();
        let wall_ms = self.clock.wall_ms().saturating_add_signed(learned.median_offset_ms?);
        Some(Reading { wall_ms, live: learned.live })
    }
}

#[cfg(test)]
mod tests {
    use super::super::directory::Heard;
    use super::super::report::Report;
    use super::*;
    use crate::testing::ManualClock;

    const NOON_MS: u64 = 1_800_000_000_000;

    fn heard(clock: &ManualClock, clock_offset_ms: i64, log_time_ms: Option<u64>) -> Heard {
        let report = Report { log_time_ms, ..Report::default() };
        Heard { report, at: clock.monotonic(), round_trip: Duration::ZERO, clock_offset_ms }
    }

    fn read(clocks: &PeerClocks) -> Option<(i64, Option<u64>)> {
        let reading = clocks.read()?;
        let offset_ms = reading.wall_ms.cast_signed() - NOON_MS.cast_signed();
        Some((offset_ms, reading.live.map(|(time, _)| time.as_millis())))
    }

    #[test]
    fn the_median_of_a_quorum_counts() {
        let clock = Arc::new(ManualClock::new(NOON_MS));
        let (clocks, directory) = (PeerClocks::new(clock.clone()), Directory::default());
        let voters = [1, 2, 3].into();
        clocks.learn(&directory, &voters, 1);
        assert_eq!(read(&clocks), None, "one of three is no quorum");
        directory.heard(2, heard(&clock, 3_600_000, None));
        clocks.learn(&directory, &voters, 1);
        assert_eq!(read(&clocks), Some((0, None)), "of two the one that lags");
        directory.heard(3, heard(&clock, 500, Some(7)));
        clocks.learn(&directory, &voters, 1);
        assert_eq!(read(&clocks), Some((500, Some(7))));
        // A learner's clock does not count, not even its own.
        clocks.learn(&directory, &[2, 3].into(), 1);
        assert_eq!(read(&clocks), Some((500, Some(7))));
    }

    #[test]
    fn who_was_not_heard_for_long_does_not_count() {
        let clock = Arc::new(ManualClock::new(NOON_MS));
        let (clocks, directory) = (PeerClocks::new(clock.clone()), Directory::default());
        directory.heard(2, heard(&clock, 500, None));
        clock.advance(FRESH_FOR);
        clocks.learn(&directory, &[1, 2, 3].into(), 1);
        assert_eq!(read(&clocks), None);
    }
}
