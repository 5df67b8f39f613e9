//! What a test compares its own books with.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::faults::Fault;
use crate::operation::Operation;
use crate::resources::charges::Charge;
use crate::resources::refunds::Refund;

/// Calls that are remembered one by one, the newest.
const MAX_EXCHANGES: usize = 20_000;

/// Breaches of the contract that are remembered, the first ones.
const MAX_VIOLATIONS: usize = 1_000;

/// Money that moved, as Stripe has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Books {
    /// Charges that succeeded, the oldest first.
    pub charges: Vec<ChargeEntry>,
    /// Refunds, the oldest first.
    pub refunds: Vec<RefundEntry>,
    /// Charges that were declined.
    pub declined: u64,
}

/// A charge that succeeded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeEntry {
    /// Its name.
    pub charge: String,
    /// The intent that it is of.
    pub intent: String,
    /// In minor units of `currency`.
    pub amount: u64,
    /// ISO 4217 code in lower case.
    pub currency: String,
    /// Seconds since 1970.
    pub created_s: u64,
    /// What the intent was created with.
    pub metadata: BTreeMap<String, String>,
    /// What went back, or is on its way, in minor units.
    pub refunded: u64,
    /// Its owner wants it back from their bank.
    pub is_disputed: bool,
}

/// A refund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundEntry {
    /// Its name.
    pub refund: String,
    /// The charge that it is of.
    pub charge: String,
    /// The intent that the charge is of.
    pub intent: String,
    /// In minor units.
    pub amount: u64,
    /// `pending`, `succeeded` or `failed`.
    pub status: String,
    /// What it was created with.
    pub metadata: BTreeMap<String, String>,
}

impl Books {
    pub(crate) fn of(account: &Account) -> Self {
        let charges = account.charges.all();
        Self {
            charges: charges.iter().filter(|charge| charge.succeeded()).map(ChargeEntry::of).collect(),
            refunds: account.refunds.all().iter().map(RefundEntry::of).collect(),
            declined: charges.iter().filter(|charge| !charge.succeeded()).count() as u64,
        }
    }

    /// What came in, less what went back, in minor units.
    pub fn balance(&self) -> u64 {
        self.charges.iter().map(|charge| charge.amount - charge.refunded).sum()
    }
}

impl ChargeEntry {
    fn of(charge: &Charge) -> Self {
        Self {
            charge: charge.id.clone(),
            intent: charge.intent.clone(),
            amount: charge.amount,
            currency: charge.currency.clone(),
            created_s: charge.created_s,
            metadata: charge.metadata.clone(),
            refunded: charge.refunded,
            is_disputed: charge.is_disputed,
        }
    }
}

impl RefundEntry {
    fn of(refund: &Refund) -> Self {
        Self {
            refund: refund.id.clone(),
            charge: refund.charge.clone(),
            intent: refund.intent.clone(),
            amount: refund.amount,
            status: refund.status.as_str().to_owned(),
            metadata: refund.metadata.clone(),
        }
    }
}

/// A call, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Which.
    pub operation: Operation,
    /// The object that its path names; empty if it names none.
    pub named: String,
    /// Its idempotency key.
    pub key: Option<String>,
    /// What was answered, whether or not it arrived; 0 if the connection was cut before.
    pub status: u16,
    /// It was the answer to an earlier call.
    pub is_replayed: bool,
    /// What went wrong.
    pub fault: Option<Fault>,
}

/// Everything that was asked, and whether it was in order.
#[derive(Default)]
pub(crate) struct Journal {
    pub(crate) newest: VecDeque<Exchange>,
    pub(crate) counts: BTreeMap<Operation, u64>,
    pub(crate) faults: BTreeMap<Fault, u64>,
    pub(crate) violations: Vec<String>,
}

impl Journal {
    pub(crate) fn add(&mut self, exchange: Exchange) {
        *self.counts.entry(exchange.operation).or_default() += 1;
        if let Some(fault) = exchange.fault {
            *self.faults.entry(fault).or_default() += 1;
        }
        if self.newest.len() >= MAX_EXCHANGES {
            self.newest.pop_front();
        }
        self.newest.push_back(exchange);
    }

    pub(crate) fn breached(&mut self, violations: impl IntoIterator<Item = String>) {
        let room = MAX_VIOLATIONS - self.violations.len();
        self.violations.extend(violations.into_iter().take(room));
    }
}
