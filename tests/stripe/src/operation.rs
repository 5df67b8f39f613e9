//! Which calls there are.

use hyper::Method;
use serde::{Deserialize, Serialize};

/// A call that the stand-in answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Makes a payment method of a token.
    CreatePaymentMethod,
    /// Creates a payment intent.
    CreateIntent,
    /// Reads one.
    RetrieveIntent,
    /// Lists them, newest first.
    ListIntents,
    /// Confirms one: here money moves.
    ConfirmIntent,
    /// Cancels one.
    CancelIntent,
    /// Reads a charge.
    RetrieveCharge,
    /// Reads a dispute.
    RetrieveDispute,
    /// Lists what happened, newest first.
    ListEvents,
    /// Gives money back.
    CreateRefund,
    /// Reads a refund.
    RetrieveRefund,
    /// Lists refunds, newest first.
    ListRefunds,
}

/// Each operation, its method, and its path as Stripe's document has it.
const ROUTES: [(Operation, &str, &str); 12] = [
    (Operation::CreatePaymentMethod, "post", "/v1/payment_methods"),
    (Operation::CreateIntent, "post", "/v1/payment_intents"),
    (Operation::RetrieveIntent, "get", "/v1/payment_intents/{intent}"),
    (Operation::ListIntents, "get", "/v1/payment_intents"),
    (Operation::ConfirmIntent, "post", "/v1/payment_intents/{intent}/confirm"),
    (Operation::CancelIntent, "post", "/v1/payment_intents/{intent}/cancel"),
    (Operation::RetrieveCharge, "get", "/v1/charges/{charge}"),
    (Operation::RetrieveDispute, "get", "/v1/disputes/{dispute}"),
    (Operation::ListEvents, "get", "/v1/events"),
    (Operation::CreateRefund, "post", "/v1/refunds"),
    (Operation::RetrieveRefund, "get", "/v1/refunds/{refund}"),
    (Operation::ListRefunds, "get", "/v1/refunds"),
];

impl Operation {
    /// All of them.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        ROUTES.into_iter().map(|(operation, ..)| operation)
    }

    /// The call that a request makes, and the object that it names in its path.
    pub(crate) fn of(method: &Method, path: &str) -> Option<(Self, String)> {
        let asked: Vec<&str> = path.split('/').collect();
        ROUTES.iter().find_map(|(operation, known_method, template)| {
            let known: Vec<&str> = template.split('/').collect();
            let same =
                |(known, asked): (&&str, &&str)| known == asked || (is_name(known) && !asked.is_empty());
            let fits = method.as_str().eq_ignore_ascii_case(known_method)
                && known.len() == asked.len()
                && known.iter().zip(&asked).all(same);
            let named = known.iter().zip(&asked).find(|(known, _)| is_name(known));
            fits.then(|| (*operation, named.map(|(_, asked)| (*asked).to_owned()).unwrap_or_default()))
        })
    }

    /// Its method and path, as Stripe's document has them.
    pub(crate) fn in_document(self) -> (&'static str, &'static str) {
        let route = ROUTES.iter().find(|(operation, ..)| *operation == self);
        route.map(|(_, method, path)| (*method, *path)).expect("every operation has a route")
    }

    /// Whether a browser may make it, with a publishable key and the intent's secret.
    pub(crate) fn is_for_browsers(self) -> bool {
        matches!(self, Self::RetrieveIntent | Self::ConfirmIntent)
    }
}

fn is_name(part: &str) -> bool {
    part.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart() {
        let of = |method: Method, path: &str| Operation::of(&method, path);
        assert_eq!(of(Method::POST, "/v1/refunds"), Some((Operation::CreateRefund, String::new())));
        let confirm = of(Method::POST, "/v1/payment_intents/pi_1/confirm");
        assert_eq!(confirm, Some((Operation::ConfirmIntent, "pi_1".to_owned())));
        assert_eq!(of(Method::POST, "/v1/payment_intents/pi_1"), None);
        assert_eq!(of(Method::GET, "/v1/payment_intents/"), None, "no name");
        assert_eq!(of(Method::GET, "/v1/nothing"), None);
    }
}
