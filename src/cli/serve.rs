//! `boxoffice serve`: one replica, from its files to its listener.

use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use boxoffice_raft::{Engine, Options};
use tokio::net::{TcpListener, TcpSocket, UnixListener};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::stop::StopSignals;
use super::{Failure, logging, print, variables};
use crate::admin;
use crate::api::{self, Gate};
use crate::auth::{ClusterSecret, DataState, Failures, Hasher, HasherLimits, Sealer, Tokens};
use crate::gateway::Sandbox;
use crate::http::server::{self, ConnectionCounters, ConnectionLimits};
use crate::http::stack::{Stack, StackSettings};
use crate::http::throttle::Throttle;
use crate::http::tls;
use crate::machine::Machine;
use crate::metrics::{EngineMetrics, Metrics};
use crate::replica::Replica;
use crate::service::Service;
use crate::settings::ServeSettings;
use crate::settlements::Settlements;
use crate::workers;

pub(super) fn run(settings: ServeSettings) -> Result<(), Failure> {
    logging::start(&settings)?;
    warn_of_unknown_variables();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(serve(settings));
    // Whoever is told to stop while it opens its files does not wait for them: the log loses nothing.
    runtime.shutdown_background();
    done
}

async fn serve(settings: ServeSettings) -> Result<(), Failure> {
    // First of all: from here on a signal is a wish to stop, however far the start has come.
    let mut stop = StopSignals::catch()?;
    let tls = load_tls(&settings)?;
    make_data_dir(&settings.data_dir)?;
    let listener =
        listen(settings.listen).map_err(|error| format!("cannot listen on {}: {error}", settings.listen))?;
    let address = listener.local_addr()?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let metrics = Arc::new(Metrics::default());
    let connections = Arc::new(ConnectionCounters::default());
    let gate = Gate::default();
    let public = Stack::new(gate.clone(), metrics.clone(), stack_settings(&settings));
    let limits = connection_limits(&settings);
    // No new requests, then no new work: a payment under way still needs its worker.
    let (draining, stopping) = (CancellationToken::new(), CancellationToken::new());
    let serving = tokio::spawn(server::serve(
        listener,
        tls,
        public,
        limits.clone(),
        connections.clone(),
        draining.clone(),
    ));

    let shared = Shared { settlements: Arc::new(Settlements::default()), metrics, connections };
    let auth_rate_per_minute = settings.auth_rate_per_minute;
    let Opened { engine, service, admin } = tokio::select! {
        opened = open_aside(settings, shared) => opened?,
        signal = stop.next() => {
            tracing::info!(signal, "stopped before it was open");
            return Ok(());
        }
    };
    let tasks = TaskTracker::new();
    workers::start(&service, &tasks, &stopping);
    let admin = serve_admin(admin, service.clone(), limits, draining.clone());
    gate.open(api::routes(service.clone(), Throttle::new(auth_rate_per_minute)));
    announce(scheme, address);
    tracing::info!(%address, gateway = service.gateway.name(), "ready");

    tokio::select! {
        signal = stop.next() => tracing::info!(signal, "stopping"),
        reason = engine.stopped() => return Err(reason.to_string().into()),
    }
    let close = async {
        draining.cancel();
        let drained = serving.await?;
        if drained.cut_off > 0 {
            tracing::warn!(connections = drained.cut_off, "requests were still under way and were cut off");
        }
        admin.await?;
        stopping.cancel();
        tasks.close();
        tasks.wait().await;
        Ok(engine.shutdown().await?)
    };
    tokio::select! {
        closed = close => closed.inspect(|()| tracing::info!("stopped")),
        signal = stop.again() => {
            Err(format!("{signal} came while stopping: ended at once, whatever was under way").into())
        }
    }
}

/// What a replica consists of once it is open.
struct Opened {
    engine: Engine,
    service: Arc<Service>,
    admin: UnixListener,
}

/// Opens the replica where it does not hold up the threads that serve: reading files blocks.
async fn open_aside(settings: ServeSettings, shared: Shared) -> Result<Opened, Failure> {
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(open(settings, shared))).await?
}

