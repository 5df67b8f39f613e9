//! Disputes: what the owner of a card wants back from their bank.

use reqwest::StatusCode;
use serde::Deserialize;

use super::Stripe;
use super::form::Form;
use super::objects::{parse, plain_code};
use super::refusal::{error, refusal};
use crate::gateway::{GatewayError, KnownDispute};

/// A dispute, as Stripe knows it.
#[derive(Deserialize)]
struct Dispute {
    id: String,
    payment_intent: Option<String>,
    status: String,
    reason: String,
    amount: u64,
    currency: String,
    created: u64,
    #[serde(default)]
    balance_transactions: Vec<Transaction>,
}

/// Money that the bank took from the account, or gave back, in the account's own currency.
#[derive(Deserialize)]
struct Transaction {
    amount: i64,
}

impl Stripe {
    /// What Stripe knows of a dispute; `None` if there is none of that name, or it is of no intent's charge.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub(super) async fn read_dispute(&self, dispute: &str) -> Result<Option<KnownDispute>, GatewayError> {
        let reply = self.api.get(&["disputes", dispute], &Form::default()).await?;
        if reply.status == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        if !reply.status.is_success() {
            return Err(refusal(&reply, error(&reply).as_ref()));
        }
        let found: Dispute = parse(&reply)?;
        if found.id != dispute {
            return Err(GatewayError::Unknown("the answer is about another dispute".to_owned()));
        }
        Ok(found.known())
    }
}

impl Dispute {
    fn known(self) -> Option<KnownDispute> {
        // A bank takes all that is disputed, and gives all of it back if the owner of the card loses.
        let moved = self.balance_transactions.iter().fold(0, |sum: i64, one| sum.saturating_add(one.amount));
        Some(KnownDispute {
            dispute: self.id,
            intent: self.payment_intent?,
            status: plain_code(Some(&self.status)),
            reason: plain_code(Some(&self.reason)),
            amount_minor: self.amount,
            currency: self.currency,
            since_s: self.created,
            is_withdrawn: moved < 0,
        })
    }
}
