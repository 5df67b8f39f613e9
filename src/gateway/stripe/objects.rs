//! What Stripe answers with, as far as it matters here.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::api::Reply;
use crate::gateway::{ClientSecret, GatewayError, IntentState, NextAction};

/// The longest code that is taken over: Stripe's have some 40 letters. Codes are shown to buyers.
const MAX_CODE_BYTES: usize = 64;

/// An answer of another status than 200.
#[derive(Deserialize)]
pub(super) struct ErrorBody {
    pub(super) error: Error,
}

/// What Stripe says is wrong.
#[derive(Deserialize)]
pub(super) struct Error {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    code: Option<String>,
    decline_code: Option<String>,
    pub(super) message: Option<String>,
    /// The intent as it is, where it is not what was asked for.
    pub(super) payment_intent: Option<Intent>,
}

/// A payment intent.
#[derive(Deserialize)]
pub(super) struct Intent {
    pub(super) id: String,
    status: String,
    client_secret: Option<String>,
    latest_charge: Option<Reference>,
    last_payment_error: Option<LastError>,
    next_action: Option<Action>,
}

/// Another object: its name, or all of it where that was asked for.
#[derive(Deserialize)]
#[serde(untagged)]
enum Reference {
    Name(String),
    Whole(Named),
}

/// Why the last confirmation came to nothing.
#[derive(Deserialize)]
struct LastError {
    code: Option<String>,
    decline_code: Option<String>,
}

/// What the buyer has to do.
#[derive(Deserialize)]
struct Action {
    #[serde(rename = "type")]
    kind: String,
    redirect_to_url: Option<Redirect>,
}

#[derive(Deserialize)]
struct Redirect {
    url: Option<String>,
}

/// Anything that has a name.
#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) id: String,
}

/// Some of many.
#[derive(Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    pub(super) has_more: bool,
}

impl Error {
    /// The bank's word if it is known, else Stripe's.
    pub(super) fn code(&self) -> String {
        plain_code(self.decline_code.as_deref().or(self.code.as_deref()))
    }

    /// Stripe's word.
    pub(super) fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }
}

impl Intent {
    /// Where it stands.
    pub(super) fn state(&self) -> Result<IntentState, GatewayError> {
        let declined = self
            .last_payment_error
            .as_ref()
            .map(|error| plain_code(error.decline_code.as_deref().or(error.code.as_deref())));
        Ok(match (self.status.as_str(), declined) {
            ("requires_payment_method", Some(code)) => IntentState::Declined { code },
            ("requires_payment_method", None) | ("requires_confirmation", _) => IntentState::Unconfirmed,
            ("requires_action", _) => IntentState::ActionRequired(self.next_action()),
            ("processing", _) => IntentState::Processing,
            ("succeeded", _) => {
                let nameless = || GatewayError::Unknown("it succeeded without a charge".to_owned());
                IntentState::Succeeded { charge: self.charge().ok_or_else(nameless)? }
            }
            ("canceled", code) => IntentState::Canceled { code },
            (other, _) => {
                let other = plain_code(Some(other));
                return Err(GatewayError::Unknown(format!(
                    "the intent is {other}, which means nothing here"
                )));
            }
        })
    }

    fn charge(&self) -> Option<String> {
        self.latest_charge.as_ref().map(|charge| match charge {
            Reference::Name(name) | Reference::Whole(Named { id: name }) => name.clone(),
        })
    }

    pub(super) fn client_secret(&self) -> Option<ClientSecret> {
        self.client_secret.as_deref().map(ClientSecret::new)
    }

    fn next_action(&self) -> NextAction {
        let action = self.next_action.as_ref();
        let kind =
            action.map_or_else(|| "use_stripe_sdk".to_owned(), |action| plain_code(Some(&action.kind)));
        let url = action.and_then(|action| action.redirect_to_url.as_ref()?.url.as_deref());
        NextAction { kind, url: url.map(ClientSecret::new), client_secret: self.client_secret() }
    }
}

/// Codes are letters and underscores: whatever else somebody sends as one is not passed on.
pub(super) fn plain_code(code: Option<&str>) -> String {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let is_code =
        |code: &&str| !code.is_empty() && code.len() <= MAX_CODE_BYTES && code.bytes().all(is_letter);
    code.filter(is_code).unwrap_or("unknown").to_owned()
}

/// Reads what a call of status 200 was answered with.
pub(super) fn parse<T: DeserializeOwned>(reply: &Reply) -> Result<T, GatewayError> {
    // Where, but not what: it may be somebody's secret.
    serde_json::from_slice(&reply.body).map_err(|error| {
        GatewayError::Unknown(format!(
            "the answer cannot be read, in line {}, column {}",
            error.line(),
            error.column()
        ))
    })
}
