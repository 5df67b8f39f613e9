//! Walking the word index: unsold tickets whose titles have words with given prefixes, newest first.
//!
//! Each prefix is a union of the words that start with it, and the answer is the intersection of those
//! unions. All of them are sorted by age, so that an intersection skips ahead instead of reading through.

use std::cmp::Reverse;

use super::StoreError;
use super::key::{Key, after_prefix, leading_id};
use super::page::Position;
use super::schema::{Bytes, Table};
use super::view::{EntryResult, View, cut_short};
use crate::domain::TicketId;

/// Distinct words that one prefix may stand for. A broader prefix is no help in finding tickets (it is
/// still checked on each of them).
const MAX_WORDS_PER_PREFIX: usize = 32;

/// Prefixes that a walk follows; further ones are only checked on each ticket that it finds.
const MAX_LEADING_PREFIXES: usize = 8;

/// A ticket that an index names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Where it stands in the index.
    pub(super) position: Position,
    pub(super) id: TicketId,
}

/// What a walk comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A ticket that may match.
    Found(Candidate),
    /// Nothing yet, and enough was looked at: there may be more before this number.
    Paused {
        /// All tickets from this number on were looked at.
        before: u64,
    },
    /// There is nothing more.
    End,
}

/// Walks the tickets that have words with the longest of the given prefixes, newest first.
pub(super) struct WordWalk {
    unions: Vec<Union>,
    /// Where to go on from, as an inverted number.
    from: u64,
}

impl WordWalk {
    /// The walk, from the first ticket older than `before`; `None` if the prefixes are too broad to lead
    /// anywhere.
    pub(super) fn new(
        view: &View,
        prefixes: &[String],
        before: Option<u64>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(open) = view.table(Table::TicketsByWord)? else {
            return Ok(Some(Self { unions: vec![Union { words: Vec::new() }], from: 0 }));
        };
        // The longer a prefix, the fewer words begin with it.
        let mut longest: Vec<&String> = prefixes.iter().collect();
        longest.sort_by_key(|prefix| Reverse(prefix.len()));
        let mut unions = Vec::new();
        for prefix in longest.into_iter().take(MAX_LEADING_PREFIXES) {
            if let Some(words) = words_with_prefix(&open, prefix)? {
                let words = words.into_iter().map(|word| WordCursor { word, head: None }).collect();
                unions.push(Union { words });
            }
        }
        let from = before.map_or(0, |number| (!number).saturating_add(1));
        Ok((!unions.is_empty()).then_some(Self { unions, from }))
    }

    /// The next ticket. Takes the places of the index that it looks at from `steps_left`, and pauses when
    /// none is left: prefixes that never meet would otherwise be read through to their ends.
    pub(super) fn next(&mut self, view: &View, steps_left: &mut usize) -> Result<Step, StoreError> {
        let Some(open) = view.table(Table::TicketsByWord)? else { return Ok(Step::End) };
        'seek: loop {
            let mut agreed = None;
            for union in &mut self.unions {
                *steps_left = steps_left.saturating_sub(union.words.len());
                let Some((inverted, id)) = union.seek(&open, self.from)? else { return Ok(Step::End) };
                if inverted > self.from && agreed.is_some() {
                    // This union has nothing at the place the others agree on: all go on from here.
                    self.from = inverted;
                    if *steps_left == 0 {
                        return Ok(Step::Paused { before: !(inverted - 1) });
                    }
                    continue 'seek;
                }
                self.from = inverted;
                let position = Position { sort_key: 0, number: !inverted };
                agreed = Some(Candidate { position, id: TicketId::from_bytes(id) });
            }
            self.from = self.from.saturating_add(1);
            return Ok(agreed.map_or(Step::End, Step::Found));
        }
    }
}

type OpenWords = redb::ReadOnlyTable<Bytes, Bytes>;

/// The tickets of all words with one prefix.
struct Union {
    words: Vec<WordCursor>,
}

impl Union {
    /// The first entry at `from` or after it, over all words.
    fn seek(&mut self, open: &OpenWords, from: u64) -> Result<Option<(u64, [u8; 16])>, StoreError> {
        let mut least: Option<(u64, [u8; 16])> = None;
        for word in &mut self.words {
            let head = word.seek(open, from)?;
            least = match (least, head) {
                (Some(a), Some(b)) => Some(if a.0 <= b.0 { a } else { b }),
                (a, b) => a.or(b),
            };
        }
        Ok(least)
    }
}

/// The tickets of one word.
struct WordCursor {
    word: Vec<u8>,
    /// The entries from the last seek on, and the first of them; `Some` once sought.
    head: Option<Head>,
}

struct Head {
    rest: Box<dyn Iterator<Item = EntryResult>>,
    first: Option<(u64, [u8; 16])>,
}

impl WordCursor {
    fn seek(&mut self, open: &OpenWords, from: u64) -> Result<Option<(u64, [u8; 16])>, StoreError> {
        if let Some(head) = &mut self.head {
            match head.first {
                None => return Ok(None),
                Some(first) if first.0 >= from => return Ok(Some(first)),
                Some(_) => {
                    // Most seeks go one step ahead; only a longer one is worth a new descent.
                    head.first = head.rest.next().map(parse_entry).transpose()?;
                    if head.first.is_none_or(|first| first.0 >= from) {
                        return Ok(head.first);
                    }
                }
            }
        }
        let start = Key::new().bytes(&self.word).byte(0).number(from).finish();
        let end = Key::new().bytes(&self.word).byte(1).finish();
        let mut rest = open.range::<&[u8]>(start.as_slice()..end.as_slice())?;
        let first = rest.next().map(parse_entry).transpose()?;
        self.head = Some(Head { rest: Box::new(rest), first });
        Ok(first)
    }
}

fn parse_entry(entry: EntryResult) -> Result<(u64, [u8; 16]), StoreError> {
    let (key, value) = entry?;
    let inverted = key.value().last_chunk().map(|bytes| u64::from_be_bytes(*bytes));
    inverted.zip(leading_id(value.value())).ok_or_else(|| cut_short(Table::TicketsByWord))
}

/// The distinct words with a prefix; `None` if there are too many.
fn words_with_prefix(open: &OpenWords, prefix: &str) -> Result<Option<Vec<Vec<u8>>>, StoreError> {
    let until = after_prefix(prefix.as_bytes());
    let mut from = prefix.as_bytes().to_vec();
    let mut words = Vec::new();
    loop {
        let mut range = match &until {
            Some(until) => open.range::<&[u8]>(from.as_slice()..until.as_slice())?,
            None => open.range::<&[u8]>(from.as_slice()..)?,
        };
        let Some(entry) = range.next() else { return Ok(Some(words)) };
        let (key, _) = entry?;
        let word = key.value().split(|&byte| byte == 0).next().unwrap_or_default().to_vec();
        if words.len() == MAX_WORDS_PER_PREFIX {
            return Ok(None);
        }
        from = Key::new().bytes(&word).byte(1).finish();
        words.push(word);
    }
}
