//! One replica: puts commands into its log, and reads its state.

mod age;
pub mod shown;
mod token;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{Backup, BackupError, Engine, Leadership, ProposeError, Status, StorageError};
use bytes::Bytes;
use rand::RngExt;
use tokio::sync::watch;
use tokio::time::Instant;

use self::age::Looks;
pub use self::token::{ConsistencyToken, Epoch, InvalidToken};
use self::waiting::Waiters;
pub use self::waiting::{NotYet, WAIT_LIMIT};
use crate::domain::wire::{self, WireError};
use crate::domain::{Actor, Answer, Command, Envelope, Idempotency, ProposalId, Rejection, RejectionCode};
use crate::store::{StoreError, View};

/// How long a command may be on its way. `apply` refuses it afterwards, which bounds what the state has to
/// remember; longer than [`SUBMIT_TIMEOUT`], so that every retry falls inside.
const COMMAND_TTL_MS: u64 = 10_000;

/// How long a caller waits for a command to be applied.
const SUBMIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Between two proposals of the same command.
const SUBMIT_PAUSE: Duration = Duration::from_millis(50);

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
pub enum Unavailable {
    /// No answer came in time.
    #[error("not known to have happened: no answer in time")]
    TimedOut,
    /// The engine gave none.
    #[error("not known to have happened: {0}")]
    Engine(#[from] ProposeError),
    /// This version cannot read the one that came.
    #[error("not known to have happened: {0}")]
    Reply(#[from] WireError),
}

/// A command of the service's own that did not do what it was for.
#[derive(Debug, thiserror::Error)]
pub enum OwnCommandError {
    /// Whether it was applied is not known.
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    /// It was refused, and will be again as long as nothing else changes.
    #[error("refused as {:?}: {}", .0.code(), .0.fault)]
    Rejected(Rejection),
}

/// One replica of the state, and the log in front of it.
#[derive(Clone)]
pub struct Replica {
    engine: Engine,
    epoch: Epoch,
    waiters: Arc<Waiters>,
    looks: Arc<Looks>,
}

impl Replica {
    /// The replica that this engine runs. It belongs to a cluster by now.
    pub fn new(engine: Engine) -> Self {
        let epoch = Epoch::of_cluster(engine.status().cluster_id);
        Self { engine, epoch, waiters: Arc::new(Waiters::new()), looks: Arc::new(Looks::new()) }
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
                Ok(Ok(applied)) => {
                    shown::note_written(applied.index);
                    return submitted(applied.index, &applied.reply);
                }
                Ok(Err(error @ (ProposeError::Stopped | ProposeError::TooLarge(_)))) => {
                    return Err(error.into());
                }
                Ok(Err(error)) => error,
                Err(_) => return Err(Unavailable::TimedOut),
            };
            if Instant::now() + SUBMIT_PAUSE >= deadline {
                return Err(error.into());
            }
            tokio::time::sleep(SUBMIT_PAUSE).await;
        }
    }

    /// Has a command of the service's own applied: nobody asked for it, so nobody is told of a rejection unless
    /// the caller sees to it.
    ///
    /// # Errors
    /// When it was rejected, no answer came in time, or the replica stops.
    pub async fn submit_own(&self, command: Command) -> Result<Answer, OwnCommandError> {
        match self.submit(None, None, command).await?.result {
            Ok(answer) => Ok(answer),
            // Nothing is wrong with the command: it was under way for too long.
            Err(rejection) if rejection.code() == RejectionCode::RequestExpired => {
                Err(Unavailable::TimedOut.into())
            }
            Err(rejection) => Err(OwnCommandError::Rejected(rejection)),
        }
    }

    /// The state as this replica has it now.
    ///
    /// # Errors
    /// When the database fails. It takes no more writes then, and the next one stops the replica.
    pub fn view(&self) -> Result<View, StoreError> {
        let unreadable = |error: StorageError| StoreError::Unreadable(error.into());
        let txn = self.engine.view().map_err(unreadable)?;
        if shown::is_watched() {
            // By the view itself: more may be applied since, or be applied and not yet said to be.
            shown::note_read(self.engine.applied_in(&txn).map_err(unreadable)?);
        }
        Ok(View::new(txn))
    }

    /// Which history of the log its indexes belong to.
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// How old its state may be, in milliseconds: how long ago it knew all that the leader did.
    pub fn age_ms(&self) -> u64 {
        let is_leader = self.engine.leadership().borrow().is_leader;
        let age = self.looks.age(is_leader, self.engine.applied_index());
        u64::try_from(age.as_millis()).unwrap_or(u64::MAX)
    }

    /// The replicated clock, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> u64 {
        self.engine.log_time().as_millis()
    }

    /// Whether it leads: changes whenever that does.
    pub fn leadership(&self) -> watch::Receiver<Leadership> {
        self.engine.leadership()
    }

    /// Begins a backup of the state.
    ///
    /// # Errors
    /// When there is nothing to back up, no room for another one, or the replica fails.
    pub async fn backup(&self) -> Result<Backup, BackupError> {
        self.engine.backup().await
    }

    /// How far it is.
    pub fn status(&self) -> Status {
        self.engine.status()
    }
}

fn submitted(index: u64, reply: &[u8]) -> Result<Submitted, Unavailable> {
    let reply = wire::decode_reply(reply)?;
    Ok(Submitted { index, replayed: reply.replayed, result: reply.into_result() })
}
