//! Giving events to whoever fetches.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;

use super::manage::owned;
use super::work::Work;
use super::{
    ConsumerGroup, DeliveryFailure, Entity, Fetched, GroupOwnerKind, MAX_LEASES, MAX_PENDING_EVENTS,
    PendingEvent, PendingState, ResetLease, entity_of,
};
use crate::domain::asker::Party;
use crate::domain::command::FetchEvents;
use crate::domain::draft::Draft;
use crate::domain::event::Event;
use crate::domain::event_filter::{EventFilter, Viewer};
use crate::domain::rejection::{Rejection, RejectionCode};
use crate::domain::reply::Answer;
use crate::domain::tables::Tables;

/// Events that are read at once, at least: looking for the next one that concerns a group is cheap once one is found.
const MIN_READ: usize = 16;

/// Leases what is due again, and then what is new.
pub(in crate::domain) fn fetch<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &FetchEvents,
) -> Result<Answer, Rejection> {
    let group = owned(draft.tables, party, &c.name)?;
    if c.fetch == 0 {
        return Err(Rejection::internal("a fetch has no name"));
    }
    let work = Work::new(draft, group);
    if !work.may_park() {
        return Err(RejectionCode::TooManyParked.into());
    }
    let mut batch = Batch::new(work, c);
    batch.tell_again();
    batch.catch_up();
    batch.give_what_is_due();
    batch.give_what_is_new();
    let Batch { work, given, .. } = batch;
    work.stage(draft);
    Ok(Answer::Fetched(given))
}

/// What one fetch is given.
struct Batch<'t, T> {
    work: Work<'t, T>,
    filter: EventFilter,
    fetch: u64,
    events_left: usize,
    looks_left: usize,
    bytes_left: usize,
    given: Fetched,
    /// Of the entities that were met: whether the next event of it may be in this batch too.
    entities: BTreeMap<Entity, bool>,
}

impl<'t, T: Tables> Batch<'t, T> {
    fn new(work: Work<'t, T>, c: &FetchEvents) -> Self {
        let given = Fetched {
            group: work.group.number,
            sequences: Vec::new(),
            attempts: Vec::new(),
            leased_until_ms: work.at_ms.saturating_add(work.group.ack_wait_ms),
            reset_to: None,
            looks_on: false,
            fetch: c.fetch,
        };
        Self {
            filter: work.group.filter(),
            work,
            fetch: c.fetch,
            events_left: (c.limit as usize).min(MAX_LEASES),
            looks_left: c.look_at_most as usize,
            bytes_left: usize::try_from(c.bytes_at_most).unwrap_or(usize::MAX),
            given,
            entities: BTreeMap::new(),
        }
    }

    /// Whether it takes no more events.
    fn is_full(&self) -> bool {
        self.events_left == 0 || (self.bytes_left == 0 && !self.given.sequences.is_empty())
    }

    /// Goes on at the oldest event if the next one is forgotten.
    fn catch_up(&mut self) {
        let forgotten = self.work.tables.counters().events_forgotten;
        if self.work.group.cursor < forgotten {
            self.lost(forgotten);
            self.work.group.cursor = forgotten;
        }
    }

    /// Notes that an event, and so every earlier one, is forgotten. The group is told so once.
    fn lost(&mut self, sequence: u64) {
        if self.work.group.told_forgotten < sequence {
            self.work.group.told_forgotten = self.work.tables.counters().events_forgotten;
            self.tell();
        }
    }

    /// Tells this fetch what another one was told, and has not acknowledged in time.
    fn tell_again(&mut self) {
        if self.work.group.reset.is_some_and(|reset| reset.until_ms <= self.work.at_ms) {
            self.tell();
        }
    }

    fn tell(&mut self) {
        self.given.reset_to = Some(self.work.group.told_forgotten.saturating_add(1));
        self.work.group.reset = Some(ResetLease { fetch: self.fetch, until_ms: self.given.leased_until_ms });
    }

    /// Whether one more row or event may be looked at.
    fn looks(&mut self) -> bool {
        self.given.looks_on = self.looks_left == 0;
        self.looks_left = self.looks_left.saturating_sub(1);
        !self.given.looks_on
    }

    /// Gives what is ready, and what was leased and not acknowledged in time; the longest due first.
    fn give_what_is_due(&mut self) {
        let group = self.work.group.number;
        let due = self.work.tables.pending_due(group, self.work.at_ms, self.looks_left);
        let mut due: BTreeSet<(u64, u64)> = due.into_iter().collect();
        while !self.is_full()
            && let Some((_, sequence)) = due.pop_first()
            && self.looks()
        {
            let Some(row) = self.work.pending(sequence).filter(|row| self.is_due(row)) else { continue };
            let woken = match row.state() {
                PendingState::Leased => {
                    self.work.fail(&row, DeliveryFailure::TimedOut, "", 0);
                    self.work.wake(&row.entity())
                }
                PendingState::Waiting | PendingState::Ready => self.give_again(&row),
            };
            due.extend(woken.filter(|(at_ms, _)| *at_ms <= self.work.at_ms));
        }
    }

