//! The agenda: what is owed to the gateway, and whose turn is next. Only bookkeeping: no state, no gateway, no
//! clock of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use tokio::time::Instant;

use crate::domain::{PaymentId, UserId};
use crate::saga::LONGEST_REST;
use crate::store::{Owed, Position};

/// How long a payment whose call failed waits for the next one: twice as long after each failure.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest such wait: a gateway that is back gets everything within so long, and one that is down is asked
/// no more often for each payment. With a call that hangs before it, it is well under a minute.
const LONGEST_PAUSE: Duration = Duration::from_secs(15);

/// How many calls may be under way at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// For all buyers together.
    pub(super) calls: usize,
    /// For each of them.
    pub(super) calls_per_buyer: usize,
    /// Of what is urgent: as many beyond the others, and as many while the gateway is left alone.
    pub(super) urgent_calls: usize,
}

/// What is owed, and whose turn is next.
///
/// Every operation takes time that grows with the logarithm of what is owed; each payment takes some
/// 450 bytes at most.
#[derive(Debug)]
pub(super) struct Agenda {
    limits: Limits,
    payments: BTreeMap<PaymentId, Entry>,
    /// Payments in line, by buyer.
    waiting: BTreeSet<(UserId, Turn)>,
    /// The first in line of each buyer who may have one more call.
    next: BTreeSet<Next>,
    /// Payments that wait for a time to come, by when they stand in line again.
    paused: BTreeSet<(Instant, PaymentId)>,
    /// Those in line or paused, by when they may have a turn that is urgent.
    deadlines: BTreeSet<(Instant, PaymentId)>,
    /// How many calls of a buyer are under way, if any are.
    calls_of: BTreeMap<UserId, usize>,
    /// Under way, apart from what is urgent.
    calls: usize,
    urgent_calls: usize,
    /// Until when nothing is begun that can wait, because the gateway wants to be left alone.
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
    /// From when on its turn is urgent.
    urgent_at: Option<Instant>,
    /// What it is owed has changed: its turn is now.
    is_hurried: bool,
    stands: Stands,
}

/// Where a payment on the agenda is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stands {
    InLine(Turn),
    Paused(Instant),
    UnderWay { is_urgent: bool },
}

/// What comes before what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// The time that there is for it runs out: it comes before everything, and a few places are kept for it.
    Urgent,
    /// Never tried.
    New,
    /// It failed, or waited for somebody.
    Tried,
}

/// A payment in line. What is urgent comes first; then what was never tried, the longest owed before others; then what
/// failed, in the order in which the pauses ended, so that none of it waits for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    class: Class,
    retry_at: Option<Instant>,
    place: Position,
    payment: PaymentId,
}

