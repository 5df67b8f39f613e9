//! What must hold of every change to a group's rows.

use std::collections::{BTreeMap, BTreeSet};

use super::{ConsumerGroup, PendingEvent};
use crate::domain::invariants::Violation;
use crate::domain::tables::Change;

/// How many more rows a command leaves of a group: under way, leased and parked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Growth {
    pending: i128,
    leased: i128,
    parked: i128,
}

/// Whether these changes leave groups as they must be.
pub(in crate::domain) fn check(changes: &[Change]) -> Result<(), Violation> {
    let mut growths: BTreeMap<u64, Growth> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for change in changes {
        match change {
            Change::PendingEvent { old, new } => {
                let row = new.as_ref().or(old.as_ref());
                once(&mut seen, 0, row.map(|row| (row.group, row.sequence)))?;
                if let Some(new) = new {
                    check_pending(old.as_ref(), new)?;
                }
                let growth = growths.entry(row.map(|row| row.group).unwrap_or_default()).or_default();
                growth.pending += i128::from(new.is_some()) - i128::from(old.is_some());
                let is_leased = |row: &Option<PendingEvent>| {
                    i128::from(row.as_ref().is_some_and(PendingEvent::is_leased))
                };
                growth.leased += is_leased(new) - is_leased(old);
            }
            Change::ParkedEvent { old, new } => {
                let row = new.as_ref().or(old.as_ref());
                once(&mut seen, 1, row.map(|row| (row.group, row.event.sequence)))?;
                let growth = growths.entry(row.map(|row| row.group).unwrap_or_default()).or_default();
                growth.parked += i128::from(new.is_some()) - i128::from(old.is_some());
            }
            Change::ConsumerGroup { old, new } => {
                let group = new.as_ref().or(old.as_ref());
                once(&mut seen, 2, group.map(|group| (group.number, 0)))?;
            }
            _ => {}
        }
    }
    for change in changes {
        if let Change::ConsumerGroup { old, new: Some(new) } = change {
            check_group(old.as_ref(), new, growths.remove(&new.number).unwrap_or_default())?;
        }
    }
    // Of a group that does not say so, no row comes or goes but those that it left when it was removed.
    let strays = growths.values().any(|growth| growth.pending > 0 || growth.leased > 0 || growth.parked > 0);
    if strays { Err(Violation("a group has more rows, and does not say so".into())) } else { Ok(()) }
}

fn once(seen: &mut BTreeSet<(u8, u64, u64)>, kind: u8, row: Option<(u64, u64)>) -> Result<(), Violation> {
    match row {
        Some((group, sequence)) if seen.insert((kind, group, sequence)) => Ok(()),
        _ => Err(Violation(format!("one command changes a row of a group twice, or none: {row:?}"))),
    }
}

fn check_group(old: Option<&ConsumerGroup>, new: &ConsumerGroup, growth: Growth) -> Result<(), Violation> {
    let complain = |what: &str| Err(Violation(format!("consumer group {}: {what}", new.number)));
    if let Some(fault) = new.fault() {
        return complain(fault);
    }
    let count = |of: fn(&ConsumerGroup) -> u64| i128::from(of(new)) - i128::from(old.map_or(0, of));
    let counted = Growth {
        pending: count(|group| group.pending),
        leased: count(|group| group.leased),
        parked: count(|group| group.parked),
    };
    if counted != growth {
        return complain(&format!("it counts {counted:?}, its rows are {growth:?}"));
    }
    let stays = |old: &ConsumerGroup| {
        old.number == new.number
            && old.owner == new.owner
            && old.name == new.name
            && old.start == new.start
            && old.created_at_ms == new.created_at_ms
            && old.cursor <= new.cursor
            && old.told_forgotten <= new.told_forgotten
    };
    if old.is_some_and(|old| !stays(old)) { complain("it becomes another one, or goes back") } else { Ok(()) }
}

fn check_pending(old: Option<&PendingEvent>, new: &PendingEvent) -> Result<(), Violation> {
    let complain = |what| Err(Violation(format!("event {} of group {}: {what}", new.sequence, new.group)));
    if let Some(fault) = new.fault() {
        return complain(fault);
    }
    let Some(old) = old else { return Ok(()) };
    let is_same = old.sequence == new.sequence && old.group == new.group && old.entity == new.entity;
    let passes_while_leased = old.is_leased() && new.is_leased() && old.fetch != new.fetch;
    let expected = if old.fetch == new.fetch { old.attempts } else { old.attempts.saturating_add(1) };
    match () {
        () if !is_same => complain("its row becomes that of another event"),
        // A lease ends before another one begins; within one command too.
        () if passes_while_leased && new.attempts > expected => complain("it was given twice at once"),
        () if new.attempts > expected => complain("it counts more deliveries than it had"),
        () => Ok(()),
    }
}
