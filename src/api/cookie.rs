//! Cookies, as all of ours are.

use poem::http::{HeaderMap, header, uri::Authority};

/// What every cookie of ours says of itself: it is for all paths, for no script, and for no request that another
/// site makes, but one that shows a page of ours.
const ATTRIBUTES: &str = "Path=/; HttpOnly; SameSite=Lax";

/// Names and values of the request's cookies.
pub(super) fn all(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
}

/// The `Set-Cookie` header of a cookie that the browser keeps for so long, or until it is closed.
pub(super) fn set(name: &str, value: &str, max_age_s: Option<u64>, is_secure: bool) -> String {
    let max_age = max_age_s.map(|max_age_s| format!("; Max-Age={max_age_s}")).unwrap_or_default();
    let secure = if is_secure { "; Secure" } else { "" };
    format!("{name}={value}; {ATTRIBUTES}{max_age}{secure}")
}

/// Whether cookies may travel over encrypted connections only: always, but on loopback, where there is
/// nobody to listen and often no certificate.
pub(crate) fn is_secure(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let authority = host.and_then(|host| host.parse::<Authority>().ok());
    !authority.is_some_and(|authority| {
        let host = authority.host().trim_start_matches('[').trim_end_matches(']');
        host.eq_ignore_ascii_case("localhost")
            || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, header::HeaderValue::from_static(value))])
    }

    #[test]
    fn cookies_of_all_lines_are_found() {
        let mut headers = headers(header::COOKIE, "a=b; session=x.y.z;c=");
        headers.append(header::COOKIE, header::HeaderValue::from_static("odd; d=e=f"));
        let cookies: Vec<_> = all(&headers).collect();
        assert_eq!(cookies, [("a", "b"), ("session", "x.y.z"), ("c", ""), ("d", "e=f")]);
        assert_eq!(all(&HeaderMap::new()).count(), 0);
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
