//! Commands: requested changes, as they stand in the log.
//!
//! A command carries everything that a replica might otherwise compute differently: ids, hashes, search
//! words, and the settings of the replica that took the request.

use super::id::{OrderId, PaymentId, RequestId, SessionId, TicketId, UserId};
use super::rejection::{Rejection, RejectionCode};

/// A requested change.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Command {
    /// Names this proposal, so that it applies once however often it is sent.
    #[prost(message, required, tag = "1")]
    pub request: RequestId,
    /// Who asks; `None` for the service itself.
    #[prost(message, optional, tag = "2")]
    pub actor: Option<Actor>,
    /// The client's own name for what it wants, if it gave one.
    #[prost(message, optional, tag = "3")]
    pub idempotency: Option<Idempotency>,
    /// What is asked for. Tags are never used again for something else.
    #[prost(
        oneof = "Body",
        tags = "10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 30, 31, 32, 40, 41, 42, 50, 51"
    )]
    pub body: Option<Body>,
}

/// Who asks, as the bearer token says; `apply` checks it against the sessions.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub struct Actor {
    /// The account.
    #[prost(message, required, tag = "1")]
    pub user: UserId,
    /// The session, which must still be open.
    #[prost(message, required, tag = "2")]
    pub session: SessionId,
}

/// A client's name for one intent.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Idempotency {
    /// As the client chose it; its own among those of the same caller.
    #[prost(string, tag = "1")]
    pub key: String,
    /// SHA-256 over method, path and parsed body: the same key must not mean something else.
    #[prost(bytes = "vec", tag = "2")]
    pub fingerprint: Vec<u8>,
    /// How long the answer is remembered.
    #[prost(uint64, tag = "3")]
    pub ttl_ms: u64,
}

/// Versions that a client says it has seen (`If-Match`).
#[derive(Clone, PartialEq, prost::Message)]
pub struct IfMatch {
    /// Any of these will do; none means that no version will.
    #[prost(uint64, repeated, tag = "1")]
    pub versions: Vec<u64>,
}

impl IfMatch {
    /// Whether the precondition, if there is one, holds for this version.
    pub(super) fn check(precondition: Option<&Self>, version: u64) -> Result<(), Rejection> {
        match precondition {
            Some(wanted) if !wanted.versions.contains(&version) => {
                Err(RejectionCode::VersionMismatch.with(version))
            }
            _ => Ok(()),
        }
    }
}

/// What is asked for.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Body {
    /// See [`SignUp`].
    #[prost(message, tag = "10")]
    SignUp(SignUp),
    /// See [`SignIn`].
    #[prost(message, tag = "11")]
    SignIn(SignIn),
    /// See [`EndSession`].
    #[prost(message, tag = "12")]
    EndSession(EndSession),
    /// See [`ChangePassword`].
    #[prost(message, tag = "13")]
    ChangePassword(ChangePassword),
    /// See [`IssueResetToken`].
    #[prost(message, tag = "14")]
    IssueResetToken(IssueResetToken),
    /// See [`ResetPassword`].
    #[prost(message, tag = "15")]
    ResetPassword(ResetPassword),
    /// See [`DeleteAccount`].
    #[prost(message, tag = "16")]
    DeleteAccount(DeleteAccount),
    /// See [`CreateTicket`].
    #[prost(message, tag = "20")]
    CreateTicket(CreateTicket),
    /// See [`UpdateTicket`].
    #[prost(message, tag = "21")]
    UpdateTicket(UpdateTicket),
    /// See [`DeleteTicket`].
    #[prost(message, tag = "22")]
    DeleteTicket(DeleteTicket),
    /// See [`SetFrozen`].
    #[prost(message, tag = "23")]
    SetFrozen(SetFrozen),
    /// See [`Reserve`].
    #[prost(message, tag = "30")]
    Reserve(Reserve),
    /// See [`CancelOrder`].
    #[prost(message, tag = "31")]
    CancelOrder(CancelOrder),
    /// See [`ExpireOrders`].
    #[prost(message, tag = "32")]
    ExpireOrders(ExpireOrders),
    /// See [`Pay`].
    #[prost(message, tag = "40")]
    Pay(Pay),
    /// See [`SettleCharge`].
    #[prost(message, tag = "41")]
    SettleCharge(SettleCharge),
    /// See [`RecordRefund`].
    #[prost(message, tag = "42")]
    RecordRefund(RecordRefund),
    /// See [`AddSigningKey`].
    #[prost(message, tag = "50")]
    AddSigningKey(AddSigningKey),
    /// See [`Upkeep`].
    #[prost(message, tag = "51")]
    Upkeep(Upkeep),
}

