//! The service: what handlers and workers share.

use std::sync::Arc;

use crate::auth::{Hasher, Sealer, SignInFailures, Tokens};
use crate::event_signals::EventSignals;
use crate::events::Hub;
use crate::gateway::stripe::Stripe;
use crate::gateway::{ClientCalls, Gateway};
use crate::http::server::ConnectionCounters;
use crate::metrics::{
    ClusterReadings, EventReadings, LogReadings, Metrics, OwnerReadings, Readings, SubscriberReadings,
};
use crate::payment_signals::PaymentSignals;
use crate::replica::Replica;
use crate::settings::{EventSettings, Rules};
use crate::store::{EndpointTotals, GroupTotals, StoreError, View};
use crate::webhooks::{Destinations, Sender};

/// One replica, as handlers and workers see it.
pub struct Service {
    /// The state, and the log in front of it.
    pub replica: Replica,
    /// The bearer tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Failed sign-ins by account.
    pub sign_in_failures: SignInFailures,
    /// Seals what is secret in the state.
    pub sealer: Sealer,
    /// Where money moves.
    pub gateway: Arc<dyn Gateway>,
    /// The same, if it is Stripe: what only that can do.
    pub stripe: Option<Arc<Stripe>>,
    /// Buyers for whom the gateway is asked right now.
    pub client_calls: ClientCalls,
    /// The house's rules, as this replica was told them.
    pub rules: Rules,
    /// Who waits for payments.
    pub payment_signals: Arc<PaymentSignals>,
    /// Who waits for events.
    pub event_signals: Arc<EventSignals>,
    /// Where those who follow events meet them.
    pub events: Arc<Hub>,
    /// How events are kept, as this replica was told.
    pub event_settings: EventSettings,
    /// Where webhooks may be sent to, as this replica was told.
    pub webhook_destinations: Destinations,
    /// Sends webhooks.
    pub webhook_sender: Arc<dyn Sender>,
    /// What this replica counts.
    pub metrics: Arc<Metrics>,
    /// The connections of the public listener.
    pub connections: Arc<ConnectionCounters>,
}

impl Service {
    /// What is true right now, for metrics.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn readings(&self) -> Result<Readings, StoreError> {
        let status = self.replica.status();
        let view = self.replica.view()?;
        Ok(Readings {
            log_index: status.last_log_index.unwrap_or(0),
            applied_index: status.applied_index.unwrap_or(0),
            log: LogReadings {
                bytes: status.log_bytes,
                snapshot_index: status.snapshot_index.unwrap_or(0),
                purged_index: status.purged_index.unwrap_or(0),
            },
            is_leader: status.leadership.is_leader,
            open_orders: view.open_orders()?,
            refunds_failed: view.refunds_failed()?,
            disputes_open: view.disputes_open()?,
            sales_held: view.hold()?.is_some(),
            open_connections: self.connections.open() as u64,
            connections_accepted: self.connections.accepted(),
            connections_full: self.connections.full(),
            connections_cut_off: self.connections.cut_off(),
            accept_errors: self.connections.accept_errors(),
            passwords_hashed: self.hasher.computed(),
            events: self.event_readings(&view)?,
            subscribers: subscriber_readings(&view)?,
            cluster: ClusterReadings {
                term: status.leadership.term,
                lags: self.replica.lags(),
                clock_offset_ms: self.replica.clock_offset_ms(),
                peer_certificate_expires_in_secs: self.replica.peer_certificate_expires_in_secs(),
            },
        })
    }

    fn event_readings(&self, view: &View) -> Result<EventReadings, StoreError> {
        let (bytes, hub) = (view.events_bytes()?, self.events.counts());
        Ok(EventReadings {
            oldest: bytes.kept.oldest,
            newest: bytes.kept.newest,
            kept: bytes.kept.count(),
            bytes: bytes.total(),
            streams: hub.following,
            streams_refused: hub.turned_away,
            sent: hub.shown,
        })
    }
}

fn subscriber_readings(view: &View) -> Result<SubscriberReadings, StoreError> {
    let (groups, endpoints) = (view.group_totals()?, view.endpoint_totals()?);
    let of = |groups: GroupTotals, endpoints: EndpointTotals| OwnerReadings {
        groups: groups.groups,
        greatest_lag: groups.greatest_lag,
        pending: groups.pending,
        parked: groups.parked,
        endpoints: [
            ("taking", endpoints.taking),
            ("refusing", endpoints.refusing),
            ("disabled-by-owner", endpoints.disabled_by_owner),
            ("disabled-gone", endpoints.disabled_gone),
            ("disabled-failing", endpoints.disabled_failing),
        ],
        waiting: endpoints.waiting,
    };
    Ok(SubscriberReadings {
        users: of(groups.users, endpoints.users),
        operators: of(groups.operators, endpoints.operators),
    })
}
