//! A group's rows as one command is about to leave them: what it has changed already, over what is in the tables.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ConsumerGroup, DeliveryFailure, Entity, MAX_LEASES, MAX_PARKED_EVENTS, ParkedEvent, PendingEvent,
    PendingState,
};
use crate::domain::command::Lease;
use crate::domain::draft::Draft;
use crate::domain::event::Event;
use crate::domain::tables::{Change, Tables};

/// A group and its rows, with the changes of the command under way.
pub(super) struct Work<'t, T> {
    pub(super) tables: &'t T,
    /// The command's time, in milliseconds on the replicated clock.
    pub(super) at_ms: u64,
    pub(super) group: ConsumerGroup,
    before: ConsumerGroup,
    pending: BTreeMap<u64, Staged<PendingEvent>>,
    /// Which of those rows are about what.
    by_entity: BTreeMap<Entity, BTreeSet<u64>>,
    parked: BTreeMap<u64, Staged<ParkedEvent>>,
}

/// A row as it was, and as it is to be.
struct Staged<R> {
    old: Option<R>,
    new: Option<R>,
}

impl<'t, T: Tables> Work<'t, T> {
    pub(super) fn new(draft: &Draft<'t, T>, group: ConsumerGroup) -> Self {
        Self {
            tables: draft.tables,
            at_ms: draft.at_ms,
            before: group.clone(),
            group,
            pending: BTreeMap::new(),
            by_entity: BTreeMap::new(),
            parked: BTreeMap::new(),
        }
    }

    /// Stages all that has changed.
    pub(super) fn stage(self, draft: &mut Draft<'_, T>) {
        for Staged { old, new } in self.pending.into_values() {
            if old != new {
                draft.change(Change::PendingEvent { old, new });
            }
        }
        for Staged { old, new } in self.parked.into_values() {
            if old != new {
                draft.change(Change::ParkedEvent { old, new });
            }
        }
        if self.group != self.before {
            draft.change(Change::ConsumerGroup { old: Some(self.before), new: Some(self.group) });
        }
    }

    /// The event under way.
    pub(super) fn pending(&self, sequence: u64) -> Option<PendingEvent> {
        match self.pending.get(&sequence) {
            Some(staged) => staged.new.clone(),
            None => self.tables.pending_event(self.group.number, sequence),
        }
    }

    /// Writes a row that was not there before.
    pub(super) fn add(&mut self, row: PendingEvent) {
        self.replace(None, Some(row));
    }

    /// Writes a row that was there.
    pub(super) fn put(&mut self, old: &PendingEvent, new: PendingEvent) {
        self.replace(Some(old), Some(new));
    }

    pub(super) fn remove(&mut self, old: &PendingEvent) {
        self.replace(Some(old), None);
    }

    /// `old` is the row as it is by now.
    fn replace(&mut self, old: Option<&PendingEvent>, new: Option<PendingEvent>) {
        let Some(row) = new.as_ref().or(old) else { return };
        let (sequence, entity) = (row.sequence, row.entity());
        let counted = |row: Option<&PendingEvent>| {
            (u64::from(row.is_some()), u64::from(row.is_some_and(PendingEvent::is_leased)))
        };
        let ((pending_before, leased_before), (pending_now, leased_now)) =
            (counted(old), counted(new.as_ref()));
        self.group.pending = (self.group.pending + pending_now).saturating_sub(pending_before);
        self.group.leased = (self.group.leased + leased_now).saturating_sub(leased_before);
        self.by_entity.entry(entity).or_default().insert(sequence);
        let staged = self.pending.entry(sequence).or_insert_with(|| Staged { old: old.cloned(), new: None });
        staged.new = new;
    }

    /// The first events under way of an entity, leased ones or the others, in order.
    pub(super) fn list(&self, entity: &Entity, leased: bool, at_most: usize) -> Vec<u64> {
        let staged = self.by_entity.get(entity);
        // As many as are staged may be there no more, or in another state.
        let look_at = at_most.saturating_add(staged.map_or(0, BTreeSet::len));
        let stored = self.tables.pending_of_entity(self.group.number, entity, leased, look_at);
        let is_staged = |sequence: &u64| staged.is_some_and(|staged| staged.contains(sequence));
        let mut found: Vec<u64> = stored.into_iter().filter(|sequence| !is_staged(sequence)).collect();
        let now = |sequence: &&u64| {
            let row = self.pending.get(sequence).and_then(|staged| staged.new.as_ref());
            row.is_some_and(|row| row.is_leased() == leased)
        };
        found.extend(staged.into_iter().flatten().filter(now));
        found.sort_unstable();
        found.truncate(at_most);
        found
    }

    /// The first event under way of an entity, among leased ones or the others.
    pub(super) fn first(&self, entity: &Entity, leased: bool) -> Option<u64> {
        self.list(entity, leased, 1).first().copied()
    }

