//! Making, changing and removing endpoints, and what is sent to them by hand.

use std::collections::BTreeSet;

use super::{
    Disabled, DisabledReason, EndpointOwner, MAX_ENDPOINTS_OF_USERS, MAX_ENDPOINTS_PER_OWNER,
    MAX_WAITING_EVENTS, PreviousSecret, TEST_SEQUENCE, WaitingEvent, WebhookEndpoint,
};
use crate::domain::asker::{Party, Principal};
use crate::domain::command::{
    CreateWebhookEndpoint, DeleteWebhookEndpoint, ResealWebhookSecrets, ResendEvents, ResendWhat,
    RotateWebhookSecret, SendWebhookTest, UpdateWebhookEndpoint,
};
use crate::domain::draft::Draft;
use crate::domain::id::WebhookEndpointId;
use crate::domain::rejection::{Rejection, RejectionCode};
use crate::domain::reply::Answer;
use crate::domain::tables::{Change, Tables};

fn owner(party: &Party) -> Result<Principal, Rejection> {
    party.principal().ok_or_else(|| RejectionCode::NotSignedIn.into())
}

/// The endpoint, if it is this party's.
fn owned<T: Tables>(tables: &T, party: &Party, id: WebhookEndpointId) -> Result<WebhookEndpoint, Rejection> {
    let owner = EndpointOwner::from(owner(party)?);
    let endpoint = tables.webhook_endpoint(id).filter(|endpoint| endpoint.owner == owner);
    endpoint.ok_or_else(|| RejectionCode::NotFound.into())
}

/// Each once, in order.
fn in_order(types: &[i32]) -> Vec<i32> {
    types.iter().copied().collect::<BTreeSet<i32>>().into_iter().collect()
}

/// Makes an endpoint. It is told of what happens from now on.
pub(in crate::domain) fn create<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &CreateWebhookEndpoint,
) -> Result<Answer, Rejection> {
    let owner = owner(party)?;
    let all = draft.tables.webhook_endpoint_count();
    let users_are_full = matches!(owner, Principal::User(_)) && all >= MAX_ENDPOINTS_OF_USERS;
    if users_are_full || draft.tables.webhook_endpoints_of(owner).len() >= MAX_ENDPOINTS_PER_OWNER {
        return Err(RejectionCode::TooManyWebhooks.into());
    }
    if draft.tables.webhook_endpoint(c.endpoint).is_some() {
        return Err(Rejection::internal("the new endpoint's id is taken"));
    }
    let endpoint = WebhookEndpoint {
        id: c.endpoint,
        owner: owner.into(),
        url: c.url.clone(),
        types: in_order(&c.types),
        created_at_ms: draft.at_ms,
        secret: c.sealed_secret.clone(),
        secret_made_at_ms: draft.at_ms,
        cursor: draft.tables.counters().events,
        ..WebhookEndpoint::default()
    };
    draft.change(Change::WebhookEndpoint { old: None, new: Some(endpoint.clone()) });
    Ok(Answer::WebhookEndpoint(endpoint.shown()))
}

/// Changes what is said of it. It goes on where it was.
pub(in crate::domain) fn update<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &UpdateWebhookEndpoint,
) -> Result<Answer, Rejection> {
    let old = owned(draft.tables, party, c.endpoint)?;
    let mut new = old.clone();
    if let Some(url) = c.url.as_ref().filter(|url| **url != old.url) {
        new.url.clone_from(url);
        new.wake();
    }
    if let Some(wanted) = &c.types {
        new.types = in_order(&wanted.types);
    }
    match c.enabled {
        Some(true) => {
            new.disabled = None;
            new.wake();
        }
        Some(false) if old.disabled.is_none() => {
            new.disabled = Some(Disabled { reason: DisabledReason::ByOwner.into(), at_ms: draft.at_ms });
        }
        Some(false) | None => {}
    }
    Ok(changed(draft, old, new))
}

/// Has its events signed with another secret as well, and soon with that alone.
pub(in crate::domain) fn rotate_secret<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &RotateWebhookSecret,
) -> Result<Answer, Rejection> {
    let old = owned(draft.tables, party, c.endpoint)?;
    let previous = PreviousSecret {
        sealed: old.secret.clone(),
        expires_at_ms: draft.at_ms.saturating_add(c.previous_ttl_ms),
    };
    let new = WebhookEndpoint {
        secret: c.sealed_secret.clone(),
        secret_made_at_ms: draft.at_ms,
        previous_secret: Some(previous),
        ..old.clone()
    };
    Ok(changed(draft, old, new))
}

/// Replaces its secrets by the same, sealed anew; none if they were replaced by others meanwhile.
pub(in crate::domain) fn reseal<T: Tables>(
    draft: &mut Draft<'_, T>,
    c: &ResealWebhookSecrets,
) -> Result<Answer, Rejection> {
    let endpoint = draft.tables.webhook_endpoint(c.endpoint).filter(|endpoint| endpoint.secret == c.from);
    if let Some(old) = endpoint {
        let previous = old.previous_secret.clone().zip(c.previous.clone());
        let new = WebhookEndpoint {
            secret: c.to.clone(),
            previous_secret: previous.map(|(previous, sealed)| PreviousSecret { sealed, ..previous }),
            ..old.clone()
        };
        changed(draft, old, new);
    }
    Ok(Answer::Done(()))
}

