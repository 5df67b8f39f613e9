//! The hold of sales: after a restore nothing is sold, released or charged until somebody says so.
//!
//! A state that was restored does not know what was sold after its backup. Whatever claims a ticket, or puts one
//! back on sale, could have it sold a second time; so all of that waits, and the rest goes on.

use super::command::LiftHold;
use super::draft::Draft;
use super::rejection::{Rejection, RejectionCode};
use super::reply::Answer;
use super::tables::{Change, Tables};

/// Why nothing is sold for now. There is one at most.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Hold {
    /// Since when, in milliseconds since 1970, by the clock of the machine that restored: the replicated clock
    /// stood still then. It also names the hold, for whoever lifts it.
    #[prost(uint64, tag = "1")]
    pub since_ms: u64,
    /// Why, in a line for the operator.
    #[prost(string, tag = "2")]
    pub reason: String,
    /// The epoch of the history that was left, as its consistency tokens have it; empty if it is not known.
    #[prost(string, tag = "3")]
    pub left_epoch: String,
}

/// Refuses what would claim a ticket, put it back on sale or charge for it while sales are held.
pub(super) fn ensure_none<T: Tables>(draft: &Draft<'_, T>) -> Result<(), Rejection> {
    if is_held(draft) { Err(RejectionCode::SalesHeld.into()) } else { Ok(()) }
}

/// Whether sales are held.
pub(super) fn is_held<T: Tables>(draft: &Draft<'_, T>) -> bool {
    draft.tables.hold().is_some()
}

/// Has sales go on. Only the hold that the operator was shown is lifted: one of a later restore stays.
pub(super) fn lift<T: Tables>(draft: &mut Draft<'_, T>, c: &LiftHold) -> Result<Answer, Rejection> {
    match draft.tables.hold() {
        None => {}
        Some(hold) if hold.since_ms == c.since_ms => draft.change(Change::HoldLifted { old: hold }),
        Some(_) => return Err(RejectionCode::NotFound.into()),
    }
    Ok(Answer::Done(()))
}
