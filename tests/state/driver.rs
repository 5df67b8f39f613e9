//! Runs steps against a shop and its model, and compares the two after each.

mod commands;
mod keys;
mod refunds;

use std::collections::BTreeSet;

use boxoffice::domain::*;
use boxoffice::store::hold_sales;

use self::commands::pick;
use crate::model::{Heard, Model};
use crate::seen::{assert_same_state, heard};
use crate::shop::Shop;
use crate::steps::{Call, Step, What, Who};

/// Audits are slow beside commands: one every so many steps, and one at the end.
const STEPS_PER_AUDIT: usize = 8;

/// After so many commands the cluster is at the level at which histories are kept.
const HISTORY_AFTER: usize = 14;

/// How long an idempotency key stands for its answer.
const KEY_TTL_MS: u64 = 3_000;

/// What the driver met when the outcome of a charge itself releases the order.
pub(crate) const CHARGED_TOO_LATE: &str = "charged past the hold, before anything else released the order";
pub(crate) const DECLINED_TOO_LATE: &str =
    "declined past the deadline, before anything else released the order";

/// A shop, its model, and what was sent and named so far.
pub(crate) struct Driver {
    pub(crate) shop: Shop,
    pub(crate) model: Model,
    /// Every command, with the time at which it was applied.
    pub(crate) log: Vec<(Envelope, u64)>,
    /// What came to hold sales, and after how many commands.
    pub(crate) holds: Vec<(usize, Hold)>,
    /// Transitions of orders that have to be in their histories.
    transitions: Vec<OrderTransition>,
    /// Kinds of answers and events that came up.
    pub(crate) met: BTreeSet<String>,
    users: Vec<UserId>,
    sessions: Vec<Actor>,
    tickets: Vec<TicketId>,
    orders: Vec<OrderId>,
    payments: Vec<PaymentId>,
    tokens: Vec<Vec<u8>>,
    operator_keys: Vec<OperatorKeyId>,
}

impl Driver {
    /// A shop in which two sellers offer two tickets each, and two others may buy.
    pub(crate) fn new() -> Self {
        let mut driver = Self {
            shop: Shop::new(),
            model: Model::default(),
            log: Vec::new(),
            holds: Vec::new(),
            transitions: Vec::new(),
            met: BTreeSet::new(),
            users: Vec::new(),
            sessions: Vec::new(),
            tickets: Vec::new(),
            orders: Vec::new(),
            payments: Vec::new(),
            tokens: Vec::new(),
            operator_keys: Vec::new(),
        };
        for email in 0..4 {
            driver.call(Who::Nobody, What::SignUp { email, ttl_ms: 1_000_000 });
        }
        for session in [0, 0, 1, 1] {
            let what = What::Create { title: session, price_minor: 3, starts_in_ms: None };
            driver.call(Who::Session(session), what);
        }
        driver
    }

