//! One frame of a snapshot as it goes over the wire or lies in a backup.
//!
//! ```text
//! version u8 | kind u8 | sequence u64 | length u32 | body | crc32c u32
//! ```
//!
//! Integers are little endian; the checksum covers all before it. The body of a header and of a trailer is a
//! protobuf message. That of rows is compressed, and holds rows of one table in the order of their keys:
//!
//! ```text
//! raw length u32 | lz4 block of: name length u32 | name | (key length u32 | value length u32 | key | value)…
//! ```

use bytes::{Buf, Bytes};
use lz4_flex::block::{CompressTable, compress_into_with_table, decompress_into, get_maximum_output_size};

use super::error::SnapshotError;

/// The version of a frame. Another one may have moved everything behind it.
const VERSION: u8 = 1;
/// Version, kind, sequence, length.
pub(crate) const PREFIX_BYTES: usize = 2 + 8 + 4;
const CHECKSUM_BYTES: usize = 4;
const LENGTH_BYTES: usize = 4;

/// Rows are gathered into a frame until they are so many bytes: enough for compression to find what repeats,
/// little enough to be held a few times over on both sides.
pub(crate) const ROWS_BYTES: usize = 256 << 10;
/// The longest row. Rows come from commands, which are far shorter.
pub(crate) const MAX_ROW_BYTES: usize = 4 << 20;
/// No rows of a frame are longer uncompressed.
const MAX_RAW_BYTES: usize = ROWS_BYTES + MAX_ROW_BYTES + (1 << 10);
/// No frame is longer: what does not compress grows by less than a percent.
pub const MAX_FRAME_BYTES: usize = MAX_RAW_BYTES + MAX_RAW_BYTES / 100;

/// What a frame holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Header = 1,
    Rows = 2,
    Trailer = 3,
}

/// A frame whose checksum was compared.
pub(crate) struct Frame<'a> {
    pub(crate) kind: Kind,
    pub(crate) sequence: u64,
    pub(crate) body: &'a [u8],
}

/// How long the frame is that begins with `prefix`, all included.
pub(crate) fn length(prefix: &[u8; PREFIX_BYTES]) -> Result<usize, SnapshotError> {
    check_version(prefix[0])?;
    let length = (&prefix[PREFIX_BYTES - LENGTH_BYTES..]).get_u32_le() as usize;
    let whole = PREFIX_BYTES + length + CHECKSUM_BYTES;
    if whole > MAX_FRAME_BYTES {
        return Err(SnapshotError::Damaged(format!("a frame says that it has {whole} bytes")));
    }
    Ok(whole)
}

/// Takes a frame apart.
pub(crate) fn decode(frame: &[u8]) -> Result<Frame<'_>, SnapshotError> {
    let short = || SnapshotError::Damaged("a frame is cut short or damaged in its length".to_owned());
    let prefix: &[u8; PREFIX_BYTES] = frame.first_chunk().ok_or_else(short)?;
    if length(prefix)? != frame.len() {
        return Err(short());
    }
    let (checked, mut checksum) = frame.split_at(frame.len() - CHECKSUM_BYTES);
    if crc32c::crc32c(checked) != checksum.get_u32_le() {
        return Err(SnapshotError::Damaged("a frame does not have its checksum".to_owned()));
    }
    let kind = match prefix[1] {
        1 => Kind::Header,
        2 => Kind::Rows,
        3 => Kind::Trailer,
        unknown => return Err(SnapshotError::Newer(format!("frame kind {unknown}"))),
    };
    let sequence = (&prefix[2..]).get_u64_le();
    Ok(Frame { kind, sequence, body: &checked[PREFIX_BYTES..] })
}

fn check_version(version: u8) -> Result<(), SnapshotError> {
    if version == VERSION { Ok(()) } else { Err(SnapshotError::Newer(format!("frame version {version}"))) }
}

/// Makes the frames of one stream.
pub(crate) struct FrameWriter {
    sequence: u64,
    table: CompressTable,
}

impl FrameWriter {
    pub(crate) fn new() -> Self {
        Self { sequence: 0, table: CompressTable::large() }
    }

    /// The next frame, around a body as it is.
    pub(crate) fn frame(&mut self, kind: Kind, body: &[u8]) -> Bytes {
        let mut frame = self.begin(kind, body.len());
        frame.extend_from_slice(body);
        self.finish(frame)
    }

