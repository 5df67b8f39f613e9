//! How old the state of a replica may be.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// The last looks at how far a replica is. What lies between two of them is not known: an age is never too low.
pub(super) struct Looks(Mutex<Last>);

struct Last {
    at: Instant,
    applied: u64,
    /// The replica heard from the leader after this.
    heard_after: Instant,
    /// How old its state was then.
    age_before: Duration,
}

impl Looks {
    pub(super) fn new() -> Self {
        Self::old(0, Duration::ZERO)
    }

    /// Looks at a replica whose state, with `applied` so much, is as old as this already.
    pub(super) fn old(applied: u64, age: Duration) -> Self {
        let now = Instant::now();
        Self(Mutex::new(Last { at: now, applied, heard_after: now, age_before: age }))
    }

    /// How long ago, at most, the replica knew all that the leader did, if it has `applied` so much now,
    /// and certainly led so long ago, if it leads.
    pub(super) fn age(&self, led_ago: Option<Duration>, applied: u64) -> Duration {
        let now = Instant::now();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(led_ago) = led_ago {
            (last.heard_after, last.age_before) = (now, led_ago);
        } else if applied > last.applied {
            (last.heard_after, last.age_before) = (last.at, Duration::ZERO);
        }
        (last.at, last.applied) = (now, applied);
        (now - last.heard_after).saturating_add(last.age_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_age_is_never_too_low() {
        let looks = Looks::new();
        let after = async |seconds, is_leader: bool, applied| {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            looks.age(is_leader.then_some(Duration::ZERO), applied).as_secs()
        };
        assert_eq!(after(1, true, 5).await, 0, "a leader has what there is");
        assert_eq!(after(2, false, 5).await, 2);
        assert_eq!(after(3, false, 5).await, 5);
        assert_eq!(after(4, false, 6).await, 4, "it was told at some time since the last look");
        assert_eq!(after(1, false, 6).await, 5);
        assert_eq!(after(1, true, 6).await, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_old_at_the_start_stays_so_until_a_leader_is_heard() {
        let looks = Looks::old(5, Duration::from_secs(60));
        let after = async |seconds, applied| {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            looks.age(None, applied).as_secs()
        };
        assert_eq!(after(1, 5).await, 61);
        assert_eq!(after(2, 5).await, 63);
        assert_eq!(after(1, 6).await, 1);
        let lost = looks.age(Some(Duration::from_secs(9)), 6);
        assert_eq!(lost.as_secs(), 9, "a leader without a quorum does not know what another one did");
    }
}