/// Makes an account and signs it in.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct SignUp {
    /// The new account's id.
    #[prost(message, required, tag = "1")]
    pub user: UserId,
    /// Normalised.
    #[prost(string, tag = "2")]
    pub email: String,
    /// In PHC form.
    #[prost(string, tag = "3")]
    pub password_hash: String,
    /// The new session's id.
    #[prost(message, required, tag = "4")]
    pub session: SessionId,
    /// How long the session lasts.
    #[prost(uint64, tag = "5")]
    pub session_ttl_ms: u64,
    /// What the client calls itself.
    #[prost(string, tag = "6")]
    pub client: String,
}

/// Opens a session for an account whose password was verified.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct SignIn {
    /// Whose password was verified.
    #[prost(message, required, tag = "1")]
    pub user: UserId,
    /// Which of the account's passwords it was.
    #[prost(uint64, tag = "2")]
    pub password_version: u64,
    /// The same password, hashed with today's parameters; only when they changed.
    #[prost(string, optional, tag = "3")]
    pub rehashed_password: Option<String>,
    /// The new session's id.
    #[prost(message, required, tag = "4")]
    pub session: SessionId,
    /// How long the session lasts.
    #[prost(uint64, tag = "5")]
    pub session_ttl_ms: u64,
    /// What the client calls itself.
    #[prost(string, tag = "6")]
    pub client: String,
}

/// Ends one of the caller's sessions.
#[derive(Clone, PartialEq, prost::Message)]
pub struct EndSession {
    /// Which.
    #[prost(message, required, tag = "1")]
    pub session: SessionId,
}

/// Replaces the caller's password, which was verified, and ends the other sessions.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ChangePassword {
    /// Which password was verified.
    #[prost(uint64, tag = "1")]
    pub password_version: u64,
    /// The new one, in PHC form.
    #[prost(string, tag = "2")]
    pub password_hash: String,
}

/// Makes a one-time token for an account; an operator asked for it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct IssueResetToken {
    /// Normalised.
    #[prost(string, tag = "1")]
    pub email: String,
    /// SHA-256 of the token.
    #[prost(bytes = "vec", tag = "2")]
    pub token_hash: Vec<u8>,
    /// How long the token works.
    #[prost(uint64, tag = "3")]
    pub ttl_ms: u64,
}

/// Replaces a forgotten password and ends all sessions.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ResetPassword {
    /// SHA-256 of the token.
    #[prost(bytes = "vec", tag = "1")]
    pub token_hash: Vec<u8>,
    /// The new password, in PHC form.
    #[prost(string, tag = "2")]
    pub password_hash: String,
}

/// Forgets the caller, whose password was verified.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DeleteAccount {
    /// Which password was verified.
    #[prost(uint64, tag = "1")]
    pub password_version: u64,
}

/// What a seller says about a ticket.
#[derive(Clone, PartialEq, prost::Message)]
pub struct TicketFields {
    /// What it admits to.
    #[prost(string, tag = "1")]
    pub title: String,
    /// The title's words as they are searched for.
    #[prost(string, repeated, tag = "2")]
    pub words: Vec<String>,
    /// In minor units.
    #[prost(uint64, tag = "3")]
    pub price_minor: u64,
    /// Where the show is.
    #[prost(string, optional, tag = "4")]
    pub venue: Option<String>,
    /// When the show begins, in milliseconds since the Unix epoch.
    #[prost(uint64, optional, tag = "5")]
    pub starts_at_ms: Option<u64>,
}

