//! LogTime: the one clock that decides, replicated in the log.
//!
//! The leader stamps each command; every replica takes the greater of the stamp and the time before it, so
//! the replicated clock never goes back. Between stamps it runs on the monotonic clock and only leans, by at
//! most one percent, toward the wall clocks of a quorum: a wall clock that jumps moves nothing at once.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use crate::clock::{Clock, SystemClock};

/// The clock leans toward the wall clocks by at most one part in this many.
const SLEW_DIVISOR: u128 = 100;
/// A replica that only follows runs its estimate slower by one part in this many: twice the leader's
/// greatest lean, so that the estimate stays behind the leader's clock even when oscillators differ.
const FOLLOWER_LAG_DIVISOR: u128 = 50;
const NANOS_PER_MILLI: u128 = 1_000_000;

/// Milliseconds since the Unix epoch on the replicated clock.
#[derive(Copy, Clone, Debug, Eq, PartialEq, Ord, PartialOrd, Default, Hash)]
pub struct LogTime(u64);

impl LogTime {
    /// The time this many milliseconds after the Unix epoch.
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> u64 {
        self.0
    }
}

impl fmt::Display for LogTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

/// What the clocks of a quorum say.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The median of their wall clocks now, in milliseconds since the Unix epoch.
    pub(crate) wall_ms: u64,
    /// The greatest replicated time that one of the others knows, if one does, and when it said so on this replica's
    /// monotonic clock.
    pub(crate) live: Option<(LogTime, Duration)>,
}

/// The clocks of a quorum.
pub(crate) trait QuorumClock: Send + Sync + 'static {
    /// What they say; none while too few are known.
    fn read(&self) -> Option<Reading>;
}

/// The quorum of a cluster of one: its own wall clock.
pub(crate) struct LoneQuorum(pub(crate) Arc<dyn Clock>);

impl QuorumClock for LoneQuorum {
    fn read(&self) -> Option<Reading> {
        Some(Reading { wall_ms: self.0.wall_ms(), live: None })
    }
}

/// This replica's reading of the replicated clock.
pub(crate) struct LogClock {
    clock: Arc<dyn Clock>,
    quorum: Arc<dyn QuorumClock>,
    state: Mutex<State>,
}

struct State {
    /// The greatest stamp applied, from before the start or after it.
    applied: LogTime,
    /// Where the clock stood when it was last read; none until a leader's word or leadership gives it a base.
    base: Option<Base>,
    /// The greatest time this replica told anyone.
    reported: LogTime,
}

#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Base {
    /// On the replicated clock, since the Unix epoch. Nanoseconds, or frequent readers would round the
    /// lean of their short intervals away.
    nanos: u128,
    /// On the monotonic clock.
    read_at: Duration,
}

impl LogClock {
    /// A clock without a base that last applied `applied`.
    pub(crate) fn new(clock: Arc<dyn Clock>, quorum: Arc<dyn QuorumClock>, applied: LogTime) -> Self {
        Self { clock, quorum, state: Mutex::new(State { applied, base: None, reported: applied }) }
    }

    /// The stamp for a command that this replica takes as the leader. None while there is neither a base nor
    /// a quorum of wall clocks to set one from.
    pub(crate) fn stamp(&self) -> Option<LogTime> {
        let mut state = self.lock();
        let now = self.clock.monotonic();
        let quorum = self.quorum.read();
        let base = match state.base {
            // A replica may lead before it has applied all that it found in its log, and stamped by then.
            Some(base) => {
                base.lean(now, quorum.map(|quorum| quorum.wall_ms)).max(Base::at(state.applied, now))
            }
            None => {
                let quorum = quorum?;
                let begun = match quorum.live {
                    // Somebody else has heard the last leader: that is the time, whatever the walls say.
                    Some((time, at)) => Base::at(time, at).lean(now, None),
                    None => Base::at(LogTime(quorum.wall_ms), now),
                };
                begun.max(Base::at(state.applied, now))
            }
        };
        state.base = Some(base);
        state.reported = state.reported.max(base.time());
        Some(base.time())
    }

    /// What time it is, for a replica that is not the leader: never ahead of what the leader would stamp.
    pub(crate) fn estimate(&self) -> LogTime {
        let mut state = self.lock();
        let estimate = state.trail(self.clock.monotonic()).unwrap_or(state.applied);
        state.reported = state.reported.max(estimate);
        state.reported
    }

    /// What time it is, if this replica has a leader's word for it or led since it was started.
    pub(crate) fn live(&self) -> Option<LogTime> {
        self.lock().trail(self.clock.monotonic())
    }

    /// The greatest stamp applied.
    pub(crate) fn applied(&self) -> LogTime {
        self.lock().applied
    }

    /// Takes note of the time of an applied command. It is no base: a command may be applied long after it was
    /// stamped, by a replica that was down or cut off meanwhile.
    pub(crate) fn observe(&self, at: LogTime) {
        let mut state = self.lock();
        state.applied = state.applied.max(at);
        let now = self.clock.monotonic();
        // Whenever that was, it is no earlier now.
        if state.base.is_some_and(|base| base.trail(now) < at) {
            state.base = Some(Base::at(at, now));
        }
    }

