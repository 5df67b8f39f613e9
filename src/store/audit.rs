//! Audits: every invariant of a whole state, and every index entry computed again.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;

use super::StoreError;
use super::index::Indexed;
use super::key::leading_number;
use super::on_sale::{EMPTY_CHUNK, Place};
use super::rows::damaged;
use super::schema::Table;
use super::tables::expiry_key;
use super::view::{View, cut_short};
use crate::domain::{
    Audit, Books, ConsumerGroup, Event, GroupAudit, GroupBooks, LedgerEntry, MAX_OPERATOR_KEYS, OperatorKey,
    OrderTransition, ParkedEvent, Payment, PendingEvent, Refund, RememberedKey, ResetToken, SandboxEntry,
    Session, SigningKey, Ticket, TicketStatus, User, Violation, WebhookBooks,
};

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
    /// Operator's keys, working or not.
    pub operator_keys: u64,
    /// Endpoints of webhooks and what belongs to them.
    pub webhooks: WebhookBooks,
    /// Consumer groups and their rows.
    pub groups: GroupBooks,
    /// Index entries, all of them compared with their rows.
    pub index_entries: u64,
    /// Payments that the sandbox has charged, by the name of their charge.
    pub charged_by_sandbox: u64,
    /// What does not hold; the first hundred.
    pub violations: Vec<Violation>,
    /// How many there are in all.
    pub violations_found: u64,
}

impl AuditReport {
    pub(super) fn add(&mut self, violation: Violation) {
        self.violations_found += 1;
        if self.violations.len() < MAX_LISTED {
            self.violations.push(violation);
        }
    }

    fn ensure_key(&mut self, table: Table, key: &[u8], expected: &[u8]) {
        if key != expected {
            self.add(Violation(format!("table `{}` holds a row under the key of another", table.name())));
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
    let mut users = BTreeSet::new();
    indexes.rows(view, Table::Users, &mut report, |user: User| {
        users.insert(user.id);
        Ok(())
    })?;
    report.users = users.len() as u64;
    let mut sessions = 0;
    indexes.rows(view, Table::Sessions, &mut report, |session: Session| {
        sessions += 1;
        let stray = !users.contains(&session.user);
        if stray { Err(Violation(format!("{} belongs to nobody", session.id))) } else { Ok(()) }
    })?;
    report.sessions = sessions;
    indexes.rows(view, Table::ResetTokens, &mut report, |_: ResetToken| Ok(()))?;
    indexes.rows(view, Table::SigningKeys, &mut report, |_: SigningKey| Ok(()))?;
    indexes.operator_keys(view, &mut report)?;
    indexes.webhooks(view, &mut report, |user| users.contains(&user))?;
    indexes.remembered_keys(view)?;
    let counters = view.counters()?;
    let mut audit = Audit::of_events_after(counters.events_forgotten);
    let mut on_sale = BTreeMap::new();
    indexes.rows(view, Table::Tickets, &mut report, |ticket: Ticket| {
        if ticket.status() == TicketStatus::Available {
            let place = Place::of(ticket.number);
            let chunk = on_sale.get(&place.key()).copied().unwrap_or(EMPTY_CHUNK);
            on_sale.extend(place.set(chunk, true).map(|chunk| (place.key(), chunk)));
        }
        audit.ticket(ticket);
        Ok(())
    })?;
    for (key, chunk) in &on_sale {
        indexes.expect(Table::OnSale, key, chunk);
    }
    indexes.rows(view, Table::Orders, &mut report, |order| {
        audit.order(order);
        Ok(())
    })?;
    indexes.rows(view, Table::OrderHistory, &mut report, |transition: OrderTransition| {
        audit.transition(&transition)
    })?;
    indexes.payments(view, &mut report, &mut audit)?;
    read_outbox(view, &mut report, &mut audit)?;
    indexes.consumer_groups(view, &mut report)?;
    let (books, violations) = audit.finish(counters);
    report.books = books;
    violations.into_iter().for_each(|violation| report.add(violation));
    indexes.compare(view, &mut report)?;
    Ok(report)
}

fn read_outbox(view: &View, report: &mut AuditReport, audit: &mut Audit) -> Result<(), StoreError> {
    for entry in view.entries(Table::Outbox, &[], None)? {
        let (key, event) = entry?;
        let event: Event = decoded(Table::Outbox, event.value())?;
        report.ensure_key(Table::Outbox, key.value(), &event.sequence.to_be_bytes());
        audit.event(&event);
    }
    Ok(())
}

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
        self.entries += 1;
        self.sum = self.sum.wrapping_add(mixed(u64::from(checksum)));
    }
}

