//! Where the leader stands: what a replica must have applied to show all that was acknowledged anywhere. All who ask
//! while a question is on its way share the next one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::Semaphore;

use super::proto::{ReadIndexOutcome, ReadIndexReply, ReadIndexRequest};
use super::{Peers, Purpose};
use crate::engine::ReadError;

/// How long the leader has to answer: a few round trips around the world, and the quorum's.
const TIMEOUT: Duration = Duration::from_secs(2);

type Question = Shared<BoxFuture<'static, Result<u64, ReadError>>>;

/// Questions to the leader, one at a time.
pub(super) struct ReadIndexes {
    /// Not on its way yet: whoever asks now may share it.
    next: Mutex<Option<Question>>,
    turn: Semaphore,
}

impl ReadIndexes {
    pub(super) fn new() -> Self {
        Self { next: Mutex::new(None), turn: Semaphore::new(1) }
    }
}

impl Peers {
    /// The index up to which the log was committed when the leader, still in office, was asked.
    ///
    /// # Errors
    /// When it does not lead any more, has no quorum, or does not answer.
    pub(crate) async fn read_index(self: &Arc<Self>, leader: u64, address: String) -> Result<u64, ReadError> {
        let question = {
            let mut next = self.read_indexes.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.get_or_insert_with(|| self.clone().ask(leader, address).boxed().shared()).clone()
        };
        question.await
    }

    async fn ask(self: Arc<Self>, leader: u64, address: String) -> Result<u64, ReadError> {
        // Never closed, so never an error.
        let _turn = self.read_indexes.turn.acquire().await;
        // From here on the answer may be older than a new question.
        self.read_indexes.next.lock().unwrap_or_else(PoisonError::into_inner).take();
        let asked = async {
            let request = self.request(leader, ReadIndexRequest {}).ok_or(ReadError::NoQuorum)?;
            let mut client = self.client(&address, Purpose::Control).map_err(|_| ReadError::NoQuorum)?;
            let reply = client.read_index(request).await.map_err(|_| ReadError::NoQuorum)?;
            outcome(&reply.into_inner())
        };
        tokio::time::timeout(TIMEOUT, asked).await.unwrap_or(Err(ReadError::NoQuorum))
    }
}

/// What the leader answers.
pub(super) fn reply(confirmed: Result<u64, ReadError>) -> ReadIndexReply {
    let mut reply = ReadIndexReply::default();
    match confirmed {
        Ok(index) => {
            reply.index = index;
            reply.set_outcome(ReadIndexOutcome::Confirmed);
        }
        Err(ReadError::NotLeader { leader }) => {
            reply.leader = leader.unwrap_or(0);
            reply.set_outcome(ReadIndexOutcome::NotLeader);
        }
        Err(ReadError::NoQuorum) => reply.set_outcome(ReadIndexOutcome::NoQuorum),
        Err(ReadError::Stopped) => reply.set_outcome(ReadIndexOutcome::Stopped),
    }
    reply
}

fn outcome(reply: &ReadIndexReply) -> Result<u64, ReadError> {
    match reply.outcome() {
        ReadIndexOutcome::Confirmed => Ok(reply.index),
        ReadIndexOutcome::NotLeader => {
            Err(ReadError::NotLeader { leader: (reply.leader > 0).then_some(reply.leader) })
        }
        // The leader has stopped, this replica has not.
        ReadIndexOutcome::NoQuorum | ReadIndexOutcome::Stopped | ReadIndexOutcome::Unspecified => {
            Err(ReadError::NoQuorum)
        }
    }
}
