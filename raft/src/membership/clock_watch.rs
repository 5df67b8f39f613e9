//! A leader's own wall clock beside those of the other voters. It decides nothing, for the replicated clock leans
//! toward the median of a quorum; but a machine whose clock is wrong had better not lead, and somebody must look at it.

use std::collections::BTreeSet;

use crate::peer::VoterClocks;

/// Clocks that time servers keep differ by milliseconds, and a difference is measured to half a second or better, which
/// is half of the time that an answer may take.
const TOLERANCE_MS: u64 = 2_000;
/// One bad measurement is no bad clock.
const ROUNDS: u32 = 5;
/// As long as it stays so, it is said again every so many rounds.
const REMIND_ROUNDS: u32 = 60;

/// How long the clock was off.
#[derive(Default)]
pub(super) struct ClockWatch {
    rounds: u32,
}

/// The clock is off, and it is time to do something about it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outlier {
    /// How far it is ahead of the median, in milliseconds.
    pub(super) offset_ms: i64,
    /// The voters whose clocks are not.
    pub(super) others: BTreeSet<u64>,
}

impl ClockWatch {
    /// Takes in what the clocks of one round say. `own` is the leader.
    pub(super) fn judge(&mut self, clocks: Option<&VoterClocks>, own: u64) -> Option<Outlier> {
        let outlier = clocks.and_then(|clocks| outlier(clocks, own));
        self.rounds = if outlier.is_some() { self.rounds.saturating_add(1) } else { 0 };
        let is_due = self.rounds == ROUNDS || self.rounds.is_multiple_of(REMIND_ROUNDS);
        outlier.filter(|_| is_due)
    }
}

/// Only if a quorum agrees: of two clocks nobody can tell which one is wrong.
fn outlier(clocks: &VoterClocks, own: u64) -> Option<Outlier> {
    let from_median = |offset_ms: i64| offset_ms.saturating_sub(clocks.median_offset_ms);
    let agrees = |offset_ms: i64| from_median(offset_ms).unsigned_abs() <= TOLERANCE_MS;
    let offset_ms = from_median(*clocks.offsets_ms.get(&own)?);
    let others: BTreeSet<u64> =
        clocks.offsets_ms.iter().filter(|(_, offset_ms)| agrees(**offset_ms)).map(|(id, _)| *id).collect();
    let is_quorum = others.len() > clocks.voters / 2;
    (is_quorum && !others.contains(&own)).then_some(Outlier { offset_ms, others })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;

    /// Of three voters, of which replica 1 leads.
    fn clocks(offsets_ms: &[(u64, i64)]) -> VoterClocks {
        let mut sorted: Vec<i64> = offsets_ms.iter().map(|(_, offset_ms)| *offset_ms).collect();
        sorted.sort_unstable();
        let median_offset_ms = sorted[(sorted.len() - 1) / 2];
        VoterClocks { voters: 3, offsets_ms: offsets_ms.iter().copied().collect(), median_offset_ms }
    }

    #[test]
    fn a_leader_that_is_off_for_some_rounds_hands_over_to_those_that_are_not() {
        let mut watch = ClockWatch::default();
        let off = clocks(&[(1, 0), (2, -HOUR_MS), (3, -HOUR_MS + 300)]);
        for _ in 1..ROUNDS {
            assert_eq!(watch.judge(Some(&off), 1), None);
        }
        let outlier = watch.judge(Some(&off), 1).expect("for so many rounds");
        assert_eq!((outlier.offset_ms, outlier.others), (HOUR_MS - 300, [2, 3].into()));
        assert_eq!(watch.judge(Some(&off), 1), None, "said once");
        let again = (ROUNDS + 2..=REMIND_ROUNDS).filter_map(|_| watch.judge(Some(&off), 1)).count();
        assert_eq!(again, 1, "and again after a while");
    }

    #[test]
    fn a_good_round_between_begins_anew() {
        let mut watch = ClockWatch::default();
        let (off, good) = (clocks(&[(1, 0), (2, HOUR_MS), (3, HOUR_MS)]), clocks(&[(1, 0), (2, 5), (3, -5)]));
        for round in 0..4 * ROUNDS {
            let seen = if round % ROUNDS == ROUNDS - 1 { &good } else { &off };
            assert_eq!(watch.judge(Some(seen), 1), None);
        }
    }

    #[test]
    fn another_that_is_off_or_too_few_to_tell_is_no_reason() {
        for seen in [
            clocks(&[(1, 0), (2, HOUR_MS), (3, 10)]),
            clocks(&[(1, 0), (2, HOUR_MS)]),
            clocks(&[(1, 0), (2, -HOUR_MS)]),
            clocks(&[(1, 0), (2, HOUR_MS), (3, -HOUR_MS)]),
            clocks(&[(1, 0), (2, 1_900), (3, 1_900)]),
        ] {
            assert_eq!(outlier(&seen, 1), None, "{seen:?}");
        }
    }
}
