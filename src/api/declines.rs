//! What slows down whoever tries out cards: so many that are declined, and then a rest.
//!
//! An order bounds its own attempts, but a buyer may make one order after the other. Which cards are good is worth money to
//! whoever stole them, and each decline costs the house its standing with banks. This is a brake and no decision, so it
//! goes by the state as it is here, and nothing is written for it: it holds on every replica, and after every crash.

use std::time::Duration;

use crate::domain::{Payment, PaymentStatus, UserId};
use crate::http::{Problem, ProblemType};
use crate::saga::ABANDONED;
use crate::service::Service;

/// Declines within [`WINDOW_MS`] that are taken for a buyer's own bad luck: more than one order has attempts, and far fewer
/// than trying out stolen cards takes.
const MAX_DECLINES: usize = 30;

/// How far back they count, in milliseconds.
const WINDOW_MS: u64 = 60 * 60 * 1_000;

/// Whether this buyer may begin to pay now. One whose latest attempt was not declined may in any case: that costs them
/// the price of a ticket each time, and all others one look.
///
/// # Errors
/// [`ProblemType::TooManyRequests`] with the time to wait, and what reading the state may come to.
pub(super) fn check(service: &Service, buyer: UserId) -> Result<(), Problem> {
    let view = service.replica.view()?;
    if !view.latest_payments_of(buyer, 1)?.first().is_some_and(was_declined) {
        return Ok(());
    }
    let declined = view.latest_payments_of(buyer, MAX_DECLINES)?.into_iter().filter(was_declined);
    let times: Vec<u64> = declined.map(|payment| payment.created_at_ms).collect();
    match left_ms(&times, service.replica.now_ms()) {
        0 => Ok(()),
        left_ms => Err(Problem::new(ProblemType::TooManyRequests)
            .detail("Too many of your cards were declined")
            .retry_after(Duration::from_millis(left_ms))),
    }
}

/// That somebody gave up says nothing of a card.
fn was_declined(payment: &Payment) -> bool {
    payment.status() == PaymentStatus::Failed && payment.decline_code != ABANDONED
}

/// How long to wait after declines at these times, the latest first: until the earliest of so many counts no more.
fn left_ms(times: &[u64], now_ms: u64) -> u64 {
    let earliest = times.get(MAX_DECLINES - 1).copied();
    earliest.map_or(0, |earliest_ms| earliest_ms.saturating_add(WINDOW_MS).saturating_sub(now_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_within_an_hour_wait_for_the_first_of_them() {
        let now_ms = 10 * WINDOW_MS;
        let times: Vec<u64> = (0..MAX_DECLINES as u64).map(|number| now_ms - number * 1_000).collect();
        assert_eq!(left_ms(&times, now_ms), WINDOW_MS - 29_000);
        assert_eq!(left_ms(&times[1..], now_ms), 0, "one fewer");
        assert_eq!(left_ms(&times, now_ms + WINDOW_MS - 29_000), 0, "an hour later");
    }
}
