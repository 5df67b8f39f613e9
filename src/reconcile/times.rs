//! The time that is gone through, in pieces.

use crate::domain::PaymentId;
use crate::gateway::stripe::list::Between;

/// What is gone through at a time.
const DAY_S: u64 = 24 * 60 * 60;

/// What is passed over at once if there is nothing in it: years before the first sale are a few questions each, and not
/// some for every day.
const STRETCH_S: u64 = 32 * DAY_S;

/// How far the clocks of a replica, which are in the ids of payments, may be from the replicated one.
const CLOCKS_APART_MS: u64 = 60 * 60 * 1_000;

/// What may be passed over at once.
pub(super) fn stretches(whole: Between) -> impl Iterator<Item = Between> {
    pieces(whole, STRETCH_S)
}

/// What is gone through at a time.
pub(super) fn days(stretch: Between) -> impl Iterator<Item = Between> {
    pieces(stretch, DAY_S)
}

fn pieces(Between { from_s, to_s }: Between, length_s: u64) -> impl Iterator<Item = Between> {
    let starts = (from_s..=to_s).step_by(length_s as usize);
    starts.map(move |from_s| Between { from_s, to_s: to_s.min(from_s.saturating_add(length_s - 1)) })
}

/// The first millisecond, and the first one after.
pub(super) fn in_ms(Between { from_s, to_s }: Between) -> (u64, u64) {
    (from_s.saturating_mul(1_000), to_s.saturating_add(1).saturating_mul(1_000))
}

/// The first id that a payment of this time may have, and the first one after all of them.
pub(super) fn ids_of(between: Between) -> (PaymentId, PaymentId) {
    let (from_ms, until_ms) = in_ms(between);
    (first_id(from_ms.saturating_sub(CLOCKS_APART_MS)), first_id(until_ms.saturating_add(CLOCKS_APART_MS)))
}

/// The first id that a payment may have that is made at this time: the time comes first in it.
fn first_id(unix_ms: u64) -> PaymentId {
    PaymentId::from_bytes((u128::from(unix_ms) << 80).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_follow_each_other_and_leave_nothing_out() {
        let whole = Between { from_s: 7, to_s: 7 + 2 * STRETCH_S };
        let stretches: Vec<Between> = stretches(whole).collect();
        assert_eq!(stretches.len(), 3, "the last second is in a piece of its own");
        let all: Vec<Between> = stretches.into_iter().flat_map(days).collect();
        assert_eq!((all.len(), all[0].from_s, all[all.len() - 1].to_s), (65, 7, whole.to_s));
        assert!(all.windows(2).all(|two| two[0].to_s + 1 == two[1].from_s));
        assert_eq!(pieces(Between { from_s: 2, to_s: 1 }, DAY_S).count(), 0);
    }
}