    /// Whether an earlier event of its entity is under way.
    fn is_behind(&self, row: &PendingEvent) -> bool {
        let entity = row.entity();
        [false, true]
            .into_iter()
            .any(|leased| self.first(&entity, leased).is_some_and(|first| first < row.sequence))
    }

    /// Ends a lease without an acknowledgement. It is for nobody before `not_before_ms`.
    ///
    /// Others of its entity in the same batch, which came after it, are excused: nobody can deal with them before it. Then
    /// a delivery that ended so does not count, so that one bad event does not park those that follow.
    pub(super) fn fail(
        &mut self,
        row: &PendingEvent,
        failure: DeliveryFailure,
        reason: &str,
        not_before_ms: u64,
    ) {
        let mut failed = row.clone();
        if !failed.excused {
            self.excuse_those_after(row);
            if self.is_behind(row) {
                excuse(&mut failed);
            }
        }
        failed.set_state(PendingState::Waiting);
        failed.at_ms = not_before_ms;
        failed.set_failure(failure);
        failed.reason = reason.to_owned();
        self.put(row, failed);
    }

    fn excuse_those_after(&mut self, row: &PendingEvent) {
        for sequence in self.list(&row.entity(), true, usize::MAX) {
            let Some(later) = self.pending(sequence).filter(|_| sequence > row.sequence) else { continue };
            if !later.excused {
                let mut excused = later.clone();
                excuse(&mut excused);
                self.put(&later, excused);
            }
        }
    }

    /// Makes the earliest event of an entity ready, unless others of it are leased. Returns from when on it is, and which.
    pub(super) fn wake(&mut self, entity: &Entity) -> Option<(u64, u64)> {
        let head = self.first(entity, false)?;
        if self.first(entity, true).is_some() {
            return None;
        }
        let row = self.pending(head).filter(|row| row.state() == PendingState::Waiting)?;
        let mut ready = row.clone();
        ready.set_state(PendingState::Ready);
        ready.at_ms = row.at_ms.max(self.at_ms);
        let place = (ready.at_ms, head);
        self.put(&row, ready);
        Some(place)
    }

    /// Has what comes next of an entity be this fetch's as well, if it was another's that is late: what came before it is
    /// this one's, or was. Those behind it follow, by [`Work::passed_from`].
    pub(super) fn pass_on(&mut self, entity: &Entity, fetch: u64) {
        let next = self.first(entity, false).and_then(|next| self.pending(next));
        if let Some(row) = next.filter(|row| row.fetch != 0 && row.fetch != fetch) {
            self.put(&row, PendingEvent { fetch, ..row.clone() });
        }
    }

    /// From which event of an entity on leases of this fetch count no more unless they last: the first one that passed to
    /// another. No fetch has more leases than are looked at.
    pub(super) fn passed_from(&self, entity: &Entity, fetch: u64) -> Option<u64> {
        let passed = |leased| {
            let rows = self.list(entity, leased, MAX_LEASES + 1).into_iter();
            rows.filter_map(|sequence| self.pending(sequence)).find(|row| row.fetch != fetch)
        };
        [false, true].into_iter().filter_map(passed).map(|row| row.sequence).min()
    }

    /// The event of a row, if it is still to be had.
    pub(super) fn event_of(&self, row: &PendingEvent) -> Option<Event> {
        match &row.event {
            Some(event) => Some((**event).clone()),
            None => self.tables.event(row.sequence),
        }
    }

    pub(super) fn may_park(&self) -> bool {
        self.group.parked < MAX_PARKED_EVENTS
    }

    /// Gives an event up.
    pub(super) fn park(&mut self, row: &PendingEvent, event: Event) {
        let parked = ParkedEvent {
            group: row.group,
            event: Box::new(event),
            attempts: row.attempts,
            failure: row.failure,
            reason: row.reason.clone(),
            parked_at_ms: self.at_ms,
            fetch: row.fetch,
        };
        self.remove(row);
        self.group.parked += 1;
        let staged = self.parked.entry(row.sequence).or_insert(Staged { old: None, new: None });
        staged.new = Some(parked);
    }

    /// The parked event.
    pub(super) fn parked(&self, sequence: u64) -> Option<ParkedEvent> {
        match self.parked.get(&sequence) {
            Some(staged) => staged.new.clone(),
            None => self.tables.parked_event(self.group.number, sequence),
        }
    }

    /// Takes an event back from those that were given up.
    pub(super) fn unpark(&mut self, parked: &ParkedEvent) {
        self.group.parked = self.group.parked.saturating_sub(1);
        let sequence = parked.event.sequence;
        let staged =
            self.parked.entry(sequence).or_insert_with(|| Staged { old: Some(parked.clone()), new: None });
        staged.new = None;
    }
}

/// Has the delivery that a row is in, or was in, not count.
fn excuse(row: &mut PendingEvent) {
    row.excused = true;
    row.attempts = row.attempts.saturating_sub(1);
}

impl Lease {
    /// The lease that a fetch has of an event.
    pub fn new(sequence: u64, fetch: u64) -> Self {
        Self { sequence, fetch }
    }
}
