//! Refunds: money that goes back.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::charges::Charge;
use super::list::{Dated, Listing};
use crate::account::{Account, Object};
use crate::cards::Card;
use crate::error::ApiError;
use crate::params::Params;

const REASONS: [&str; 3] = ["duplicate", "fraudulent", "requested_by_customer"];

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Succeeded,
    Failed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

/// A refund.
#[derive(Clone, Debug)]
pub(crate) struct Refund {
    pub(crate) id: String,
    pub(crate) charge: String,
    pub(crate) intent: String,
    pub(crate) amount: u64,
    currency: String,
    created_s: u64,
    pub(crate) metadata: BTreeMap<String, String>,
    reason: Option<String>,
    pub(crate) status: Status,
}

impl Object for Refund {
    const KIND: &'static str = "refund";

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Value {
        let mut refund = json!({
            "id": self.id,
            "object": "refund",
            "amount": self.amount,
            "balance_transaction": null,
            "charge": self.charge,
            "created": self.created_s,
            "currency": self.currency,
            "metadata": self.metadata,
            "payment_intent": self.intent,
            "reason": self.reason,
            "status": self.status.as_str(),
        });
        if self.status == Status::Failed {
            refund["failure_reason"] = "expired_or_canceled_card".into();
        }
        refund
    }
}

impl Dated for Refund {
    fn created_s(&self) -> u64 {
        self.created_s
    }
}

/// `POST /v1/refunds`
#[derive(Clone, Debug)]
pub(crate) struct Create {
    charge: Option<String>,
    intent: Option<String>,
    amount: Option<u64>,
    reason: Option<String>,
    metadata: BTreeMap<String, String>,
}

impl Create {
    pub(crate) fn parse(params: &mut Params) -> Result<Self, ApiError> {
        let (charge, intent) = (params.take_text("charge")?, params.take_text("payment_intent")?);
        if charge.is_some() == intent.is_some() {
            let message =
                "One of the following params should be provided for this request: payment_intent or charge.";
            return Err(ApiError::invalid(message));
        }
        let amount = params.take_number("amount")?;
        if amount == Some(0) {
            return Err(ApiError::invalid("Invalid positive integer").param("amount"));
        }
        let reason = params.take_text("reason")?;
        if reason.as_ref().is_some_and(|reason| !REASONS.contains(&reason.as_str())) {
            return Err(ApiError::invalid("Invalid reason").param("reason"));
        }
        Ok(Self { charge, intent, amount, reason, metadata: params.take_metadata()? })
    }

    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        account.refunds.has_room()?;
        let charge = match (&self.charge, &self.intent) {
            (Some(charge), _) => charge.clone(),
            (None, intent) => charged_by(account, intent.as_deref().unwrap_or_default())?,
        };
        let charge = account.charges.get(&charge, "charge")?;
        let amount = what_goes_back(charge, self.amount)?;
        let status = match account.methods.get(&charge.method, "payment_method")?.card {
            Card::PendingRefund => Status::Pending,
            _ => Status::Succeeded,
        };
        let refund = Refund {
            id: String::new(),
            charge: charge.id.clone(),
            intent: charge.intent.clone(),
            amount,
            currency: charge.currency.clone(),
            created_s: account.now_s,
            metadata: self.metadata.clone(),
            reason: self.reason.clone(),
            status,
        };
        Ok(add(account, refund))
    }
}

fn charged_by(account: &Account, intent: &str) -> Result<String, ApiError> {
    let intent = account.intents.get(intent, "payment_intent")?;
    let succeeded = intent.status == super::payment_intents::Status::Succeeded;
    intent.charge.clone().filter(|_| succeeded).ok_or_else(|| {
        let message =
            format!("This PaymentIntent ({}) does not have a successful charge to refund.", intent.id);
        ApiError::invalid(message).param("payment_intent")
    })
}

fn what_goes_back(charge: &Charge, amount: Option<u64>) -> Result<u64, ApiError> {
    let (id, left) = (&charge.id, charge.amount - charge.refunded);
    if !charge.succeeded() {
        return Err(ApiError::invalid(format!("Charge {id} did not succeed.")).param("charge"));
    }
    if charge.is_disputed {
        let message = format!("Charge {id} has been charged back; cannot issue a refund.");
        return Err(ApiError::invalid(message).code("charge_disputed"));
    }
    if left == 0 {
        let message = format!("Charge {id} has already been refunded.");
        return Err(ApiError::invalid(message).code("charge_already_refunded"));
    }
    match amount.unwrap_or(left) {
        amount if amount <= left => Ok(amount),
        amount => {
            let message =
                format!("Refund amount ({amount}) is greater than unrefunded amount on charge ({left})");
            Err(ApiError::invalid(message).param("amount"))
        }
    }
}

fn add(account: &mut Account, refund: Refund) -> Value {
    let refund = Refund { id: account.name("re_"), ..refund };
    let shown = refund.json();
    if let Ok(charge) = account.charges.get_mut(&refund.charge, "charge") {
        charge.refunded += refund.amount;
        let charge = charge.json();
        account.happened("charge.refunded", charge);
    }
    account.refunds.add(refund);
    shown
}

/// Somebody gives money back in the dashboard.
pub(crate) fn by_dashboard(
    account: &mut Account,
    charge: &str,
    amount: Option<u64>,
) -> Result<String, ApiError> {
    let create = Create {
        charge: Some(charge.to_owned()),
        intent: None,
        amount,
        reason: Some("requested_by_customer".to_owned()),
        metadata: BTreeMap::new(),
    };
    let shown = create.execute(account)?;
    Ok(shown["id"].as_str().unwrap_or_default().to_owned())
}

/// A refund whose card is pending, or fails later, ends.
pub(crate) fn end(account: &mut Account, refund: &str, succeeds: bool) -> Result<(), ApiError> {
    let found = account.refunds.get_mut(refund, "refund")?;
    let charge = found.charge.clone();
    let method = account.charges.get(&charge, "charge")?.method.clone();
    let card = account.methods.get(&method, "payment_method")?.card;
    let found = account.refunds.get_mut(refund, "refund")?;
    let may_end = match found.status {
        Status::Pending => true,
        Status::Succeeded => card == Card::FailingRefund && !succeeds,
        Status::Failed => false,
    };
    if !may_end {
        return Err(ApiError::invalid(format!("{refund} has ended")));
    }
    found.status = if succeeds { Status::Succeeded } else { Status::Failed };
    let (shown, amount) = (found.json(), found.amount);
    if !succeeds {
        account.charges.get_mut(&charge, "charge")?.refunded -= amount;
    }
    account.happened("charge.refund.updated", shown);
    Ok(())
}

/// `GET /v1/refunds`
#[derive(Clone, Debug)]
pub(crate) struct ListOf {
    charge: Option<String>,
    intent: Option<String>,
    listing: Listing,
}

impl ListOf {
    pub(crate) fn parse(params: &mut Params) -> Result<Self, ApiError> {
        let (charge, intent) = (params.take_text("charge")?, params.take_text("payment_intent")?);
        Ok(Self { charge, intent, listing: Listing::parse(params)? })
    }

    pub(crate) fn execute(&self, account: &Account) -> Result<Value, ApiError> {
        if let Some(intent) = &self.intent {
            account.intents.get(intent, "payment_intent")?;
        }
        self.listing.page(account.refunds.all(), "/v1/refunds", |refund: &Refund| {
            self.charge.as_ref().is_none_or(|charge| *charge == refund.charge)
                && self.intent.as_ref().is_none_or(|intent| *intent == refund.intent)
        })
    }
}
