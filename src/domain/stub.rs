//! Tables in memory for tests of what `apply` writes, and of what it does not.

use std::collections::BTreeMap;

use super::account::{ResetToken, Session, User};
use super::asker::Principal;
use super::command::Idempotency;
use super::consumer_group::{ConsumerGroup, Entity, GroupTables, ParkedEvent, PendingEvent};
use super::event::Event;
use super::hold::Hold;
use super::id::{
    OperatorKeyId, OrderId, PaymentId, ProposalId, RefundId, SessionId, TicketId, UserId, WebhookEndpointId,
};
use super::keys::SigningKey;
use super::operator_key::OperatorKey;
use super::order::Order;
use super::payment::Payment;
use super::refund::Refund;
use super::reply::Reply;
use super::sandbox::SandboxEntry;
use super::tables::{Change, Counters, RememberedKey, Tables};
use super::ticket::Ticket;
use super::webhook_endpoint::{WaitingEvent, WebhookEndpoint, WebhookTables};

/// Rows to read, and a list of what was written; nothing that is written is read again.
#[derive(Default)]
pub(super) struct Stub {
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) tickets: BTreeMap<TicketId, Ticket>,
    pub(super) orders: BTreeMap<OrderId, Order>,
    pub(super) payments: BTreeMap<PaymentId, Payment>,
    pub(super) operator_keys: Vec<OperatorKey>,
    pub(super) hold: Option<Hold>,
    /// Reading a ticket panics, as a mistake in a transition would.
    pub(super) panics: bool,
    /// Rows, events and counters, in words.
    pub(super) written: Vec<String>,
    pub(super) remembered: Vec<Reply>,
    pub(super) remembered_keys: Vec<RememberedKey>,
}

impl WebhookTables for Stub {
    fn webhook_endpoint(&self, _: WebhookEndpointId) -> Option<WebhookEndpoint> {
        None
    }

    fn webhook_endpoints_of(&self, _: Principal) -> Vec<WebhookEndpoint> {
        Vec::new()
    }

    fn webhook_endpoint_count(&self) -> u64 {
        0
    }

    fn waiting_event(&self, _: WebhookEndpointId, _: u64) -> Option<WaitingEvent> {
        None
    }

    fn removed_webhook_endpoints(&self, _: usize) -> Vec<WebhookEndpointId> {
        Vec::new()
    }

    fn waiting_events(&self, _: WebhookEndpointId, _: usize) -> Vec<WaitingEvent> {
        Vec::new()
    }

    fn webhook_attempts(&self, _: WebhookEndpointId, _: usize) -> Vec<u64> {
        Vec::new()
    }
}

impl GroupTables for Stub {
    fn consumer_group(&self, _: Principal, _: &str) -> Option<ConsumerGroup> {
        None
    }

    fn consumer_groups_of(&self, _: Principal) -> Vec<ConsumerGroup> {
        Vec::new()
    }

    fn consumer_group_count(&self) -> u64 {
        0
    }

    fn removed_groups(&self, _: usize) -> Vec<u64> {
        Vec::new()
    }

    fn pending_event(&self, _: u64, _: u64) -> Option<PendingEvent> {
        None
    }

    fn pending_events(&self, _: u64, _: usize) -> Vec<PendingEvent> {
        Vec::new()
    }

    fn pending_of_entity(&self, _: u64, _: &Entity, _: bool, _: usize) -> Vec<u64> {
        Vec::new()
    }

    fn pending_due(&self, _: u64, _: u64, _: usize) -> Vec<(u64, u64)> {
        Vec::new()
    }

    fn parked_event(&self, _: u64, _: u64) -> Option<ParkedEvent> {
        None
    }

    fn parked_events(&self, _: u64, _: usize) -> Vec<ParkedEvent> {
        Vec::new()
    }
}

impl Tables for Stub {
    fn user(&self, _: UserId) -> Option<User> {
        None
    }

    fn user_by_email(&self, _: &str) -> Option<UserId> {
        None
    }

    fn is_departed(&self, _: UserId) -> bool {
        false
    }

    fn departed(&self, _: usize) -> Vec<UserId> {
        Vec::new()
    }

    fn session(&self, id: SessionId) -> Option<Session> {
        self.sessions.get(&id).cloned()
    }

    fn sessions_of(&self, _: UserId) -> Vec<Session> {
        Vec::new()
    }

    fn sessions_expired(&self, _: u64, _: usize) -> Vec<Session> {
        Vec::new()
    }

    fn last_session_expiry_ms(&self) -> Option<u64> {
        None
    }

    fn reset_token(&self, _: &[u8]) -> Option<ResetToken> {
        None
    }

    fn reset_tokens_expired(&self, _: u64, _: usize) -> Vec<ResetToken> {
        Vec::new()
    }

    fn signing_keys(&self) -> Vec<SigningKey> {
        Vec::new()
    }

    fn operator_key(&self, id: OperatorKeyId) -> Option<OperatorKey> {
        self.operator_keys.iter().find(|key| key.id == id).cloned()
    }

    fn operator_keys(&self) -> Vec<OperatorKey> {
        self.operator_keys.clone()
    }

    fn ticket(&self, id: TicketId) -> Option<Ticket> {
        assert!(!self.panics, "a mistake in a transition");
        self.tickets.get(&id).cloned()
    }

    fn tickets_unheld(&self, _: UserId, _: usize) -> Vec<Ticket> {
        Vec::new()
    }

    fn has_reserved_tickets(&self, _: UserId) -> bool {
        false
    }

    fn order(&self, id: OrderId) -> Option<Order> {
        self.orders.get(&id).cloned()
    }

    fn has_open_orders(&self, _: UserId) -> bool {
        false
    }

    /// Every order, due or not: an index that drifted.
    fn orders_due(&self, _: u64, _: usize) -> Vec<OrderId> {
        self.orders.keys().copied().collect()
    }

    fn payment(&self, id: PaymentId) -> Option<Payment> {
        self.payments.get(&id).cloned()
    }

    fn refund(&self, _: RefundId) -> Option<Refund> {
        None
    }

    fn refunds_of(&self, _: PaymentId) -> Vec<Refund> {
        Vec::new()
    }

    fn sandbox_entry(&self, _: PaymentId) -> Option<SandboxEntry> {
        None
    }

    fn hold(&self) -> Option<Hold> {
        self.hold.clone()
    }

    fn remembered_request(&self, _: ProposalId) -> Option<Reply> {
        None
    }

    fn remembered_key(&self, _: Principal, _: &str) -> Option<RememberedKey> {
        None
    }

    fn remember_request(&mut self, _: ProposalId, reply: &Reply) {
        self.remembered.push(reply.clone());
    }

    fn remember_key(&mut self, _: Principal, _: &Idempotency, remembered: RememberedKey) {
        self.remembered_keys.push(remembered);
    }

    fn forget(&mut self, at_ms: u64, _: usize) {
        self.written.push(format!("forget what ran out at {at_ms}"));
    }

    fn counters(&self) -> Counters {
        Counters::default()
    }

    fn set_counters(&mut self, counters: Counters) {
        self.written.push(format!("{counters:?}"));
    }

    fn write(&mut self, change: Change) {
        self.written.push(format!("{change:?}"));
    }

    fn event(&self, _: u64) -> Option<Event> {
        None
    }

    fn events_after(&self, _: u64, _: usize) -> Vec<Event> {
        Vec::new()
    }

    fn append_event(&mut self, event: Event) {
        self.written.push(format!("{event:?}"));
    }

    fn forget_events(&mut self, after: u64, through: u64) {
        self.written.push(format!("forget the events after {after} through {through}"));
    }
}
