//! Confirming: here money moves.

use serde_json::Value;

use super::{Failure, Intent, Status, take_secret};
use crate::account::{Account, Object};
use crate::cards::{Card, decline_message};
use crate::error::ApiError;
use crate::params::Params;
use crate::resources::charges::Charge;
use crate::resources::{Asker, disputes, payment_methods};

/// `POST /v1/payment_intents/{intent}/confirm`
#[derive(Clone, Debug)]
pub(crate) struct Confirm {
    intent: String,
    secret: Option<String>,
    method: Option<String>,
    return_url: Option<String>,
}

impl Confirm {
    pub(crate) fn parse(intent: String, params: &mut Params, asker: Asker) -> Result<Self, ApiError> {
        let secret = take_secret(params, asker)?;
        let (method, return_url) = (params.take_text("payment_method")?, params.take_text("return_url")?);
        params.take_flag("use_stripe_sdk")?;
        Ok(Self { intent, secret, method, return_url })
    }

    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        let intent = account.intents.get(&self.intent, "intent")?;
        intent.check_secret(self.secret.as_ref())?;
        let may_be_confirmed = match intent.status {
            Status::RequiresConfirmation | Status::RequiresAction => true,
            Status::RequiresPaymentMethod => self.method.is_some(),
            Status::Processing | Status::Succeeded | Status::Canceled => false,
        };
        if !may_be_confirmed {
            return Err(intent.unexpected_state("confirm"));
        }
        let name = self.method.clone().or_else(|| intent.method.clone()).unwrap_or_default();
        // Also one that is there already: it may have paid for something else meanwhile.
        let method = payment_methods::take(account, &name)?;
        let card = account.methods.get(&method, "payment_method")?.card;
        let intent = account.intents.get_mut(&self.intent, "intent")?;
        intent.method = Some(method);
        intent.failure = None;
        intent.return_url.clone_from(&self.return_url);
        match card {
            Card::NeedsAction => Ok(wait(account, &self.intent, Status::RequiresAction)?),
            Card::Slow => Ok(wait(account, &self.intent, Status::Processing)?),
            Card::Declined { code, decline_code } => Err(decline(account, &self.intent, code, decline_code)?),
            Card::Good | Card::Disputed | Card::PendingRefund | Card::FailingRefund => {
                succeed(account, &self.intent)
            }
        }
    }
}

fn wait(account: &mut Account, intent: &str, status: Status) -> Result<Value, ApiError> {
    let intent = account.intents.get_mut(intent, "intent")?;
    intent.status = status;
    let shown = intent.json();
    account.happened(&format!("payment_intent.{}", status.as_str()), shown.clone());
    Ok(shown)
}

/// What the buyer, or the bank, was waited for comes: they are who they say, and the money moves, or not.
pub(crate) fn complete(account: &mut Account, intent: &str, succeeds: bool) -> Result<(), ApiError> {
    let found = account.intents.get(intent, "intent")?;
    match (found.status, succeeds) {
        (Status::RequiresAction | Status::Processing, true) => succeed(account, intent).map(drop),
        (Status::RequiresAction, false) => give_up(account, intent),
        (Status::Processing, false) => {
            decline(account, intent, "card_declined", Some("generic_decline")).map(drop)
        }
        _ => Err(found.unexpected_state("complete")),
    }
}

fn succeed(account: &mut Account, intent: &str) -> Result<Value, ApiError> {
    let charge = charge(account, intent, None)?;
    let found = account.intents.get_mut(intent, "intent")?;
    found.status = Status::Succeeded;
    found.charge = Some(charge.id.clone());
    let shown = found.json();
    let method = account.methods.get_mut(&charge.method, "payment_method")?;
    method.is_used = true;
    let is_disputed = method.card == Card::Disputed;
    account.happened("payment_intent.succeeded", shown.clone());
    account.happened("charge.succeeded", charge.json());
    if is_disputed {
        disputes::open(account, &charge.id)?;
    }
    Ok(shown)
}

/// The bank says no: the intent is as before, and another card may be tried.
fn decline(
    account: &mut Account,
    intent: &str,
    code: &'static str,
    decline_code: Option<&'static str>,
) -> Result<ApiError, ApiError> {
    let charge = charge(account, intent, Some(decline_code.unwrap_or(code)))?;
    let method = account.methods.get(&charge.method, "payment_method")?.json();
    let found = account.intents.get_mut(intent, "intent")?;
    let id = charge.id.clone();
    fail(found, Failure { code, decline_code, charge: Some(charge.id.clone()), method: method.clone() });
    found.charge = Some(id.clone());
    let shown = found.json();
    account.happened("payment_intent.payment_failed", shown.clone());
    account.happened("charge.failed", charge.json());
    let message = decline_message(code);
    let mut error = ApiError::card(message.as_str().unwrap_or_default())
        .code(code)
        .with("charge", id)
        .with("payment_intent", shown)
        .with("payment_method", method);
    if let Some(decline_code) = decline_code {
        error = error.with("decline_code", decline_code);
    }
    Ok(error)
}

/// The buyer did not show who they are.
fn give_up(account: &mut Account, intent: &str) -> Result<(), ApiError> {
    let method = account.intents.get(intent, "intent")?.method.clone().unwrap_or_default();
    let method = account.methods.get(&method, "payment_method")?.json();
    let code = "payment_intent_authentication_failure";
    let found = account.intents.get_mut(intent, "intent")?;
    fail(found, Failure { code, decline_code: None, charge: None, method });
    let shown = found.json();
    account.happened("payment_intent.payment_failed", shown);
    Ok(())
}

fn fail(intent: &mut Intent, failure: Failure) {
    intent.status = Status::RequiresPaymentMethod;
    intent.method = None;
    intent.failure = Some(failure);
}

fn charge(account: &mut Account, intent: &str, failure_code: Option<&str>) -> Result<Charge, ApiError> {
    account.charges.has_room()?;
    let id = account.name("ch_");
    let intent = account.intents.get(intent, "intent")?;
    let charge = Charge {
        id,
        intent: intent.id.clone(),
        method: intent.method.clone().unwrap_or_default(),
        amount: intent.amount,
        currency: intent.currency.clone(),
        created_s: account.now_s,
        metadata: intent.metadata.clone(),
        failure_code: failure_code.map(str::to_owned),
        refunded: 0,
        is_disputed: false,
    };
    Ok(account.charges.add(charge).clone())
}