/// A buyer's first turn. Among equals, whoever has fewer calls under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Next {
    class: Class,
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
            deadlines: BTreeSet::new(),
            calls_of: BTreeMap::new(),
            calls: 0,
            urgent_calls: 0,
            rests_until: None,
        }
    }

    /// How many payments are on it.
    pub(super) fn len(&self) -> usize {
        self.payments.len()
    }

    /// Puts a payment on the agenda, unless it is there.
    pub(super) fn add(&mut self, owed: Owed) {
        let Owed { payment, buyer, place } = owed;
        if self.payments.contains_key(&payment) {
            return;
        }
        let turn = Turn { class: Class::New, retry_at: None, place, payment };
        let stands = Stands::InLine(turn);
        let entry = Entry { buyer, place, failures: 0, urgent_at: None, is_hurried: false, stands };
        self.payments.insert(payment, entry);
        self.stand_in_line(buyer, turn);
    }

    /// Puts a payment on the agenda. One that is there under another place is owed something else since, and has its
    /// turn at once.
    pub(super) fn add_or_hurry(&mut self, owed: Owed) {
        match self.payments.get_mut(&owed.payment) {
            Some(entry) if entry.place == owed.place => {}
            Some(entry) => {
                entry.place = owed.place;
                entry.is_hurried = true;
                self.move_up(owed.payment);
            }
            None => self.add(owed),
        }
    }

    /// The payment whose call is to be made now, if one may be; it counts as under way until it is
    /// [`done`](Self::done), has [`failed`](Self::failed) or is to come [`later`](Self::later).
    pub(super) fn start_next(&mut self, now: Instant) -> Option<Start> {
        self.end_pauses(now);
        let Next { class, turn, buyer, .. } = *self.next.first()?;
        // What is urgent and finds its places taken, takes one of the others.
        let is_urgent = class == Class::Urgent && self.urgent_calls < self.limits.urgent_calls;
        if !is_urgent && (self.calls >= self.limits.calls || self.rests_until.is_some()) {
            return None;
        }
        self.change(buyer, |agenda| {
            agenda.waiting.remove(&(buyer, turn));
            *agenda.calls_of.entry(buyer).or_default() += 1;
            *if is_urgent { &mut agenda.urgent_calls } else { &mut agenda.calls } += 1;
        });
        self.forget_deadline(turn.payment);
        let entry = self.payments.get_mut(&turn.payment)?;
        entry.stands = Stands::UnderWay { is_urgent };
        entry.is_hurried = false;
        Some(Start { payment: turn.payment, failures: entry.failures })
    }

    /// Takes a payment whose call was under way off the agenda.
    pub(super) fn done(&mut self, payment: PaymentId) {
        if let Some(Entry { buyer, stands, .. }) = self.payments.remove(&payment) {
            self.end_call(buyer, stands);
        }
    }

    /// Has a payment whose call was under way stand in line again, after a pause; `urgent_at` is from when on its turn
    /// is urgent.
    pub(super) fn failed(&mut self, payment: PaymentId, now: Instant, urgent_at: Option<Instant>) {
        let Some(entry) = self.payments.get_mut(&payment) else { return };
        let pause = pause_after(entry.failures);
        entry.failures = entry.failures.saturating_add(1);
        // What becomes urgent meanwhile is not kept waiting.
        let at = urgent_at.filter(|urgent_at| *urgent_at > now).unwrap_or(now + pause).min(now + pause);
        self.pause(payment, at, urgent_at);
    }

    /// Has a payment whose call was under way, and can get no further now, stand in line again at this time.
    pub(super) fn later(&mut self, payment: PaymentId, at: Instant, urgent_at: Option<Instant>) {
        let Some(entry) = self.payments.get_mut(&payment) else { return };
        entry.failures = 0;
        self.pause(payment, urgent_at.map_or(at, |urgent_at| urgent_at.min(at)), urgent_at);
    }

    fn pause(&mut self, payment: PaymentId, at: Instant, urgent_at: Option<Instant>) {
        let Some(entry) = self.payments.get_mut(&payment) else { return };
        let (buyer, stood, is_hurried) = (entry.buyer, entry.stands, entry.is_hurried);
        entry.stands = Stands::Paused(at);
        entry.urgent_at = urgent_at;
        self.paused.insert((at, payment));
        if let Some(urgent_at) = urgent_at {
            self.deadlines.insert((urgent_at.max(at), payment));
        }
        self.end_call(buyer, stood);
        if is_hurried {
            self.move_up(payment);
        }
    }

    /// Begins nothing that can wait for so long, or for [`LONGEST_REST`] at most.
    pub(super) fn rest(&mut self, now: Instant, how_long: Duration) {
        let until = now + how_long.min(LONGEST_REST);
        self.rests_until = self.rests_until.max(Some(until));
    }

    /// When it may be somebody's turn again who waits for a time to come.
    pub(super) fn next_turn_at(&self) -> Option<Instant> {
        let first = |set: &BTreeSet<(Instant, PaymentId)>| set.first().map(|(at, _)| *at);
        let urgent = first(&self.deadlines);
        let other = self.rests_until.or(first(&self.paused));
        urgent.into_iter().chain(other).min()
    }

    fn end_pauses(&mut self, now: Instant) {
        self.rests_until = self.rests_until.filter(|until| now < *until);
        while let Some(&(retry_at, payment)) = self.paused.first().filter(|(retry_at, _)| *retry_at <= now) {
            self.paused.pop_first();
            let Some(entry) = self.payments.get_mut(&payment) else { continue };
            let turn = Turn { class: Class::Tried, retry_at: Some(retry_at), place: entry.place, payment };
            entry.stands = Stands::InLine(turn);
            let buyer = entry.buyer;
            self.stand_in_line(buyer, turn);
        }
        while let Some(&(_, payment)) = self.deadlines.first().filter(|(at, _)| *at <= now) {
            self.deadlines.pop_first();
            self.move_up(payment);
        }
    }

    /// Has a payment in line, or paused, stand before all that is not urgent.
    fn move_up(&mut self, payment: PaymentId) {
        self.forget_deadline(payment);
        let Some(entry) = self.payments.get_mut(&payment) else { return };
        let (buyer, stood) = (entry.buyer, entry.stands);
        let retry_at = match stood {
            Stands::UnderWay { .. } => return,
            Stands::InLine(turn) => turn.retry_at,
            Stands::Paused(at) => Some(at),
        };
        let turn = Turn { class: Class::Urgent, retry_at, place: entry.place, payment };
        entry.stands = Stands::InLine(turn);
        match stood {
            Stands::Paused(at) => drop(self.paused.remove(&(at, payment))),
            Stands::InLine(before) => self.change(buyer, |agenda| {
                agenda.waiting.remove(&(buyer, before));
            }),
            Stands::UnderWay { .. } => {}
        }
        self.stand_in_line(buyer, turn);
    }

    fn forget_deadline(&mut self, payment: PaymentId) {
        let Some(Entry { urgent_at: Some(urgent_at), stands, .. }) = self.payments.get(&payment) else {
            return;
        };
        let at = match stands {
            Stands::Paused(at) | Stands::InLine(Turn { retry_at: Some(at), .. }) => *at,
            Stands::InLine(_) | Stands::UnderWay { .. } => return,
        };
        self.deadlines.remove(&(at.max(*urgent_at), payment));
    }

    fn stand_in_line(&mut self, buyer: UserId, turn: Turn) {
        self.change(buyer, |agenda| {
            agenda.waiting.insert((buyer, turn));
        });
    }

    fn end_call(&mut self, buyer: UserId, stood: Stands) {
        let Stands::UnderWay { is_urgent } = stood else { return };
        self.change(buyer, |agenda| {
            *if is_urgent { &mut agenda.urgent_calls } else { &mut agenda.calls } -= 1;
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
        (of == buyer).then_some(Next { class: turn.class, calls_of_buyer, turn, buyer })
    }
}

impl Turn {
    /// Comes before every other.
    const FIRST: Self = Self {
        class: Class::Urgent,
        retry_at: None,
        place: Position { sort_key: 0, number: 0 },
        payment: PaymentId::from_bytes([0; 16]),
    };
}

fn pause_after(failures_before: u32) -> Duration {
    FIRST_PAUSE.saturating_mul(2_u32.saturating_pow(failures_before)).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests;
