//! What Stripe keeps, a file for each kind.

pub(crate) mod charges;
pub(crate) mod disputes;
pub(crate) mod events;
pub(crate) mod list;
pub(crate) mod payment_intents;
pub(crate) mod payment_methods;
pub(crate) mod refunds;

use serde_json::Value;

use crate::account::{Account, Object};
use crate::error::ApiError;
use crate::operation::Operation;
use crate::params::Params;

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asker {
    /// Whoever has the secret key.
    Server,
    /// Whoever has the publishable one.
    Browser,
}

/// A request whose parameters are in order.
#[derive(Clone, Debug)]
pub(crate) enum Call {
    CreatePaymentMethod(payment_methods::Create),
    CreateIntent(payment_intents::Create),
    RetrieveIntent(payment_intents::Retrieve),
    ListIntents(list::Listing),
    ConfirmIntent(payment_intents::confirm::Confirm),
    CancelIntent(payment_intents::cancel::Cancel),
    RetrieveCharge(String),
    RetrieveDispute(String),
    ListEvents(events::ListOf),
    CreateRefund(refunds::Create),
    RetrieveRefund(String),
    ListRefunds(refunds::ListOf),
}

impl Call {
    /// Reads the parameters. Nothing has begun yet: an error here is not remembered under a key.
    pub(crate) fn parse(
        operation: Operation,
        named: String,
        mut params: Params,
        asker: Asker,
    ) -> Result<Self, ApiError> {
        let p = &mut params;
        let call = match operation {
            Operation::CreatePaymentMethod => Self::CreatePaymentMethod(payment_methods::Create::parse(p)?),
            Operation::CreateIntent => Self::CreateIntent(payment_intents::Create::parse(p)?),
            Operation::RetrieveIntent => {
                Self::RetrieveIntent(payment_intents::Retrieve::parse(named, p, asker)?)
            }
            Operation::ListIntents => Self::ListIntents(list::Listing::parse(p)?),
            Operation::ConfirmIntent => {
                Self::ConfirmIntent(payment_intents::confirm::Confirm::parse(named, p, asker)?)
            }
            Operation::CancelIntent => Self::CancelIntent(payment_intents::cancel::Cancel::parse(named, p)?),
            Operation::RetrieveCharge => Self::RetrieveCharge(named),
            Operation::RetrieveDispute => Self::RetrieveDispute(named),
            Operation::ListEvents => Self::ListEvents(events::ListOf::parse(p)?),
            Operation::CreateRefund => Self::CreateRefund(refunds::Create::parse(p)?),
            Operation::RetrieveRefund => Self::RetrieveRefund(named),
            Operation::ListRefunds => Self::ListRefunds(refunds::ListOf::parse(p)?),
        };
        params.finish()?;
        Ok(call)
    }

    /// Does it.
    pub(crate) fn execute(&self, account: &mut Account) -> Result<Value, ApiError> {
        match self {
            Self::CreatePaymentMethod(create) => create.execute(account),
            Self::CreateIntent(create) => create.execute(account),
            Self::RetrieveIntent(retrieve) => retrieve.execute(account),
            Self::ListIntents(listing) => {
                listing.page(account.intents.all(), "/v1/payment_intents", |_| true)
            }
            Self::ConfirmIntent(confirm) => confirm.execute(account),
            Self::CancelIntent(cancel) => cancel.execute(account),
            Self::RetrieveCharge(id) => account.charges.get(id, "charge").map(Object::json),
            Self::RetrieveDispute(id) => account.disputes.get(id, "dispute").map(Object::json),
            Self::ListEvents(list) => list.execute(account),
            Self::CreateRefund(create) => create.execute(account),
            Self::RetrieveRefund(id) => account.refunds.get(id, "refund").map(Object::json),
            Self::ListRefunds(list) => list.execute(account),
        }
    }
}
