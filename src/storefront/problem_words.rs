//! Refusals in the shop's words: what happened, and what to do next.

use crate::http::{Problem, ProblemType};

/// What a page says in large letters. The API's title where that reads well.
pub(super) fn title(kind: ProblemType) -> &'static str {
    match kind {
        ProblemType::InvalidInput | ProblemType::InvalidQuery => "That is not quite right yet",
        ProblemType::NotFound => "There is nothing here",
        ProblemType::NotSignedIn => "You are not signed in",
        ProblemType::Forbidden => "This is not yours to change",
        ProblemType::CrossOrigin => "This came from another site",
        ProblemType::MethodNotAllowed => "That cannot be done here",
        ProblemType::Internal => "Something went wrong here",
        ProblemType::Unavailable => "Not available right now",
        ProblemType::ReplicaBehind | ProblemType::NoLeader => "One moment, please",
        ProblemType::VersionMismatch => "It was changed meanwhile",
        ProblemType::KeyInProgress => "This is under way already",
        ProblemType::IdempotencyKeyReused => "This form was sent before, with something else in it",
        other => other.title(),
    }
}

/// What to do next.
pub(super) fn hint(kind: ProblemType) -> &'static str {
    match kind {
        ProblemType::NotFound => {
            "The address may be mistyped, the ticket withdrawn, or the page somebody else’s."
        }
        ProblemType::NotSignedIn => "Sign in, and try again.",
        ProblemType::Forbidden => "It belongs to somebody else.",
        ProblemType::CrossOrigin => "Nothing was changed. Go on from a page of this shop.",
        ProblemType::Unavailable | ProblemType::Internal => {
            "Wait a moment, and try again. If you were changing something, look first whether that was done."
        }
        ProblemType::ReplicaBehind | ProblemType::NoLeader => {
            "This server is catching up with what you did elsewhere; nothing was changed. Try again in a few seconds."
        }
        ProblemType::VersionMismatch => "Look at it as it is now, and try again.",
        ProblemType::TicketReserved => {
            "If they do not pay in time, it is free again: this may be in a few minutes."
        }
        ProblemType::OrderExpired => "If the ticket is still to be had, you can reserve it again.",
        ProblemType::AccountInUse => {
            "Pay or give back what you have reserved, and wait for those who have your tickets reserved."
        }
        ProblemType::KeyInProgress => {
            "The same was asked for a moment ago, and is under way. Look again in a moment."
        }
        ProblemType::IdempotencyKeyReused => {
            "Nothing was changed now. If what was sent first is not what you want, send it once more."
        }
        ProblemType::TooManyRequests => "Wait a little, and try again.",
        _ => "Nothing was changed.",
    }
}

/// What happened this time, where that was said for people and says more than the title.
pub(super) fn detail(problem: &Problem) -> Option<String> {
    let is_for_programs = matches!(
        problem.kind(),
        ProblemType::Internal
            | ProblemType::Unavailable
            | ProblemType::ReplicaBehind
            | ProblemType::NoLeader
            | ProblemType::VersionMismatch
            | ProblemType::UnsupportedMediaType
    );
    let detail = problem.to_string();
    (!is_for_programs && detail != problem.kind().title()).then_some(detail)
}

/// What is wrong with a field, where the API's words are for programs.
pub(super) fn fault(field: &str, message: &str) -> String {
    match field {
        "startsAt" if message.contains("RFC 3339") => {
            "must be a date and a time, from 1970 to 9999".to_owned()
        }
        "sort" => "must be one of these".to_owned(),
        _ => message.to_owned(),
    }
}

/// What the gateway's code of a decline means to whoever has the card.
pub(super) fn decline(code: &str) -> &'static str {
    match code {
        "insufficient_funds" => "There is not enough money on the card.",
        "lost_card" | "stolen_card" => "The card cannot be used.",
        "expired_card" => "The card has expired.",
        "incorrect_cvc" => "The card’s security code is wrong.",
        "processing_error" => "The bank could not process the payment.",
        "fraudulent" => "The bank takes the payment for fraud.",
        _ => "The bank declined the payment.",
    }
}

/// Whether it is not known if what was asked for has happened: the same key must go with the next try.
pub(super) fn is_unknown(problem: &Problem) -> bool {
    matches!(problem.kind(), ProblemType::Unavailable | ProblemType::Internal | ProblemType::KeyInProgress)
}
