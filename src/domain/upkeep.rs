//! Upkeep: forgetting what has run out, a bounded step at a time.

use super::command::{ForgetEvents, Upkeep};
use super::consumer_group;
use super::draft::Draft;
use super::rejection::Rejection;
use super::reply::Answer;
use super::tables::{Change, Tables};
use super::ticket;
use super::webhook_endpoint;

pub(super) fn run<T: Tables>(draft: &mut Draft<'_, T>, c: &Upkeep) -> Result<Answer, Rejection> {
    let at_most = c.at_most as usize;
    for session in draft.tables.sessions_expired(draft.at_ms, at_most) {
        draft.change(Change::Session { old: Some(session), new: None });
    }
    for token in draft.tables.reset_tokens_expired(draft.at_ms, at_most) {
        draft.change(Change::ResetToken { old: Some(token), new: None });
    }
    for key in draft.tables.signing_keys() {
        if key.retires_at_ms.is_some_and(|retires_at_ms| retires_at_ms <= draft.at_ms) {
            draft.change(Change::SigningKey { old: Some(key), new: None });
        }
    }
    withdraw_what_departed_sellers_left(draft, at_most);
    webhook_endpoint::remove_of_ended_keys(draft);
    webhook_endpoint::clear_removed(draft, at_most);
    consumer_group::remove_of_ended_keys(draft);
    consumer_group::clear_removed(draft, at_most);
    draft.forget_at_most(at_most);
    Ok(Answer::Done(()))
}

/// Has the outbox forget its oldest events, whatever became of those who have not seen them. Once more changes nothing.
pub(super) fn forget_events<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &ForgetEvents,
) -> Result<Answer, Rejection> {
    let counters = draft.tables.counters();
    let at_most = counters.events_forgotten.saturating_add(u64::from(c.at_most));
    draft.forget_events(c.through.min(at_most).min(counters.events));
    Ok(Answer::Done(()))
}

fn withdraw_what_departed_sellers_left<T: Tables>(draft: &mut Draft<'_, T>, at_most: usize) {
    // One seller a step: what a second one left would have to share the bound with the first.
    let Some(user) = draft.tables.departed(1).into_iter().next() else { return };
    let tickets = draft.tables.tickets_unheld(user, at_most);
    // A step that may not look finds nothing either, and proves nothing.
    if tickets.is_empty() && at_most > 0 {
        draft.change(Change::Departed { user, departed: false });
    }
    for ticket in tickets {
        ticket::withdraw(draft, ticket);
    }
}
