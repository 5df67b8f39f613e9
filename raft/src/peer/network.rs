//! What the consensus engine sends to another replica.

use std::future::Future;
use std::sync::Arc;

use futures_util::{Stream, StreamExt, future, stream};
use openraft::OptionalSend;
use openraft::base::{BoxFuture, BoxStream};
use openraft::errors::{NetworkError, RPCError, ReplicationClosed, StreamingError, Unreachable};
use openraft::network::{RPCOption, RaftNetworkFactory, RaftNetworkV2};
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, SnapshotResponse, StreamAppendError, StreamAppendResult,
    TransferLeaderRequest, TransferLeaderResponse, VoteRequest, VoteResponse,
};
use openraft::type_config::alias::SnapshotOf;
use tonic::transport::Channel;
use tonic::{Status, Streaming};

use super::generated::peer_client::PeerClient;
use super::proto::{self, AppendReply, ProtoError};
use super::{Peers, Purpose, acknowledged, snapshots};
use crate::snapshot::SnapshotData;
use crate::types::{Node, TypeConfig, Vote};

type Replies = BoxStream<'static, Result<StreamAppendResult<TypeConfig>, RPCError<TypeConfig>>>;

/// The ways to all other replicas.
pub(crate) struct PeerNetwork(pub(crate) Arc<Peers>);

/// The way to one of them.
pub(crate) struct PeerLink {
    peers: Arc<Peers>,
    target: u64,
    /// Where it was when it joined.
    joined_at: String,
}

impl RaftNetworkFactory<TypeConfig> for PeerNetwork {
    type Network = PeerLink;

    async fn new_client(&mut self, target: u64, node: &Node) -> PeerLink {
        PeerLink { peers: self.0.clone(), target, joined_at: node.address.clone() }
    }
}

impl PeerLink {
    pub(super) fn client(&self, purpose: Purpose) -> Result<PeerClient<Channel>, Unreachable<TypeConfig>> {
        self.peers
            .client(&self.peers.address(self.target, &self.joined_at), purpose)
            .map_err(|e| unreachable(&e))
    }

    pub(super) fn request<T>(&self, message: T) -> Result<tonic::Request<T>, Unreachable<TypeConfig>> {
        let request = self.peers.request(self.target, message);
        request.ok_or_else(|| Unreachable::from_string("this replica belongs to no cluster yet"))
    }

    /// The replies on a stream, whose acknowledgements the replica is held to.
    fn noting(&self, vote: Vote, replies: Streaming<AppendReply>) -> Replies {
        let (peers, target) = (self.peers.clone(), self.target);
        Box::pin(replies.map(stream_result).inspect(move |result| {
            if let Ok(Ok(Some(last))) = result {
                peers.acknowledged.note(target, vote, *last);
            }
        }))
    }

    async fn ask_for_vote(
        &self,
        rpc: VoteRequest<TypeConfig>,
        pre_vote: bool,
    ) -> Result<VoteResponse<TypeConfig>, RPCError<TypeConfig>> {
        let request = self.request(proto::VoteRequest::new(&rpc, pre_vote))?;
        let reply = self.client(Purpose::Control)?.vote(request).await.map_err(|e| unreachable(&e))?;
        Ok(reply.into_inner().try_into().map_err(|e| garbled(&e))?)
    }
}

impl RaftNetworkV2<TypeConfig> for PeerLink {
    type SnapshotData = SnapshotData;

    async fn append_entries(
        &mut self,
        rpc: AppendEntriesRequest<TypeConfig>,
        _option: RPCOption,
    ) -> Result<AppendEntriesResponse<TypeConfig>, RPCError<TypeConfig>> {
        let request = self.request(proto::AppendRequest::from(rpc))?;
        let reply = self.client(Purpose::Control)?.heartbeat(request).await.map_err(|e| unreachable(&e))?;
        Ok(reply.into_inner().into_response().map_err(|e| garbled(&e))?)
    }

