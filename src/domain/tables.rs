//! What the domain needs of a store.

use super::account::{ResetToken, Session, User};
use super::asker::Principal;
use super::command::Idempotency;
use super::consumer_group::{ConsumerGroup, GroupTables, ParkedEvent, PendingEvent};
use super::event::Event;
use super::history::OrderTransition;
use super::hold::Hold;
use super::id::{
    OperatorKeyId, OrderId, PaymentId, ProposalId, RefundId, SessionId, TicketId, UserId, WebhookEndpointId,
};
use super::keys::SigningKey;
use super::ledger::LedgerEntry;
use super::operator_key::OperatorKey;
use super::order::Order;
use super::payment::Payment;
use super::refund::Refund;
use super::reply::Reply;
use super::sandbox::SandboxEntry;
use super::ticket::Ticket;
use super::webhook_endpoint::{WaitingEvent, WebhookAttempt, WebhookEndpoint, WebhookTables};

/// Dense numbers that were given out so far, each from 1.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Counters {
    /// Of tickets.
    #[prost(uint64, tag = "1")]
    pub tickets: u64,
    /// Of orders.
    #[prost(uint64, tag = "2")]
    pub orders: u64,
    /// Of payments.
    #[prost(uint64, tag = "3")]
    pub payments: u64,
    /// Of events: the outbox's last sequence.
    #[prost(uint64, tag = "4")]
    pub events: u64,
    /// Of entries in the ledger.
    #[prost(uint64, tag = "5")]
    pub ledger_entries: u64,
    /// Of those events, how many the outbox has forgotten: the last sequence of which nothing is kept.
    #[prost(uint64, tag = "6")]
    pub events_forgotten: u64,
    /// Of consumer groups.
    #[prost(uint64, tag = "10")]
    pub consumer_groups: u64,
}

/// One row that a transition writes. The store keeps its indexes by comparing old and new.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// An account.
    User {
        /// Before.
        old: Option<User>,
        /// After; `None` deletes.
        new: Option<User>,
    },
    /// Whether an account departed whose tickets are still to be withdrawn.
    Departed {
        /// Which account.
        user: UserId,
        /// Departed, or all done.
        departed: bool,
    },
    /// A session.
    Session {
        /// Before.
        old: Option<Session>,
        /// After; `None` deletes.
        new: Option<Session>,
    },
    /// A one-time token.
    ResetToken {
        /// Before.
        old: Option<ResetToken>,
        /// After; `None` deletes.
        new: Option<ResetToken>,
    },
    /// A key that signs bearer tokens.
    SigningKey {
        /// Before.
        old: Option<SigningKey>,
        /// After; `None` deletes.
        new: Option<SigningKey>,
    },
    /// A key by which an operator acts.
    OperatorKey {
        /// Before.
        old: Option<OperatorKey>,
        /// After; `None` deletes.
        new: Option<OperatorKey>,
    },
    /// A ticket.
    Ticket {
        /// Before.
        old: Option<Ticket>,
        /// After; `None` deletes.
        new: Option<Ticket>,
    },
    /// An order.
    Order {
        /// Before.
        old: Option<Order>,
        /// After; orders are never deleted.
        new: Order,
    },
    /// A transition in an order's history.
    OrderTransition {
        /// What is kept for good.
        new: OrderTransition,
    },
    /// A payment.
    Payment {
        /// Before.
        old: Option<Payment>,
        /// After; payments are never deleted.
        new: Payment,
    },
    /// A refund.
    Refund {
        /// Before.
        old: Option<Refund>,
        /// After; refunds are never deleted.
        new: Refund,
    },
    /// An entry in the ledger.
    LedgerEntry {
        /// What is kept for good.
        new: LedgerEntry,
    },
    /// A line of the sandbox's books.
    SandboxEntry {
        /// Before.
        old: Option<SandboxEntry>,
        /// After; lines are never deleted.
        new: SandboxEntry,
    },
    /// An endpoint of webhooks.
    WebhookEndpoint {
        /// Before.
        old: Option<WebhookEndpoint>,
        /// After; `None` deletes.
        new: Option<WebhookEndpoint>,
    },
    /// Whether rows are still there of an endpoint that is not.
    WebhookRemoved {
        /// Which.
        endpoint: WebhookEndpointId,
        /// There are, or all are gone.
        has_rows: bool,
    },
    /// An event that waits to be sent to an endpoint.
    WaitingEvent {
        /// Before.
        old: Option<WaitingEvent>,
        /// After; `None` deletes.
        new: Option<WaitingEvent>,
    },
    /// An attempt to send something to an endpoint.
    WebhookAttempt {
        /// What is kept of it.
        new: WebhookAttempt,
    },
    /// An attempt that is kept no longer.
    WebhookAttemptForgotten {
        /// Of which endpoint.
        endpoint: WebhookEndpointId,
        /// Its number.
        number: u64,
    },
    /// A consumer group.
    ConsumerGroup {
        /// Before.
        old: Option<ConsumerGroup>,
        /// After; `None` deletes.
        new: Option<ConsumerGroup>,
    },
    /// Whether rows are still there of a consumer group that is not.
    GroupRemoved {
        /// Its number.
        group: u64,
        /// There are, or all are gone.
        has_rows: bool,
    },
    /// An event that a consumer group has under way.
    PendingEvent {
        /// Before.
        old: Option<PendingEvent>,
        /// After; `None` deletes.
        new: Option<PendingEvent>,
    },
    /// An event that a consumer group has parked.
    ParkedEvent {
        /// Before.
        old: Option<ParkedEvent>,
        /// After; `None` deletes.
        new: Option<ParkedEvent>,
    },
    /// Sales go on. A hold is never made by a command, only by a restore.
    HoldLifted {
        /// What held them.
        old: Hold,
    },
}

