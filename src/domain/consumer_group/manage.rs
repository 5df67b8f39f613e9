//! Making, changing and removing groups.

use std::collections::BTreeSet;

use super::{ConsumerGroup, GroupPut, MAX_GROUPS_OF_USERS, MAX_GROUPS_PER_OWNER};
use crate::domain::asker::{Party, Principal};
use crate::domain::command::{DeleteConsumerGroup, GroupStart, PutConsumerGroup};
use crate::domain::draft::Draft;
use crate::domain::rejection::{Rejection, RejectionCode};
use crate::domain::reply::Answer;
use crate::domain::tables::{Change, Tables};

/// The group that this party means.
pub(super) fn owned<T: Tables>(tables: &T, party: &Party, name: &str) -> Result<ConsumerGroup, Rejection> {
    tables.consumer_group(owner(party)?, name).ok_or_else(|| RejectionCode::NotFound.into())
}

fn owner(party: &Party) -> Result<Principal, Rejection> {
    party.principal().ok_or_else(|| RejectionCode::NotSignedIn.into())
}

/// Makes a group, or changes the one of this name. Where it started stays as it is.
pub(in crate::domain) fn put<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &PutConsumerGroup,
) -> Result<Answer, Rejection> {
    let owner = owner(party)?;
    let types: BTreeSet<i32> = c.types.iter().copied().collect();
    let types = types.into_iter().collect();
    let (old, mut new) = match draft.tables.consumer_group(owner, &c.name) {
        Some(group) if c.start.is_some_and(|start| group.start != Some(start)) => {
            return Err(RejectionCode::GroupStarted.into());
        }
        Some(group) => (Some(group.clone()), group),
        None => (None, new_group(draft, owner, c)?),
    };
    new.types = types;
    new.ack_wait_ms = c.ack_wait_ms;
    new.max_deliveries = c.max_deliveries;
    let is_new = old.is_none();
    if old.as_ref() != Some(&new) {
        draft.change(Change::ConsumerGroup { old, new: Some(new.clone()) });
    }
    Ok(Answer::GroupPut(GroupPut { group: new, is_new }))
}

fn new_group<T: Tables>(
    draft: &mut Draft<'_, T>,
    owner: Principal,
    c: &PutConsumerGroup,
) -> Result<ConsumerGroup, Rejection> {
    let all = draft.tables.consumer_group_count();
    let users_are_full = matches!(owner, Principal::User(_)) && all >= MAX_GROUPS_OF_USERS;
    if users_are_full || draft.tables.consumer_groups_of(owner).len() >= MAX_GROUPS_PER_OWNER {
        return Err(RejectionCode::TooManyGroups.into());
    }
    let counters = draft.tables.counters();
    let (newest, forgotten) = (counters.events, counters.events_forgotten);
    let start = c.start.unwrap_or(GroupStart::Beginning(()));
    let cursor = match start {
        GroupStart::Beginning(()) => forgotten,
        GroupStart::Now(()) => newest,
        GroupStart::At(first) => first
            .checked_sub(1)
            .filter(|before| *before <= newest)
            .ok_or_else(|| RejectionCode::UnknownPosition.with(newest))?,
    };
    Ok(ConsumerGroup {
        number: draft.next_group_number(),
        owner: owner.into(),
        name: c.name.clone(),
        types: Vec::new(),
        start: Some(start),
        ack_wait_ms: 0,
        max_deliveries: 0,
        created_at_ms: draft.at_ms,
        cursor,
        pending: 0,
        leased: 0,
        parked: 0,
        // Whoever starts at what is forgotten already is told so by the first fetch.
        told_forgotten: forgotten.min(cursor),
        reset: None,
    })
}

/// Removes a group. Its rows go by [`clear_removed`], in bounded steps.
pub(in crate::domain) fn delete<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &DeleteConsumerGroup,
) -> Result<Answer, Rejection> {
    let group = owned(draft.tables, party, &c.name)?;
    remove(draft, group);
    Ok(Answer::Done(()))
}

/// Removes all groups of an owner who is gone.
pub(in crate::domain) fn remove_all_of<T: Tables>(draft: &mut Draft<'_, T>, owner: Principal) {
    for group in draft.tables.consumer_groups_of(owner) {
        remove(draft, group);
    }
}

/// Removes the groups of operators whose keys have expired: no command says when that happens.
pub(in crate::domain) fn remove_of_ended_keys<T: Tables>(draft: &mut Draft<'_, T>) {
    if draft.tables.consumer_group_count() == 0 {
        return;
    }
    for key in draft.tables.operator_keys() {
        if !key.works_at(draft.at_ms) {
            remove_all_of(draft, Principal::Key(key.id));
        }
    }
}

fn remove<T: Tables>(draft: &mut Draft<'_, T>, group: ConsumerGroup) {
    if group.pending > 0 || group.parked > 0 {
        draft.change(Change::GroupRemoved { group: group.number, has_rows: true });
    }
    draft.change(Change::ConsumerGroup { old: Some(group), new: None });
}

/// Forgets some of what a removed group had under way and had parked.
pub(in crate::domain) fn clear_removed<T: Tables>(draft: &mut Draft<'_, T>, at_most: usize) {
    // One group a step: what a second one left would have to share the bound with the first.
    let Some(group) = draft.tables.removed_groups(1).into_iter().next() else { return };
    let pending = draft.tables.pending_events(group, at_most);
    let parked = draft.tables.parked_events(group, at_most.saturating_sub(pending.len()));
    // A step that may not look finds nothing either, and proves nothing.
    if pending.is_empty() && parked.is_empty() && at_most > 0 {
        draft.change(Change::GroupRemoved { group, has_rows: false });
    }
    for row in pending {
        draft.change(Change::PendingEvent { old: Some(row), new: None });
    }
    for row in parked {
        draft.change(Change::ParkedEvent { old: Some(row), new: None });
    }
}
