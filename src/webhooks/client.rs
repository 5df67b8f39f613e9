//! Sending one message, once.

use std::error::Error;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Clock, SystemClock};
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Response};
use tokio::time::Instant;

use super::lookup::{Guarded, Lookup, NotOnTheInternet};
use super::url::{Destinations, UrlFault};
use crate::domain::MAX_ANSWER_BYTES;

/// How long it may take to be answered, from looking up the name on.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// How long the receiver may take to take a connection.
const CONNECT_WITHIN: Duration = Duration::from_secs(5);

/// For how long a connection is kept that nobody uses, one for each receiver.
const IDLE_FOR: Duration = Duration::from_secs(30);

/// A CloudEvent in the structured mode of its binding to HTTP.
const EVENT_CONTENT_TYPE: &str = "application/cloudevents+json; charset=utf-8";

/// What is sent, signed.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where to.
    pub url: String,
    /// Its id: the same however often it is sent.
    pub id: String,
    /// When it is sent, in seconds since 1970.
    pub timestamp_s: u64,
    /// By each secret that counts, with spaces in between.
    pub signatures: String,
    /// The event.
    pub body: Bytes,
}

/// What the receiver answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Its status.
    pub status: u16,
    /// When it wants to be asked again.
    pub retry_after: Option<Duration>,
    /// The beginning of its body.
    pub beginning: String,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAnswer {
    /// Nothing is sent there.
    #[error("nothing is sent there: the URL {0}")]
    Url(#[from] UrlFault),
    /// Nothing is sent to what the name stands for.
    #[error("nothing is sent there: the name leads to no address on the Internet")]
    NotOnTheInternet,
    /// None came in time.
    #[error("no answer within {} seconds", ANSWER_WITHIN.as_secs())]
    TimedOut,
    /// There was no connection.
    #[error("no connection: {0}")]
    Connection(String),
    /// The connection was lost, or what came is no answer.
    #[error("no answer: {0}")]
    Lost(String),
}

/// What sending comes to.
pub type Sending = Pin<Box<dyn Future<Output = Result<Answered, NoAnswer>> + Send>>;

/// Sends messages.
pub trait Sender: Send + Sync {
    /// Sends one, once.
    fn send(&self, message: Message) -> Sending;
}

/// Sends messages over HTTP. It follows no redirect, and goes through no proxy, which would look names up by itself.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    destinations: Destinations,
}

impl Client {
    /// One that looks names up by `lookup`.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new(destinations: Destinations, lookup: Arc<dyn Lookup>) -> Result<Self, reqwest::Error> {
        // The roots of the machine count too, but a container may have none.
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        let roots: Result<Vec<_>, _> = roots.map(|root| Certificate::from_der(root)).collect();
        let http = reqwest::Client::builder()
            .tls_certs_merge(roots?)
            .redirect(Policy::none())
            .no_proxy()
            .dns_resolver(Arc::new(Guarded { destinations, lookup }))
            .connect_timeout(CONNECT_WITHIN)
            .pool_idle_timeout(IDLE_FOR)
            .pool_max_idle_per_host(1)
            .user_agent(concat!("boxoffice/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { http, destinations })
    }

    async fn post(self, message: Message) -> Result<Answered, NoAnswer> {
        // An address in the URL is never looked up.
        let url = self.destinations.check(&message.url)?;
        let request = self
            .http
            .post(url)
            .header(CONTENT_TYPE, EVENT_CONTENT_TYPE)
            .header("webhook-id", message.id)
            .header("webhook-timestamp", message.timestamp_s)
            .header("webhook-signature", message.signatures)
            .body(message.body);
        let ends = Instant::now() + ANSWER_WITHIN;
        let response = tokio::time::timeout_at(ends, request.send()).await.map_err(|_| NoAnswer::TimedOut)?;
        let response = response.map_err(|error| no_answer(&error))?;
        let (status, retry_after) = (response.status().as_u16(), retry_after(response.headers()));
        Ok(Answered { status, retry_after, beginning: beginning(response, ends).await })
    }
}

impl Sender for Client {
    fn send(&self, message: Message) -> Sending {
        Box::pin(self.clone().post(message))
    }
}

/// As much of the body as is kept, and comes in time: whether the message was taken is known by then.
async fn beginning(mut response: Response, ends: Instant) -> String {
    let mut bytes = Vec::new();
    while bytes.len() < MAX_ANSWER_BYTES {
        match tokio::time::timeout_at(ends, response.chunk()).await {
            Ok(Ok(Some(chunk))) => bytes.extend_from_slice(&chunk[..chunk.len().min(MAX_ANSWER_BYTES)]),
            Ok(Ok(None) | Err(_)) | Err(_) => break,
        }
    }
    bytes.truncate(MAX_ANSWER_BYTES);
    let text = String::from_utf8_lossy(&bytes);
    // What stands for bytes that are no text may be longer than they are.
    text[..text.floor_char_boundary(MAX_ANSWER_BYTES)].to_owned()
}

/// In seconds, or until a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty() {
        // More digits than fit mean a long time as well.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = jiff::fmt::rfc2822::parse(text).ok()?;
    // A date goes by the time of day.
    let date_ms = u64::try_from(date.timestamp().as_millisecond()).ok()?;
    date_ms.checked_sub(SystemClock::new().wall_ms()).map(Duration::from_millis)
}

fn no_answer(error: &reqwest::Error) -> NoAnswer {
    let mut cause: &dyn Error = error;
    loop {
        if cause.is::<NotOnTheInternet>() {
            return NoAnswer::NotOnTheInternet;
        }
        let Some(deeper) = cause.source() else { break };
        cause = deeper;
    }
    // The innermost: what is above it has the address, which may be a secret.
    if error.is_timeout() && !error.is_connect() {
        NoAnswer::TimedOut
    } else if error.is_connect() {
        NoAnswer::Connection(cause.to_string())
    } else {
        NoAnswer::Lost(cause.to_string())
    }
}

#[cfg(test)]
mod tests;