    /// Takes a leader's word for it: the clock was at `time` when, at `at` on this replica's monotonic clock, that one
    /// certainly led. It counts more than what this replica made of an earlier word, or has led itself before: the clock
    /// of one that led on without a quorum may be ahead of everybody's.
    pub(crate) fn hear(&self, time: LogTime, at: Duration) {
        let mut state = self.lock();
        if state.base.is_none_or(|base| base.read_at < at) {
            state.base = Some(Base::at(time, at));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The time at `now` as a follower may claim it, if there is a base.
    fn trail(&self, now: Duration) -> Option<LogTime> {
        Some(self.base?.trail(now).max(self.applied))
    }
}

impl Base {
    fn at(time: LogTime, read_at: Duration) -> Self {
        Self { nanos: u128::from(time.0) * NANOS_PER_MILLI, read_at }
    }

    fn time(self) -> LogTime {
        LogTime(u64::try_from(self.nanos / NANOS_PER_MILLI).unwrap_or(u64::MAX))
    }

    /// Moves on to `now`, leaning toward `target_ms` by at most a hundredth of the time gone by.
    fn lean(self, now: Duration, target_ms: Option<u64>) -> Self {
        let elapsed = now.saturating_sub(self.read_at).as_nanos();
        let nanos = self.nanos.saturating_add(elapsed);
        let most = elapsed / SLEW_DIVISOR;
        let target = target_ms.map_or(nanos, |ms| u128::from(ms) * NANOS_PER_MILLI);
        let nanos = target.clamp(nanos.saturating_sub(most), nanos.saturating_add(most));
        Self { nanos, read_at: self.read_at.max(now) }
    }

    /// The time at `now` as a follower may claim it.
    fn trail(self, now: Duration) -> LogTime {
        let elapsed = now.saturating_sub(self.read_at).as_nanos();
        let nanos = self.nanos.saturating_add(elapsed - elapsed / FOLLOWER_LAG_DIVISOR);
        Self { nanos, read_at: now }.time()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ManualClock;

    const NOON_MS: u64 = 1_800_000_000_000;
    const HOUR_MS: u64 = 3_600_000;

    fn clock(applied_ms: u64) -> (Arc<ManualClock>, LogClock) {
        let manual = Arc::new(ManualClock::new(NOON_MS));
        let quorum = Arc::new(LoneQuorum(manual.clone()));
        (manual.clone(), LogClock::new(manual, quorum, LogTime(applied_ms)))
    }

    fn stamp(clock: &LogClock) -> u64 {
        clock.stamp().expect("a lone quorum always knows its wall clock").as_millis()
    }

    #[test]
    fn starts_from_the_wall_or_from_what_was_applied() {
        assert_eq!(stamp(&clock(0).1), NOON_MS);
        assert_eq!(stamp(&clock(NOON_MS - HOUR_MS).1), NOON_MS);
        // The wall clock was set back while the replica was down.
        assert_eq!(stamp(&clock(NOON_MS + HOUR_MS).1), NOON_MS + HOUR_MS);
    }

    #[test]
    fn a_wall_clock_that_jumps_forward_moves_nothing_at_once() {
        let (manual, clock) = clock(0);
        stamp(&clock);
        manual.set_wall_ms(NOON_MS + HOUR_MS);
        assert_eq!(stamp(&clock), NOON_MS);
        manual.advance(Duration::from_secs(10));
        assert_eq!(stamp(&clock), NOON_MS + 10_100);
        // At one percent, an hour takes a hundred hours to catch up; then the clocks agree.
        manual.advance(Duration::from_secs(100 * 3600));
        assert_eq!(stamp(&clock), manual.wall_ms());
    }

    #[test]
    fn a_wall_clock_that_jumps_back_slows_the_clock_but_never_turns_it() {
        let (manual, clock) = clock(0);
        let mut before = stamp(&clock);
        manual.set_wall_ms(NOON_MS - HOUR_MS);
        for _ in 0..1000 {
            manual.advance(Duration::from_micros(700));
            let now = stamp(&clock);
            assert!(now >= before);
            before = now;
        }
        assert_eq!(before, NOON_MS + 693);
    }

    #[test]
    fn the_lean_of_many_short_intervals_is_not_rounded_away() {
        let (manual, clock) = clock(0);
        stamp(&clock);
        manual.set_wall_ms(NOON_MS + HOUR_MS);
        for _ in 0..1_000_000 {
            manual.advance(Duration::from_micros(10));
            stamp(&clock);
        }
        assert_eq!(stamp(&clock), NOON_MS + 10_100);
    }

    #[test]
    fn a_follower_stays_behind_the_leader_and_never_goes_back() {
        let (manual, follower) = clock(NOON_MS - HOUR_MS);
        // Entries from before the start say nothing about now.
        follower.observe(LogTime(NOON_MS - HOUR_MS / 2));
        manual.advance(Duration::from_secs(60));
        assert_eq!(follower.estimate(), LogTime(NOON_MS - HOUR_MS / 2));
        // A leader's word is a base.
        follower.hear(LogTime(NOON_MS), manual.monotonic());
        assert_eq!(follower.estimate(), LogTime(NOON_MS));
        manual.advance(Duration::from_secs(1));
        assert_eq!(follower.estimate(), LogTime(NOON_MS + 980));
        // An older stamp changes nothing.
        follower.observe(LogTime(NOON_MS));
        assert_eq!(follower.estimate(), LogTime(NOON_MS + 980));
        // A newer one shows that the clock is there already.
        follower.observe(LogTime(NOON_MS + 990));
        manual.advance(Duration::from_secs(1));
        assert_eq!(follower.estimate(), LogTime(NOON_MS + 1970));
    }

    #[test]
    fn an_hour_old_stamp_that_is_applied_only_now_is_no_base() {
        let (manual, clock) = clock(NOON_MS - 2 * HOUR_MS);
        clock.observe(LogTime(NOON_MS - HOUR_MS));
        assert_eq!(clock.live(), None);
        manual.advance(Duration::from_secs(1));
        assert_eq!(clock.estimate(), LogTime(NOON_MS - HOUR_MS));
        assert_eq!(stamp(&clock), NOON_MS + 1000, "nobody has a live one, so the walls count");
    }

    #[test]
    fn a_follower_of_an_idle_cluster_is_hardly_behind() {
        let (manual, follower) = clock(NOON_MS);
        for second in 0..600 {
            follower.hear(LogTime(NOON_MS + second * 1000), manual.monotonic());
            manual.advance(Duration::from_secs(1));
        }
        assert_eq!(follower.estimate(), LogTime(NOON_MS + 600_000 - 20));
    }

    #[test]
    fn who_led_on_without_a_quorum_takes_the_new_leaders_word() {
        let (manual, clock) = clock(0);
        let began = manual.monotonic();
        stamp(&clock);
        manual.advance(Duration::from_secs(3600));
        stamp(&clock);
        clock.hear(LogTime(NOON_MS), began);
        assert_eq!(clock.live(), Some(LogTime(NOON_MS + HOUR_MS)), "an older word changes nothing");
        // The clocks of the others made the new leader's slower by one percent.
        manual.advance(Duration::from_secs(1));
        clock.hear(LogTime(NOON_MS + HOUR_MS - 36_000), manual.monotonic());
        assert_eq!(clock.live(), Some(LogTime(NOON_MS + HOUR_MS - 36_000)));
        assert!(clock.estimate() >= LogTime(NOON_MS + HOUR_MS), "what it showed never goes back");
    }

    #[test]
    fn a_new_leader_goes_on_from_its_base_not_from_the_wall() {
        let (manual, clock) = clock(0);
        clock.hear(LogTime(NOON_MS - HOUR_MS), manual.monotonic());
        manual.advance(Duration::from_secs(10));
        assert_eq!(stamp(&clock), NOON_MS - HOUR_MS + 10_100);
    }

    #[test]
    fn a_new_leader_without_a_base_asks_who_has_one_before_it_trusts_walls() {
        struct HeardOf(Duration);
        impl QuorumClock for HeardOf {
            fn read(&self) -> Option<Reading> {
                Some(Reading { wall_ms: NOON_MS, live: Some((LogTime(NOON_MS - HOUR_MS), self.0)) })
            }
        }
        let manual = Arc::new(ManualClock::new(NOON_MS));
        let said_at = manual.monotonic();
        manual.advance(Duration::from_secs(10));
        let clock = LogClock::new(manual.clone(), Arc::new(HeardOf(said_at)), LogTime(5));
        assert_eq!(clock.live(), None);
        assert_eq!(stamp(&clock), NOON_MS - HOUR_MS + 10_000);
        assert_eq!(clock.live(), Some(LogTime(NOON_MS - HOUR_MS + 10_000)));
    }

    #[test]
    fn a_leader_that_applies_its_old_log_only_now_is_never_behind_it() {
        let (_manual, clock) = clock(0);
        assert_eq!(
            stamp(&clock),
            NOON_MS,
            "its wall clock is an hour behind the log that it has yet to apply"
        );
        clock.observe(LogTime(NOON_MS + HOUR_MS));
        assert_eq!(stamp(&clock), NOON_MS + HOUR_MS);
    }

    #[test]
    fn knows_no_time_without_base_and_quorum() {
        struct NoQuorum;
        impl QuorumClock for NoQuorum {
            fn read(&self) -> Option<Reading> {
                None
            }
        }
        let clock = LogClock::new(Arc::new(ManualClock::new(NOON_MS)), Arc::new(NoQuorum), LogTime(5));
        assert_eq!(clock.stamp(), None);
        assert_eq!(clock.estimate(), LogTime(5));
        clock.hear(LogTime(7), Duration::ZERO);
        assert_eq!(clock.stamp(), Some(LogTime(7)));
    }
}
