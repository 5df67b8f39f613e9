//! One replica: puts commands into its log, and reads its state.

mod event_position;
pub mod shown;
mod submitting;
mod token;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use boxoffice_raft::{
    Backup, BackupError, Engine, Leadership, ProposeError, ReplicaLag, Status, StorageError,
};
use rand::RngExt;
use tokio::sync::watch;
use tokio::time::Instant;

pub use self::event_position::EventPosition;
pub use self::token::{ConsistencyToken, Epoch, InvalidToken};
use self::waiting::Waiters;
pub use self::waiting::{NotYet, WAIT_LIMIT};
use crate::domain::wire::WireError;
use crate::domain::{Answer, Asker, Command, Envelope, Idempotency, ProposalId, Rejection, RejectionCode};
use crate::store::{StoreError, View};

/// How long a command may be on its way. `apply` refuses it afterwards, which bounds what the state has to
/// remember; longer than [`SUBMIT_TIMEOUT`], so that every retry falls inside.
const COMMAND_TTL_MS: u64 = 10_000;

/// How long a caller waits for a command to be applied.
const SUBMIT_TIMEOUT: Duration = Duration::from_secs(5);

/// The feature level from which on the transitions of orders are kept: older replicas would not keep them.
const HISTORY_SINCE_LEVEL: u32 = 2;

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

/// There is no answer: but for [`Unavailable::NotYetSupported`] it is not known whether the command was, or will be,
/// applied. Asking again with the same idempotency key is safe.
#[derive(Debug, thiserror::Error)]
pub enum Unavailable {
    /// No answer came in time.
    #[error("not known to have happened: no answer in time")]
    TimedOut,
    /// The engine gave none.
    #[error("not known to have happened: {0}")]
    Engine(#[from] ProposeError),
    /// Nothing happened: an older replica of the cluster would stop at this command.
    #[error(
        "not until all replicas run this version: the command needs feature level {needs}, the cluster is at {level}"
    )]
    NotYetSupported {
        /// The feature level that the command came with.
        needs: u32,
        /// The cluster's.
        level: u32,
    },
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
    cluster_id: u128,
    waiters: Arc<Waiters>,
}

impl Replica {
    /// The replica that this engine runs. It belongs to a cluster by now.
    pub fn new(engine: Engine) -> Self {
        let cluster_id = engine.status().cluster_id;
        Self { engine, cluster_id, waiters: Arc::new(Waiters::new()) }
    }

    /// Has a command applied, once, and returns what it answered.
    ///
    /// # Errors
    /// [`Unavailable`] when no answer came in time, the replica stops, or the cluster does not know such commands yet.
    pub async fn submit(
        &self,
        asker: impl Into<Asker>,
        idempotency: Option<Idempotency>,
        command: Command,
    ) -> Result<Submitted, Unavailable> {
        let asker = asker.into();
        let level = self.engine.level();
        check_level(command.since_level().max(asker.since_level()), level)?;
        let (actor, operator_key) = asker.to_fields();
        let envelope = Envelope {
            proposal: ProposalId::default(),
            actor,
            idempotency,
            operator_key,
            keeps_history: level >= HISTORY_SINCE_LEVEL,
            command: Some(command),
        };
        let proposal =
            || ProposalId { expires_ms: self.now_ms() + COMMAND_TTL_MS, random: rand::rng().random() };
        let propose = |bytes| self.engine.propose(bytes);
        submitting::submit(envelope, proposal, propose, Instant::now() + SUBMIT_TIMEOUT).await
    }

    /// Has a command of the service's own applied: nobody asked for it, so nobody is told of a rejection unless
    /// the caller sees to it.
    ///
    /// # Errors
    /// When it was rejected, no answer came in time, or the replica stops.
    pub async fn submit_own(&self, command: Command) -> Result<Answer, OwnCommandError> {
        match self.submit(Asker::Nobody, None, command).await?.result {
            Ok(answer) => Ok(answer),
            // Nothing is wrong with the command: it was under way for too long.
            Err(rejection) if rejection.code() == RejectionCode::RequestExpired => {
                Err(Unavailable::TimedOut.into())
            }
            Err(rejection) => Err(OwnCommandError::Rejected(rejection)),
        }
    }

    /// The feature level that the cluster agreed on: see [`Command::since_level`].
    pub fn level(&self) -> u32 {
        self.engine.level()
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
        Epoch::of_cluster(self.cluster_id)
    }

    /// Which cluster it belongs to.
    pub fn cluster_id(&self) -> u128 {
        self.cluster_id
    }

    /// How old its state may be, in milliseconds: how long ago it showed all that was acknowledged anywhere. None if that
    /// is not known: it has heard no leader since it was started, and its wall clock is wrong.
    pub fn age_ms(&self) -> Option<u64> {
        let age = self.engine.state_age()?;
        Some(u64::try_from(age.as_millis()).unwrap_or(u64::MAX))
    }

    /// The replicated clock, in milliseconds since the Unix epoch.
    pub fn now_ms(&self) -> u64 {
        self.engine.log_time().as_millis()
    }

    /// Whether it leads: changes whenever that does.
    pub fn leadership(&self) -> watch::Receiver<Leadership> {
        self.engine.leadership()
    }

    /// How far the others are behind, if it leads.
    pub fn lags(&self) -> Vec<ReplicaLag> {
        self.engine.lags()
    }

    /// How long the certificate that it shows others is valid yet, in seconds, if the operator brought one.
    pub fn peer_certificate_expires_in_secs(&self) -> Option<i64> {
        self.engine.peer_certificate_expires_in_secs()
    }

    /// How far its wall clock is ahead of the median of a quorum's, in milliseconds, if that is known.
    pub fn clock_offset_ms(&self) -> Option<i64> {
        self.engine.clock_offset_ms()
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

/// Whether a command that came with the feature level `needs` may be proposed to a cluster at `level`.
fn check_level(needs: u32, level: u32) -> Result<(), Unavailable> {
    if needs > level { Err(Unavailable::NotYetSupported { needs, level }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{SUPPORTED_LEVEL, Upkeep};

    #[test]
    fn what_came_with_a_higher_level_waits_for_all_replicas() {
        let refused = check_level(3, 2).expect_err("some replica is older");
        assert!(matches!(refused, Unavailable::NotYetSupported { needs: 3, level: 2 }));
        assert!(refused.to_string().contains("not until all replicas run this version"), "{refused}");
        for level in [3, 4] {
            check_level(3, level).expect("all replicas know it");
        }
        let needs = Command::Upkeep(Upkeep { at_most: 1 }).since_level();
        assert!(needs <= SUPPORTED_LEVEL);
        check_level(needs, 1).expect("there from the first level on");
    }
}