async fn open(settings: ServeSettings, shared: Shared) -> Result<Opened, Failure> {
    let secret = settings.cluster_secret.as_ref().map(|secret| secret.0.as_str());
    let has_state = settings.data_dir.join(boxoffice_raft::STATE_FILE).exists();
    let data = if has_state { DataState::MayBeSealed } else { DataState::Fresh };
    let sealer = Sealer::new(&ClusterSecret::load_or_create(secret, &settings.data_dir, data)?);
    let engine = open_engine(&settings.data_dir, &shared.settlements, &shared.metrics).await?;
    let admin = admin::listen(&settings.data_dir)?;
    let service = tokio::select! {
        service = open_service(&settings, sealer, engine.clone(), shared) => service?,
        reason = engine.stopped() => return Err(reason.to_string().into()),
    };
    Ok(Opened { engine, service, admin })
}

/// Says where to go. Standard output may be gone, which is no reason not to sell tickets.
fn announce(scheme: &str, address: SocketAddr) {
    let (here, elsewhere) = if address.ip().is_unspecified() {
        (format!("{scheme}://localhost:{}", address.port()), " and at this machine's other addresses")
    } else {
        (format!("{scheme}://{address}"), "")
    };
    let _ = print(&format!("Boxoffice is open at {here}{elsewhere} (API: {here}/docs)\n"));
}

/// A name that nobody reads is a setting that is not what its owner thinks.
fn warn_of_unknown_variables() {
    for unknown in variables::unknown() {
        let (name, nearest) = (&unknown.name, unknown.nearest.as_deref());
        tracing::warn!(name, nearest, "an unknown environment variable is ignored");
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

/// What lies in there is nobody else's business.
fn make_data_dir(data_dir: &Path) -> Result<(), Failure> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir);
    made.map_err(|error| format!("cannot make the data directory {}: {error}", data_dir.display()).into())
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

async fn open_engine(
    data_dir: &Path,
    settlements: &Arc<Settlements>,
    metrics: &Arc<Metrics>,
) -> Result<Engine, Failure> {
    let machine = Machine::new(settlements.clone(), metrics.clone());
    let observer = Arc::new(EngineMetrics(metrics.clone()));
    let options = Options { observer, ..Options::new(data_dir) };
    Ok(Engine::open(options, Box::new(machine)).await?)
}

/// What the replica's parts share from the start.
struct Shared {
    settlements: Arc<Settlements>,
    metrics: Arc<Metrics>,
    connections: Arc<ConnectionCounters>,
}

/// Opens what is above the engine, once everything acknowledged before is applied again.
async fn open_service(
    settings: &ServeSettings,
    sealer: Sealer,
    engine: Engine,
    shared: Shared,
) -> Result<Arc<Service>, Failure> {
    let gateway = Arc::new(Sandbox::open(&settings.data_dir, settings.sandbox_slow)?);
    tracing::warn!("payments go to the sandbox: no real money moves");
    engine.wait_recovered().await?;
    let replica = Replica::new(engine);
    let keyring = workers::ensure_signing_key(&replica, &sealer, settings.rules.session_ttl).await?;
    Ok(Arc::new(Service {
        replica,
        tokens: Tokens::new(keyring),
        hasher: Hasher::new(HasherLimits::default())?,
        failures: Failures::new(),
        sealer,
        gateway,
        rules: settings.rules.clone(),
        settlements: shared.settlements,
        metrics: shared.metrics,
        connections: shared.connections,
    }))
}

fn serve_admin(
    listener: UnixListener,
    service: Arc<Service>,
    limits: ConnectionLimits,
    shutdown: CancellationToken,
) -> JoinHandle<server::Drained> {
    let counters = Arc::new(ConnectionCounters::default());
    tokio::spawn(server::serve(listener, None, admin::routes(service), limits, counters, shutdown))
}

fn connection_limits(settings: &ServeSettings) -> ConnectionLimits {
    ConnectionLimits {
        max_connections: settings.max_connections as usize,
        drain_timeout: settings.drain_timeout,
        ..ConnectionLimits::default()
    }
}

fn stack_settings(settings: &ServeSettings) -> StackSettings {
    StackSettings {
        trusted_proxy: settings.trusted_proxy,
        cors_origins: settings.cors_origins.clone(),
        routes: api::route_table(),
        vital_paths: api::VITAL_PATHS,
        ..StackSettings::default()
    }
}
