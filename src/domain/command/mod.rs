//! Commands: requested changes, as they stand in the log.
//!
//! A command carries everything that a replica might otherwise compute differently: ids, hashes, search
//! words, and the settings of the replica that took the request.

mod accounts;
mod consumers;
mod disputes;
mod house;
mod operator_keys;
mod orders;
mod payments;
mod refunds;
mod sandbox;
mod tickets;
mod webhook_endpoints;

pub use accounts::*;
pub use consumers::*;
pub use disputes::*;
pub use house::*;
pub use operator_keys::*;
pub use orders::*;
pub use payments::*;
pub use refunds::*;
pub use sandbox::*;
pub use tickets::*;
pub use webhook_endpoints::*;

use super::id::{OperatorKeyId, ProposalId, SessionId, UserId};
use super::operator_key::Scope;
use super::rejection::{Rejection, RejectionCode};

/// The newest feature level that this program supports: the greatest that any of its commands belongs to.
pub const SUPPORTED_LEVEL: u32 = 2;

/// A requested change, and all that has to be known of who asks for it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Envelope {
    /// Names this proposal, so that it applies once however often it is sent.
    #[prost(message, required, tag = "1")]
    pub proposal: ProposalId,
    /// The user who asks; `None` for the service itself, and for somebody who is not signed in (yet).
    #[prost(message, optional, tag = "2")]
    pub actor: Option<Actor>,
    /// The client's own name for what it wants, if it gave one.
    #[prost(message, optional, tag = "3")]
    pub idempotency: Option<Idempotency>,
    /// The operator's key that asks, instead of a user; from feature level 2 on.
    #[prost(message, optional, tag = "4")]
    pub operator_key: Option<OperatorKeyId>,
    /// Each transition of an order that this makes is kept in its history, and each movement of money in the ledger; a
    /// charge that comes too late gets a refund of its own; the event of a deadline that passed names the buyer. From
    /// feature level 2 on.
    #[prost(bool, tag = "5")]
    pub keeps_history: bool,
    /// What is asked for. Tags are never used again for something else.
    #[prost(
        oneof = "Command",
        tags = "10, 11, 12, 13, 14, 15, 16, 20, 21, 22, 23, 30, 31, 32, 40, 41, 42, 43, 44, 50, 51, 52, 60, 61, 62, 70, 71, 80, 81, 82, 83, 84, 85, 90, 91, 92, 93, 94, 100, 101, 102, 103, 104, 105, 106, 107"
    )]
    pub command: Option<Command>,
}

/// The user who asks, as the bearer token says; `apply` checks it against the sessions.
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
pub enum Command {
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
    /// See [`RecordIntent`].
    #[prost(message, tag = "43")]
    RecordIntent(RecordIntent),
    /// See [`RecordAction`].
    #[prost(message, tag = "44")]
    RecordAction(RecordAction),
    /// See [`AddSigningKey`].
    #[prost(message, tag = "50")]
    AddSigningKey(AddSigningKey),
    /// See [`Upkeep`].
    #[prost(message, tag = "51")]
    Upkeep(Upkeep),
    /// See [`ForgetEvents`].
    #[prost(message, tag = "52")]
    ForgetEvents(ForgetEvents),
    /// See [`SandboxCharge`].
    #[prost(message, tag = "60")]
    SandboxCharge(SandboxCharge),
    /// See [`SandboxRefund`].
    #[prost(message, tag = "61")]
    SandboxRefund(SandboxRefund),
    /// See [`LiftHold`].
    #[prost(message, tag = "62")]
    LiftHold(LiftHold),
    /// See [`CreateOperatorKey`].
    #[prost(message, tag = "70")]
    CreateOperatorKey(CreateOperatorKey),
    /// See [`RevokeOperatorKey`].
    #[prost(message, tag = "71")]
    RevokeOperatorKey(RevokeOperatorKey),
    /// See [`RefundPayment`].
    #[prost(message, tag = "80")]
    RefundPayment(RefundPayment),
    /// See [`SettleRefund`].
    #[prost(message, tag = "81")]
    SettleRefund(SettleRefund),
    /// See [`RetryRefund`].
    #[prost(message, tag = "82")]
    RetryRefund(RetryRefund),
    /// See [`RecordGatewayRefund`].
    #[prost(message, tag = "83")]
    RecordGatewayRefund(RecordGatewayRefund),
    /// See [`RecordDispute`].
    #[prost(message, tag = "84")]
    RecordDispute(RecordDispute),
    /// See [`WithdrawPayment`].
    #[prost(message, tag = "85")]
    WithdrawPayment(WithdrawPayment),
    /// See [`CreateWebhookEndpoint`].
    #[prost(message, tag = "100")]
    CreateWebhookEndpoint(CreateWebhookEndpoint),
    /// See [`UpdateWebhookEndpoint`].
    #[prost(message, tag = "101")]
    UpdateWebhookEndpoint(UpdateWebhookEndpoint),
    /// See [`RotateWebhookSecret`].
    #[prost(message, tag = "102")]
    RotateWebhookSecret(RotateWebhookSecret),
    /// See [`DeleteWebhookEndpoint`].
    #[prost(message, tag = "103")]
    DeleteWebhookEndpoint(DeleteWebhookEndpoint),
    /// See [`RecordDeliveries`].
    #[prost(message, tag = "104")]
    RecordDeliveries(RecordDeliveries),
    /// See [`ResendEvents`].
    #[prost(message, tag = "105")]
    ResendEvents(ResendEvents),
    /// See [`SendWebhookTest`].
    #[prost(message, tag = "106")]
    SendWebhookTest(SendWebhookTest),
    /// See [`ResealWebhookSecrets`].
    #[prost(message, tag = "107")]
    ResealWebhookSecrets(ResealWebhookSecrets),
    /// See [`PutConsumerGroup`].
    #[prost(message, tag = "90")]
    PutConsumerGroup(PutConsumerGroup),
    /// See [`DeleteConsumerGroup`].
    #[prost(message, tag = "91")]
    DeleteConsumerGroup(DeleteConsumerGroup),
    /// See [`FetchEvents`].
    #[prost(message, tag = "92")]
    FetchEvents(FetchEvents),
    /// See [`SettleLeases`].
    #[prost(message, tag = "93")]
    SettleLeases(SettleLeases),
    /// See [`RedriveParked`].
    #[prost(message, tag = "94")]
    RedriveParked(RedriveParked),
}

