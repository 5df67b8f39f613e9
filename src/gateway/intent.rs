//! What is asked of a gateway, and what it answers.

use std::fmt;
use std::time::Duration;

use crate::domain::{OrderId, PaymentId};

/// What to make an intent of: the gateway's own record of one attempt to charge.
#[derive(Clone, PartialEq, Eq)]
pub struct NewIntent {
    /// Which attempt.
    pub payment: PaymentId,
    /// What is paid for.
    pub order: OrderId,
    /// From 1, one more with each try whose answer was lost or unusable: a gateway that stores its answers under a
    /// key gives a stored failure again. A new leader begins with 1 again, and is given what is stored.
    pub try_number: u32,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// What to take the money from.
    pub source: Source,
}

/// What to take the money from. It is as good as a card.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// A token, such as `tok_visa`: it may be good for one use only.
    Token(String),
    /// A payment method, such as `pm_card_visa`.
    Method(String),
    /// The buyer says so in their browser, and confirms there.
    Browser,
}

impl Source {
    /// Begins the names of payment methods.
    const METHOD_PREFIX: &str = "pm_";

    /// What a buyer named, or their browser will if nothing is named.
    pub fn of(name: &str, in_browser: bool) -> Self {
        match name {
            _ if in_browser => Self::Browser,
            method if method.starts_with(Self::METHOD_PREFIX) => Self::Method(method.to_owned()),
            token => Self::Token(token.to_owned()),
        }
    }
}

/// An intent that was made, and moves nothing until it is confirmed.
#[derive(Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The gateway's name for it.
    pub intent: String,
    /// The payment method that a token was made into, if it was.
    pub method: Option<String>,
}

/// What to confirm.
#[derive(Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Which attempt.
    pub payment: PaymentId,
    /// What is paid for.
    pub order: OrderId,
    /// The gateway's name for the intent.
    pub intent: String,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// What to take the money from; a token only where no intent had to be prepared.
    pub source: Source,
}

/// Where an intent stands, by the gateway's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IntentState {
    /// It moves nothing until it is confirmed, and never was.
    Unconfirmed,
    /// The buyer has to do something first, such as prove who they are to their bank.
    ActionRequired(NextAction),
    /// The gateway is at it: read again.
    Processing,
    /// The last confirmation was declined. It could be confirmed again, by whoever knows of it, until it is cancelled.
    Declined {
        /// Why, as a code such as `insufficient_funds`.
        code: String,
    },
    /// Money moved. Final.
    Succeeded {
        /// The gateway's name for the charge.
        charge: String,
    },
    /// No money moved, and none ever will by this intent. Final.
    Canceled {
        /// Why it was declined before, if it was and the gateway remembers.
        code: Option<String>,
    },
}

/// What the buyer has to do. It is not kept: whoever needs it reads the intent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextAction {
    /// Which kind of thing, in the gateway's words, such as `redirect_to_url`.
    pub kind: String,
    /// Where to send the buyer's browser, if that is it.
    pub url: Option<ClientSecret>,
    /// With what a script in the buyer's browser goes on, if that is it.
    pub client_secret: Option<ClientSecret>,
}

/// What lets a buyer's browser, and whoever else has it, confirm one intent. It is never kept or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// Takes what the gateway gave.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// The secret itself, for the buyer alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What to give back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundRequest {
    /// Names the refund among those of its payment, for ever: asked again with it, a gateway gives back no second time.
    pub refund: String,
    /// The gateway's name for it, if it said one before; else empty. It is the same refund also where somebody took away
    /// there what it was named by.
    pub known_as: String,
    /// Of which attempt.
    pub payment: PaymentId,
    /// What was paid for.
    pub order: OrderId,
    /// The gateway's name for the intent; empty if it [follows](super::Gateway::known_intent) from the payment.
    pub intent: String,
    /// The gateway's name for the charge.
    pub charge: String,
    /// How much of it, in minor units of the charge's currency; all that is left if it does not say.
    pub amount_minor: Option<u64>,
}

/// A refund that the gateway knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refunded {
    /// The gateway's name for it; empty if it says only that everything was given back before.
    pub refund: String,
    /// Where it stands.
    pub state: RefundState,
}

/// Where a refund stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RefundState {
    /// The gateway is at it: ask again.
    Pending,
    /// The money went back. Final, unless the bank sends it back.
    Succeeded,
    /// It did not.
    Failed {
        /// Why, as the gateway's code.
        code: String,
    },
}

/// One of an intent's refunds, whoever made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRefund {
    /// The gateway's name for it.
    pub refund: String,
    /// The [name](RefundRequest::refund) that it was asked for under; `None` for what somebody made by hand.
    pub name: Option<String>,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// Where it stands.
    pub state: RefundState,
}

/// A dispute, by the gateway's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownDispute {
    /// The gateway's name for it.
    pub dispute: String,
    /// The intent whose charge is disputed.
    pub intent: String,
    /// Where it stands, in the gateway's words.
    pub status: String,
    /// Why, in the gateway's words.
    pub reason: String,
    /// How much is disputed, in minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// When it began, in seconds since 1970.
    pub since_s: u64,
    /// The bank has the money.
    pub is_withdrawn: bool,
}

/// Why a gateway did not answer what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GatewayError {
    /// Nobody knows whether it happened: a time-out, a lost connection, a fault on the other side. Also whatever speaks
    /// of the account instead of this payment, such as a key that was revoked: no buyer is to be told of it.
    #[error("the gateway gave no usable answer: {0}")]
    Unknown(String),
    /// Refused before anything happened, for now.
    #[error("the gateway has no time right now")]
    Busy {
        /// When it wants to be asked again, if it says so. It is left alone until then.
        retry_after: Option<Duration>,
    },
    /// Final: nothing moved, and nothing will by asking the same again (no such token, an unsupported currency …).
    #[error("the gateway refuses ({code}): {message}")]
    Refused {
        /// The gateway's code.
        code: String,
        /// What it says, without secrets.
        message: String,
    },
}
