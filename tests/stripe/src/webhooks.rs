//! Webhooks: tells somebody what happened, in time or late, once or twice, in order or not, or not at all.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http_body_util::Full;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use ring::hmac;
use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::account::Event;
use crate::clock::Clock;

/// Deliveries that may be on their way; what comes on top is dropped, and counted.
const MAX_PENDING: usize = 20_000;

/// Connections for them that are open at once.
const MAX_CONNECTIONS: usize = 32;

/// How long whoever is told may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Who is told, and what goes wrong. Probabilities are for each event.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookSettings {
    /// Where to: `http://…`, of which each delivery takes the next. Nobody is told if there is none.
    pub urls: Vec<String>,
    /// The secrets that a delivery is signed with; it has a signature for each.
    pub secrets: Vec<String>,
    /// How long it takes, at least and at most.
    pub delay_ms: (u64, u64),
    /// Probability that an event is never told.
    pub dropped: f64,
    /// Probability that it is told twice.
    pub doubled: f64,
    /// Probability that it is held back while others overtake it.
    pub reordered: f64,
    /// For how long.
    pub held_back_ms: u64,
    /// How often a delivery is tried that is not answered with 2xx.
    pub tries: u32,
    /// How long after the first try the second comes; each pause is twice as long as the one before.
    pub retry_ms: u64,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            urls: Vec::new(),
            secrets: Vec::new(),
            delay_ms: (0, 0),
            dropped: 0.0,
            doubled: 0.0,
            reordered: 0.0,
            held_back_ms: 500,
            tries: 5,
            retry_ms: 500,
        }
    }
}

/// What became of the events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookCounts {
    /// Answered with 2xx.
    pub delivered: u64,
    /// Tries that were not.
    pub refused: u64,
    /// Never told, by chance or for want of room.
    pub dropped: u64,
    /// Deliveries that are on their way.
    pub pending: u64,
}

/// The header that whoever knows the secrets would send with this body.
pub fn signature_header(secrets: &[impl AsRef<str>], timestamp_s: u64, body: &[u8]) -> String {
    let mut header = format!("t={timestamp_s}");
    for secret in secrets {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_ref().as_bytes());
        let mut signed = hmac::Context::with_key(&key);
        signed.update(format!("{timestamp_s}.").as_bytes());
        signed.update(body);
        let hex: String = signed.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        header.push_str(&format!(",v1={hex}"));
    }
    header
}

/// Tells of events.
pub(crate) struct Webhooks {
    settings: Mutex<WebhookSettings>,
    chance: Mutex<StdRng>,
    clock: Clock,
    connections: Semaphore,
    next_url: AtomicUsize,
    delivered: AtomicU64,
    refused: AtomicU64,
    dropped: AtomicU64,
    pending: AtomicU64,
    stopping: CancellationToken,
}

impl Webhooks {
    pub(crate) fn new(
        seed: u64,
        settings: WebhookSettings,
        clock: Clock,
        stopping: CancellationToken,
    ) -> Self {
        Self {
            settings: Mutex::new(settings),
            chance: Mutex::new(StdRng::seed_from_u64(seed)),
            clock,
            connections: Semaphore::new(MAX_CONNECTIONS),
            next_url: AtomicUsize::new(0),
            delivered: AtomicU64::new(0),
            refused: AtomicU64::new(0),
            dropped: AtomicU64::new(0),
            pending: AtomicU64::new(0),
            stopping,
        }
    }

