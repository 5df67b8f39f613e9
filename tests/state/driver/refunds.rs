//! Refunds, as random steps ask for them, settle them and try them again.

use boxoffice::domain::*;

use super::Driver;
use super::commands::pick;
use crate::shop::{payment_id, refund_id};
use crate::steps::{Elsewhere, What, Who};

/// What refunds of the sandbox are called.
const PLAY_NAMES: [&str; 3] = ["a", "b", "c"];

impl Driver {
    /// A command about refunds, and who owns what it is about.
    pub(super) fn command_about_refunds(&mut self, what: &What, named: u64) -> (Command, Option<UserId>) {
        match *what {
            What::AskForRefund { payment, amount_minor } => {
                let payment = pick(&self.payments, payment).unwrap_or(payment_id(0));
                let reason = if named.is_multiple_of(2) { String::new() } else { format!("reason {named}") };
                let refund = refund_id(named);
                let seller = self.seller_of(payment);
                (Command::RefundPayment(RefundPayment { refund, payment, amount_minor, reason }), seller)
            }
            What::SettleRefund { refund, outcome, is_stale, has_name } => {
                let refund = pick(&self.known_refunds(), refund).unwrap_or(refund_id(0));
                let tries = self.model.refunds.get(&refund).map_or(1, |refund| refund.tries);
                let settle = SettleRefund {
                    refund,
                    try_number: if is_stale { tries - 1 } else { tries },
                    outcome: outcome.into(),
                    gateway_refund: if has_name { format!("re {named}") } else { String::new() },
                    failure_code: if outcome == RefundStatus::Failed { "lost".into() } else { String::new() },
                };
                (Command::SettleRefund(settle), None)
            }
            What::RetryRefund { refund, of_another } => {
                let refund = pick(&self.known_refunds(), refund).unwrap_or(refund_id(0));
                let payment = self.model.refunds.get(&refund).map_or(payment_id(0), |refund| refund.payment);
                let payment = if of_another { pick(&self.payments, 0).unwrap_or(payment) } else { payment };
                let seller = self.seller_of(payment);
                (Command::RetryRefund(RetryRefund { refund, payment }), seller)
            }
            What::PlayRefund { payment, name, amount_minor } => {
                let key = pick(&self.payments, payment).unwrap_or(payment_id(0));
                let name = name.map(|name| PLAY_NAMES[usize::from(name) % PLAY_NAMES.len()].to_owned());
                let refund = name.unwrap_or_default();
                let amount_minor = if refund.is_empty() { 0 } else { amount_minor };
                (Command::SandboxRefund(SandboxRefund { key, refund, amount_minor }), None)
            }
            _ => unreachable!("the other steps are not about refunds"),
        }
    }

    /// What the gateway says of refunds and disputes, whoever made them.
    pub(super) fn word_of_the_gateway(&mut self, word: Elsewhere, named: u64) -> Command {
        match word {
            Elsewhere::Refund { payment, name, amount_minor, outcome, of_ours } => {
                let mut record = RecordGatewayRefund {
                    payment: pick(&self.payments, payment).unwrap_or(payment_id(0)),
                    refund: refund_id(named),
                    gateway_refund: format!("by hand {name}"),
                    name: String::new(),
                    amount_minor,
                    outcome: outcome.into(),
                    failure_code: if outcome == RefundStatus::Failed { "lost".into() } else { String::new() },
                };
                let ours = of_ours.and_then(|ours| pick(&self.known_refunds(), ours));
                if let Some((id, known)) = ours.and_then(|id| Some((id, self.model.refunds.get(&id)?))) {
                    (record.payment, record.amount_minor) = (known.payment, known.amount_minor);
                    record.name =
                        if known.tries == 1 { id.to_string() } else { format!("{id}-{}", known.tries) };
                    record.gateway_refund = match known.gateway_refund.as_str() {
                        "" => format!("re {named}"),
                        named_before => named_before.to_owned(),
                    };
                }
                Command::RecordGatewayRefund(record)
            }
            Elsewhere::Dispute { payment, name, status, is_withdrawn, is_stale } => {
                let payment = pick(&self.payments, payment).unwrap_or(payment_id(0));
                let dispute = format!("dp {name}");
                let known = self.model.payments.get(&payment).map(|attempt| attempt.disputes.as_slice());
                let known = known.unwrap_or_default().iter().find(|(name, ..)| *name == dispute);
                let revision = known.map_or(0, |(.., revision)| *revision);
                Command::RecordDispute(RecordDispute {
                    payment,
                    dispute,
                    revision: if is_stale { revision.wrapping_sub(1) } else { revision },
                    status: ["needs_response", "won", "lost"][usize::from(status)].into(),
                    reason: "fraudulent".into(),
                    amount_minor: 3,
                    currency: "usd".into(),
                    since_ms: 1_000,
                    is_withdrawn,
                })
            }
        }
    }

    /// Has the seller ask for refunds of one of the latest payments that fail, until no more are taken.
    pub(super) fn fill_refunds(&mut self, payment: u8) {
        let Some(id) = pick(&self.payments, payment) else { return };
        for _ in 0..=MAX_REFUNDS_PER_PAYMENT {
            let before = self.model.refunds.len();
            self.call(Who::Owner, What::AskForRefund { payment, amount_minor: Some(1) });
            if self.model.refunds.len() == before || !self.model.payments.contains_key(&id) {
                return;
            }
            let newest =
                self.known_refunds().into_iter().filter(|known| self.model.refunds[known].payment == id);
            let refund = newest.max_by_key(|known| self.model.refunds[known].number).expect("just asked for");
            let settle = SettleRefund {
                refund,
                try_number: 1,
                outcome: RefundStatus::Failed.into(),
                gateway_refund: String::new(),
                failure_code: "lost".into(),
            };
            let envelope = self.shop.envelope(None, Command::SettleRefund(settle));
            let keeps_history = self.log.len() >= super::HISTORY_AFTER;
            let envelope = Envelope { keeps_history, ..envelope };
            self.send(envelope);
        }
    }

    /// In the order in which they came to be.
    fn known_refunds(&self) -> Vec<RefundId> {
        let mut known: Vec<_> =
            self.model.refunds.iter().map(|(id, refund)| (refund.created_at_ms, *id)).collect();
        known.sort();
        known.into_iter().map(|(_, id)| id).collect()
    }

    fn seller_of(&self, payment: PaymentId) -> Option<UserId> {
        let attempt = self.model.payments.get(&payment)?;
        self.model.orders.get(&attempt.order).map(|claim| claim.seller)
    }
}