/// Mixes a checksum so that sums do not inherit its linearity: two values exchanged between two keys would
/// often leave a plain sum of checksums as it was. The constants are those of SplitMix64.
fn mixed(checksum: u64) -> u64 {
    let mut mixed = checksum.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn decoded<M: Message + Default>(table: Table, row: &[u8]) -> Result<M, StoreError> {
    M::decode(row).map_err(|error| damaged(table, error))
}

/// What the indexes should hold, computed from the rows.
#[derive(Debug, Default)]
pub(super) struct IndexAudit {
    expected: BTreeMap<&'static str, Tally>,
}

impl IndexAudit {
    /// Takes every row of a table, and shows it to `each`.
    pub(super) fn rows<R: Message + Default + Indexed>(
        &mut self,
        view: &View,
        table: Table,
        report: &mut AuditReport,
        mut each: impl FnMut(R) -> Result<(), Violation>,
    ) -> Result<(), StoreError> {
        for entry in view.entries(table, &[], None)? {
            let (key, row) = entry?;
            let row: R = decoded(table, row.value())?;
            report.ensure_key(table, key.value(), &row.key());
            for entry in row.entries() {
                self.expect(entry.table, &entry.key, &entry.value);
            }
            if let Err(violation) = each(row) {
                report.add(violation);
            }
        }
        Ok(())
    }

    /// Takes the payments with all that belongs to them, and counts which of them should be in the sandbox's books.
    fn payments(
        &mut self,
        view: &View,
        report: &mut AuditReport,
        audit: &mut Audit,
    ) -> Result<(), StoreError> {
        let mut charged_by_sandbox = 0;
        self.rows(view, Table::Payments, report, |payment: Payment| {
            charged_by_sandbox += u64::from(SandboxEntry::is_named_by(&payment.charge));
            audit.payment(payment);
            Ok(())
        })?;
        report.charged_by_sandbox = charged_by_sandbox;
        self.rows(view, Table::Refunds, report, |refund: Refund| {
            audit.refund(&refund);
            Ok(())
        })?;
        self.rows(view, Table::Ledger, report, |entry: LedgerEntry| {
            audit.ledger_entry(&entry);
            Ok(())
        })?;
        self.rows(view, Table::SandboxBooks, report, |_: SandboxEntry| Ok(()))
    }

    /// Takes the operator's keys. That no two have the same secret shows in their index.
    fn operator_keys(&mut self, view: &View, report: &mut AuditReport) -> Result<(), StoreError> {
        let mut count = 0;
        self.rows(view, Table::OperatorKeys, report, |key: OperatorKey| {
            count += 1;
            key.fault().map_or(Ok(()), |fault| Err(Violation(format!("{}: {fault}", key.id))))
        })?;
        report.operator_keys = count;
        if count > MAX_OPERATOR_KEYS as u64 {
            report.add(Violation(format!("there are {count} operator's keys, {MAX_OPERATOR_KEYS} may be")));
        }
        Ok(())
    }

    /// Takes the consumer groups with all that belongs to them.
    fn consumer_groups(&mut self, view: &View, report: &mut AuditReport) -> Result<(), StoreError> {
        let mut audit = GroupAudit::default();
        self.rows(view, Table::ConsumerGroups, report, |group: ConsumerGroup| {
            audit.group(group);
            Ok(())
        })?;
        for entry in view.entries(Table::RemovedGroups, &[], None)? {
            let (key, _) = entry?;
            audit.removed(leading_number(key.value()).ok_or_else(|| cut_short(Table::RemovedGroups))?);
        }
        self.rows(view, Table::PendingEvents, report, |row: PendingEvent| {
            audit.pending(&row);
            Ok(())
        })?;
        self.rows(view, Table::ParkedEvents, report, |row: ParkedEvent| {
            audit.parked(&row);
            Ok(())
        })?;
        let (books, violations) = audit.finish(view.counters()?);
        report.groups = books;
        violations.into_iter().for_each(|violation| report.add(violation));
        Ok(())
    }

    /// Takes the idempotency keys, whose rows do not hold their own key.
    fn remembered_keys(&mut self, view: &View) -> Result<(), StoreError> {
        for entry in view.entries(Table::Idempotency, &[], None)? {
            let (key, row) = entry?;
            let row: RememberedKey = decoded(Table::Idempotency, row.value())?;
            let expiry = expiry_key(row.expires_at_ms, key.value());
            self.expect(Table::IdempotencyByExpiry, &expiry, &[]);
        }
        Ok(())
    }

    fn expect(&mut self, index: Table, key: &[u8], value: &[u8]) {
        self.expected.entry(index.name()).or_default().add(key, value);
    }

    fn compare(&self, view: &View, report: &mut AuditReport) -> Result<(), StoreError> {
        for index in Table::INDEXES {
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
