//! [`Tables`] over a redb write transaction: what `apply` reads and writes.

use std::cell::RefCell;

use prost::Message;
use redb::{ReadableTable, WriteTransaction};

use super::StoreError;
use super::index::{Entry, Indexed, entries_of, status_byte};
use super::key::{Key, after_prefix, leading_id};
use super::schema::{Bytes, Table};
use crate::domain::{
    Change, Counters, Event, Idempotency, Order, OrderId, OrderStatus, Payment, PaymentId, RememberedKey,
    Reply, RequestId, ResetToken, Session, SessionId, SigningKey, Tables, Ticket, TicketId, TicketStatus,
    User, UserId,
};

type OpenTable<'txn> = redb::Table<'txn, Bytes, Bytes>;

/// The state inside a write transaction, all of its tables open.
///
/// The first error is kept and everything after it reads as absent: whoever applies a command must ask
/// [`StateTables::finish`], and throw the transaction away when it returns an error.
pub struct StateTables<'txn> {
    open: Vec<OpenTable<'txn>>,
    counters: Counters,
    counters_changed: bool,
    payments_touched: Vec<PaymentId>,
    failure: RefCell<Option<StoreError>>,
}

impl<'txn> StateTables<'txn> {
    /// Opens every table, making those that are missing.
    pub fn open(txn: &'txn WriteTransaction) -> Result<Self, StoreError> {
        let mut open = Vec::with_capacity(Table::ALL.len());
        for table in Table::ALL {
            open.push(txn.open_table(table.definition())?);
        }
        let mut tables = Self {
            open,
            counters: Counters::default(),
            counters_changed: false,
            payments_touched: Vec::new(),
            failure: RefCell::new(None),
        };
        tables.counters = tables.row(Table::Counters, &[]).unwrap_or_default();
        tables.fail_if_failed()?;
        Ok(tables)
    }

    /// Writes what is still in memory. An error means that the transaction must be thrown away.
    ///
    /// Returns the payments that were written, for those who wait for them.
    pub fn finish(mut self) -> Result<Vec<PaymentId>, StoreError> {
        if self.counters_changed {
            let row = self.counters.encode_to_vec();
            self.put(Table::Counters, &[], &row);
        }
        self.fail_if_failed()?;
        Ok(self.payments_touched)
    }

    /// The first error so far, if there was one.
    pub fn fail_if_failed(&mut self) -> Result<(), StoreError> {
        self.failure.get_mut().take().map_or(Ok(()), Err)
    }

    fn fail(&self, error: impl Into<StoreError>) {
        self.failure.borrow_mut().get_or_insert(error.into());
    }

