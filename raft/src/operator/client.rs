//! An operator's program, calling a replica.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};
use tonic::transport::Channel;
use tonic::{Code, Status};

use super::messages::{ClusterStatus, Order, OrderOutcome, OrderRequest, StatusRequest};
use crate::peer::generated::peer_client::PeerClient;
use crate::peer::{Connections, Credentials, Purpose, root_cause};

/// How long a replica may take to say how it is: a few round trips around the world, a handshake among them.
const STATUS_TIMEOUT: Duration = Duration::from_secs(5);
/// How long an order may take: longer than the leader waits for a learner, or for a change to be committed.
const ORDER_TIMEOUT: Duration = Duration::from_secs(40);
/// How long to look for the leader: an election that fails once or twice, and a little.
const LEADER_TIMEOUT: Duration = Duration::from_secs(15);
/// Between two looks for it.
const LEADER_PAUSE: Duration = Duration::from_millis(250);

/// Calls replicas for an operator. It shows the same credentials as a replica does.
pub struct OperatorClient {
    connections: Connections,
}

/// Why an operator has no answer, or not the one that was hoped for. One line each.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// Nobody answers there.
    #[error("no replica answers at {address}: {reason}")]
    NoAnswer {
        /// `host:port`.
        address: String,
        /// Why not.
        reason: String,
    },
    /// The replica does not do it.
    #[error("refused: {0}")]
    Refused(String),
    /// Only a leader could do it.
    #[error("nobody leads the cluster: see boxoffice cluster status")]
    NoLeader,
}

impl OperatorClient {
    /// A client that shows these, and asks the same of replicas.
    pub fn new(credentials: Credentials) -> Self {
        Self { connections: Connections::new(credentials) }
    }

    /// How the cluster is, by the leader's word if it can be reached, else by that of the replica at `address`, a
    /// `host:port`.
    ///
    /// # Errors
    /// When that replica does not answer.
    pub async fn status(&self, address: &str) -> Result<ClusterStatus, OperatorError> {
        let first = self.status_of(address).await?;
        let is_leader = first.leader.is_some() && first.leader == first.answered_by;
        if is_leader || first.leader_address.is_empty() {
            return Ok(first);
        }
        let by_leader = self.status_of(&first.leader_address).await;
        let by_leader = by_leader.ok().filter(|status| status.cluster_id == first.cluster_id);
        Ok(by_leader.unwrap_or(first))
    }

    /// Has an order carried out, by the leader if it is one for that. Returns what is so now, in words.
    ///
    /// # Errors
    /// When it is refused, nobody answers, or nobody leads.
    pub async fn order(&self, address: &str, order: Order) -> Result<String, OperatorError> {
        let deadline = Instant::now() + LEADER_TIMEOUT;
        let mut to = address.to_owned();
        loop {
            match self.order_at(&to, &order).await {
                Ok(OrderOutcome::Done(what)) => return Ok(what),
                Ok(OrderOutcome::Refused(why)) => return Err(OperatorError::Refused(why)),
                Ok(OrderOutcome::NotLeader(leader)) if !leader.is_empty() && leader != to => to = leader,
                Ok(OrderOutcome::NotLeader(_)) if Instant::now() >= deadline => {
                    return Err(OperatorError::NoLeader);
                }
                Ok(OrderOutcome::NotLeader(_)) => sleep(LEADER_PAUSE).await,
                // It was sent to where the leader was: somebody else may lead by now.
                Err(_) if to != address => {
                    if Instant::now() >= deadline {
                        return Err(OperatorError::NoLeader);
                    }
                    address.clone_into(&mut to);
                    sleep(LEADER_PAUSE).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn status_of(&self, address: &str) -> Result<ClusterStatus, OperatorError> {
        let call = async { self.client(address)?.status(StatusRequest {}).await };
        Ok(answer(address, STATUS_TIMEOUT, call).await?.into_inner())
    }

    async fn order_at(&self, address: &str, order: &Order) -> Result<OrderOutcome, OperatorError> {
        let request = OrderRequest { order: Some(order.clone()) };
        let call = async { self.client(address)?.operate(request).await };
        let outcome = answer(address, ORDER_TIMEOUT, call).await?.into_inner().outcome;
        outcome.ok_or_else(|| {
            OperatorError::Refused("by a newer program, in words unknown to this one".to_owned())
        })
    }

    fn client(&self, address: &str) -> Result<PeerClient<Channel>, Status> {
        Ok(PeerClient::new(self.connections.channel(address, Purpose::Control)?))
    }
}

async fn answer<T>(
    address: &str,
    limit: Duration,
    call: impl Future<Output = Result<T, Status>>,
) -> Result<T, OperatorError> {
    let no_answer = |reason: String| OperatorError::NoAnswer { address: address.to_owned(), reason };
    match timeout(limit, call).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(status)) if status.code() == Code::Unimplemented => Err(OperatorError::Refused(format!(
            "the program at {address} is older than yours and does not know this"
        ))),
        Ok(Err(status)) => Err(no_answer(root_cause(&status).unwrap_or_else(|| status.message().to_owned()))),
        Err(_) => Err(no_answer(format!("not within {} s", limit.as_secs()))),
    }
}
