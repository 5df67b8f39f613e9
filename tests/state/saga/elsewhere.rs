//! What others do meanwhile: buyers in their browsers, and whoever works with the gateway by hand.

use std::sync::Arc;
use std::task::{Context, Poll};

use boxoffice::domain::*;
use boxoffice::gateway::ClientCalls;
use boxoffice::saga;
use futures_util::task::noop_waker_ref;

use super::cast::{Cast, Run, index_of, intent_name, intent_of};
use super::giving_back::given_back;
use super::steps::Source;
use super::world::{Leader, World};
use crate::shop::refund_id;

impl Cast {
    /// The buyer's browser is given the secret, if it may be, and keeps it.
    pub(super) fn take_secret(&mut self, payment: u8) {
        let Some(index) = index_of(payment, self.payments.len()) else { return };
        let Some(payment) = self.world.lock().payment(self.payments[index]).cloned() else { return };
        let leader = Leader { world: self.world.clone(), behind: 0 };
        let calls = ClientCalls::default();
        let mut asked = Box::pin(saga::browser_secret(&leader, &calls, &payment));
        let Poll::Ready(answer) = asked.as_mut().poll(&mut Context::from_waker(noop_waker_ref())) else {
            unreachable!("this gateway says it at once");
        };
        if let Some(secret) = answer.expect("it is there") {
            self.secrets.insert(secret.expose().to_owned());
        }
    }

    pub(super) fn browse(&mut self, secret: u8, source: Source) {
        let Some(index) = index_of(secret, self.secrets.len()) else { return };
        self.met.insert("confirmed in a browser");
        let secret = self.secrets.iter().nth(index).expect("within").clone();
        self.world.lock().books.confirm_in_browser(&secret, source.name());
    }

    pub(super) fn go_on(&mut self, intent: u8, well: bool) {
        let mut world = self.world.lock();
        let names: Vec<String> = world.books.intents.keys().cloned().collect();
        if let Some(index) = index_of(intent, names.len()) {
            world.books.go_on(&names[index], well);
        }
    }

    /// The buyer wants no more of an attempt that waits for them.
    pub(super) fn withdraw(&mut self, order: u8, cancels_order: bool) {
        let Some(index) = index_of(order, self.orders.len()) else { return };
        let order = self.orders[index];
        let mut world = self.world.lock();
        let buyer = self.buyer_of(&world, order);
        let wish = WithdrawPayment { order, cancels_order, if_match: None };
        // What it comes to, the end shows.
        let _ = world.shop.ask(Some(buyer), Command::WithdrawPayment(wish));
        world.note();
    }

    /// Somebody gives back in the gateway's dashboard what was charged, or a half of it, if so much is left.
    pub(super) fn refund_by_hand(&mut self, payment: u8, half: bool) {
        let Some(index) = index_of(payment, self.payments.len()) else { return };
        let mut world = self.world.lock();
        let Some(name) = intent_name(&world, self.payments[index]) else { return };
        let number = world.shop.next();
        if world.books.refund_by_hand(&name, number, half) {
            self.met.insert(if half {
                "a half was given back by hand"
            } else {
                "all was given back by hand"
            });
        }
    }

    /// Somebody hears that money of a payment went back, and looks.
    pub(super) fn review(&mut self, payment: u8, behind: u8) {
        if let Some(index) = index_of(payment, self.payments.len()) {
            self.look_at_refunds(self.payments[index], usize::from(behind));
        }
    }

    fn look_at_refunds(&mut self, payment: PaymentId, behind: usize) {
        let leader = Arc::new(Leader { world: self.world.clone(), behind });
        let run: Run = Box::pin(async move { saga::review_refunds(&*leader, payment).await });
        self.runs.push((payment, run));
    }

    /// Has everybody hear of what went back and is not recorded, and says whether there was anything of the kind.
    pub(super) fn review_all(&mut self) -> bool {
        let untold: Vec<PaymentId> = {
            let world = self.world.lock();
            let is_untold = |payment: &Payment| {
                intent_of(&world, payment.id).map_or(0, given_back) != payment.refunded_minor()
            };
            world.payments().iter().filter(|payment| is_untold(payment)).map(|payment| payment.id).collect()
        };
        for payment in &untold {
            self.look_at_refunds(*payment, 0);
        }
        !untold.is_empty()
    }

    /// Has an operator give back what is still owed of a late charge where somebody gave back a part by hand: the refund of
    /// all of it can never be made. Says whether there is any.
    pub(super) fn give_back_the_rest(&mut self) -> bool {
        let mut world = self.world.lock();
        let owed =
            world.payments().into_iter().filter(|payment| payment.status() == PaymentStatus::Refunding);
        let mut any = false;
        for payment in owed.collect::<Vec<_>>() {
            let refund = refund_id(world.shop.next());
            let ask =
                RefundPayment { refund, payment: payment.id, amount_minor: None, reason: String::new() };
            any |= world.shop.ask_as(Asker::Key(self.operator), Command::RefundPayment(ask)).is_ok();
            world.note();
        }
        any
    }
}

/// What became of an attempt that its buyer wanted no more of.
pub(super) fn what_became_of_a_wish(world: &World, payment: &Payment) -> Option<&'static str> {
    if !payment.is_withdrawn() {
        return None;
    }
    let order = world.orders().into_iter().find(|order| order.id == payment.order).expect("it was made");
    match payment.status() {
        PaymentStatus::Succeeded => Some("withdrawn, and paid before"),
        PaymentStatus::Failed if order.cancel_reason() == CancelReason::Buyer => {
            Some("withdrawn together with its order")
        }
        PaymentStatus::Failed => Some("withdrawn"),
        _ => None,
    }
}
