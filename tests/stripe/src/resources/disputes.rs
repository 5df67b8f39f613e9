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
    is_under_review: bool,
    /// None while it is open.
    is_won: Option<bool>,
    /// What the bank took, and gave back.
    transactions: Vec<Value>,
}

impl Object for Dispute {
    const KIND: &'static str = "dispute";

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Value {
        let status = match self.is_won {
            None if self.is_under_review => "under_review",
            None => "needs_response",
            Some(true) => "won",
            Some(false) => "lost",
        };
        json!({
            "id": self.id,
            "object": "dispute",
            "amount": self.amount,
            "balance_transactions": self.transactions,
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
        is_under_review: false,
        is_won: None,
        transactions: Vec::new(),
    };
    let shown = account.disputes.add(dispute).json();
    account.happened("charge.dispute.created", shown);
    move_money(account, &id, true)?;
    Ok(id)
}

/// The bank takes what is disputed, or gives it back.
fn move_money(account: &mut Account, dispute: &str, is_withdrawn: bool) -> Result<(), ApiError> {
    let (name, now_s) = (account.name("txn_"), account.now_s);
    let found = account.disputes.get_mut(dispute, "dispute")?;
    let amount = i64::try_from(found.amount).unwrap_or(i64::MAX);
    let amount = if is_withdrawn { -amount } else { amount };
    // For its trouble with it Stripe keeps as much.
    let fee = if is_withdrawn { 1_500 } else { 0 };
    found.transactions.push(json!({
        "id": name,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now_s,
        "created": now_s,
        "currency": found.currency,
        "description": format!("Chargeback {}", if is_withdrawn { "withdrawal" } else { "reversal" }),
        "exchange_rate": null,
        "fee": fee,
        "fee_details": [],
        "net": amount - fee,
        "reporting_category": if is_withdrawn { "dispute" } else { "dispute_reversal" },
        "source": found.id,
        "status": "available",
        "type": "adjustment",
    }));
    let shown = found.json();
    let kind = if is_withdrawn { "funds_withdrawn" } else { "funds_reinstated" };
    account.happened(&format!("charge.dispute.{kind}"), shown);
    Ok(())
}

/// The shop has said what it has to say: now it is for the bank.
pub(crate) fn answer(account: &mut Account, dispute: &str) -> Result<(), ApiError> {
    let found = account.disputes.get_mut(dispute, "dispute")?;
    if found.is_won.is_some() {
        return Err(ApiError::invalid(format!("{dispute} is closed")));
    }
    found.is_under_review = true;
    let shown = found.json();
    account.happened("charge.dispute.updated", shown);
    Ok(())
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
    if is_won { move_money(account, dispute, false) } else { Ok(()) }
}
