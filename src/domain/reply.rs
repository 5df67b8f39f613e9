//! Replies: what a committed command answers.

use super::account::Session;
use super::id::UserId;
use super::order::Order;
use super::payment::Payment;
use super::rejection::Rejection;
use super::ticket::Ticket;

/// What a committed command answers; remembered under its request and its idempotency key.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Reply {
    /// Given before to the same idempotency key, and given again.
    #[prost(bool, tag = "1")]
    pub replayed: bool,
    /// The answer, or why there is none.
    #[prost(oneof = "Outcome", tags = "2, 3, 4, 5, 6, 7")]
    pub outcome: Option<Outcome>,
}

/// The answer, or why there is none.
#[derive(Clone, PartialEq, prost::Oneof)]
pub enum Outcome {
    /// Nothing was changed.
    #[prost(message, tag = "2")]
    Rejected(Rejection),
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

/// What a transition answers when it is made.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Done; there is nothing to show.
    Done,
    /// The account and its new session.
    SignedIn(SignedIn),
    /// The ticket as it is now.
    Ticket(Ticket),
    /// The order as it is now.
    Order(Order),
    /// The payment as it is now.
    Payment(Payment),
}

impl From<Result<Answer, Rejection>> for Reply {
    fn from(result: Result<Answer, Rejection>) -> Self {
        let outcome = match result {
            Err(rejection) => Outcome::Rejected(rejection),
            Ok(Answer::Done) => Outcome::Done(()),
            Ok(Answer::SignedIn(signed_in)) => Outcome::SignedIn(signed_in),
            Ok(Answer::Ticket(ticket)) => Outcome::Ticket(ticket),
            Ok(Answer::Order(order)) => Outcome::Order(order),
            Ok(Answer::Payment(payment)) => Outcome::Payment(payment),
        };
        Self { replayed: false, outcome: Some(outcome) }
    }
}

impl Reply {
    /// The answer, or why there is none. An outcome of a later version is an internal fault.
    pub fn into_result(self) -> Result<Answer, Rejection> {
        match self.outcome {
            Some(Outcome::Rejected(rejection)) => Err(rejection),
            Some(Outcome::Done(())) => Ok(Answer::Done),
            Some(Outcome::SignedIn(signed_in)) => Ok(Answer::SignedIn(signed_in)),
            Some(Outcome::Ticket(ticket)) => Ok(Answer::Ticket(ticket)),
            Some(Outcome::Order(order)) => Ok(Answer::Order(order)),
            Some(Outcome::Payment(payment)) => Ok(Answer::Payment(payment)),
            None => Err(Rejection::internal("the reply has no outcome that this version knows")),
        }
    }
}
