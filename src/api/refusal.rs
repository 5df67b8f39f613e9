//! How rejections and failures look to a client.

use std::time::Duration;

use poem::http::{HeaderValue, header};

use super::caller::bad_token;
use crate::auth::{HASHER_RETRY_AFTER, HashError};
use crate::domain::{Answer, InvalidId, Rejection, RejectionCode};
use crate::http::money::Money;
use crate::http::{Fault, Problem, ProblemType};
use crate::replica::{NotYet, Unavailable};
use crate::store::StoreError;

/// When to ask again while sales are held: a person has to have them go on, and takes some minutes at best.
pub(super) const HELD_RETRY_AFTER: Duration = Duration::from_secs(60);

impl From<Rejection> for Problem {
    fn from(rejection: Rejection) -> Self {
        let problem = Self::new(problem_type(rejection.code()));
        match rejection.code() {
            // Only who had a token comes so far; its session has ended since.
            RejectionCode::NotSignedIn => bad_token(),
            RejectionCode::VersionMismatch => with_current_version(problem, rejection.detail),
            RejectionCode::EmailTaken => problem.fault(Fault::of("email", "is in use")),
            RejectionCode::RefundTooLarge => refund_too_large(problem, rejection.detail),
            RejectionCode::SalesHeld => problem
                .detail("Nothing is sold or paid for until what was sold before a restore is known; nothing happened")
                .retry_after(HELD_RETRY_AFTER),
            RejectionCode::UnknownPosition => {
                let fault = format!("is beyond the newest event, which has the sequence {}", rejection.detail);
                problem.fault(Fault::of("start", fault))
            }
            RejectionCode::GroupStarted => problem.fault(Fault::of("start", "cannot be changed: remove the group first")),
            RejectionCode::NotParked => {
                problem.fault(Fault::of("sequences", format!("has {}, which is not parked", rejection.detail)))
            }
            RejectionCode::RequestExpired => problem.detail("The request was too long on its way"),
            _ => problem,
        }
    }
}

fn problem_type(code: RejectionCode) -> ProblemType {
    match code {
        RejectionCode::Internal => ProblemType::Internal,
        RejectionCode::NotSignedIn => ProblemType::NotSignedIn,
        RejectionCode::NotFound => ProblemType::NotFound,
        RejectionCode::Forbidden => ProblemType::Forbidden,
        RejectionCode::VersionMismatch => ProblemType::VersionMismatch,
        RejectionCode::RequestExpired => ProblemType::Unavailable,
        RejectionCode::KeyReused => ProblemType::IdempotencyKeyReused,
        RejectionCode::EmailTaken => ProblemType::EmailTaken,
        RejectionCode::BadCredentials => ProblemType::BadCredentials,
        RejectionCode::AccountInUse => ProblemType::AccountInUse,
        RejectionCode::TicketReserved => ProblemType::TicketReserved,
        RejectionCode::TicketSold => ProblemType::TicketSold,
        RejectionCode::TicketFrozen => ProblemType::TicketFrozen,
        RejectionCode::OwnTicket => ProblemType::OwnTicket,
        RejectionCode::ShowBegun => ProblemType::ShowBegun,
        RejectionCode::OrderCancelled => ProblemType::OrderCancelled,
        RejectionCode::OrderExpired => ProblemType::OrderExpired,
        RejectionCode::OrderPaid => ProblemType::OrderPaid,
        RejectionCode::ChargeUnderWay | RejectionCode::BrowserAttemptOpen => ProblemType::ChargeUnderWay,
        RejectionCode::TooManyAttempts => ProblemType::TooManyAttempts,
        RejectionCode::NothingToRefund => ProblemType::NothingToRefund,
        RejectionCode::RefundTooLarge => ProblemType::RefundTooLarge,
        RejectionCode::TooManyRefunds => ProblemType::TooManyRefunds,
        RejectionCode::SalesHeld => ProblemType::SalesHeld,
        RejectionCode::InsufficientScope => ProblemType::InsufficientScope,
        RejectionCode::TooManyKeys => ProblemType::TooManyKeys,
        RejectionCode::TooManyWebhooks => ProblemType::TooManyWebhooks,
        RejectionCode::WebhookDisabled => ProblemType::WebhookDisabled,
        RejectionCode::TooManyWaiting => ProblemType::TooManyWaiting,
        RejectionCode::TooManyGroups => ProblemType::TooManyGroups,
        RejectionCode::UnknownPosition => ProblemType::InvalidInput,
        RejectionCode::GroupStarted => ProblemType::GroupStarted,
        RejectionCode::TooManyParked => ProblemType::TooManyParked,
        RejectionCode::NotParked => ProblemType::NotFound,
    }
}