    pub(crate) fn set(&self, settings: WebhookSettings) {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    pub(crate) fn settings(&self) -> WebhookSettings {
        self.settings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn counts(&self) -> WebhookCounts {
        WebhookCounts {
            delivered: self.delivered.load(Ordering::Relaxed),
            refused: self.refused.load(Ordering::Relaxed),
            dropped: self.dropped.load(Ordering::Relaxed),
            pending: self.pending.load(Ordering::Relaxed),
        }
    }

    /// Tells of an event, or not, as chance has it.
    pub(crate) fn tell(self: &Arc<Self>, event: &Event) {
        let settings = self.settings();
        if settings.urls.is_empty() {
            return;
        }
        let delays = self.delays(&settings);
        if delays.is_empty() {
            self.dropped.fetch_add(1, Ordering::Relaxed);
        }
        delays.into_iter().for_each(|delay| self.deliver(event, delay));
    }

    /// Tells of an event after this time, whatever the probabilities are.
    pub(crate) fn deliver(self: &Arc<Self>, event: &Event, delay: Duration) {
        if self.pending.load(Ordering::Relaxed) >= MAX_PENDING as u64 {
            self.dropped.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.pending.fetch_add(1, Ordering::Relaxed);
        let (this, body) = (self.clone(), event.body.to_string());
        tokio::spawn(async move {
            tokio::select! {
                () = this.stopping.cancelled() => {}
                () = this.try_until_taken(body, delay) => {}
            }
            this.pending.fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// After how long the event is told, once for each.
    fn delays(&self, settings: &WebhookSettings) -> Vec<Duration> {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let (least, most) = settings.delay_ms;
        let mut delay = || chance.random_range(least..=most.max(least));
        let (first, second) = (delay(), delay());
        let mut happens = |probability: f64| chance.random::<f64>() < probability;
        let (is_dropped, is_doubled) = (happens(settings.dropped), happens(settings.doubled));
        let held_back = if happens(settings.reordered) { most + settings.held_back_ms } else { 0 };
        let told = match (is_dropped, is_doubled) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => 2,
        };
        let delays = [first + held_back, second + held_back];
        delays.into_iter().take(told).map(Duration::from_millis).collect()
    }

    async fn try_until_taken(&self, body: String, delay: Duration) {
        tokio::time::sleep(delay).await;
        let WebhookSettings { tries, retry_ms, .. } = self.settings();
        for tried in 0..tries {
            let pause = retry_ms.saturating_mul(2_u64.saturating_pow(tried));
            match tokio::time::timeout(TIMEOUT, self.send(body.clone())).await {
                Ok(Some(status)) if (200..300).contains(&status) => {
                    self.delivered.fetch_add(1, Ordering::Relaxed);
                    return;
                }
                _ => self.refused.fetch_add(1, Ordering::Relaxed),
            };
            if tried + 1 < tries {
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
        }
    }

    /// Sends it once, and returns what was answered.
    async fn send(&self, body: String) -> Option<u16> {
        let _permit = self.connections.acquire().await.ok()?;
        let settings = self.settings();
        let next = self.next_url.fetch_add(1, Ordering::Relaxed);
        let url: Uri = settings.urls.get(next.checked_rem(settings.urls.len())?)?.parse().ok()?;
        let signature = signature_header(&settings.secrets, self.clock.now_s(), body.as_bytes());
        let request = Request::post(url.path())
            .header("host", url.authority()?.as_str())
            .header("content-type", "application/json; charset=utf-8")
            .header("user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
            .header("stripe-signature", signature)
            .body(Full::<bytes::Bytes>::from(body))
            .ok()?;
        let stream = TcpStream::connect((url.host()?, url.port_u16().unwrap_or(80))).await.ok()?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        let connection = tokio::spawn(connection);
        let answer = sender.send_request(request).await.ok();
        connection.abort();
        Some(answer?.status().as_u16())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_stripes_documents() {
        // Computed with `openssl dgst -sha256 -hmac whsec_test`.
        let header = signature_header(&["whsec_test"], 1_700_000_000, br#"{"id":"evt_1"}"#);
        assert_eq!(
            header,
            "t=1700000000,v1=c89214b5b5da833daed6f0b8c5bb6bd58cea9022bd80ccc78230f3942d632925"
        );
        assert_eq!(signature_header(&["a", "b"], 1, b"").matches(",v1=").count(), 2);
    }
}
