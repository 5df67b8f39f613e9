//! The stand-in's books against the service's orders and payments.

use std::collections::BTreeMap;

use boxoffice_stripe_fake::{Books, ChargeEntry};

use super::line;
use super::seen::{OrderSeen, PaymentSeen, Told, ToldOf};

/// Both sides, once everything is settled.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What moved.
    pub books: Books,
    /// All orders that there are.
    pub orders: Vec<OrderSeen>,
    /// All payments that there are.
    pub payments: Vec<PaymentSeen>,
    /// What buyers were told.
    pub told: Vec<ToldOf>,
}

/// How many of what there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders that are complete.
    pub complete: usize,
    /// Orders that were cancelled, or expired.
    pub cancelled: usize,
    /// Attempts to pay.
    pub payments: usize,
    /// Attempts that came to nothing.
    pub failed: usize,
    /// Charges.
    pub charges: usize,
    /// Charges of orders that were released before, and given back.
    pub refunded: usize,
    /// Orders that were charged more than once.
    pub charged_twice: usize,
    /// Orders that were charged, and are neither complete nor refunded.
    pub paid_and_lost: usize,
    /// Orders that are complete, and were not paid, or not in full.
    pub complete_and_unpaid: usize,
    /// What the stand-in has, less what it gave back, in minor units.
    pub taken_minor: u64,
    /// What complete orders cost, in minor units.
    pub sold_minor: u64,
}

impl Tally {
    pub(crate) fn table(&self) -> Vec<(String, String)> {
        let money = |minor: u64| format!("{}.{:02}", minor / 100, minor % 100);
        vec![
            line("attempts to pay", self.payments),
            line("  of which came to nothing", self.failed),
            line("orders complete", self.complete),
            line("orders cancelled or expired", self.cancelled),
            line("charges", self.charges),
            line("  of which late, and refunded", self.refunded),
            line("taken by the gateway", money(self.taken_minor)),
            line("price of what was sold", money(self.sold_minor)),
            line("orders charged twice", self.charged_twice),
            line("orders paid and lost", self.paid_and_lost),
            line("orders complete and unpaid", self.complete_and_unpaid),
        ]
    }
}

/// Counts, and says what does not agree.
pub fn compare(evidence: &Evidence) -> (Tally, Vec<String>) {
    let comparison = Comparison::new(evidence);
    let mut violations = Vec::new();
    comparison.charges(&mut violations);
    comparison.refunds(&mut violations);
    comparison.payments(&mut violations);
    let mut tally = comparison.orders(&mut violations);
    comparison.told(&mut violations);
    tally.taken_minor = evidence.books.balance();
    if tally.taken_minor != tally.sold_minor {
        violations.push(format!("{} was taken for what costs {}", tally.taken_minor, tally.sold_minor));
    }
    (tally, violations)
}

struct Comparison<'e> {
    evidence: &'e Evidence,
    orders: BTreeMap<&'e str, &'e OrderSeen>,
    payments: BTreeMap<&'e str, &'e PaymentSeen>,
    by_payment: BTreeMap<&'e str, Vec<&'e ChargeEntry>>,
    by_order: BTreeMap<&'e str, Vec<&'e ChargeEntry>>,
}

impl<'e> Comparison<'e> {
    fn new(evidence: &'e Evidence) -> Self {
        let (mut by_payment, mut by_order) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
        for charge in &evidence.books.charges {
            by_payment.entry(named(charge, "payment")).or_default().push(charge);
            by_order.entry(named(charge, "order")).or_default().push(charge);
        }
        Self {
            evidence,
            orders: evidence.orders.iter().map(|order| (order.id.as_str(), order)).collect(),
            payments: evidence.payments.iter().map(|payment| (payment.id.as_str(), payment)).collect(),
            by_payment,
            by_order,
        }
    }

    /// Each charge is of one payment, and of what that is for.
    fn charges(&self, violations: &mut Vec<String>) {
        let mut of_intent = BTreeMap::new();
        for charge in &self.evidence.books.charges {
            if let Some(other) = of_intent.insert(&charge.intent, charge) {
                violations.push(format!("an intent was charged twice: {other:?} and {charge:?}"));
            }
            let Some(payment) = self.payments.get(named(charge, "payment")) else {
                violations.push(format!("a charge of no payment: {charge:?}"));
                continue;
            };
            let is_its = payment.order == named(charge, "order")
                && (payment.amount_minor, &payment.currency) == (charge.amount, &charge.currency);
            if !is_its {
                violations.push(format!("a charge is not that of its payment: {charge:?}, {payment:?}"));
            }
        }
    }

