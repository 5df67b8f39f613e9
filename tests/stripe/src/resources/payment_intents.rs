//! Payment intents: what somebody is about to pay.

pub(crate) mod cancel;
pub(crate) mod confirm;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::list::Dated;
use super::{Asker, payment_methods};
use crate::account::{Account, Object};
use crate::cards::decline_message;
use crate::error::ApiError;
use crate::params::Params;

/// The least that Stripe takes, in minor units: it differs by currency, and this is what most have.
const MIN_AMOUNT: u64 = 50;

/// The most.
const MAX_AMOUNT: u64 = 99_999_999;

/// Where an intent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    RequiresPaymentMethod,
    RequiresConfirmation,
    RequiresAction,
    Processing,
    Succeeded,
    Canceled,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::RequiresPaymentMethod => "requires_payment_method",
            Self::RequiresConfirmation => "requires_confirmation",
            Self::RequiresAction => "requires_action",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Canceled => "canceled",
        }
    }
}

/// Why the last attempt failed.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) code: &'static str,
    pub(crate) decline_code: Option<&'static str>,
    pub(crate) charge: Option<String>,
    /// What was tried, as it was then.
    pub(crate) method: Value,
}

impl Failure {
    pub(crate) fn json(&self) -> Value {
        let mut error = json!({
            "code": self.code,
            "doc_url": format!("https://stripe.com/docs/error-codes/{}", self.code.replace('_', "-")),
            "message": decline_message(self.code),
            "payment_method": self.method,
            "type": if self.charge.is_some() { "card_error" } else { "invalid_request_error" },
        });
        if let Some(decline_code) = self.decline_code {
            error["decline_code"] = decline_code.into();
        }
        if let Some(charge) = &self.charge {
            error["charge"] = charge.clone().into();
        }
        error
    }
}

/// A payment intent.
#[derive(Clone, Debug)]
pub(crate) struct Intent {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) amount: u64,
    pub(crate) currency: String,
    pub(crate) created_s: u64,
    description: Option<String>,
    pub(crate) metadata: BTreeMap<String, String>,
    pub(crate) status: Status,
    pub(crate) method: Option<String>,
    pub(crate) failure: Option<Failure>,
    pub(crate) charge: Option<String>,
    /// Where to go next, if they said where to come back to.
    pub(crate) return_url: Option<String>,
    pub(crate) canceled: Option<(u64, Option<String>)>,
}

impl Object for Intent {
    const KIND: &'static str = "payment_intent";

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Value {
        let (canceled_at, reason) = self.canceled.clone().map_or((None, None), |(at, why)| (Some(at), why));
        json!({
            "id": self.id,
            "object": "payment_intent",
            "amount": self.amount,
            "amount_capturable": 0,
            "amount_details": { "tip": {} },
            "amount_received": if self.status == Status::Succeeded { self.amount } else { 0 },
            "application": null,
            "application_fee_amount": null,
            "automatic_payment_methods": null,
            "canceled_at": canceled_at,
            "cancellation_reason": reason,
            "capture_method": "automatic",
            "client_secret": self.secret,
            "confirmation_method": "automatic",
            "created": self.created_s,
            "currency": self.currency,
            "customer": null,
            "description": self.description,
            "last_payment_error": self.failure.as_ref().map(Failure::json),
            "latest_charge": self.charge,
            "livemode": false,
            "metadata": self.metadata,
            "next_action": self.next_action(),
            "payment_method": self.method,
            "payment_method_types": ["card"],
            "status": self.status.as_str(),
        })
    }
}

impl Dated for Intent {
    fn created_s(&self) -> u64 {
        self.created_s
    }
}

impl Intent {
    fn next_action(&self) -> Option<Value> {
        let page = format!("https://hooks.stripe.com/redirect/authenticate/{}", self.id);
        (self.status == Status::RequiresAction).then(|| match &self.return_url {
            Some(back) => json!({ "type": "redirect_to_url",
                                  "redirect_to_url": { "return_url": back, "url": page } }),
            None => json!({ "type": "use_stripe_sdk",
                            "use_stripe_sdk": { "type": "three_d_secure_redirect", "stripe_js": page } }),
        })
    }

