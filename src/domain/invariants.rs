//! What must hold after every `apply`, checked on each draft before it is written.
//!
//! [`Audit`](super::Audit) checks the same, and more, of a whole state.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::consumer_group;
use super::draft::Writes;
use super::event::Subject;
use super::id::{OrderId, PaymentId, TicketId};
use super::ledger::{Account, LedgerEntry};
use super::operator_key;
use super::order::{CancelReason, Order, OrderStatus};
use super::payment::{Payment, PaymentStatus};
use super::refund::Refund;
use super::tables::{Change, Tables};
use super::ticket::{Ticket, TicketStatus};
use super::webhook_endpoint;

/// Something that must hold and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation(pub String);

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a draft may be written.
pub(super) fn check<T: Tables>(tables: &T, writes: &Writes) -> Result<(), Violation> {
    let after = After::new(tables, writes)?;
    for change in &writes.changes {
        match change {
            Change::Ticket { old, new: Some(new) } => after.check_ticket(old.as_ref(), new)?,
            Change::Ticket { old, new: None } => after.check_withdrawn(old.as_ref())?,
            Change::Order { old, new } => after.check_order(old.as_ref(), new)?,
            Change::Payment { old, new } => after.check_payment(old.as_ref(), new)?,
            Change::OperatorKey { old, new: Some(new) } => operator_key::check(old.as_ref(), new)?,
            Change::SandboxEntry { old, new } => {
                ensure(new.may_follow(old.as_ref()), || format!("the books go from {old:?} to {new:?}"))?;
            }
            Change::Refund { old, new } => after.check_refund(old.as_ref(), new)?,
            Change::LedgerEntry { new } => {
                let fault = new.fault();
                ensure(fault.is_none(), || format!("an entry in the ledger: {}", fault.unwrap_or_default()))?;
                ensure(after.payments.contains_key(&new.payment), || {
                    format!("an entry moves money of {}, which does not change", new.payment)
                })?;
            }
            Change::OrderTransition { new } => {
                let order = after.orders.get(&new.order);
                ensure(order.is_some_and(|order| new.version == order.version && new.fits(order)), || {
                    format!("the history of {} says something else than it becomes", new.order)
                })?;
            }
            Change::WebhookEndpoint { old, new: Some(new) } => webhook_endpoint::check(old.as_ref(), new)?,
            Change::User { .. }
            | Change::Departed { .. }
            | Change::Session { .. }
            | Change::ResetToken { .. }
            | Change::SigningKey { .. }
            | Change::OperatorKey { new: None, .. }
            | Change::WebhookEndpoint { new: None, .. }
            | Change::WebhookRemoved { .. }
            | Change::WaitingEvent { .. }
            | Change::WebhookAttempt { .. }
            | Change::WebhookAttemptForgotten { .. }
            | Change::HoldLifted { .. }
            // See below: they are looked at together.
            | Change::ConsumerGroup { .. }
            | Change::GroupRemoved { .. }
            | Change::PendingEvent { .. }
            | Change::ParkedEvent { .. } => {}
        }
    }
    consumer_group::check(&writes.changes)?;
    let changed = after.tickets.len() + after.orders.len() + after.payments.len();
    let announced = after.announced.len();
    ensure(changed == announced, || format!("{changed} changes are announced by {announced} events"))
}

/// Whether a ticket may stand as it does, given the order that it names.
pub(super) fn ticket_fits(ticket: &Ticket, holder: Option<Option<&Order>>) -> bool {
    match (ticket.status(), holder) {
        (TicketStatus::Available | TicketStatus::Frozen, None) => true,
        (TicketStatus::Reserved, Some(Some(order))) => {
            order.status().is_open() && order.ticket.id == ticket.id
        }
        (TicketStatus::Sold, Some(Some(order))) => {
            order.status() == OrderStatus::Complete && order.ticket.id == ticket.id
        }
        _ => false,
    }
}

/// Whether a payment may stand as it does, given its order.
pub(super) fn payment_fits(payment: &Payment, order: &Order) -> bool {
    let is_latest = order.payment == Some(payment.id);
    match (payment.status(), order.status()) {
        (PaymentStatus::Succeeded, OrderStatus::Complete) => is_latest,
        (PaymentStatus::Processing, OrderStatus::AwaitingPayment) => is_latest,
        (PaymentStatus::Failed, OrderStatus::AwaitingPayment) => !is_latest,
        (PaymentStatus::Succeeded, _) => false,
        (PaymentStatus::Processing | PaymentStatus::Refunding | PaymentStatus::Refunded, status) => {
            status == OrderStatus::Cancelled
        }
        (PaymentStatus::Failed, _) => true,
    }
}

