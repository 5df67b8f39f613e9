//! The session cookie.

use poem::http::{HeaderMap, header, uri::Authority};

/// The cookie's name.
pub(super) const NAME: &str = "session";

/// The token in the request's cookie.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == NAME).then_some(value))
}

/// The `Set-Cookie` header that keeps a token as long as its session lasts.
pub(super) fn set(token: &str, max_age_s: u64, is_secure: bool) -> String {
    format!("{NAME}={token}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{}", secure(is_secure))
}

/// The `Set-Cookie` header that makes the browser forget the token.
pub(super) fn clear(is_secure: bool) -> String {
    format!("{NAME}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{}", secure(is_secure))
}

/// Whether the cookie may travel over encrypted connections only: always, but on loopback, where there is
/// nobody to listen and often no certificate.
pub(super) fn is_secure(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    !authority.is_some_and(|authority| {
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

fn secure(is_secure: bool) -> &'static str {
    if is_secure { "; Secure" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, header::HeaderValue::from_static(value))])
    }

    #[test]
    fn the_token_is_found_among_other_cookies() {
        assert_eq!(token(&headers(header::COOKIE, "a=b; session=x.y.z; c=d")), Some("x.y.z"));
        assert_eq!(token(&headers(header::COOKIE, "mysession=x")), None);
        assert_eq!(token(&HeaderMap::new()), None);
    }

    #[test]
    fn cookies_are_secure_everywhere_but_on_loopback() {
        for local in ["localhost:3000", "127.0.0.1", "127.9.9.9:80", "[::1]:3000"] {
            assert!(!is_secure(&headers(header::HOST, local)), "{local}");
        }
        for public in ["boxoffice.example", "localhost.example", "10.0.0.1:3000", "[2001:db8::1]"] {
            assert!(is_secure(&headers(header::HOST, public)), "{public}");
        }
        assert!(is_secure(&HeaderMap::new()));
    }
}
