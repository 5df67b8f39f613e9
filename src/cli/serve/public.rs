//! The public listener. It answers from the first moment: 503 until there is something behind its gate.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::api::{self, Gate};
use crate::cli::{Failure, print};
use crate::http::server::{self, ConnectionCounters, ConnectionLimits, Drained};
use crate::http::stack::{Stack, StackSettings};
use crate::http::tls;
use crate::metrics::Metrics;
use crate::settings::ServeSettings;
use crate::storefront;

/// The public listener, and what it shares with what is behind it.
pub(super) struct PublicListener {
    pub(super) address: SocketAddr,
    scheme: &'static str,
    pub(super) gate: Gate,
    pub(super) limits: ConnectionLimits,
    pub(super) metrics: Arc<Metrics>,
    pub(super) connections: Arc<ConnectionCounters>,
    /// Has it take no more requests.
    pub(super) draining: CancellationToken,
    pub(super) serving: JoinHandle<Drained>,
}

impl PublicListener {
    pub(super) fn open(settings: &ServeSettings) -> Result<Self, Failure> {
        let tls = load_tls(settings)?;
        let scheme = if tls.is_some() { "https" } else { "http" };
        let listener = listen(settings.listen)
            .map_err(|error| format!("cannot listen on {}: {error}", settings.listen))?;
        let address = listener.local_addr()?;
        let (gate, metrics) = (Gate::default(), Arc::new(Metrics::default()));
        let connections = Arc::new(ConnectionCounters::default());
        let limits = ConnectionLimits::new(settings.max_connections as usize, settings.drain_timeout);
        let draining = CancellationToken::new();
        let serving = tokio::spawn(server::serve(
            listener,
            tls,
            Stack::new(gate.clone(), metrics.clone(), stack_settings(settings)),
            limits.clone(),
            connections.clone(),
            draining.clone(),
        ));
        Ok(Self { address, scheme, gate, limits, metrics, connections, draining, serving })
    }

    /// Says where to go. Standard output may be gone, which is no reason not to sell tickets.
    pub(super) fn announce(&self) {
        let Self { scheme, address, .. } = self;
        let (here, elsewhere) = if address.ip().is_unspecified() {
            (format!("{scheme}://localhost:{}", address.port()), " and at this machine's other addresses")
        } else {
            (format!("{scheme}://{address}"), "")
        };
        let _ = print(&format!("Boxoffice is open at {here}{elsewhere} (API: {here}/docs)\n"));
    }
}

fn load_tls(settings: &ServeSettings) -> Result<Option<Arc<rustls::ServerConfig>>, Failure> {
    match (&settings.tls_cert, &settings.tls_key) {
        (Some(cert), Some(key)) => Ok(Some(tls::load(cert, key)?)),
        (None, None) => Ok(None),
        (Some(_), None) => Err("BOXOFFICE_TLS_CERT (--tls-cert) needs BOXOFFICE_TLS_KEY beside it".into()),
        (None, Some(_)) => Err("BOXOFFICE_TLS_KEY (--tls-key) needs BOXOFFICE_TLS_CERT beside it".into()),
    }
}

/// Listens with a backlog for a crowd that comes at once: the usual 128 would keep the others waiting for a
/// second, until they knock again. The kernel's own bound applies as well.
fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    const BACKLOG: u32 = 4_096;
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A restarted service need not wait for the connections of the one before.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

fn stack_settings(settings: &ServeSettings) -> StackSettings {
    StackSettings {
        trusted_proxy: settings.trusted_proxy,
        cors_origins: settings.cors_origins.clone(),
        routes: storefront::route_table(),
        vital_paths: api::VITAL_PATHS,
        error_page: Some(storefront::error_page),
        signed_paths: api::SIGNED_PATHS,
        ..StackSettings::default()
    }
}
