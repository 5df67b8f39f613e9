//! What is done at the gateway, and attempts that are withdrawn.

use boxoffice::domain::*;

use super::refunds::left_minor;
use super::{GiveBack, Model, No, Said, check_version, no};

impl Model {
    /// What is the gateway's to say, if it is.
    pub(super) fn told_by_gateway(&mut self, command: &Command) -> Option<Result<Said, No>> {
        Some(match command {
            Command::SettleCharge(c) => self.settle(c),
            Command::RecordRefund(c) => self.refund(c.payment),
            Command::RecordIntent(c) => self.intend(c),
            Command::RecordAction(c) => self.act(c),
            Command::SettleRefund(c) => self.settle_refund(c),
            Command::RecordGatewayRefund(c) => self.found_refund(c),
            Command::RecordDispute(c) => self.disputed(c),
            _ => return None,
        })
    }

    fn found_refund(&mut self, c: &RecordGatewayRefund) -> Result<Said, No> {
        let attempt = self.payments.get(&c.payment).ok_or((RejectionCode::NotFound, 0))?.clone();
        let of_payment = self.refunds.iter().filter(|(_, known)| known.payment == c.payment);
        let found =
            of_payment.map(|(id, known)| (*id, known.clone())).find(|(id, known)| is_it(*id, known, c));
        if let Some((id, known)) = found {
            let by_hand = !known.made_as.is_empty() && known.tries == 1;
            let is_latest =
                known.gateway_refund == c.gateway_refund || !by_hand && c.name == key(id, known.tries);
            if !is_latest {
                return Ok(self.say_refund(id));
            }
            return self.settle_refund(&SettleRefund {
                refund: id,
                try_number: known.tries,
                outcome: c.outcome,
                gateway_refund: c.gateway_refund.clone(),
                failure_code: c.failure_code.clone(),
            });
        }
        let is_charged = !matches!(attempt.status, PaymentStatus::Processing | PaymentStatus::Failed);
        if c.outcome() == RefundStatus::Failed || !is_charged {
            return Ok(self.say_payment(c.payment));
        }
        let left_minor = left_minor(&attempt);
        if c.amount_minor > left_minor {
            return Err((RejectionCode::RefundTooLarge, left_minor));
        }
        if self.refunds.values().filter(|known| known.payment == c.payment).count()
            == MAX_REFUNDS_PER_PAYMENT as usize
        {
            return no(RejectionCode::TooManyRefunds);
        }
        let why = (Author::default(), "", RefundCause::Gateway);
        self.add_refund(c.refund, c.payment, c.amount_minor, why);
        let refund = self.refunds.get_mut(&c.refund).expect("just made");
        refund.gateway_refund.clone_from(&c.gateway_refund);
        refund.made_as.clone_from(&c.gateway_refund);
        refund.status = c.outcome();
        let refund = refund.clone();
        if c.outcome() == RefundStatus::Succeeded {
            self.money_went(c.refund, &refund, &attempt);
        } else {
            self.change_payment(c.payment, EventType::PaymentUpdated, |_| {});
        }
        Ok(self.say_refund(c.refund))
    }

    fn disputed(&mut self, c: &RecordDispute) -> Result<Said, No> {
        let attempt = self.payments.get(&c.payment).ok_or((RejectionCode::NotFound, 0))?.clone();
        let known = attempt.disputes.iter().find(|(name, ..)| *name == c.dispute);
        let revision = known.map_or(0, |known| known.3);
        let is_charged = !matches!(attempt.status, PaymentStatus::Processing | PaymentStatus::Failed);
        let taken_minor = if c.is_withdrawn { c.amount_minor } else { 0 };
        let is_same = known.is_some_and(|known| (&known.1, known.2) == (&c.status, taken_minor));
        if !is_charged || c.revision != revision || is_same {
            return Ok(self.say_payment(c.payment));
        }
        let before_minor = known.map_or(0, |known| known.2);
        if before_minor != taken_minor {
            self.carry_forward(c.payment, &attempt);
            let (bank, gateway) = (Account::Disputes, Account::GatewayClearing);
            if taken_minor > before_minor {
                let more_minor = taken_minor - before_minor;
                self.enter(Movement::DisputeWithdrawn, bank, gateway, more_minor, c.payment);
            } else {
                let less_minor = before_minor - taken_minor;
                self.enter(Movement::DisputeReinstated, gateway, bank, less_minor, c.payment);
            }
        }
        let dispute = (c.dispute.clone(), c.status.clone(), taken_minor, revision + 1);
        self.change_payment(c.payment, EventType::PaymentUpdated, |attempt| {
            match attempt.disputes.iter_mut().find(|(name, ..)| *name == dispute.0) {
                Some(known) => *known = dispute,
                None => attempt.disputes.push(dispute),
            }
        });
        Ok(self.say_payment(c.payment))
    }

    pub(super) fn withdraw_payment(&mut self, buyer: UserId, c: &WithdrawPayment) -> Result<Said, No> {
        let claim = self.own_order(buyer, c.order)?;
        check_version(c.if_match.as_ref(), claim.version)?;
        match claim.status {
            OrderStatus::AwaitingPayment => {}
            OrderStatus::Complete => return no(RejectionCode::OrderPaid),
            OrderStatus::Created | OrderStatus::Cancelled => return Ok(Said::Order(c.order, claim)),
        }
        let id = claim.payment.expect("it awaits one");
        let attempt = &self.payments[&id];
        if !attempt.in_browser && attempt.stage != Some(PaymentStage::ActionRequired) {
            return no(RejectionCode::ChargeUnderWay);
        }
        if !c.cancels_order {
            self.check_attempt(&claim)?;
        }
        self.check_not_held()?;
        let wish = if c.cancels_order { Withdrawal::CancelsOrder } else { Withdrawal::Requested };
        if self.payments[&id].withdrawal < wish {
            self.change_payment(id, EventType::PaymentUpdated, |attempt| attempt.withdrawal = wish);
        }
        Ok(self.say_payment(id))
    }
}

fn key(id: RefundId, number: u32) -> String {
    if number == 1 { id.to_string() } else { format!("{id}-{number}") }
}

/// Whether a refund is, or was, what the gateway speaks of.
fn is_it(id: RefundId, known: &GiveBack, c: &RecordGatewayRefund) -> bool {
    let first = if known.made_as.is_empty() { 1 } else { 2 };
    known.gateway_refund == c.gateway_refund
        || known.made_as == c.gateway_refund
        || (first..=known.tries).any(|number| c.name == key(id, number))
}
