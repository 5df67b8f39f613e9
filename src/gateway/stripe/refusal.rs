//! What an error of Stripe's means for a payment.
//!
//! | answer | means |
//! | --- | --- |
//! | 429, also `lock_timeout`; 503 with Retry-After | nothing happened, for now |
//! | 409, 5xx, a key that was used for something else | nobody knows |
//! | 401, 403 | speaks of our key, not of the payment: nobody knows |
//! | any other 4xx | nothing happened, and nothing will |

use reqwest::StatusCode;

use super::api::Reply;
use super::objects::{Error, ErrorBody};
use crate::gateway::GatewayError;

/// The longest message that is taken over.
const MAX_MESSAGE_CHARS: usize = 200;

/// How names begin that are as good as a card or a key, and parts of names that are.
const SECRETS: [&str; 7] = ["tok_", "pm_", "src_", "sk_", "rk_", "pk_", "whsec_"];

/// The error in an answer, if there is one that can be read.
pub(super) fn error(reply: &Reply) -> Option<Error> {
    serde_json::from_slice(&reply.body).ok().map(|body: ErrorBody| body.error)
}

/// What an answer means that says nothing of the intent.
pub(super) fn refusal(reply: &Reply, error: Option<&Error>) -> GatewayError {
    let is_lock = error.is_some_and(|error| error.is("lock_timeout"));
    let is_of_a_key = error.is_some_and(|error| error.kind.as_deref() == Some("idempotency_error"));
    match reply.status {
        StatusCode::TOO_MANY_REQUESTS => GatewayError::Busy { retry_after: reply.retry_after },
        _ if is_lock => GatewayError::Busy { retry_after: reply.retry_after },
        StatusCode::SERVICE_UNAVAILABLE if reply.retry_after.is_some() => {
            GatewayError::Busy { retry_after: reply.retry_after }
        }
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            GatewayError::Unknown(format!("it does not take the key of the account ({status})"))
        }
        StatusCode::CONFLICT => GatewayError::Unknown("a request like this one is under way".to_owned()),
        status if status.is_client_error() && !is_of_a_key => match error {
            Some(error) => GatewayError::Refused { code: error.code(), message: message(error) },
            None => GatewayError::Unknown(format!("it answered {status}, and not why")),
        },
        status => GatewayError::Unknown(format!("it answered {status}")),
    }
}

fn message(error: &Error) -> String {
    without_secrets(error.message.as_deref().unwrap_or_default())
}

/// Stripe's messages name what was sent: `No such token: 'tok_…'`.
fn without_secrets(text: &str) -> String {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let text: String = text.chars().take(MAX_MESSAGE_CHARS).collect();
    let mut clean = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match SECRETS.iter().find(|prefix| word.starts_with(**prefix)) {
            Some(prefix) => clean.extend([prefix, "…"]),
            None if word.contains("_secret_") => clean.push('…'),
            None => clean.push_str(word),
        }
        let next = after.find(is_part).unwrap_or(after.len());
        clean.push_str(&after[..next]);
        rest = &after[next..];
    }
    clean
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::{Value, json};

    use super::*;

    fn reply(status: u16, retry_after_s: Option<u64>, body: &Value) -> Reply {
        Reply {
            status: StatusCode::from_u16(status).unwrap(),
            is_replayed: false,
            retry_after: retry_after_s.map(Duration::from_secs),
            body: body.to_string().into_bytes(),
        }
    }

    fn means(status: u16, retry_after_s: Option<u64>, body: Value) -> GatewayError {
        let reply = reply(status, retry_after_s, &body);
        refusal(&reply, error(&reply).as_ref())
    }

    fn invalid(code: &str) -> Value {
        json!({ "error": { "type": "invalid_request_error", "code": code, "message": "No such token: 'tok_1aB'" } })
    }

    #[test]
    fn nothing_happened_for_now() {
        let retry_after = Some(Duration::from_secs(3));
        assert_eq!(means(429, Some(3), invalid("rate_limit")), GatewayError::Busy { retry_after });
        assert_eq!(means(429, None, invalid("lock_timeout")), GatewayError::Busy { retry_after: None });
        assert_eq!(means(400, None, invalid("lock_timeout")), GatewayError::Busy { retry_after: None });
        assert_eq!(means(503, Some(3), json!({})), GatewayError::Busy { retry_after });
    }

    #[test]
    fn nobody_knows() {
        let of_a_key = || json!({ "error": { "type": "idempotency_error" } });
        for (status, body) in [
            (500, json!({})),
            (502, json!("<html>")),
            (503, json!({})),
            (409, of_a_key()),
            (400, of_a_key()),
            (401, invalid("api_key_expired")),
            (403, invalid("")),
            (400, json!("<html>")),
            (302, json!({})),
        ] {
            assert!(matches!(means(status, None, body.clone()), GatewayError::Unknown(_)), "{status} {body}");
        }
    }

    #[test]
    fn nothing_happened_and_nothing_will() {
        let message = "No such token: 'tok_…'".to_owned();
        let refused = GatewayError::Refused { code: "resource_missing".to_owned(), message };
        assert_eq!(means(404, None, invalid("resource_missing")), refused);
        let declined = json!({ "error": { "type": "card_error", "code": "card_declined", "decline_code": "lost_card" } });
        let GatewayError::Refused { code, .. } = means(402, None, declined) else { panic!("it is refused") };
        assert_eq!(code, "lost_card");
        let odd = json!({ "error": { "type": "card_error", "code": "<b>\u{1F4A3}</b>" } });
        let GatewayError::Refused { code, .. } = means(402, None, odd) else { panic!("it is refused") };
        assert_eq!(code, "unknown");
    }

    #[test]
    fn secrets_are_taken_out_of_messages() {
        let text = "Invalid API Key provided: sk_test_51. pi_1_secret_2 and (pm_3), for pi_1; tok_4";
        assert_eq!(without_secrets(text), "Invalid API Key provided: sk_…. … and (pm_…), for pi_1; tok_…");
        assert_eq!(without_secrets(&"é".repeat(1_000)).chars().count(), MAX_MESSAGE_CHARS);
        assert_eq!(without_secrets(""), "");
    }
}
