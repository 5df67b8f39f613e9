//! What is said to replicas that may not be of this cluster, or of any: calls that name no cluster.

use tonic::{Code, Request, Status};

use super::generated::peer_client::PeerClient;
use super::{Peers, Purpose};
use crate::formation::{
    CallError, Calls, Founding, FoundingQuery, FoundingState, Hello, JoinAnswer, JoinRequest, PromiseAnswer,
};
use crate::inner::{Inner, PeerSide};

impl Calls for Peers {
    async fn hello(&self, address: &str, own: &Hello) -> Result<Hello, CallError> {
        Ok(self.to(address)?.hello(Request::new(own.clone())).await.map_err(call_error)?.into_inner())
    }

    async fn promise(&self, address: &str, founding: &Founding) -> Result<PromiseAnswer, CallError> {
        Ok(self.to(address)?.promise(Request::new(founding.clone())).await.map_err(call_error)?.into_inner())
    }

    async fn founding(&self, address: &str, query: &FoundingQuery) -> Result<FoundingState, CallError> {
        Ok(self.to(address)?.founding(Request::new(*query)).await.map_err(call_error)?.into_inner().state())
    }

    async fn join(&self, address: &str, request: &JoinRequest) -> Result<JoinAnswer, CallError> {
        Ok(self.to(address)?.join(Request::new(request.clone())).await.map_err(call_error)?.into_inner())
    }
}

impl Peers {
    fn to(&self, address: &str) -> Result<PeerClient<tonic::transport::Channel>, CallError> {
        self.client(address, Purpose::Control).map_err(call_error)
    }
}

/// What a member says of itself, and where it believes the leader is.
pub(super) fn hello(engine: &Inner, side: &PeerSide) -> Hello {
    let mut hello = side.formation.hello(None);
    hello.leader_address = leader_address(engine);
    hello
}

/// `host:port` of the leader's peer listener, if there is a leader.
pub(crate) fn leader_address(engine: &Inner) -> Option<String> {
    let leader = engine.leadership.borrow().leader?;
    if leader == engine.node_id {
        return engine.side.as_ref().map(|side| side.own.advertise.clone());
    }
    engine.way_to(leader).map(|(_, address)| address)
}

fn call_error(status: Status) -> CallError {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Unknown => {
            CallError::Unreachable(status.message().to_owned())
        }
        _ => CallError::Refused(status.message().to_owned()),
    }
}
