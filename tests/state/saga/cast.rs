//! Who does what: buyers, leaders and the network between them, a step at a time.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Context;

use boxoffice::domain::*;
use boxoffice::gateway::{GatewayError, IntentState};
use boxoffice::saga::{self, NoFinalWord, Progress};
use futures_util::task::noop_waker_ref;

use super::elsewhere::what_became_of_a_wish;
use super::gateway::{Books, Intent};
use super::giving_back::{assert_nothing_given_away, given_back};
use super::steps::{Fate, Source, Step};
use super::world::{Call, Leader, MARK, Proposal, Shared, World, no_answer_in_time, timed_out};
use crate::shop::{order_id, payment_id};

/// How long there is to pay, and how far an attempt may hold past that.
pub(crate) const WINDOW_MS: u64 = 60_000;
pub(crate) const GRACE_MS: u64 = 30_000;

/// Rounds in which everything has to come to an end once there are no more faults.
const MAX_ROUNDS: usize = 20;

/// How far the clock goes in a round.
const ROUND_MS: u64 = 15_000;

/// A run of the saga, wherever it waits.
pub(super) type Run = Pin<Box<dyn Future<Output = Result<Progress, NoFinalWord>>>>;

pub(crate) struct Cast {
    pub(super) world: Shared,
    pub(super) seller: Actor,
    pub(super) operator: OperatorKeyId,
    buyers: [Actor; 2],
    tickets: [TicketId; 2],
    pub(super) orders: Vec<OrderId>,
    pub(super) payments: Vec<PaymentId>,
    pub(super) runs: Vec<(PaymentId, Run)>,
    /// Intents whose secret a browser was given: it keeps it.
    pub(super) secrets: BTreeSet<String>,
    /// What came up.
    pub(crate) met: BTreeSet<&'static str>,
}

impl Cast {
    pub(crate) fn new(knows_all: bool, lies: bool) -> Self {
        let world = Shared::new();
        let (seller, operator, buyers, tickets);
        {
            let mut world = world.lock();
            (world.books.knows_all, world.books.lies) = (knows_all, lies);
            let shop = &mut world.shop;
            seller = shop.sign_up();
            operator = shop.operator_key(&[Scope::Refunds]);
            buyers = [shop.sign_up(), shop.sign_up()];
            tickets = [100, 200].map(|price_minor| shop.post(seller, &["rock"], price_minor, None));
        }
        let mut cast = Self {
            world,
            seller,
            operator,
            buyers,
            tickets,
            orders: Vec::new(),
            payments: Vec::new(),
            runs: Vec::new(),
            secrets: BTreeSet::new(),
            met: BTreeSet::new(),
        };
        cast.step(&Step::Reserve { buyer: 0, ticket: 0 });
        cast
    }

