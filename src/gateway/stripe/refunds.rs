//! Refunds.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Stripe;
use super::form::Form;
use super::objects::{List, parse, plain_code};
use super::refusal::{error, refusal};
use crate::gateway::{GatewayError, KnownRefund, RefundRequest, RefundState, Refunded};

const REFUNDS: &str = "refunds";

/// What Stripe calls it that nothing is left of a charge.
const ALREADY_REFUNDED: &str = "charge_already_refunded";

/// Refunds on a page of them, the most that Stripe gives.
const PAGE: usize = 100;

/// Pages of one intent's refunds that are read: more than anybody makes by hand.
const MAX_PAGES: usize = 20;

/// A refund, as Stripe knows it.
#[derive(Deserialize)]
struct Refund {
    id: String,
    amount: u64,
    currency: String,
    status: Option<String>,
    failure_reason: Option<String>,
    metadata: Option<BTreeMap<String, String>>,
}

impl Refund {
    fn name(&self) -> Option<&String> {
        self.metadata.as_ref().and_then(|metadata| metadata.get("refund"))
    }

    fn is_for(&self, refund: &str) -> bool {
        self.name().is_some_and(|name| name == refund)
    }

    fn state(&self) -> Result<RefundState, GatewayError> {
        let unheard_of =
            || GatewayError::Unknown("the refund has a status that means nothing here".to_owned());
        Ok(match self.status.as_deref() {
            Some("pending" | "requires_action") => RefundState::Pending,
            Some("succeeded") => RefundState::Succeeded,
            Some(status @ ("failed" | "canceled")) => {
                RefundState::Failed { code: plain_code(self.failure_reason.as_deref().or(Some(status))) }
            }
            _ => return Err(unheard_of()),
        })
    }

    fn refunded(self) -> Result<Refunded, GatewayError> {
        Ok(Refunded { state: self.state()?, refund: self.id })
    }

    fn known(self) -> Result<KnownRefund, GatewayError> {
        Ok(KnownRefund {
            name: self.name().cloned(),
            state: self.state()?,
            refund: self.id,
            amount_minor: self.amount,
            currency: self.currency,
        })
    }
}

impl Stripe {
    /// Gives money of a charge back, once for the refund's name: it is looked for among those of the intent first, for
    /// Stripe forgets keys.
    ///
    /// # Errors
    /// [`GatewayError`]; [`GatewayError::Refused`] when there is nothing, or not so much, to give back.
    pub(super) async fn give_back(&self, request: &RefundRequest) -> Result<Refunded, GatewayError> {
        if let Some(found) = self.find_refund(request).await? {
            return found.refunded();
        }
        let amount = request.amount_minor.map(|amount| amount.to_string());
        let form = Form::default()
            .with("payment_intent", &request.intent)
            .with("metadata[refund]", &request.refund)
            .with_some("amount", amount.as_deref());
        let form = self.with_metadata(form, request.order, request.payment);
        let key = self.key(request.order, request.payment, &format!("refund/{}", request.refund));
        let mut number = 1;
        loop {
            let key = if number == 1 { key.clone() } else { format!("{key}/{number}") };
            let reply = self.api.post(&[REFUNDS], &form, &key).await?;
            if reply.status.is_success() {
                return parse::<Refund>(&reply)?.refunded();
            }
            let error = error(&reply);
            if error.as_ref().is_some_and(|error| error.is(ALREADY_REFUNDED)) {
                return self.given_back(request).await;
            }
            let is_stored_failure = reply.is_replayed && reply.status.is_server_error();
            if !is_stored_failure || number >= super::MAX_STORED_FAILURES {
                return Err(refusal(&reply, error.as_ref()));
            }
            // That request has ended, so what it did is there to be found before another is made.
            if let Some(found) = self.find_refund(request).await? {
                return found.refunded();
            }
            number += 1;
        }
    }

    /// Everything went back: by this refund, made by another replica meanwhile, or by others. Of the others each is
    /// recorded by itself, so that one of a certain amount that they left nothing for came to nothing.
    async fn given_back(&self, request: &RefundRequest) -> Result<Refunded, GatewayError> {
        let by_others = || Refunded { refund: String::new(), state: RefundState::Succeeded };
        match (self.find_refund(request).await?, request.amount_minor) {
            (Some(found), _) => found.refunded(),
            (None, None) => Ok(by_others()),
            (None, Some(_)) => Err(GatewayError::Refused {
                code: ALREADY_REFUNDED.to_owned(),
                message: "everything was given back by others".to_owned(),
            }),
        }
    }

    /// All refunds of an intent, whoever made them.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub(super) async fn refunds_of_intent(&self, intent: &str) -> Result<Vec<KnownRefund>, GatewayError> {
        let mut all = Vec::new();
        self.look_through(intent, |refund| {
            all.push(refund);
            None::<()>
        })
        .await?;
        all.into_iter().map(Refund::known).collect()
    }

    async fn find_refund(&self, request: &RefundRequest) -> Result<Option<Refund>, GatewayError> {
        let is_wanted = |refund: &Refund| refund.id == request.known_as || refund.is_for(&request.refund);
        let wanted = |refund: Refund| Some(refund).filter(is_wanted);
        self.look_through(&request.intent, wanted).await
    }

    /// Goes through the refunds of an intent until `take` finds one.
    async fn look_through<T>(
        &self,
        intent: &str,
        mut take: impl FnMut(Refund) -> Option<T> + Send,
    ) -> Result<Option<T>, GatewayError> {
        let mut after = None::<String>;
        for _ in 0..MAX_PAGES {
            let query = Form::default()
                .with("payment_intent", intent)
                .with("limit", &PAGE.to_string())
                .with_some("starting_after", after.as_deref());
            let reply = self.api.get(&[REFUNDS], &query).await?;
            if !reply.status.is_success() {
                return Err(says_nothing(refusal(&reply, error(&reply).as_ref())));
            }
            let page: List<Refund> = parse(&reply)?;
            after = page.data.last().map(|refund| refund.id.clone());
            if let Some(found) = page.data.into_iter().find_map(&mut take) {
                return Ok(Some(found));
            }
            if !page.has_more || after.is_none() {
                return Ok(None);
            }
        }
        Err(GatewayError::Unknown("the intent has more refunds than are looked through".to_owned()))
    }
}

/// Where nothing can be looked through, nothing is known of the refund: it may have been made, and the keys be those of
/// another account by now.
fn says_nothing(error: GatewayError) -> GatewayError {
    match error {
        GatewayError::Refused { code, .. } => {
            GatewayError::Unknown(format!("the refunds of the intent cannot be looked through ({code})"))
        }
        other => other,
    }
}
