//! Audits of money: refunds and the ledger against the payments of a whole state.

use std::collections::BTreeMap;

use super::id::{PaymentId, RefundId};
use super::invariants::Violation;
use super::ledger::{Account, LedgerEntry, Movement};
use super::payment::Payment;
use super::refund::{Refund, RefundStatus};

/// What refunds and entries come to, by payment.
#[derive(Debug, Default)]
pub(super) struct MoneyAudit {
    refunds: BTreeMap<PaymentId, RefundSums>,
    refund_ids: BTreeMap<RefundId, PaymentId>,
    entered: BTreeMap<PaymentId, BTreeMap<Account, i128>>,
    /// Refunds that an entry names, how much of them it has gone, in minor units.
    gone: BTreeMap<RefundId, i128>,
    went: BTreeMap<RefundId, i128>,
    last_entry: u64,
}

/// What the refunds of one payment come to.
#[derive(Debug, Default, PartialEq, Eq)]
struct RefundSums {
    count: u64,
    numbers: u64,
    pending_minor: u64,
    refunded_minor: u64,
    failed: u64,
}

impl MoneyAudit {
    pub(super) fn refund(&mut self, refund: &Refund) {
        let sums = self.refunds.entry(refund.payment).or_default();
        sums.count += 1;
        sums.numbers = sums.numbers.saturating_add(u64::from(refund.number));
        let sum = match refund.status() {
            RefundStatus::Pending => &mut sums.pending_minor,
            RefundStatus::Succeeded => &mut sums.refunded_minor,
            RefundStatus::Failed => {
                sums.failed += 1;
                return self.note(refund, 0);
            }
        };
        *sum = sum.saturating_add(refund.amount_minor);
        let gone = if refund.status() == RefundStatus::Succeeded { refund.amount_minor } else { 0 };
        self.note(refund, i128::from(gone));
    }

    fn note(&mut self, refund: &Refund, gone_minor: i128) {
        self.refund_ids.insert(refund.id, refund.payment);
        self.gone.insert(refund.id, gone_minor);
    }

    pub(super) fn entry(&mut self, entry: &LedgerEntry, violations: &mut Vec<Violation>) {
        let expected = self.last_entry.saturating_add(1);
        if entry.number != expected {
            let what = format!("the ledger has entry {} where {expected} belongs", entry.number);
            violations.push(Violation(what));
        }
        self.last_entry = entry.number;
        if let Some(fault) = entry.fault() {
            violations.push(Violation(format!("entry {} of the ledger: {fault}", entry.number)));
        }
        let accounts = self.entered.entry(entry.payment).or_default();
        for account in Account::ALL {
            *accounts.entry(account).or_default() += entry.change_of(account);
        }
        let clearing = entry.change_of(Account::GatewayClearing);
        if let Some(refund) = entry.refund {
            *self.went.entry(refund).or_default() -= clearing;
        }
        let is_back = matches!(entry.movement(), Movement::Refund | Movement::DisputeWithdrawn);
        if is_back != (clearing < 0) {
            let what = format!("entry {} of the ledger moves money the other way", entry.number);
            violations.push(Violation(what));
        }
    }

    /// The number of the last entry.
    pub(super) fn last_entry(&self) -> u64 {
        self.last_entry
    }

    /// Compares what was taken with all payments.
    pub(super) fn finish(&self, payments: &BTreeMap<PaymentId, Payment>, violations: &mut Vec<Violation>) {
        let mut say = |what: String| violations.push(Violation(what));
        for id in self.refunds.keys().chain(self.entered.keys()) {
            if !payments.contains_key(id) {
                say(format!("there are refunds or entries of {id}, and no such payment"));
            }
        }
        for payment in payments.values() {
            let totals = payment.refund_totals();
            let count = u64::from(totals.count);
            let expected = RefundSums {
                count,
                numbers: count * (count + 1) / 2,
                pending_minor: totals.pending_minor,
                refunded_minor: totals.refunded_minor,
                failed: u64::from(totals.failed),
            };
            let none = RefundSums::default();
            let found = self.refunds.get(&payment.id).unwrap_or(&none);
            if *found != expected {
                say(format!("the refunds of {} are {found:?}, it says {expected:?}", payment.id));
            }
            if !payment.booked && self.entered.contains_key(&payment.id) {
                say(format!("the ledger has entries of {}, which is not in it", payment.id));
            }
            for account in Account::ALL {
                let entered = self.entered.get(&payment.id).and_then(|sums| sums.get(&account)).copied();
                let (entered, owed) = (entered.unwrap_or_default(), payment.balance_of(account));
                if entered != owed {
                    let (id, name) = (payment.id, account.name());
                    say(format!("the ledger has {entered} in {name} for {id}, which comes to {owed}"));
                }
            }
        }
        for (refund, payment) in &self.refund_ids {
            let is_booked = payments.get(payment).is_some_and(|payment| payment.booked);
            let (gone, went) = (self.gone.get(refund), self.went.get(refund).copied().unwrap_or_default());
            if is_booked && gone.copied().unwrap_or_default() != went {
                say(format!("the ledger has {went} given back by {refund}, which gave back {gone:?}"));
            }
        }
    }
}
