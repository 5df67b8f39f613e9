//! The agenda: what is owed to the gateway, and whose turn is next. Only bookkeeping: no state, no gateway, no
//! clock of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{PaymentId, UserId};
use crate::store::{Owed, Position};

/// How long a payment whose call failed waits for the next one: twice as long after each failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest such wait: a gateway that is back gets everything within so long, and one that is down is asked
/// no more often for each payment. With a call that hangs before it, it is well under a minute.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// The longest that a gateway is left alone because it says so: what it has to say holds tickets.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// How many calls may be under way at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For all buyers together.
    pub(super) calls: usize,
    /// For each of them.
    pub(super) calls_per_buyer: usize,
}

/// What is owed, and whose turn is next.
///
/// Every operation takes time that grows with the logarithm of what is owed; each payment takes 200 to 350 bytes,
/// as measured with 100 000 of one buyer and of as many.
#[derive(Debug)]
pub(super) struct Agenda {
    limits: Limits,
    payments: BTreeMap<PaymentId, Entry>,
    /// Payments in line, by buyer.
    waiting: BTreeSet<(UserId, Turn)>,
    /// The first in line of each buyer who may have one more call.
    next: BTreeSet<Next>,
    /// Payments whose call failed, by when they stand in line again.
    paused: BTreeSet<(Instant, PaymentId)>,
    /// How many calls of a buyer are under way, if any are.
    calls_of: BTreeMap<UserId, usize>,
    calls: usize,
    /// Until when nothing is begun, because the gateway wants to be left alone.
    rests_until: Option<Instant>,
}

/// A payment whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Start {
    pub(super) payment: PaymentId,
    /// How often it failed since it last got anywhere.
    pub(super) failures: u32,
}

/// A payment on the agenda.
#[derive(Debug)]
struct Entry {
    buyer: UserId,
    place: Position,
    failures: u32,
}

/// A payment in line. What was never tried comes first, the longest owed before others; then what failed, in
/// the order in which the pauses ended, so that none of it waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    retry_at: Option<Instant>,
    place: Position,
    payment: PaymentId,
}

/// A buyer's first turn. What was never tried comes first; among equals, whoever has fewer calls under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Next {
    was_tried: bool,
    calls_of_buyer: usize,
    turn: Turn,
    buyer: UserId,
}

impl Agenda {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            limits,
            payments: BTreeMap::new(),
            waiting: BTreeSet::new(),
            next: BTreeSet::new(),
            paused: BTreeSet::new(),
            calls_of: BTreeMap::new(),
            calls: 0,
            rests_until: None,
        }
    }

    /// Puts a payment on the agenda, unless it is there.
    pub(super) fn add(&mut self, owed: Owed) {
        let Owed { payment, buyer, place } = owed;
        if self.payments.contains_key(&payment) {
            return;
        }
        self.payments.insert(payment, Entry { buyer, place, failures: 0 });
        self.stand_in_line(buyer, Turn { retry_at: None, place, payment });
    }

    /// The payment whose call is to be made now, if one may be; it counts as under way until it is
    /// [`done`](Self::done), has [`failed`](Self::failed) or is to come [`later`](Self::later).
    pub(super) fn start_next(&mut self, now: Instant) -> Option<Start> {
        self.end_pauses(now);
        if self.calls >= self.limits.calls || self.rests_until.is_some() {
            return None;
        }
        let Next { turn, buyer, .. } = *self.next.first()?;
        self.change(buyer, |agenda| {
            agenda.waiting.remove(&(buyer, turn));
            *agenda.calls_of.entry(buyer).or_default() += 1;
            agenda.calls += 1;
        });
        let failures = self.payments.get(&turn.payment).map_or(0, |entry| entry.failures);
        Some(Start { payment: turn.payment, failures })
    }

    /// Takes a payment whose call was under way off the agenda.
    pub(super) fn done(&mut self, payment: PaymentId) {
        if let Some(Entry { buyer, .. }) = self.payments.remove(&payment) {
            self.end_call(buyer);
        }
    }

    /// Has a payment whose call was under way stand in line again, after a pause.
    pub(super) fn failed(&mut self, payment: PaymentId, now: Instant) {
        let Some(entry) = self.payments.get_mut(&payment) else { return };
        self.paused.insert((now + pause_after(entry.failures), payment));
        entry.failures = entry.failures.saturating_add(1);
        let buyer = entry.buyer;
        self.end_call(buyer);
    }

    /// Has a payment whose call was under way, and can get no further now, stand in line again at this time.
    pub(super) fn later(&mut self, payment: PaymentId, at: Instant) {
        let Some(entry) = self.payments.get_mut(&payment) else { return };
        entry.failures = 0;
        let buyer = entry.buyer;
        self.paused.insert((at, payment));
        self.end_call(buyer);
    }

    /// Begins nothing for so long, or for [`LONGEST_REST`] at most.
    pub(super) fn rest(&mut self, now: Instant, how_long: Duration) {
        let until = now + how_long.min(LONGEST_REST);
        self.rests_until = self.rests_until.max(Some(until));
    }

    /// When it may be somebody's turn again who waits for a time to come.
    pub(super) fn next_turn_at(&self) -> Option<Instant> {
        self.rests_until.or(self.paused.first().map(|(retry_at, _)| *retry_at))
    }

    fn end_pauses(&mut self, now: Instant) {
        self.rests_until = self.rests_until.filter(|until| now < *until);
        while let Some(&(retry_at, payment)) = self.paused.first().filter(|(retry_at, _)| *retry_at <= now) {
            self.paused.pop_first();
            if let Some(&Entry { buyer, place, .. }) = self.payments.get(&payment) {
                self.stand_in_line(buyer, Turn { retry_at: Some(retry_at), place, payment });
            }
        }
    }

    fn stand_in_line(&mut self, buyer: UserId, turn: Turn) {
        self.change(buyer, |agenda| {
            agenda.waiting.insert((buyer, turn));
        });
    }

    fn end_call(&mut self, buyer: UserId) {
        self.change(buyer, |agenda| {
            agenda.calls -= 1;
            if let Some(calls) = agenda.calls_of.get_mut(&buyer) {
                *calls -= 1;
                if *calls == 0 {
                    agenda.calls_of.remove(&buyer);
                }
            }
        });
    }

    /// Changes what is known of one buyer, and with it who is next.
    fn change(&mut self, buyer: UserId, how: impl FnOnce(&mut Self)) {
        if let Some(before) = self.next_of(buyer) {
            self.next.remove(&before);
        }
        how(self);
        self.next.extend(self.next_of(buyer));
    }

    fn next_of(&self, buyer: UserId) -> Option<Next> {
        let calls_of_buyer = self.calls_of.get(&buyer).copied().unwrap_or_default();
        if calls_of_buyer >= self.limits.calls_per_buyer {
            return None;
        }
        let &(of, turn) = self.waiting.range((buyer, Turn::FIRST)..).next()?;
        let was_tried = turn.retry_at.is_some();
        (of == buyer).then_some(Next { was_tried, calls_of_buyer, turn, buyer })
    }
}

