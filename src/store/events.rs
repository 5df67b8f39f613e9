//! The outbox, as those read it who are told what happens.

use prost::Message;

use super::StoreError;
use super::rows::damaged;
use super::schema::Table;
use super::view::View;
use crate::domain::{Counters, Event, Order, OrderId, Subject};

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
