//! Protobuf messages between replicas, and openraft's types in them.
//!
//! Tags are for ever: replicas of neighbouring versions talk to each other during an upgrade. Log entries travel as the
//! records they are on disk, version and checksum included.

use bytes::Bytes;
use openraft::raft::{
    AppendEntriesRequest, AppendEntriesResponse, StreamAppendError, StreamAppendResult, TransferLeaderRequest,
};
use prost::Message;

use crate::record::{self, RecordError};
use crate::types::{self, TypeConfig, next_index};
use crate::wire::{LogId, Vote};

/// What is wrong with a message that a peer sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProtoError {
    #[error("the message lacks its {0}")]
    Missing(&'static str),
    #[error("log entry {index}: {source}")]
    Record { index: u64, source: RecordError },
    #[error("the outcome {0} is not known to this program")]
    Outcome(i32),
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AppendRequest {
    #[prost(message, optional, tag = "1")]
    vote: Option<Vote>,
    #[prost(message, optional, tag = "2")]
    previous: Option<LogId>,
    #[prost(bytes = "bytes", repeated, tag = "3")]
    records: Vec<Bytes>,
    #[prost(message, optional, tag = "4")]
    committed: Option<LogId>,
    /// The last entry that the receiver acknowledged to this leader; only in the first request of a stream.
    #[prost(message, optional, tag = "5")]
    acknowledged: Option<LogId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
enum AppendOutcome {
    Unspecified = 0,
    /// All of a request, or a stream up to `log_id`.
    Matching = 1,
    /// A request up to `log_id`.
    Partial = 2,
    /// The entry at `log_id` is another one here.
    Conflict = 3,
    HigherVote = 4,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct AppendReply {
    #[prost(enumeration = "AppendOutcome", tag = "1")]
    outcome: i32,
    #[prost(message, optional, tag = "2")]
    log_id: Option<LogId>,
    #[prost(message, optional, tag = "3")]
    vote: Option<Vote>,
    /// The wall clock of who answers, in milliseconds since the Unix epoch.
    #[prost(uint64, tag = "4")]
    pub(crate) wall_ms: u64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct VoteRequest {
    #[prost(message, optional, tag = "1")]
    vote: Option<Vote>,
    #[prost(message, optional, tag = "2")]
    last: Option<LogId>,
    #[prost(bool, tag = "3")]
    leadership_transfer: bool,
    /// Only whether the vote would be given.
    #[prost(bool, tag = "4")]
    pub(crate) pre_vote: bool,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct VoteReply {
    #[prost(message, optional, tag = "1")]
    vote: Option<Vote>,
    #[prost(bool, tag = "2")]
    granted: bool,
    #[prost(message, optional, tag = "3")]
    last: Option<LogId>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TransferRequest {
    #[prost(message, optional, tag = "1")]
    from: Option<Vote>,
    #[prost(uint64, tag = "2")]
    to: u64,
    #[prost(message, optional, tag = "3")]
    last: Option<LogId>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TransferReply {
    /// Why not; empty if it was taken.
    #[prost(string, tag = "1")]
    pub(crate) refused: String,
}

/// A part of a snapshot: the vote comes with the first, frames with all.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SnapshotPart {
    #[prost(message, optional, tag = "1")]
    pub(crate) vote: Option<Vote>,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) frame: Bytes,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SnapshotReply {
    #[prost(message, optional, tag = "1")]
    pub(crate) vote: Option<Vote>,
}

/// A command for the leader's log.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ForwardRequest {
    /// Given back with the reply: they come in any order.
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) command: Bytes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum ForwardOutcome {
    Unspecified = 0,
    Applied = 1,
    NotLeader = 2,
    NotAppended = 3,
    Unknown = 4,
    Stopped = 5,
    TooLarge = 6,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ForwardReply {
    #[prost(uint64, tag = "1")]
    pub(crate) sequence: u64,
    #[prost(enumeration = "ForwardOutcome", tag = "2")]
    pub(crate) outcome: i32,
    /// Where it was applied.
    #[prost(uint64, tag = "3")]
    pub(crate) index: u64,
    #[prost(bytes = "bytes", tag = "4")]
    pub(crate) reply: Bytes,
    /// Who leads instead; 0 if that is not known.
    #[prost(uint64, tag = "5")]
    pub(crate) leader: u64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ReadIndexRequest {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub(crate) enum ReadIndexOutcome {
    Unspecified = 0,
    Confirmed = 1,
    NotLeader = 2,
    NoQuorum = 3,
    Stopped = 4,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ReadIndexReply {
    #[prost(enumeration = "ReadIndexOutcome", tag = "1")]
    pub(crate) outcome: i32,
    #[prost(uint64, tag = "2")]
    pub(crate) index: u64,
    #[prost(uint64, tag = "3")]
    pub(crate) leader: u64,
}

impl From<AppendEntriesRequest<TypeConfig>> for AppendRequest {
    fn from(request: AppendEntriesRequest<TypeConfig>) -> Self {
        let record = |entry: &types::Entry| {
            let mut record = Vec::new();
            record::encode(entry, &mut record);
            Bytes::from(record)
        };
        Self {
            vote: Some((&request.vote).into()),
            previous: request.prev_log_id.as_ref().map(Into::into),
            records: request.entries.iter().map(record).collect(),
            committed: request.leader_commit.as_ref().map(Into::into),
            acknowledged: None,
        }
    }
}

impl AppendRequest {
    /// The same, with what the receiver is known to have.
    pub(crate) fn reminding_of(self, acknowledged: Option<types::LogId>) -> Self {
        Self { acknowledged: acknowledged.as_ref().map(Into::into), ..self }
    }

    /// By which vote the sender leads, and what this replica acknowledged to it.
    pub(crate) fn reminder(&self) -> Option<(types::Vote, types::LogId)> {
        Some((self.vote.clone()?.into(), self.acknowledged.clone()?.into()))
    }
}

impl TryFrom<AppendRequest> for AppendEntriesRequest<TypeConfig> {
    type Error = ProtoError;

    fn try_from(request: AppendRequest) -> Result<Self, ProtoError> {
        let prev_log_id: Option<types::LogId> = request.previous.map(Into::into);
        let first = next_index(prev_log_id);
        let entry = |(record, index): (&Bytes, u64)| {
            record::decode(index, record).map_err(|source| ProtoError::Record { index, source })
        };
        Ok(Self {
            vote: request.vote.ok_or(ProtoError::Missing("vote"))?.into(),
            prev_log_id,
            entries: request.records.iter().zip(first..).map(entry).collect::<Result<_, _>>()?,
            leader_commit: request.committed.map(Into::into),
        })
    }
}

impl AppendReply {
    fn new(outcome: AppendOutcome, log_id: Option<types::LogId>, vote: Option<types::Vote>) -> Self {
        let (log_id, vote) = (log_id.as_ref().map(Into::into), vote.as_ref().map(Into::into));
        Self { outcome: outcome.into(), log_id, vote, wall_ms: 0 }
    }

    /// The answer to a whole request.
    pub(crate) fn of_request(response: AppendEntriesResponse<TypeConfig>) -> Self {
        match response {
            AppendEntriesResponse::Success => Self::new(AppendOutcome::Matching, None, None),
            AppendEntriesResponse::PartialSuccess(log_id) => Self::new(AppendOutcome::Partial, log_id, None),
            AppendEntriesResponse::Conflict => Self::new(AppendOutcome::Conflict, None, None),
            AppendEntriesResponse::HigherVote(vote) => Self::new(AppendOutcome::HigherVote, None, Some(vote)),
        }
    }

    /// The answer to a part of a stream.
    pub(crate) fn of_stream(result: StreamAppendResult<TypeConfig>) -> Self {
        match result {
            Ok(log_id) => Self::new(AppendOutcome::Matching, log_id, None),
            Err(StreamAppendError::Conflict(log_id)) => {
                Self::new(AppendOutcome::Conflict, Some(log_id), None)
            }
            Err(StreamAppendError::HigherVote(vote)) => {
                Self::new(AppendOutcome::HigherVote, None, Some(vote))
            }
        }
    }

    /// What it says of a whole request.
    pub(crate) fn into_response(self) -> Result<AppendEntriesResponse<TypeConfig>, ProtoError> {
        Ok(match self.outcome() {
            AppendOutcome::Unspecified => return Err(ProtoError::Outcome(self.outcome)),
            AppendOutcome::Matching => AppendEntriesResponse::Success,
            AppendOutcome::Partial => AppendEntriesResponse::PartialSuccess(self.log_id.map(Into::into)),
            AppendOutcome::Conflict => AppendEntriesResponse::Conflict,
            AppendOutcome::HigherVote => {
                AppendEntriesResponse::HigherVote(self.vote.ok_or(ProtoError::Missing("vote"))?.into())
            }
        })
    }

    /// What it says of a part of a stream.
    pub(crate) fn into_stream_result(self) -> Result<StreamAppendResult<TypeConfig>, ProtoError> {
        Ok(match self.outcome() {
            AppendOutcome::Unspecified | AppendOutcome::Partial => {
                return Err(ProtoError::Outcome(self.outcome));
            }
            AppendOutcome::Matching => Ok(self.log_id.map(Into::into)),
            AppendOutcome::Conflict => {
                Err(StreamAppendError::Conflict(self.log_id.ok_or(ProtoError::Missing("log id"))?.into()))
            }
            AppendOutcome::HigherVote => {
                Err(StreamAppendError::HigherVote(self.vote.ok_or(ProtoError::Missing("vote"))?.into()))
            }
        })
    }
}

impl VoteRequest {
    pub(crate) fn new(request: &openraft::raft::VoteRequest<TypeConfig>, pre_vote: bool) -> Self {
        Self {
            vote: Some((&request.vote).into()),
            last: request.last_log_id.as_ref().map(Into::into),
            leadership_transfer: request.leadership_transfer,
            pre_vote,
        }
    }
}

impl TryFrom<VoteRequest> for openraft::raft::VoteRequest<TypeConfig> {
    type Error = ProtoError;

    fn try_from(request: VoteRequest) -> Result<Self, ProtoError> {
        let vote = request.vote.ok_or(ProtoError::Missing("vote"))?.into();
        let mut asked = Self::new(vote, request.last.map(Into::into));
        asked.leadership_transfer = request.leadership_transfer;
        Ok(asked)
    }
}

impl From<openraft::raft::VoteResponse<TypeConfig>> for VoteReply {
    fn from(response: openraft::raft::VoteResponse<TypeConfig>) -> Self {
        Self {
            vote: Some((&response.vote).into()),
            granted: response.vote_granted,
            last: response.last_log_id.as_ref().map(Into::into),
        }
    }
}

impl TryFrom<VoteReply> for openraft::raft::VoteResponse<TypeConfig> {
    type Error = ProtoError;

    fn try_from(reply: VoteReply) -> Result<Self, ProtoError> {
        let vote: types::Vote = reply.vote.ok_or(ProtoError::Missing("vote"))?.into();
        Ok(Self::new(vote, reply.last.map(Into::into), reply.granted))
    }
}

impl From<&TransferLeaderRequest<TypeConfig>> for TransferRequest {
    fn from(request: &TransferLeaderRequest<TypeConfig>) -> Self {
        Self {
            from: Some(request.from_leader().into()),
            to: *request.to_node_id(),
            last: request.last_log_id().map(Into::into),
        }
    }
}

impl TryFrom<TransferRequest> for TransferLeaderRequest<TypeConfig> {
    type Error = ProtoError;

    fn try_from(request: TransferRequest) -> Result<Self, ProtoError> {
        let from = request.from.ok_or(ProtoError::Missing("vote"))?.into();
        Ok(Self::new(from, request.to, request.last.map(Into::into)))
    }
}