/// What is remembered under an idempotency key.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RememberedKey {
    /// Of the request that the key stands for.
    #[prost(bytes = "vec", tag = "1")]
    pub fingerprint: Vec<u8>,
    /// What it was answered.
    #[prost(message, required, tag = "2")]
    pub reply: Reply,
    /// Until when it is remembered, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "3")]
    pub expires_at_ms: u64,
}

/// The state as `apply` reads and writes it.
///
/// No method fails as far as the domain can see: an implementation whose storage fails keeps the error, and
/// its owner throws the whole transaction away and stops the replica. So nothing is ever decided on a
/// read that went wrong.
pub trait Tables: WebhookTables + GroupTables {
    /// The account.
    fn user(&self, id: UserId) -> Option<User>;
    /// Whose address this is.
    fn user_by_email(&self, email: &str) -> Option<UserId>;
    /// Whether the account is gone, and its tickets are still to be withdrawn.
    fn is_departed(&self, user: UserId) -> bool;
    /// Some departed accounts, in order of their ids.
    fn departed(&self, at_most: usize) -> Vec<UserId>;
    /// The session.
    fn session(&self, id: SessionId) -> Option<Session>;
    /// The account's sessions, in order of their ids.
    fn sessions_of(&self, user: UserId) -> Vec<Session>;
    /// Sessions that have run out, oldest first.
    fn sessions_expired(&self, at_ms: u64, at_most: usize) -> Vec<Session>;
    /// When the session that lasts longest runs out.
    fn last_session_expiry_ms(&self) -> Option<u64>;
    /// The one-time token with this hash.
    fn reset_token(&self, hash: &[u8]) -> Option<ResetToken>;
    /// One-time tokens that have run out, oldest first.
    fn reset_tokens_expired(&self, at_ms: u64, at_most: usize) -> Vec<ResetToken>;
    /// All keys that sign or verify bearer tokens.
    fn signing_keys(&self) -> Vec<SigningKey>;
    /// The key by which an operator acts.
    fn operator_key(&self, id: OperatorKeyId) -> Option<OperatorKey>;
    /// All of them, working or not, in order of their ids.
    fn operator_keys(&self) -> Vec<OperatorKey>;

    /// The ticket.
    fn ticket(&self, id: TicketId) -> Option<Ticket>;
    /// Tickets of this seller that nobody holds, in no particular but a fixed order.
    fn tickets_unheld(&self, seller: UserId, at_most: usize) -> Vec<Ticket>;
    /// Whether an open order holds one of this seller's tickets.
    fn has_reserved_tickets(&self, seller: UserId) -> bool;
    /// The order.
    fn order(&self, id: OrderId) -> Option<Order>;
    /// Whether the buyer has open orders.
    fn has_open_orders(&self, buyer: UserId) -> bool;
    /// Orders whose [`Order::due_at_ms`] has come, earliest first.
    fn orders_due(&self, at_ms: u64, at_most: usize) -> Vec<OrderId>;
    /// The payment.
    fn payment(&self, id: PaymentId) -> Option<Payment>;
    /// The refund.
    fn refund(&self, id: RefundId) -> Option<Refund>;
    /// All refunds of a payment, in the order of their numbers.
    fn refunds_of(&self, payment: PaymentId) -> Vec<Refund>;
    /// What the sandbox's books say of a key.
    fn sandbox_entry(&self, key: PaymentId) -> Option<SandboxEntry>;
    /// What holds sales, if anything does.
    fn hold(&self) -> Option<Hold>;

    /// What this proposal was answered, if it was applied before.
    fn remembered_request(&self, request: ProposalId) -> Option<Reply>;
    /// What this caller's key stands for.
    fn remembered_key(&self, caller: Principal, key: &str) -> Option<RememberedKey>;
    /// Remembers what a proposal was answered.
    fn remember_request(&mut self, request: ProposalId, reply: &Reply);
    /// Remembers what a caller's key stands for.
    fn remember_key(&mut self, caller: Principal, idempotency: &Idempotency, remembered: RememberedKey);
    /// Forgets requests and keys that have run out, at most so many of each.
    fn forget(&mut self, at_ms: u64, at_most: usize);

    /// The numbers given out so far.
    fn counters(&self) -> Counters;
    /// Sets the numbers given out so far.
    fn set_counters(&mut self, counters: Counters);
    /// Writes one row and its index entries.
    fn write(&mut self, change: Change);
    /// The event with this sequence, unless the outbox has forgotten it.
    fn event(&self, sequence: u64) -> Option<Event>;
    /// The first events after this sequence, so many at most. Those of deadlines that passed name their buyers, whenever
    /// they were written.
    fn events_after(&self, sequence: u64, at_most: usize) -> Vec<Event>;
    /// Appends to the outbox.
    fn append_event(&mut self, event: Event);
    /// Removes the events after one sequence and up to another from the outbox.
    fn forget_events(&mut self, after: u64, through: u64);
}