/// Whether a payment is the charge that completes an order.
pub(super) fn is_charge_of(payment: &Payment, order: &Order) -> bool {
    payment.status() == PaymentStatus::Succeeded
        && payment.order == order.id
        && payment.amount_minor == order.ticket.price_minor
        && payment.currency == order.ticket.currency
}

/// The versioned entities that an announcement may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Entity {
    Ticket(TicketId),
    Order(OrderId),
    Payment(PaymentId),
}

/// The state as it would be after a draft.
struct After<'d, T> {
    tables: &'d T,
    tickets: BTreeMap<TicketId, Option<&'d Ticket>>,
    orders: BTreeMap<OrderId, &'d Order>,
    payments: BTreeMap<PaymentId, &'d Payment>,
    entries: Vec<&'d LedgerEntry>,
    announced: BTreeSet<(Entity, u64)>,
}

impl<'d, T: Tables> After<'d, T> {
    fn new(tables: &'d T, writes: &'d Writes) -> Result<Self, Violation> {
        let (mut tickets, mut orders, mut payments) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for change in &writes.changes {
            let once = match change {
                Change::Ticket { old, new } => {
                    let id = new.as_ref().or(old.as_ref()).map(|ticket| ticket.id);
                    id.is_some_and(|id| tickets.insert(id, new.as_ref()).is_none())
                }
                Change::Order { new, .. } => orders.insert(new.id, new).is_none(),
                Change::Payment { new, .. } => payments.insert(new.id, new).is_none(),
                _ => true,
            };
            ensure(once, || format!("one command changes something twice: {change:?}"))?;
        }
        let entries = writes.changes.iter().filter_map(|change| match change {
            Change::LedgerEntry { new } => Some(new),
            _ => None,
        });
        let entries = entries.collect();
        let mut announced = BTreeSet::new();
        for announcement in &writes.announcements {
            let subject = match &announcement.subject {
                Subject::Ticket(ticket) => (Entity::Ticket(ticket.id), ticket.version),
                Subject::Order(order) => (Entity::Order(order.id), order.version),
                Subject::Payment(payment) => (Entity::Payment(payment.id), payment.version),
                Subject::Expiration(_) => continue,
            };
            ensure(announced.insert(subject), || format!("{subject:?} is announced twice"))?;
        }
        Ok(Self { tables, tickets, orders, payments, entries, announced })
    }

    fn ticket(&self, id: TicketId) -> Option<Ticket> {
        self.tickets.get(&id).map_or_else(|| self.tables.ticket(id), |staged| staged.cloned())
    }

    fn order(&self, id: OrderId) -> Option<Order> {
        self.orders.get(&id).map_or_else(|| self.tables.order(id), |staged| Some((*staged).clone()))
    }

    fn payment(&self, id: PaymentId) -> Option<Payment> {
        self.payments.get(&id).map_or_else(|| self.tables.payment(id), |staged| Some((*staged).clone()))
    }

    /// Versions rise by one, and each has its event.
    fn check_version(&self, entity: Entity, old: Option<u64>, new: u64) -> Result<(), Violation> {
        let next = old.map_or(0, |version| version.saturating_add(1));
        ensure(new == next, || format!("{entity:?} goes to version {new} instead of {next}"))?;
        ensure(self.announced.contains(&(entity, new)), || format!("{entity:?} changes and no event says so"))
    }

    fn check_withdrawn(&self, old: Option<&Ticket>) -> Result<(), Violation> {
        let old = old.ok_or_else(|| Violation("a ticket is deleted that was not there".into()))?;
        ensure(old.order.is_none(), || format!("{} is deleted while an order holds it", old.id))?;
        let last = old.version.saturating_add(1);
        self.check_version(Entity::Ticket(old.id), Some(old.version), last)
    }

    fn check_ticket(&self, old: Option<&Ticket>, new: &Ticket) -> Result<(), Violation> {
        self.check_version(Entity::Ticket(new.id), old.map(|old| old.version), new.version)?;
        let holder = new.order.map(|id| self.order(id));
        ensure(ticket_fits(new, holder.as_ref().map(Option::as_ref)), || {
            format!("{} is {:?} with the order {:?}", new.id, new.status(), new.order)
        })?;
        let taken_from = old.and_then(|old| old.order).filter(|before| new.order != Some(*before));
        let freed = taken_from.is_none_or(|before| {
            self.order(before).is_some_and(|order| order.status() == OrderStatus::Cancelled)
        });
        ensure(freed, || format!("{} is taken from an order that still holds it", new.id))
    }

