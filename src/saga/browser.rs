//! What a buyer needs to go on by themselves. It is read from the gateway whenever they ask, and never kept.

use std::time::Duration;

use super::{NoFinalWord, Office};
use crate::domain::{Payment, PaymentStage};
use crate::gateway::{ClientCalls, ClientSecret, IntentState, NextAction};

/// How long a buyer waits for the gateway to say it.
pub const CLIENT_CALL_LIMIT: Duration = Duration::from_secs(5);

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
    let place = calls.enter(payment.buyer, CLIENT_CALL_LIMIT).await;
    let _place = place.ok_or(NoFinalWord::TooManyAsk)?;
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
    let place = calls.enter(payment.buyer, CLIENT_CALL_LIMIT).await;
    let _place = place.ok_or(NoFinalWord::TooManyAsk)?;
    let call = office.gateway().read(&payment.intent);
    match office.answered("read", CLIENT_CALL_LIMIT, call).await? {
        IntentState::ActionRequired(action) => Ok(Some(action)),
        _ => Ok(None),
    }
}
