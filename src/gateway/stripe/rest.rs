//! Leaving Stripe alone for as long as it says (`Retry-After`). That is for the account, and so for everybody who asks
//! here: the worker, webhooks, buyers who look how far their payment is, comparisons.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::gateway::{GatewayError, LONGEST_REST};

/// How long a call waits for a rest to be over, rather than to come to nothing: Stripe asks for a second or two, and what
/// comes to nothing begins anew after a pause of its own.
const PATIENCE: Duration = Duration::from_secs(3);

/// Until when nothing is asked that can wait.
#[derive(Debug, Default)]
pub(super) struct Rest(Mutex<Option<Instant>>);

impl Rest {
    /// Returns once something may be asked that can wait; at once if that is not soon.
    ///
    /// # Errors
    /// [`GatewayError::Busy`] with what is left of the rest.
    pub(super) async fn over(&self) -> Result<(), GatewayError> {
        let gives_up = Instant::now() + PATIENCE;
        while let Some(left) = self.left(Instant::now()) {
            if Instant::now() + left > gives_up {
                return Err(GatewayError::Busy { retry_after: Some(left) });
            }
            tokio::time::sleep(left).await;
        }
        Ok(())
    }

    fn left(&self, now: Instant) -> Option<Duration> {
        let left = self.until().map(|until| until.saturating_duration_since(now));
        left.filter(|left| !left.is_zero())
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

    #[test]
    fn it_lasts_as_long_as_the_longest_wish() {
        let (rest, now) = (Rest::default(), Instant::now());
        assert_eq!(rest.left(now), None);
        rest.begin(now, SECOND * 90);
        rest.begin(now, SECOND);
        assert_eq!(rest.left(now + SECOND), Some(SECOND * 89));
        assert_eq!(rest.left(now + SECOND * 90), None);
    }

    #[test]
    fn no_wish_stops_payments_for_good() {
        let (rest, now) = (Rest::default(), Instant::now());
        rest.begin(now, Duration::MAX);
        assert_eq!(rest.left(now), Some(LONGEST_REST));
    }

    #[tokio::test(start_paused = true)]
    async fn a_short_one_is_waited_for_and_a_long_one_is_not() {
        let (rest, began) = (Rest::default(), Instant::now());
        rest.begin(began, SECOND * 2);
        assert_eq!(rest.over().await, Ok(()));
        assert_eq!(began.elapsed(), SECOND * 2);
        rest.begin(Instant::now(), SECOND * 60);
        let busy = GatewayError::Busy { retry_after: Some(SECOND * 60) };
        assert_eq!(rest.over().await, Err(busy));
        assert_eq!(began.elapsed(), SECOND * 2, "at once");
    }
}