    /// Plays the steps, and then everything to its end without any more faults.
    pub(crate) fn play(&mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
            self.assert_safe();
        }
        self.come_to_an_end();
        self.assert_books_agree();
        self.assert_refunds_agree();
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Wait(wait_ms) => self.world.lock().shop.now_ms += wait_ms,
            Step::Reserve { buyer, ticket } => self.reserve(buyer, ticket),
            Step::Pay { order, source } => self.pay(order, source),
            Step::Cancel { order } => self.cancel(order),
            Step::Expire => self.expire(),
            Step::Run { payment, behind, tries } => self.run(payment, behind, tries),
            Step::Kill { run } => {
                if let Some(index) = index_of(run, self.runs.len()) {
                    drop(self.runs.swap_remove(index));
                }
            }
            Step::Serve { call, fate } => self.serve(call, fate),
            Step::Apply { proposal, fate } => self.apply(proposal, fate),
            Step::Refund { payment, half, fails } => self.ask_for_refund(payment, half, fails),
            Step::Retry { refund } => self.retry(refund),
            Step::TakeSecret { payment } => self.take_secret(payment),
            Step::Browse { secret, source } => self.browse(secret, source),
            Step::GoOn { intent, well } => self.go_on(intent, well),
            Step::Withdraw { order, cancels_order } => self.withdraw(order, cancels_order),
            Step::RefundByHand { payment, half } => self.refund_by_hand(payment, half),
            Step::Review { payment, behind } => self.review(payment, behind),
        }
        self.poll();
    }

    fn reserve(&mut self, buyer: u8, ticket: u8) {
        let mut world = self.world.lock();
        let order = order_id(world.shop.next());
        let ticket = self.tickets[usize::from(ticket) % self.tickets.len()];
        let reserve = Reserve { order, ticket, payment_window_ms: WINDOW_MS };
        let buyer = self.buyers[usize::from(buyer) % self.buyers.len()];
        if world.shop.ask(Some(buyer), Command::Reserve(reserve)).is_ok() {
            self.orders.push(order);
        }
        world.note();
    }

    fn pay(&mut self, order: u8, source: Source) {
        let Some(index) = index_of(order, self.orders.len()) else { return };
        let mut world = self.world.lock();
        let (order, payment) = (self.orders[index], payment_id(world.shop.next()));
        let in_browser = source == Source::Browser && !world.books.knows_all;
        let (source, gateway) = (source.name().to_owned(), MARK.to_owned());
        let pay = Pay { payment, order, source, grace_ms: GRACE_MS, gateway, in_browser };
        let before = world.payments().len();
        let buyer = self.buyer_of(&world, order);
        let answer = world.shop.ask(Some(buyer), Command::Pay(pay));
        world.note();
        if let Ok(Answer::Payment(claimed)) = answer
            && claimed.id == payment
        {
            let again = world.payments().iter().filter(|other| other.order == order).count() > 1;
            self.met.extend(again.then_some("another card"));
            self.payments.push(payment);
            assert_eq!(world.payments().len(), before + 1);
        }
    }

    pub(super) fn buyer_of(&self, world: &World, order: OrderId) -> Actor {
        let order = world.orders().into_iter().find(|one| one.id == order).expect("it was made");
        self.buyers.into_iter().find(|buyer| buyer.user == order.buyer).expect("a buyer")
    }

    fn cancel(&mut self, order: u8) {
        let Some(index) = index_of(order, self.orders.len()) else { return };
        let mut world = self.world.lock();
        let buyer = self.buyer_of(&world, self.orders[index]);
        let cancel = CancelOrder { order: self.orders[index], if_match: None };
        let answer = world.shop.ask(Some(buyer), Command::CancelOrder(cancel));
        world.note();
        self.met.extend(answer.is_ok().then_some("cancelled by its buyer"));
    }

    fn expire(&mut self) {
        let mut world = self.world.lock();
        world.shop.done(None, Command::ExpireOrders(ExpireOrders { at_most: 9 }));
        world.note();
    }

    fn run(&mut self, payment: u8, behind: u8, tries: u8) {
        let Some(index) = index_of(payment, self.payments.len()) else { return };
        self.start(self.payments[index], usize::from(behind), u32::from(tries));
    }

    fn start(&mut self, payment: PaymentId, behind: usize, tries: u32) {
        let leader = Arc::new(Leader { world: self.world.clone(), behind });
        let owes_a_refund =
            self.world.lock().payment(payment).and_then(Payment::work) == Some(PaymentWork::Refund);
        let run: Run = Box::pin(async move {
            match owes_a_refund {
                true => saga::refund(&*leader, payment).await,
                false => saga::charge(&*leader, payment, tries).await,
            }
        });
        self.runs.push((payment, run));
    }

    /// Has everybody go on as far as they get.
    fn poll(&mut self) {
        let mut context = Context::from_waker(noop_waker_ref());
        self.runs.retain_mut(|(_, run)| run.as_mut().poll(&mut context).is_pending());
    }

    fn serve(&mut self, call: u8, fate: Fate) {
        let mut world = self.world.lock();
        let Some(index) = index_of(call, world.calls.len()) else { return };
        match fate {
            Fate::Answered => {
                let Call { asked, answer } = world.calls.swap_remove(index);
                let said = world.books.serve(&asked);
                answer.give(said);
            }
            Fate::AnswerLost => {
                let Call { asked, answer } = world.calls.swap_remove(index);
                let _ = world.books.serve(&asked);
                self.met.insert("an answer was lost");
                answer.give(Err(GatewayError::Unknown("500".into())));
            }
            // It comes to pass all the same, later.
            Fate::GivenUp => {
                self.met.insert("a call was given up");
                world.calls[index].answer.give(Err(no_answer_in_time()));
            }
            Fate::Lost => {
                let busy = GatewayError::Busy { retry_after: None };
                world.calls.swap_remove(index).answer.give(Err(busy));
            }
        }
    }

    fn apply(&mut self, proposal: u8, fate: Fate) {
        let mut world = self.world.lock();
        let Some(index) = index_of(proposal, world.proposals.len()) else { return };
        match fate {
            Fate::Answered => {
                let Proposal { envelope, answer } = world.proposals.swap_remove(index);
                let said = world.apply(&envelope);
                answer.give(said);
            }
            Fate::AnswerLost => {
                let Proposal { envelope, answer } = world.proposals.swap_remove(index);
                let _ = world.apply(&envelope);
                answer.give(Err(timed_out()));
            }
            Fate::GivenUp => world.proposals[index].answer.give(Err(timed_out())),
            Fate::Lost => world.proposals.swap_remove(index).answer.give(Err(timed_out())),
        }
    }

    /// No more faults: what is late arrives, and the worker goes on until nothing is owed.
    fn come_to_an_end(&mut self) {
        for round in 0..MAX_ROUNDS {
            self.settle_down();
            self.expire();
            self.assert_safe();
            let owed: Vec<Payment> =
                self.world.lock().payments().into_iter().filter(|payment| payment.work().is_some()).collect();
            let is_all_told = !self.review_all();
            if owed.is_empty() && is_all_told && !self.retry_all() && !self.give_back_the_rest() {
                break;
            }
            for payment in owed {
                self.start(payment.id, 0, 90 + round as u32);
                self.settle_down();
            }
            // Whoever is at it comes to an end of it.
            let mut world = self.world.lock();
            let at_it =
                world.books.intents.iter().filter(|(_, intent)| intent.state == IntentState::Processing);
            let at_it: Vec<String> = at_it.map(|(name, _)| name.clone()).collect();
            at_it.iter().for_each(|intent| world.books.go_on(intent, true));
            world.shop.now_ms += ROUND_MS;
            world.note();
        }
        let mut world = self.world.lock();
        world.shop.now_ms += WINDOW_MS + GRACE_MS;
        drop(world);
        self.expire();
    }

    /// Answers everything that is asked, until nobody asks any more.
    fn settle_down(&mut self) {
        self.poll();
        loop {
            let (calls, proposals) = {
                let world = self.world.lock();
                (world.calls.len(), world.proposals.len())
            };
            if calls + proposals == 0 {
                break;
            }
            if calls > 0 {
                self.serve(0, Fate::Answered);
            } else {
                self.apply(0, Fate::Answered);
            }
            self.poll();
        }
        assert!(self.runs.is_empty(), "somebody waits for nothing");
    }

    /// What holds at every moment, whatever is under way.
    fn assert_safe(&mut self) {
        let world = self.world.lock();
        assert_nothing_given_away(&world);
        for order in world.orders() {
            let of_order = |intent: &&Intent| intent.order == order.id;
            let charges: u32 =
                world.books.intents.values().filter(of_order).map(|intent| intent.charges).sum();
            assert!(charges <= 1, "{} is charged {charges} times: {:#?}", order.id, world.books.intents);
            if order.status() == OrderStatus::Complete {
                let payment = order.payment.expect("it was paid");
                let intent = intent_of(&world, payment).expect("the gateway knows of it");
                assert_eq!(intent.charges, 1, "complete, and not paid");
                assert_eq!(intent.amount_minor, order.ticket.price_minor);
            }
        }
    }

    /// What holds once everything has come to its end.
    fn assert_books_agree(&mut self) {
        let world = self.world.lock();
        for order in world.orders() {
            assert!(!order.status().is_open(), "{} is still {:?}", order.id, order.status());
        }
        for payment in world.payments() {
            let intent = intent_of(&world, payment.id);
            let moved = intent.map(|intent| (intent.charges, given_back(intent)));
            let expected = match payment.status() {
                PaymentStatus::Succeeded => Some((1, payment.refunded_minor())),
                PaymentStatus::Refunded => Some((1, payment.amount_minor)),
                PaymentStatus::Failed => moved.map(|_| (0, 0)),
                open => panic!("{} is still {open:?}", payment.id),
            };
            assert_eq!(moved, expected, "{payment:?}");
            self.met.extend(what_came_up(&world, &payment, intent));
            self.met.extend(what_became_of_a_wish(&world, &payment));
        }
        for (name, intent) in &world.books.intents {
            let on_record =
                intent_of(&world, intent.payment).is_some_and(|known| std::ptr::eq(known, intent));
            let is_stray = !on_record;
            assert!(!is_stray || intent.charges == 0, "{name} is nobody's and was charged");
            self.met.extend(is_stray.then_some("an intent that nobody confirmed"));
        }
        world.shop.assert_sound();
    }
}

