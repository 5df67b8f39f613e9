//! Requests to Stripe, and what comes back.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, RequestBuilder, Response, StatusCode, Url};
use tokio::time::Instant;

use super::form::Form;
use super::rest::Rest;
use crate::auth::Secret;
use crate::gateway::{GatewayError, LONGEST_REST};
use crate::settings::StripeAccount;

/// The version of Stripe's interface that this speaks: what it answers does not change with the account's settings.
pub(super) const VERSION: &str = "2023-08-16";

/// How long Stripe may take to take a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest answer: a page of a hundred intents has some 300 KB.
const MAX_ANSWER_BYTES: usize = 4 << 20;

/// Connections that are kept open while nobody uses them.
const MAX_IDLE_CONNECTIONS: usize = 64;

/// The longest name of an object, as Stripe promises.
const MAX_NAME_BYTES: usize = 255;

/// Where requests go, and with which key.
#[derive(Debug)]
pub(super) struct Api {
    http: Client,
    base: Url,
    secret_key: Secret<String>,
    rest: Rest,
}

/// Whether a request can wait while Stripe wants to be left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Haste {
    CanWait,
    /// Without its answer an order would be released while nobody knows whether it was paid.
    Urgent,
}

/// What came back.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    /// It is the stored answer to an earlier request with the same key.
    pub(super) is_replayed: bool,
    /// When Stripe wants to be asked again.
    pub(super) retry_after: Option<Duration>,
    pub(super) body: Vec<u8>,
}

impl Api {
    pub(super) fn new(account: &StripeAccount, timeout: Duration) -> Result<Self, reqwest::Error> {
        let base = account.api_base.clone();
        // The roots of the machine count too, but a container may have none.
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        let roots: Result<Vec<_>, _> = roots.map(|root| Certificate::from_der(root)).collect();
        let client = Client::builder()
            .tls_certs_merge(roots?)
            // Nobody is to be told the key but who is at the base.
            .redirect(Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(timeout)
            .pool_max_idle_per_host(MAX_IDLE_CONNECTIONS)
            .user_agent(concat!("boxoffice/", env!("CARGO_PKG_VERSION")));
        // A proxy could not reach a stand-in on this machine.
        let client = if is_here(&base) { client.no_proxy() } else { client };
        let secret_key = account.secret_key.clone();
        Ok(Self { http: client.build()?, base, secret_key, rest: Rest::default() })
    }

    pub(super) async fn post(&self, path: &[&str], form: &Form, key: &str) -> Result<Reply, GatewayError> {
        let request = self.http.post(self.url(path)?).header("idempotency-key", key);
        self.send(with_form(request, form), Haste::CanWait).await
    }

    /// The same without a key, and also while Stripe wants to be left alone.
    pub(super) async fn post_urgently(&self, path: &[&str], form: &Form) -> Result<Reply, GatewayError> {
        self.send(with_form(self.http.post(self.url(path)?), form), Haste::Urgent).await
    }

    pub(super) async fn get(&self, path: &[&str], query: &Form) -> Result<Reply, GatewayError> {
        self.get_with(Haste::CanWait, path, query).await
    }

    pub(super) async fn get_with(
        &self,
        haste: Haste,
        path: &[&str],
        query: &Form,
    ) -> Result<Reply, GatewayError> {
        let mut url = self.url(path)?;
        if query.pairs().next().is_some() {
            url.query_pairs_mut().extend_pairs(query.pairs());
        }
        self.send(self.http.get(url), haste).await
    }

    async fn send(&self, request: RequestBuilder, haste: Haste) -> Result<Reply, GatewayError> {
        if haste == Haste::CanWait {
            self.rest.check(Instant::now())?;
        }
        let request = request.header(AUTHORIZATION, self.authorization()?).header("stripe-version", VERSION);
        let response = request.send().await.map_err(|error| no_answer(&error))?;
        let (status, headers) = (response.status(), response.headers());
        let is_replayed = headers.get("idempotent-replayed").is_some_and(|value| value == "true");
        let retry_after = retry_after(headers);
        let is_busy = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
        if let Some(how_long) = retry_after.filter(|_| is_busy) {
            self.rest.begin(Instant::now(), how_long);
        }
        Ok(Reply { status, is_replayed, retry_after, body: read(response).await? })
    }

    fn authorization(&self) -> Result<HeaderValue, GatewayError> {
        let value = format!("Bearer {}", self.secret_key.expose());
        let unusable = |_| GatewayError::Unknown("the secret key fits into no header".to_owned());
        let mut value = HeaderValue::try_from(value).map_err(unusable)?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// The address of an object. Names are checked, for some come from outside: none may lead elsewhere.
    fn url(&self, path: &[&str]) -> Result<Url, GatewayError> {
        if let Some(name) = path.iter().find(|name| !is_name(name)) {
            let message = format!("{name:?} is no name of anything at Stripe");
            return Err(GatewayError::Refused { code: "resource_missing".to_owned(), message });
        }
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("v1").extend(path);
        }
        Ok(url)
    }
}

fn with_form(request: RequestBuilder, form: &Form) -> RequestBuilder {
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.encode())
}

/// Whether something at Stripe may be called so.
pub(super) fn is_name(text: &str) -> bool {
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    !text.is_empty() && text.len() <= MAX_NAME_BYTES && text.bytes().all(is_letter)
}

fn is_here(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds).min(LONGEST_REST))
}

/// The answer's body, up to a bound.
async fn read(mut response: Response) -> Result<Vec<u8>, GatewayError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| no_answer(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(GatewayError::Unknown("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Whether the request arrived is not known, or does not matter: everything may be asked again.
fn no_answer(error: &reqwest::Error) -> GatewayError {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "cannot connect"
    } else {
        "the connection was lost"
    };
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    // The innermost: what is above it has the address, which names an intent.
    GatewayError::Unknown(if error.is_timeout() { what.to_owned() } else { format!("{what}: {cause}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_else() {
        for name in ["pi_1", "re_3NxYz"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "..", "pi_1/confirm", "pi_1?x", "pi 1", "pi_%2e", "pï_1", &"a".repeat(256)] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn stripe_says_when_to_come_again() {
        let says = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_str(value).unwrap());
            retry_after(&headers)
        };
        assert_eq!(says("2"), Some(Duration::from_secs(2)));
        assert_eq!(says("999999999999"), Some(LONGEST_REST));
        for other in ["soon", "-1", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(says(other), None, "{other}");
        }
    }
}
