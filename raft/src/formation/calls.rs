//! The seam between the rules and the network.

use std::future::Future;

use super::messages::{
    Founding, FoundingQuery, FoundingState, Hello, JoinAnswer, JoinRequest, PromiseAnswer,
};

/// Why a call got no answer. What it asked for may have happened all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// Nobody answered.
    #[error("unreachable: {0}")]
    Unreachable(String),
    /// Somebody answered, but does not talk to this replica: an operator has to look.
    #[error("refused: {0}")]
    Refused(String),
}

/// Calls to other replicas, at their addresses as `host:port`. They need no time-out of their own.
pub trait Calls: Send + Sync {
    /// Says who this replica is and asks the same. Only the other's answer proves that it can be reached, but
    /// it also counts that the other was told: two that cannot both be called still learn of each other.
    fn hello(&self, address: &str, own: &Hello) -> impl Future<Output = Result<Hello, CallError>> + Send;
    /// Asks for a promise.
    fn promise(
        &self,
        address: &str,
        founding: &Founding,
    ) -> impl Future<Output = Result<PromiseAnswer, CallError>> + Send;
    /// Asks what became of a proposal.
    fn founding(
        &self,
        address: &str,
        query: &FoundingQuery,
    ) -> impl Future<Output = Result<FoundingState, CallError>> + Send;
    /// Asks to be let into a cluster.
    fn join(
        &self,
        address: &str,
        request: &JoinRequest,
    ) -> impl Future<Output = Result<JoinAnswer, CallError>> + Send;
}
