//! Having parked events given again.

use std::collections::BTreeSet;

use super::manage::owned;
use super::work::Work;
use super::{
    DeliveryFailure, Entity, MAX_REDRIVEN, ParkedEvent, PendingEvent, PendingState, Redriven, entity_of,
};
use crate::domain::asker::Party;
use crate::domain::command::RedriveParked;
use crate::domain::draft::Draft;
use crate::domain::rejection::{Rejection, RejectionCode};
use crate::domain::reply::Answer;
use crate::domain::tables::Tables;

/// Puts parked events back under way, as if they never had been given. Those that were put back before and are not dealt
/// with yet stay as they are.
pub(in crate::domain) fn redrive<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &RedriveParked,
) -> Result<Answer, Rejection> {
    let group = owned(draft.tables, party, &c.name)?;
    let mut work = Work::new(draft, group);
    let at_most = c.at_most.min(MAX_REDRIVEN) as usize;
    let chosen = match c.sequences.as_slice() {
        [] => work.tables.parked_events(work.group.number, at_most),
        sequences => chosen(&work, sequences, at_most)?,
    };
    let redriven = Redriven {
        count: u32::try_from(chosen.len()).unwrap_or(u32::MAX),
        more: c.sequences.is_empty() && work.group.parked > chosen.len() as u64,
    };
    for parked in chosen {
        put_back(&mut work, parked);
    }
    work.stage(draft);
    Ok(Answer::Redriven(redriven))
}

/// The parked ones among these. What is neither parked nor under way cannot be given again.
fn chosen<T: Tables>(
    work: &Work<'_, T>,
    sequences: &[u64],
    at_most: usize,
) -> Result<Vec<ParkedEvent>, Rejection> {
    let mut chosen = Vec::new();
    let once: BTreeSet<u64> = sequences.iter().copied().take(at_most).collect();
    for sequence in once {
        match work.parked(sequence) {
            Some(parked) => chosen.push(parked),
            None if work.pending(sequence).is_some() => {}
            None => return Err(RejectionCode::NotParked.with(sequence)),
        }
    }
    Ok(chosen)
}

fn put_back<T: Tables>(work: &mut Work<'_, T>, parked: ParkedEvent) {
    let Some(entity) = entity_of(&parked.event) else { return };
    work.unpark(&parked);
    hold_back_those_after(work, &entity, parked.event.sequence);
    work.add(PendingEvent {
        group: parked.group,
        sequence: parked.event.sequence,
        entity: entity.to_vec(),
        state: PendingState::Waiting.into(),
        at_ms: work.at_ms,
        // An acknowledgement that is still on its way counts.
        fetch: parked.fetch,
        attempts: 0,
        excused: false,
        failure: DeliveryFailure::None.into(),
        reason: String::new(),
        event: Some(parked.event),
    });
    work.wake(&entity);
}

/// What is ready of an entity waits if an earlier event of it comes back.
fn hold_back_those_after<T: Tables>(work: &mut Work<'_, T>, entity: &Entity, sequence: u64) {
    let ready =
        work.first(entity, false).filter(|first| *first > sequence).and_then(|first| work.pending(first));
    if let Some(ready) = ready.filter(|row| row.state() == PendingState::Ready) {
        let mut waiting = ready.clone();
        waiting.set_state(PendingState::Waiting);
        work.put(&ready, waiting);
    }
}
