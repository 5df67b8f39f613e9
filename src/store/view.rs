//! Views: the state as it was at one log index, for reading only.

use boxoffice_raft::ReadView;
use prost::Message;
use redb::{ReadOnlyTable, ReadableTableMetadata};

use super::StoreError;
use super::index::work_byte;
use super::key::{Key, after_prefix, leading_id, leading_number, trailing_number};
use super::page::{Page, Position};
use super::rows::damaged;
use super::schema::{Bytes, Table};
use super::tables::idempotency_key;
use crate::domain::{
    Hold, OperatorKey, Order, OrderId, OrderStatus, Payment, PaymentId, PaymentWork, Principal, Refund,
    RefundId, RememberedKey, SandboxEntry, Session, SessionId, SigningKey, Ticket, TicketId, User, UserId,
};

/// Rows that one page may look at: what bounds a page whose filter matches little.
const MAX_SCANNED_ROWS: usize = 2_000;

/// The state as it was at one log index.
pub struct View {
    txn: ReadView,
}

/// A payment that is owed a call to the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Which one.
    pub payment: PaymentId,
    /// Who pays.
    pub buyer: UserId,
    /// Where it stands among those that are owed the same kind of call.
    pub place: Position,
}

impl Owed {
    fn read(key: &[u8], value: &[u8]) -> Option<Self> {
        let sort_key = u64::from_be_bytes(*key.get(1..)?.first_chunk()?);
        let place = Position { sort_key, number: trailing_number(key)? };
        let buyer = UserId::from_bytes(*value.last_chunk()?);
        Some(Self { payment: PaymentId::from_bytes(leading_id(value)?), buyer, place })
    }
}

/// A table that was opened for reading; `None` before anything was ever written to it.
pub(super) type OpenTable = Option<ReadOnlyTable<Bytes, Bytes>>;

impl View {
    /// The state that this read sees.
    pub fn new(txn: impl Into<ReadView>) -> Self {
        Self { txn: txn.into() }
    }

    /// The account.
    pub fn user(&self, id: UserId) -> Result<Option<User>, StoreError> {
        self.row(Table::Users, &id.to_bytes())
    }

