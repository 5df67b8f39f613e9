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

/// Attempts within [`WINDOW_MS`] of which nothing came, or not yet, that a buyer may begin beside them without paying for
/// anything: they say nothing of a card, but all of them are looked at.
const MAX_FRUITLESS: usize = 300;

/// Charges under way that are looked past for a card that was declined: a buyer who has more of them at once buys a lot, and
/// each look is one more read.
const MAX_UNDER_WAY: usize = 8;

/// How far back they count, in milliseconds.
const WINDOW_MS: u64 = 60 * 60 * 1_000;

/// What an attempt says of whoever made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    /// A card was refused.
    Declined,
    /// Money moved.
    Paid,
    /// They gave up, or it waits for them.
    Fruitless,
    /// A card is being charged: it is over in a moment.
    UnderWay,
}

/// Whether this buyer may begin to pay now. One whose latest card was not declined may in any case: that costs them the
/// price of a ticket each time, and all others a look or two.
///
/// # Errors
/// [`ProblemType::TooManyRequests`] with the time to wait, and what reading the state may come to.
pub(super) fn check(service: &Service, buyer: UserId) -> Result<(), Problem> {
    let view = service.replica.view()?;
    let attempts = view.latest_payments_of(buyer)?;
    let attempts = attempts.map(|payment| payment.map(|payment| (payment.created_at_ms, sign_of(&payment))));
    match left_ms(attempts, service.replica.now_ms())? {
        0 => Ok(()),
        left_ms => Err(Problem::new(ProblemType::TooManyRequests)
            .detail("Too many of your attempts to pay came to nothing, or are still under way")
            .retry_after(Duration::from_millis(left_ms))),
    }
}

fn sign_of(payment: &Payment) -> Sign {
    match payment.status() {
        PaymentStatus::Failed if payment.decline_code != ABANDONED => Sign::Declined,
        PaymentStatus::Failed => Sign::Fruitless,
        PaymentStatus::Processing if payment.waits_for_buyer() => Sign::Fruitless,
        PaymentStatus::Processing => Sign::UnderWay,
        PaymentStatus::Succeeded | PaymentStatus::Refunding | PaymentStatus::Refunded => Sign::Paid,
    }
}

/// How long to wait after attempts at these times, the latest first: until the earliest of so many counts no more.
fn left_ms<E>(attempts: impl Iterator<Item = Result<(u64, Sign), E>>, now_ms: u64) -> Result<u64, E> {
    let (mut declined, mut fruitless, mut under_way) = (0, 0, 0);
    for attempt in attempts {
        let (at_ms, sign) = attempt?;
        let left_ms = at_ms.saturating_add(WINDOW_MS).saturating_sub(now_ms);
        match sign {
            _ if left_ms == 0 => break,
            Sign::Declined => declined += 1,
            Sign::Fruitless => fruitless += 1,
            Sign::Paid if declined == 0 => break,
            Sign::Paid => {}
            Sign::UnderWay => under_way += 1,
        }
        if declined == 0 && under_way == MAX_UNDER_WAY {
            break;
        }
        if declined == MAX_DECLINES || fruitless == MAX_FRUITLESS {
            return Ok(left_ms);
        }
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;

    const NOW_MS: u64 = 10 * WINDOW_MS;

    /// How long to wait after these, a second between any two of them.
    fn left(attempts: impl Iterator<Item = Sign>) -> u64 {
        let timed = attempts.zip(0..).map(|(sign, number)| Ok((NOW_MS - number * 1_000, sign)));
        let Ok::<_, Infallible>(left_ms) = left_ms(timed, NOW_MS);
        left_ms
    }

    fn so_many(count: usize, sign: Sign) -> impl Iterator<Item = Sign> + Clone {
        std::iter::repeat_n(sign, count)
    }

    #[test]
    fn so_many_within_an_hour_wait_for_the_first_of_them() {
        let declines = || so_many(MAX_DECLINES, Sign::Declined);
        assert_eq!(left(declines()), WINDOW_MS - 29_000);
        assert_eq!(left(declines().skip(1)), 0, "one fewer");
        let old = declines().map(|sign| Ok::<_, Infallible>((NOW_MS - WINDOW_MS, sign)));
        assert_eq!(left_ms(old, NOW_MS), Ok(0), "an hour later");
    }

    #[test]
    fn attempts_of_which_nothing_came_hide_no_declines() {
        let declines = || so_many(MAX_DECLINES, Sign::Declined);
        let between = declines().flat_map(|declined| [Sign::Fruitless, declined]);
        assert_eq!(left(between), WINDOW_MS - 59_000);
        assert_eq!(
            left(so_many(MAX_FRUITLESS, Sign::Fruitless)),
            WINDOW_MS - 299_000,
            "and have a bound too"
        );
        assert_eq!(left(so_many(MAX_FRUITLESS - 1, Sign::Fruitless).chain(declines().skip(1))), 0);
    }

    #[test]
    fn whose_latest_card_was_good_goes_on() {
        let declines = || so_many(MAX_DECLINES, Sign::Declined);
        assert_eq!(left([Sign::Paid].into_iter().chain(declines())), 0);
        assert_eq!(left([Sign::Fruitless, Sign::Paid].into_iter().chain(declines())), 0);
        assert_ne!(left([Sign::UnderWay].into_iter().chain(declines())), 0, "it is not known to be good yet");
        assert_eq!(
            left(so_many(MAX_UNDER_WAY, Sign::UnderWay).chain(declines())),
            0,
            "and many are not looked past"
        );
        let paid_between = declines().flat_map(|declined| [declined, Sign::Paid]);
        assert_ne!(left(paid_between), 0, "one that was good before says nothing of the next");
    }
}