/// A fault of this program: the command answered, but not with what such a command answers.
pub(super) fn unexpected(answer: &Answer) -> Problem {
    // Its kind only: what it holds is not for the log.
    let kind = match answer {
        Answer::Done(()) => "Done",
        Answer::SignedIn(_) => "SignedIn",
        Answer::Ticket(_) => "Ticket",
        Answer::Order(_) => "Order",
        Answer::Payment(_) => "Payment",
        Answer::SandboxEntry(_) => "SandboxEntry",
        Answer::OperatorKey(_) => "OperatorKey",
        Answer::Refund(_) => "Refund",
        Answer::WebhookEndpoint(_) => "WebhookEndpoint",
        Answer::GroupPut(_) => "GroupPut",
        Answer::Fetched(_) => "Fetched",
        Answer::LeasesSettled(_) => "LeasesSettled",
        Answer::Redriven(_) => "Redriven",
    };
    Problem::new(ProblemType::Internal).because_of(format_args!("the command answered with {kind}"))
}

/// Says which version is current, so that a client need not ask for it.
fn with_current_version(problem: Problem, version: u64) -> Problem {
    let problem = problem.detail(format!("The current version is {version}"));
    match HeaderValue::try_from(super::conditional::etag(version)) {
        Ok(etag) => problem.header(header::ETAG, etag),
        Err(_) => problem,
    }
}

/// Says how much may still be asked for.
fn refund_too_large(problem: Problem, left_minor: u64) -> Problem {
    let left = Money { minor: left_minor };
    problem.detail(format!("At most {left} is left to be refunded")).fault(Fault::of("amount", "is too much"))
}

/// What is no id names nothing.
impl From<InvalidId> for Problem {
    fn from(_: InvalidId) -> Self {
        Self::new(ProblemType::NotFound)
    }
}

impl From<Unavailable> for Problem {
    fn from(error: Unavailable) -> Self {
        let detail = match error {
            Unavailable::NotYetSupported { .. } => {
                "Not before all replicas run this version; nothing happened"
            }
            _ => "Not known to have happened: ask again with the same idempotency key",
        };
        Self::new(ProblemType::Unavailable).because_of(&error).detail(detail)
    }
}

/// No cause for the log in these: anybody may ask for a state that is far off, and metrics count them.
impl From<NotYet> for Problem {
    fn from(error: NotYet) -> Self {
        match error {
            NotYet::Behind { index, applied } => Self::new(ProblemType::ReplicaBehind)
                .detail(format!("Log entry {index} is not applied here yet, {applied} is; nothing happened")),
            NotYet::TooMany => Self::new(ProblemType::ReplicaBehind)
                .detail("Too many requests wait for this replica to catch up; nothing happened"),
            NotYet::NoLeader => Self::new(ProblemType::NoLeader).detail(
                "No leader said in time which state is the newest, or it is not here yet; nothing happened",
            ),
            NotYet::Stopped => Self::new(ProblemType::Unavailable).because_of(error),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::new(ProblemType::Unavailable).because_of(error)
    }
}

impl From<HashError> for Problem {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy => Self::new(ProblemType::TooManyRequests)
                .detail("Too many people are signing in right now")
                .retry_after(HASHER_RETRY_AFTER),
            HashError::Stopped | HashError::Unreadable | HashError::NoRandomness(_) => {
                Self::new(ProblemType::Internal).because_of(error)
            }
        }
    }
}
