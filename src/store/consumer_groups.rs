//! Consumer groups: their rows and indexes, and what `apply` and readers look for in them.

use prost::Message;

use super::StoreError;
use super::index::{Entry, Indexed};
use super::key::{Key, after_prefix, leading_number, trailing_number};
use super::page::{Page, Position};
use super::rows::damaged;
use super::schema::Table;
use super::tables::StateTables;
use super::view::{View, cut_short};
use crate::domain::{
    ConsumerGroup, Entity, Event, GroupOwner, GroupTables, ParkedEvent, PendingEvent, Principal,
};

impl Indexed for ConsumerGroup {
    fn key(&self) -> Vec<u8> {
        self.number.to_be_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        let key = Key::new().bytes(&self.owner.to_bytes()).bytes(self.name.as_bytes());
        vec![Entry::new(Table::ConsumerGroupsByOwner, key, &self.number.to_be_bytes())]
    }
}

impl Indexed for PendingEvent {
    fn key(&self) -> Vec<u8> {
        event_key(self.group, self.sequence)
    }

    fn entries(&self) -> Vec<Entry> {
        let by_entity = entity_prefix(self.group, &self.entity(), self.is_leased()).number(self.sequence);
        let mut entries = vec![Entry::new(Table::PendingByEntity, by_entity, &[])];
        if let Some(due_at_ms) = self.due_at_ms() {
            let due = Key::new().number(self.group).number(due_at_ms).number(self.sequence);
            entries.push(Entry::new(Table::PendingDue, due, &[]));
        }
        entries
    }
}

impl Indexed for ParkedEvent {
    fn key(&self) -> Vec<u8> {
        event_key(self.group, self.event.sequence)
    }

    /// It is looked for by its group alone.
    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

fn event_key(group: u64, sequence: u64) -> Vec<u8> {
    Key::new().number(group).number(sequence).finish()
}

fn entity_prefix(group: u64, entity: &Entity, leased: bool) -> Key {
    Key::new().number(group).bytes(entity).byte(u8::from(!leased))
}

impl GroupTables for StateTables<'_> {
    fn consumer_group(&self, owner: Principal, name: &str) -> Option<ConsumerGroup> {
        let key = Key::new().bytes(&owner.to_bytes()).bytes(name.as_bytes()).finish();
        let number = self.rows.raw(Table::ConsumerGroupsByOwner, &key)?;
        self.rows.message(Table::ConsumerGroups, &number)
    }

    fn consumer_groups_of(&self, owner: Principal) -> Vec<ConsumerGroup> {
        let pick = |_: &[u8], number: &[u8]| Some(number.to_vec());
        let numbers =
            self.rows.scan_prefix(Table::ConsumerGroupsByOwner, &owner.to_bytes(), usize::MAX, pick);
        numbers.iter().filter_map(|number| self.rows.message(Table::ConsumerGroups, number)).collect()
    }

    fn consumer_group_count(&self) -> u64 {
        self.rows.count(Table::ConsumerGroups)
    }

    fn removed_groups(&self, at_most: usize) -> Vec<u64> {
        self.rows.scan(Table::RemovedGroups, &[], None, at_most, |key, _| leading_number(key))
    }

    fn pending_event(&self, group: u64, sequence: u64) -> Option<PendingEvent> {
        self.rows.message(Table::PendingEvents, &event_key(group, sequence))
    }

    fn pending_events(&self, group: u64, at_most: usize) -> Vec<PendingEvent> {
        let pick = |_: &[u8], row: &[u8]| self.rows.decoded(Table::PendingEvents, row);
        self.rows.scan_prefix(Table::PendingEvents, &group.to_be_bytes(), at_most, pick)
    }

    fn pending_of_entity(&self, group: u64, entity: &Entity, leased: bool, at_most: usize) -> Vec<u64> {
        let prefix = entity_prefix(group, entity, leased).finish();
        self.rows.scan_prefix(Table::PendingByEntity, &prefix, at_most, |key, _| trailing_number(key))
    }

    fn pending_due(&self, group: u64, at_ms: u64, at_most: usize) -> Vec<(u64, u64)> {
        let from = Key::new().number(group).finish();
        let until = Key::new().number(group).number(at_ms.saturating_add(1)).finish();
        self.rows.scan(Table::PendingDue, &from, Some(until), at_most, |key, _| due_and_sequence(key))
    }

    fn parked_event(&self, group: u64, sequence: u64) -> Option<ParkedEvent> {
        self.rows.message(Table::ParkedEvents, &event_key(group, sequence))
    }

