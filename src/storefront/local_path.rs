//! Where to go on to after signing in: a page of this shop, and never somebody else's.

use poem::http::uri::PathAndQuery;

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
