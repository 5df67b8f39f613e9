//! What this replica answers when others call.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, StreamExt, future, stream};
use openraft::errors::RaftError;
use openraft::raft::AppendEntriesRequest;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status, Streaming};

use super::backups::{self, BackupPart, BackupRequest};
use super::generated::peer_server::Peer;
use super::notices::Notices;
use super::proto::{
    AppendReply, AppendRequest, ForwardReply, ForwardRequest, ProtoError, ReadIndexReply, ReadIndexRequest,
    SnapshotPart, SnapshotReply, TransferReply, TransferRequest, VoteReply, VoteRequest,
};
use super::report::{Report, ReportRequest};
use super::server::Reception;
use super::{acknowledged, forward, leader_address, read_index, snapshots, watch};
use crate::engine::Engine;
use crate::formation::{
    Founding, FoundingAnswer, FoundingQuery, Hello, JoinAnswer, JoinRequest, Member, PromiseAnswer, Standing,
};
use crate::inner::Inner;
use crate::membership::removal;
use crate::operator::{ClusterStatus, Order, OrderAnswer, OrderRequest, StatusRequest};
use crate::types::TypeConfig;

/// Why a replica carries out no order but one, and gives no backup.
const NO_CLUSTER: &str =
    "this replica belongs to no cluster yet: boxoffice cluster status says what it waits for";

type Replies<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

/// The peers' service of one replica.
pub(super) struct PeerService {
    reception: Arc<Reception>,
    /// Ends streams, which would otherwise end with the peer.
    closing: CancellationToken,
    /// Whom it refused.
    refusals: Notices,
}

impl PeerService {
    pub(super) fn new(reception: Arc<Reception>, closing: CancellationToken) -> Self {
        Self { reception, closing, refusals: Notices::default() }
    }

    /// The engine, if it is the one that the caller means.
    fn engine<T>(&self, request: &Request<T>) -> Result<Arc<Inner>, Status> {
        let engine = self.reception.engine()?;
        let checked = engine.identified().check(request.metadata());
        let from = checked.inspect_err(|refusal| self.refused(request.remote_addr(), refusal))?;
        if engine.state.shared().cluster().removed.contains(&from) {
            return Err(removal::refusal(engine.cluster_id, from));
        }
        Ok(engine)
    }

    /// The same, if what it votes and acknowledges may count: not when it has failed and its process is about to end.
    fn sound_engine<T>(&self, request: &Request<T>) -> Result<Arc<Inner>, Status> {
        let engine = self.engine(request)?;
        if engine.health.has_failed() {
            return Err(Status::unavailable("this replica has failed"));
        }
        Ok(engine)
    }

    /// Members of two clusters have nothing to say to each other. Whoever has no place yet must learn of both.
    fn refuse_members_of_others(&self, request: &Request<Hello>) -> Result<(), Status> {
        let Some(Standing::Member(Member { cluster_id, .. })) = request.get_ref().standing else {
            return Ok(());
        };
        match self.reception.engine() {
            Ok(engine) if engine.cluster_id != u128::from(cluster_id) => {
                let identified = engine.identified();
                let refusal =
                    Status::failed_precondition(format!("{identified} is not of cluster {cluster_id}"));
                self.refused(request.remote_addr(), &refusal);
                Err(refusal)
            }
            _ => Ok(()),
        }
    }

    fn refused(&self, from: Option<SocketAddr>, refusal: &Status) {
        // Its port is another one each time.
        let (ip, reason) = (from.map(|from| from.ip()), refusal.message());
        if self.refusals.is_due(format!("{ip:?} {reason}")) {
            let from = from.map(tracing::field::display);
            tracing::warn!(from, reason, "refused a replica's call");
        }
    }

    fn until_closed<T: Send + 'static>(
        &self,
        replies: impl Stream<Item = Result<T, Status>> + Send + 'static,
    ) -> Response<Replies<T>> {
        Response::new(Box::pin(replies.take_until(self.closing.clone().cancelled_owned())))
    }
}

