//! The network of a replica that is alone: whatever is sent to another one is unreachable.

use std::future::Future;

use openraft::OptionalSend;
use openraft::errors::{RPCError, ReplicationClosed, StreamingError, Unreachable};
use openraft::network::{RPCOption, RaftNetworkFactory, RaftNetworkV2};
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, VoteRequest, VoteResponse,
};
use openraft::type_config::alias::SnapshotOf;

use crate::snapshot::SnapshotData;
use crate::types::{Node, TypeConfig, Vote};

/// The network of a replica that knows no others.
#[derive(Copy, Clone, Debug)]
pub(crate) struct LoneNetwork;

impl LoneNetwork {
    fn unreachable() -> Unreachable<TypeConfig> {
        Unreachable::from_string("this replica has no network to its peers")
    }
}

impl RaftNetworkFactory<TypeConfig> for LoneNetwork {
    type Network = Self;

    async fn new_client(&mut self, _target: u64, _node: &Node) -> Self {
        *self
    }
}

impl RaftNetworkV2<TypeConfig> for LoneNetwork {
    type SnapshotData = SnapshotData;

    async fn append_entries(
        &mut self,
        _rpc: AppendEntriesRequest<TypeConfig>,
        _option: RPCOption,
    ) -> Result<AppendEntriesResponse<TypeConfig>, RPCError<TypeConfig>> {
        Err(Self::unreachable().into())
    }

    async fn vote(
        &mut self,
        _rpc: VoteRequest<TypeConfig>,
        _option: RPCOption,
    ) -> Result<VoteResponse<TypeConfig>, RPCError<TypeConfig>> {
        Err(Self::unreachable().into())
    }

    async fn pre_vote(
        &mut self,
        _rpc: VoteRequest<TypeConfig>,
        _option: RPCOption,
    ) -> Result<VoteResponse<TypeConfig>, RPCError<TypeConfig>> {
        Err(Self::unreachable().into())
    }

    async fn full_snapshot(
        &mut self,
        _vote: Vote,
        _snapshot: SnapshotOf<TypeConfig, SnapshotData>,
        _cancel: impl Future<Output = ReplicationClosed> + OptionalSend + 'static,
        _option: RPCOption,
    ) -> Result<SnapshotResponse<TypeConfig>, StreamingError<TypeConfig>> {
        Err(Self::unreachable().into())
    }
}
