//! Whole states on their way from one replica to another. Reading and writing them blocks, so that happens on threads
//! that may; a short queue between those and the connection makes each wait for the other.

use futures_util::{Stream, StreamExt, stream};
use openraft::errors::{NetworkError, StreamingError, Unreachable};
use tokio::sync::mpsc;
use tonic::{Request, Status};

use super::Purpose;
use super::network::PeerLink;
use super::proto::{SnapshotPart, SnapshotReply};
use crate::inner::Inner;
use crate::snapshot::{SnapshotFrames, StateSnapshot};
use crate::state_store::StateStore;
use crate::types::{TypeConfig, Vote};

/// Frames that wait between a disk and a connection, of some 256 KiB each before they are compressed.
const QUEUED_FRAMES: usize = 4;

/// Sends a snapshot and returns the receiver's vote.
pub(super) async fn send(
    link: &PeerLink,
    state: &StateStore,
    vote: Vote,
    snapshot: StateSnapshot,
) -> Result<Vote, StreamingError<TypeConfig>> {
    let broken = |e: &dyn std::fmt::Display| NetworkError::from_string(e.to_string());
    let frames = state.frames(snapshot).map_err(|e| broken(&e))?;
    let mut vote = Some((&vote).into());
    let parts = read(frames, state.clone()).map(move |frame| SnapshotPart { vote: vote.take(), frame });
    let mut client = link.client(Purpose::Snapshot)?;
    let sent = client.snapshot(link.request(parts)?).await;
    let reply = sent.map_err(|status| Unreachable::from_string(format!("snapshot: {}", status.message())))?;
    let vote = reply.into_inner().vote.ok_or_else(|| broken(&"the reply lacks its vote"))?;
    Ok(vote.into())
}

/// Receives a snapshot and has it installed.
pub(super) async fn receive(
    engine: &Inner,
    parts: Request<tonic::Streaming<SnapshotPart>>,
) -> Result<SnapshotReply, Status> {
    let mut parts = parts.into_inner();
    let (frames, mut queue) = mpsc::channel::<bytes::Bytes>(QUEUED_FRAMES);
    let state = engine.state.clone();
    let writer = tokio::task::spawn_blocking(move || {
        let mut receiver = state.receive()?;
        while let Some(frame) = queue.blocking_recv() {
            receiver.write(&frame)?;
        }
        receiver.finish()
    });
    let mut vote = None;
    while let Some(part) = parts.message().await? {
        vote = vote.or(part.vote);
        // The writer has failed, and says below why.
        if frames.send(part.frame).await.is_err() {
            break;
        }
    }
    drop(frames);
    let written = writer.await.map_err(|e| Status::internal(e.to_string()))?;
    let received = written.map_err(|e| Status::data_loss(e.to_string()))?;
    let vote: Vote = vote.ok_or_else(|| Status::invalid_argument("the snapshot lacks its vote"))?.into();
    let installed = engine.raft.install_full_snapshot(vote, received.into()).await;
    let installed = installed.map_err(|fatal| Status::unavailable(fatal.to_string()))?;
    Ok(SnapshotReply { vote: Some((&installed.vote).into()) })
}

/// The frames, as they come from the disk. Ends early if one can't be read: the receiver misses the last one then.
fn read(frames: SnapshotFrames, state: StateStore) -> impl Stream<Item = bytes::Bytes> + Send + 'static {
    let (sender, queue) = mpsc::channel(QUEUED_FRAMES);
    tokio::task::spawn_blocking(move || {
        for frame in frames {
            match frame {
                Ok(frame) => {
                    if sender.blocking_send(frame).is_err() {
                        return;
                    }
                }
                Err(error) => return state.could_not_be_read(&error),
            }
        }
    });
    stream::unfold(queue, |mut queue| async move { Some((queue.recv().await?, queue)) })
}
