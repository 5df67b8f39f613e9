//! Payment intents: making, confirming, reading and cancelling them.

use super::Stripe;
use super::api::{Haste, Reply};
use super::form::Form;
use super::objects::{Intent, Named, parse};
use super::refusal::{error, refusal};
use crate::gateway::{ClientSecret, Confirmation, GatewayError, IntentState, NewIntent, Prepared, Source};

const INTENTS: &str = "payment_intents";

impl Stripe {
    /// Makes an intent, unconfirmed; of a token a payment method first.
    ///
    /// # Errors
    /// [`GatewayError::Refused`] when there is no such card, or it cannot pay this.
    pub(super) async fn prepare_intent(&self, new: &NewIntent) -> Result<Prepared, GatewayError> {
        let (made, method) = match &new.source {
            Source::Token(token) => {
                let made = self.payment_method(new, token).await?;
                (Some(made.clone()), Some(made))
            }
            Source::Method(method) => (None, Some(method.clone())),
            Source::Browser => (None, None),
        };
        let form = Form::default()
            .with("amount", &new.amount_minor.to_string())
            .with("currency", &new.currency)
            .with("payment_method_types[]", "card")
            .with("capture_method", "automatic")
            .with("confirmation_method", "automatic")
            .with_some("payment_method", method.as_deref());
        let form = self.with_metadata(form, new.order, new.payment);
        let key = self.key(new.order, new.payment, &format!("create/{}", new.try_number));
        let reply = self.api.post(&[INTENTS], &form, &key).await?;
        Ok(Prepared { intent: named(&reply)?, method: made })
    }

    /// A token is good for one payment method, so the key has no try: whoever asks again is given the same.
    async fn payment_method(&self, new: &NewIntent, token: &str) -> Result<String, GatewayError> {
        let form = Form::default().with("type", "card").with("card[token]", token);
        let key = self.key(new.order, new.payment, "method");
        let reply = self.post_past_stored_failures(&["payment_methods"], &form, &key).await?;
        named(&reply)
    }

    /// Takes the money of an intent that has its payment method; of one that is final says what it is.
    ///
    /// # Errors
    /// [`GatewayError`]: whatever it is, [`read_intent`](Self::read_intent) says where the intent stands.
    pub(super) async fn confirm_intent(
        &self,
        confirmation: &Confirmation,
    ) -> Result<IntentState, GatewayError> {
        let Confirmation { payment, order, intent, .. } = confirmation;
        // What the buyer has to do is done by Stripe's script in their browser: there is no page to come back to.
        let form = Form::default().with("use_stripe_sdk", "true");
        let key = self.key(*order, *payment, "confirm");
        let reply = self.post_past_stored_failures(&[INTENTS, intent, "confirm"], &form, &key).await?;
        match state(&reply, intent)? {
            state if reply.is_replayed && !is_final(&state) => self.read_intent(intent).await,
            state => Ok(state),
        }
    }

    /// Where an intent stands.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub(super) async fn read_intent(&self, intent: &str) -> Result<IntentState, GatewayError> {
        self.read_with(Haste::CanWait, intent).await
    }

    async fn read_with(&self, haste: Haste, intent: &str) -> Result<IntentState, GatewayError> {
        state(&self.api.get_with(haste, &[INTENTS, intent], &Form::default()).await?, intent)
    }

    /// Sees to it that an intent moves nothing any more; of one that is final says what it is. It needs no key: an
    /// intent is cancelled once at most. Nor does it wait until Stripe has time: the end of an order cannot.
    ///
    /// # Errors
    /// [`GatewayError`]: whatever it is, [`read_intent`](Self::read_intent) says where the intent stands.
    pub(super) async fn cancel_intent(&self, intent: &str) -> Result<IntentState, GatewayError> {
        let form = Form::default().with("cancellation_reason", "abandoned");
        match state(&self.api.post_urgently(&[INTENTS, intent, "cancel"], &form).await?, intent) {
            // Refused, and not said what it is then.
            Err(GatewayError::Refused { .. }) => self.read_with(Haste::Urgent, intent).await,
            answer => answer,
        }
    }

    /// With what the buyer's browser confirms this intent.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub(super) async fn secret_of_intent(&self, intent: &str) -> Result<ClientSecret, GatewayError> {
        let reply = self.api.get(&[INTENTS, intent], &Form::default()).await?;
        if !reply.status.is_success() {
            return Err(refusal(&reply, error(&reply).as_ref()));
        }
        let nothing = || GatewayError::Unknown("the intent came without its secret".to_owned());
        parse::<Intent>(&reply)?.client_secret().ok_or_else(nothing)
    }
}

fn is_final(state: &IntentState) -> bool {
    matches!(state, IntentState::Succeeded { .. } | IntentState::Canceled { .. })
}

fn named(reply: &Reply) -> Result<String, GatewayError> {
    if reply.status.is_success() {
        Ok(parse::<Named>(reply)?.id)
    } else {
        Err(refusal(reply, error(reply).as_ref()))
    }
}

/// What an answer says of the intent: a decline, or a wrong moment, comes as an error that has the intent in it.
fn state(reply: &Reply, intent: &str) -> Result<IntentState, GatewayError> {
    if reply.status.is_success() {
        return state_of(&parse(reply)?, intent);
    }
    let error = error(reply);
    match error.as_ref().and_then(|error| error.payment_intent.as_ref()) {
        Some(found) if reply.status.is_client_error() => state_of(found, intent),
        _ => Err(refusal(reply, error.as_ref())),
    }
}

fn state_of(found: &Intent, intent: &str) -> Result<IntentState, GatewayError> {
    if found.id == intent {
        found.state()
    } else {
        Err(GatewayError::Unknown("the answer is about another intent".to_owned()))
    }
}
