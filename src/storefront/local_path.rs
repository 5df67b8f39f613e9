//! Where to go on to after signing in: a page of this shop, and never somebody else's.

use form_urlencoded::Serializer;
use poem::http::uri::PathAndQuery;

/// What names where to go on to.
pub(super) const NEXT: &str = "next";

/// Where to sign in, and then go on to this page.
pub(super) fn sign_in_for(page: &str) -> String {
    format!("/sign-in?{}", query_for(page))
}

/// The same as a query.
pub(super) fn query_for(page: &str) -> String {
    Serializer::new(String::new()).append_pair(NEXT, page).finish()
}

/// The address if it is a path here, or else the first page.
pub(super) fn local_path(given: &str) -> &str {
    if is_local(given) { given } else { "/" }
}

/// Browsers read `//host` and `/\host` as another host, and leave out tabs and line breaks.
fn is_local(given: &str) -> bool {
    let is_plain = given.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\' && byte != b'#');
    given.starts_with('/') && !given.starts_with("//") && is_plain && given.parse::<PathAndQuery>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_here_are_gone_on_to() {
        for good in ["/", "/orders", "/?keyword=a+b&cursor=x", "/tickets/tkt_1/edit"] {
            assert_eq!(local_path(good), good);
        }
        for bad in [
            "",
            "orders",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "\t//evil.example",
            "/a\nb",
            "/a\\b",
            "https://evil.example",
            "javascript:alert(1)",
            "/ä",
            " /",
        ] {
            assert_eq!(local_path(bad), "/", "{bad:?}");
        }
    }
}
