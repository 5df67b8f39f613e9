//! The outbox, as those read it who are told what happens.

use prost::Message;

use super::StoreError;
use super::rows::damaged;
use super::schema::Table;
use super::view::View;
use crate::domain::{Counters, Event, Order, OrderId, Subject};

/// Events that are looked at to learn what all of them take.
const SAMPLED_EVENTS: u64 = 64;

/// What the database takes for a row besides the event itself, by and large.
const ROW_BYTES: u64 = 24;

/// Which events there are: all from the oldest to the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventsKept {
    /// The first sequence that is kept; one more than the newest if none is.
    pub oldest: u64,
    /// The last sequence that was given out; 0 before there was any event.
    pub newest: u64,
}

impl EventsKept {
    /// How many there are.
    pub fn count(self) -> u64 {
        self.newest.saturating_add(1).saturating_sub(self.oldest)
    }

    /// Whether nothing was forgotten that comes after this sequence.
    pub fn has_all_after(self, sequence: u64) -> bool {
        sequence.saturating_add(1) >= self.oldest
    }
}

/// How much the events take that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventsBytes {
    /// Which they are.
    pub kept: EventsKept,
    /// What one of them takes, in the mean.
    pub mean: u64,
}

impl EventsBytes {
    /// All of them, by and large.
    pub fn total(self) -> u64 {
        self.kept.count().saturating_mul(self.mean)
    }

    /// The last sequence to be forgotten for the rest to take no more than this; `None` if they do not.
    pub fn last_beyond(self, max_bytes: u64) -> Option<u64> {
        let may_stay = max_bytes.checked_div(self.mean)?;
        let too_many = self.kept.count().checked_sub(may_stay).filter(|&count| count > 0)?;
        Some(self.kept.oldest - 1 + too_many)
    }
}

impl View {
    /// Which events there are.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn events_kept(&self) -> Result<EventsKept, StoreError> {
        let counters = self.counters()?;
        Ok(EventsKept { oldest: counters.events_forgotten.saturating_add(1), newest: counters.events })
    }

    /// The event with this sequence, if it is kept.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn event(&self, sequence: u64) -> Result<Option<Event>, StoreError> {
        let event = self.row(Table::Outbox, &sequence.to_be_bytes())?;
        event.map(|event| self.with_buyer(event)).transpose()
    }

    /// The first events after this sequence, so many at most. Those of deadlines that passed name their buyers, whenever
    /// they were written.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn events_after(&self, sequence: u64, at_most: usize) -> Result<Vec<Event>, StoreError> {
        let Some(first) = sequence.checked_add(1) else { return Ok(Vec::new()) };
        let entries = self.entries(Table::Outbox, &first.to_be_bytes(), None)?.take(at_most);
        entries
            .map(|entry| {
                let (_, row) = entry?;
                self.with_buyer(Event::decode(row.value()).map_err(|error| damaged(Table::Outbox, error))?)
            })
            .collect()
    }

    /// How many bytes the events take that are kept, by the mean of some of them: all would have to be read to know it.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn events_bytes(&self) -> Result<EventsBytes, StoreError> {
        let kept = self.events_kept()?;
        let count = kept.count();
        let sampled = count.min(SAMPLED_EVENTS);
        let mut sum = 0;
        for number in 0..sampled {
            // Spread over all of them, the newest included.
            let sequence =
                kept.newest - (u128::from(number) * u128::from(count) / u128::from(sampled)) as u64;
            sum += self.event(sequence)?.map_or(0, |event| event.encoded_len() as u64) + ROW_BYTES;
        }
        Ok(EventsBytes { kept, mean: sum.checked_div(sampled).unwrap_or(0) })
    }

    /// The last event that is kept and was committed by this time on the replicated clock, in milliseconds; `None` if
    /// there is none. It looks at as many events as their number has binary digits.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn last_event_by(&self, at_ms: u64) -> Result<Option<u64>, StoreError> {
        let kept = self.events_kept()?;
        // All before `from` were committed by then, and none from `until` on was.
        let (mut from, mut until) = (kept.oldest, kept.newest.saturating_add(1));
        while from < until {
            let middle = from + (until - from) / 2;
            match self.event(middle)?.is_none_or(|event| event.at_ms <= at_ms) {
                true => from = middle + 1,
                false => until = middle,
            }
        }
        Ok((from > kept.oldest).then(|| from - 1))
    }

    /// The numbers given out so far.
    pub(super) fn counters(&self) -> Result<Counters, StoreError> {
        Ok(self.row(Table::Counters, &[])?.unwrap_or_default())
    }

    fn with_buyer(&self, event: Event) -> Result<Event, StoreError> {
        let mut failure = None;
        let event = with_buyer(event, |order| {
            self.order(order).unwrap_or_else(|error| {
                failure = Some(error);
                None
            })
        });
        failure.map_or(Ok(event), Err)
    }
}

/// The event, with the buyer in it whose order's deadline passed: events that are older than feature level 2 lack them.
pub(super) fn with_buyer(event: Event, order: impl FnOnce(OrderId) -> Option<Order>) -> Event {
    match (&event.subject, event.buyer_of_expiration) {
        (Some(Subject::Expiration(id)), None) => {
            let buyer = order(*id).map(|order| order.buyer);
            Event { buyer_of_expiration: buyer, ..event }
        }
        _ => event,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_forgotten_and_no_more() {
        let bytes = |oldest, newest, mean| EventsBytes { kept: EventsKept { oldest, newest }, mean };
        assert_eq!(bytes(1, 10, 100).total(), 1_000);
        assert_eq!(bytes(1, 10, 100).last_beyond(1_000), None);
        assert_eq!(bytes(1, 10, 100).last_beyond(999), Some(1));
        assert_eq!(bytes(5, 10, 100).last_beyond(250), Some(8), "two may stay");
        assert_eq!(bytes(5, 10, 100).last_beyond(50), Some(10));
        assert_eq!(bytes(11, 10, 0).last_beyond(50), None, "there is none");
        assert_eq!((bytes(11, 10, 0).kept.count(), bytes(11, 10, 0).total()), (0, 0));
    }
}