    fn table(&self, table: Table) -> &OpenTable<'txn> {
        // `open` holds every table, in the order of their declaration.
        &self.open[table as usize]
    }

    fn raw(&self, table: Table, key: &[u8]) -> Option<Vec<u8>> {
        match self.table(table).get(key) {
            Ok(found) => found.map(|guard| guard.value().to_vec()),
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    fn row<M: Message + Default>(&self, table: Table, key: &[u8]) -> Option<M> {
        match self.table(table).get(key) {
            Ok(found) => found.and_then(|guard| self.decoded(table, guard.value())),
            Err(error) => {
                self.fail(error);
                None
            }
        }
    }

    fn id(&self, table: Table, key: &[u8]) -> Option<[u8; 16]> {
        self.raw(table, key).and_then(|value| self.leading_id(table, &value))
    }

    fn leading_id(&self, table: Table, bytes: &[u8]) -> Option<[u8; 16]> {
        let id = leading_id(bytes);
        if id.is_none() {
            self.fail(damaged(table, "an identifier is cut short"));
        }
        id
    }

    /// What `pick` makes of the first entries from `from` to `until` (exclusive).
    fn scan<R>(
        &self,
        table: Table,
        from: &[u8],
        until: Option<Vec<u8>>,
        at_most: usize,
        mut pick: impl FnMut(&[u8], &[u8]) -> Option<R>,
    ) -> Vec<R> {
        let open = self.table(table);
        let range = match &until {
            Some(until) => open.range::<&[u8]>(from..until.as_slice()),
            None => open.range::<&[u8]>(from..),
        };
        let mut picked = Vec::new();
        match range {
            Err(error) => self.fail(error),
            Ok(range) => {
                for entry in range.take(at_most) {
                    match entry {
                        Ok((key, value)) => picked.extend(pick(key.value(), value.value())),
                        // After an error the rest may be the same error for ever.
                        Err(error) => {
                            self.fail(error);
                            break;
                        }
                    }
                }
            }
        }
        picked
    }

    fn put(&mut self, table: Table, key: &[u8], value: &[u8]) {
        let written = self.open[table as usize].insert(key, value).map(drop);
        if let Err(error) = written {
            self.fail(error);
        }
    }

    fn remove(&mut self, table: Table, key: &[u8]) {
        let removed = self.open[table as usize].remove(key).map(drop);
        if let Err(error) = removed {
            self.fail(error);
        }
    }

    fn decoded<M: Message + Default>(&self, table: Table, row: &[u8]) -> Option<M> {
        M::decode(row).map_err(|error| self.fail(damaged(table, error))).ok()
    }

    /// Replaces a row and exactly those index entries that differ.
    fn replace<R: Message + Indexed>(&mut self, table: Table, old: Option<R>, new: Option<R>) {
        match (&old, &new) {
            (_, Some(new)) => self.put(table, &new.key(), &new.encode_to_vec()),
            (Some(old), None) => self.remove(table, &old.key()),
            (None, None) => {}
        }
        self.replace_entries(&entries_of(old.as_ref()), &entries_of(new.as_ref()));
    }

    fn replace_entries(&mut self, old: &[Entry], new: &[Entry]) {
        let same_place = |a: &Entry, b: &Entry| a.table == b.table && a.key == b.key;
        for entry in old.iter().filter(|old| !new.iter().any(|new| same_place(old, new))) {
            self.remove(entry.table, &entry.key);
        }
        for entry in new.iter().filter(|new| !old.contains(new)) {
            self.put(entry.table, &entry.key, &entry.value);
        }
    }
}

impl Tables for StateTables<'_> {
    fn user(&self, id: UserId) -> Option<User> {
        self.row(Table::Users, &id.to_bytes())
    }

    fn user_by_email(&self, email: &str) -> Option<UserId> {
        self.id(Table::UsersByEmail, email.as_bytes()).map(UserId::from_bytes)
    }

    fn is_departed(&self, user: UserId) -> bool {
        self.raw(Table::Departed, &user.to_bytes()).is_some()
    }

    fn departed(&self, at_most: usize) -> Vec<UserId> {
        self.scan(Table::Departed, &[], None, at_most, |key, _| leading_id(key).map(UserId::from_bytes))
    }

    fn session(&self, id: SessionId) -> Option<Session> {
        self.row(Table::Sessions, &id.to_bytes())
    }

    fn sessions_of(&self, user: UserId) -> Vec<Session> {
        let from = user.to_bytes();
        let ids = self.scan(Table::SessionsByUser, &from, after_prefix(&from), usize::MAX, trailing_id);
        ids.into_iter().filter_map(|id| self.session(SessionId::from_bytes(id))).collect()
    }

    fn sessions_expired(&self, at_ms: u64, at_most: usize) -> Vec<Session> {
        let until = Some(Key::new().number(at_ms.saturating_add(1)).finish());
        let ids = self.scan(Table::SessionsByExpiry, &[], until, at_most, trailing_id);
        ids.into_iter().filter_map(|id| self.session(SessionId::from_bytes(id))).collect()
    }

    fn reset_token(&self, hash: &[u8]) -> Option<ResetToken> {
        self.row(Table::ResetTokens, hash)
    }

    fn reset_tokens_expired(&self, at_ms: u64, at_most: usize) -> Vec<ResetToken> {
        let until = Some(Key::new().number(at_ms.saturating_add(1)).finish());
        let hashes = self.scan(Table::ResetTokensByExpiry, &[], until, at_most, |key, _| {
            key.get(size_of::<u64>()..).map(<[u8]>::to_vec)
        });
        hashes.into_iter().filter_map(|hash| self.reset_token(&hash)).collect()
    }

    fn signing_keys(&self) -> Vec<SigningKey> {
        let rows = self.scan(Table::SigningKeys, &[], None, usize::MAX, |_, value| Some(value.to_vec()));
        rows.iter().filter_map(|row| self.decoded(Table::SigningKeys, row)).collect()
    }

    fn ticket(&self, id: TicketId) -> Option<Ticket> {
        self.row(Table::Tickets, &id.to_bytes())
    }

    fn tickets_unheld(&self, seller: UserId, at_most: usize) -> Vec<Ticket> {
        let mut tickets = Vec::new();
        for status in [TicketStatus::Available, TicketStatus::Frozen] {
            let from = Key::new().bytes(&seller.to_bytes()).byte(status_byte(status)).finish();
            let room = at_most.saturating_sub(tickets.len());
            let ids =
                self.scan(Table::TicketsBySeller, &from, after_prefix(&from), room, |_, id| leading_id(id));
            tickets.extend(ids.into_iter().filter_map(|id| self.ticket(TicketId::from_bytes(id))));
        }
        tickets
    }

    fn has_reserved_tickets(&self, seller: UserId) -> bool {
        let from = Key::new().bytes(&seller.to_bytes()).byte(status_byte(TicketStatus::Reserved)).finish();
        !self.scan(Table::TicketsBySeller, &from, after_prefix(&from), 1, |_, _| Some(())).is_empty()
    }

    fn order(&self, id: OrderId) -> Option<Order> {
        self.row(Table::Orders, &id.to_bytes())
    }

    fn has_open_orders(&self, buyer: UserId) -> bool {
        let open = [status_byte(OrderStatus::Created), status_byte(OrderStatus::AwaitingPayment)];
        let from = buyer.to_bytes();
        let held = self.scan(Table::OrdersByBuyer, &from, after_prefix(&from), usize::MAX, |_, value| {
            value.last().filter(|status| open.contains(status)).map(drop)
        });
        !held.is_empty()
    }

    fn orders_due(&self, at_ms: u64, at_most: usize) -> Vec<OrderId> {
        let until = Some(Key::new().number(at_ms.saturating_add(1)).finish());
        let pick = |_: &[u8], id: &[u8]| leading_id(id).map(OrderId::from_bytes);
        self.scan(Table::OrdersDue, &[], until, at_most, pick)
    }

    fn payment(&self, id: PaymentId) -> Option<Payment> {
        self.row(Table::Payments, &id.to_bytes())
    }

    fn remembered_request(&self, request: RequestId) -> Option<Reply> {
        self.row(Table::Requests, &request.to_bytes())
    }

    fn remembered_key(&self, user: UserId, key: &str) -> Option<RememberedKey> {
        self.row(Table::Idempotency, &Key::new().bytes(&user.to_bytes()).bytes(key.as_bytes()).finish())
    }

    fn remember_request(&mut self, request: RequestId, reply: &Reply) {
        self.put(Table::Requests, &request.to_bytes(), &reply.encode_to_vec());
    }

    fn remember_key(&mut self, user: UserId, idempotency: &Idempotency, remembered: RememberedKey) {
        let key = Key::new().bytes(&user.to_bytes()).bytes(idempotency.key.as_bytes()).finish();
        if let Some(before) = self.row::<RememberedKey>(Table::Idempotency, &key) {
            self.remove(Table::IdempotencyByExpiry, &expiry_key(before.expires_at_ms, &key));
        }
        self.put(Table::IdempotencyByExpiry, &expiry_key(remembered.expires_at_ms, &key), &[]);
        self.put(Table::Idempotency, &key, &remembered.encode_to_vec());
    }

    fn forget(&mut self, at_ms: u64, at_most: usize) {
        let until = Some(Key::new().number(at_ms.saturating_add(1)).finish());
        let requests = self.scan(Table::Requests, &[], until.clone(), at_most, |key, _| Some(key.to_vec()));
        for request in requests {
            self.remove(Table::Requests, &request);
        }
        let keys = self.scan(Table::IdempotencyByExpiry, &[], until, at_most, |key, _| Some(key.to_vec()));
        for expiring in keys {
            if let Some(key) = expiring.get(size_of::<u64>()..) {
                self.remove(Table::Idempotency, key);
            }
            self.remove(Table::IdempotencyByExpiry, &expiring);
        }
    }

    fn counters(&self) -> Counters {
        self.counters
    }

    fn set_counters(&mut self, counters: Counters) {
        self.counters = counters;
        self.counters_changed = true;
    }

    fn write(&mut self, change: Change) {
        match change {
            Change::User { old, new } => self.replace(Table::Users, old, new),
            Change::Departed { user, departed: true } => self.put(Table::Departed, &user.to_bytes(), &[]),
            Change::Departed { user, departed: false } => self.remove(Table::Departed, &user.to_bytes()),
            Change::Session { old, new } => self.replace(Table::Sessions, old, new),
            Change::ResetToken { old, new } => self.replace(Table::ResetTokens, old, new),
            Change::SigningKey { old, new } => self.replace(Table::SigningKeys, old, new),
            Change::Ticket { old, new } => self.replace(Table::Tickets, old, new),
            Change::Order { old, new } => self.replace(Table::Orders, old, Some(new)),
            Change::Payment { old, new } => {
                self.payments_touched.push(new.id);
                self.replace(Table::Payments, old, Some(new));
            }
        }
    }

    fn append_event(&mut self, event: Event) {
        self.put(Table::Outbox, &event.sequence.to_be_bytes(), &event.encode_to_vec());
    }
}

/// Where an idempotency key stands by its expiry.
pub(super) fn expiry_key(expires_at_ms: u64, key: &[u8]) -> Vec<u8> {
    Key::new().number(expires_at_ms).bytes(key).finish()
}

fn trailing_id(key: &[u8], _: &[u8]) -> Option<[u8; 16]> {
    key.last_chunk().copied()
}

/// A row that does not decode.
pub(super) fn damaged(table: Table, reason: impl ToString) -> StoreError {
    StoreError::DamagedRow { table: table.name(), reason: reason.to_string() }
}
