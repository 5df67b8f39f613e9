//! Stripe: cards, by payment intents.
//!
//! **What keeps money from moving twice** is the intent: it succeeds at most once, however often it is confirmed. Keys
//! (`<cluster>/<order>/<payment>/<operation>`) only make a lost answer cheap: Stripe forgets them after a day, and under
//! the same key gives a stored 500 again. So a call whose stored answer is a failure goes on to the next key
//! (`post_past_stored_failures`), and a stored answer that may be old is read again.
//!
//! **Answers** are taken for what they say of the intent, be they errors or not; see `refusal.rs` for those that say
//! nothing of it.

mod amounts;
mod api;
mod disputes;
pub mod event;
mod form;
mod intents;
pub mod list;
mod objects;
mod refunds;
mod refusal;
mod rest;
pub mod signature;

use std::ops::RangeInclusive;
use std::time::Duration;

use self::api::{Api, Reply};
use self::event::{EventError, Hint};
use self::form::Form;
use self::signature::SignatureError;
use super::{
    ClientSecret, Confirmation, Gateway, GatewayCall, GatewayError, IntentState, KnownDispute, KnownRefund,
    NewIntent, Prepared, RefundRequest, Refunded,
};
use crate::auth::Secret;
use crate::domain::{OrderId, PaymentId};
use crate::settings::StripeAccount;

/// How many stored failures a call goes past. Each is a 500 that Stripe gave before, which is rare.
const MAX_STORED_FAILURES: u32 = 8;

/// How long one request to Stripe may take. It usually takes one or two seconds. Whoever makes a call, which may be
/// several requests, has a limit on all of it.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(20);

/// Why a webhook is not taken.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// It does not come from Stripe, or not now.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// It was signed, and is no event all the same.
    #[error(transparent)]
    Event(#[from] EventError),
}

/// An account at Stripe. `Debug` shows none of its keys.
#[derive(Debug)]
pub struct Stripe {
    api: Api,
    publishable_key: Secret<String>,
    webhook_secrets: Vec<Secret<String>>,
    cluster: String,
}

impl Stripe {
    /// The account at Stripe that payments of this cluster go to.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new(account: &StripeAccount, cluster: String) -> Result<Self, reqwest::Error> {
        Self::with_timeout(account, cluster, REQUEST_TIMEOUT)
    }

    /// The same, with another limit on how long one request may take.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn with_timeout(
        account: &StripeAccount,
        cluster: String,
        timeout: Duration,
    ) -> Result<Self, reqwest::Error> {
        let api = Api::new(account, timeout)?;
        let (publishable_key, webhook_secrets) =
            (account.publishable_key.clone(), account.webhook_secrets.clone());
        Ok(Self { api, publishable_key, webhook_secrets, cluster })
    }

    /// The cluster whose payments these are, as their intents say it.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// What a webhook is about, if Stripe signed it not long before `now_s` (in seconds since 1970); `None` if that is
    /// nothing that matters here. `body` is what came, byte for byte.
    ///
    /// # Errors
    /// [`WebhookError`].
    pub fn hint(&self, signature: &str, body: &[u8], now_s: u64) -> Result<Option<Hint>, WebhookError> {
        signature::verify(signature, body, &self.webhook_secrets, now_s)?;
        Ok(event::hint(body)?)
    }

    /// The key of an operation on a payment.
    fn key(&self, order: OrderId, payment: PaymentId, operation: &str) -> String {
        format!("{}/{order}/{payment}/{operation}", self.cluster)
    }

    /// Adds what says in Stripe's dashboard, and to whoever reconciles, what this was for.
    fn with_metadata(&self, form: Form, order: OrderId, payment: PaymentId) -> Form {
        form.with("metadata[cluster]", &self.cluster)
            .with("metadata[order]", &order.to_string())
            .with("metadata[payment]", &payment.to_string())
    }

    /// Posts under this key; where the stored answer of that is a failure, under the next. Only for what may be asked
    /// again under another key: what succeeds once at most, moves nothing, or was looked for under what it is named by.
    async fn post_past_stored_failures(
        &self,
        path: &[&str],
        form: &Form,
        key: &str,
    ) -> Result<Reply, GatewayError> {
        for number in 1..=MAX_STORED_FAILURES {
            let key = if number == 1 { key.to_owned() } else { format!("{key}/{number}") };
            let reply = self.api.post(path, form, &key).await?;
            if !(reply.is_replayed && reply.status.is_server_error()) {
                return Ok(reply);
            }
        }
        Err(GatewayError::Unknown(format!("{MAX_STORED_FAILURES} stored failures")))
    }
}

impl Gateway for Stripe {
    fn name(&self) -> &'static str {
        "stripe"
    }

    /// Stripe makes the names.
    fn known_intent(&self, _payment: PaymentId) -> Option<String> {
        None
    }

    fn publishable_key(&self) -> Option<&str> {
        Some(self.publishable_key.expose())
    }

    fn chargeable(&self, currency: &str) -> RangeInclusive<u64> {
        amounts::chargeable(currency)
    }

    fn prepare<'a>(&'a self, intent: &'a NewIntent) -> GatewayCall<'a, Prepared> {
        Box::pin(self.prepare_intent(intent))
    }

    fn confirm<'a>(&'a self, confirmation: &'a Confirmation) -> GatewayCall<'a, IntentState> {
        Box::pin(self.confirm_intent(confirmation))
    }

    fn read<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        Box::pin(self.read_intent(intent))
    }

    fn cancel<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, IntentState> {
        Box::pin(self.cancel_intent(intent))
    }

    fn intents_of(&self, payment: PaymentId, from_ms: u64) -> GatewayCall<'_, Vec<String>> {
        Box::pin(self.all_intents_of(payment, from_ms))
    }

    fn refund<'a>(&'a self, request: &'a RefundRequest) -> GatewayCall<'a, Refunded> {
        Box::pin(self.give_back(request))
    }

    fn refunds<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, Vec<KnownRefund>> {
        Box::pin(self.refunds_of_intent(intent))
    }

    fn dispute<'a>(&'a self, dispute: &'a str) -> GatewayCall<'a, Option<KnownDispute>> {
        Box::pin(self.read_dispute(dispute))
    }

    fn browser_secret<'a>(&'a self, intent: &'a str) -> GatewayCall<'a, ClientSecret> {
        Box::pin(self.secret_of_intent(intent))
    }
}
