//! What must hold after every `apply`.
//!
//! [`check`] looks at one draft before it is written; [`Audit`] looks at a whole state, for tests and for
//! `boxoffice verify`.

use std::collections::BTreeMap;
use std::fmt;

use super::draft::Writes;
use super::event::{Event, EventType, Subject};
use super::id::{OrderId, PaymentId, TicketId};
use super::order::{Order, OrderStatus};
use super::payment::{Payment, PaymentStatus};
use super::tables::{Change, Counters, Tables};
use super::ticket::{Ticket, TicketStatus};

/// Something that must hold and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation(pub String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation(what())) }
}

/// Whether a draft may be written.
pub(super) fn check<T: Tables>(tables: &T, writes: &Writes) -> Result<(), Violation> {
    for change in &writes.changes {
        match change {
            Change::Ticket { old, new } => check_ticket(tables, writes, old.as_ref(), new.as_ref())?,
            Change::Order { old, new } => check_order(writes, old.as_ref(), new)?,
            Change::Payment { old, new } => check_payment(writes, old.as_ref(), new)?,
            Change::User { .. }
            | Change::Departed { .. }
            | Change::Session { .. }
            | Change::ResetToken { .. }
            | Change::SigningKey { .. } => {}
        }
    }
    let versioned_rows = writes.changes.iter().filter(|change| is_versioned(change)).count();
    let versioned_events = writes.announcements.iter().filter(|a| a.subject.version().is_some()).count();
    ensure(versioned_rows == versioned_events, || {
        format!("{versioned_rows} changes are announced by {versioned_events} events")
    })
}

fn is_versioned(change: &Change) -> bool {
    matches!(change, Change::Ticket { .. } | Change::Order { .. } | Change::Payment { .. })
}

fn check_version(what: impl fmt::Debug, old: Option<u64>, new: u64) -> Result<(), Violation> {
    let next = old.map_or(0, |version| version.saturating_add(1));
    ensure(new == next, || format!("{what:?} goes to version {new} instead of {next}"))
}

fn check_ticket<T: Tables>(
    tables: &T,
    writes: &Writes,
    old: Option<&Ticket>,
    new: Option<&Ticket>,
) -> Result<(), Violation> {
    let Some(new) = new else {
        let free = old.is_some_and(|old| old.order.is_none());
        return ensure(free, || "a ticket is deleted that an order holds".into());
    };
    check_version(new.id, old.map(|old| old.version), new.version)?;
    let announced = writes.announcements.iter().any(|announcement| {
        matches!(&announcement.subject, Subject::Ticket(t) if t.id == new.id && t.version == new.version)
    });
    ensure(announced, || format!("{} changes and no event says so", new.id))?;
    let holder = new.order.map(|id| staged_order(writes, id).or_else(|| tables.order(id)));
    let fits = match (new.status(), holder) {
        (TicketStatus::Available | TicketStatus::Frozen, None) => true,
        (TicketStatus::Reserved, Some(Some(order))) => order.status().is_open() && order.ticket.id == new.id,
        (TicketStatus::Sold, Some(Some(order))) => {
            order.status() == OrderStatus::Complete && order.ticket.id == new.id
        }
        _ => false,
    };
    ensure(fits, || format!("{} is {:?} with the order {:?}", new.id, new.status(), new.order))?;
    let freed_by_its_order = old.and_then(|old| old.order).is_none_or(|holder| {
        new.order == Some(holder)
            || staged_order(writes, holder).is_some_and(|order| order.status() == OrderStatus::Cancelled)
    });
    ensure(freed_by_its_order, || format!("{} is taken from an order that still holds it", new.id))
}

fn staged_order(writes: &Writes, id: OrderId) -> Option<Order> {
    writes.changes.iter().find_map(|change| match change {
        Change::Order { new, .. } if new.id == id => Some(new.clone()),
        _ => None,
    })
}

fn check_order(writes: &Writes, old: Option<&Order>, new: &Order) -> Result<(), Violation> {
    check_version(new.id, old.map(|old| old.version), new.version)?;
    let announced = writes.announcements.iter().any(|announcement| {
        matches!(&announcement.subject, Subject::Order(o) if o.id == new.id && o.version == new.version)
    });
    ensure(announced, || format!("{} changes and no event says so", new.id))?;
    let allowed = match old {
        None => new.status() == OrderStatus::Created,
        Some(old) => old.status().may_become(new.status()) && old.expires_at_ms == new.expires_at_ms,
    };
    ensure(allowed, || format!("{} goes from {:?} to {:?}", new.id, old.map(Order::status), new.status()))?;
    if new.status() != OrderStatus::Complete {
        return Ok(());
    }
    let paid = writes.changes.iter().any(|change| match change {
        Change::Payment { new: payment, .. } => {
            Some(payment.id) == new.payment
                && payment.status() == PaymentStatus::Succeeded
                && payment.amount_minor == new.ticket.price_minor
        }
        _ => false,
    });
    ensure(paid, || format!("{} is complete without a charge of its price", new.id))
}

