//! What the page before did, in words. Its name is in the query, where anybody may write it: it is said only where it can be
//! true.

use super::show::Card;

/// What was done before a page that is not about one ticket.
pub(super) fn on_page(done: &str, path: &str, is_signed_in: bool) -> Option<&'static str> {
    Some(match (done, path, is_signed_in) {
        ("withdrawn", "/selling", true) => "Your ticket is withdrawn.",
        ("password", "/account", true) => "Your password is changed, and all other sessions are ended.",
        ("session", "/account", true) => "The session is ended.",
        ("sessions", "/account", true) => "All other sessions are ended.",
        ("signed-out", "/", false) => "You are signed out.",
        ("deleted", "/", false) => "The account is deleted.",
        _ => return None,
    })
}

/// What its seller did with a ticket.
pub(super) fn with_ticket(done: &str, card: &Card) -> Option<&'static str> {
    Some(match (done, card.status) {
        ("posted", "available") => "Your ticket is on sale.",
        // The page says why it is not on sale.
        ("posted", "begun") => "Your ticket is posted.",
        ("saved", _) if card.version > 0 => "Your ticket is changed.",
        ("frozen", "frozen") => "Your ticket is off sale. Nobody can reserve it until you put it back.",
        ("unfrozen", "available") => "Your ticket is on sale again.",
        _ => return None,
    })
}