/// Has events sent once more: a single one at once, or all from one on.
pub(in crate::domain) fn resend<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &ResendEvents,
) -> Result<Answer, Rejection> {
    let old = enabled(owned(draft.tables, party, c.endpoint)?)?;
    match c.what {
        Some(ResendWhat::Event(sequence)) => {
            let event = draft.tables.event(sequence);
            let event = event.filter(|event| old.filter().viewer.may_see(event));
            event.ok_or(RejectionCode::NotFound)?;
            put_waiting(draft, old, WaitingEvent { sequence, ..WaitingEvent::default() })
        }
        Some(ResendWhat::From(first)) => {
            let counters = draft.tables.counters();
            let wanted = first.saturating_sub(1).max(counters.events_forgotten);
            // Also if that does not set the cursor back: it stands before an event that is under way, and later ones were
            // sent already.
            let cursor = old.cursor.min(wanted);
            let new = WebhookEndpoint { cursor, rewinds: old.rewinds.saturating_add(1), ..old.clone() };
            Ok(changed(draft, old, new))
        }
        None => Err(Rejection::internal("nothing is said to be sent again")),
    }
}

/// Has a test event sent. Another one that waits is forgotten.
pub(in crate::domain) fn send_test<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &SendWebhookTest,
) -> Result<Answer, Rejection> {
    let old = enabled(owned(draft.tables, party, c.endpoint)?)?;
    let waiting = WaitingEvent { sequence: TEST_SEQUENCE, test: Some(c.test), ..WaitingEvent::default() };
    put_waiting(draft, old, waiting)
}

fn enabled(endpoint: WebhookEndpoint) -> Result<WebhookEndpoint, Rejection> {
    if endpoint.disabled.is_some() { Err(RejectionCode::WebhookDisabled.into()) } else { Ok(endpoint) }
}

/// Has an event wait that is due at once, as if it never had been tried.
fn put_waiting<T: Tables>(
    draft: &mut Draft<'_, T>,
    old: WebhookEndpoint,
    waiting: WaitingEvent,
) -> Result<Answer, Rejection> {
    let before = draft.tables.waiting_event(old.id, waiting.sequence);
    let mut new = old.clone();
    if before.is_none() {
        if old.waiting >= MAX_WAITING_EVENTS {
            return Err(RejectionCode::TooManyWaiting.into());
        }
        new.waiting += 1;
    }
    let at_ms = draft.at_ms;
    let waiting = WaitingEvent {
        endpoint: old.id,
        attempts: 0,
        first_at_ms: at_ms,
        due_at_ms: at_ms,
        wakes: old.wakes,
        ..waiting
    };
    draft.change(Change::WaitingEvent { old: before, new: Some(waiting) });
    Ok(changed(draft, old, new))
}

/// Stages what its owner made of it.
fn changed<T: Tables>(draft: &mut Draft<'_, T>, old: WebhookEndpoint, mut new: WebhookEndpoint) -> Answer {
    new.version = old.version.saturating_add(1);
    draft.change(Change::WebhookEndpoint { old: Some(old), new: Some(new.clone()) });
    Answer::WebhookEndpoint(new.shown())
}

/// Removes an endpoint. Its rows go by [`clear_removed`], in bounded steps.
pub(in crate::domain) fn delete<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &DeleteWebhookEndpoint,
) -> Result<Answer, Rejection> {
    let endpoint = owned(draft.tables, party, c.endpoint)?;
    remove(draft, endpoint);
    Ok(Answer::Done(()))
}

/// Removes all endpoints of an owner who is gone.
pub(in crate::domain) fn remove_all_of<T: Tables>(draft: &mut Draft<'_, T>, owner: Principal) {
    for endpoint in draft.tables.webhook_endpoints_of(owner) {
        remove(draft, endpoint);
    }
}

/// Removes the endpoints of operators whose keys have expired: no command says when that happens.
pub(in crate::domain) fn remove_of_ended_keys<T: Tables>(draft: &mut Draft<'_, T>) {
    if draft.tables.webhook_endpoint_count() == 0 {
        return;
    }
    for key in draft.tables.operator_keys() {
        if !key.works_at(draft.at_ms) {
            remove_all_of(draft, Principal::Key(key.id));
        }
    }
}

fn remove<T: Tables>(draft: &mut Draft<'_, T>, endpoint: WebhookEndpoint) {
    if endpoint.waiting > 0 || endpoint.attempts > 0 {
        draft.change(Change::WebhookRemoved { endpoint: endpoint.id, has_rows: true });
    }
    draft.change(Change::WebhookEndpoint { old: Some(endpoint), new: None });
}

/// Forgets some of what waited for a removed endpoint, and of its attempts.
pub(in crate::domain) fn clear_removed<T: Tables>(draft: &mut Draft<'_, T>, at_most: usize) {
    // One endpoint a step: what a second one left would have to share the bound with the first.
    let Some(endpoint) = draft.tables.removed_webhook_endpoints(1).into_iter().next() else { return };
    let waiting = draft.tables.waiting_events(endpoint, at_most);
    let attempts = draft.tables.webhook_attempts(endpoint, at_most.saturating_sub(waiting.len()));
    // A step that may not look finds nothing either, and proves nothing.
    if waiting.is_empty() && attempts.is_empty() && at_most > 0 {
        draft.change(Change::WebhookRemoved { endpoint, has_rows: false });
    }
    for row in waiting {
        draft.change(Change::WaitingEvent { old: Some(row), new: None });
    }
    for number in attempts {
        draft.change(Change::WebhookAttemptForgotten { endpoint, number });
    }
}
