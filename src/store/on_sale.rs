//! Which tickets are on sale: a bit for each, by number, in chunks.
//!
//! A reservation and a release would otherwise take a dozen entries out of the search indexes and put them
//! back, all in different places. Instead the indexes keep a ticket until it is sold or withdrawn, and
//! whoever walks them skips what has no bit: a thousand tickets share one small row.

use std::collections::BTreeMap;

use super::StoreError;
use super::rows::damaged;
use super::schema::Table;
use super::view::{OpenTable, View};

/// Tickets that share a row.
const TICKETS_PER_CHUNK: u64 = 1_024;

/// Bytes of a row.
const CHUNK_BYTES: usize = TICKETS_PER_CHUNK as usize / 8;

/// A row: a bit for each ticket of the chunk.
pub(super) type Chunk = [u8; CHUNK_BYTES];

/// A row that is not there.
pub(super) const EMPTY_CHUNK: Chunk = [0; CHUNK_BYTES];

/// Where a ticket's bit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    chunk: u64,
    byte: usize,
    mask: u8,
}

impl Place {
    pub(super) fn of(number: u64) -> Self {
        let bit = (number % TICKETS_PER_CHUNK) as usize;
        Self { chunk: number / TICKETS_PER_CHUNK, byte: bit / 8, mask: 1 << (bit % 8) }
    }

    /// The key of the ticket's row.
    pub(super) fn key(self) -> [u8; 8] {
        self.chunk.to_be_bytes()
    }

    /// Sets or clears the ticket's bit. Returns the chunk unless it is empty now: empty ones have no row.
    pub(super) fn set(self, mut chunk: Chunk, on_sale: bool) -> Option<Chunk> {
        if on_sale {
            chunk[self.byte] |= self.mask;
        } else {
            chunk[self.byte] &= !self.mask;
        }
        (chunk != EMPTY_CHUNK).then_some(chunk)
    }

    fn is_set(self, chunk: &Chunk) -> bool {
        chunk[self.byte] & self.mask != 0
    }
}

/// A row's chunk; a missing row's is empty.
pub(super) fn chunk(row: Option<&[u8]>) -> Result<Chunk, StoreError> {
    match row {
        None => Ok(EMPTY_CHUNK),
        Some(row) => row.try_into().map_err(|_| damaged(Table::OnSale, "a chunk has another length")),
    }
}

/// Which tickets are on sale in a view. Remembers the chunks that it read.
pub(super) struct OnSale {
    table: OpenTable,
    chunks: BTreeMap<u64, Chunk>,
}

impl OnSale {
    pub(super) fn new(view: &View) -> Result<Self, StoreError> {
        Ok(Self { table: view.table(Table::OnSale)?, chunks: BTreeMap::new() })
    }

    pub(super) fn contains(&mut self, number: u64) -> Result<bool, StoreError> {
        let place = Place::of(number);
        if let Some(chunk) = self.chunks.get(&place.chunk) {
            return Ok(place.is_set(chunk));
        }
        let row = match &self.table {
            Some(table) => table.get(place.key().as_slice())?,
            None => None,
        };
        let chunk = chunk(row.as_ref().map(|row| row.value()))?;
        self.chunks.insert(place.chunk, chunk);
        Ok(place.is_set(&chunk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ticket_has_a_bit_of_its_own() {
        let mut chunks: BTreeMap<[u8; 8], Chunk> = BTreeMap::new();
        for number in [1, 7, 8, 1_023, 1_024, 5_000] {
            let place = Place::of(number);
            let before = chunks.get(&place.key()).copied().unwrap_or(EMPTY_CHUNK);
            assert!(!place.is_set(&before), "{number}");
            chunks.extend(place.set(before, true).map(|chunk| (place.key(), chunk)));
        }
        let bits: u32 = chunks.values().flatten().map(|byte| byte.count_ones()).sum();
        assert_eq!((chunks.len(), bits), (3, 6));
        let place = Place::of(5_000);
        assert_eq!(place.set(chunks[&place.key()], false), None, "an empty chunk has no row");
    }
}