    fn check_order(&self, old: Option<&Order>, new: &Order) -> Result<(), Violation> {
        self.check_version(Entity::Order(new.id), old.map(|old| old.version), new.version)?;
        let is_taken_back = |old: &Order| old.status() == OrderStatus::Complete;
        let allowed = match old {
            None => new.status() == OrderStatus::Created,
            Some(old) => {
                old.status().may_become(new.status())
                    && old.expires_at_ms == new.expires_at_ms
                    && old.ticket == new.ticket
                    && old.buyer == new.buyer
                    && is_taken_back(old) == (new.cancel_reason() == CancelReason::Refunded)
            }
        };
        ensure(allowed, || {
            format!("{} goes from {:?} to {:?}", new.id, old.map(Order::status), new.status())
        })?;
        let held = self.ticket(new.ticket.id).is_some_and(|ticket| ticket.order == Some(new.id));
        ensure(held == new.status().holds_ticket(), || {
            format!("{} becomes {:?}; that it holds its ticket is {held}", new.id, new.status())
        })?;
        let payment = || new.payment.and_then(|id| self.payment(id));
        let paid = match new.status() {
            OrderStatus::Complete => payment().is_some_and(|payment| is_charge_of(&payment, new)),
            OrderStatus::AwaitingPayment => {
                payment().is_some_and(|payment| payment.status() == PaymentStatus::Processing)
            }
            OrderStatus::Cancelled if new.cancel_reason() == CancelReason::Refunded => {
                payment().is_some_and(|payment| payment.status() == PaymentStatus::Refunded)
            }
            OrderStatus::Created | OrderStatus::Cancelled => true,
        };
        ensure(paid, || format!("{} becomes {:?} without such a charge of its price", new.id, new.status()))?;
        // Whether or not anything released it before.
        let held_until_ms = old.and_then(Order::due_at_ms).unwrap_or_default();
        let in_time = new.status() != OrderStatus::Complete || new.updated_at_ms < held_until_ms;
        ensure(in_time, || {
            let at_ms = new.updated_at_ms;
            format!("{} becomes Complete only at {at_ms}, having been held until {held_until_ms}", new.id)
        })
    }

    fn check_payment(&self, old: Option<&Payment>, new: &Payment) -> Result<(), Violation> {
        self.check_version(Entity::Payment(new.id), old.map(|old| old.version), new.version)?;
        let allowed = match old {
            None => new.status() == PaymentStatus::Processing,
            Some(old) => new.may_follow(old),
        };
        ensure(allowed, || {
            format!("{} goes from {:?} to {:?}", new.id, old.map(Payment::status), new.status())
        })?;
        let fault = new.refund_fault().or(new.dispute_fault());
        ensure(fault.is_none(), || format!("{}: {}", new.id, fault.unwrap_or_default()))?;
        self.check_entries(old, new)?;
        let order = self.order(new.order);
        ensure(order.as_ref().is_some_and(|order| payment_fits(new, order)), || {
            format!("{} is {:?}, its order {:?}", new.id, new.status(), order.as_ref().map(Order::status))
        })
    }

    /// What the ledger is told of a payment is what becomes of its money.
    fn check_entries(&self, old: Option<&Payment>, new: &Payment) -> Result<(), Violation> {
        let entries = || self.entries.iter().filter(|entry| entry.payment == new.id);
        for account in Account::ALL {
            let before = old.map_or(0, |old| old.balance_of(account));
            let entered: i128 = entries().map(|entry| entry.change_of(account)).sum();
            ensure(before + entered == new.balance_of(account), || {
                format!("the ledger has another sum in {} for {} than that has", account.name(), new.id)
            })?;
        }
        ensure(entries().all(|entry| entry.currency == new.currency && entry.order == new.order), || {
            format!("the ledger has another currency or order for {} than that has", new.id)
        })
    }

    fn check_refund(&self, old: Option<&Refund>, new: &Refund) -> Result<(), Violation> {
        ensure(new.may_follow(old), || format!("{} goes from {old:?} to {new:?}", new.id))?;
        let payment = self.payment(new.payment);
        let payment = payment.ok_or_else(|| Violation(format!("{} is one of no payment", new.id)))?;
        let moves = old.is_none_or(|old| old.status() != new.status());
        ensure(!moves || self.payments.contains_key(&payment.id), || {
            format!("{} becomes {:?} and its payment does not say so", new.id, new.status())
        })?;
        let fits = new.currency == payment.currency && new.number <= payment.refund_totals().count;
        ensure(fits, || format!("{} is in another currency, or was not counted", new.id))
    }
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation(what())) }
}

#[cfg(test)]
mod tests;
