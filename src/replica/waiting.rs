//! Waiting for this replica to be as far as somebody has to be shown. Time and places are bounded: a replica
//! that stays behind soon says so.

use std::time::Duration;

use boxoffice_raft::{ReadError, WaitError};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, timeout_at};

use super::Replica;

/// How long a request waits for the state that it has to be shown, however often it does.
pub const WAIT_LIMIT: Duration = Duration::from_secs(2);

/// Requests that wait at the same time: a quarter of those that may be under way, so that a replica that is
/// behind still answers all who ask for less.
const MAX_WAITERS: usize = 1_024;

/// Between two attempts to learn what is newest: an election takes longer.
const BARRIER_PAUSE: Duration = Duration::from_millis(20);

/// Why somebody can't be shown what they have to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotYet {
    /// The replica is behind.
    #[error("log entry {index} is not applied yet; {applied} is")]
    Behind {
        /// What was waited for.
        index: u64,
        /// What was applied when the time was over.
        applied: u64,
    },
    /// No leader with a quorum said in time what is newest, or it is not applied yet.
    #[error("what is newest is not known here")]
    NoLeader,
    /// As many wait as may.
    #[error("too many requests wait for a later state")]
    TooMany,
    /// The replica stops.
    #[error("the engine has stopped")]
    Stopped,
}

/// Places for those who wait.
pub(super) struct Waiters(Semaphore);

impl Waiters {
    pub(super) fn new() -> Self {
        Self(Semaphore::new(MAX_WAITERS))
    }

    fn enter(&self) -> Result<SemaphorePermit<'_>, NotYet> {
        self.0.try_acquire().map_err(|_| NotYet::TooMany)
    }
}

impl Replica {
    /// Whether the entry at `index` is applied here.
    pub fn has_applied(&self, index: u64) -> bool {
        // Without an index, as most requests are, nobody has to look.
        index == 0 || self.engine.applied_index() >= index
    }

    /// Waits until the entry at `index` is applied here.
    ///
    /// # Errors
    /// When it is not in time, too many wait already, or the replica stops.
    pub async fn wait_for(&self, index: u64, until: Instant) -> Result<(), NotYet> {
        if self.has_applied(index) {
            return Ok(());
        }
        let _place = self.waiters.enter()?;
        let limit = until.saturating_duration_since(Instant::now());
        self.engine.wait_applied(index, limit).await.map_err(|error| match error {
            WaitError::Timeout { index, applied } => NotYet::Behind { index, applied },
            WaitError::Stopped => NotYet::Stopped,
        })
    }

    /// Waits until the state here holds all that anybody was told of before the call.
    ///
    /// # Errors
    /// When no leader with a quorum says in time what that is, too many wait already, or the replica stops.
    pub async fn wait_for_newest(&self, until: Instant) -> Result<(), NotYet> {
        let _place = self.waiters.enter()?;
        loop {
            match timeout_at(until, self.engine.read_barrier()).await {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(ReadError::Stopped)) => return Err(NotYet::Stopped),
                Ok(Err(ReadError::NotLeader { .. } | ReadError::NoQuorum)) => {}
                Err(_) => return Err(NotYet::NoLeader),
            }
            if Instant::now() + BARRIER_PAUSE >= until {
                return Err(NotYet::NoLeader);
            }
            sleep(BARRIER_PAUSE).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use boxoffice_raft::testing::{ManualClock, MemoryStorage};
    use boxoffice_raft::{ApplyError, Committed, Engine, Options, StateMachine, Threading};
    use bytes::Bytes;
    use futures_util::FutureExt;
    use futures_util::future::join_all;
    use redb::WriteTransaction;

    use super::*;

    /// Does nothing, whatever it is told.
    struct Idle;

    impl StateMachine for Idle {
        fn apply(&mut self, _: &WriteTransaction, batch: &[Committed<'_>]) -> Result<Vec<Bytes>, ApplyError> {
            Ok(vec![Bytes::new(); batch.len()])
        }
    }

    async fn replica() -> Replica {
        let options = Options {
            storage: Arc::new(MemoryStorage::new()),
            // On threads of their own, the writers would not stop tokio's clock from going on.
            threading: Threading::Inline,
            ..Options::new("unused")
        };
        let options = options.with_clock(Arc::new(ManualClock::new(1_790_000_000_000)));
        let engine = Engine::open(options, Box::new(Idle)).await.expect("opens");
        engine.wait_recovered().await.expect("recovers");
        Replica::new(engine)
    }

    async fn write(replica: &Replica) -> u64 {
        replica.engine.propose(Bytes::from_static(b"anything")).await.expect("applied").index
    }

    fn until() -> Instant {
        Instant::now() + WAIT_LIMIT
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_applied_is_not_waited_for_and_what_comes_in_time_is() {
        let replica = replica().await;
        let index = write(&replica).await;
        assert_eq!(replica.wait_for(index, Instant::now()).await, Ok(()), "no time is needed");
        let mut next = Box::pin(replica.wait_for(index + 1, until()));
        assert_eq!(next.as_mut().now_or_never(), None);
        assert_eq!(write(&replica).await, index + 1);
        assert_eq!(next.await, Ok(()));
        assert_eq!(replica.wait_for_newest(until()).await, Ok(()), "it leads");
    }

    #[tokio::test(start_paused = true)]
    async fn waiters_are_bounded_in_number_and_in_time() {
        let replica = replica().await;
        let applied = write(&replica).await;
        let index = applied + 1;
        let mut all = Box::pin(join_all((0..MAX_WAITERS).map(|_| replica.wait_for(index, until()))));
        assert!(all.as_mut().now_or_never().is_none());
        assert_eq!(replica.wait_for(index, until()).await, Err(NotYet::TooMany));
        assert_eq!(replica.wait_for_newest(until()).await, Err(NotYet::TooMany));
        assert_eq!(replica.wait_for(applied, until()).await, Ok(()), "who need not wait needs no place");
        let gave_up = Err(NotYet::Behind { index, applied });
        assert!(all.await.iter().all(|waited| *waited == gave_up));
        assert_eq!(replica.wait_for(index, Instant::now()).await, gave_up, "their places are free again");
    }
}
