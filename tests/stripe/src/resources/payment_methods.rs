//! Payment methods: what can be charged.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::account::{Account, Object};
use crate::cards::{Card, is_single_use};
use crate::error::ApiError;
use crate::params::Params;

/// A payment method.
#[derive(Clone, Debug)]
pub(crate) struct Method {
    id: String,
    pub(crate) card: Card,
    created_s: u64,
    metadata: BTreeMap<String, String>,
    /// It paid for something: without a customer it does so only once.
    pub(crate) is_used: bool,
}

impl Object for Method {
    const KIND: &'static str = "PaymentMethod";

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Value {
        json!({
            "id": self.id,
            "object": "payment_method",
            "billing_details": billing_details(),
            "card": {
                "brand": "visa",
                "checks": { "address_line1_check": null, "address_postal_code_check": null, "cvc_check": null },
                "country": "US",
                "exp_month": 12,
                "exp_year": 2034,
                "fingerprint": "standInFingerprt",
                "funding": "credit",
                "last4": "4242",
                "three_d_secure_usage": { "supported": true },
            },
            "created": self.created_s,
            "customer": null,
            "livemode": false,
            "metadata": self.metadata,
            "type": "card",
        })
    }
}

/// Nobody says who they are.
pub(crate) fn billing_details() -> Value {
    let nowhere = json!({
        "city": null, "country": null, "line1": null, "line2": null, "postal_code": null, "state": null,
    });
    json!({ "address": nowhere, "email": null, "name": null, "phone": null })
}

/// `POST /v1/payment_methods`
#[derive(Clone, Debug)]
pub(crate) struct Create {
    token: String,
    metadata: BTreeMap<String, String>,
}

impl Create {
    pub(crate) fn parse(params: &mut Params) -> Result<Self, ApiError> {
        if params.require_text("type")? != "card" {
            return Err(ApiError::invalid("The stand-in has nothing but cards.").param("type"));
        }
        let missing =
            || ApiError::invalid("Missing required param: card.").code("parameter_missing").param("card");
        let mut card = params.take_map("card")?.ok_or_else(missing)?;
        let token = card.require_text("token")?;
        card.finish()?;
        Ok(Self { token, metadata: params.take_metadata()? })
    }

    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        let token = &self.token;
        let card = Card::of_token(token).ok_or_else(|| ApiError::missing("token", token, "card[token]"))?;
        account.methods.has_room()?;
        if is_single_use(token) && !account.used_tokens.insert(token.clone()) {
            let message = format!("You cannot use a Stripe token more than once: {token}.");
            return Err(ApiError::invalid(message).code("token_already_used"));
        }
        Ok(add(account, card, self.metadata.clone()).json())
    }
}

/// The payment method of this name; one that is ready-made is copied, as Stripe does.
pub(crate) fn take(account: &mut Account, name: &str) -> Result<String, ApiError> {
    if let Some(card) = Card::of_method(name) {
        account.methods.has_room()?;
        return Ok(add(account, card, BTreeMap::new()).id.clone());
    }
    let method = account.methods.get(name, "payment_method")?;
    if method.is_used {
        return Err(ApiError::invalid(
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with \
             a connected account without Customer attachment, or was detached from a Customer. It may not be used again. \
             To use a PaymentMethod multiple times, you must attach it to a Customer first.",
        ));
    }
    Ok(method.id.clone())
}

fn add(account: &mut Account, card: Card, metadata: BTreeMap<String, String>) -> &mut Method {
    let method = Method { id: account.name("pm_"), card, created_s: account.now_s, metadata, is_used: false };
    account.methods.add(method)
}
