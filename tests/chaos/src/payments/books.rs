//! The stand-in's books against the service's orders and payments.

use std::collections::BTreeMap;

use boxoffice_stripe_fake::{Books, ChargeEntry};

use super::line;
use super::seen::{OrderSeen, PaymentSeen, RefundSeen, Told, ToldOf};

mod refunds;

/// Both sides, once everything is settled.
#[derive(Clone, Debug, Default)]
pub struct Evidence {
    /// What moved.
    pub books: Books,
    /// All orders that there are.
    pub orders: Vec<OrderSeen>,
    /// All payments that there are.
    pub payments: Vec<PaymentSeen>,
    /// All refunds that there are.
    pub refunds: Vec<RefundSeen>,
    /// What buyers were told.
    pub told: Vec<ToldOf>,
    /// The ids of the refunds that whoever asked for them was told of.
    pub refunds_told: Vec<String>,
}

impl Evidence {
    /// Whether nothing is still to happen to any order, payment or refund.
    pub fn is_settled(&self) -> bool {
        !self.orders.iter().any(OrderSeen::is_open)
            && !self.payments.iter().any(PaymentSeen::is_under_way)
            && !self.refunds.iter().any(RefundSeen::is_under_way)
    }
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
    /// Refunds of complete orders that somebody asked for and got.
    pub refunds: usize,
    /// Orders that were complete, and of which all went back.
    pub given_back: usize,
    /// Orders that were charged more than once.
    pub charged_twice: usize,
    /// Orders that were charged, and are neither complete nor refunded.
    pub paid_and_lost: usize,
    /// Orders that are complete, and were not paid, or not in full.
    pub complete_and_unpaid: usize,
    /// Refunds that were made more than once, or that nobody asked for.
    pub refunded_twice: usize,
    /// Refunds that were promised, or count as made, and were not.
    pub refunds_lost: usize,
    /// What the stand-in has, less what it gave back, in minor units.
    pub taken_minor: u64,
    /// What complete orders cost, less what went back of it, in minor units.
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
            line("refunds that were asked for", self.refunds),
            line("  orders of which all went back", self.given_back),
            line("taken by the gateway", money(self.taken_minor)),
            line("price of what was sold and kept", money(self.sold_minor)),
            line("orders charged twice", self.charged_twice),
            line("orders paid and lost", self.paid_and_lost),
            line("orders complete and unpaid", self.complete_and_unpaid),
            line("refunds made twice, or unasked", self.refunded_twice),
            line("refunds lost", self.refunds_lost),
        ]
    }
}

/// Counts, and says what does not agree.
pub fn compare(evidence: &Evidence) -> (Tally, Vec<String>) {
    let comparison = Comparison::new(evidence);
    let mut violations = Vec::new();
    comparison.charges(&mut violations);
    comparison.payments(&mut violations);
    let mut tally = comparison.orders(&mut violations);
    comparison.refunds(&mut tally, &mut violations);
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

    /// Each payment is settled, and in the way that the books say.
    fn payments(&self, violations: &mut Vec<String>) {
        for payment in self.payments.values() {
            let charges = self.by_payment.get(payment.id.as_str()).map_or(&[][..], Vec::as_slice);
            let agrees = match (payment.status.as_str(), charges) {
                ("failed", []) => true,
                ("succeeded", [charge]) => charge.refunded == 0,
                ("partially_refunded", [charge]) => 0 < charge.refunded && charge.refunded < charge.amount,
                ("refunded", [charge]) => charge.refunded == charge.amount,
                _ => false,
            };
            let went_back: u64 = charges.iter().map(|charge| charge.refunded).sum();
            if !agrees || went_back != payment.refunded_minor {
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

    /// Each order is settled: complete if and only if it was charged once and not all of that went back.
    fn orders(&self, violations: &mut Vec<String>) -> Tally {
        let count =
            |status: &str| self.evidence.payments.iter().filter(|payment| payment.status == status).count();
        let mut tally = Tally {
            payments: self.evidence.payments.len(),
            failed: count("failed"),
            charges: self.evidence.books.charges.len(),
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
                    let went_back: u64 = charges.iter().map(|charge| charge.refunded).sum();
                    tally.sold_minor += order.price_minor.saturating_sub(went_back);
                    let paid_minor: u64 = charges.iter().map(|charge| charge.amount).sum();
                    if kept_minor == 0 || paid_minor < order.price_minor {
                        tally.complete_and_unpaid += 1;
                        violations.push(format!("an order is complete and unpaid: {order:?}, {charges:?}"));
                    }
                }
                "cancelled" => {
                    tally.cancelled += 1;
                    tally.given_back += usize::from(order.cancel_reason == "refunded");
                }
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
                // It may have been given back since, but not because it came too late.
                Told::Succeeded => match seen.status.as_str() {
                    "succeeded" | "partially_refunded" => true,
                    "refunded" => self.of_late_charge(payment).is_none(),
                    _ => false,
                },
                Told::Declined => seen.status == "failed",
                Told::Refunded => seen.status == "refunded" && self.of_late_charge(payment).is_some(),
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
