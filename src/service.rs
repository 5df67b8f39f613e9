//! The service: one replica's engine, and what handlers and workers share.

use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Engine, ProposeError};
use bytes::Bytes;
use rand::RngExt;
use tokio::time::Instant;

use crate::auth::{Failures, Hasher, Sealer, Tokens};
use crate::domain::{Actor, Answer, Command, Envelope, Idempotency, ProposalId, Rejection, wire};
use crate::gateway::Gateway;
use crate::http::server::ConnectionCounters;
use crate::metrics::{Metrics, Readings};
use crate::settings::Rules;
use crate::settlements::Settlements;
use crate::store::{StoreError, View};

/// How long a command may be on its way. `apply` refuses it afterwards, which bounds what the state has to
/// remember; longer than [`SUBMIT_TIMEOUT`], so that every retry falls inside.
const COMMAND_TTL_MS: u64 = 10_000;

/// How long a caller waits for a command to be applied.
const SUBMIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Between two proposals of the same command.
const SUBMIT_PAUSE: Duration = Duration::from_millis(50);

/// One replica, as handlers and workers see it.
pub struct Service {
    /// Puts commands into the log, and reads the state.
    pub submitter: Submitter,
    /// The bearer tokens.
    pub tokens: Tokens,
    /// Hashes passwords.
    pub hasher: Hasher,
    /// Failed sign-ins by account.
    pub failures: Failures,
    /// Seals what is secret in the state.
    pub sealer: Sealer,
    /// Where money moves.
    pub gateway: Arc<dyn Gateway>,
    /// The house's rules, as this replica was told them.
    pub rules: Rules,
    /// Who waits for payments.
    pub settlements: Arc<Settlements>,
    /// What this replica counts.
    pub metrics: Arc<Metrics>,
    /// The connections of the public listener.
    pub connections: Arc<ConnectionCounters>,
}

/// What a committed command answered, and where it stands in the log.
#[derive(Debug)]
pub struct Submitted {
    /// Its place in the log: a state that has applied it shows its effects.
    pub index: u64,
    /// Given before to the same idempotency key.
    pub replayed: bool,
    /// The answer, or why there is none.
    pub result: Result<Answer, Rejection>,
}

/// It is not known whether the command was, or will be, applied. Asking again with the same idempotency key
/// is safe.
#[derive(Debug, thiserror::Error)]
#[error("not known to have happened: {0}")]
pub struct Unavailable(pub String);

/// Puts commands into the log, and reads the state.
#[derive(Clone)]
pub struct Submitter {
    engine: Engine,
}

impl Submitter {
    /// Submits to this replica's engine.
    pub fn new(engine: Engine) -> Self {
        Self { engine }
    }

    /// Has a command applied, once, and returns what it answered.
    ///
    /// # Errors
    /// [`Unavailable`] when no answer came in time, or the replica stops.
    pub async fn submit(
        &self,
        actor: Option<Actor>,
        idempotency: Option<Idempotency>,
        command: Command,
    ) -> Result<Submitted, Unavailable> {
        let proposal =
            ProposalId { expires_ms: self.now_ms() + COMMAND_TTL_MS, random: rand::rng().random() };
        let envelope = Envelope { proposal, actor, idempotency, command: Some(command) };
        let bytes = Bytes::from(wire::encode_envelope(&envelope));
        let deadline = Instant::now() + SUBMIT_TIMEOUT;
        loop {
            // The state machine remembers the proposal, so proposing it again applies it once.
            let error = match tokio::time::timeout_at(deadline, self.engine.propose(bytes.clone())).await {
                Ok(Ok(applied)) => return submitted(applied.index, &applied.reply),
                Ok(Err(error @ (ProposeError::Stopped | ProposeError::TooLarge(_)))) => {
                    return Err(Unavailable(error.to_string()));
                }
                Ok(Err(error)) => error,
                Err(_) => return Err(Unavailable("no answer in time".into())),
            };
            if Instant::now() + SUBMIT_PAUSE >= deadline {
                return Err(Unavailable(error.to_string()));
            }
            tokio::time::sleep(SUBMIT_PAUSE).await;
        }
    }

    /// The state as this replica has it now.
    ///
    /// # Errors
    /// When the database fails; the replica stops then.
    pub fn view(&self) -> Result<View, StoreError> {
        self.engine.view().map(View::new).map_err(|error| StoreError::Unreadable(error.to_string()))
    }

    /// The replicated clock, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> u64 {
        self.engine.log_time().as_millis()
    }

    /// The replicated log under it.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }
}

impl Service {
    /// The same as [`Submitter::submit`].
    ///
    /// # Errors
    /// [`Unavailable`] when no answer came in time, or the replica stops.
    pub async fn submit(
        &self,
        actor: Option<Actor>,
        idempotency: Option<Idempotency>,
        command: Command,
    ) -> Result<Submitted, Unavailable> {
        self.submitter.submit(actor, idempotency, command).await
    }

    /// The state as this replica has it now.
    ///
    /// # Errors
    /// When the database fails; the replica stops then.
    pub fn view(&self) -> Result<View, StoreError> {
        self.submitter.view()
    }

    /// The replicated clock, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> u64 {
        self.submitter.now_ms()
    }

    /// What is true right now, for metrics.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn readings(&self) -> Result<Readings, StoreError> {
        let status = self.submitter.engine.status();
        Ok(Readings {
            log_index: status.last_log_index.unwrap_or(0),
            applied_index: status.applied_index.unwrap_or(0),
            is_leader: status.leadership.is_leader,
            open_orders: self.view()?.open_orders()?,
            open_connections: self.connections.open() as u64,
            connections_accepted: self.connections.accepted(),
            connections_full: self.connections.full(),
            connections_cut_off: self.connections.cut_off(),
            accept_errors: self.connections.accept_errors(),
            passwords_hashed: self.hasher.computed(),
        })
    }
}

fn submitted(index: u64, reply: &[u8]) -> Result<Submitted, Unavailable> {
    let reply = wire::decode_reply(reply).map_err(|error| Unavailable(error.to_string()))?;
    Ok(Submitted { index, replayed: reply.replayed, result: reply.into_result() })
}
