//! [`Tables`] over a redb write transaction: what `apply` reads and writes.

use prost::Message;
use redb::WriteTransaction;

use super::StoreError;
use super::events::with_buyer;
use super::key::{Key, leading_id, leading_number};
use super::on_sale::{self, Place};
use super::rows::Rows;
use super::schema::Table;
use super::webhook_endpoints::attempt_key;
use crate::domain::{
    Change, Counters, Event, Hold, Idempotency, MAX_REFUNDS_PER_PAYMENT, OperatorKey, OperatorKeyId, Order,
    OrderId, Payment, PaymentId, PendingEvent, PendingState, Principal, ProposalId, Refund, RefundId,
    RememberedKey, Reply, ResetToken, SandboxEntry, Session, SessionId, SigningKey, Tables, Ticket, TicketId,
    TicketStatus, User, UserId,
};

/// The state inside a write transaction.
///
/// The first error is kept and everything after it reads as absent: whoever applies a command must ask
/// [`StateTables::finish`], and throw the transaction away when it returns an error.
pub struct StateTables<'txn> {
    pub(super) rows: Rows<'txn>,
    counters: Counters,
    counters_changed: bool,
    written: Written,
}

/// What a transaction wrote, for those who wait for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The payments that changed.
    pub payments: Vec<PaymentId>,
    /// Whether there are new events.
    pub has_events: bool,
    /// Whether consumer groups may have something ready that is not new, are told of something else, or are gone.
    pub has_group_work: bool,
}

impl<'txn> StateTables<'txn> {
    /// The state in this transaction; tables are made when they are first asked for.
    pub fn open(txn: &'txn WriteTransaction) -> Result<Self, StoreError> {
        let mut rows = Rows::new(txn);
        let counters = rows.message(Table::Counters, &[]).unwrap_or_default();
        rows.check()?;
        Ok(Self { rows, counters, counters_changed: false, written: Written::default() })
    }

    /// Writes what is still in memory. An error means that the transaction must be thrown away.
    ///
    /// Returns what was written, for those who wait for it.
    pub fn finish(mut self) -> Result<Written, StoreError> {
        if self.counters_changed {
            let row = self.counters.encode_to_vec();
            self.rows.put(Table::Counters, &[], &row);
        }
        self.rows.check()?;
        Ok(self.written)
    }

    /// The first error so far, if there was one.
    pub fn check(&mut self) -> Result<(), StoreError> {
        self.rows.check()
    }

    /// Sets or clears the ticket's bit, if that changes.
    fn put_on_sale(&mut self, old: Option<&Ticket>, new: Option<&Ticket>) {
        let is_on_sale = |ticket: &Ticket| ticket.status() == TicketStatus::Available;
        let (before, after) = (old.is_some_and(is_on_sale), new.is_some_and(is_on_sale));
        let Some(ticket) = new.or(old).filter(|_| before != after) else { return };
        let place = Place::of(ticket.number);
        let row = self.rows.raw(Table::OnSale, &place.key());
        match on_sale::chunk(row.as_deref()) {
            Ok(chunk) => match place.set(chunk, after) {
                Some(chunk) => self.rows.put(Table::OnSale, &place.key(), &chunk),
                None => self.rows.remove(Table::OnSale, &place.key()),
            },
            Err(error) => self.rows.fail(error),
        }
    }
}

