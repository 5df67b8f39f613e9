//! Refunds: a seller asks for them, an operator has them tried again, and the gateway makes some of them only later,
//! or not at all the first time.

use std::collections::BTreeSet;

use boxoffice::domain::*;

use super::cast::{Cast, index_of, intent_of};
use super::gateway::{BY_HAND, Intent};
use super::world::World;
use crate::shop::refund_id;

impl Cast {
    /// The seller gives a half back, or all that is left.
    pub(super) fn ask_for_refund(&mut self, payment: u8, half: bool, fails: bool) {
        let Some(index) = index_of(payment, self.payments.len()) else { return };
        let mut world = self.world.lock();
        let (refund, payment) = (refund_id(world.shop.next()), self.payments[index]);
        let amount_minor = world.payment(payment).filter(|_| half).map(|payment| payment.amount_minor / 2);
        let ask = RefundPayment { refund, payment, amount_minor, reason: String::new() };
        let answer = world.shop.ask(Some(self.seller), Command::RefundPayment(ask));
        world.note();
        if answer.is_ok() && fails {
            world.books.failing.insert(refund.to_string());
        }
        self.met.extend(answer.is_ok().then_some(if half {
            "a half goes back"
        } else {
            "the rest goes back"
        }));
    }

    /// An operator has one that failed tried again.
    pub(super) fn retry(&mut self, refund: u8) {
        let failed = self.failed_refunds();
        if let Some(index) = index_of(refund, failed.len()) {
            self.retry_this(&failed[index]);
        }
    }

    /// Has all that failed tried again, and says whether any is.
    pub(super) fn retry_all(&mut self) -> bool {
        let failed = self.failed_refunds();
        failed.iter().filter(|refund| self.retry_this(refund)).count() > 0
    }

    fn failed_refunds(&self) -> Vec<Refund> {
        let mut refunds = self.world.lock().refunds();
        refunds.retain(|refund| refund.status() == RefundStatus::Failed);
        refunds
    }

    /// It may be that another refund took its place: then nothing is left for it.
    fn retry_this(&mut self, failed: &Refund) -> bool {
        let mut world = self.world.lock();
        let retry = RetryRefund { refund: failed.id, payment: failed.payment };
        let answer = world.shop.ask_as(Asker::Key(self.operator), Command::RetryRefund(retry));
        world.note();
        self.met.insert(if answer.is_ok() { "a refund is tried again" } else { "nothing is left of it" });
        answer.is_ok()
    }

    /// The gateway's refunds are those of the rows, name by name.
    pub(super) fn assert_refunds_agree(&mut self) {
        let world = self.world.lock();
        for payment in world.payments() {
            let Some(intent) = intent_of(&world, payment.id) else { continue };
            let mut refunds = world.refunds();
            refunds.retain(|refund| refund.payment == payment.id);
            let open = refunds.iter().find(|refund| refund.status() == RefundStatus::Pending);
            assert_eq!(open, None, "still pending");
            let made: BTreeSet<(String, u64)> = refunds
                .iter()
                .filter(|refund| refund.status() == RefundStatus::Succeeded)
                .map(|refund| (name_there(refund), refund.amount_minor))
                .collect();
            let known: BTreeSet<(String, u64)> =
                intent.refunds.iter().map(|(name, amount_minor)| (name.clone(), *amount_minor)).collect();
            assert_eq!(made, known, "{payment:?}");
            assert_eq!(given_back(intent), payment.refunded_minor());
            let again = refunds.iter().any(|one| one.tries > 1 && one.status() == RefundStatus::Succeeded);
            self.met.extend(again.then_some("a refund succeeded the second time"));
        }
    }
}

/// What the gateway's books have a refund under.
fn name_there(refund: &Refund) -> String {
    match refund.made_as.strip_prefix("re_") {
        Some(by_hand) => by_hand.to_owned(),
        None => refund.gateway_key(),
    }
}

/// How much of an intent's charge went back.
pub(super) fn given_back(intent: &Intent) -> u64 {
    intent.refunds.values().sum()
}

/// At no moment has the gateway given back for us what nobody asked for, or more than was paid.
pub(super) fn assert_nothing_given_away(world: &World) {
    for payment in world.payments() {
        let Some(intent) = intent_of(world, payment.id) else { continue };
        let is_ours = |name: &&String| !name.starts_with(BY_HAND);
        let gone: u64 = intent.refunds.keys().filter(is_ours).map(|name| intent.refunds[name]).sum();
        let refunds = world.refunds().into_iter().filter(|refund| {
            refund.payment == payment.id
                && refund.made_as.is_empty()
                && refund.status() != RefundStatus::Failed
        });
        let asked_for: u64 = refunds.map(|refund| refund.amount_minor).sum();
        assert!(gone <= asked_for, "{gone} of {} went back, {asked_for} was to", payment.id);
        let all_minor = payment.refunded_minor() + payment.refund_totals().pending_minor;
        assert!(all_minor <= payment.amount_minor, "{payment:?}");
    }
}