    fn is_due(&self, row: &PendingEvent) -> bool {
        row.due_at_ms().is_some_and(|due_at_ms| due_at_ms <= self.work.at_ms)
    }

    /// Gives the earliest event of an entity, or parks it. Returns what became ready by that.
    fn give_again(&mut self, row: &PendingEvent) -> Option<(u64, u64)> {
        let entity = row.entity();
        let Some(event) = self.work.event_of(row) else {
            self.lost(row.sequence);
            self.work.remove(row);
            self.work.pass_on(&entity, row.fetch);
            return self.work.wake(&entity);
        };
        if row.attempts >= self.work.group.max_deliveries {
            if !self.work.may_park() {
                return None;
            }
            self.work.park(row, event);
            self.work.pass_on(&entity, row.fetch);
            return self.work.wake(&entity);
        }
        let is_last = row.attempts > 0 && row.attempts + 1 == self.work.group.max_deliveries;
        if is_last && !self.given.sequences.is_empty() {
            return None;
        }
        let leased = self.lease(row, &event);
        self.work.put(row, leased);
        if is_last {
            // An event that has each of its members die takes the rest of their batches along. Before it is parked it is
            // tried without company, and so are those.
            self.events_left = 0;
        }
        // Whatever failed before goes ahead of its kind: those behind it would be excused again and again.
        let goes_ahead = row.attempts > 0;
        let may_follow = !goes_ahead && self.give_those_behind(&entity);
        self.work.pass_on(&entity, self.fetch);
        self.entities.insert(entity, may_follow);
        None
    }

    /// Gives what waits of an entity whose earliest event was given just now. Returns whether all of it was.
    fn give_those_behind(&mut self, entity: &Entity) -> bool {
        for sequence in self.work.list(entity, false, self.events_left.saturating_add(1)) {
            let Some(row) = self.work.pending(sequence) else { continue };
            let is_new = row.attempts == 0 && row.at_ms <= self.work.at_ms;
            if !is_new || self.is_full() || !self.looks() {
                return false;
            }
            match self.work.event_of(&row) {
                Some(event) => {
                    let leased = self.lease(&row, &event);
                    self.work.put(&row, leased);
                }
                None => {
                    self.lost(sequence);
                    self.work.remove(&row);
                }
            }
        }
        true
    }

    fn give_what_is_new(&mut self) {
        while !self.is_full() && self.work.group.pending < MAX_PENDING_EVENTS {
            let read = self.events_left.max(MIN_READ).min(self.looks_left.max(1));
            let events = self.work.tables.events_after(self.work.group.cursor, read);
            if events.is_empty() {
                return;
            }
            for event in events {
                if self.is_full() || self.work.group.pending >= MAX_PENDING_EVENTS || !self.looks() {
                    return;
                }
                self.work.group.cursor = event.sequence;
                self.take_new(&event);
            }
        }
    }

    /// Gives an event that was not looked at before, or keeps it for later.
    fn take_new(&mut self, event: &Event) {
        let Some(entity) = entity_of(event) else { return };
        if !self.filter.shows(event) {
            return;
        }
        let row = PendingEvent {
            group: self.work.group.number,
            sequence: event.sequence,
            entity: entity.to_vec(),
            state: PendingState::Waiting.into(),
            ..PendingEvent::default()
        };
        let work = &self.work;
        let is_free = || [false, true].into_iter().all(|leased| work.first(&entity, leased).is_none());
        let row =
            if *self.entities.entry(entity).or_insert_with(is_free) { self.lease(&row, event) } else { row };
        self.work.add(row);
    }

    /// Gives an event to this fetch. Returns its row as it is then.
    fn lease(&mut self, row: &PendingEvent, event: &Event) -> PendingEvent {
        let leased = PendingEvent {
            state: PendingState::Leased.into(),
            at_ms: self.given.leased_until_ms,
            fetch: self.fetch,
            attempts: row.attempts.saturating_add(1),
            excused: false,
            ..row.clone()
        };
        self.given.sequences.push(leased.sequence);
        self.given.attempts.push(leased.attempts);
        self.events_left -= 1;
        self.bytes_left = self.bytes_left.saturating_sub(event.encoded_len());
        leased
    }
}

impl ConsumerGroup {
    /// What it is told of.
    pub fn filter(&self) -> EventFilter {
        let viewer = match self.owner.kind {
            Some(GroupOwnerKind::User(user)) => Viewer::User(user),
            Some(GroupOwnerKind::Key(_)) => Viewer::Operator,
            None => Viewer::Anyone,
        };
        EventFilter { viewer, types: self.types().collect(), subject: None }
    }
}