    /// The answer to who wants what its status does not allow.
    pub(crate) fn unexpected_state(&self, what: &str) -> ApiError {
        let why = match self.status {
            Status::Succeeded => "it has already succeeded after being previously confirmed.".to_owned(),
            Status::RequiresPaymentMethod => {
                "it's missing a payment method. You can either update the PaymentIntent with a payment method and then \
                 confirm it again, or confirm it again directly with a payment method."
                    .to_owned()
            }
            other => format!("it has a status of {}.", other.as_str()),
        };
        ApiError::invalid(format!("You cannot {what} this PaymentIntent because {why}"))
            .code("payment_intent_unexpected_state")
            .with("payment_intent", self.json())
    }

    /// Whether a browser has shown its secret, if one asks.
    fn check_secret(&self, shown: Option<&String>) -> Result<(), ApiError> {
        match shown {
            Some(shown) if *shown != self.secret => {
                let message =
                    "The client_secret provided does not match any associated PaymentIntent on this account.";
                Err(ApiError::invalid(message)
                    .code("payment_intent_invalid_parameter")
                    .param("client_secret"))
            }
            _ => Ok(()),
        }
    }
}

/// The secret that a browser has to show, or none where the server asks.
fn take_secret(params: &mut Params, asker: Asker) -> Result<Option<String>, ApiError> {
    match asker {
        Asker::Server => params.take_text("client_secret"),
        Asker::Browser => {
            // As Stripe.js does where it sends no header.
            params.take_text("key")?;
            params.require_text("client_secret").map(Some)
        }
    }
}

/// `POST /v1/payment_intents`
#[derive(Clone, Debug)]
pub(crate) struct Create {
    amount: u64,
    currency: String,
    method: Option<String>,
    description: Option<String>,
    metadata: BTreeMap<String, String>,
}

impl Create {
    pub(crate) fn parse(params: &mut Params) -> Result<Self, ApiError> {
        let missing =
            || ApiError::invalid("Missing required param: amount.").code("parameter_missing").param("amount");
        let amount = params.take_number("amount")?.ok_or_else(missing)?;
        let currency = params.require_text("currency")?;
        if params.take_list("payment_method_types")? != ["card"] {
            return Err(ApiError::invalid(
                "The stand-in wants payment_method_types[]=card, and nothing else.",
            ));
        }
        for name in ["capture_method", "confirmation_method"] {
            if params.take_text(name)?.is_some_and(|given| given != "automatic") {
                return Err(
                    ApiError::invalid(format!("The stand-in does {name} automatic only.")).param(name)
                );
            }
        }
        let (method, description) = (params.take_text("payment_method")?, params.take_text("description")?);
        let create = Self { amount, currency, method, description, metadata: params.take_metadata()? };
        create.check()?;
        Ok(create)
    }

    fn check(&self) -> Result<(), ApiError> {
        let is_code = self.currency.len() == 3 && self.currency.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_code {
            let message = format!("Invalid currency: {}.", self.currency);
            return Err(ApiError::invalid(message).param("currency"));
        }
        if self.amount < MIN_AMOUNT {
            let message = "Amount must be at least $0.50 usd";
            return Err(ApiError::invalid(message).code("amount_too_small").param("amount"));
        }
        if self.amount > MAX_AMOUNT {
            let message = "Amount must be no more than $999,999.99";
            return Err(ApiError::invalid(message).code("amount_too_large").param("amount"));
        }
        Ok(())
    }

    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        account.intents.has_room()?;
        let method = self.method.as_ref().map(|name| payment_methods::take(account, name)).transpose()?;
        let id = account.name("pi_");
        let status = match method {
            Some(_) => Status::RequiresConfirmation,
            None => Status::RequiresPaymentMethod,
        };
        let intent = Intent {
            secret: account.name(&format!("{id}_secret_")),
            id,
            amount: self.amount,
            currency: self.currency.clone(),
            created_s: account.now_s,
            description: self.description.clone(),
            metadata: self.metadata.clone(),
            status,
            method,
            failure: None,
            charge: None,
            return_url: None,
            canceled: None,
        };
        let shown = account.intents.add(intent).json();
        account.happened("payment_intent.created", shown.clone());
        Ok(shown)
    }
}

/// `GET /v1/payment_intents/{intent}`
#[derive(Clone, Debug)]
pub(crate) struct Retrieve {
    intent: String,
    secret: Option<String>,
}

impl Retrieve {
    pub(crate) fn parse(intent: String, params: &mut Params, asker: Asker) -> Result<Self, ApiError> {
        Ok(Self { intent, secret: take_secret(params, asker)? })
    }

    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        let intent = account.intents.get(&self.intent, "intent")?;
        intent.check_secret(self.secret.as_ref())?;
        Ok(intent.json())
    }
}