    fn parked_events(&self, group: u64, at_most: usize) -> Vec<ParkedEvent> {
        let pick = |_: &[u8], row: &[u8]| self.rows.decoded(Table::ParkedEvents, row);
        self.rows.scan_prefix(Table::ParkedEvents, &group.to_be_bytes(), at_most, pick)
    }
}

/// When a row is due, and its sequence, from its key in the index.
fn due_and_sequence(key: &[u8]) -> Option<(u64, u64)> {
    Some((leading_number(key.get(size_of::<u64>()..)?)?, trailing_number(key)?))
}

impl View {
    /// The group of this owner's with this name.
    pub fn consumer_group(
        &self,
        owner: impl Into<GroupOwner>,
        name: &str,
    ) -> Result<Option<ConsumerGroup>, StoreError> {
        let key = Key::new().bytes(&owner.into().to_bytes()).bytes(name.as_bytes()).finish();
        let Some(open) = self.table(Table::ConsumerGroupsByOwner)? else { return Ok(None) };
        let Some(number) = open.get(key.as_slice())? else { return Ok(None) };
        self.row(Table::ConsumerGroups, number.value())
    }

    /// All groups of this owner's, in order of their names. There are
    /// [`MAX_GROUPS_PER_OWNER`](crate::domain::MAX_GROUPS_PER_OWNER) at most.
    pub fn consumer_groups_of(&self, owner: impl Into<GroupOwner>) -> Result<Vec<ConsumerGroup>, StoreError> {
        let prefix = owner.into().to_bytes();
        let mut groups = Vec::new();
        for entry in self.entries(Table::ConsumerGroupsByOwner, &prefix, after_prefix(&prefix))? {
            let (_, number) = entry?;
            groups.extend(self.row(Table::ConsumerGroups, number.value())?);
        }
        Ok(groups)
    }

    /// When the first event that a group has under way has to be given again, in milliseconds on the replicated clock.
    pub fn first_due_ms(&self, group: u64) -> Result<Option<u64>, StoreError> {
        let prefix = group.to_be_bytes();
        let Some(first) = self.entries(Table::PendingDue, &prefix, after_prefix(&prefix))?.next() else {
            return Ok(None);
        };
        let (key, _) = first?;
        let (due_at_ms, _) = due_and_sequence(key.value()).ok_or_else(|| cut_short(Table::PendingDue))?;
        Ok(Some(due_at_ms))
    }

    /// The event that a group has under way: as it keeps it, or else from the outbox; `None` if neither has it.
    pub fn event_of_group(&self, group: u64, sequence: u64) -> Result<Option<Event>, StoreError> {
        let pending: Option<PendingEvent> = self.row(Table::PendingEvents, &event_key(group, sequence))?;
        match pending.and_then(|pending| pending.event) {
            Some(event) => Ok(Some(*event)),
            None => self.event(sequence),
        }
    }

    /// A page of what a group has parked, in the order of the events.
    pub fn parked_of(
        &self,
        group: u64,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<ParkedEvent>, StoreError> {
        let from = after.map_or(0, |position| position.number.saturating_add(1));
        let mut page = Page::default();
        let until = after_prefix(&group.to_be_bytes());
        for entry in self.entries(Table::ParkedEvents, &event_key(group, from), until)? {
            if page.items.len() == limit {
                return Ok(page.continued());
            }
            let (key, row) = entry?;
            let number = trailing_number(key.value()).ok_or_else(|| cut_short(Table::ParkedEvents))?;
            let parked =
                ParkedEvent::decode(row.value()).map_err(|error| damaged(Table::ParkedEvents, error))?;
            page.items.push(parked);
            page.last_seen = Some(Position { sort_key: 0, number });
        }
        Ok(page)
    }

    /// Whether rows of a removed group are left, or groups of an operator whose key has ended.
    pub(super) fn groups_need_upkeep(&self, at_ms: u64) -> Result<bool, StoreError> {
        if self.entries(Table::RemovedGroups, &[], None)?.next().is_some() {
            return Ok(true);
        }
        if self.entries(Table::ConsumerGroups, &[], None)?.next().is_none() {
            return Ok(false);
        }
        for key in self.operator_keys()?.into_iter().filter(|key| !key.works_at(at_ms)) {
            let prefix = key.id.to_bytes();
            if self.entries(Table::ConsumerGroupsByOwner, &prefix, after_prefix(&prefix))?.next().is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
