//! The payment gateway: where money moves. Only the payment worker calls it.

pub mod intent;
mod sandbox;
pub mod stripe;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub use sandbox::Sandbox;

use crate::domain::PaymentId;

/// A call to a gateway that is under way.
pub type GatewayCall<'a, T> = Pin<Box<dyn Future<Output = Result<T, GatewayError>> + Send + 'a>>;

/// For how long a gateway honours a charge's key, at least, from the first time that it is asked with it. Real
/// ones forget keys, Stripe for example after a day.
pub const KEY_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// What to charge.
#[derive(Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// The stable key: however often it is asked within [`KEY_LIFE`], a gateway charges once for it.
    pub key: PaymentId,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// What to take the money from, such as `tok_visa`.
    pub source: String,
}

/// The gateway's final word on a charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChargeOutcome {
    /// Money moved.
    Succeeded {
        /// The gateway's name for the charge.
        charge: String,
    },
    /// No money moved, and none will under this key.
    Declined {
        /// Why, as a code such as `card_declined`.
        code: String,
    },
}

/// The gateway gave no final word: it may or may not have done it. Ask again, in the way that [`Gateway`] says.
#[derive(Debug, thiserror::Error)]
#[error("the gateway gave no final answer: {0}")]
pub struct GatewayError(pub String);

/// Where money moves.
///
/// Every call may be made again, also by another replica, whenever the one before it got no final word. What keeps
/// money from moving twice is different for each, and so is how long it lasts:
///
/// | call | asked again | for how long |
/// | --- | --- | --- |
/// | `charge` | gives the outcome that its key has | [`KEY_LIFE`]; from then on it may charge a second time |
/// | `look_up` | moves nothing | for ever |
/// | `refund` | a charge that was given back counts as given back | for ever |
///
/// So whoever holds a payment that may be older than its key's life looks it up, and never charges it.
///
/// To implement it for a real gateway: send the key as the request's idempotency key, and store it with the
/// charge as well (Stripe: in the metadata of the payment intent), which is what `look_up` searches for. Answer
/// with an outcome only if it is final: a charge that waits for something is a [`GatewayError`]. And a refund that
/// is refused because the charge was given back already (Stripe: `charge_already_refunded`) is a success.
pub trait Gateway: Send + Sync + 'static {
    /// What operators know it by.
    fn name(&self) -> &'static str;

    /// Takes the money. Only within [`KEY_LIFE`] of the first time.
    fn charge<'a>(&'a self, request: &'a ChargeRequest) -> GatewayCall<'a, ChargeOutcome>;

    /// What became of this key's charge, however long ago; `None` if no charge by that key is known. It may lag
    /// a few minutes behind `charge`, so `None` is final only when the last such call is longer ago.
    fn look_up(&self, key: PaymentId) -> GatewayCall<'_, Option<ChargeOutcome>>;

    /// Gives all the money of this key's charge back.
    fn refund<'a>(&'a self, key: PaymentId, charge: &'a str) -> GatewayCall<'a, ()>;
}
