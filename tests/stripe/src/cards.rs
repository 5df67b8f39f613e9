//! Stripe's test cards, by the names that its documents give them.

use serde_json::Value;

/// What becomes of a card that is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Card {
    /// The money comes.
    Good,
    /// The money comes, and its owner disputes it at once.
    Disputed,
    /// The money comes; whether it can be given back shows later.
    PendingRefund,
    /// The money comes, and giving it back fails later, having looked good.
    FailingRefund,
    /// The bank says no.
    Declined {
        code: &'static str,
        /// None where the code says it all.
        decline_code: Option<&'static str>,
    },
    /// The buyer has to show who they are first.
    NeedsAction,
    /// Not one of Stripe's: the bank takes its time, until it is told how it ends.
    Slow,
}

const fn declined(decline_code: &'static str) -> Card {
    Card::Declined { code: "card_declined", decline_code: Some(decline_code) }
}

const fn refused(code: &'static str) -> Card {
    Card::Declined { code, decline_code: Some(code) }
}

const CARDS: [(&str, Card); 26] = [
    ("visa", Card::Good),
    ("visa_debit", Card::Good),
    ("mastercard", Card::Good),
    ("mastercard_debit", Card::Good),
    ("mastercard_prepaid", Card::Good),
    ("amex", Card::Good),
    ("discover", Card::Good),
    ("diners", Card::Good),
    ("jcb", Card::Good),
    ("unionpay", Card::Good),
    ("chargeDeclined", declined("generic_decline")),
    ("chargeDeclinedInsufficientFunds", declined("insufficient_funds")),
    ("chargeDeclinedLostCard", declined("lost_card")),
    ("chargeDeclinedStolenCard", declined("stolen_card")),
    ("chargeDeclinedFraudulent", declined("fraudulent")),
    ("chargeDeclinedExpiredCard", refused("expired_card")),
    ("chargeDeclinedIncorrectCvc", refused("incorrect_cvc")),
    ("chargeDeclinedProcessingError", refused("processing_error")),
    ("chargeCustomerFail", declined("generic_decline")),
    ("threeDSecure2Required", Card::NeedsAction),
    ("threeDSecureRequired", Card::NeedsAction),
    ("authenticationRequired", Card::NeedsAction),
    ("createDispute", Card::Disputed),
    ("pendingRefund", Card::PendingRefund),
    ("refundFail", Card::FailingRefund),
    ("standInSlow", Card::Slow),
];

/// Begins the names of tokens that are good for one payment method, as real ones are; more follows.
const SINGLE_USE: &str = "tok_once_";

impl Card {
    /// The card of a token such as `tok_visa`, or `tok_once_…`.
    pub(crate) fn of_token(token: &str) -> Option<Self> {
        if token.len() > SINGLE_USE.len() && token.starts_with(SINGLE_USE) {
            return Some(Self::Good);
        }
        Self::named(token.strip_prefix("tok_")?)
    }

    /// The card of a ready-made payment method such as `pm_card_visa`.
    pub(crate) fn of_method(method: &str) -> Option<Self> {
        Self::named(method.strip_prefix("pm_card_")?)
    }

    fn named(name: &str) -> Option<Self> {
        let find = |name: &str| CARDS.iter().find(|(known, _)| *known == name).map(|(_, card)| *card);
        find(name).or_else(|| find(name.strip_prefix("visa_")?))
    }
}

/// Whether a token may be used only once.
pub(crate) fn is_single_use(token: &str) -> bool {
    token.starts_with(SINGLE_USE)
}

/// What a buyer is told.
pub(crate) fn decline_message(code: &str) -> Value {
    match code {
        "expired_card" => "Your card has expired.",
        "incorrect_cvc" => "Your card's security code is incorrect.",
        "processing_error" => "An error occurred while processing your card. Try again in a little bit.",
        "payment_intent_authentication_failure" => {
            "We are unable to authenticate your payment method. Please choose a different payment method and try again."
        }
        _ => "Your card was declined.",
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_stripe_documents_them() {
        assert_eq!(Card::of_token("tok_visa"), Some(Card::Good));
        assert_eq!(Card::of_token("tok_visa_chargeDeclinedLostCard"), Some(declined("lost_card")));
        assert_eq!(Card::of_method("pm_card_threeDSecure2Required"), Some(Card::NeedsAction));
        assert_eq!(Card::of_method("pm_card_visa_chargeDeclined"), Some(declined("generic_decline")));
        for unknown in ["tok_", "tok_visa_", "tok_unheardOf", "visa", "pm_card_visa", "tok_once_"] {
            assert_eq!(Card::of_token(unknown), None, "{unknown}");
        }
    }
}
