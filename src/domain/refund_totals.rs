//! What a payment's own row says of its refunds: the sums on which more of them are decided.

use super::payment::{Payment, PaymentStatus};
use super::refund::MAX_REFUNDS_PER_PAYMENT;

/// What a payment's row says of its refunds.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct RefundTotals {
    /// How many there are.
    #[prost(uint32, tag = "1")]
    pub count: u32,
    /// The sum of those that are pending, in minor units.
    #[prost(uint64, tag = "2")]
    pub pending_minor: u64,
    /// The sum of those that succeeded, in minor units.
    #[prost(uint64, tag = "3")]
    pub refunded_minor: u64,
    /// How many of them have failed, and were not tried again since.
    #[prost(uint32, tag = "4")]
    pub failed: u32,
}

impl Payment {
    /// What its refunds come to.
    pub fn refund_totals(&self) -> RefundTotals {
        self.refunds.unwrap_or_default()
    }

    /// Whether a refund of it failed that may be tried again: once everything went back, whichever refund did it, nobody
    /// is owed anything.
    pub fn wants_attention(&self) -> bool {
        let totals = self.refund_totals();
        totals.failed > 0 && totals.refunded_minor != self.amount_minor
    }

    /// Whether money moved, back again or not.
    pub fn is_charged(&self) -> bool {
        match self.status() {
            PaymentStatus::Succeeded | PaymentStatus::Refunding | PaymentStatus::Refunded => true,
            PaymentStatus::Processing | PaymentStatus::Failed => false,
        }
    }

    /// How much of it went back, in minor units.
    pub fn refunded_minor(&self) -> u64 {
        match self.status() {
            PaymentStatus::Refunded => self.amount_minor,
            _ => self.refund_totals().refunded_minor,
        }
    }

    /// What is left of a charge, in minor units.
    pub(super) fn held_minor(&self) -> u64 {
        if self.is_charged() { self.amount_minor.saturating_sub(self.refunded_minor()) } else { 0 }
    }

    /// How much more may be asked to be given back, in minor units. Of a late charge from before there were refunds
    /// nothing: the whole of it is on its way.
    pub fn refundable_minor(&self) -> u64 {
        let is_open = match self.status() {
            PaymentStatus::Succeeded => true,
            PaymentStatus::Refunding => self.refunds.is_some(),
            _ => false,
        };
        if is_open { self.held_minor().saturating_sub(self.refund_totals().pending_minor) } else { 0 }
    }

    /// Whether the gateway is to be asked for a refund of it.
    pub(super) fn owes_a_refund(&self) -> bool {
        match self.refunds {
            Some(totals) => totals.pending_minor > 0,
            None => self.status() == PaymentStatus::Refunding,
        }
    }

    /// What is wrong with what its row says of refunds, if something is.
    pub(super) fn refund_fault(&self) -> Option<&'static str> {
        let totals = self.refunds?;
        let most = totals.pending_minor.saturating_add(totals.refunded_minor);
        let is_all_back = totals.refunded_minor == self.amount_minor;
        let faults = [
            (!self.is_charged(), "it has refunds and was not charged"),
            (most > self.amount_minor, "more is given back than was paid"),
            (is_all_back != (self.status() == PaymentStatus::Refunded), "it is not as refunded as its sum"),
            (totals.failed > totals.count, "more of its refunds failed than there are"),
            (totals.count == 0 || totals.count > MAX_REFUNDS_PER_PAYMENT, "it has too many refunds, or none"),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault))
    }

    /// The payment with other sums of refunds.
    pub(super) fn with_refunds(&self, totals: RefundTotals, at_ms: u64) -> Self {
        let status = match self.status() {
            _ if totals.refunded_minor == self.amount_minor => PaymentStatus::Refunded,
            // The money came back: it is owed again.
            PaymentStatus::Refunded => PaymentStatus::Refunding,
            as_it_was => as_it_was,
        };
        Self { refunds: Some(totals), ..self.ended(status, at_ms) }
    }
}
