//! What is known about a request before anyone looks at what it asks for.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use poem::http::{HeaderMap, HeaderName, HeaderValue};
use poem::{FromRequest, Request, RequestBody, Result};

/// The header a request's id comes and goes in.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids are replaced: they go into every log line of the request.
const MAX_REQUEST_ID_BYTES: usize = 128;

/// Names a request in logs and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

/// Handed to handlers that take a `RequestContext` argument.
#[derive(Clone, Debug)]
pub struct RequestContext(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    request_id: RequestId,
    client_address: Option<IpAddr>,
    is_forwarded: bool,
    is_https: bool,
}

impl RequestId {
    /// The caller's own id if it is fit for a log, else a new one, which sorts by time.
    pub fn of(headers: &HeaderMap) -> RequestId {
        match headers.get(X_REQUEST_ID) {
            Some(theirs) if is_fit(theirs.as_bytes()) => RequestId(theirs.clone()),
            _ => RequestId::generate(),
        }
    }

    fn generate() -> RequestId {
        let mut buffer = uuid::Uuid::encode_buffer();
        let text = uuid::Uuid::now_v7().hyphenated().encode_lower(&mut buffer);
        RequestId(HeaderValue::from_str(text).expect("hexadecimal digits and hyphens"))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().expect("visible ASCII, checked when it was made")
    }

    /// As the value of [`X_REQUEST_ID`].
    pub fn header_value(&self) -> HeaderValue {
        self.0.clone()
    }
}

fn is_fit(id: &[u8]) -> bool {
    (1..=MAX_REQUEST_ID_BYTES).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl RequestContext {
    pub(super) fn new(
        request_id: RequestId,
        client_address: Option<IpAddr>,
        is_forwarded: bool,
        is_https: bool,
    ) -> RequestContext {
        RequestContext(Arc::new(Parts { request_id, client_address, is_forwarded, is_https }))
    }

    /// Names the request.
    pub fn request_id(&self) -> &RequestId {
        &self.0.request_id
    }

    /// Who asks, as far as [`TrustedProxy`](super::client_address::TrustedProxy) lets us know; `None`
    /// over a Unix socket.
    pub fn client_address(&self) -> Option<IpAddr> {
        self.0.client_address
    }

    /// Whether it came from outside, through a proxy that is trusted.
    pub fn is_forwarded(&self) -> bool {
        self.0.is_forwarded
    }

    /// Whether it was encrypted on its way here, or to a proxy that is trusted.
    pub fn is_https(&self) -> bool {
        self.0.is_https
    }
}

impl<'a> FromRequest<'a> for RequestContext {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        // Only an endpoint served without its `Stack` has none; then each look makes one of its own.
        let made = || RequestContext::new(RequestId::of(request.headers()), None, false, false);
        Ok(request.data::<RequestContext>().cloned().unwrap_or_else(made))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_kept_and_others_are_replaced() {
        let of = |id: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert(X_REQUEST_ID, HeaderValue::from_bytes(id).unwrap());
            RequestId::of(&headers).to_string()
        };
        let longest = "x".repeat(MAX_REQUEST_ID_BYTES);
        assert_eq!(of(b"abc-1/2"), "abc-1/2");
        assert_eq!(of(longest.as_bytes()), longest);
        let too_long = "x".repeat(MAX_REQUEST_ID_BYTES + 1);
        for odd in [b"".as_slice(), b"a b", b"\xc3\xa4", b"a\tb", too_long.as_bytes()] {
            assert_eq!(of(odd).len(), 36, "{odd:?}");
        }
        assert_ne!(RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
    }
}
