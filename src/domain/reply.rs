//! Replies: what a committed command answers.

use super::account::Session;
use super::consumer_group::{Fetched, GroupPut, LeasesSettled, Redriven};
use super::id::UserId;
use super::operator_key::OperatorKey;
use super::order::Order;
use super::payment::Payment;
use super::refund::Refund;
use super::rejection::Rejection;
use super::sandbox::SandboxEntry;
use super::ticket::Ticket;
use super::webhook_endpoint::WebhookEndpoint;

/// What a committed command answers; remembered under its request and its idempotency key.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Reply {
    /// Given before to the same idempotency key, and given again.
    #[prost(bool, tag = "1")]
    pub replayed: bool,
    /// Why nothing was changed, if nothing was.
    #[prost(message, optional, tag = "2")]
    pub rejection: Option<Rejection>,
    /// What was done, unless it was rejected.
    #[prost(oneof = "Answer", tags = "3, 4, 5, 6, 7, 8, 20, 21, 90, 91, 92, 93, 100")]
    pub answer: Option<Answer>,
}

/// What a transition answers when it is made.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Answer {
    /// Done; there is nothing to show.
    #[prost(message, tag = "3")]
    Done(()),
    /// The account and its new session.
    #[prost(message, tag = "4")]
    SignedIn(SignedIn),
    /// The ticket as it is now.
    #[prost(message, tag = "5")]
    Ticket(Ticket),
    /// The order as it is now.
    #[prost(message, tag = "6")]
    Order(Order),
    /// The payment as it is now.
    #[prost(message, tag = "7")]
    Payment(Payment),
    /// What the sandbox's books say of the key.
    #[prost(message, tag = "8")]
    SandboxEntry(SandboxEntry),
    /// The operator's key as it is now.
    #[prost(message, tag = "20")]
    OperatorKey(OperatorKey),
    /// The refund as it is now.
    #[prost(message, tag = "21")]
    Refund(Refund),
    /// The endpoint of webhooks as it is now.
    #[prost(message, tag = "100")]
    WebhookEndpoint(WebhookEndpoint),
    /// The consumer group as it is now.
    #[prost(message, tag = "90")]
    GroupPut(GroupPut),
    /// What a fetch was given.
    #[prost(message, tag = "91")]
    Fetched(Fetched),
    /// What became of leases.
    #[prost(message, tag = "92")]
    LeasesSettled(LeasesSettled),
    /// How many parked events are given again.
    #[prost(message, tag = "93")]
    Redriven(Redriven),
}

/// An account and the session that was opened for it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SignedIn {
    /// Whose.
    #[prost(message, required, tag = "1")]
    pub user: UserId,
    /// The account's address.
    #[prost(string, tag = "2")]
    pub email: String,
    /// The new session.
    #[prost(message, required, tag = "3")]
    pub session: Session,
}

impl From<Result<Answer, Rejection>> for Reply {
    fn from(result: Result<Answer, Rejection>) -> Self {
        let (answer, rejection) = match result {
            Ok(answer) => (Some(answer), None),
            Err(rejection) => (None, Some(rejection)),
        };
        Self { replayed: false, rejection, answer }
    }
}

impl Reply {
    /// The answer, or why there is none. An answer of a later version is an internal fault.
    pub fn into_result(self) -> Result<Answer, Rejection> {
        match (self.answer, self.rejection) {
            (_, Some(rejection)) => Err(rejection),
            (Some(answer), None) => Ok(answer),
            (None, None) => Err(Rejection::internal("the reply has no answer that this version knows")),
        }
    }
}
