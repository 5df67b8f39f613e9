//! The payment gateway: where money moves. Only the payment saga calls it.

mod client_calls;
pub mod intent;
mod sandbox;
pub mod stripe;

use std::future::Future;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::time::Duration;

pub use client_calls::{ClientCalls, MAX_CLIENT_CALLS, MAX_CLIENT_CALLS_OF_ONE, MAX_WAITING_OF_ONE, Place};
pub use intent::*;
pub use sandbox::Sandbox;

use crate::domain::PaymentId;

/// The longest that a gateway is left alone because it says so; then it is asked again, and may say it again. Stripe asks for
/// seconds; a page that stands in for it during an outage for minutes. More would be a mistake that stops all payments.
pub const LONGEST_REST: Duration = Duration::from_secs(10 * 60);

/// A call to a gateway that is under way.
pub type GatewayCall<'a, T> = Pin<Box<dyn Future<Output = Result<T, GatewayError>> + Send + 'a>>;

/// Where money moves.
///
/// Money moves by *intents*: an intent succeeds at most once, however often it is confirmed, and a cancelled one never
/// does. That, and no key that a gateway forgets after a day, is what keeps an attempt from being charged twice. So
/// every call may be made again, by any replica, however late:
///
/// | call | moves | asked again |
/// | --- | --- | --- |
/// | `prepare` | nothing | makes another intent at worst, which nobody ever confirms |
/// | `confirm` | the money, once for an intent | answers with what the intent is by then |
/// | `read` | nothing | the same |
/// | `cancel` | nothing | the same: an intent that is final already answers with what it is |
/// | `refund` | money back, once for a refund's name | answers with what that refund is by then |
/// | `refunds`, `dispute` | nothing | the same |
///
/// To implement it for a real gateway:
///
/// - Send keys made of cluster, order, payment and operation (`prepare`: and its try), for they make a lost answer
///   cheap. Nothing may depend on them where a gateway forgets them: before making a refund again, look for it among
///   those of its intent.
/// - `Refused` ends the attempt in `prepare`, and has it cancelled in `confirm`: it is only for what is wrong with this
///   payment. A key that was used with another body is [`GatewayError::Unknown`], so that `prepare` takes its next try.
/// - Answer `confirm` and `cancel` with the intent's state also where the gateway calls it an error that the intent is
///   not (or no longer) in a state for that.
/// - A refund of an amount that is refused because everything was given back already came to nothing: somebody else's did
///   it, and is among the `refunds`. Where all that is left was asked for, it succeeded.
pub trait Gateway: Send + Sync + 'static {
    /// What operators know it by.
    fn name(&self) -> &'static str;

    /// What payments are marked with that it charges: no other gateway is ever asked for them.
    fn mark(&self) -> &'static str {
        self.name()
    }

    /// The intent's name, if it follows from the payment: then there is nothing to prepare, and nothing has to be
    /// committed before confirming. Only for a gateway that never forgets an intent.
    fn known_intent(&self, payment: PaymentId) -> Option<String>;

    /// With what a buyer's browser reaches the gateway; `None` if none can.
    fn publishable_key(&self) -> Option<&str>;

    /// The amounts in this currency (ISO 4217 code in lower case) that can be charged, in minor units, as far as that is
    /// known without asking.
    fn chargeable(&self, _currency: &str) -> RangeInclusive<u64> {
        1..=u64::MAX
    }

    /// Makes an intent, unconfirmed; of a token a payment method first.
    fn prepare<'a>(&'a self, intent: &'a NewIntent) -> GatewayCall<'a, Prepared>;

    /// Takes the money. Only of an intent whose name is committed, or [known](Self::known_intent).
    fn confirm<'a>(&'a self, confirmation: &'a Confirmation) -> GatewayCall<'a, IntentState>;

    /// Where an intent stands, by a state that has in it whatever was answered before the call.
    fn read<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState>;

    /// Sees to it that an intent moves nothing any more, unless it did.
    fn cancel<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState>;

    /// All intents that were made for a payment, from `from_ms` on (in milliseconds since 1970), by whatever history of this
    /// service; only of a gateway that makes the names itself. It is for what a restore forgot, and may take minutes.
    fn intents_of(&self, _payment: PaymentId, _from_ms: u64) -> GatewayCall<'_, Vec<String>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Gives money of a charge back.
    fn refund<'a>(&'a self, request: &'a RefundRequest) -> GatewayCall<'a, Refunded>;

    /// All refunds of an intent, whoever made them. A gateway where nobody makes any by hand need not say.
    fn refunds<'a>(&'a self, _intent: &'a str) -> GatewayCall<'a, Vec<KnownRefund>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// What is known of a dispute; `None` if it is none of a payment's.
    fn dispute<'a>(&'a self, _dispute: &'a str) -> GatewayCall<'a, Option<KnownDispute>> {
        Box::pin(async { Ok(None) })
    }

    /// With what the buyer's browser confirms this intent. Only of an intent whose name is committed.
    fn browser_secret<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, ClientSecret>;
}