fn check_payment(writes: &Writes, old: Option<&Payment>, new: &Payment) -> Result<(), Violation> {
    check_version(new.id, old.map(|old| old.version), new.version)?;
    let announced = writes.announcements.iter().any(|announcement| {
        matches!(&announcement.subject, Subject::Payment(p) if p.id == new.id && p.version == new.version)
    });
    ensure(announced, || format!("{} changes and no event says so", new.id))?;
    let allowed = match old {
        None => new.status() == PaymentStatus::Processing,
        Some(old) => old.status().may_become(new.status()) && old.amount_minor == new.amount_minor,
    };
    ensure(allowed, || format!("{} goes from {:?} to {:?}", new.id, old.map(Payment::status), new.status()))?;
    let completes = new.status() != PaymentStatus::Succeeded
        || staged_order(writes, new.order).is_some_and(|order| order.status() == OrderStatus::Complete);
    ensure(completes, || format!("{} succeeded and its order is not complete", new.id))
}

/// What an [`Audit`] counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Books {
    /// Tickets by status.
    pub tickets: BTreeMap<TicketStatus, u64>,
    /// Orders by status.
    pub orders: BTreeMap<OrderStatus, u64>,
    /// Payments by status.
    pub payments: BTreeMap<PaymentStatus, u64>,
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
    announced: Announced,
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

    /// Takes a payment.
    pub fn payment(&mut self, payment: Payment) {
        *self.books.payments.entry(payment.status()).or_default() += 1;
        if payment.status() == PaymentStatus::Succeeded {
            let kept_minor = self.books.kept_minor.entry(payment.currency.clone()).or_default();
            *kept_minor = kept_minor.saturating_add(payment.amount_minor);
        }
        self.payments.insert(payment.id, payment);
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
        let gap = match &event.subject {
            Some(Subject::Ticket(t)) => announce(&mut self.announced.tickets, t.id, t.version, ends),
            Some(Subject::Order(o)) => announce(&mut self.announced.orders, o.id, o.version, ends),
            Some(Subject::Payment(p)) => announce(&mut self.announced.payments, p.id, p.version, ends),
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
        let posted = self.announced.tickets.len() as u64;
        self.ensure(counters.tickets == posted, || {
            format!("{} tickets were posted, {posted} announced", counters.tickets)
        });
        let alive = self.announced.tickets.values().filter(|(_, ended)| !ended).count();
        let present = self.tickets.len();
        self.ensure(alive == present, || format!("{alive} tickets should be there, {present} are"));
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
        self.ensure(announced == Some((ticket.version, false)), || {
            format!("{} is at version {} and was announced as {announced:?}", ticket.id, ticket.version)
        });
        let holder = ticket.order.map(|id| orders.get(&id).map(|order| (order.status(), order.ticket.id)));
        let fits = match (ticket.status(), holder) {
            (TicketStatus::Available | TicketStatus::Frozen, None) => true,
            (TicketStatus::Reserved, Some(Some((status, held)))) => status.is_open() && held == ticket.id,
            (TicketStatus::Sold, Some(Some((status, held)))) => {
                status == OrderStatus::Complete && held == ticket.id
            }
            _ => false,
        };
        self.ensure(fits, || format!("{} is {:?}, held by {holder:?}", ticket.id, ticket.status()));
    }

    fn ensure_order(
        &mut self,
        order: &Order,
        tickets: &BTreeMap<TicketId, Ticket>,
        payments: &BTreeMap<PaymentId, Payment>,
    ) {
        let announced = self.announced.orders.get(&order.id).copied();
        self.ensure(announced == Some((order.version, false)), || {
            format!("{} is at version {} and was announced as {announced:?}", order.id, order.version)
        });
        let holds = order.status().is_open() || order.status() == OrderStatus::Complete;
        let held = tickets.get(&order.ticket.id).is_some_and(|ticket| ticket.order == Some(order.id));
        self.ensure(holds == held, || {
            format!("{} is {:?}; that it holds its ticket is {held}", order.id, order.status())
        });
        let payment = order.payment.and_then(|id| payments.get(&id));
        let charged = payment.is_some_and(|payment| {
            payment.status() == PaymentStatus::Succeeded
                && payment.amount_minor == order.ticket.price_minor
                && payment.order == order.id
        });
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
        self.ensure(announced == Some((payment.version, false)), || {
            format!("{} is at version {} and was announced as {announced:?}", payment.id, payment.version)
        });
        let order = orders.get(&payment.order);
        let is_latest = order.is_some_and(|order| order.payment == Some(payment.id));
        let fits = match (payment.status(), order.map(Order::status)) {
            (PaymentStatus::Succeeded, Some(status)) => is_latest && status == OrderStatus::Complete,
            (PaymentStatus::Processing, Some(OrderStatus::AwaitingPayment)) => is_latest,
            (
                PaymentStatus::Processing | PaymentStatus::Refunding | PaymentStatus::Refunded,
                Some(status),
            ) => status == OrderStatus::Cancelled,
            (PaymentStatus::Failed, Some(_)) => true,
            (_, None) => false,
        };
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

/// Notes a version, and says what is wrong with it.
fn announce<K: Ord + fmt::Debug>(
    announced: &mut BTreeMap<K, (u64, bool)>,
    id: K,
    version: u64,
    ends: bool,
) -> Option<String> {
    let complaint = match announced.get(&id) {
        None if version == 0 => None,
        Some(&(last, false)) if version == last.saturating_add(1) => None,
        before => Some(format!("{id:?} is announced at version {version} after {before:?}")),
    };
    announced.insert(id, (version, ends));
    complaint
}
