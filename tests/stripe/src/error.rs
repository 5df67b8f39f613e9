//! What Stripe says when it says no.

use serde_json::{Map, Value, json};

/// An answer that is not what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    kind: &'static str,
    message: String,
    /// `code`, `param`, `decline_code`, objects that it goes with.
    more: Map<String, Value>,
}

impl ApiError {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), more: Map::new() }
    }

    /// 400: the request is wrong, or does not fit what is there.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "invalid_request_error", message)
    }

    /// 401: the key is none of ours.
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "invalid_request_error", message)
    }

    /// 404: there is no such thing.
    pub(crate) fn missing(kind: &str, name: &str, param: &str) -> Self {
        Self::new(404, "invalid_request_error", format!("No such {kind}: '{name}'"))
            .code("resource_missing")
            .param(param)
    }

    /// 404: there is no such address.
    pub(crate) fn unrecognized(method: &str, path: &str) -> Self {
        Self::new(404, "invalid_request_error", format!("Unrecognized request URL ({method}: {path})."))
    }

    /// 402: the card's bank said no.
    pub(crate) fn card(message: impl Into<String>) -> Self {
        Self::new(402, "card_error", message)
    }

    /// 400: the key was used for something else.
    pub(crate) fn other_parameters(key: &str) -> Self {
        Self::new(
            400,
            "idempotency_error",
            format!(
                "Keys for idempotent requests can only be used with the same parameters and endpoint they were first used \
                 with. Try using a key other than '{key}' if you meant to execute a different request."
            ),
        )
    }

    /// 409: the request with that key has not ended.
    pub(crate) fn in_progress(key: &str) -> Self {
        let message = format!(
            "There is currently another in-progress request using this Idempotency Key ({key}). Please try again later."
        );
        Self::new(409, "idempotency_error", message).code("idempotency_key_in_use")
    }

    /// 429: too many requests.
    pub(crate) fn rate_limited() -> Self {
        Self::new(429, "invalid_request_error", "Request rate limit exceeded.").code("rate_limit")
    }

    /// 503: not now.
    pub(crate) fn unavailable() -> Self {
        Self::new(503, "api_error", "Stripe is temporarily unavailable.")
    }

    /// 500: nobody knows.
    pub(crate) fn internal() -> Self {
        let message = "An unknown error occurred.";
        Self::new(500, "api_error", message)
    }

    /// 503: the stand-in keeps no more objects than it has room for.
    pub(crate) fn full(what: &str) -> Self {
        Self::new(503, "api_error", format!("The stand-in has no room for more {what}."))
    }

    pub(crate) fn code(self, code: &str) -> Self {
        self.with("code", code)
    }

    pub(crate) fn param(self, param: &str) -> Self {
        self.with("param", param)
    }

    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.more.insert(member.to_owned(), value.into());
        self
    }

    /// The answer's body.
    pub(crate) fn body(&self) -> Value {
        let mut error = self.more.clone();
        error.insert("type".to_owned(), self.kind.into());
        error.insert("message".to_owned(), self.message.clone().into());
        json!({ "error": error })
    }
}
