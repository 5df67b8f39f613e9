//! Index entries: a function of the row that they belong to.
//!
//! A writer removes the old row's entries and adds the new row's; an audit computes all of them again.

use super::key::Key;
use super::schema::Table;
use crate::domain::{
    CancelReason, Dispute, LedgerEntry, OperatorKey, Order, OrderStatus, OrderTransition, Payment,
    PaymentWork, Refund, ResetToken, SandboxEntry, Session, SigningKey, Ticket, TicketStatus, User,
};

/// The most index entries that a single row has without its words.
const USUAL_ENTRIES: usize = 10;

/// One entry of one index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) table: Table,
    pub(super) key: Vec<u8>,
    pub(super) value: Vec<u8>,
}

impl Entry {
    pub(super) fn new(table: Table, key: Key, value: &[u8]) -> Self {
        Self { table, key: key.finish(), value: value.to_vec() }
    }
}

/// A row that has a key and index entries.
pub(super) trait Indexed {
    /// What the row stands under in its own table.
    fn key(&self) -> Vec<u8>;
    fn entries(&self) -> Vec<Entry>;
}

impl Indexed for User {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        let key = Key::new().bytes(self.email.as_bytes());
        vec![Entry::new(Table::UsersByEmail, key, &self.id.to_bytes())]
    }
}

impl Indexed for Session {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        let id = self.id.to_bytes();
        vec![
            Entry::new(Table::SessionsByUser, Key::new().bytes(&self.user.to_bytes()).bytes(&id), &[]),
            Entry::new(Table::SessionsByExpiry, Key::new().number(self.expires_at_ms).bytes(&id), &[]),
        ]
    }
}

impl Indexed for ResetToken {
    fn key(&self) -> Vec<u8> {
        self.hash.clone()
    }

    fn entries(&self) -> Vec<Entry> {
        let key = Key::new().number(self.expires_at_ms).bytes(&self.hash);
        vec![Entry::new(Table::ResetTokensByExpiry, key, &[])]
    }
}

impl Indexed for SigningKey {
    fn key(&self) -> Vec<u8> {
        self.kid.clone().into_bytes()
    }

    /// There are a few at most: nobody looks for one by anything else than its name.
    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

impl Indexed for OperatorKey {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    /// Whoever presents a key that was revoked is nobody.
    fn entries(&self) -> Vec<Entry> {
        if self.revoked_at_ms.is_some() {
            return Vec::new();
        }
        vec![Entry::new(Table::OperatorKeysByHash, Key::new().bytes(&self.hash), &self.id.to_bytes())]
    }
}

impl Indexed for Ticket {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        // While it is not on sale for a moment it stays where it is, and has no bit: see `on_sale`.
        if self.status() == TicketStatus::Sold {
            return Vec::new();
        }
        let id = self.id.to_bytes();
        let number = self.number;
        let seller = Key::new().bytes(&self.seller.to_bytes());
        let mut entries = Vec::with_capacity(USUAL_ENTRIES);
        if self.status() == TicketStatus::Reserved {
            entries.push(Entry::new(Table::ReservedBySeller, seller.clone().number(number), &id));
        }
        entries.push(Entry::new(Table::TicketsBySeller, seller.inverted(number), &id));
        entries.push(Entry::new(Table::TicketsByAge, Key::new().inverted(number), &id));
        entries.push(Entry::new(Table::TicketsByPrice, price_key(self), &id));
        entries.push(Entry::new(Table::TicketsByStart, start_key(self), &id));
        let words = self.words.iter().enumerate();
        for (_, word) in words.filter(|(at, word)| !self.words[..*at].contains(word)) {
            let key = Key::new().terminated(word).inverted(number);
            entries.push(Entry::new(Table::TicketsByWord, key, &id));
        }
        entries
    }
}

/// Where a ticket stands by price.
pub(super) fn price_key(ticket: &Ticket) -> Key {
    Key::new().number(ticket.price_minor).number(ticket.number)
}