impl Command {
    /// Whether only the service itself, or its operator, asks for this: never a user.
    pub(super) fn is_the_services_own(&self) -> bool {
        matches!(
            self,
            Self::IssueResetToken(_)
                | Self::ExpireOrders(_)
                | Self::SettleCharge(_)
                | Self::RecordRefund(_)
                | Self::RecordIntent(_)
                | Self::RecordAction(_)
                | Self::AddSigningKey(_)
                | Self::Upkeep(_)
                | Self::ForgetEvents(_)
                | Self::SandboxCharge(_)
                | Self::SandboxRefund(_)
                | Self::LiftHold(_)
                | Self::CreateOperatorKey(_)
                | Self::RevokeOperatorKey(_)
                | Self::SettleRefund(_)
                | Self::RecordGatewayRefund(_)
                | Self::RecordDispute(_)
                | Self::RecordDeliveries(_)
                | Self::ResealWebhookSecrets(_)
        )
    }

    /// What an operator's key has to be good for to ask for this; `None` if none may.
    pub(super) fn scope(&self) -> Option<Scope> {
        match self {
            Self::CreateOperatorKey(_) | Self::RevokeOperatorKey(_) => Some(Scope::Keys),
            Self::RefundPayment(_) | Self::RetryRefund(_) => Some(Scope::Refunds),
            Self::CreateWebhookEndpoint(_)
            | Self::UpdateWebhookEndpoint(_)
            | Self::RotateWebhookSecret(_)
            | Self::DeleteWebhookEndpoint(_)
            | Self::ResendEvents(_)
            | Self::SendWebhookTest(_) => Some(Scope::EventsRead),
            Self::PutConsumerGroup(_)
            | Self::DeleteConsumerGroup(_)
            | Self::FetchEvents(_)
            | Self::SettleLeases(_)
            | Self::RedriveParked(_) => Some(Scope::EventsRead),
            _ => None,
        }
    }

    /// The feature level that it came with. It may be proposed once the cluster is at that level: every replica knows it
    /// then.
    pub fn since_level(&self) -> u32 {
        match self {
            Self::RecordIntent(_) | Self::RecordAction(_) => 2,
            // Fields that older programs would not see, and so not act upon.
            Self::Pay(c) if c.in_browser || !c.gateway.is_empty() => 2,
            Self::SettleCharge(c) if !c.intent.is_empty() => 2,
            Self::SandboxCharge(c) if c.settles => 2,
            Self::SandboxRefund(c) if !c.refund.is_empty() => 2,
            Self::SignUp(_)
            | Self::SignIn(_)
            | Self::EndSession(_)
            | Self::ChangePassword(_)
            | Self::IssueResetToken(_)
            | Self::ResetPassword(_)
            | Self::DeleteAccount(_)
            | Self::CreateTicket(_)
            | Self::UpdateTicket(_)
            | Self::DeleteTicket(_)
            | Self::SetFrozen(_)
            | Self::Reserve(_)
            | Self::CancelOrder(_)
            | Self::ExpireOrders(_)
            | Self::Pay(_)
            | Self::SettleCharge(_)
            | Self::RecordRefund(_)
            | Self::AddSigningKey(_)
            | Self::Upkeep(_)
            | Self::SandboxCharge(_)
            | Self::SandboxRefund(_)
            | Self::LiftHold(_) => 1,
            Self::CreateOperatorKey(_) | Self::RevokeOperatorKey(_) | Self::ForgetEvents(_) => 2,
            Self::RefundPayment(_) | Self::SettleRefund(_) | Self::RetryRefund(_) => 2,
            Self::RecordGatewayRefund(_) | Self::RecordDispute(_) | Self::WithdrawPayment(_) => 2,
            Self::CreateWebhookEndpoint(_)
            | Self::UpdateWebhookEndpoint(_)
            | Self::RotateWebhookSecret(_)
            | Self::DeleteWebhookEndpoint(_)
            | Self::RecordDeliveries(_)
            | Self::ResendEvents(_)
            | Self::SendWebhookTest(_)
            | Self::ResealWebhookSecrets(_) => 2,
            Self::PutConsumerGroup(_)
            | Self::DeleteConsumerGroup(_)
            | Self::FetchEvents(_)
            | Self::SettleLeases(_)
            | Self::RedriveParked(_) => 2,
        }
    }

    /// Whether applying it twice does no harm: it does what is due by then, and answers nothing that counts; or the books
    /// of the sandbox hold its answer, and the payment that it settled. Such a command is not remembered. If upkeep were,
    /// then forgetting it would be a reason for the next one, which would be remembered, and so on for ever.
    pub(super) fn may_be_repeated(&self) -> bool {
        match self {
            Self::ExpireOrders(_) | Self::Upkeep(_) | Self::ForgetEvents(_) => true,
            // Before, it was remembered: a log that has it is to come to the same state.
            Self::SandboxCharge(c) => c.settles,
            _ => false,
        }
    }
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
use redact;
