//! Why a payment is where it was.

use std::time::Duration;

use crate::gateway::{GatewayError, IntentState};
use crate::replica::OwnCommandError;
use crate::store::StoreError;

/// Why a payment is still owed its call.
#[derive(Debug, thiserror::Error)]
pub enum NoFinalWord {
    /// The payment cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The gateway said nothing that could be used.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
    /// The gateway said nothing at all.
    #[error("the gateway did not answer in time")]
    TimedOut,
    /// The gateway answers, and the intent could still move money.
    #[error("the intent is {0:?} after it was asked to be final")]
    StillOpen(IntentState),
    /// The refund came to nothing.
    #[error("the gateway could not give the money back: {0}")]
    RefundFailed(String),
    /// The gateway that this replica has does not know of the payment.
    #[error("the payment belongs to the gateway {0:?}, which this replica is not set up for")]
    OtherGateway(String),
    /// The outcome is not in the state.
    #[error("the outcome could not be committed: {0}")]
    NotCommitted(#[from] OwnCommandError),
    /// A fault of this program.
    #[error("the command answered with something else than the payment")]
    UnexpectedAnswer,
    /// What was given back at the gateway cannot be recorded beside what was asked for here.
    #[error(
        "what was given back at the gateway does not fit beside what was asked for here and is not settled"
    )]
    NoRoomForRefund,
    /// What is known of a dispute changes as it is read.
    #[error("the dispute was changed while it was read")]
    DisputeChanges,
    /// Too many buyers ask at once.
    #[error("too many buyers ask the gateway at once")]
    TooManyAsk,
    /// The run panicked.
    #[error("the call panicked")]
    Panicked,
}

impl NoFinalWord {
    /// How long the gateway wants to be left alone, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Gateway(GatewayError::Busy { retry_after }) => *retry_after,
            _ => None,
        }
    }
}
