//! Cancelling: from then on nobody can charge the intent.

use serde_json::Value;

use super::Status;
use crate::account::{Account, Object};
use crate::error::ApiError;
use crate::params::Params;

const REASONS: [&str; 4] = ["duplicate", "fraudulent", "requested_by_customer", "abandoned"];

/// `POST /v1/payment_intents/{intent}/cancel`
#[derive(Clone, Debug)]
pub(crate) struct Cancel {
    intent: String,
    reason: Option<String>,
}

impl Cancel {
    pub(crate) fn parse(intent: String, params: &mut Params) -> Result<Self, ApiError> {
        let reason = params.take_text("cancellation_reason")?;
        if reason.as_ref().is_some_and(|reason| !REASONS.contains(&reason.as_str())) {
            return Err(ApiError::invalid("Invalid cancellation_reason").param("cancellation_reason"));
        }
        Ok(Self { intent, reason })
    }

    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        let now_s = account.now_s;
        let intent = account.intents.get_mut(&self.intent, "intent")?;
        if matches!(intent.status, Status::Processing | Status::Succeeded | Status::Canceled) {
            return Err(intent.unexpected_state("cancel"));
        }
        intent.status = Status::Canceled;
        intent.canceled = Some((now_s, self.reason.clone()));
        let shown = intent.json();
        account.happened("payment_intent.canceled", shown.clone());
        Ok(shown)
    }
}
