//! Back to a form's page, for whoever opens the address that the form is sent to: a browser shows that address beside a form
//! with mistakes in it, and people press Enter on it, or keep it.

use poem::Response;

use super::answer;
use super::visit::Visit;
use crate::http::Problem;

/// Sends on to the page that has the form.
pub(super) async fn to_page(visit: Visit) -> Result<Response, Problem> {
    answer::see_other(page_of(visit.request.uri().path()))
}

/// The page of a form that is sent to this path: the path that is one shorter, but for the account, whose page has all forms
/// of what is below it.
pub(super) fn page_of(path: &str) -> &str {
    if path.starts_with("/account/") {
        return "/account";
    }
    match path.rsplit_once('/') {
        Some((page, _)) if !page.is_empty() => page,
        _ => "/",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_the_one_with_the_form() {
        for (path, page) in [
            ("/tickets", "/"),
            ("/sign-out", "/"),
            ("/tickets/ticket_1/reserve", "/tickets/ticket_1"),
            ("/orders/order_1/pay", "/orders/order_1"),
            ("/account/delete", "/account"),
            ("/account/sessions/session_1/end", "/account"),
        ] {
            assert_eq!(page_of(path), page);
        }
    }
}
