//! What a webhook is about. It is only a hint: what is true is read from Stripe.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::api::is_name;
use crate::domain::PaymentId;

/// What to look at because of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Stripe's name for the event.
    pub event: String,
    /// What happened, such as `payment_intent.succeeded`.
    pub kind: String,
    /// The intent that it is about.
    pub intent: String,
    /// The payment that the intent was made for, if the event says so.
    pub payment: Option<PaymentId>,
    /// The cluster that made what it is about, if the event says so: others may use the account, and one that was
    /// restored has another id than before.
    pub cluster: Option<String>,
    /// What else it is about.
    pub subject: Subject,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The intent.
    Intent,
    /// Its charge, for example that some of it was given back.
    Charge,
    /// A refund.
    Refund {
        /// Stripe's name for it.
        refund: String,
    },
    /// A dispute.
    Dispute {
        /// Stripe's name for it.
        dispute: String,
    },
}

/// Why an event says nothing.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// It is no event of Stripe's.
    #[error("no event: {0}")]
    Unreadable(#[from] serde_json::Error),
}

#[derive(Deserialize)]
struct Event<'a> {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    data: Data<'a>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow)]
    object: &'a RawValue,
}

#[derive(Deserialize)]
struct Object {
    id: String,
    object: String,
    payment_intent: Option<String>,
    metadata: Option<Metadata>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    payment: Option<String>,
    cluster: Option<String>,
}

/// What an event is about; `None` if it is nothing that matters here, such as a type that is not known.
///
/// # Errors
/// When it is no event.
pub fn hint(body: &[u8]) -> Result<Option<Hint>, EventError> {
    let event: Event<'_> = serde_json::from_slice(body)?;
    // Whatever else there is need not look like this.
    let Ok(object) = serde_json::from_str::<Object>(event.data.object.get()) else { return Ok(None) };
    let Object { id, object: kind_of_object, payment_intent, metadata } = object;
    let metadata = metadata.unwrap_or_default();
    // It is signed, and can be about nothing there is: to ask for it would fail however often it is told again.
    if !is_name(&id) || payment_intent.as_ref().is_some_and(|intent| !is_name(intent)) {
        return Ok(None);
    }
    let (intent, subject) = match (kind_of_object.as_str(), payment_intent) {
        ("payment_intent", _) => (id, Subject::Intent),
        ("charge", Some(intent)) => (intent, Subject::Charge),
        ("refund", Some(intent)) => (intent, Subject::Refund { refund: id }),
        ("dispute", Some(intent)) => (intent, Subject::Dispute { dispute: id }),
        _ => return Ok(None),
    };
    let payment = metadata.payment.and_then(|payment| payment.parse().ok());
    let cluster = metadata.cluster;
    Ok(Some(Hint { event: event.id, kind: event.kind, intent, payment, cluster, subject }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn event(object: Value) -> Vec<u8> {
        json!({ "id": "evt_1", "object": "event", "type": "some.thing", "data": { "object": object } })
            .to_string()
            .into_bytes()
    }

    fn about(object: Value) -> Option<(String, Option<PaymentId>, Subject)> {
        let hint = hint(&event(object)).unwrap()?;
        Some((hint.intent, hint.payment, hint.subject))
    }

    #[test]
    fn it_says_which_intent() {
        let payment = PaymentId::from_bytes([7; 16]);
        let metadata = json!({ "payment": payment.to_string(), "cluster": "c1", "more": "x" });
        let intent = json!({ "id": "pi_1", "object": "payment_intent", "metadata": metadata });
        assert_eq!(about(intent), Some(("pi_1".to_owned(), Some(payment), Subject::Intent)));
        let of_intent =
            |kind: &str| json!({ "id": "x_1", "object": kind, "payment_intent": "pi_1", "metadata": null });
        assert_eq!(about(of_intent("charge")), Some(("pi_1".to_owned(), None, Subject::Charge)));
        let refund = Subject::Refund { refund: "x_1".to_owned() };
        assert_eq!(about(of_intent("refund")), Some(("pi_1".to_owned(), None, refund)));
        let dispute = Subject::Dispute { dispute: "x_1".to_owned() };
        assert_eq!(about(of_intent("dispute")), Some(("pi_1".to_owned(), None, dispute)));
    }

    #[test]
    fn what_does_not_matter_is_nothing() {
        for object in [
            json!({ "id": "cus_1", "object": "customer" }),
            json!({ "id": "ch_1", "object": "charge", "payment_intent": null }),
            json!({ "id": "ch_1", "object": "charge", "payment_intent": "pi_1/../refunds" }),
            json!({ "id": "dp 1", "object": "dispute", "payment_intent": "pi_1" }),
            json!({ "id": "", "object": "payment_intent" }),
            json!({ "colour": "red" }),
            json!(null),
        ] {
            assert_eq!(about(object.clone()), None, "{object}");
        }
        for body in ["", "{}", "[]", "{\"id\":\"evt_1\"}"] {
            assert!(hint(body.as_bytes()).is_err(), "{body}");
        }
    }
}
