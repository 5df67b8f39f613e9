//! Opening a replica: its files, its log, and the service above it.

use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

use boxoffice_raft::{Engine, Options};
use tokio::net::UnixListener;
use tokio::runtime::Handle;

use crate::admin;
use crate::auth::{ClusterSecret, DataState, Hasher, HasherLimits, Sealer, SignInFailures, Tokens};
use crate::cli::Failure;
use crate::gateway::Sandbox;
use crate::http::server::ConnectionCounters;
use crate::machine::Machine;
use crate::metrics::{EngineMetrics, Metrics};
use crate::payment_signals::PaymentSignals;
use crate::replica::Replica;
use crate::service::Service;
use crate::settings::ServeSettings;
use crate::workers;

/// What a replica consists of once it is open.
pub(super) struct Opened {
    pub(super) engine: Engine,
    pub(super) service: Arc<Service>,
    pub(super) admin: UnixListener,
}

/// What the parts of a replica share from the start.
struct Shared {
    payment_signals: Arc<PaymentSignals>,
    metrics: Arc<Metrics>,
    connections: Arc<ConnectionCounters>,
}

/// Opens the replica where it does not hold up the threads that serve: reading files blocks.
pub(super) async fn open_aside(
    settings: ServeSettings,
    metrics: Arc<Metrics>,
    connections: Arc<ConnectionCounters>,
) -> Result<Opened, Failure> {
    let shared = Shared { payment_signals: Arc::new(PaymentSignals::default()), metrics, connections };
    let runtime = Handle::current();
    tokio::task::spawn_blocking(move || runtime.block_on(open(settings, shared))).await?
}

async fn open(settings: ServeSettings, shared: Shared) -> Result<Opened, Failure> {
    make_data_dir(&settings.data_dir)?;
    let secret = settings.cluster_secret.as_ref().map(|secret| secret.expose().as_str());
    let has_state = settings.data_dir.join(boxoffice_raft::STATE_FILE).exists();
    let data = if has_state { DataState::MayBeSealed } else { DataState::Fresh };
    let sealer = Sealer::new(&ClusterSecret::load_or_create(secret, &settings.data_dir, data)?);
    let engine = open_engine(&settings.data_dir, &shared.payment_signals, &shared.metrics).await?;
    let admin = admin::listen(&settings.data_dir)?;
    let service = tokio::select! {
        service = open_service(&settings, sealer, engine.clone(), shared) => service?,
        reason = engine.stopped() => return Err(reason.to_string().into()),
    };
    Ok(Opened { engine, service, admin })
}

/// What lies in there is nobody else's business.
fn make_data_dir(data_dir: &Path) -> Result<(), Failure> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir);
    made.map_err(|error| format!("cannot make the data directory {}: {error}", data_dir.display()).into())
}

async fn open_engine(
    data_dir: &Path,
    payment_signals: &Arc<PaymentSignals>,
    metrics: &Arc<Metrics>,
) -> Result<Engine, Failure> {
    let machine = Machine::new(payment_signals.clone(), metrics.clone());
    let observer = Arc::new(EngineMetrics(metrics.clone()));
    let options = Options { observer, ..Options::new(data_dir) };
    Ok(Engine::open(options, Box::new(machine)).await?)
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
    let keyring = workers::ensure_signing_key(&replica, &sealer, settings.rules.session_ttl_ms()).await?;
    Ok(Arc::new(Service {
        replica,
        tokens: Tokens::new(keyring),
        hasher: Hasher::new(HasherLimits::default())?,
        sign_in_failures: SignInFailures::new(),
        sealer,
        gateway,
        rules: settings.rules.clone(),
        payment_signals: shared.payment_signals,
        metrics: shared.metrics,
        connections: shared.connections,
    }))
}
