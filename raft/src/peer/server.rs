//! The listener that other replicas call.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use futures_util::{Stream, StreamExt, stream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tonic::transport::Server;

use super::certificate::strangeness;
use super::credentials::Credentials;
use super::expiry;
use super::generated::peer_server::PeerServer as Generated;
use super::incoming::Incoming;
use super::notices::Notices;
use super::service::PeerService;
use crate::formation::FormationHandle;
use crate::inner::Inner;
use crate::log_time::Clock;
use crate::record::MAX_RECORD_BYTES;

/// A replica that connects has so long for the handshake: a few round trips around the world.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);
/// Handshakes under way at once: far more than there are replicas, few enough for whoever only connects.
const HANDSHAKES: usize = 64;
/// After the operating system gave no connection, for want of file descriptors perhaps.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// A peer of which nothing is heard for so long is asked whether it lives, and forgotten if it does not answer.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(5);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes on their way on one stream: as the other side has it.
const STREAM_WINDOW_BYTES: u32 = 8 << 20;
/// The longest message: one append with as many entries as the engine sends at once, of the longest kind.
pub(super) const MAX_MESSAGE_BYTES: usize = 64 * MAX_RECORD_BYTES;

/// Whom calls reach: the engine, once there is one, and before that whatever looks for a cluster.
#[derive(Default)]
pub(crate) struct Reception {
    formation: OnceLock<FormationHandle>,
    engine: OnceLock<Weak<Inner>>,
}

impl Reception {
    /// From now on others learn what this replica looks for.
    pub(crate) fn introduce(&self, formation: FormationHandle) {
        self.formation.set(formation).ok();
    }

    /// What looks for a cluster, or has found one.
    ///
    /// # Errors
    /// When that has not begun yet.
    pub(super) fn formation(&self) -> Result<&FormationHandle, tonic::Status> {
        self.formation.get().ok_or_else(|| tonic::Status::unavailable("this replica is starting"))
    }

    /// Whether this replica still looks for a cluster.
    pub(super) fn is_without_cluster(&self) -> bool {
        self.formation.get().is_some_and(|formation| formation.outcome().is_none())
    }

    /// From now on calls reach this engine.
    pub(crate) fn open(&self, engine: &Arc<Inner>) {
        self.engine.set(Arc::downgrade(engine)).ok();
    }

    /// The engine that calls reach.
    ///
    /// # Errors
    /// When it is not open yet, or not any more.
    pub(super) fn engine(&self) -> Result<Arc<Inner>, tonic::Status> {
        let engine =
            self.engine.get().ok_or_else(|| tonic::Status::unavailable("this replica is starting"))?;
        engine.upgrade().ok_or_else(|| tonic::Status::unavailable("this replica is stopping"))
    }
}

/// The listener; it closes when this is dropped.
pub(crate) struct PeerServer {
    closing: CancellationToken,
}

impl Drop for PeerServer {
    fn drop(&mut self) {
        self.close();
    }
}

impl PeerServer {
    /// Takes calls at `address` from now on.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub(crate) async fn start(
        address: SocketAddr,
        credentials: &Credentials,
        clock: Arc<dyn Clock>,
        reception: Arc<Reception>,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let closing = CancellationToken::new();
        let incoming = incoming(listener, TlsAcceptor::from(credentials.server.clone()));
        let service = Generated::new(PeerService::new(reception, closing.clone()))
            .max_decoding_message_size(MAX_MESSAGE_BYTES)
            .max_encoding_message_size(MAX_MESSAGE_BYTES);
        let server = Server::builder()
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(STREAM_WINDOW_BYTES)
            .http2_keepalive_interval(Some(KEEP_ALIVE_INTERVAL))
            .http2_keepalive_timeout(Some(KEEP_ALIVE_TIMEOUT));
        tokio::spawn(expiry::watch(credentials.clone(), clock, closing.clone()));
        let closed = closing.clone().cancelled_owned();
        tokio::spawn(async move {
            if let Err(error) = server.serve_with_incoming_shutdown(service, incoming, closed).await {
                tracing::error!(%error, "the listener for replicas failed");
            }
        });
        Ok(Self { closing })
    }

    /// Takes no more calls, and ends those under way.
    pub(crate) fn close(&self) {
        self.closing.cancel();
    }
}

/// Connections whose peer has shown that it belongs here.
fn incoming(listener: TcpListener, tls: TlsAcceptor) -> impl Stream<Item = io::Result<Incoming>> + Send {
    let accepted = stream::unfold(listener, |listener| async move {
        loop {
            match listener.accept().await {
                Ok(connection) => return Some((connection, listener)),
                Err(error) => {
                    tracing::warn!(%error, "a replica's connection was not accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    });
    let strangers = Arc::new(Notices::default());
    let handshakes = accepted.map(move |(tcp, from)| handshake(tls.clone(), tcp, from, strangers.clone()));
    handshakes.buffer_unordered(HANDSHAKES).filter_map(|peer| async { peer.map(Ok) })
}

async fn handshake(
    tls: TlsAcceptor,
    tcp: TcpStream,
    from: SocketAddr,
    strangers: Arc<Notices>,
) -> Option<Incoming> {
    tcp.set_nodelay(true).ok()?;
    match tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(tcp)).await {
        Ok(Ok(peer)) => Some(Incoming(peer)),
        Ok(Err(error)) => {
            match strangeness(&error) {
                // Not the error's own words, which may have the time in them.
                Some(why) if strangers.is_due(format!("{} {why}", from.ip())) => {
                    tracing::warn!(%from, %error, "refused who {why}");
                }
                Some(_) => {}
                None => tracing::debug!(%from, %error, "a replica's handshake failed"),
            }
            None
        }
        Err(_) => None,
    }
}
