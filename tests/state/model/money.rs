//! The sandbox's books, and the hold of sales.

use boxoffice::domain::*;

use super::{Model, No, PlayMoney, Said, no};

impl Model {
    pub(super) fn play_charge(&mut self, c: &SandboxCharge) -> Result<Said, No> {
        let decline_code = match c.source.as_str() {
            "tok_visa" | "tok_slow" => "",
            "tok_chargeDeclinedLostCard" => "lost_card",
            _ => "invalid_token",
        };
        // The first word on a key stands.
        let money = self.books.entry(c.key).or_insert_with(|| PlayMoney {
            amount_minor: c.amount_minor,
            currency: c.currency.clone(),
            decline_code: decline_code.to_owned(),
            refunded: false,
            given_back: Vec::new(),
        });
        let money = money.clone();
        // What is paid by another gateway is not for the sandbox to settle.
        let is_its_own = self.payments.get(&c.key).is_some_and(|attempt| attempt.gateway.is_empty());
        if c.settles && is_its_own {
            let succeeded = money.decline_code.is_empty();
            self.settle(&SettleCharge {
                payment: c.key,
                succeeded,
                charge: if succeeded { format!("sandbox:{}", c.key) } else { String::new() },
                decline_code: money.decline_code.clone(),
                intent: String::new(),
            })?;
        }
        Ok(Said::PlayMoney(c.key, money))
    }

    pub(super) fn play_refund(&mut self, c: &SandboxRefund) -> Result<Said, No> {
        let money = self.books.get_mut(&c.key).filter(|money| money.decline_code.is_empty());
        let Some(money) = money else { return no(RejectionCode::NotFound) };
        let is_known = money.given_back.iter().any(|(name, _)| *name == c.refund);
        if c.refund.is_empty() {
            money.refunded = true;
        } else if !is_known {
            let gone_minor: u64 = money.given_back.iter().map(|(_, amount_minor)| amount_minor).sum();
            let left_minor = if money.refunded { 0 } else { money.amount_minor - gone_minor };
            if c.amount_minor > left_minor {
                return Err((RejectionCode::RefundTooLarge, left_minor));
            }
            money.given_back.push((c.refund.clone(), c.amount_minor));
            money.refunded = c.amount_minor == left_minor;
        }
        Ok(Said::PlayMoney(c.key, money.clone()))
    }

    pub(super) fn lift(&mut self, since_ms: u64) -> Result<Said, No> {
        if self.hold.is_some_and(|held_since_ms| held_since_ms != since_ms) {
            return no(RejectionCode::NotFound);
        }
        self.hold = None;
        Ok(Said::Done)
    }

    /// What claims, releases or charges for a ticket has to wait while sales are held.
    pub(super) fn check_not_held(&self) -> Result<(), No> {
        if self.hold.is_some() { no(RejectionCode::SalesHeld) } else { Ok(()) }
    }
}
