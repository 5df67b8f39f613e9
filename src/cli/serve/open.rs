//! Opening a replica: its files, its log, and the service above it.

use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Engine, Options, PeerOptions};
use futures_util::FutureExt;
use tokio::net::UnixListener;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use crate::admin;
use crate::auth::{
    CLUSTER_SECRET_ENV, ClusterSecret, DataState, Hasher, HasherLimits, Sealer, SignInFailures, Tokens,
};
use crate::cli::Failure;
use crate::cli::peer_target::credentials;
use crate::domain::{Hold, SUPPORTED_LEVEL};
use crate::event_signals::EventSignals;
use crate::events::Hub;
use crate::failpoint::keeps_whole_log;
use crate::gateway::stripe::Stripe;
use crate::gateway::{ClientCalls, Gateway, Sandbox};
use crate::http::server::ConnectionCounters;
use crate::http::timestamp::Timestamp;
use crate::machine::Machine;
use crate::metrics::{EngineMetrics, Metrics};
use crate::payment_signals::PaymentSignals;
use crate::replica::Replica;
use crate::service::Service;
use crate::settings::{ClusterSettings, Placement, ServeSettings, StripeAccount};
use crate::store::View;
use crate::webhooks::{Client, Destinations, SystemLookup};
use crate::workers;

/// How long a replica that starts waits for a leader before it shows what it has: some elections long.
const LEADER_PATIENCE: Duration = Duration::from_secs(5);

/// What a replica consists of once it is open.
pub(super) struct Opened {
    pub(super) engine: Engine,
    pub(super) service: Arc<Service>,
    pub(super) admin: UnixListener,
}

/// What the parts of a replica share from the start.
struct Shared {
    payment_signals: Arc<PaymentSignals>,
    event_signals: Arc<EventSignals>,
    metrics: Arc<Metrics>,
    connections: Arc<ConnectionCounters>,
}

/// Opens the replica where it does not hold up the threads that serve: reading files blocks. Gives up when it is told
/// to: what goes on when the runtime ends would panic.
pub(super) async fn open_aside(
    settings: ServeSettings,
    metrics: Arc<Metrics>,
    connections: Arc<ConnectionCounters>,
    giving_up: CancellationToken,
) -> Result<Opened, Failure> {
    let (payment_signals, event_signals) =
        (Arc::new(PaymentSignals::default()), Arc::new(EventSignals::default()));
    let shared = Shared { payment_signals, event_signals, metrics, connections };
    let runtime = Handle::current();
    let opening = async move {
        tokio::select! {
            biased;
            () = giving_up.cancelled() => Err("stopped before it was open".into()),
            opened = open(settings, shared) => opened,
        }
    };
    tokio::task::spawn_blocking(move || runtime.block_on(opening)).await?
}

async fn open(settings: ServeSettings, shared: Shared) -> Result<Opened, Failure> {
    // Before anything is made: a key in the wrong place should leave nothing behind.
    let stripe = settings.stripe.account()?;
    make_data_dir(&settings.data_dir)?;
    let placement = settings.cluster.placement(|name| std::env::var(name).ok())?;
    let has_state = settings.data_dir.join(boxoffice_raft::STATE_FILE).exists();
    let data = if has_state { DataState::MayBeSealed } else { DataState::Fresh };
    let secret = cluster_secret(&settings, data, placement.is_some())?;
    let also = settings.secrets.also()?;
    let peers = |placement| peer_options(&settings.cluster, placement, &secret, also.as_ref());
    let peers = placement.map(peers).transpose()?;
    let sealer = Sealer::new(&secret);
    let sealer = also.iter().fold(sealer, |sealer, also| sealer.opening_also(&Sealer::new(also)));
    let engine = open_engine(&settings, peers, &shared).await?;
    let admin = admin::listen(&settings.data_dir)?;
    let service = tokio::select! {
        service = open_service(&settings, stripe, sealer, engine.clone(), shared) => service,
        reason = engine.stopped() => Err(reason.to_string().into()),
    };
    // Who asks an engine that failed meanwhile only hears that it has stopped.
    let reason = || engine.stopped().now_or_never().map(|reason| reason.to_string().into());
    let service = service.map_err(|error| reason().unwrap_or(error))?;
    Ok(Opened { engine, service, admin })
}

/// What lies in there is nobody else's business.
pub(in crate::cli) fn make_data_dir(data_dir: &Path) -> Result<(), Failure> {
    let made = std::fs::DirBuilder::new().recursive(true).mode(0o700).create(data_dir);
    made.map_err(|error| format!("cannot make the data directory {}: {error}", data_dir.display()).into())
}

/// The secret that all replicas share. Only a replica that is alone may make its own.
fn cluster_secret(
    settings: &ServeSettings,
    data: DataState,
    has_peers: bool,
) -> Result<ClusterSecret, Failure> {
    match settings.secrets.given()? {
        Some(secret) => Ok(secret),
        None if has_peers => Err(format!(
            "replicas know each other by a secret: set {CLUSTER_SECRET_ENV}, the same on all of them"
        )
        .into()),
        None => Ok(ClusterSecret::load_or_create(&settings.data_dir, data)?),
    }
}

