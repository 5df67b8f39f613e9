//! What a buyer needs to go on by themselves. It is read from the gateway whenever they ask, and never kept.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::{NoFinalWord, Office};
use crate::domain::{Payment, PaymentStage, UserId};
use crate::gateway::{ClientSecret, IntentState, NextAction};

/// How long a buyer waits for the gateway to say it.
pub const CLIENT_CALL_LIMIT: Duration = Duration::from_secs(5);

/// Calls that a process makes at once because buyers ask, however many do: a gateway that answers in a fifth of a second
/// is asked some forty times a second, and has as much left for payments.
pub const MAX_CLIENT_CALLS: usize = 8;

/// How many of them are for one buyer, so that nobody who asks and asks keeps the others out.
pub const MAX_CLIENT_CALLS_OF_ONE: usize = 2;

/// Places for those calls: who holds one.
#[derive(Debug, Default)]
pub struct ClientCalls(Mutex<Vec<UserId>>);

/// A place, for as long as it lives.
struct Place<'c> {
    calls: &'c ClientCalls,
    buyer: UserId,
}

impl ClientCalls {
    /// A place among those who ask right now. Nobody waits for one: a buyer asks again, and a queue would only be longer.
    fn enter(&self, buyer: UserId) -> Result<Place<'_>, NoFinalWord> {
        let mut holders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_buyer = holders.iter().filter(|holder| **holder == buyer).count();
        if holders.len() >= MAX_CLIENT_CALLS || of_buyer >= MAX_CLIENT_CALLS_OF_ONE {
            return Err(NoFinalWord::TooManyAsk);
        }
        holders.push(buyer);
        Ok(Place { calls: self, buyer })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut holders = self.calls.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = holders.iter().position(|holder| *holder == self.buyer) {
            holders.swap_remove(at);
        }
    }
}

/// With what the buyer's browser confirms the payment's intent; `None` if the payment has none on record, is not
/// confirmed in a browser, or is over.
///
/// # Errors
/// When the gateway does not say it in time, or too many ask.
pub async fn browser_secret<O: Office>(
    office: &O,
    calls: &ClientCalls,
    payment: &Payment,
) -> Result<Option<ClientSecret>, NoFinalWord> {
    // Whoever has it can charge. So it is given out only of the one intent that the payment waits for.
    let is_prepared = payment.stage().is_some_and(|stage| stage >= PaymentStage::Prepared);
    if !is_prepared
        || payment.is_withdrawn()
        || !payment.in_browser
        || payment.gateway != office.gateway().mark()
    {
        return Ok(None);
    }
    let _place = calls.enter(payment.buyer)?;
    let call = office.gateway().browser_secret(&payment.intent);
    office.answered("secret", CLIENT_CALL_LIMIT, call).await.map(Some)
}

/// What the buyer has to do; `None` if that is nothing, or nothing any more.
///
/// # Errors
/// When the gateway does not say it in time, or too many ask.
pub async fn next_action<O: Office>(
    office: &O,
    calls: &ClientCalls,
    payment: &Payment,
) -> Result<Option<NextAction>, NoFinalWord> {
    let waits = payment.stage() == Some(PaymentStage::ActionRequired) && !payment.is_withdrawn();
    if !waits || payment.gateway != office.gateway().mark() {
        return Ok(None);
    }
    let _place = calls.enter(payment.buyer)?;
    let call = office.gateway().read(&payment.intent);
    match office.answered("read", CLIENT_CALL_LIMIT, call).await? {
        IntentState::ActionRequired(action) => Ok(Some(action)),
        _ => Ok(None),
    }
}
