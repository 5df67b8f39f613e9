//! Audits: what must hold of a whole state, for tests and for `boxoffice verify`.

use std::collections::BTreeMap;
use std::fmt;

use super::event::{Event, EventType, Subject};
use super::history::OrderTransition;
use super::id::{OrderId, PaymentId, TicketId};
use super::invariants::{Violation, is_charge_of, payment_fits, ticket_fits};
use super::ledger::{Account, LedgerEntry};
use super::money_audit::MoneyAudit;
use super::order::{Order, OrderStatus};
use super::payment::{Payment, PaymentStatus};
use super::refund::{Refund, RefundStatus};
use super::tables::Counters;
use super::ticket::{Ticket, TicketStatus};

/// What an [`Audit`] counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Tickets by status.
    pub tickets: BTreeMap<TicketStatus, u64>,
    /// Orders by status.
    pub orders: BTreeMap<OrderStatus, u64>,
    /// Payments by status.
    pub payments: BTreeMap<PaymentStatus, u64>,
    /// Refunds by status.
    pub refunds: BTreeMap<RefundStatus, u64>,
    /// What the ledger has in each account, debits counting up, in minor units by currency.
    pub ledger_minor: BTreeMap<(String, Account), i128>,
    /// Entries in the ledger.
    pub ledger_entries: u64,
    /// Payments that were charged before there was a ledger, and so are not in it.
    pub before_the_ledger: u64,
    /// Events.
    pub events: u64,
    /// Charged and kept, in minor units by currency.
    pub kept_minor: BTreeMap<String, u64>,
}

/// Checks a whole state. Feed it every row, then call [`Audit::finish`].
#[derive(Debug, Default)]
pub struct Audit {
    tickets: BTreeMap<TicketId, Ticket>,
    orders: BTreeMap<OrderId, Order>,
    payments: BTreeMap<PaymentId, Payment>,
    money: MoneyAudit,
    announced: Announced,
    /// Where the outbox begins: of entities that changed before, earlier events may be forgotten.
    events_forgotten: u64,
    last_sequence: u64,
    books: Books,
    violations: Vec<Violation>,
}

/// The latest version that the outbox announced of each entity, and whether that was its end.
#[derive(Debug, Default)]
struct Announced {
    tickets: BTreeMap<TicketId, (u64, bool)>,
    orders: BTreeMap<OrderId, (u64, bool)>,
    payments: BTreeMap<PaymentId, (u64, bool)>,
}

impl Audit {
    /// An audit of a state whose outbox has forgotten the events up to this sequence; 0 if it has not forgotten any.
    pub fn of_events_after(events_forgotten: u64) -> Self {
        Self { events_forgotten, last_sequence: events_forgotten, ..Self::default() }
    }

    /// Takes a ticket.
    pub fn ticket(&mut self, ticket: Ticket) {
        *self.books.tickets.entry(ticket.status()).or_default() += 1;
        self.tickets.insert(ticket.id, ticket);
    }

    /// Takes an order.
    pub fn order(&mut self, order: Order) {
        *self.books.orders.entry(order.status()).or_default() += 1;
        self.orders.insert(order.id, order);
    }