    /// Only a whole charge went back, once, and it did.
    fn refunds(&self, violations: &mut Vec<String>) {
        for refund in self.evidence.books.refunds.iter().filter(|refund| refund.status != "succeeded") {
            violations.push(format!("a refund has not succeeded: {refund:?}"));
        }
        let mut by_charge = BTreeMap::<_, Vec<u64>>::new();
        for refund in &self.evidence.books.refunds {
            by_charge.entry(&refund.charge).or_default().push(refund.amount);
        }
        for charge in &self.evidence.books.charges {
            let amounts = by_charge.remove(&charge.charge).unwrap_or_default();
            let expected: &[u64] = if charge.refunded == 0 { &[] } else { &[charge.amount] };
            let is_whole = charge.refunded == 0 || charge.refunded == charge.amount;
            if amounts != expected || !is_whole {
                violations.push(format!("a charge was not refunded once and whole: {charge:?}, {amounts:?}"));
            }
        }
    }

    /// Each payment is settled, and in the way that the books say.
    fn payments(&self, violations: &mut Vec<String>) {
        for payment in self.payments.values() {
            let charges = self.by_payment.get(payment.id.as_str()).map_or(&[][..], Vec::as_slice);
            let agrees = match (payment.status.as_str(), charges) {
                ("failed", []) => true,
                ("succeeded", [charge]) => charge.refunded == 0,
                ("refunded", [charge]) => charge.refunded == charge.amount,
                _ => false,
            };
            if !agrees {
                violations
                    .push(format!("a payment is not settled as the books say: {payment:?}, {charges:?}"));
            }
            match self.orders.get(payment.order.as_str()) {
                Some(order)
                    if (order.price_minor, &order.currency) == (payment.amount_minor, &payment.currency) => {}
                order => {
                    violations.push(format!("a payment is not what its order costs: {payment:?}, {order:?}"))
                }
            }
        }
    }

    /// Each order is settled: complete if and only if it was charged once and the money is still there.
    fn orders(&self, violations: &mut Vec<String>) -> Tally {
        let count =
            |status: &str| self.evidence.payments.iter().filter(|payment| payment.status == status).count();
        let mut tally = Tally {
            payments: self.evidence.payments.len(),
            failed: count("failed"),
            charges: self.evidence.books.charges.len(),
            refunded: self
                .evidence
                .books
                .charges
                .iter()
                .filter(|charge| charge.refunded == charge.amount)
                .count(),
            ..Tally::default()
        };
        for order in self.orders.values() {
            let charges = self.by_order.get(order.id.as_str()).map_or(&[][..], Vec::as_slice);
            let kept_minor: u64 =
                charges.iter().map(|charge| charge.amount.saturating_sub(charge.refunded)).sum();
            if charges.len() > 1 {
                tally.charged_twice += 1;
                violations.push(format!("an order was charged twice: {order:?}, {charges:?}"));
            }
            match order.status.as_str() {
                "complete" => {
                    tally.complete += 1;
                    tally.sold_minor += order.price_minor;
                    if kept_minor < order.price_minor {
                        tally.complete_and_unpaid += 1;
                        violations.push(format!("an order is complete and unpaid: {order:?}, {charges:?}"));
                    }
                }
                "cancelled" => tally.cancelled += 1,
                _ => violations.push(format!("an order is not settled: {order:?}")),
            }
            if kept_minor > 0 && order.status != "complete" {
                tally.paid_and_lost += 1;
                violations.push(format!("an order is paid and lost: {order:?}, {charges:?}"));
            }
        }
        tally
    }

    /// What a buyer was told is so.
    fn told(&self, violations: &mut Vec<String>) {
        for ToldOf { payment, told } in &self.evidence.told {
            let seen = self.payments.get(payment.as_str());
            let is_so = seen.is_some_and(|seen| match told {
                Told::Succeeded => seen.status == "succeeded",
                Told::Declined => seen.status == "failed",
                Told::Refunded => seen.status == "refunded",
            });
            if !is_so {
                violations.push(format!("a buyer was told that {payment} is {told:?}: {seen:?}"));
            }
        }
    }
}

/// What the intent of a charge was created with.
fn named<'c>(charge: &'c ChargeEntry, what: &str) -> &'c str {
    charge.metadata.get(what).map_or("", String::as_str)
}
