//! Where a request comes from, if a browser sent it, and what pages of other origins may do.
//!
//! Browsers attach the session cookie to requests that other sites make them send. They also say so, in
//! `Sec-Fetch-Site` or, older ones, in `Origin`; no token in forms is needed. The rule is that of
//! `CrossOriginProtection` in Go's `net/http`.

use std::time::Duration;

use poem::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use poem::{Request, Response};

use super::problem::Problem;
use super::problem_type::ProblemType;

/// How long a browser may remember a preflight's answer.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_secs(600);
const ALLOWED_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const ALLOWED_HEADERS: HeaderValue = HeaderValue::from_static(
    "Authorization, Consistency, Consistency-Token, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, \
     X-Request-Id",
);
const EXPOSED_HEADERS: HeaderValue = HeaderValue::from_static(
    "Allow, Consistency-Age-Ms, Consistency-Token, ETag, Idempotent-Replayed, Last-Event-ID, Link, Location, \
     Retry-After, X-Request-Id",
);
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The origins whose pages may use the API, by bearer token only.
#[derive(Clone, Debug, Default)]
pub struct CorsOrigins(Vec<HeaderValue>);

/// Where a request comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// Our own pages, the address bar, or no browser at all.
    Same,
    /// A page of one of the [`CorsOrigins`].
    Allowed(HeaderValue),
    /// A page of some other origin.
    Other,
}

impl CorsOrigins {
    /// Takes origins as browsers write them: scheme, host, and a port unless it is the scheme's own.
    ///
    /// # Errors
    /// One line that names the origin that is none.
    pub fn new<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<CorsOrigins, String> {
        let parse = |origin: &str| {
            let is_origin = host_of(origin).is_some_and(|host| !host.is_empty())
                && !origin.bytes().any(|byte| byte.is_ascii_uppercase() || byte == b'*');
            match HeaderValue::from_str(origin) {
                Ok(value) if is_origin => Ok(value),
                _ => Err(format!("`{origin}` is not an origin like https://shop.example")),
            }
        };
        origins.into_iter().map(parse).collect::<Result<_, _>>().map(CorsOrigins)
    }

    /// Where a request comes from.
    pub(super) fn origin_of(&self, request: &Request) -> Origin {
        let headers = request.headers();
        // An empty header counts as none, as in Go.
        let told = |name: HeaderName| headers.get(name).filter(|value| !value.is_empty());
        let (site, origin) = (told(SEC_FETCH_SITE), told(header::ORIGIN));
        let is_own = match (site.map(HeaderValue::as_bytes), origin) {
            (Some(b"same-origin" | b"none"), _) => true,
            (Some(_), _) => false,
            (None, Some(origin)) => is_same_host(origin, headers, request.uri()),
            (None, None) => true,
        };
        match origin {
            _ if is_own => Origin::Same,
            Some(origin) if self.0.contains(origin) => Origin::Allowed(origin.clone()),
            _ => Origin::Other,
        }
    }

    /// Whether answers differ by origin, so that caches must know.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Refuses what would change something on behalf of another site.
pub(super) fn check(method: &Method, origin: &Origin) -> Result<(), Problem> {
    let is_safe = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if is_safe || *origin != Origin::Other { Ok(()) } else { Err(ProblemType::CrossOrigin.into()) }
}

/// The answer to a browser's question whether a page may send a request.
pub(super) fn preflight(request: &Request, origin: &Origin) -> Option<Response> {
    let asks = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !asks || !matches!(origin, Origin::Allowed(_)) {
        return None;
    }
    let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, ALLOWED_METHODS);
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_MAX_AGE.as_secs().into());
    Some(response)
}

/// Lets a page of a named origin read the answer.
pub(super) fn share(headers: &mut HeaderMap, origin: Origin) {
    if let Origin::Allowed(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED_HEADERS);
    }
}