#[tonic::async_trait]
impl Peer for PeerService {
    type AppendStream = Replies<AppendReply>;
    type BackupStream = Replies<BackupPart>;
    type ForwardStream = Replies<ForwardReply>;

    async fn append(
        &self,
        request: Request<Streaming<AppendRequest>>,
    ) -> Result<Response<Self::AppendStream>, Status> {
        let engine = self.sound_engine(&request)?;
        let mut requests = request.into_inner();
        // A leader calls when it has something to send.
        let first = tokio::select! {
            () = self.closing.cancelled() => return Err(Status::unavailable("this replica is stopping")),
            first = requests.message() => first?,
        };
        if let Some((vote, acknowledged)) = first.as_ref().and_then(AppendRequest::reminder) {
            acknowledged::check(&engine, vote, acknowledged)?;
        }
        let requests = stream::iter(first.map(Ok)).chain(requests).map(|received| decoded(received?));
        // What cannot be read ends the stream, and the leader begins another one.
        let requests = requests.take_while(|received| {
            if let Err(status) = received {
                tracing::debug!(%status, "the stream of entries from the leader ended");
            }
            future::ready(received.is_ok())
        });
        let requests = requests.filter_map(|received| future::ready(received.ok()));
        let replies = engine.raft.stream_append(requests).map(|appended| match appended {
            Ok(result) => Ok(AppendReply::of_stream(result)),
            Err(fatal) => Err(Status::unavailable(fatal.to_string())),
        });
        Ok(self.until_closed(replies))
    }

    async fn heartbeat(&self, request: Request<AppendRequest>) -> Result<Response<AppendReply>, Status> {
        let engine = self.sound_engine(&request)?;
        let appended = engine.raft.append_entries(decoded(request.into_inner())?).await;
        Ok(Response::new(AppendReply::of_request(appended.map_err(|e| failed(&e))?)))
    }

    async fn vote(&self, request: Request<VoteRequest>) -> Result<Response<VoteReply>, Status> {
        let engine = self.sound_engine(&request)?;
        let request = request.into_inner();
        let pre_vote = request.pre_vote;
        let request = request.try_into().map_err(|e| garbled(&e))?;
        let voted =
            if pre_vote { engine.raft.pre_vote(request).await } else { engine.raft.vote(request).await };
        Ok(Response::new(voted.map_err(|e| failed(&e))?.into()))
    }

    async fn transfer_leader(
        &self,
        request: Request<TransferRequest>,
    ) -> Result<Response<TransferReply>, Status> {
        let engine = self.sound_engine(&request)?;
        let request = request.into_inner().try_into().map_err(|e| garbled(&e))?;
        let taken = engine.raft.handle_transfer_leader(request).await;
        let taken = taken.map_err(|fatal| Status::unavailable(fatal.to_string()))?;
        let refused = taken.err().map(|refusal| refusal.to_string()).unwrap_or_default();
        if !refused.is_empty() {
            tracing::info!(reason = refused, "did not take over the leadership that was offered");
        }
        Ok(Response::new(TransferReply { refused }))
    }

    async fn snapshot(
        &self,
        request: Request<Streaming<SnapshotPart>>,
    ) -> Result<Response<SnapshotReply>, Status> {
        let engine = self.sound_engine(&request)?;
        tokio::select! {
            () = self.closing.cancelled() => Err(Status::unavailable("this replica is stopping")),
            received = snapshots::receive(&engine, request) => received.map(Response::new),
        }
    }

    async fn forward(
        &self,
        request: Request<Streaming<ForwardRequest>>,
    ) -> Result<Response<Self::ForwardStream>, Status> {
        let engine = self.engine(&request)?;
        let commands = request.into_inner().take_while(|received| future::ready(received.is_ok()));
        let commands = commands.filter_map(|received| future::ready(received.ok()));
        let replies = forward::serve(commands, move |command| {
            let engine = engine.clone();
            async move { engine.propose_here(command).await }
        });
        Ok(self.until_closed(replies.map(Ok)))
    }

