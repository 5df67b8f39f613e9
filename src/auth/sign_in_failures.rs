//! Slows down whoever guesses one account's password.
//!
//! Counted in the memory of this replica only: it is a brake, not a decision, and a failed sign-in that
//! had to be committed would be a cheap way to load the log. Time is passed in as a monotonic duration since
//! some fixed start, so that no wall clock can end a pause.

use std::collections::VecDeque;
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::email::NormalisedEmail;

/// How many failures within [`WINDOW`] are taken for a forgetful owner's.
const FREE_FAILURES: usize = 10;

/// How far back failures count; also how long an account must rest after a pause to start afresh.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// The pause after the tenth failure; each further one doubles it …
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// … up to this, so that no stranger locks an owner out for longer.
const LONGEST_PAUSE: Duration = Duration::from_secs(15 * 60);

/// Past this many the accounts that failed longest ago are forgotten. More than one thread can check passwords
/// for within [`WINDOW`], so that flooding others does not free one; at the very worst some 50 MB.
const MAX_ACCOUNTS: u64 = 65_536;

/// Counts failed sign-ins for each address, whether or not an account has it.
///
/// Attempts that run at the same time all see the count from before them, so that a burst may overshoot by as
/// many as the hasher's queue holds.
#[derive(Debug)]
pub struct SignInFailures {
    accounts: Cache<NormalisedEmail, Account>,
}

#[derive(Debug, Clone, Default)]
struct Account {
    /// When the latest failures were, oldest first; at most [`FREE_FAILURES`].
    recent: VecDeque<Duration>,
    /// Failures that led to a pause since the account last rested.
    strikes: u32,
    paused_until: Duration,
}

impl Default for SignInFailures {
    fn default() -> Self {
        Self::with_max_accounts(MAX_ACCOUNTS)
    }
}

impl SignInFailures {
    /// No failures yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a password may be tried for `email` now; otherwise how long to wait.
    ///
    /// # Errors
    /// The rest of the pause.
    pub fn check(&self, email: &NormalisedEmail, now: Duration) -> Result<(), Duration> {
        let pause = self.accounts.get(email).map_or(Duration::ZERO, |account| account.pause_left(now));
        if pause.is_zero() { Ok(()) } else { Err(pause) }
    }

    /// Counts a wrong password.
    pub fn failed(&self, email: &NormalisedEmail, now: Duration) {
        self.accounts.entry_by_ref(email).and_upsert_with(|entry| {
            let mut account = entry.map(|entry| entry.into_value()).unwrap_or_default();
            account.fail(now);
            account
        });
    }

    /// Forgets the failures: this was the owner.
    pub fn succeeded(&self, email: &NormalisedEmail) {
        self.accounts.invalidate(email);
    }

    fn with_max_accounts(max_accounts: u64) -> Self {
        // Least recently used, not moka's default by frequency: that one may decline to remember a newcomer.
        let accounts =
            Cache::builder().max_capacity(max_accounts).eviction_policy(EvictionPolicy::lru()).build();
        Self { accounts }
    }
}

impl Account {
    fn pause_left(&self, now: Duration) -> Duration {
        self.paused_until.saturating_sub(now)
    }

    fn fail(&mut self, now: Duration) {
        if self.strikes > 0 && now >= self.paused_until + WINDOW {
            *self = Self::default();
        }
        if self.recent.len() == FREE_FAILURES {
            self.recent.pop_front();
        }
        self.recent.push_back(now);
        let oldest = self.recent.front().copied().unwrap_or(now);
        let is_flood = self.recent.len() == FREE_FAILURES && now.saturating_sub(oldest) < WINDOW;
        if is_flood || self.strikes > 0 {
            self.strikes = self.strikes.saturating_add(1);
            let doubled = FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(self.strikes - 1));
            self.paused_until = now + doubled.min(LONGEST_PAUSE);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1_000);
    const SECOND: Duration = Duration::from_secs(1);

