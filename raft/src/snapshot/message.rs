//! Protobuf messages at the two ends of a snapshot. Tags are for ever: never reuse or renumber one.

use prost::Message;

use crate::log_time::LogTime;
use crate::snapshot::error::SnapshotError;
use crate::snapshot::{Digest, TableDigest};
use crate::types::SnapshotMeta;
use crate::wire::{self, FORMAT_VERSION};

/// What a snapshot says of itself before its rows.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Header {
    /// The layout of the state whose rows follow.
    #[prost(uint32, tag = "1")]
    pub(crate) format_version: u32,
    /// 128 bits, big endian.
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) cluster_id: Vec<u8>,
    #[prost(message, optional, tag = "3")]
    pub(crate) last_applied: Option<wire::LogId>,
    #[prost(message, optional, tag = "4")]
    pub(crate) membership: Option<wire::StoredMembership>,
    #[prost(uint64, tag = "5")]
    pub(crate) log_time_ms: u64,
    /// What the engine keeps in the state besides, the same on every replica.
    #[prost(message, repeated, tag = "6")]
    pub(crate) engine_rows: Vec<EngineRow>,
    /// In all tables, to tell how far one has come.
    #[prost(uint64, tag = "7")]
    pub(crate) rows: u64,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct EngineRow {
    #[prost(bytes = "vec", tag = "1")]
    pub(crate) key: Vec<u8>,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) value: Vec<u8>,
}

/// What a snapshot must have held, behind its rows.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Trailer {
    #[prost(message, repeated, tag = "1")]
    tables: Vec<TableSum>,
    /// Over the header's bytes: the rows of one snapshot behind the header of another are neither.
    #[prost(fixed32, tag = "2")]
    pub(crate) header_crc32c: u32,
}

#[derive(Clone, PartialEq, Message)]
struct TableSum {
    #[prost(string, tag = "1")]
    name: String,
    #[prost(uint64, tag = "2")]
    rows: u64,
    #[prost(fixed32, tag = "3")]
    crc32c: u32,
}

impl Header {
    /// Decodes a header, and makes sure that this program can use what follows.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, SnapshotError> {
        let damaged = |e: String| SnapshotError::Damaged(e);
        let header = Self::decode(bytes).map_err(|e| damaged(e.to_string()))?;
        if header.format_version > FORMAT_VERSION {
            return Err(SnapshotError::Newer(format!("format {}", header.format_version)));
        }
        if header.cluster_id.len() != size_of::<u128>() || header.last_applied.is_none() {
            return Err(damaged("its header is incomplete".to_owned()));
        }
        Ok(header)
    }

    pub(crate) fn cluster_id(&self) -> u128 {
        // `read` has checked the length.
        self.cluster_id.as_slice().try_into().map_or(0, u128::from_be_bytes)
    }

    pub(crate) fn meta(&self) -> Result<SnapshotMeta, SnapshotError> {
        let membership = self.membership.clone().unwrap_or_default();
        let last_membership = membership.try_into().map_err(SnapshotError::Damaged)?;
        Ok(SnapshotMeta { last_log_id: self.last_applied.clone().map(Into::into), last_membership })
    }

    pub(crate) fn log_time(&self) -> LogTime {
        LogTime::from_millis(self.log_time_ms)
    }
}

impl Trailer {
    pub(crate) fn new(digest: &Digest, header_crc32c: u32) -> Self {
        let sum = |t: &TableDigest| TableSum { name: t.name.clone(), rows: t.rows, crc32c: t.crc32c };
        Self { tables: digest.tables.iter().map(sum).collect(), header_crc32c }
    }

    pub(crate) fn digest(&self) -> Digest {
        let table = |t: &TableSum| TableDigest { name: t.name.clone(), rows: t.rows, crc32c: t.crc32c };
        Digest { tables: self.tables.iter().map(table).collect() }
    }
}