impl Turn {
    /// Comes before every other.
    const FIRST: Self = Self {
        retry_at: None,
        place: Position { sort_key: 0, number: 0 },
        payment: PaymentId::from_bytes([0; 16]),
    };
}

fn pause_after(failures_before: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures_before)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { calls: 6, calls_per_buyer: 2 };

    fn payment(number: u64) -> PaymentId {
        PaymentId::from_bytes(u128::from(number).to_be_bytes())
    }

    fn owed(number: u64, buyer: u8) -> Owed {
        let place = Position { sort_key: number, number };
        Owed { payment: payment(number), buyer: UserId::from_bytes([buyer; 16]), place }
    }

    fn agenda(owed: impl IntoIterator<Item = Owed>) -> Agenda {
        let mut agenda = Agenda::new(LIMITS);
        owed.into_iter().for_each(|owed| agenda.add(owed));
        agenda
    }

    fn start_all(agenda: &mut Agenda, now: Instant) -> Vec<PaymentId> {
        std::iter::from_fn(|| agenda.start_next(now)).map(|start| start.payment).collect()
    }

    fn payments(numbers: impl IntoIterator<Item = u64>) -> Vec<PaymentId> {
        numbers.into_iter().map(payment).collect()
    }

    #[test]
    fn calls_are_bounded_for_each_buyer_and_for_all() {
        let now = Instant::now();
        let mut agenda = agenda((0..100).map(|number| owed(number, 1)));
        assert_eq!(start_all(&mut agenda, now), payments(0..2));
        (100..110).for_each(|number| agenda.add(owed(number, number as u8)));
        assert_eq!(start_all(&mut agenda, now), payments(100..104));
        agenda.done(payment(0));
        assert_eq!(
            start_all(&mut agenda, now),
            payments([104]),
            "has none under way, unlike the first buyer"
        );
        agenda.done(payment(1));
        assert_eq!(start_all(&mut agenda, now), payments([2]), "nor has the first buyer, and is owed longer");
        for (done, next) in (100..105).zip(105..110) {
            agenda.done(payment(done));
            assert_eq!(start_all(&mut agenda, now), payments([next]));
        }
        agenda.done(payment(105));
        assert_eq!(start_all(&mut agenda, now), payments([3]));
        agenda.done(payment(106));
        assert_eq!(
            start_all(&mut agenda, now),
            [],
            "the first buyer has two under way, and others no more due"
        );
    }

    #[test]
    fn what_failed_waits_longer_each_time_and_up_to_a_bound() {
        let mut now = Instant::now();
        let mut agenda = agenda([owed(0, 1)]);
        for pause_secs in [1, 2, 4, 8, 15, 15, 15, 15, 15] {
            assert_eq!(start_all(&mut agenda, now), payments([0]));
            agenda.failed(payment(0), now);
            let ends = agenda.next_turn_at().expect("it waits");
            assert_eq!(ends - now, Duration::from_secs(pause_secs));
            assert_eq!(start_all(&mut agenda, ends - Duration::from_nanos(1)), []);
            now = ends;
        }
        assert_eq!(pause_after(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn what_failed_holds_no_place_and_stands_behind_what_was_never_tried() {
        let now = Instant::now();
        let mut agenda = agenda((0..6).map(|number| owed(number, number as u8)));
        for payment in start_all(&mut agenda, now) {
            agenda.failed(payment, now);
        }
        (6..12).for_each(|number| agenda.add(owed(number, number as u8)));
        let later = now + LONGEST_PAUSE;
        assert_eq!(start_all(&mut agenda, later), payments(6..12), "never tried");
        (6..12).for_each(|number| agenda.done(payment(number)));
        assert_eq!(start_all(&mut agenda, later), payments(0..6), "tried again");
    }

    #[test]
    fn what_failed_is_tried_again_in_turn() {
        let mut now = Instant::now();
        let mut agenda = agenda((0..30).map(|number| owed(number, number as u8)));
        let mut tries = BTreeMap::new();
        for _ in 0..500 {
            let started = start_all(&mut agenda, now);
            for payment in started {
                *tries.entry(payment).or_insert(0) += 1;
                agenda.failed(payment, now);
            }
            now += LONGEST_PAUSE / 10;
        }
        let (fewest, most) = (tries.values().min(), tries.values().max());
        assert_eq!(tries.len(), 30);
        assert!(most.zip(fewest).is_some_and(|(most, fewest)| most - fewest <= 2), "{tries:?}");
    }

    #[test]
    fn what_is_done_leaves_nothing_behind() {
        let now = Instant::now();
        let mut agenda = agenda((0..50).map(|number| owed(number, (number % 7) as u8)));
        agenda.add(owed(3, 3));
        let mut later = now;
        while let Some(Start { payment, failures }) = agenda.start_next(later) {
            // Everything fails once.
            if failures == 0 {
                agenda.failed(payment, later);
            } else {
                agenda.done(payment);
            }
            later += FIRST_PAUSE;
        }
        assert_eq!(agenda.calls, 0);
        assert!(agenda.payments.is_empty() && agenda.calls_of.is_empty(), "{agenda:?}");
        assert!(agenda.waiting.is_empty() && agenda.next.is_empty(), "{agenda:?}");
        assert!(agenda.paused.is_empty(), "{agenda:?}");
    }

    #[test]
    fn what_waits_for_somebody_comes_at_its_time_as_if_it_had_never_failed() {
        let now = Instant::now();
        let mut agenda = agenda([owed(0, 1)]);
        for _ in 0..3 {
            let start = agenda.start_next(now + LONGEST_PAUSE).expect("its turn");
            agenda.failed(start.payment, now);
        }
        let start = agenda.start_next(now + LONGEST_PAUSE).expect("its turn");
        assert_eq!(start, Start { payment: payment(0), failures: 3 });
        let at = now + 4 * LONGEST_PAUSE;
        agenda.later(payment(0), at);
        assert_eq!(agenda.next_turn_at(), Some(at));
        assert_eq!(agenda.start_next(at - Duration::from_nanos(1)), None);
        assert_eq!(agenda.start_next(at), Some(Start { payment: payment(0), failures: 0 }));
    }

    #[test]
    fn a_gateway_that_wants_to_be_left_alone_is_for_a_while() {
        let now = Instant::now();
        let mut agenda = agenda((0..2).map(|number| owed(number, number as u8)));
        let Some(Start { payment, .. }) = agenda.start_next(now) else { panic!("its turn") };
        agenda.failed(payment, now);
        agenda.rest(now, Duration::from_secs(5));
        agenda.rest(now, Duration::from_secs(2));
        let rested = now + Duration::from_secs(5);
        assert_eq!(agenda.next_turn_at(), Some(rested));
        assert_eq!(agenda.start_next(rested - Duration::from_nanos(1)), None);
        assert_eq!(start_all(&mut agenda, rested).len(), 2);
        agenda.rest(now, Duration::from_secs(3_600));
        assert_eq!(agenda.next_turn_at(), Some(now + LONGEST_REST));
    }
}