    pub(crate) fn run(&mut self, steps: &[Step]) {
        for (count, step) in steps.iter().enumerate() {
            self.step(step);
            if count % STEPS_PER_AUDIT == 0 {
                self.shop.assert_sound();
            }
        }
        self.shop.assert_sound();
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Wait(wait_ms) => self.shop.now_ms += wait_ms,
            Step::Resend(index) => {
                // The latest ones are the more interesting, and shrinking goes towards them.
                let back = usize::from(*index) % self.log.len();
                let (command, _) = self.log[self.log.len() - 1 - back].clone();
                self.send(command);
            }
            Step::Send(call) => {
                let envelope = self.envelope(call);
                self.send(envelope);
            }
            Step::Hold => self.hold(),
            Step::FillKeys => self.fill_keys(),
            Step::FillRefunds(payment) => self.fill_refunds(*payment),
            Step::SendWhenDue(call, after_ms) => {
                let due_at_ms = self.due_at_ms(&call.what);
                // The clock never goes back.
                let then_ms = due_at_ms.and_then(|due_at_ms| due_at_ms.checked_add_signed(*after_ms));
                self.shop.now_ms = self.shop.now_ms.max(then_ms.unwrap_or_default());
                self.step(&Step::Send(call.clone()));
            }
        }
    }

    /// Has sales held, as a restore does: not by a command.
    fn hold(&mut self) {
        let since_ms = self.shop.next();
        let hold = Hold { since_ms, reason: "a step".into(), left_epoch: String::new() };
        self.shop.damage(|txn| hold_sales(txn, &hold).expect("memory does not fail"));
        self.model.hold = Some(since_ms);
        self.holds.push((self.log.len(), hold));
    }

    /// When the order that this is about is due.
    fn due_at_ms(&self, what: &What) -> Option<u64> {
        let order = match what {
            What::Settle { payment, .. } => self.model.payments.get(&pick(&self.payments, *payment)?)?.order,
            What::Pay { order, .. } => pick(&self.orders, *order)?,
            _ => return None,
        };
        self.model.orders.get(&order)?.due_at_ms
    }

    fn call(&mut self, who: Who, what: What) {
        self.step(&Step::Send(Call { who, what, key: None, late: false }));
    }

    fn send(&mut self, envelope: Envelope) {
        let before = self.shop.event_count();
        let reply = self.shop.apply(&envelope);
        let events = self.shop.events_after(before);
        let withdrawn: Vec<TicketId> = match envelope.command {
            Some(Command::Upkeep(_)) => events.iter().filter_map(withdrawn_ticket).collect(),
            _ => Vec::new(),
        };
        let expected = self.model.hear(&envelope, self.shop.now_ms, &withdrawn);
        let heard = heard(reply);
        assert_eq!(heard, expected, "the answer to {envelope:?} at {}", self.shop.now_ms);
        // What never came to be is no longer worth naming; what is gone is.
        self.orders.retain(|id| self.model.orders.contains_key(id));
        self.payments.retain(|id| self.model.payments.contains_key(id));
        self.meet(&envelope, &heard, &events);
        self.assert_history(&envelope, &events);
        assert_same_state(&self.shop, &self.model, &events);
        self.log.push((envelope, self.shop.now_ms));
    }

    /// Each event of an order has its transition, from when on histories are kept, and nothing else has one.
    fn assert_history(&mut self, envelope: &Envelope, events: &[Event]) {
        for event in events.iter().filter(|_| envelope.keeps_history) {
            let Some(Subject::Order(order)) = &event.subject else { continue };
            let reason = match (event.r#type(), order.cancel_reason()) {
                (EventType::OrderCreated, _) => TransitionReason::Reserved,
                (EventType::OrderCompleted, _) => TransitionReason::Paid,
                (EventType::OrderCancelled, CancelReason::Refunded) => TransitionReason::Refunded,
                (EventType::OrderCancelled, CancelReason::Buyer) => TransitionReason::Cancelled,
                (EventType::OrderCancelled, _) => TransitionReason::Expired,
                _ if order.status() == OrderStatus::Created => TransitionReason::PaymentFailed,
                _ => TransitionReason::PaymentBegun,
            };
            self.transitions.push(OrderTransition {
                order: order.id,
                version: order.version,
                at_ms: event.at_ms,
                status: order.status,
                reason: reason.into(),
                author: self.author(envelope),
                payment: order.payment,
            });
        }
        self.transitions.sort_by_key(|kept| (kept.order.to_bytes(), kept.version));
        let kept: Vec<OrderTransition> = self.shop.rows("order_history").collect();
        assert_eq!(kept, self.transitions);
    }

    /// Who a transition is by: no operator's key is good for one itself, but whoever had the money given back ended
    /// the order.
    fn author(&self, envelope: &Envelope) -> Author {
        match &envelope.command {
            Some(Command::SettleRefund(c)) => self.model.refunds[&c.refund].author.clone(),
            _ => Author { kind: envelope.actor.map(|actor| AuthorKind::User(actor.user)) },
        }
    }

    fn meet(&mut self, envelope: &Envelope, heard: &Heard, events: &[Event]) {
        let releases = events.iter().any(|event| event.r#type() == EventType::ExpirationComplete);
        if let (Some(Command::SettleCharge(c)), true) = (&envelope.command, releases) {
            let what = if c.succeeded { CHARGED_TOO_LATE } else { DECLINED_TOO_LATE };
            self.met.insert(what.to_owned());
        }
        self.met.extend(events.iter().map(|event| event.r#type().name().to_owned()));
        self.met.extend(heard.outcome.as_ref().err().map(|(code, _)| format!("{code:?}")));
        self.met.extend(heard.replayed.then(|| "replayed".to_owned()));
    }
}

fn withdrawn_ticket(event: &Event) -> Option<TicketId> {
    match &event.subject {
        Some(Subject::Ticket(ticket)) if event.r#type() == EventType::TicketDeleted => Some(ticket.id),
        _ => None,
    }
}