impl Tables for StateTables<'_> {
    fn user(&self, id: UserId) -> Option<User> {
        self.rows.message(Table::Users, &id.to_bytes())
    }

    fn user_by_email(&self, email: &str) -> Option<UserId> {
        self.rows.id(Table::UsersByEmail, email.as_bytes()).map(UserId::from_bytes)
    }

    fn is_departed(&self, user: UserId) -> bool {
        self.rows.raw(Table::Departed, &user.to_bytes()).is_some()
    }

    fn departed(&self, at_most: usize) -> Vec<UserId> {
        self.rows.scan(Table::Departed, &[], None, at_most, |key, _| leading_id(key).map(UserId::from_bytes))
    }

    fn session(&self, id: SessionId) -> Option<Session> {
        self.rows.message(Table::Sessions, &id.to_bytes())
    }

    fn sessions_of(&self, user: UserId) -> Vec<Session> {
        let ids = self.rows.scan_prefix(Table::SessionsByUser, &user.to_bytes(), usize::MAX, trailing_id);
        ids.into_iter().filter_map(|id| self.session(SessionId::from_bytes(id))).collect()
    }

    fn sessions_expired(&self, at_ms: u64, at_most: usize) -> Vec<Session> {
        let until = due_by(at_ms);
        let ids = self.rows.scan(Table::SessionsByExpiry, &[], until, at_most, trailing_id);
        ids.into_iter().filter_map(|id| self.session(SessionId::from_bytes(id))).collect()
    }

    fn last_session_expiry_ms(&self) -> Option<u64> {
        self.rows.last(Table::SessionsByExpiry, |key, _| leading_number(key))
    }

    fn reset_token(&self, hash: &[u8]) -> Option<ResetToken> {
        self.rows.message(Table::ResetTokens, hash)
    }

    fn reset_tokens_expired(&self, at_ms: u64, at_most: usize) -> Vec<ResetToken> {
        let until = due_by(at_ms);
        let hashes = self.rows.scan(Table::ResetTokensByExpiry, &[], until, at_most, |key, _| {
            key.get(size_of::<u64>()..).map(<[u8]>::to_vec)
        });
        hashes.into_iter().filter_map(|hash| self.reset_token(&hash)).collect()
    }

    fn signing_keys(&self) -> Vec<SigningKey> {
        let rows = self.rows.scan(Table::SigningKeys, &[], None, usize::MAX, |_, value| Some(value.to_vec()));
        rows.iter().filter_map(|row| self.rows.decoded(Table::SigningKeys, row)).collect()
    }

    fn operator_key(&self, id: OperatorKeyId) -> Option<OperatorKey> {
        self.rows.message(Table::OperatorKeys, &id.to_bytes())
    }

    fn operator_keys(&self) -> Vec<OperatorKey> {
        let rows =
            self.rows.scan(Table::OperatorKeys, &[], None, usize::MAX, |_, value| Some(value.to_vec()));
        rows.iter().filter_map(|row| self.rows.decoded(Table::OperatorKeys, row)).collect()
    }

    fn ticket(&self, id: TicketId) -> Option<Ticket> {
        self.rows.message(Table::Tickets, &id.to_bytes())
    }

    fn tickets_unheld(&self, seller: UserId, at_most: usize) -> Vec<Ticket> {
        let pick = |_: &[u8], id: &[u8]| leading_id(id);
        let ids = self.rows.scan_prefix(Table::TicketsBySeller, &seller.to_bytes(), at_most, pick);
        let tickets = ids.into_iter().filter_map(|id| self.ticket(TicketId::from_bytes(id)));
        tickets.filter(|ticket| ticket.order.is_none()).collect()
    }

    fn has_reserved_tickets(&self, seller: UserId) -> bool {
        !self.rows.scan_prefix(Table::ReservedBySeller, &seller.to_bytes(), 1, |_, _| Some(())).is_empty()
    }

    fn order(&self, id: OrderId) -> Option<Order> {
        self.rows.message(Table::Orders, &id.to_bytes())
    }

    fn has_open_orders(&self, buyer: UserId) -> bool {
        !self.rows.scan_prefix(Table::OpenOrdersByBuyer, &buyer.to_bytes(), 1, |_, _| Some(())).is_empty()
    }

    fn orders_due(&self, at_ms: u64, at_most: usize) -> Vec<OrderId> {
        let until = due_by(at_ms);
        let pick = |_: &[u8], id: &[u8]| leading_id(id).map(OrderId::from_bytes);
        self.rows.scan(Table::OrdersDue, &[], until, at_most, pick)
    }

    fn payment(&self, id: PaymentId) -> Option<Payment> {
        self.rows.message(Table::Payments, &id.to_bytes())
    }

    fn refund(&self, id: RefundId) -> Option<Refund> {
        self.rows.message(Table::Refunds, &id.to_bytes())
    }

    fn refunds_of(&self, payment: PaymentId) -> Vec<Refund> {
        let all = MAX_REFUNDS_PER_PAYMENT as usize;
        let pick = |_: &[u8], id: &[u8]| leading_id(id).map(RefundId::from_bytes);
        let ids = self.rows.scan_prefix(Table::RefundsByPayment, &payment.to_bytes(), all, pick);
        ids.into_iter().filter_map(|id| self.refund(id)).collect()
    }

    fn sandbox_entry(&self, key: PaymentId) -> Option<SandboxEntry> {
        self.rows.message(Table::SandboxBooks, &key.to_bytes())
    }

    fn hold(&self) -> Option<Hold> {
        self.rows.message(Table::Hold, &[])
    }

    fn remembered_request(&self, request: ProposalId) -> Option<Reply> {
        self.rows.message(Table::Requests, &request.to_bytes())
    }

    fn remembered_key(&self, caller: Principal, key: &str) -> Option<RememberedKey> {
        self.rows.message(Table::Idempotency, &idempotency_key(caller, key))
    }

    fn remember_request(&mut self, request: ProposalId, reply: &Reply) {
        self.rows.put(Table::Requests, &request.to_bytes(), &reply.encode_to_vec());
    }

    fn remember_key(&mut self, caller: Principal, idempotency: &Idempotency, remembered: RememberedKey) {
        let key = idempotency_key(caller, &idempotency.key);
        if let Some(before) = self.rows.message::<RememberedKey>(Table::Idempotency, &key) {
            self.rows.remove(Table::IdempotencyByExpiry, &expiry_key(before.expires_at_ms, &key));
        }
        self.rows.put(Table::IdempotencyByExpiry, &expiry_key(remembered.expires_at_ms, &key), &[]);
        self.rows.put(Table::Idempotency, &key, &remembered.encode_to_vec());
    }

    fn forget(&mut self, at_ms: u64, at_most: usize) {
        let until = due_by(at_ms);
        let requests =
            self.rows.scan(Table::Requests, &[], until.clone(), at_most, |key, _| Some(key.to_vec()));
        for request in requests {
            self.rows.remove(Table::Requests, &request);
        }
        let keys =
            self.rows.scan(Table::IdempotencyByExpiry, &[], until, at_most, |key, _| Some(key.to_vec()));
        for expiring in keys {
            if let Some(key) = expiring.get(size_of::<u64>()..) {
                self.rows.remove(Table::Idempotency, key);
            }
            self.rows.remove(Table::IdempotencyByExpiry, &expiring);
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
            Change::User { old, new } => self.rows.replace(Table::Users, old, new),
            Change::Departed { user, departed } => {
                self.rows.mark(Table::Departed, &user.to_bytes(), departed);
            }
            Change::Session { old, new } => self.rows.replace(Table::Sessions, old, new),
            Change::ResetToken { old, new } => self.rows.replace(Table::ResetTokens, old, new),
            Change::SigningKey { old, new } => self.rows.replace(Table::SigningKeys, old, new),
            Change::OperatorKey { old, new } => self.rows.replace(Table::OperatorKeys, old, new),
            Change::Ticket { old, new } => {
                self.put_on_sale(old.as_ref(), new.as_ref());
                self.rows.replace(Table::Tickets, old, new);
            }
            Change::Order { old, new } => self.rows.replace(Table::Orders, old, Some(new)),
            Change::OrderTransition { new } => self.rows.replace(Table::OrderHistory, None, Some(new)),
            Change::Payment { old, new } => {
                self.written.payments.push(new.id);
                self.rows.replace(Table::Payments, old, Some(new));
            }
            Change::Refund { old, new } => self.rows.replace(Table::Refunds, old, Some(new)),
            Change::LedgerEntry { new } => self.rows.replace(Table::Ledger, None, Some(new)),
            Change::SandboxEntry { old, new } => self.rows.replace(Table::SandboxBooks, old, Some(new)),
            Change::WebhookEndpoint { old, new } => self.rows.replace(Table::WebhookEndpoints, old, new),
            Change::WebhookRemoved { endpoint, has_rows } => {
                self.rows.mark(Table::WebhooksRemoved, &endpoint.to_bytes(), has_rows);
            }
            Change::WaitingEvent { old, new } => self.rows.replace(Table::WaitingEvents, old, new),
            Change::WebhookAttempt { new } => self.rows.replace(Table::WebhookAttempts, None, Some(new)),
            Change::WebhookAttemptForgotten { endpoint, number } => {
                self.rows.remove(Table::WebhookAttempts, &attempt_key(endpoint, number));
            }
            Change::ConsumerGroup { old, new } => {
                let types_before = old.as_ref().map(|group| &group.types);
                self.written.has_group_work |= types_before != new.as_ref().map(|group| &group.types);
                self.rows.replace(Table::ConsumerGroups, old, new);
            }
            Change::GroupRemoved { group, has_rows } => {
                self.rows.mark(Table::RemovedGroups, &group.to_be_bytes(), has_rows);
            }
            Change::PendingEvent { old, new } => {
                let is_ready = |row: &PendingEvent| row.state() == PendingState::Ready;
                self.written.has_group_work |= new.as_ref().is_some_and(is_ready);
                self.rows.replace(Table::PendingEvents, old, new);
            }
            Change::ParkedEvent { old, new } => self.rows.replace(Table::ParkedEvents, old, new),
            Change::HoldLifted { old: _ } => self.rows.remove(Table::Hold, &[]),
        }
    }

    fn event(&self, sequence: u64) -> Option<Event> {
        let event = self.rows.message(Table::Outbox, &sequence.to_be_bytes());
        event.map(|event| with_buyer(event, |order| self.order(order)))
    }

    fn events_after(&self, sequence: u64, at_most: usize) -> Vec<Event> {
        let Some(first) = sequence.checked_add(1) else { return Vec::new() };
        let pick = |_: &[u8], row: &[u8]| self.rows.decoded(Table::Outbox, row);
        let events: Vec<Event> = self.rows.scan(Table::Outbox, &first.to_be_bytes(), None, at_most, pick);
        events.into_iter().map(|event| with_buyer(event, |order| self.order(order))).collect()
    }

    fn append_event(&mut self, event: Event) {
        self.written.has_events = true;
        self.rows.put(Table::Outbox, &event.sequence.to_be_bytes(), &event.encode_to_vec());
    }

    fn forget_events(&mut self, after: u64, through: u64) {
        for sequence in after.saturating_add(1)..=through {
            self.rows.remove(Table::Outbox, &sequence.to_be_bytes());
        }
    }
}

/// Where an idempotency key stands by its expiry.
pub(super) fn expiry_key(expires_at_ms: u64, key: &[u8]) -> Vec<u8> {
    Key::new().number(expires_at_ms).bytes(key).finish()
}

pub(super) fn idempotency_key(caller: Principal, key: &str) -> Vec<u8> {
    Key::new().bytes(&caller.to_bytes()).bytes(key.as_bytes()).finish()
}

/// Where what is due by `at_ms` ends in an index by time.
fn due_by(at_ms: u64) -> Option<Vec<u8>> {
    Some(Key::new().number(at_ms.saturating_add(1)).finish())
}

fn trailing_id(key: &[u8], _: &[u8]) -> Option<[u8; 16]> {
    key.last_chunk().copied()
}
