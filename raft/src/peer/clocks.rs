//! What the clocks of a quorum say, from the reports of the voters.

use std::collections::{BTreeMap, BTreeSet};
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

/// The wall clocks of the voters that were heard lately, if they are a quorum: how far each is ahead of this replica's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VoterClocks {
    /// How many voters there are.
    pub(crate) voters: usize,
    /// By node id. This replica is among them, with 0, if it votes.
    pub(crate) offsets_ms: BTreeMap<u64, i64>,
    /// The one in the middle.
    pub(crate) median_offset_ms: i64,
}

#[derive(Clone, Default)]
struct Learned {
    /// None if they are no quorum.
    clocks: Option<VoterClocks>,
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
            .filter_map(|id| Some((*id, directory.last_heard(*id)?)))
            .filter(|(_, heard)| now.saturating_sub(heard.at) < FRESH_FOR)
            .collect();
        let mut offsets_ms: BTreeMap<u64, i64> =
            heard.iter().map(|(id, heard)| (*id, heard.clock_offset_ms)).collect();
        if voters.contains(&own) {
            offsets_ms.insert(own, 0);
        }
        let mut sorted_ms: Vec<i64> = offsets_ms.values().copied().collect();
        sorted_ms.sort_unstable();
        let is_quorum = sorted_ms.len() > voters.len() / 2;
        let live = heard
            .iter()
            .filter_map(|(_, heard)| Some((LogTime::from_millis(heard.report.log_time_ms?), heard.at)));
        *self.lock() = Learned {
            clocks: is_quorum.then(|| VoterClocks {
                voters: voters.len(),
                offsets_ms,
                // Of an even number the lower one: a clock that lags delays, one that leads expires orders early.
                median_offset_ms: sorted_ms[(sorted_ms.len() - 1) / 2],
            }),
            live: live.max(),
        };
    }

    /// How far the median wall clock of a quorum is ahead of this replica's, in milliseconds.
    pub(crate) fn median_offset_ms(&self) -> Option<i64> {
        self.lock().clocks.as_ref().map(|clocks| clocks.median_offset_ms)
    }

    /// The clocks of the voters.
    pub(crate) fn of_voters(&self) -> Option<VoterClocks> {
        self.lock().clocks.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl QuorumClock for PeerClocks {
    fn read(&self) -> Option<Reading> {
        let learned = self.lock();
        let median_offset_ms = learned.clocks.as_ref()?.median_offset_ms;
        let wall_ms = self.clock.wall_ms().saturating_add_signed(median_offset_ms);
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
        Heard { report, at: clock.monotonic(), clock_offset_ms }
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
