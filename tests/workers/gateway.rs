//! A gateway that does what the source of a charge says.

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::{Mutex, MutexGuard, PoisonError};

use boxoffice::domain::PaymentId;
use boxoffice::gateway::{ChargeOutcome, ChargeRequest, Gateway, GatewayCall, GatewayError};

/// Never answered.
pub(crate) const HANGS: &str = "hangs";
/// Answered at once, without a final word.
pub(crate) const FAILS: &str = "fails";
/// Charges, and then fails to say so.
pub(crate) const LOSES_ITS_WORD: &str = "loses its word";
/// Answered at once, with success.
pub(crate) const WORKS: &str = "works";

/// A gateway whose charges do as their source says, and whose refunds do as their charge is called.
#[derive(Debug, Default)]
pub(crate) struct Stub {
    calls: Mutex<Calls>,
}

/// How often what was asked for, and what came of it, by key; and how many calls there are that hang.
#[derive(Debug, Default)]
struct Calls {
    charges: BTreeMap<PaymentId, u32>,
    refunds: BTreeMap<PaymentId, u32>,
    look_ups: BTreeMap<PaymentId, u32>,
    outcomes: BTreeMap<PaymentId, ChargeOutcome>,
    hanging: usize,
}

/// A call that hangs for as long as this is kept.
struct Hanging<'s>(&'s Stub);

impl Stub {
    pub(crate) fn charges_of(&self, key: PaymentId) -> u32 {
        self.lock().charges.get(&key).copied().unwrap_or_default()
    }

    pub(crate) fn refunds_of(&self, key: PaymentId) -> u32 {
        self.lock().refunds.get(&key).copied().unwrap_or_default()
    }

    pub(crate) fn look_ups_of(&self, key: PaymentId) -> u32 {
        self.lock().look_ups.get(&key).copied().unwrap_or_default()
    }

    pub(crate) fn hanging(&self) -> usize {
        self.lock().hanging
    }

    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn behave(&self, how: &str) -> Result<(), GatewayError> {
        match how {
            HANGS => {
                self.lock().hanging += 1;
                let _hanging = Hanging(self);
                pending().await
            }
            FAILS | LOSES_ITS_WORD => Err(GatewayError("as it was told".into())),
            _ => Ok(()),
        }
    }
}

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.lock().hanging -= 1;
    }
}

impl Gateway for Stub {
    fn name(&self) -> &'static str {
        "stub"
    }

    fn charge<'a>(&'a self, request: &'a ChargeRequest) -> GatewayCall<'a, ChargeOutcome> {
        Box::pin(async move {
            *self.lock().charges.entry(request.key).or_default() += 1;
            let charged = ChargeOutcome::Succeeded { charge: WORKS.into() };
            if [LOSES_ITS_WORD, WORKS].contains(&request.source.as_str()) {
                self.lock().outcomes.insert(request.key, charged.clone());
            }
            self.behave(&request.source).await?;
            Ok(charged)
        })
    }

    fn look_up(&self, key: PaymentId) -> GatewayCall<'_, Option<ChargeOutcome>> {
        Box::pin(async move {
            let mut calls = self.lock();
            *calls.look_ups.entry(key).or_default() += 1;
            Ok(calls.outcomes.get(&key).cloned())
        })
    }

    fn refund<'a>(&'a self, key: PaymentId, charge: &'a str) -> GatewayCall<'a, ()> {
        Box::pin(async move {
            *self.lock().refunds.entry(key).or_default() += 1;
            self.behave(charge).await
        })
    }
}
