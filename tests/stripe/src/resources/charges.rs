//! Charges: money that came, or did not.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::payment_methods::billing_details;
use crate::account::Object;
use crate::cards::decline_message;

/// A charge.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub(crate) id: String,
    pub(crate) intent: String,
    pub(crate) method: String,
    pub(crate) amount: u64,
    pub(crate) currency: String,
    pub(crate) created_s: u64,
    pub(crate) metadata: BTreeMap<String, String>,
    /// Why no money came.
    pub(crate) failure_code: Option<String>,
    /// What went back, or is on its way.
    pub(crate) refunded: u64,
    pub(crate) is_disputed: bool,
}

impl Charge {
    pub(crate) fn succeeded(&self) -> bool {
        self.failure_code.is_none()
    }
}

impl Object for Charge {
    const KIND: &'static str = "charge";

    fn id(&self) -> &str {
        &self.id
    }

    fn json(&self) -> Value {
        let paid = self.succeeded();
        let outcome = json!({
            "network_status": if paid { "approved_by_network" } else { "declined_by_network" },
            "reason": if paid { None } else { self.failure_code.as_deref() },
            "risk_level": "normal",
            "seller_message": if paid { "Payment complete." } else { "The bank declined." },
            "type": if paid { "authorized" } else { "issuer_declined" },
        });
        json!({
            "id": self.id,
            "object": "charge",
            "amount": self.amount,
            "amount_captured": if paid { self.amount } else { 0 },
            "amount_refunded": self.refunded,
            "balance_transaction": null,
            "billing_details": billing_details(),
            "captured": paid,
            "created": self.created_s,
            "currency": self.currency,
            "customer": null,
            "disputed": self.is_disputed,
            "failure_code": self.failure_code,
            "failure_message": self.failure_code.as_deref().map(decline_message),
            "livemode": false,
            "metadata": self.metadata,
            "outcome": outcome,
            "paid": paid,
            "payment_intent": self.intent,
            "payment_method": self.method,
            "payment_method_details": {
                "card": { "brand": "visa", "country": "US", "exp_month": 12, "exp_year": 2034, "last4": "4242" },
                "type": "card",
            },
            "refunded": self.refunded == self.amount,
            "status": if paid { "succeeded" } else { "failed" },
        })
    }
}
