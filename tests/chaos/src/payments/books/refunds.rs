//! What went back: each refund once, as it was asked for, and a late charge once and whole.

use std::collections::BTreeMap;

use boxoffice_stripe_fake::RefundEntry;

use super::{Comparison, Tally};
use crate::payments::seen::RefundSeen;

impl Comparison<'_> {
    pub(super) fn refunds(&self, tally: &mut Tally, violations: &mut Vec<String>) {
        let mut made = BTreeMap::<&str, Vec<&RefundEntry>>::new();
        for entry in &self.evidence.books.refunds {
            match entry.status.as_str() {
                "failed" => {}
                "succeeded" => made.entry(asked_for_as(entry)).or_default().push(entry),
                _ => violations.push(format!("a refund has not succeeded: {entry:?}")),
            }
        }
        for refund in &self.evidence.refunds {
            let made = made.remove(refund.id.as_str()).unwrap_or_default();
            self.refund(refund, &made, tally, violations);
        }
        for entry in made.into_values().flatten() {
            tally.refunded_twice += 1;
            violations.push(format!("money went back that nobody asked for: {entry:?}"));
        }
        self.late_charges(violations);
        for id in &self.evidence.refunds_told {
            let is_made = |refund: &RefundSeen| refund.id == *id && refund.status == "succeeded";
            if !self.evidence.refunds.iter().any(is_made) {
                tally.refunds_lost += 1;
                violations.push(format!("a refund was promised and lost: {id}"));
            }
        }
    }

    /// One refund, and what the stand-in made of it.
    fn refund(
        &self,
        refund: &RefundSeen,
        made: &[&RefundEntry],
        tally: &mut Tally,
        violations: &mut Vec<String>,
    ) {
        if made.len() > 1 {
            tally.refunded_twice += 1;
            violations.push(format!("a refund was made twice: {refund:?}, {made:?}"));
        }
        match (refund.status.as_str(), made) {
            ("succeeded", [entry, ..]) => {
                let charges = self.by_payment.get(refund.payment.as_str()).map_or(&[][..], Vec::as_slice);
                let is_its = charges.iter().any(|charge| charge.charge == entry.charge);
                if entry.amount != refund.amount_minor || !is_its {
                    violations.push(format!("a refund is not what was asked for: {refund:?}, {entry:?}"));
                }
                tally.refunded += usize::from(refund.is_of_late_charge);
                tally.refunds += usize::from(!refund.is_of_late_charge);
            }
            ("succeeded", []) => {
                tally.refunds_lost += 1;
                violations.push(format!("a refund counts as made and was not: {refund:?}"));
            }
            ("failed", []) => {}
            _ => violations.push(format!("a refund is not settled as the books say: {refund:?}, {made:?}")),
        }
    }

    /// What came after its order was released went back once and whole, by itself; of everything else, whatever of it
    /// went back was asked for, and the order says so if it was all.
    fn late_charges(&self, violations: &mut Vec<String>) {
        for payment in self.payments.values().filter(|payment| payment.status == "refunded") {
            let order = self.orders.get(payment.order.as_str());
            let was_complete = order.is_some_and(|order| order.cancel_reason == "refunded");
            let of_it = || self.evidence.refunds.iter().filter(|refund| refund.payment == payment.id);
            let is_right = match self.of_late_charge(&payment.id) {
                Some(late) => {
                    !was_complete && of_it().count() == 1 && late.amount_minor == payment.amount_minor
                }
                None => was_complete,
            };
            if !is_right {
                let refunds: Vec<_> = of_it().collect();
                violations.push(format!(
                    "a charge was not refunded once and whole, and for its reason: {payment:?}, {order:?}, {refunds:?}"
                ));
            }
        }
    }

    /// The refund of this payment that nobody had to ask for.
    pub(super) fn of_late_charge(&self, payment: &str) -> Option<&RefundSeen> {
        self.evidence.refunds.iter().find(|refund| refund.payment == payment && refund.is_of_late_charge)
    }
}

/// The refund that it is a try of: `refund_…`, or `refund_…-2` the second time.
fn asked_for_as(entry: &RefundEntry) -> &str {
    let name = entry.metadata.get("refund").map_or("", String::as_str);
    name.split_once('-').map_or(name, |(refund, _)| refund)
}
