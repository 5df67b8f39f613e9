//! Where the leader stands: what a replica must have applied to show all that was acknowledged anywhere. All who ask
//! while a question is on its way share the next one.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
#[derive(Default)]
pub(super) struct ReadIndexes {
    line: Mutex<Option<Line>>,
}

/// Questions to one leader. Those to the next one do not wait until an old one has given up answering.
struct Line {
    leader: u64,
    address: String,
    /// Not on its way yet: whoever asks now may share it.
    next: Option<Question>,
    turn: Arc<Semaphore>,
}

impl ReadIndexes {
    /// The question to that leader that is not on its way yet; a new one of `ask`, told its turn, if there is none.
    fn question(
        &self,
        leader: u64,
        address: String,
        ask: impl FnOnce(String, Arc<Semaphore>) -> BoxFuture<'static, Result<u64, ReadError>>,
    ) -> Question {
        let mut line = self.lock();
        if line.as_ref().is_none_or(|line| (line.leader, &line.address) != (leader, &address)) {
            *line = None;
        }
        let line = line.get_or_insert_with(|| Line {
            leader,
            address,
            next: None,
            turn: Arc::new(Semaphore::new(1)),
        });
        let Line { address, next, turn, .. } = line;
        next.get_or_insert_with(|| ask(address.clone(), turn.clone()).shared()).clone()
    }

    /// The next question of the line with this turn is on its way.
    fn sent(&self, turn: &Arc<Semaphore>) {
        if let Some(line) = self.lock().as_mut().filter(|line| Arc::ptr_eq(&line.turn, turn)) {
            line.next = None;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Line>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Peers {
    /// The index up to which the log was committed when the leader, still in office, was asked.
    ///
    /// # Errors
    /// When it does not lead any more, has no quorum, or does not answer.
    pub(crate) async fn read_index(self: &Arc<Self>, leader: u64, address: String) -> Result<u64, ReadError> {
        let ask = |address, turn| self.clone().ask(leader, address, turn).boxed();
        self.read_indexes.question(leader, address, ask).await
    }

    async fn ask(
        self: Arc<Self>,
        leader: u64,
        address: String,
        turn: Arc<Semaphore>,
    ) -> Result<u64, ReadError> {
        // Never closed, so never an error.
        let _turn = turn.acquire().await;
        // From here on the answer may be older than a new question.
        self.read_indexes.sent(&turn);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_asks_a_new_leader_shares_no_question_to_the_old_one() {
        let questions = ReadIndexes::default();
        let unanswered = |_, _| futures_util::future::pending().boxed();
        let old = questions.question(1, "a:1".to_owned(), unanswered);
        let asked = |index: u64| {
            move |address: String, turn: Arc<Semaphore>| {
                assert_eq!((address.as_str(), turn.available_permits()), ("b:2", 1));
                async move { Ok(index) }.boxed()
            }
        };
        let new = questions.question(2, "b:2".to_owned(), asked(7));
        let shared = questions.question(2, "b:2".to_owned(), asked(8));
        assert_eq!((new.await, shared.await), (Ok(7), Ok(7)));
        let moved = questions.question(1, "b:2".to_owned(), asked(9));
        assert_eq!(moved.await, Ok(9), "the same replica, elsewhere");
        assert!(old.now_or_never().is_none());
    }

    #[tokio::test]
    async fn a_question_on_its_way_is_not_shared_and_an_old_one_takes_no_new_one_away() {
        let questions = ReadIndexes::default();
        let turns = Mutex::new(Vec::new());
        let ask = |index: u64| {
            let turns = &turns;
            move |_, turn: Arc<Semaphore>| {
                turns.lock().expect("no panic").push(turn);
                async move { Ok(index) }.boxed()
            }
        };
        let turn = |at: usize| turns.lock().expect("no panic")[at].clone();
        let first = questions.question(1, "a:1".to_owned(), ask(1));
        questions.sent(&turn(0));
        let second = questions.question(1, "a:1".to_owned(), ask(2));
        assert_eq!((first.await, second.await), (Ok(1), Ok(2)));
        let third = questions.question(2, "b:2".to_owned(), ask(3));
        questions.sent(&turn(0));
        let shared = questions.question(2, "b:2".to_owned(), ask(4));
        assert_eq!((third.await, shared.await), (Ok(3), Ok(3)));
    }
}
