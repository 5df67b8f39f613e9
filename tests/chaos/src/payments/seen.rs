//! What the service says of orders and payments.

use anyhow::{Context, bail};
use serde_json::Value;

/// An order, as its buyer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderSeen {
    /// Its id.
    pub id: String,
    /// The id of what is bought.
    pub ticket: String,
    /// `created`, `awaiting:payment`, `complete` or `cancelled`.
    pub status: String,
    /// The price that was locked, in minor units of `currency`.
    pub price_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// `buyer`, `expired` or `refunded`; empty unless it is cancelled.
    pub cancel_reason: String,
}

/// A payment, as its buyer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentSeen {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub order: String,
    /// `processing`, `succeeded`, `partially_refunded`, `failed`, `refunding` or `refunded`.
    pub status: String,
    /// In minor units of `currency`.
    pub amount_minor: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// What of it went back, in minor units.
    pub refunded_minor: u64,
}

/// A refund, as the buyer and the seller see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundSeen {
    /// Its id.
    pub id: String,
    /// Of which payment.
    pub payment: String,
    /// `pending`, `succeeded` or `failed`.
    pub status: String,
    /// In minor units of the payment's currency.
    pub amount_minor: u64,
    /// The charge came after its order was released; nobody asked for it.
    pub is_of_late_charge: bool,
}

/// What a buyer was told has become of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is paid.
    Succeeded,
    /// No money moved.
    Declined,
    /// It came too late, and goes back.
    Refunded,
}

/// Of which payment a buyer was told what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldOf {
    /// The payment's id.
    pub payment: String,
    /// What.
    pub told: Told,
}

impl OrderSeen {
    /// It is neither complete nor over.
    pub(crate) fn is_open(&self) -> bool {
        !matches!(self.status.as_str(), "complete" | "cancelled")
    }

    /// Of an answer.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(json: &Value) -> anyhow::Result<Self> {
        let ticket = &json["ticket"];
        Ok(Self {
            id: text(&json["id"])?,
            ticket: text(&ticket["id"])?,
            status: text(&json["status"])?,
            price_minor: minor_units(&ticket["price"])?,
            currency: text(&ticket["currency"])?,
            cancel_reason: json["cancelReason"].as_str().unwrap_or_default().to_owned(),
        })
    }
}

impl PaymentSeen {
    /// Something is still to happen.
    pub(crate) fn is_under_way(&self) -> bool {
        matches!(self.status.as_str(), "processing" | "refunding")
    }

    /// Of an answer.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(json: &Value) -> anyhow::Result<Self> {
        let refunded = &json["refundedAmount"];
        Ok(Self {
            id: text(&json["id"])?,
            order: text(&json["orderId"])?,
            status: text(&json["status"])?,
            amount_minor: minor_units(&json["amount"])?,
            currency: text(&json["currency"])?,
            refunded_minor: if refunded.is_null() { 0 } else { minor_units(refunded)? },
        })
    }
}

impl RefundSeen {
    /// Something is still to happen.
    pub(crate) fn is_under_way(&self) -> bool {
        self.status == "pending"
    }

    /// Of an answer.
    ///
    /// # Errors
    /// When it is none.
    pub fn read(json: &Value) -> anyhow::Result<Self> {
        Ok(Self {
            id: text(&json["id"])?,
            payment: text(&json["paymentId"])?,
            status: text(&json["status"])?,
            amount_minor: minor_units(&json["amount"])?,
            is_of_late_charge: json["cause"] == "late:charge",
        })
    }
}

fn text(value: &Value) -> anyhow::Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}

/// Of an amount with at most two decimals, by its digits.
pub(crate) fn minor_units(amount: &Value) -> anyhow::Result<u64> {
    let digits = amount.as_number().with_context(|| format!("{amount} is no number"))?.to_string();
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    let cents = match part.len() {
        0 => "00".to_owned(),
        1 => format!("{part}0"),
        2 => part.to_owned(),
        _ => bail!("{digits} has parts of a cent"),
    };
    Ok(format!("{whole}{cents}").parse()?)
}