fn peer_options(
    settings: &ClusterSettings,
    placement: Placement,
    secret: &ClusterSecret,
    also: Option<&ClusterSecret>,
) -> Result<PeerOptions, Failure> {
    let credentials = credentials(&settings.certificate, || Ok((secret.clone(), also.cloned())))?;
    let Placement { listen, advertise, peering, region, may_vote } = placement;
    Ok(PeerOptions {
        listen,
        credentials,
        advertise,
        discovery: peering,
        region,
        may_vote,
        bootstrap_expect: settings.bootstrap_expect,
        voters: settings.voters as usize,
        replace_after: settings.replace_voter_after.0,
        forget_after: settings.forget_after.0,
        program_version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

async fn open_engine(
    settings: &ServeSettings,
    peers: Option<PeerOptions>,
    shared: &Shared,
) -> Result<Engine, Failure> {
    let (payments, events) = (shared.payment_signals.clone(), shared.event_signals.clone());
    let machine = Machine::new(payments, events, shared.metrics.clone());
    let defaults = Options::new(&settings.data_dir);
    let options = Options {
        keep_log_entries: if keeps_whole_log() { u64::MAX } else { defaults.keep_log_entries },
        observer: Arc::new(EngineMetrics(shared.metrics.clone())),
        peers,
        log_max_bytes: settings.log_max_bytes,
        supported_level: SUPPORTED_LEVEL,
        ..defaults
    };
    Ok(Engine::open(options, Box::new(machine)).await?)
}

/// Opens what is above the engine, once everything acknowledged before is applied again, or nobody leads who could
/// say what that is.
async fn open_service(
    settings: &ServeSettings,
    stripe: Option<StripeAccount>,
    sealer: Sealer,
    engine: Engine,
    shared: Shared,
) -> Result<Arc<Service>, Failure> {
    tell_where_money_moves(stripe.as_ref());
    tell_of_old_books(&settings.data_dir);
    let cluster = engine.clone();
    let replica = recovered(engine).await?;
    tell_of_a_hold(&replica)?;
    let cluster = format!("{:032x}", cluster.status().cluster_id);
    let stripe = stripe.map(|account| Stripe::new(&account, cluster)).transpose()?.map(Arc::new);
    let gateway: Arc<dyn Gateway> = match stripe.clone() {
        Some(stripe) => stripe,
        None => Arc::new(Sandbox::new(replica.clone(), settings.sandbox_slow)),
    };
    let webhook_destinations = webhook_destinations(settings);
    let webhook_sender = Arc::new(Client::new(webhook_destinations, Arc::new(SystemLookup::default()))?);
    let keyring = workers::ensure_signing_key(&replica, &sealer, settings.rules.session_ttl_ms()).await?;
    Ok(Arc::new(Service {
        replica,
        tokens: Tokens::new(keyring),
        hasher: Hasher::new(HasherLimits::default())?,
        sign_in_failures: SignInFailures::new(),
        sealer,
        gateway,
        stripe,
        client_calls: ClientCalls::default(),
        rules: settings.rules.clone(),
        payment_signals: shared.payment_signals,
        events: Arc::new(Hub::new(shared.event_signals.clone(), settings.events.events_max_streams as usize)),
        event_signals: shared.event_signals,
        event_settings: settings.events.clone(),
        webhook_destinations,
        webhook_sender,
        metrics: shared.metrics,
        connections: shared.connections,
    }))
}

/// Nobody should have this set by mistake.
fn webhook_destinations(settings: &ServeSettings) -> Destinations {
    let allow_private = settings.webhooks.webhooks_allow_private;
    if allow_private {
        tracing::warn!("webhooks may be sent to private addresses: for development only");
    }
    Destinations { allow_private }
}

/// Nobody should take play money for real, or the other way round.
fn tell_where_money_moves(stripe: Option<&StripeAccount>) {
    match stripe {
        None => tracing::warn!("payments go to the sandbox: no real money moves"),
        Some(account) if account.is_live() => {
            tracing::info!(base = %account.api_base, "payments go to Stripe")
        }
        Some(account) => {
            tracing::warn!(base = %account.api_base, "payments go to Stripe with a test key: no real money moves");
        }
    }
}

/// The sandbox's books were a file of each replica once.
fn tell_of_old_books(data_dir: &Path) {
    let file = data_dir.join("sandbox-gateway.redb");
    if file.exists() {
        let file = file.display();
        tracing::warn!(%file, "the sandbox's books are in the state now: nothing reads this file, remove it");
    }
}

/// Nobody should have to find out by being refused.
fn tell_of_a_hold(replica: &Replica) -> Result<(), Failure> {
    if let Some(Hold { since_ms, reason, .. }) = replica.view()?.hold()? {
        let since = Timestamp { unix_ms: since_ms }.to_rfc3339();
        tracing::warn!(since, reason, "sales are held: `boxoffice sales resume` has them go on");
    }
    Ok(())
}
/// The replica, as far as it can be without a leader: if none is elected for a while, it shows the state as it was when it
/// stopped. One that has nothing to show yet, or is alone and so elects itself, waits.
async fn recovered(engine: Engine) -> Result<Replica, Failure> {
    let may_go_ahead = engine.has_peers() && !View::new(engine.view()?).signing_keys()?.is_empty();
    if !may_go_ahead {
        engine.wait_recovered().await?;
        return Ok(Replica::new(engine));
    }
    match tokio::time::timeout(LEADER_PATIENCE, engine.wait_recovered()).await {
        Ok(recovered) => recovered.map(|()| Replica::new(engine)).map_err(Into::into),
        Err(_) => {
            let applied = engine.applied_index();
            tracing::warn!(applied, "there is no leader: showing the state as this replica last had it");
            Ok(Replica::new(engine))
        }
    }
}
