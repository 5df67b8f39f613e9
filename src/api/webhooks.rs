//! Webhooks: what the payment gateway tells by itself.

use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Clock, SystemClock};
use poem_openapi::registry::MetaSchema;
use poem_openapi::{ApiResponse, OpenApi};
use tokio::sync::Semaphore;

use super::Tag;
use super::refusal::HELD_RETRY_AFTER;
use super::refused;
use crate::http::header::{FromLines, Header};
use crate::http::raw_body::RawBody;
use crate::http::{Problem, ProblemType, Refused};
use crate::saga::{self, Heard, NotHeard, SignatureError, WebhookError};
use crate::service::Service;

/// Webhooks that are looked into at the same time. Each may ask Stripe, and takes a second then; others wait, and what
/// waits for too long is told again.
const MAX_AT_ONCE: usize = 64;

/// How long Stripe waits for an answer at most: it gives up after some ten seconds, and tells it again.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

/// When Stripe may tell again what could not be looked into. It goes by its own times, which are longer.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What metrics call an event that is about nothing here.
const IGNORED: &str = "ignored";

pub(super) struct Webhooks {
    service: Arc<Service>,
    clock: SystemClock,
    places: Semaphore,
}

/// What the header says: nothing, unless it was sent once.
#[derive(Debug)]
struct StripeSignature(String);

impl FromLines for StripeSignature {
    fn schema() -> MetaSchema {
        MetaSchema::new("string")
    }

    fn from_lines(lines: &[&str]) -> Result<Self, String> {
        Ok(Self(if let [line] = lines { (*line).to_owned() } else { String::new() }))
    }
}

#[derive(ApiResponse)]
enum Taken {
    /// Whatever follows from it is committed; nothing, if it is about nothing here
    #[oai(status = 200)]
    Taken,
}

refused! {
    OfTelling: 400, 404, 408, 413;
}

#[OpenApi(prefix_path = "/api/payments/webhooks", tag = "Tag::Payments")]
impl Webhooks {
    /// Tell of what happened at Stripe
    ///
    /// For Stripe alone, which signs each event: a signature that is not by a secret known here, or is older or newer than
    /// 300 seconds, is answered 400 of the type `/problems/bad-signature`. An event only says which payment to look at, so
    /// that it may come twice, late and in any order. 503 asks Stripe to tell it again. Without Stripe 404.
    #[oai(path = "/stripe", method = "post", operation_id = "receiveStripeEvent")]
    async fn stripe(
        &self,
        /// When, and by which secrets, the body was signed: `t=…,v1=…`
        #[oai(name = "Stripe-Signature")]
        signature: Header<StripeSignature>,
        body: RawBody,
    ) -> Result<Taken, Refused<OfTelling>> {
        let stripe = self.service.stripe.as_deref().ok_or_else(no_stripe)?;
        // Signatures go by the time of day, and so Stripe's clock is compared with this machine's.
        let now_s = self.clock.wall_ms() / 1_000;
        let hint = stripe.hint(&signature.0.0, &body.0, now_s).map_err(|error| self.not_stripes(&error))?;
        let Some(hint) = hint else {
            self.service.metrics.webhook_came(IGNORED);
            return Ok(Taken::Taken);
        };
        let heard = tokio::time::timeout(ANSWER_WITHIN, async {
            let _place = self.places.acquire().await;
            saga::hear(&self.service, stripe, &hint).await
        });
        match heard.await {
            Ok(Ok(heard)) => {
                self.service.metrics.webhook_came(label(heard));
                Ok(Taken::Taken)
            }
            Ok(Err(error)) => Err(self.tell_again(error).into()),
            Err(_) => Err(self.tell_again(NotHeard::TimedOut).into()),
        }
    }
}

impl Webhooks {
    pub(super) fn new(service: Arc<Service>) -> Self {
        Self { service, clock: SystemClock::new(), places: Semaphore::new(MAX_AT_ONCE) }
    }

    fn not_stripes(&self, error: &WebhookError) -> Problem {
        let (label, kind) = match error {
            WebhookError::Signature(SignatureError::Stale) => ("stale", ProblemType::BadSignature),
            WebhookError::Signature(_) => ("forged", ProblemType::BadSignature),
            WebhookError::Event(_) => ("unreadable", ProblemType::BadRequest),
        };
        self.service.metrics.webhook_came(label);
        Problem::new(kind).detail(error.to_string())
    }

    fn tell_again(&self, error: NotHeard) -> Problem {
        self.service.metrics.webhook_came("put-off");
        let problem = match error {
            NotHeard::SalesHeld => Problem::new(ProblemType::SalesHeld).retry_after(HELD_RETRY_AFTER),
            error => Problem::new(ProblemType::Unavailable).because_of(error).retry_after(RETRY_AFTER),
        };
        problem.detail("It could not be looked into now: tell it again")
    }
}

fn no_stripe() -> Problem {
    Problem::new(ProblemType::NotFound).detail("Payments do not go to Stripe here")
}

/// What metrics call it.
fn label(heard: Heard) -> &'static str {
    match heard {
        Heard::Nothing => IGNORED,
        Heard::Payment => "payment",
        Heard::Refund => "refund",
        Heard::Dispute => "dispute",
    }
}