/// The one intent that a payment may be charged by, if the gateway has it.
pub(super) fn intent_of(world: &World, payment: PaymentId) -> Option<&Intent> {
    world.books.intents.get(&intent_name(world, payment)?)
}

/// What it is called.
pub(super) fn intent_name(world: &World, payment: PaymentId) -> Option<String> {
    match world.books.knows_all {
        true => Some(Books::known_intent(payment)),
        false => world.payment(payment).map(|payment| payment.intent.clone()),
    }
}

fn what_came_up(world: &World, payment: &Payment, intent: Option<&Intent>) -> Option<&'static str> {
    match (payment.status(), payment.decline_code.as_str()) {
        (PaymentStatus::Succeeded, _) => Some("paid"),
        (PaymentStatus::Refunded, _) => {
            let late = world
                .refunds()
                .iter()
                .any(|refund| refund.payment == payment.id && refund.cause() == RefundCause::LateCharge);
            Some(if late { "paid too late" } else { "paid and given back" })
        }
        (_, saga::ABANDONED) if intent.is_none() => Some("given up without an intent"),
        (_, saga::ABANDONED) => Some("given up with an intent"),
        (_, code) => match code {
            "insufficient_funds" => Some("declined"),
            "authentication" => Some("declined after the buyer acted"),
            "token_used" => Some("another run had the token"),
            "no_such_method" => Some("no intent was made"),
            "cannot_confirm" => Some("could not be confirmed"),
            _ => None,
        },
    }
}

/// One of so many, the latest for 0.
pub(super) fn index_of(index: u8, of: usize) -> Option<usize> {
    (of > 0).then(|| of - 1 - usize::from(index) % of)
}
