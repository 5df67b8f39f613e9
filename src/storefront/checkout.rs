//! What an order asks of its buyer, and what became of its money.

use super::problem_words::decline;
use super::show::{Moment, Price};
use crate::domain::{
    MAX_ATTEMPTS_PER_ORDER, Order, OrderStatus, Payment, PaymentId, PaymentStage, PaymentStatus, Refund,
    RefundStatus,
};
use crate::http::Problem;
use crate::service::Service;

/// Refunds that an order's page lists.
const MAX_REFUNDS: usize = 100;

/// The sandbox's cards, and what comes of each.
pub(super) const TEST_CARDS: &[(&str, &str)] = &[
    ("tok_visa", "Visa"),
    ("tok_mastercard", "Mastercard"),
    ("tok_amex", "American Express"),
    ("tok_slow", "A slow bank"),
    ("tok_chargeDeclined", "Declined"),
    ("tok_chargeDeclinedInsufficientFunds", "Not enough money"),
    ("tok_chargeDeclinedExpiredCard", "Expired card"),
];

/// How the visitor pays.
pub(super) enum Checkout {
    /// With play money.
    Sandbox,
    /// On this page, in what Stripe's script shows.
    Stripe { publishable_key: String },
    /// Not any more: there were too many attempts.
    Exhausted,
}

/// Why the latest attempt came to nothing.
pub(super) struct Decline {
    pub(super) words: &'static str,
    pub(super) code: String,
}

/// What was paid, and what of it went back.
pub(super) struct Receipt {
    pub(super) amount: Price,
    pub(super) paid_at: Moment,
    /// What went back so far; none if nothing did.
    pub(super) refunded: Option<Price>,
    pub(super) refunds: Vec<RefundLine>,
}

/// One refund.
pub(super) struct RefundLine {
    pub(super) amount: Price,
    pub(super) words: &'static str,
    pub(super) at: Moment,
}

impl Checkout {
    pub(super) fn of(service: &Service, order: &Order) -> Self {
        match service.gateway.publishable_key() {
            // One that is under way may still be confirmed.
            _ if order.status() == OrderStatus::Created && order.attempts >= MAX_ATTEMPTS_PER_ORDER => {
                Self::Exhausted
            }
            Some(key) => Self::Stripe { publishable_key: key.to_owned() },
            None => Self::Sandbox,
        }
    }
}

impl Decline {
    /// None unless the attempt was declined.
    pub(super) fn of(payment: &Payment) -> Option<Self> {
        let is_declined = payment.status() == PaymentStatus::Failed && !payment.decline_code.is_empty();
        is_declined
            .then(|| Self { words: decline(&payment.decline_code), code: payment.decline_code.clone() })
    }
}

impl Receipt {
    /// None if no money moved.
    pub(super) fn of(service: &Service, payment: &Payment) -> Result<Option<Self>, Problem> {
        if !payment.is_charged() {
            return Ok(None);
        }
        let refunds = service.replica.view()?.refunds_of(payment.id, None, MAX_REFUNDS)?.items;
        let refunded = payment.refunded_minor();
        Ok(Some(Self {
            amount: Price::new(payment.amount_minor, &payment.currency),
            paid_at: Moment::new(payment.created_at_ms),
            refunded: (refunded > 0).then(|| Price::new(refunded, &payment.currency)),
            refunds: refunds.iter().map(RefundLine::of).collect(),
        }))
    }
}

impl RefundLine {
    fn of(refund: &Refund) -> Self {
        let words = match refund.status() {
            RefundStatus::Pending => "on its way back",
            RefundStatus::Succeeded => "refunded",
            RefundStatus::Failed => "could not be refunded yet: we look into it",
        };
        let at = Moment::new(refund.updated_at_ms);
        Self { amount: Price::new(refund.amount_minor, &refund.currency), words, at }
    }
}

/// Whether the buyer has yet to confirm this attempt on this page.
pub(super) fn waits_for_this_page(payment: &Payment) -> bool {
    payment.in_browser && payment.stage().is_some() && !payment.is_withdrawn()
}

/// Whether the buyer has to do something elsewhere before the money moves.
pub(super) fn waits_elsewhere(payment: &Payment) -> bool {
    !payment.in_browser && payment.stage() == Some(PaymentStage::ActionRequired)
}

/// The attempt of this name.
pub(super) fn attempt(service: &Service, id: Option<PaymentId>) -> Result<Option<Payment>, Problem> {
    match id {
        Some(id) => Ok(service.replica.view()?.payment(id)?),
        None => Ok(None),
    }
}