/// Posts a ticket.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CreateTicket {
    /// The new ticket's id.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// What the seller says.
    #[prost(message, required, tag = "2")]
    pub fields: TicketFields,
    /// ISO 4217 code in lower case.
    #[prost(string, tag = "3")]
    pub currency: String,
}

/// Replaces what the seller says.
#[derive(Clone, PartialEq, prost::Message)]
pub struct UpdateTicket {
    /// Which ticket.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// What the seller says now.
    #[prost(message, required, tag = "2")]
    pub fields: TicketFields,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "3")]
    pub if_match: Option<IfMatch>,
}

/// Withdraws a ticket.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DeleteTicket {
    /// Which ticket.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "2")]
    pub if_match: Option<IfMatch>,
}

/// Takes a ticket off sale, or puts it back.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SetFrozen {
    /// Which ticket.
    #[prost(message, required, tag = "1")]
    pub ticket: TicketId,
    /// Off sale or not.
    #[prost(bool, tag = "2")]
    pub frozen: bool,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "3")]
    pub if_match: Option<IfMatch>,
}

/// Reserves a ticket for the caller.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Reserve {
    /// The new order's id.
    #[prost(message, required, tag = "1")]
    pub order: OrderId,
    /// Which ticket.
    #[prost(message, required, tag = "2")]
    pub ticket: TicketId,
    /// How long the caller has to pay.
    #[prost(uint64, tag = "3")]
    pub payment_window_ms: u64,
}

/// Gives a reserved ticket back.
#[derive(Clone, PartialEq, prost::Message)]
pub struct CancelOrder {
    /// Which order.
    #[prost(message, required, tag = "1")]
    pub order: OrderId,
    /// Versions to which the change may apply.
    #[prost(message, optional, tag = "2")]
    pub if_match: Option<IfMatch>,
}

/// Releases the orders whose deadline has passed.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ExpireOrders {
    /// How many at most, so that one command cannot hold up the others for long.
    #[prost(uint32, tag = "1")]
    pub at_most: u32,
}

/// Claims the caller's order for one charge.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct Pay {
    /// The new payment's id.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// Which order.
    #[prost(message, required, tag = "2")]
    pub order: OrderId,
    /// What the gateway takes the money from.
    #[prost(string, tag = "3")]
    pub source: String,
    /// For how long past its deadline the charge may hold the order.
    #[prost(uint64, tag = "4")]
    pub grace_ms: u64,
}

/// Records the gateway's final word on a charge.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SettleCharge {
    /// Which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
    /// Whether money moved.
    #[prost(bool, tag = "2")]
    pub succeeded: bool,
    /// The gateway's name for the charge, if money moved.
    #[prost(string, tag = "3")]
    pub charge: String,
    /// The gateway's code of the decline, if none did.
    #[prost(string, tag = "4")]
    pub decline_code: String,
}

/// Records that a late charge was refunded.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RecordRefund {
    /// Which payment.
    #[prost(message, required, tag = "1")]
    pub payment: PaymentId,
}

/// Adds a key that signs bearer tokens from now on.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct AddSigningKey {
    /// Its name in the header of a token.
    #[prost(string, tag = "1")]
    pub kid: String,
    /// The raw Ed25519 public key.
    #[prost(bytes = "vec", tag = "2")]
    pub public: Vec<u8>,
    /// The private key, sealed.
    #[prost(bytes = "vec", tag = "3")]
    pub sealed: Vec<u8>,
    /// Do nothing if there is a key already: replicas that start at once agree on one.
    #[prost(bool, tag = "4")]
    pub only_if_none: bool,
    /// For how long the keys before it still verify.
    #[prost(uint64, tag = "5")]
    pub overlap_ms: u64,
}

/// Forgets what has run out, and takes what departed sellers left off sale.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Upkeep {
    /// How many rows of each kind at most, so that one command cannot hold up the others for long.
    #[prost(uint32, tag = "1")]
    pub at_most: u32,
}

/// Secrets stay out of logs: what may hold one shows its name only.
macro_rules! redact {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}
redact!(SignUp, SignIn, ChangePassword, ResetPassword, Pay, AddSigningKey);
