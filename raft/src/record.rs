//! One log entry as it lies on disk.
//!
//! ```text
//! version u8 | kind u8 | term u64 | node u64 | index u64 | stamp_ms u64 | length u32 | payload | crc32c u32
//! ```
//!
//! Integers are little endian; the checksum covers all before it. The payload is empty for a blank entry,
//! the opaque command for a command, a protobuf message for a membership or a command of the cluster's own.

use bytes::{Buf, Bytes};
use openraft::EntryPayload;
use openraft::entry::RaftEntry;
use openraft::vote::RaftLeaderId;
use prost::Message;

use crate::engine::MAX_COMMAND_BYTES;
use crate::log_time::LogTime;
use crate::types::{Body, Entry, LeaderId, LogId, Proposal};
use crate::wire;

const VERSION: u8 = 1;
const KIND_BLANK: u8 = 0;
const KIND_COMMAND: u8 = 1;
const KIND_MEMBERSHIP: u8 = 2;
const KIND_CLUSTER: u8 = 3;
const HEADER_BYTES: usize = 2 + 4 * 8 + 4;
const CHECKSUM_BYTES: usize = 4;
/// No command's record is longer.
pub(crate) const MAX_RECORD_BYTES: usize = HEADER_BYTES + MAX_COMMAND_BYTES + CHECKSUM_BYTES;

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
    /// Its command of the cluster's own makes no sense.
    #[error("the record's cluster command is invalid: {0}")]
    Cluster(String),
    /// Its membership makes no sense.
    #[error("the record's membership is invalid: {0}")]
    Membership(String),
}

/// Replaces what is in `out` by the record of `entry`.
pub(crate) fn encode(entry: &Entry, out: &mut Vec<u8>) {
    let message;
    let (kind, stamp, payload): (u8, LogTime, &[u8]) = match &entry.payload {
        EntryPayload::Blank => (KIND_BLANK, LogTime::default(), &[]),
        EntryPayload::Normal(Proposal { stamp, body: Body::Command(command) }) => {
            (KIND_COMMAND, *stamp, command)
        }
        EntryPayload::Normal(Proposal { stamp, body: Body::Cluster(command) }) => {
            message = command.encode_to_vec();
            (KIND_CLUSTER, *stamp, &message)
        }
        EntryPayload::Membership(m) => {
            message = wire::Membership::from(m).encode_to_vec();
            (KIND_MEMBERSHIP, LogTime::default(), &message)
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
        KIND_COMMAND => {
            let body = Body::Command(Bytes::copy_from_slice(bytes));
            Ok(EntryPayload::Normal(Proposal { stamp, body }))
        }
        KIND_CLUSTER => {
            let command = wire::ClusterCommand::decode(bytes);
            let body = Body::Cluster(command.map_err(|e| RecordError::Cluster(e.to_string()))?);
            Ok(EntryPayload::Normal(Proposal { stamp, body }))
        }
        KIND_MEMBERSHIP => {
            let invalid = |e: String| RecordError::Membership(e);
            let wire = wire::Membership::decode(bytes).map_err(|e| invalid(e.to_string()))?;
            Ok(EntryPayload::Membership(wire.try_into().map_err(invalid)?))
        }
        unknown => Err(RecordError::Kind(unknown)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::types::{Membership, Node};

    fn entry(payload: crate::types::Payload) -> Entry {
        Entry::new(LogId::new(LeaderId::new(3, 1), 258), payload)
    }

    fn command() -> Entry {
        let stamp = LogTime::from_millis(1_800_000_000_000);
        entry(EntryPayload::Normal(Proposal { stamp, body: Body::Command(Bytes::from_static(b"sell")) }))
    }

    fn membership() -> Entry {
        let node = |address: &str, region: &str| Node { address: address.into(), region: region.into() };
        let nodes = BTreeMap::from([(1, node("a:1", "fra")), (2, node("b:2", "")), (9, node("", ""))]);
        let configs = vec![BTreeSet::from([1]), BTreeSet::from([1, 2])];
        entry(EntryPayload::Membership(Membership::new(configs, nodes).expect("valid")))
    }

    fn record(entry: &Entry) -> Vec<u8> {
        let mut record = b"left over".to_vec();
        encode(entry, &mut record);
        record
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// These bytes are in files: a change here is a new record version, not a new expectation.
    #[test]
    fn golden_bytes() {
        for (entry, golden) in [
            (
                entry(EntryPayload::Blank),
                concat!(
                    "0100030000000000000001000000000000000201000000000000000000000000000000000000",
                    "1d5d5a89",
                ),
            ),
            (
                command(),
                concat!(
                    "010103000000000000000100000000000000020100000000000000505c18a301000004000000",
                    "73656c6c2f047765",
                ),
            ),
            (
                membership(),
                concat!(
                    "010203000000000000000100000000000000020100000000000000000000000000002a000000",
                    "0a030a01010a040a020102120e0801120a0a03613a3112036672611209080212050a03623a32",
                    "120208090156b042",
                ),
            ),
        ] {
            assert_eq!(hex(&record(&entry)), golden);
            assert_eq!(decode(258, &record(&entry)), Ok(entry));
        }
    }

    #[test]
    fn refuses_what_it_did_not_write() {
        let whole = record(&command());
        assert_eq!(decode(257, &whole), Err(RecordError::Index(258)));
        assert_eq!(decode(258, &[]), Err(RecordError::Length));
        assert_eq!(decode(258, &whole[..20]), Err(RecordError::Length));
        for at in 1..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            assert_eq!(decode(258, &flipped), Err(RecordError::Checksum), "byte {at}");
        }
        let mut newer = whole.clone();
        newer[0] = 2;
        assert_eq!(decode(258, &newer), Err(RecordError::Version(2)));
        assert_eq!(decode(258, &resealed(&whole, 1, 77)), Err(RecordError::Kind(77)));
        assert_eq!(decode(258, &resealed(&whole, HEADER_BYTES - 4, 5)), Err(RecordError::Length));
    }

    /// The record with one byte changed and a checksum that says so.
    fn resealed(record: &[u8], at: usize, byte: u8) -> Vec<u8> {
        let mut changed = record[..record.len() - CHECKSUM_BYTES].to_vec();
        changed[at] = byte;
        changed.extend_from_slice(&crc32c::crc32c(&changed).to_le_bytes());
        changed
    }
}