    fn email(name: &str) -> NormalisedEmail {
        NormalisedEmail::parse(&format!("{name}@example.com")).unwrap()
    }

    /// Fails until the first pause begins.
    fn exhaust(failures: &SignInFailures, email: &NormalisedEmail, now: Duration) {
        for _ in 0..FREE_FAILURES {
            assert_eq!(failures.check(email, now), Ok(()));
            failures.failed(email, now);
        }
    }

    #[test]
    fn the_tenth_failure_pauses_that_account_only() {
        let failures = SignInFailures::new();
        exhaust(&failures, &email("ann"), START);
        assert_eq!(failures.check(&email("ann"), START), Err(SECOND));
        assert_eq!(failures.check(&email("ann"), START + SECOND / 4), Err(SECOND * 3 / 4));
        assert_eq!(failures.check(&email("ann"), START + SECOND), Ok(()));
        assert_eq!(failures.check(&email("bob"), START), Ok(()));
    }

    #[test]
    fn pauses_double_up_to_the_cap() {
        let failures = SignInFailures::new();
        let ann = email("ann");
        exhaust(&failures, &ann, START);
        let mut now = START;
        let mut pauses = Vec::new();
        for _ in 0..14 {
            let pause = failures.check(&ann, now).unwrap_err();
            pauses.push(pause.as_secs());
            now += pause;
            assert_eq!(failures.check(&ann, now), Ok(()));
            failures.failed(&ann, now);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    }

    #[test]
    fn slow_failures_never_pause() {
        let failures = SignInFailures::new();
        let ann = email("ann");
        let apart = WINDOW / (FREE_FAILURES as u32 - 1);
        for number in 0..100 {
            let now = START + apart * number;
            assert_eq!(failures.check(&ann, now), Ok(()));
            failures.failed(&ann, now);
        }
    }

    #[test]
    fn ten_failures_in_any_fifteen_minutes_pause() {
        let failures = SignInFailures::new();
        let ann = email("ann");
        // Nine at the end of one quarter of an hour and one at the beginning of the next.
        for _ in 0..FREE_FAILURES - 1 {
            failures.failed(&ann, START + WINDOW - SECOND);
        }
        assert_eq!(failures.check(&ann, START + WINDOW + SECOND), Ok(()));
        failures.failed(&ann, START + WINDOW + SECOND);
        assert_eq!(failures.check(&ann, START + WINDOW + SECOND), Err(SECOND));
    }

    #[test]
    fn success_clears_and_rest_does_too() {
        let failures = SignInFailures::new();
        let ann = email("ann");
        exhaust(&failures, &ann, START);
        failures.succeeded(&ann);
        exhaust(&failures, &ann, START);
        exhaust(&failures, &ann, START + SECOND + WINDOW);
        assert_eq!(failures.check(&ann, START + SECOND + WINDOW), Err(SECOND), "afresh, not doubled");
    }

    #[test]
    fn memory_is_bounded_and_a_newcomer_is_counted_all_the_same() {
        let failures = SignInFailures::with_max_accounts(50);
        for number in 0..500 {
            // Often, so that a cache that keeps what is used most would rather keep these.
            (0..9).for_each(|_| failures.failed(&email(&format!("user{number}")), START));
            failures.accounts.run_pending_tasks();
        }
        let ann = email("ann");
        for _ in 0..FREE_FAILURES {
            failures.failed(&ann, START);
            failures.accounts.run_pending_tasks();
        }
        assert!(failures.accounts.entry_count() <= 50);
        assert_eq!(failures.check(&ann, START), Err(SECOND));
    }

    #[test]
    fn endless_failures_overflow_nothing() {
        let mut account = Account { strikes: u32::MAX, paused_until: START, ..Account::default() };
        account.fail(START);
        assert_eq!(account.pause_left(START), LONGEST_PAUSE);
    }
}
