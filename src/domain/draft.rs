//! A draft: what a transition wants to write, before anything is written.
//!
//! Transitions decide first, on the tables as they are, and write then. A draft that breaks an invariant
//! is thrown away whole.

use super::asker::Author;
use super::event::{Announcement, Event, EventType, Subject};
use super::history::OrderTransition;
use super::id::{OrderId, UserId};
use super::order::Order;
use super::payment::Payment;
use super::tables::{Change, Counters, Tables};
use super::ticket::Ticket;

/// What one command wants to write.
pub(super) struct Draft<'t, T> {
    /// The state before the command.
    pub(super) tables: &'t T,
    /// The command's time, in milliseconds on the replicated clock.
    pub(super) at_ms: u64,
    /// Who asks for it, as what is kept of it says.
    pub(super) author: Author,
    /// Whether transitions of orders are kept in their histories, and the passing of a deadline names the buyer.
    keeps_history: bool,
    writes: Writes,
}

/// What a draft holds once its command is decided.
#[derive(Debug)]
pub(super) struct Writes {
    pub(super) changes: Vec<Change>,
    pub(super) announcements: Vec<Announcement>,
    counters: Counters,
    forget_at_most: usize,
}

impl<'t, T: Tables> Draft<'t, T> {
    pub(super) fn new(tables: &'t T, at_ms: u64) -> Self {
        let writes = Writes {
            changes: Vec::new(),
            announcements: Vec::new(),
            counters: tables.counters(),
            forget_at_most: 0,
        };
        Self { tables, at_ms, author: Author::default(), keeps_history: false, writes }
    }

    /// A draft of what this one asks for.
    pub(super) fn by(self, author: Author) -> Self {
        Self { author, ..self }
    }

    /// A draft that keeps each transition of an order, if it is to.
    pub(super) fn keeping_history(self, keeps_history: bool) -> Self {
        Self { keeps_history, ..self }
    }

    pub(super) fn into_writes(self) -> Writes {
        self.writes
    }

    pub(super) fn next_ticket_number(&mut self) -> u64 {
        self.writes.counters.next(|counters| &mut counters.tickets)
    }

    pub(super) fn next_order_number(&mut self) -> u64 {
        self.writes.counters.next(|counters| &mut counters.orders)
    }

    pub(super) fn next_payment_number(&mut self) -> u64 {
        self.writes.counters.next(|counters| &mut counters.payments)
    }

    pub(super) fn next_ledger_number(&mut self) -> u64 {
        self.writes.counters.next(|counters| &mut counters.ledger_entries)
    }

    pub(super) fn next_group_number(&mut self) -> u64 {
        self.writes.counters.next(|counters| &mut counters.consumer_groups)
    }

    /// Whether movements of money are entered in the ledger, and transitions kept.
    pub(super) fn keeps_history(&self) -> bool {
        self.keeps_history
    }

    /// Whether nothing is staged yet.
    pub(super) fn is_empty(&self) -> bool {
        self.writes.changes.is_empty()
    }

    /// Stages a row that no event announces.
    pub(super) fn change(&mut self, change: Change) {
        self.writes.changes.push(change);
    }

    pub(super) fn put_ticket(&mut self, old: Option<Ticket>, new: Ticket, r#type: EventType) {
        self.announce(r#type, Subject::Ticket(new.clone()));
        self.change(Change::Ticket { old, new: Some(new) });
    }

    /// Stages a deletion; `last` is what the event shows, one version after `old`.
    pub(super) fn delete_ticket(&mut self, old: Ticket, last: Ticket) {
        self.announce(EventType::TicketDeleted, Subject::Ticket(last));
        self.change(Change::Ticket { old: Some(old), new: None });
    }

    pub(super) fn put_order(&mut self, old: Option<Order>, new: Order, r#type: EventType) {
        self.announce(r#type, Subject::Order(new.clone()));
        if self.keeps_history {
            let new = OrderTransition::new(&new, self.author.clone());
            self.change(Change::OrderTransition { new });
        }
        self.change(Change::Order { old, new });
    }

    pub(super) fn put_payment(&mut self, old: Option<Payment>, new: Payment, r#type: EventType) {
        self.announce(r#type, Subject::Payment(new.shown()));
        self.change(Change::Payment { old, new });
    }

    pub(super) fn announce_expiration(&mut self, order: OrderId, buyer: UserId) {
        let buyer_of_expiration = Some(buyer).filter(|_| self.keeps_history);
        let (r#type, subject) = (EventType::ExpirationComplete, Subject::Expiration(order));
        self.writes.announcements.push(Announcement { r#type, subject, buyer_of_expiration });
    }

    /// Asks to forget requests and keys that have run out, at most so many of each.
    pub(super) fn forget_at_most(&mut self, at_most: usize) {
        self.writes.forget_at_most = at_most;
    }

    /// Asks to forget the events up to this sequence; those that were forgotten stay so.
    pub(super) fn forget_events(&mut self, through: u64) {
        let forgotten = &mut self.writes.counters.events_forgotten;
        *forgotten = through.max(*forgotten);
    }

    fn announce(&mut self, r#type: EventType, subject: Subject) {
        self.writes.announcements.push(Announcement { r#type, subject, buyer_of_expiration: None });
    }
}

impl Writes {
    /// Writes everything.
    pub(super) fn commit<T: Tables>(mut self, tables: &mut T, at_ms: u64) {
        for change in self.changes {
            tables.write(change);
        }
        for Announcement { r#type, subject, buyer_of_expiration } in self.announcements {
            let sequence = self.counters.next(|counters| &mut counters.events);
            let (r#type, subject) = (r#type.into(), Some(subject));
            tables.append_event(Event { sequence, r#type, at_ms, subject, buyer_of_expiration });
        }
        let before = tables.counters();
        if self.counters.events_forgotten > before.events_forgotten {
            tables.forget_events(before.events_forgotten, self.counters.events_forgotten);
        }
        if self.counters != before {
            tables.set_counters(self.counters);
        }
        if self.forget_at_most > 0 {
            tables.forget(at_ms, self.forget_at_most);
        }
    }
}

impl Counters {
    fn next(&mut self, which: impl FnOnce(&mut Self) -> &mut u64) -> u64 {
        let counter = which(self);
        *counter = counter.saturating_add(1);
        *counter
    }
}
