//! Disputes: a card's owner wants the money back from their bank.

use serde_json::{Value, json};

use crate::account::{Account, Object};
use crate::error::ApiError;

/// A dispute.
#[derive(Clone, Debug)]
pub(crate) struct Dispute {
    id: String,
    charge: String,
    intent: String,
    amount: u64,
    currency: String,
    created_s: u64,
    /// None while it is open.
    is_won: Option<bool>,
}

impl Object for Dispute {
    const KIND: &'static str = "dispute";

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Value {
        let status = match self.is_won {
            None => "needs_response",
            Some(true) => "won",
            Some(false) => "lost",
        };
        json!({
            "id": self.id,
            "object": "dispute",
            "amount": self.amount,
            "balance_transactions": [],
            "charge": self.charge,
            "created": self.created_s,
            "currency": self.currency,
            "evidence": {},
            "evidence_details": { "due_by": null, "has_evidence": false, "past_due": false, "submission_count": 0 },
            "is_charge_refundable": false,
            "livemode": false,
            "metadata": {},
            "payment_intent": self.intent,
            "reason": "fraudulent",
            "status": status,
        })
    }
}

/// The owner of the card disputes a charge.
pub(crate) fn open(account: &mut Account, charge: &str) -> Result<String, ApiError> {
    account.disputes.has_room()?;
    let disputed = account.charges.get_mut(charge, "charge")?;
    if !disputed.succeeded() || disputed.is_disputed {
        return Err(ApiError::invalid(format!("{charge} cannot be disputed")));
    }
    disputed.is_disputed = true;
    let (intent, amount, currency) = (disputed.intent.clone(), disputed.amount, disputed.currency.clone());
    let (id, created_s) = (account.name("dp_"), account.now_s);
    let dispute = Dispute {
        id: id.clone(),
        charge: charge.to_owned(),
        intent,
        amount,
        currency,
        created_s,
        is_won: None,
    };
    let shown = account.disputes.add(dispute).json();
    account.happened("charge.dispute.created", shown);
    Ok(id)
}

/// The bank decides.
pub(crate) fn close(account: &mut Account, dispute: &str, is_won: bool) -> Result<(), ApiError> {
    let found = account.disputes.get_mut(dispute, "dispute")?;
    if found.is_won.is_some() {
        return Err(ApiError::invalid(format!("{dispute} is closed")));
    }
    found.is_won = Some(is_won);
    let shown = found.json();
    account.happened("charge.dispute.closed", shown);
    Ok(())
}
