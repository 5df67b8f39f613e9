//! Audits: every invariant of a whole state, and every index entry computed again.

use std::collections::BTreeMap;

use super::StoreError;
use super::index::Indexed;
use super::schema::Table;
use super::view::View;
use crate::domain::{Audit, Books, Counters, Order, Payment, ResetToken, Session, Ticket, User, Violation};

/// The most violations that are worth listing.
const MAX_LISTED: usize = 100;

/// What an audit counted and found.
#[derive(Clone, Debug, Default)]
pub struct AuditReport {
    /// Tickets, orders, payments, events and money.
    pub books: Books,
    /// Accounts.
    pub users: u64,
    /// Sessions.
    pub sessions: u64,
    /// Index entries, all of them compared with their rows.
    pub index_entries: u64,
    /// What does not hold; the first hundred.
    pub violations: Vec<Violation>,
    /// How many there are in all.
    pub violations_found: u64,
}

impl AuditReport {
    fn add(&mut self, violation: Violation) {
        self.violations_found += 1;
        if self.violations.len() < MAX_LISTED {
            self.violations.push(violation);
        }
    }
}

/// Checks every invariant of a state.
///
/// # Errors
/// When the state cannot be read; what can be read and is wrong is in the report.
pub fn audit(view: &View) -> Result<AuditReport, StoreError> {
    let mut report = AuditReport::default();
    let mut indexes = IndexAudit::default();
    for user in view.rows::<User>(Table::Users) {
        indexes.expect(&user?);
        report.users += 1;
    }
    for session in view.rows::<Session>(Table::Sessions) {
        indexes.expect(&session?);
        report.sessions += 1;
    }
    for token in view.rows::<ResetToken>(Table::ResetTokens) {
        indexes.expect(&token?);
    }
    let mut audit = Audit::default();
    for ticket in view.rows::<Ticket>(Table::Tickets) {
        let ticket = ticket?;
        indexes.expect(&ticket);
        audit.ticket(ticket);
    }
    for order in view.rows::<Order>(Table::Orders) {
        let order = order?;
        indexes.expect(&order);
        audit.order(order);
    }
    for payment in view.rows::<Payment>(Table::Payments) {
        let payment = payment?;
        indexes.expect(&payment);
        audit.payment(payment);
    }
    for event in view.events() {
        audit.event(&event?);
    }
    let counters = view.row::<Counters>(Table::Counters, &[])?.unwrap_or_default();
    let (books, violations) = audit.finish(counters);
    report.books = books;
    violations.into_iter().for_each(|violation| report.add(violation));
    indexes.compare(view, &mut report)?;
    Ok(report)
}

/// The indexes that are a function of rows.
const INDEXES: &[Table] = &[
    Table::UsersByEmail,
    Table::SessionsByUser,
    Table::SessionsByExpiry,
    Table::ResetTokensByExpiry,
    Table::TicketsByAge,
    Table::TicketsByPrice,
    Table::TicketsByStart,
    Table::TicketsByWord,
    Table::TicketsBySeller,
    Table::OrdersByBuyer,
    Table::OrdersDue,
    Table::PaymentsByBuyer,
    Table::PaymentWork,
];

/// A sum over entries that does not depend on their order, and how many there are. It takes little memory
/// where a copy of every index would take much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    entries: u64,
    sum: u64,
}

impl Tally {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        let checksum = crc32c::crc32c_append(crc32c::crc32c(key), value);
        // Spread over 64 bits, so that differences do not cancel each other out by chance.
        let spread = (u64::from(checksum) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.entries += 1;
        self.sum = self.sum.wrapping_add(spread);
    }
}

/// What the indexes should hold, computed from the rows.
#[derive(Debug, Default)]
struct IndexAudit {
    expected: BTreeMap<&'static str, Tally>,
}

impl IndexAudit {
    fn expect(&mut self, row: &impl Indexed) {
        for entry in row.entries() {
            self.expected.entry(entry.table.name()).or_default().add(&entry.key, &entry.value);
        }
    }

    fn compare(&self, view: &View, report: &mut AuditReport) -> Result<(), StoreError> {
        for index in INDEXES {
            let mut found = Tally::default();
            for entry in view.entries(*index, &[], None)? {
                let (key, value) = entry?;
                found.add(key.value(), value.value());
            }
            report.index_entries += found.entries;
            let expected = self.expected.get(index.name()).copied().unwrap_or_default();
            if found != expected {
                report.add(Violation(format!(
                    "index `{}` has {} entries, and its rows ask for {} (or others)",
                    index.name(),
                    found.entries,
                    expected.entries
                )));
            }
        }
        Ok(())
    }
}