/// Where a ticket stands by the start of its show; those without a date come last.
pub(super) fn start_key(ticket: &Ticket) -> Key {
    Key::new().number(ticket.starts_at_ms.unwrap_or(u64::MAX)).number(ticket.number)
}

impl Indexed for Order {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        let id = self.id.to_bytes();
        let by_buyer = Key::new().bytes(&self.buyer.to_bytes()).number(self.number);
        let mut entries = vec![Entry::new(Table::OrdersByBuyer, by_buyer.clone(), &id)];
        if let Some(due_at_ms) = self.due_at_ms() {
            entries.push(Entry::new(Table::OpenOrdersByBuyer, by_buyer, &id));
            let due = Key::new().number(due_at_ms).number(self.number);
            entries.push(Entry::new(Table::OrdersDue, due, &id));
        }
        if is_a_sale(self) {
            let seller = Key::new().bytes(&self.ticket.seller.to_bytes());
            entries.push(Entry::new(Table::SalesBySeller, seller.inverted(self.number), &id));
        }
        entries
    }
}

/// Whether the order's seller finds it among what they sold. Attempts are counted from feature level 2 on, so that older
/// replicas, which know no such index, have nothing to enter in it.
fn is_a_sale(order: &Order) -> bool {
    let was_paid = order.status() == OrderStatus::Complete || order.cancel_reason() == CancelReason::Refunded;
    was_paid && order.attempts > 0
}

impl Indexed for OrderTransition {
    fn key(&self) -> Vec<u8> {
        Key::new().bytes(&self.order.to_bytes()).number(self.version).finish()
    }

    /// It is looked for by its order alone.
    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

impl Indexed for Payment {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        let id = self.id.to_bytes();
        let by_buyer = Key::new().bytes(&self.buyer.to_bytes()).number(self.number);
        let mut entries = vec![Entry::new(Table::PaymentsByBuyer, by_buyer, &id)];
        if let Some(work) = self.work() {
            // As long as it owes the same it stays where it is, whatever else changes.
            let key = Key::new().byte(work_byte(work)).number(self.owed_since_ms()).number(self.number);
            let value = Key::new().bytes(&id).bytes(&self.buyer.to_bytes()).finish();
            entries.push(Entry::new(Table::PaymentWork, key, &value));
        }
        if self.wants_attention() {
            entries.push(Entry::new(Table::RefundsFailed, Key::new().bytes(&id), &[]));
        }
        if self.disputes.iter().any(Dispute::is_open) {
            entries.push(Entry::new(Table::DisputesOpen, Key::new().bytes(&id), &[]));
        }
        entries
    }
}

impl Indexed for Refund {
    fn key(&self) -> Vec<u8> {
        self.id.to_bytes().to_vec()
    }

    fn entries(&self) -> Vec<Entry> {
        let key = Key::new().bytes(&self.payment.to_bytes()).number(self.number.into());
        vec![Entry::new(Table::RefundsByPayment, key, &self.id.to_bytes())]
    }
}

impl Indexed for LedgerEntry {
    fn key(&self) -> Vec<u8> {
        Key::new().number(self.number).finish()
    }

    /// It is read from its beginning to its end.
    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

impl Indexed for SandboxEntry {
    fn key(&self) -> Vec<u8> {
        self.key.to_bytes().to_vec()
    }

    /// The sandbox looks for a line by nothing but its key.
    fn entries(&self) -> Vec<Entry> {
        Vec::new()
    }
}

pub(super) fn work_byte(work: PaymentWork) -> u8 {
    match work {
        PaymentWork::Charge => 0,
        PaymentWork::Refund => 1,
    }
}

/// The entries of a row that may not be there.
pub(super) fn entries_of<R: Indexed>(row: Option<&R>) -> Vec<Entry> {
    row.map(Indexed::entries).unwrap_or_default()
}
