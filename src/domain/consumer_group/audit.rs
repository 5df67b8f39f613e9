//! Audits of groups: what must hold of all of their rows together.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    ConsumerGroup, Entity, MAX_GROUPS_PER_OWNER, ParkedEvent, PendingEvent, PendingState, entity_of,
};
use crate::domain::invariants::Violation;
use crate::domain::tables::Counters;

/// What a [`GroupAudit`] counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupBooks {
    /// Consumer groups.
    pub groups: u64,
    /// Events that they have under way.
    pub pending: u64,
    /// Events that they have parked.
    pub parked: u64,
}

/// Checks the rows of groups. Feed it every row, groups first, then call [`GroupAudit::finish`].
#[derive(Debug, Default)]
pub struct GroupAudit {
    groups: BTreeMap<u64, ConsumerGroup>,
    /// Removed groups whose rows are still to go.
    removed: BTreeSet<u64>,
    found: BTreeMap<u64, Found>,
    books: GroupBooks,
    violations: Vec<Violation>,
}

/// The rows of a group that were found.
#[derive(Debug, Default)]
struct Found {
    pending: u64,
    leased: u64,
    parked: u64,
    sequences: BTreeSet<u64>,
    entities: BTreeMap<Entity, Vec<(PendingState, u64)>>,
}

impl GroupAudit {
    /// Takes a group.
    pub fn group(&mut self, group: ConsumerGroup) {
        self.books.groups += 1;
        if let Some(fault) = group.fault() {
            self.violations.push(Violation(format!("consumer group {}: {fault}", group.number)));
        }
        self.groups.insert(group.number, group);
    }

    /// Takes the number of a group that was removed while rows of it are still there.
    pub fn removed(&mut self, group: u64) {
        self.removed.insert(group);
    }

    /// Takes an event under way.
    pub fn pending(&mut self, row: &PendingEvent) {
        self.books.pending += 1;
        self.belongs(row.group, row.sequence);
        if let Some(fault) = row.fault() {
            self.violations
                .push(Violation(format!("event {} of group {}: {fault}", row.sequence, row.group)));
        }
        let found = self.found.entry(row.group).or_default();
        found.pending += 1;
        found.leased += u64::from(row.is_leased());
        found.sequences.insert(row.sequence);
        found.entities.entry(row.entity()).or_default().push((row.state(), row.fetch));
    }

    /// Takes a parked event, after those that are under way.
    pub fn parked(&mut self, row: &ParkedEvent) {
        self.books.parked += 1;
        let sequence = row.event.sequence;
        self.belongs(row.group, sequence);
        let found = self.found.entry(row.group).or_default();
        found.parked += 1;
        if found.sequences.contains(&sequence) || entity_of(&row.event).is_none() {
            let what =
                format!("event {sequence} of group {} is parked and under way, or no event", row.group);
            self.violations.push(Violation(what));
        }
    }

    fn belongs(&mut self, group: u64, sequence: u64) {
        let fits = match self.groups.get(&group) {
            Some(group) => sequence <= group.cursor,
            None => self.removed.contains(&group),
        };
        if !fits {
            let what = format!("group {group}, which is not there or not so far, has the event {sequence}");
            self.violations.push(Violation(what));
        }
    }

    /// What was counted, and everything that does not hold.
    pub fn finish(mut self, counters: Counters) -> (GroupBooks, Vec<Violation>) {
        let mut owners: BTreeMap<[u8; 16], usize> = BTreeMap::new();
        for group in self.groups.values() {
            *owners.entry(group.owner.to_bytes()).or_default() += 1;
            let found = self.found.remove(&group.number).unwrap_or_default();
            let counted = (group.pending, group.leased, group.parked);
            let rows = (found.pending, found.leased, found.parked);
            if counted != rows {
                let what =
                    format!("consumer group {} counts {counted:?}, its rows are {rows:?}", group.number);
                self.violations.push(Violation(what));
            }
            if group.number > counters.consumer_groups || group.cursor > counters.events {
                let what =
                    format!("consumer group {} has a number or place that never was given out", group.number);
                self.violations.push(Violation(what));
            }
            for (entity, rows) in found.entities {
                if let Some(fault) = fault_of(&rows) {
                    let what = format!("consumer group {}, entity {entity:02x?}: {fault}", group.number);
                    self.violations.push(Violation(what));
                }
            }
        }
        if owners.values().any(|groups| *groups > MAX_GROUPS_PER_OWNER) {
            self.violations.push(Violation("an owner has more consumer groups than there may be".into()));
        }
        (self.books, self.violations)
    }
}

/// What is wrong with the events under way of one entity, in their order, if something is.
fn fault_of(rows: &[(PendingState, u64)]) -> Option<&'static str> {
    let fetches: BTreeSet<u64> =
        rows.iter().filter(|(state, _)| *state == PendingState::Leased).map(|(_, fetch)| *fetch).collect();
    let first_is_ready = rows.first().is_some_and(|(state, _)| *state == PendingState::Ready);
    let ready = rows.iter().filter(|(state, _)| *state == PendingState::Ready).count();
    match fetches.len() {
        0 if !first_is_ready => Some("nothing is leased, and its earliest event is not ready"),
        0 if ready > 1 => Some("more than its earliest event is ready"),
        0 | 1 if fetches.is_empty() || ready == 0 => None,
        1 => Some("some is leased, and another is ready"),
        _ => Some("it is leased to two fetches at once"),
    }
}