    /// For whoever has the cluster's secret or certificate, which those have who belong to no cluster.
    async fn backup(&self, _: Request<BackupRequest>) -> Result<Response<Self::BackupStream>, Status> {
        let engine = match self.reception.engine() {
            Err(_) if self.reception.is_without_cluster() => Err(Status::failed_precondition(NO_CLUSTER)),
            engine => engine,
        };
        let parts = backups::parts(Engine::of(engine?)).await?;
        Ok(self.until_closed(parts))
    }

    async fn read_index(
        &self,
        request: Request<ReadIndexRequest>,
    ) -> Result<Response<ReadIndexReply>, Status> {
        let engine = self.engine(&request)?;
        Ok(Response::new(read_index::reply(engine.read_index().await)))
    }

    async fn status(&self, _request: Request<StatusRequest>) -> Result<Response<ClusterStatus>, Status> {
        Ok(Response::new(match self.reception.engine() {
            Ok(engine) => engine.cluster_status(),
            Err(starting) => {
                ClusterStatus::without_cluster(self.reception.formation().map_err(|_| starting)?)
            }
        }))
    }

    async fn operate(&self, request: Request<OrderRequest>) -> Result<Response<OrderAnswer>, Status> {
        let order = request.into_inner().order;
        tracing::info!(?order, "an operator's order");
        let answer = match order {
            Some(Order::Init(init)) => {
                OrderAnswer::of_init(self.reception.formation()?.init(init.force).await)
            }
            Some(order) => match self.reception.engine() {
                Ok(engine) => engine.obey(&order).await,
                Err(_) if self.reception.is_without_cluster() => OrderAnswer::refused(NO_CLUSTER),
                Err(starting) => return Err(starting),
            },
            None => OrderAnswer::refused("the replica's program is older than yours and does not know this"),
        };
        Ok(Response::new(answer))
    }

    async fn report(&self, request: Request<ReportRequest>) -> Result<Response<Report>, Status> {
        let engine = self.engine(&request)?;
        let side = engine.side.as_ref().ok_or_else(|| Status::unavailable("this replica is alone"))?;
        Ok(Response::new(watch::report(&engine, &side.own)))
    }

    async fn hello(&self, request: Request<Hello>) -> Result<Response<Hello>, Status> {
        self.refuse_members_of_others(&request)?;
        let caller = request.into_inner();
        let mut hello = self.reception.formation()?.hello(Some(&caller));
        hello.leader_address = self.reception.engine().ok().and_then(|engine| leader_address(&engine));
        Ok(Response::new(hello))
    }

    async fn promise(&self, request: Request<Founding>) -> Result<Response<PromiseAnswer>, Status> {
        let answer = self.reception.formation()?.promise(&request.into_inner());
        answer.map(Response::new).map_err(|error| Status::internal(error.to_string()))
    }

    async fn founding(&self, request: Request<FoundingQuery>) -> Result<Response<FoundingAnswer>, Status> {
        let state = self.reception.formation()?.founding(&request.into_inner());
        Ok(Response::new(FoundingAnswer { state: state.into() }))
    }

    async fn join(&self, request: Request<JoinRequest>) -> Result<Response<JoinAnswer>, Status> {
        Ok(Response::new(self.reception.engine()?.admit(&request.into_inner()).await))
    }
}

fn decoded(request: AppendRequest) -> Result<AppendEntriesRequest<TypeConfig>, Status> {
    request.try_into().map_err(|e| garbled(&e))
}

fn garbled(error: &ProtoError) -> Status {
    Status::invalid_argument(error.to_string())
}

fn failed(error: &RaftError<TypeConfig>) -> Status {
    Status::unavailable(error.to_string())
}
