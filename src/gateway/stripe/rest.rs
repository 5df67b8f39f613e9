//! Leaving Stripe alone for as long as it says (`Retry-After`). That is for the account, and so for everybody who asks
//! here: the worker, webhooks, buyers who look how far their payment is, comparisons.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::gateway::{GatewayError, LONGEST_REST};

/// Until when nothing is asked that can wait.
#[derive(Debug, Default)]
pub(super) struct Rest(Mutex<Option<Instant>>);

impl Rest {
    /// Whether something may be asked that can wait.
    ///
    /// # Errors
    /// [`GatewayError::Busy`] with what is left of the rest.
    pub(super) fn check(&self, now: Instant) -> Result<(), GatewayError> {
        let left = self.until().map(|until| until.saturating_duration_since(now));
        match left.filter(|left| !left.is_zero()) {
            Some(left) => Err(GatewayError::Busy { retry_after: Some(left) }),
            None => Ok(()),
        }
    }

    /// Begins a rest of so long, or of [`LONGEST_REST`] at most. One that lasts longer goes on.
    pub(super) fn begin(&self, now: Instant, how_long: Duration) {
        let mut until = self.until();
        *until = (*until).max(Some(now + how_long.min(LONGEST_REST)));
    }

    fn until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn left(rest: &Rest, now: Instant) -> Option<Duration> {
        match rest.check(now) {
            Ok(()) => None,
            Err(GatewayError::Busy { retry_after }) => retry_after,
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn it_lasts_as_long_as_the_longest_wish() {
        let (rest, now) = (Rest::default(), Instant::now());
        assert_eq!(left(&rest, now), None);
        rest.begin(now, SECOND * 90);
        rest.begin(now, SECOND);
        assert_eq!(left(&rest, now + SECOND), Some(SECOND * 89));
        assert_eq!(left(&rest, now + SECOND * 90), None);
    }

    #[test]
    fn no_wish_stops_payments_for_good() {
        let (rest, now) = (Rest::default(), Instant::now());
        rest.begin(now, Duration::MAX);
        assert_eq!(left(&rest, now), Some(LONGEST_REST));
    }
}
