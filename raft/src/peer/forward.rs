//! Commands on their way to the leader: one stream for all of them, answered in any order.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{mpsc, oneshot};

use super::generated::peer_client::PeerClient;
use super::proto::{ForwardOutcome, ForwardReply, ForwardRequest};
use super::{Peers, Purpose};
use crate::engine::{Applied, ProposeError};

/// Commands that may wait for room on the stream.
const WAITING_COMMANDS: usize = 1024;

type Answer = oneshot::Sender<Result<Applied, ProposeError>>;

/// The stream to one leader.
pub(super) struct Forwarder {
    leader: u64,
    address: String,
    commands: mpsc::Sender<(Bytes, Answer)>,
}

/// Those who wait for a reply, by sequence number.
type Waiting = Arc<Mutex<BTreeMap<u64, Answer>>>;

impl Peers {
    /// Has the leader apply a command.
    ///
    /// # Errors
    /// As the leader's own proposal; [`ProposeError::Unknown`] when the connection broke.
    pub(crate) async fn forward(
        &self,
        leader: u64,
        address: &str,
        command: Bytes,
    ) -> Result<Applied, ProposeError> {
        let (answer, answered) = oneshot::channel();
        let commands = self.commands_to(leader, address)?;
        if commands.send((command, answer)).await.is_err() {
            return Err(ProposeError::NotAppended("the connection to the leader broke"));
        }
        // Whoever was to answer is gone with the connection.
        answered.await.unwrap_or(Err(ProposeError::Unknown))
    }

    /// Opens the way to the leader before anybody needs it: it takes some round trips, and the leader may be far away.
    pub(crate) fn open_way_to(&self, leader: u64, address: &str) {
        if let Err(error) = self.commands_to(leader, address) {
            tracing::debug!(leader, address, %error, "the way to the leader is not open");
        }
    }

    /// Whose way is open.
    #[cfg(test)]
    pub(crate) fn forwards_to(&self) -> Option<u64> {
        let current = self.forwarder.lock().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|forwarder| !forwarder.commands.is_closed()).map(|forwarder| forwarder.leader)
    }

    fn commands_to(&self, leader: u64, address: &str) -> Result<mpsc::Sender<(Bytes, Answer)>, ProposeError> {
        let mut current = self.forwarder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(forwarder) = current.as_ref()
            && (forwarder.leader, forwarder.address.as_str()) == (leader, address)
            && !forwarder.commands.is_closed()
        {
            return Ok(forwarder.commands.clone());
        }
        let (commands, queue) = mpsc::channel(WAITING_COMMANDS);
        let client = self.client(address, Purpose::Forward);
        let client = client.map_err(|_| ProposeError::NotAppended("the leader has no address"))?;
        let waiting = Waiting::default();
        let request = self.request(leader, requests(queue, waiting.clone()));
        let request = request.ok_or(ProposeError::NotAppended("this replica belongs to no cluster yet"))?;
        tokio::spawn(receive(client, request, waiting));
        *current = Some(Forwarder { leader, address: address.to_owned(), commands: commands.clone() });
        Ok(commands)
    }
}

/// What the leader does: proposes what comes, and replies as soon as each is applied.
pub(super) fn serve<S, P, F>(commands: S, propose: P) -> impl Stream<Item = ForwardReply> + Send + 'static
where
    S: Stream<Item = ForwardRequest> + Send + 'static,
    P: Fn(Bytes) -> F + Clone + Send + 'static,
    F: Future<Output = Result<Applied, ProposeError>> + Send + 'static,
{
    let replies = commands.map(move |ForwardRequest { sequence, command }| {
        let applied = propose(command);
        async move { reply(sequence, applied.await) }
    });
    replies.buffer_unordered(WAITING_COMMANDS)
}

/// The stream of requests: each is among the waiting before it is on its way.
fn requests(
    queue: mpsc::Receiver<(Bytes, Answer)>,
    waiting: Waiting,
) -> impl Stream<Item = ForwardRequest> + Send + 'static {
    stream::unfold((queue, 0), move |(mut queue, sequence)| {
        let waiting = waiting.clone();
        async move {
            let (command, answer) = queue.recv().await?;
            lock(&waiting).insert(sequence, answer);
            Some((ForwardRequest { sequence, command }, (queue, sequence + 1)))
        }
    })
}

/// Hands out the replies until the stream ends. Whoever still waits then learns that nothing is known.
async fn receive<S>(
    mut client: PeerClient<tonic::transport::Channel>,
    requests: tonic::Request<S>,
    waiting: Waiting,
) where
    S: Stream<Item = ForwardRequest> + Send + 'static,
{
    let ended = async {
        let mut replies = client.forward(requests).await?.into_inner();
        while let Some(reply) = replies.message().await? {
            if let Some(answer) = lock(&waiting).remove(&reply.sequence) {
                // Who does not wait any more has given up.
                answer.send(outcome(reply)).ok();
            }
        }
        Ok::<(), tonic::Status>(())
    };
    if let Err(status) = ended.await {
        tracing::debug!(%status, "the stream of commands to the leader ended");
    }
    lock(&waiting).clear();
}

fn reply(sequence: u64, applied: Result<Applied, ProposeError>) -> ForwardReply {
    let mut reply = ForwardReply { sequence, ..ForwardReply::default() };
    let outcome = match applied {
        Ok(applied) => {
            (reply.index, reply.reply) = (applied.index, applied.reply);
            ForwardOutcome::Applied
        }
        Err(ProposeError::NotLeader { leader }) => {
            reply.leader = leader.unwrap_or(0);
            ForwardOutcome::NotLeader
        }
        Err(ProposeError::NotAppended(_)) => ForwardOutcome::NotAppended,
        Err(ProposeError::Unknown) => ForwardOutcome::Unknown,
        Err(ProposeError::Stopped) => ForwardOutcome::Stopped,
        Err(ProposeError::TooLarge(_)) => ForwardOutcome::TooLarge,
    };
    reply.set_outcome(outcome);
    reply
}

fn outcome(reply: ForwardReply) -> Result<Applied, ProposeError> {
    match reply.outcome() {
        ForwardOutcome::Applied => Ok(Applied { index: reply.index, reply: reply.reply }),
        ForwardOutcome::NotLeader => {
            Err(ProposeError::NotLeader { leader: (reply.leader > 0).then_some(reply.leader) })
        }
        ForwardOutcome::NotAppended | ForwardOutcome::TooLarge => {
            Err(ProposeError::NotAppended("the leader did not take the command"))
        }
        // The leader has stopped, this replica has not. And what a newer program says may mean anything.
        ForwardOutcome::Unknown | ForwardOutcome::Stopped | ForwardOutcome::Unspecified => {
            Err(ProposeError::Unknown)
        }
    }
}

fn lock(waiting: &Waiting) -> MutexGuard<'_, BTreeMap<u64, Answer>> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