    /// The account with this (normalised) address.
    pub fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let Some(id) = self.indexed_id(Table::UsersByEmail, email.as_bytes())? else { return Ok(None) };
        self.user(UserId::from_bytes(id))
    }

    /// The session.
    pub fn session(&self, id: SessionId) -> Result<Option<Session>, StoreError> {
        self.row(Table::Sessions, &id.to_bytes())
    }

    /// The account's sessions, in no particular order. There are
    /// [`MAX_SESSIONS_PER_USER`](crate::domain::MAX_SESSIONS_PER_USER) at most.
    pub fn sessions_of(&self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let prefix = user.to_bytes();
        let mut sessions = Vec::new();
        for key in self.entries(Table::SessionsByUser, &prefix, after_prefix(&prefix))? {
            let (key, _) = key?;
            let id = key.value().last_chunk().copied().ok_or_else(|| cut_short(Table::SessionsByUser))?;
            sessions.extend(self.session(SessionId::from_bytes(id))?);
        }
        Ok(sessions)
    }

    /// All keys that sign or verify bearer tokens.
    pub fn signing_keys(&self) -> Result<Vec<SigningKey>, StoreError> {
        self.rows(Table::SigningKeys).collect()
    }

    /// The operator's key whose secret has this hash, unless it was revoked. Whether it has expired is for the caller to
    /// see.
    pub fn operator_key_by_hash(&self, hash: &[u8]) -> Result<Option<OperatorKey>, StoreError> {
        let Some(id) = self.indexed_id(Table::OperatorKeysByHash, hash)? else { return Ok(None) };
        self.row(Table::OperatorKeys, &id)
    }

    /// All operator's keys, working or not, in order of their ids. There are
    /// [`MAX_OPERATOR_KEYS`](crate::domain::MAX_OPERATOR_KEYS) at most.
    pub fn operator_keys(&self) -> Result<Vec<OperatorKey>, StoreError> {
        self.rows(Table::OperatorKeys).collect()
    }

    /// The ticket.
    pub fn ticket(&self, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        self.row(Table::Tickets, &id.to_bytes())
    }

    /// The order.
    pub fn order(&self, id: OrderId) -> Result<Option<Order>, StoreError> {
        self.row(Table::Orders, &id.to_bytes())
    }

    /// The payment.
    pub fn payment(&self, id: PaymentId) -> Result<Option<Payment>, StoreError> {
        self.row(Table::Payments, &id.to_bytes())
    }

    /// The refund.
    pub fn refund(&self, id: RefundId) -> Result<Option<Refund>, StoreError> {
        self.row(Table::Refunds, &id.to_bytes())
    }

    /// A page of a payment's refunds, in the order in which they were asked for.
    pub fn refunds_of(
        &self,
        payment: PaymentId,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Refund>, StoreError> {
        self.numbered_page(Table::RefundsByPayment, payment.to_bytes(), after, limit, |id| {
            let id = leading_id(id).ok_or_else(|| cut_short(Table::RefundsByPayment))?;
            self.refund(RefundId::from_bytes(id))
        })
    }

    /// What was answered under a caller's idempotency key, and until when that is remembered.
    pub fn remembered_key(&self, caller: Principal, key: &str) -> Result<Option<RememberedKey>, StoreError> {
        self.row(Table::Idempotency, &idempotency_key(caller, key))
    }

    /// How many payments have a dispute that is open.
    pub fn disputes_open(&self) -> Result<u64, StoreError> {
        self.table(Table::DisputesOpen)?.map_or(Ok(0), |table| Ok(table.len()?))
    }

    /// Of how many payments a refund failed, and nothing was done about it since.
    pub fn refunds_failed(&self) -> Result<u64, StoreError> {
        self.table(Table::RefundsFailed)?.map_or(Ok(0), |table| Ok(table.len()?))
    }

    /// What the sandbox's books say of a key.
    pub fn sandbox_entry(&self, key: PaymentId) -> Result<Option<SandboxEntry>, StoreError> {
        self.row(Table::SandboxBooks, &key.to_bytes())
    }

    /// The sandbox's books: everything that was ever asked of it.
    pub fn sandbox_entries(&self) -> Result<Vec<SandboxEntry>, StoreError> {
        self.rows(Table::SandboxBooks).collect()
    }

    /// What holds sales, if anything does.
    pub fn hold(&self) -> Result<Option<Hold>, StoreError> {
        self.row(Table::Hold, &[])
    }

    /// Whether the payment came with a restore or a recovery: then more may have become of it than the state says.
    pub fn is_restored(&self, payment: &Payment) -> Result<bool, StoreError> {
        let Some(open) = self.table(Table::PaymentsRestored)? else { return Ok(false) };
        let Some(last) = open.get(&[][..])? else { return Ok(false) };
        let last = leading_number(last.value()).ok_or_else(|| cut_short(Table::PaymentsRestored))?;
        Ok(payment.number <= last)
    }

    /// A page of the buyer's orders, in the order in which they were made.
    pub fn orders_of(
        &self,
        buyer: UserId,
        status: Option<OrderStatus>,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Order>, StoreError> {
        self.numbered_page(Table::OrdersByBuyer, buyer.to_bytes(), after, limit, |id| {
            let id = leading_id(id).ok_or_else(|| cut_short(Table::OrdersByBuyer))?;
            let order = self.order(OrderId::from_bytes(id))?;
            Ok(order.filter(|order| status.is_none_or(|status| order.status() == status)))
        })
    }

    /// A page of the buyer's payments, in the order in which they were made.
    pub fn payments_of(
        &self,
        buyer: UserId,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Payment>, StoreError> {
        self.numbered_page(Table::PaymentsByBuyer, buyer.to_bytes(), after, limit, |value| {
            let id = leading_id(value).ok_or_else(|| cut_short(Table::PaymentsByBuyer))?;
            self.payment(PaymentId::from_bytes(id))
        })
    }

    /// The earliest deadline of an open order that is not before `from_ms`, in milliseconds on the replicated
    /// clock.
    pub fn next_deadline_ms(&self, from_ms: u64) -> Result<Option<u64>, StoreError> {
        self.first_number(Table::OrdersDue, &from_ms.to_be_bytes())
    }

    /// How many orders are open.
    pub fn open_orders(&self) -> Result<u64, StoreError> {
        self.table(Table::OrdersDue)?.map_or(Ok(0), |table| Ok(table.len()?))
    }

    /// How many payments are owed a call to the payment gateway.
    pub fn payments_under_way(&self) -> Result<u64, StoreError> {
        self.table(Table::PaymentWork)?.map_or(Ok(0), |table| Ok(table.len()?))
    }

    /// What of this kind is owed to the payment gateway, so many at most, from this place on: the longest owed
    /// first. A place's sort key is since when, in milliseconds on the replicated clock, and so what becomes owed
    /// comes after everything that was owed before, apart from what became so in the same millisecond.
    pub fn payments_owed(
        &self,
        kind: PaymentWork,
        from: Position,
        at_most: usize,
    ) -> Result<Vec<Owed>, StoreError> {
        let prefix = [work_byte(kind)];
        let from = Key::new().bytes(&prefix).number(from.sort_key).number(from.number).finish();
        let entries = self.entries(Table::PaymentWork, &from, after_prefix(&prefix))?;
        entries
            .take(at_most)
            .map(|entry| {
                let (key, value) = entry?;
                Owed::read(key.value(), value.value()).ok_or_else(|| cut_short(Table::PaymentWork))
            })
            .collect()
    }

    /// Payments in the order of their ids, from this one on and before that one, so many at most. In their ids comes first
    /// when they were made, by the clock of the replica that was asked.
    pub fn payments_between(
        &self,
        from: PaymentId,
        until: PaymentId,
        at_most: usize,
    ) -> Result<Vec<Payment>, StoreError> {
        let entries = self.entries(Table::Payments, &from.to_bytes(), Some(until.to_bytes().to_vec()))?;
        entries
            .take(at_most)
            .map(|entry| {
                let (_, value) = entry?;
                Payment::decode(value.value()).map_err(|error| damaged(Table::Payments, error))
            })
            .collect()
    }

    /// Whether an upkeep command would find something to do at this time on the replicated clock.
    pub fn needs_upkeep(&self, at_ms: u64) -> Result<bool, StoreError> {
        if self.entries(Table::Departed, &[], None)?.next().is_some()
            || self.webhooks_need_upkeep(at_ms)?
            || self.groups_need_upkeep(at_ms)?
        {
            return Ok(true);
        }
        let by_expiry = [
            Table::SessionsByExpiry,
            Table::ResetTokensByExpiry,
            Table::IdempotencyByExpiry,
            Table::Requests,
        ];
        for table in by_expiry {
            if self.first_number(table, &[])?.is_some_and(|expiry_ms| expiry_ms <= at_ms) {
                return Ok(true);
            }
        }
        let retired =
            |key: &SigningKey| key.retires_at_ms.is_some_and(|retires_at_ms| retires_at_ms <= at_ms);
        Ok(self.signing_keys()?.iter().any(retired))
    }

    /// A table, unless nothing was ever written to it.
    pub(super) fn table(&self, table: Table) -> Result<OpenTable, StoreError> {
        match self.txn.open_table(table.definition()) {
            Ok(open) => Ok(Some(open)),
            Err(redb::TableError::TableDoesNotExist(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn row<M: Message + Default>(
        &self,
        table: Table,
        key: &[u8],
    ) -> Result<Option<M>, StoreError> {
        let Some(open) = self.table(table)? else { return Ok(None) };
        let found = open.get(key).inspect_err(|error| {
            if let redb::StorageError::Corrupted(what) = error {
                self.txn.report_damage(damaged(table, what));
            }
        });
        let Some(row) = found? else { return Ok(None) };
        let decoded = M::decode(row.value()).map_err(|error| damaged(table, error));
        decoded.map(Some).inspect_err(|error| self.txn.report_damage(error))
    }

    /// All rows of a table, in the order of their keys.
    pub(super) fn rows<M: Message + Default>(
        &self,
        table: Table,
    ) -> impl Iterator<Item = Result<M, StoreError>> {
        let (failed, entries) = match self.entries(table, &[], None) {
            Ok(entries) => (None, Some(entries)),
            Err(error) => (Some(Err(error)), None),
        };
        let rows = entries.into_iter().flatten().map(move |entry| {
            let (_, value) = entry?;
            M::decode(value.value()).map_err(|error| damaged(table, error))
        });
        failed.into_iter().chain(rows)
    }

    /// Entries from `from` to `until` (exclusive).
    pub(super) fn entries(
        &self,
        table: Table,
        from: &[u8],
        until: Option<Vec<u8>>,
    ) -> Result<impl DoubleEndedIterator<Item = EntryResult> + use<>, StoreError> {
        let range = match (self.table(table)?, until) {
            (Some(open), Some(until)) => Some(open.range::<&[u8]>(from..until.as_slice())?),
            (Some(open), None) => Some(open.range::<&[u8]>(from..)?),
            (None, _) => None,
        };
        Ok(range.into_iter().flatten())
    }

    fn indexed_id(&self, table: Table, key: &[u8]) -> Result<Option<[u8; 16]>, StoreError> {
        let Some(open) = self.table(table)? else { return Ok(None) };
        let Some(id) = open.get(key)? else { return Ok(None) };
        leading_id(id.value()).map(Some).ok_or_else(|| cut_short(table))
    }

    /// The number with which the first key of a table begins.
    fn first_number(&self, table: Table, from: &[u8]) -> Result<Option<u64>, StoreError> {
        let Some(first) = self.entries(table, from, None)?.next() else { return Ok(None) };
        let (key, _) = first?;
        let number = key.value().first_chunk().copied().ok_or_else(|| cut_short(table))?;
        Ok(Some(u64::from_be_bytes(number)))
    }

    /// A page of a table whose keys are an owner and a number. Looks for one row more than fits, so that
    /// nothing is said to follow the last one.
    pub(super) fn numbered_page<R>(
        &self,
        table: Table,
        prefix: [u8; 16],
        after: Option<Position>,
        limit: usize,
        fetch: impl Fn(&[u8]) -> Result<Option<R>, StoreError>,
    ) -> Result<Page<R>, StoreError> {
        let first = after.map_or(0, |position| position.number.saturating_add(1));
        let from = Key::new().bytes(&prefix).number(first).finish();
        let mut page = Page::default();
        for (scanned, entry) in self.entries(table, &from, after_prefix(&prefix))?.enumerate() {
            if scanned == MAX_SCANNED_ROWS {
                return Ok(page.continued());
            }
            let (key, value) = entry?;
            let number = trailing_number(key.value()).ok_or_else(|| cut_short(table))?;
            if let Some(row) = fetch(value.value())? {
                if page.items.len() == limit {
                    return Ok(page.continued());
                }
                page.items.push(row);
            }
            page.last_seen = Some(Position { sort_key: 0, number });
        }
        Ok(page)
    }
}

/// An entry as redb hands it out.
pub(super) type EntryResult =
    Result<(redb::AccessGuard<'static, Bytes>, redb::AccessGuard<'static, Bytes>), redb::StorageError>;

/// A key or value that is too short to hold what it must.
pub(super) fn cut_short(table: Table) -> StoreError {
    damaged(table, "a key or an identifier is cut short")
}
