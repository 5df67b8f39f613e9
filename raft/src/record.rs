//! One log entry as it lies on disk.
//!
//! ```text
//! version u8 | kind u8 | term u64 | node u64 | index u64 | stamp_ms u64 | length u32 | payload | crc32c u32
//! ```
//!
//! Integers are little endian; the checksum covers all before it. The payload is empty for a blank entry,
//! the opaque command for a command, a protobuf message for a membership.

use bytes::{Buf, Bytes};
use openraft::EntryPayload;
use openraft::entry::RaftEntry;
use openraft::vote::RaftLeaderId;
use prost::Message;

use crate::log_time::LogTime;
use crate::types::{Entry, LeaderId, LogId, Proposal};
use crate::wire;

const VERSION: u8 = 1;
const KIND_BLANK: u8 = 0;
const KIND_COMMAND: u8 = 1;
const KIND_MEMBERSHIP: u8 = 2;
const HEADER_BYTES: usize = 2 + 4 * 8 + 4;
const CHECKSUM_BYTES: usize = 4;

/// Why a record can't be read. Never skipped: the log stops there.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RecordError {
    /// It is shorter or longer than it says.
    #[error("the record is cut short or damaged in its length")]
    Length,
    /// Its bytes are not those that were written.
    #[error("the record's checksum does not match: its bytes were changed after they were written")]
    Checksum,
    /// A newer program wrote it.
    #[error("record version {0} is not known to this program, which knows {VERSION}: start a newer one")]
    Version(u8),
    /// A newer program wrote it.
    #[error("record kind {0} is not known to this program: start a newer one")]
    Kind(u8),
    /// It belongs at another place in the log.
    #[error("the record is that of index {0}")]
    Index(u64),
    /// Its membership makes no sense.
    #[error("the record's membership is invalid: {0}")]
    Membership(String),
}

/// Replaces what is in `out` by the record of `entry`.
pub(crate) fn encode(entry: &Entry, out: &mut Vec<u8>) {
    let membership;
    let (kind, stamp, payload): (u8, LogTime, &[u8]) = match &entry.payload {
        EntryPayload::Blank => (KIND_BLANK, LogTime::default(), &[]),
        EntryPayload::Normal(proposal) => (KIND_COMMAND, proposal.stamp, &proposal.command),
        EntryPayload::Membership(m) => {
            membership = wire::Membership::from(m).encode_to_vec();
            (KIND_MEMBERSHIP, LogTime::default(), &membership)
        }
    };
    let length = u32::try_from(payload.len()).expect("commands are bounded far below 4 GiB by `propose`");
    out.clear();
    out.reserve(HEADER_BYTES + payload.len() + CHECKSUM_BYTES);
    out.extend_from_slice(&[VERSION, kind]);
    out.extend_from_slice(&entry.log_id.leader_id.term.to_le_bytes());
    out.extend_from_slice(&entry.log_id.leader_id.node_id.to_le_bytes());
    out.extend_from_slice(&entry.log_id.index.to_le_bytes());
    out.extend_from_slice(&stamp.as_millis().to_le_bytes());
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(payload);
    out.extend_from_slice(&crc32c::crc32c(out).to_le_bytes());
}

/// The entry that `record`, found at `index`, holds.
pub(crate) fn decode(index: u64, record: &[u8]) -> Result<Entry, RecordError> {
    // The version comes first: another one may have moved the checksum.
    match record.first() {
        Some(&VERSION) => {}
        Some(&version) => return Err(RecordError::Version(version)),
        None => return Err(RecordError::Length),
    }
    if record.len() < HEADER_BYTES + CHECKSUM_BYTES {
        return Err(RecordError::Length);
    }
    let (body, mut checksum) = record.split_at(record.len() - CHECKSUM_BYTES);
    if crc32c::crc32c(body) != checksum.get_u32_le() {
        return Err(RecordError::Checksum);
    }
    let mut body = &body[1..];
    let kind = body.get_u8();
    let leader = LeaderId::new(body.get_u64_le(), body.get_u64_le());
    let found = body.get_u64_le();
    let stamp = LogTime::from_millis(body.get_u64_le());
    if body.get_u32_le() as usize != body.len() {
        return Err(RecordError::Length);
    }
    if found != index {
        return Err(RecordError::Index(found));
    }
    Ok(Entry::new(LogId::new(leader, index), payload(kind, stamp, body)?))
}

fn payload(kind: u8, stamp: LogTime, bytes: &[u8]) -> Result<crate::types::Payload, RecordError> {
    match kind {
        KIND_BLANK => Ok(EntryPayload::Blank),
        KIND_COMMAND => Ok(EntryPayload::Normal(Proposal { stamp, command: Bytes::copy_from_slice(bytes) })),
        KIND_MEMBERSHIP => {
            let invalid = |e: String| RecordError::Membership(e);
            let wire = wire::Membership::decode(bytes).map_err(|e| invalid(e.to_string()))?;
            Ok(EntryPayload::Membership(wire.try_into().map_err(invalid)?))
        }
        unknown => Err(RecordError::Kind(unknown)),
    }
}
