//! The session cookie.

use poem::http::HeaderMap;

use super::cookie;

/// The cookie's name.
pub(super) const NAME: &str = "session";

/// The token in the request's cookie.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    cookie::all(headers).find_map(|(name, value)| (name == NAME).then_some(value))
}

/// The `Set-Cookie` header that keeps a token as long as its session lasts.
pub(super) fn set(token: &str, max_age_s: u64, is_secure: bool) -> String {
    cookie::set(NAME, token, Some(max_age_s), is_secure)
}

/// The `Set-Cookie` header that makes the browser forget the token.
pub(crate) fn clear(is_secure: bool) -> String {
    cookie::set(NAME, "", Some(0), is_secure)
}