    /// Checks what is kept of an order's transition, all orders being there.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn transition(&self, transition: &OrderTransition) -> Result<(), Violation> {
        match self.orders.get(&transition.order) {
            Some(order) if transition.fits(order) => Ok(()),
            Some(order) => Err(Violation(format!(
                "the history of {} has a transition to version {} that it did not make",
                order.id, transition.version
            ))),
            None => Err(Violation(format!("there is a history of {}, and no such order", transition.order))),
        }
    }

    /// Takes a payment.
    pub fn payment(&mut self, payment: Payment) {
        *self.books.payments.entry(payment.status()).or_default() += 1;
        if payment.status() == PaymentStatus::Succeeded {
            let kept_minor = self.books.kept_minor.entry(payment.currency.clone()).or_default();
            *kept_minor = kept_minor.saturating_add(payment.held_minor());
        }
        self.payments.insert(payment.id, payment);
    }

    /// Takes a refund.
    pub fn refund(&mut self, refund: &Refund) {
        *self.books.refunds.entry(refund.status()).or_default() += 1;
        self.money.refund(refund);
    }

    /// Takes an entry of the ledger; in the order of their numbers.
    pub fn ledger_entry(&mut self, entry: &LedgerEntry) {
        self.books.ledger_entries += 1;
        for account in Account::ALL {
            let sum = self.books.ledger_minor.entry((entry.currency.clone(), account)).or_default();
            *sum += entry.change_of(account);
        }
        self.money.entry(entry, &mut self.violations);
    }

    /// Takes an event; in the order of the outbox.
    pub fn event(&mut self, event: &Event) {
        self.books.events += 1;
        let expected = self.last_sequence.saturating_add(1);
        self.ensure(event.sequence == expected, || {
            format!("the outbox has event {} where {expected} belongs", event.sequence)
        });
        self.last_sequence = event.sequence;
        let ends = event.r#type() == EventType::TicketDeleted;
        let whole = self.events_forgotten == 0;
        let gap = match &event.subject {
            Some(Subject::Ticket(t)) => announce(&mut self.announced.tickets, t.id, t.version, ends, whole),
            Some(Subject::Order(o)) => announce(&mut self.announced.orders, o.id, o.version, ends, whole),
            Some(Subject::Payment(p)) => announce(&mut self.announced.payments, p.id, p.version, ends, whole),
            Some(Subject::Expiration(_)) => None,
            None => Some("it has no subject".to_owned()),
        };
        if let Some(gap) = gap {
            self.violations.push(Violation(format!("event {}: {gap}", event.sequence)));
        }
    }

    /// What was counted, and everything that does not hold.
    pub fn finish(mut self, counters: Counters) -> (Books, Vec<Violation>) {
        self.ensure_counters(counters);
        let tickets = std::mem::take(&mut self.tickets);
        let orders = std::mem::take(&mut self.orders);
        let payments = std::mem::take(&mut self.payments);
        self.ensure_numbers("tickets", tickets.values().map(|t| t.number).collect(), counters.tickets);
        self.ensure_numbers("orders", orders.values().map(|o| o.number).collect(), counters.orders);
        self.ensure_numbers("payments", payments.values().map(|p| p.number).collect(), counters.payments);
        for ticket in tickets.values() {
            self.ensure_ticket(ticket, &orders);
        }
        for order in orders.values() {
            self.ensure_order(order, &tickets, &payments);
        }
        for payment in payments.values() {
            self.ensure_payment(payment, &orders);
        }
        self.books.before_the_ledger =
            payments.values().filter(|payment| payment.is_charged() && !payment.booked).count() as u64;
        let entered = self.money.last_entry();
        self.ensure(counters.ledger_entries == entered, || {
            format!("the ledger ends at {entered} instead of {}", counters.ledger_entries)
        });
        self.money.finish(&payments, &mut self.violations);
        (self.books, self.violations)
    }

    fn ensure_counters(&mut self, counters: Counters) {
        let orders = self.orders.len() as u64;
        self.ensure(counters.orders == orders, || format!("{} orders, counted {orders}", counters.orders));
        let payments = self.payments.len() as u64;
        self.ensure(counters.payments == payments, || {
            format!("{} payments, counted {payments}", counters.payments)
        });
        let events = self.last_sequence;
        self.ensure(counters.events == events, || {
            format!("the outbox ends at {events} instead of {}", counters.events)
        });
        let forgotten = self.events_forgotten;
        self.ensure(counters.events_forgotten == forgotten, || {
            format!("the outbox begins after {forgotten} instead of {}", counters.events_forgotten)
        });
        let whole = self.events_forgotten == 0;
        let posted = self.announced.tickets.len() as u64;
        let fits = if whole { counters.tickets == posted } else { counters.tickets >= posted };
        self.ensure(fits, || format!("{} tickets were posted, {posted} announced", counters.tickets));
        let announced = self.announced.tickets.iter();
        let alive: Vec<TicketId> = announced.filter(|(_, (_, ended))| !ended).map(|(id, _)| *id).collect();
        let present = self.tickets.len();
        let all_there = alive.iter().all(|id| self.tickets.contains_key(id));
        self.ensure(all_there && (!whole || alive.len() == present), || {
            format!("{} tickets should be there, {present} are", alive.len())
        });
    }

    /// Whether the last event about something fits the version that it has. There need be none if it did not change since
    /// the outbox forgot.
    fn is_announced_as(&self, announced: Option<(u64, bool)>, version: u64) -> bool {
        announced.map_or(self.events_forgotten > 0, |announced| announced == (version, false))
    }

    /// Numbers are places in indexes and cursors: each is given out once.
    fn ensure_numbers(&mut self, what: &str, mut numbers: Vec<u64>, given_out: u64) {
        numbers.sort_unstable();
        let twice = numbers.windows(2).any(|pair| pair[0] == pair[1]);
        self.ensure(!twice, || format!("a number of {what} was given out twice"));
        let beyond = numbers.last().is_some_and(|&last| last > given_out);
        self.ensure(!beyond && numbers.first() != Some(&0), || {
            format!("{what} have a number that never was given out")
        });
    }

    fn ensure_ticket(&mut self, ticket: &Ticket, orders: &BTreeMap<OrderId, Order>) {
        let announced = self.announced.tickets.get(&ticket.id).copied();
        self.ensure(self.is_announced_as(announced, ticket.version), || {
            format!("{} is at version {} and was announced as {announced:?}", ticket.id, ticket.version)
        });
        let holder = ticket.order.map(|id| orders.get(&id));
        let fits = ticket_fits(ticket, holder);
        let holder = holder.map(|order| order.map(|order| (order.status(), order.ticket.id)));
        self.ensure(fits, || format!("{} is {:?}, held by {holder:?}", ticket.id, ticket.status()));
    }

    fn ensure_order(
        &mut self,
        order: &Order,
        tickets: &BTreeMap<TicketId, Ticket>,
        payments: &BTreeMap<PaymentId, Payment>,
    ) {
        let announced = self.announced.orders.get(&order.id).copied();
        self.ensure(self.is_announced_as(announced, order.version), || {
            format!("{} is at version {} and was announced as {announced:?}", order.id, order.version)
        });
        let held = tickets.get(&order.ticket.id).is_some_and(|ticket| ticket.order == Some(order.id));
        let holds = order.status().holds_ticket();
        self.ensure(holds == held, || {
            format!("{} is {:?}; that it holds its ticket is {held}", order.id, order.status())
        });
        let payment = order.payment.and_then(|id| payments.get(&id));
        let charged = payment.is_some_and(|payment| is_charge_of(payment, order));
        let complete = order.status() == OrderStatus::Complete;
        self.ensure(complete == charged, || {
            format!("{} is {:?}; that it is charged is {charged}", order.id, order.status())
        });
        let awaiting = order.status() == OrderStatus::AwaitingPayment;
        let processing = payment.is_some_and(|payment| payment.status() == PaymentStatus::Processing);
        self.ensure(!awaiting || processing, || format!("{} awaits a payment that nobody makes", order.id));
    }

    fn ensure_payment(&mut self, payment: &Payment, orders: &BTreeMap<OrderId, Order>) {
        let announced = self.announced.payments.get(&payment.id).copied();
        self.ensure(self.is_announced_as(announced, payment.version), || {
            format!("{} is at version {} and was announced as {announced:?}", payment.id, payment.version)
        });
        let order = orders.get(&payment.order);
        if let Some(fault) = payment.refund_fault() {
            self.violations.push(Violation(format!("{}: {fault}", payment.id)));
        }
        let fits = order.is_some_and(|order| payment_fits(payment, order));
        self.ensure(fits, || {
            format!("{} is {:?}, its order {:?}", payment.id, payment.status(), order.map(Order::status))
        });
    }

    fn ensure(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.violations.push(Violation(what()));
        }
    }
}

/// Notes a version, and says what is wrong with it. The first one need not be 0 where the outbox is not whole any more.
fn announce<K: Ord + fmt::Debug>(
    announced: &mut BTreeMap<K, (u64, bool)>,
    id: K,
    version: u64,
    ends: bool,
    whole: bool,
) -> Option<String> {
    let complaint = match announced.get(&id) {
        None if version == 0 || !whole => None,
        Some(&(last, false)) if version == last.saturating_add(1) => None,
        before => Some(format!("{id:?} is announced at version {version} after {before:?}")),
    };
    announced.insert(id, (version, ends));
    complaint
}