    /// The next frame, with rows.
    pub(crate) fn rows(&mut self, raw: &[u8]) -> Bytes {
        let most = get_maximum_output_size(raw.len());
        let mut frame = self.begin(Kind::Rows, LENGTH_BYTES + most);
        frame.extend_from_slice(&length_prefix(raw.len()));
        let start = frame.len();
        frame.resize(start + most, 0);
        let compressed = compress_into_with_table(raw, &mut frame[start..], &mut self.table)
            .expect("the output has room for whatever does not compress");
        frame.truncate(start + compressed);
        self.finish(frame)
    }

    fn begin(&self, kind: Kind, body_bytes: usize) -> Vec<u8> {
        let mut frame = Vec::with_capacity(PREFIX_BYTES + body_bytes + CHECKSUM_BYTES);
        frame.extend_from_slice(&[VERSION, kind as u8]);
        frame.extend_from_slice(&self.sequence.to_le_bytes());
        // Known once the body is there.
        frame.extend_from_slice(&[0; LENGTH_BYTES]);
        frame
    }

    fn finish(&mut self, mut frame: Vec<u8>) -> Bytes {
        let length = length_prefix(frame.len() - PREFIX_BYTES);
        frame[PREFIX_BYTES - LENGTH_BYTES..PREFIX_BYTES].copy_from_slice(&length);
        frame.extend_from_slice(&crc32c::crc32c(&frame).to_le_bytes());
        self.sequence += 1;
        Bytes::from(frame)
    }
}

/// Begins the rows of `table` in `raw`.
pub(crate) fn begin_rows(raw: &mut Vec<u8>, table: &str) {
    raw.clear();
    raw.extend_from_slice(&length_prefix(table.len()));
    raw.extend_from_slice(table.as_bytes());
}

/// Adds a row to `raw`.
pub(crate) fn push_row(raw: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    raw.extend_from_slice(&length_prefix(key.len()));
    raw.extend_from_slice(&length_prefix(value.len()));
    raw.extend_from_slice(key);
    raw.extend_from_slice(value);
}

fn length_prefix(length: usize) -> [u8; LENGTH_BYTES] {
    u32::try_from(length).expect("rows are bounded far below 4 GiB").to_le_bytes()
}

/// Replaces what is in `raw` by what the body of a frame of rows holds.
pub(crate) fn unpack_rows(mut body: &[u8], raw: &mut Vec<u8>) -> Result<(), SnapshotError> {
    let damaged = |what: &str| SnapshotError::Damaged(what.to_owned());
    if body.len() < LENGTH_BYTES {
        return Err(damaged("a frame of rows has no length"));
    }
    let length = body.get_u32_le() as usize;
    if length > MAX_RAW_BYTES {
        return Err(damaged("a frame of rows is too long"));
    }
    raw.resize(length, 0);
    match decompress_into(body, raw) {
        Ok(unpacked) if unpacked == length => Ok(()),
        _ => Err(damaged("a frame of rows can't be decompressed")),
    }
}

/// Splits unpacked rows into the table's name and the rows.
pub(crate) fn split_table(raw: &[u8]) -> Option<(&str, Rows<'_>)> {
    let mut rest = raw;
    let length = take_length(&mut rest)?;
    let (name, rows) = rest.split_at_checked(length)?;
    Some((std::str::from_utf8(name).ok()?, Rows(rows)))
}

/// The rows of one frame: keys and values. Ends early where they are cut short.
#[derive(Copy, Clone)]
pub(crate) struct Rows<'a>(&'a [u8]);

impl<'a> Iterator for Rows<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let mut rest = self.0;
        let key = take_length(&mut rest)?;
        let value = take_length(&mut rest)?;
        let (key, rest) = rest.split_at_checked(key)?;
        let (value, rest) = rest.split_at_checked(value)?;
        self.0 = rest;
        Some((key, value))
    }
}

impl Rows<'_> {
    /// Whether nothing is left over.
    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }
}

fn take_length(rest: &mut &[u8]) -> Option<usize> {
    let (length, behind) = rest.split_first_chunk()?;
    *rest = behind;
    Some(u32::from_le_bytes(*length) as usize)
}