    fn stream_append<'s, S>(
        &'s mut self,
        input: S,
        _option: RPCOption,
    ) -> BoxFuture<
        's,
        Result<
            BoxStream<'s, Result<StreamAppendResult<TypeConfig>, RPCError<TypeConfig>>>,
            RPCError<TypeConfig>,
        >,
    >
    where
        S: Stream<Item = AppendEntriesRequest<TypeConfig>> + OptionalSend + Unpin + 'static,
    {
        Box::pin(async move {
            // The engine waits after a failure before it hands out the first request of the next stream. A replica that
            // refuses does so before it reads any: calling it sooner would be to call it again and again at once.
            let mut input = input;
            let Some(first) = input.next().await else {
                let nothing: Replies = Box::pin(stream::empty());
                return Ok(nothing);
            };
            let (vote, previous, is_heartbeat) = (first.vote, first.prev_log_id, first.entries.is_empty());
            let first = proto::AppendRequest::from(first)
                .reminding_of(self.peers.acknowledged.under(self.target, vote));
            let requests = stream::once(future::ready(first)).chain(input.map(proto::AppendRequest::from));
            let answer = self.client(Purpose::Append)?.append(self.request(requests)?).await;
            let replies: Replies = match answer {
                Ok(replies) => self.noting(vote, replies.into_inner()),
                Err(status) if acknowledged::is_lost(&status) => {
                    self.peers.lost(self.target, status.message());
                    // To have the engine forget what that replica acknowledged. A heartbeat's answer would count as
                    // the word of one that keeps to this leader.
                    let conflict = previous.filter(|_| !is_heartbeat).ok_or_else(|| unreachable(&status))?;
                    Box::pin(stream::once(future::ready(Ok(Err(StreamAppendError::Conflict(conflict))))))
                }
                Err(status) => return Err(unreachable(&status).into()),
            };
            Ok(replies)
        })
    }

    async fn vote(
        &mut self,
        rpc: VoteRequest<TypeConfig>,
        _option: RPCOption,
    ) -> Result<VoteResponse<TypeConfig>, RPCError<TypeConfig>> {
        self.ask_for_vote(rpc, false).await
    }

    async fn pre_vote(
        &mut self,
        rpc: VoteRequest<TypeConfig>,
        _option: RPCOption,
    ) -> Result<VoteResponse<TypeConfig>, RPCError<TypeConfig>> {
        self.ask_for_vote(rpc, true).await
    }

    async fn full_snapshot(
        &mut self,
        vote: Vote,
        snapshot: SnapshotOf<TypeConfig, SnapshotData>,
        cancel: impl Future<Output = ReplicationClosed> + OptionalSend + 'static,
        _option: RPCOption,
    ) -> Result<SnapshotResponse<TypeConfig>, StreamingError<TypeConfig>> {
        let state = self.peers.state().ok_or_else(|| Unreachable::from_string("this replica is starting"))?;
        let last_index = snapshot.meta.last_log_id.map_or(0, |id| id.index);
        let _sending = self.peers.sending.begin(self.target, last_index);
        tokio::select! {
            closed = cancel => Err(closed.into()),
            sent = snapshots::send(self, state, vote, snapshot) => Ok(SnapshotResponse::new(sent?)),
        }
    }

    async fn transfer_leader(
        &mut self,
        req: TransferLeaderRequest<TypeConfig>,
        _option: RPCOption,
    ) -> Result<TransferLeaderResponse<TypeConfig>, RPCError<TypeConfig>> {
        let request = self.request(proto::TransferRequest::from(&req))?;
        self.client(Purpose::Control)?.transfer_leader(request).await.map_err(|e| unreachable(&e))?;
        // A refusal is in the other's log. This one leads on until somebody else does.
        Ok(Ok(()))
    }
}

fn stream_result(
    reply: Result<AppendReply, Status>,
) -> Result<StreamAppendResult<TypeConfig>, RPCError<TypeConfig>> {
    let reply = reply.map_err(|e| unreachable(&e))?;
    Ok(reply.into_stream_result().map_err(|e| garbled(&e))?)
}

/// Nothing came back, so the engine waits a moment before it tries again.
fn unreachable(status: &Status) -> Unreachable<TypeConfig> {
    Unreachable::from_string(format!("{:?}: {}", status.code(), status.message()))
}

fn garbled(error: &ProtoError) -> NetworkError<TypeConfig> {
    NetworkError::from_string(error.to_string())
}
