//! The accept loop: bounded, patient with errors, and finishing what it began when told to stop.
//!
//! poem's own server has no bound on connections and no time-out for a request's head.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use poem::Endpoint;
use poem::web::{LocalAddr, RemoteAddr};
use rustls::ServerConfig;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::activity::Timeouts;
use super::connection::{self, Ending, Serving, Shared};
use super::listener::Listener;

/// The first pause after an error to accept; it doubles up to [`MAX_ACCEPT_PAUSE`].
const MIN_ACCEPT_PAUSE: Duration = Duration::from_millis(10);
/// The longest pause after an error to accept, such as having no file descriptors left.
const MAX_ACCEPT_PAUSE: Duration = Duration::from_secs(1);
/// Being full is worth a line in the log this often.
const FULL_WARNING_INTERVAL: Duration = Duration::from_secs(10);

/// What a listener's connections may take.
#[derive(Clone, Debug)]
pub struct ConnectionLimits {
    /// Connections open at once; more wait in the operating system's backlog.
    pub max_connections: usize,
    /// From the start of a connection, or the first byte of a later request, to the end of the head.
    pub head_timeout: Duration,
    /// Between an answer and the next request; longer than the 60 s of common load balancers, so that
    /// it is them who close.
    pub idle_timeout: Duration,
    /// For the client to take in anything of what is written, and for an answer as a whole, with a second
    /// more for each KiB of it that was taken.
    pub write_timeout: Duration,
    /// From the start of a connection to the end of the TLS handshake.
    pub tls_handshake_timeout: Duration,
    /// From the request to stop until what is still under way is cut off.
    pub drain_timeout: Duration,
    /// A request's line and headers; at least 8 KiB.
    pub max_head_bytes: usize,
    /// Requests under way at once on one HTTP/2 connection.
    pub http2_max_streams: u32,
    /// Requests under way at once on all connections together, until their answers are taken: what bounds the
    /// memory of bodies, of which a connection of HTTP/2 could hold a hundred. Those beyond are refused.
    pub max_requests: usize,
}

/// What a listener has seen, for metrics.
#[derive(Debug, Default)]
pub struct ConnectionCounters {
    open: AtomicUsize,
    accepted: AtomicU64,
    cut_off: AtomicU64,
    full: AtomicU64,
    accept_errors: AtomicU64,
}

/// How draining went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that had to be cut off because they did not finish in time.
    pub cut_off: usize,
}

/// Serves connections until `shutdown`, then lets the requests under way finish.
pub async fn serve<L, E>(
    mut listener: L,
    tls: Option<Arc<ServerConfig>>,
    endpoint: E,
    limits: ConnectionLimits,
    counters: Arc<ConnectionCounters>,
    shutdown: CancellationToken,
) -> Drained
where
    L: Listener,
    E: Endpoint + 'static,
{
    let drain_timeout = limits.drain_timeout;
    let slots = Arc::new(Semaphore::new(limits.max_connections.min(Semaphore::MAX_PERMITS)));
    let shared = Arc::new(Shared {
        endpoint,
        tls: tls.map(TlsAcceptor::from),
        local: LocalAddr(listener.local_address().unwrap_or_default()),
        http1: connection::http1_of(&limits),
        http2: connection::http2_of(&limits),
        places: Arc::new(Semaphore::new(limits.max_requests.min(Semaphore::MAX_PERMITS))),
        limits,
        shutdown: shutdown.clone(),
    });
    let connections =
        Connections { tracker: TaskTracker::new(), abandon: CancellationToken::new(), counters };
    shutdown.run_until_cancelled(accept_forever(&mut listener, &slots, &shared, &connections)).await;
    // Closed at once: a client that comes now is better refused than left waiting.
    drop(listener);
    connections.drain(drain_timeout).await
}

/// The tasks of open connections.
struct Connections {
    tracker: TaskTracker,
    /// Ends them where they stand.
    abandon: CancellationToken,
    counters: Arc<ConnectionCounters>,
}