fn is_same_host(origin: &HeaderValue, headers: &HeaderMap, uri: &Uri) -> bool {
    // HTTP/2 has the host in the address, HTTP/1 in a header.
    let host = match uri.authority() {
        Some(authority) => authority.as_str(),
        None => headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default(),
    };
    let origin_host = origin.to_str().ok().and_then(host_of);
    !host.is_empty() && origin_host.is_some_and(|origin_host| origin_host.eq_ignore_ascii_case(host))
}

/// Host and port of an origin; `None` for `null` and for what has more to it.
fn host_of(origin: &str) -> Option<&str> {
    let (_, host) = origin.split_once("://")?;
    (!host.contains(['/', '?', '#', '@', ' '])).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: Method, headers: &[(&'static str, &str)]) -> Request {
        let mut builder = Request::builder().method(method).header("host", "tickets.example");
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.finish()
    }

    fn passes(method: Method, headers: &[(&'static str, &str)]) -> bool {
        let origins = CorsOrigins::new(["https://shop.example"]).unwrap();
        check(&method.clone(), &origins.origin_of(&request(method, headers))).is_ok()
    }

    #[test]
    fn unsafe_requests_from_elsewhere_are_refused() {
        const SITE: &str = "sec-fetch-site";
        const ORIGIN: &str = "origin";
        let table: &[(bool, &[(&str, &str)])] = &[
            (true, &[]),
            (true, &[(SITE, "same-origin")]),
            (true, &[(SITE, "none")]),
            (false, &[(SITE, "cross-site")]),
            (false, &[(SITE, "same-site")]),
            (false, &[(SITE, "strange")]),
            (true, &[(SITE, "same-origin"), (ORIGIN, "https://evil.example")]),
            (false, &[(SITE, "cross-site"), (ORIGIN, "https://tickets.example")]),
            (true, &[(ORIGIN, "https://tickets.example")]),
            (true, &[(ORIGIN, "https://Tickets.example")]),
            (false, &[(ORIGIN, "https://tickets.example:8443")]),
            (false, &[(ORIGIN, "https://evil.example")]),
            (false, &[(ORIGIN, "null")]),
            (true, &[(ORIGIN, "")]),
            (false, &[(ORIGIN, "https://user@tickets.example")]),
            (true, &[(SITE, ""), (ORIGIN, "https://tickets.example")]),
            (true, &[(SITE, "cross-site"), (ORIGIN, "https://shop.example")]),
            (true, &[(ORIGIN, "https://shop.example")]),
            (false, &[(ORIGIN, "https://shop.example.evil.example")]),
        ];
        for (expected, headers) in table {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                assert_eq!(passes(method, headers), *expected, "{headers:?}");
            }
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                assert!(passes(method, headers), "{headers:?}");
            }
        }
    }

    #[test]
    fn http2_has_its_host_in_the_address() {
        let with = |origin: &str| {
            let uri = Uri::from_static("https://tickets.example/api/orders");
            let request = Request::builder().method(Method::POST).uri(uri).header("origin", origin).finish();
            CorsOrigins::default().origin_of(&request)
        };
        assert_eq!(with("https://tickets.example"), Origin::Same);
        assert_eq!(with("https://evil.example"), Origin::Other);
    }

    #[test]
    fn only_named_origins_get_a_preflight() {
        let origins = CorsOrigins::new(["https://shop.example"]).unwrap();
        let answer = |origin: &str| {
            let headers = [("origin", origin), ("access-control-request-method", "POST")];
            let request = request(Method::OPTIONS, &headers);
            preflight(&request, &origins.origin_of(&request))
        };
        assert!(answer("https://evil.example").is_none());
        let response = answer("https://shop.example").unwrap();
        assert_eq!(response.status(), StatusCode::NO_CONTENT);
        assert!(response.header("access-control-allow-headers").unwrap().contains("Idempotency-Key"));
        assert_eq!(response.header("access-control-allow-credentials"), None);
    }

    #[test]
    fn only_origins_are_origins() {
        for text in
            ["*", "shop.example", "https://", "https://shop.example/", "https://*.example", "null", ""]
        {
            assert!(CorsOrigins::new([text]).unwrap_err().contains(text), "{text}");
        }
    }
}
