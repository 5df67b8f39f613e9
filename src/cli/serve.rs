//! `boxoffice serve`: one replica, from its files to its listeners, and back.

mod open;
mod public;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Engine, HAND_OVER_LIMIT, HandOverError};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(super) use self::open::make_data_dir;
use self::open::{Opened, open_aside};
use self::public::PublicListener;
use super::stop::StopSignals;
use super::{Failure, logging, open_files, variables};
use crate::admin;
use crate::api::Shared;
use crate::http::server::{self, ConnectionCounters, Drained};
use crate::http::throttle::Throttle;
use crate::service::Service;
use crate::settings::ServeSettings;
use crate::storefront;
use crate::workers;

/// Opening ends at once when it is given up, unless it reads files just then. Nobody waits for that.
const GIVING_UP_LIMIT: Duration = Duration::from_millis(500);

pub(super) fn run(settings: ServeSettings) -> Result<(), Failure> {
    logging::start(&settings)?;
    warn_of_unknown_variables();
    open_files::make_room_for(settings.max_connections);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(serve(settings));
    // Whoever is told to stop while it opens its files does not wait for them: the log loses nothing.
    runtime.shutdown_background();
    done
}

/// A name that nobody reads is a setting that is not what its owner thinks.
fn warn_of_unknown_variables() {
    for unknown in variables::unknown() {
        let (name, nearest) = (&unknown.name, unknown.nearest.as_deref());
        tracing::warn!(name, nearest, "an unknown environment variable is ignored");
    }
}

async fn serve(settings: ServeSettings) -> Result<(), Failure> {
    // First of all: from here on a signal is a wish to stop, however far the start has come.
    let mut signals = StopSignals::catch()?;
    let public = PublicListener::open(&settings)?;
    let throttle = Throttle::new(settings.auth_rate_per_minute);
    let giving_up = CancellationToken::new();
    let (metrics, connections) = (public.metrics.clone(), public.connections.clone());
    let mut opening = pin!(open_aside(settings, metrics, connections, giving_up.clone()));
    let opened = tokio::select! {
        opened = &mut opening => opened?,
        signal = signals.next() => {
            tracing::info!(signal, "stopped before it was open");
            giving_up.cancel();
            timeout(GIVING_UP_LIMIT, opening).await.ok();
            return Ok(());
        }
    };
    let running = Running::start(public, opened, throttle);
    running.until_stopped(&mut signals).await?;
    running.stop(&mut signals).await
}

/// What runs once the replica is open.
struct Running {
    engine: Engine,
    service: Arc<Service>,
    public: PublicListener,
    admin: JoinHandle<Drained>,
    workers: TaskTracker,
    /// Ends the workers.
    stopping: CancellationToken,
}

impl Running {
    fn start(public: PublicListener, opened: Opened, throttle: Throttle) -> Self {
        let Opened { engine, service, admin } = opened;
        let (workers, stopping) = (TaskTracker::new(), CancellationToken::new());
        workers::start(&service, &workers, &stopping);
        let admin = tokio::spawn(server::serve(
            admin,
            None,
            admin::routes(service.clone()),
            public.limits.clone(),
            Arc::new(ConnectionCounters::default()),
            public.draining.clone(),
        ));
        let gateway = service.gateway.name();
        public.gate.open(storefront::routes(&Shared::new(service.clone(), throttle)));
        public.announce();
        tracing::info!(address = %public.address, gateway, "ready");
        Self { engine, service, public, admin, workers, stopping }
    }

    async fn until_stopped(&self, signals: &mut StopSignals) -> Result<(), Failure> {
        tokio::select! {
            signal = signals.next() => tracing::info!(signal, "stopping"),
            reason = self.engine.stopped() => return Err(reason.to_string().into()),
        }
        Ok(())
    }

    async fn stop(self, signals: &mut StopSignals) -> Result<(), Failure> {
        tokio::select! {
            closed = self.close() => closed.inspect(|()| tracing::info!("stopped")),
            signal = signals.again() => {
                Err(format!("{signal} came while stopping: ended at once, whatever was under way").into())
            }
        }
    }

    /// Nobody should have to wait for an election because this replica stops. Requests under way go to the new leader.
    async fn hand_over(&self) {
        match self.engine.hand_over(HAND_OVER_LIMIT).await {
            Ok(leader) => tracing::info!(leader, "handed the leadership over"),
            Err(HandOverError::NotLeader) => {}
            Err(error) => tracing::warn!(%error, "could not hand the leadership over"),
        }
    }

    /// Another leader, then no new requests, then no new work: a payment under way still needs its worker.
    async fn close(self) -> Result<(), Failure> {
        self.hand_over().await;
        self.public.draining.cancel();
        // They would never end by themselves, and go on elsewhere.
        self.service.events.close();
        let drained = self.public.serving.await?;
        if drained.cut_off > 0 {
            tracing::warn!(connections = drained.cut_off, "requests were still under way and were cut off");
        }
        self.admin.await?;
        self.stopping.cancel();
        self.workers.close();
        self.workers.wait().await;
        Ok(self.engine.shutdown().await?)
    }
}