async fn accept_forever<L, E>(
    listener: &mut L,
    slots: &Arc<Semaphore>,
    shared: &Arc<Shared<E>>,
    connections: &Connections,
) where
    L: Listener,
    E: Endpoint + 'static,
{
    let mut pause = MIN_ACCEPT_PAUSE;
    let mut warned_at = None;
    loop {
        let slot = free_slot(slots, &connections.counters, &mut warned_at).await;
        match listener.accept().await {
            Ok((stream, peer)) => {
                pause = MIN_ACCEPT_PAUSE;
                connections.spawn(connection::serve(stream, RemoteAddr(peer), Arc::clone(shared)), slot);
            }
            Err(error) if is_about_one_connection(&error) => {}
            Err(error) => {
                connections.counters.accept_errors.fetch_add(1, Ordering::Relaxed);
                tracing::warn!(%error, pause_ms = pause.as_millis() as u64, "cannot accept connections");
                sleep(pause).await;
                pause = (pause * 2).min(MAX_ACCEPT_PAUSE);
            }
        }
    }
}

async fn free_slot(
    slots: &Arc<Semaphore>,
    counters: &ConnectionCounters,
    warned_at: &mut Option<Instant>,
) -> OwnedSemaphorePermit {
    if let Ok(slot) = Arc::clone(slots).try_acquire_owned() {
        return slot;
    }
    counters.full.fetch_add(1, Ordering::Relaxed);
    if warned_at.is_none_or(|at| at.elapsed() >= FULL_WARNING_INTERVAL) {
        *warned_at = Some(Instant::now());
        tracing::warn!(open = counters.open(), "all connections are taken; more have to wait");
    }
    Arc::clone(slots).acquire_owned().await.expect("the semaphore is never closed")
}

/// The client went away between its arrival and our accepting it: nothing is wrong with us.
fn is_about_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

impl Connections {
    fn spawn(&self, connection: Serving, slot: OwnedSemaphorePermit) {
        let open = Open::new(Arc::clone(&self.counters));
        let abandon = self.abandon.child_token();
        self.tracker.spawn(async move {
            if abandon.run_until_cancelled(connection).await == Some(Ending::CutOff) {
                open.0.cut_off.fetch_add(1, Ordering::Relaxed);
            }
            drop((open, slot));
        });
    }

    async fn drain(self, drain_timeout: Duration) -> Drained {
        self.tracker.close();
        if timeout(drain_timeout, self.tracker.wait()).await.is_ok() {
            return Drained { cut_off: 0 };
        }
        let cut_off = self.tracker.len();
        self.abandon.cancel();
        self.tracker.wait().await;
        self.counters.cut_off.fetch_add(cut_off as u64, Ordering::Relaxed);
        Drained { cut_off }
    }
}

/// Counts a connection as open for as long as it lives, even if its task panics.
struct Open(Arc<ConnectionCounters>);

impl Open {
    fn new(counters: Arc<ConnectionCounters>) -> Open {
        counters.accepted.fetch_add(1, Ordering::Relaxed);
        counters.open.fetch_add(1, Ordering::Relaxed);
        Open(counters)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl ConnectionCounters {
    /// Connections open now.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    /// Connections accepted so far.
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Ordering::Relaxed)
    }

    /// Connections ended by us because the client stalled, or did not finish while we drained.
    pub fn cut_off(&self) -> u64 {
        self.cut_off.load(Ordering::Relaxed)
    }

    /// How often a connection had to wait because all were taken.
    pub fn full(&self) -> u64 {
        self.full.load(Ordering::Relaxed)
    }

    /// How often accepting failed, for want of file descriptors say.
    pub fn accept_errors(&self) -> u64 {
        self.accept_errors.load(Ordering::Relaxed)
    }
}

impl ConnectionLimits {
    /// What an operator says, and for the rest what suits every listener.
    pub fn new(max_connections: usize, drain_timeout: Duration) -> Self {
        Self {
            max_connections,
            head_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(75),
            write_timeout: Duration::from_secs(30),
            tls_handshake_timeout: Duration::from_secs(10),
            drain_timeout,
            max_head_bytes: 32 * 1024,
            http2_max_streams: 100,
            // A body is at most `MAX_BODY_BYTES`, and a page of a list some 200 KiB: at the very worst a gigabyte.
            // Four times the busy connections that the service is measured with.
            max_requests: 4_096,
        }
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        Timeouts { head: self.head_timeout, idle: self.idle_timeout, write: self.write_timeout }
    }
}
