//! The payment gateway: where money moves. Only the payment worker calls it.

mod sandbox;

use std::future::Future;
use std::pin::Pin;

pub use sandbox::{BooksError, Sandbox, SandboxCharge};

use crate::domain::PaymentId;

/// A call to a gateway that is under way.
pub type GatewayCall<'a, T> = Pin<Box<dyn Future<Output = Result<T, GatewayError>> + Send + 'a>>;

/// What to charge.
#[derive(Clone, PartialEq, Eq)]
pub struct ChargeRequest {
    /// The stable key: however often it is asked, a gateway charges once for it.
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

/// The gateway gave no final word: it may or may not have done it. Ask again with the same key.
#[derive(Debug, thiserror::Error)]
#[error("the gateway gave no final answer: {0}")]
pub struct GatewayError(pub String);

/// Where money moves.
///
/// Both calls may be made again with the same key at any time, also by another replica: the outcome of the
/// first one is given again and nothing happens twice.
pub trait Gateway: Send + Sync + 'static {
    /// What operators know it by.
    fn name(&self) -> &'static str;

    /// Takes the money.
    fn charge<'a>(&'a self, request: &'a ChargeRequest) -> GatewayCall<'a, ChargeOutcome>;

    /// Gives all the money of this key's charge back.
    fn refund<'a>(&'a self, key: PaymentId, charge: &'a str) -> GatewayCall<'a, ()>;
}
