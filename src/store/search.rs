//! Searching the tickets on sale. Whatever the mix of filters, the work for one page is bounded.
//!
//! Newest first, the words or the seller lead to the tickets. In another order, few matches are gathered
//! and sorted; many are found by walking that order's own index and leaving out what does not match.

use super::StoreError;
use super::key::{Key, after_prefix, leading_id, trailing_number};
use super::on_sale::OnSale;
use super::page::{Page, Position};
use super::schema::Table;
use super::view::{EntryResult, View, cut_short};
use super::word_index::{Candidate, Step, WordWalk};
use crate::domain::{Ticket, TicketId, TicketStatus, UserId};

/// Tickets that one page may read.
const MAX_FETCHED: usize = 300;

/// Places of an index that one page may look at. One costs a tenth of reading a ticket.
const MAX_STEPS: usize = 4_000;

/// What a list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Latest posted first.
    #[default]
    Newest,
    /// Cheapest first.
    PriceAscending,
    /// Dearest first.
    PriceDescending,
    /// Next show first; those without a date last.
    StartsAt,
}

/// Which tickets on sale to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketQuery {
    /// Prefixes of words that the title must all have, normalised as the title's words are.
    pub prefixes: Vec<String>,
    /// Least price in minor units, inclusive.
    pub min_price_minor: Option<u64>,
    /// Greatest price in minor units, inclusive.
    pub max_price_minor: Option<u64>,
    /// Whose tickets.
    pub seller: Option<UserId>,
    /// In which order.
    pub sort: Sort,
    /// Where the page before this one ended.
    pub after: Option<Position>,
    /// How many at most.
    pub limit: usize,
    /// Shows that began by then are left out; in milliseconds on the replicated clock.
    pub now_ms: u64,
}

impl TicketQuery {
    fn matches(&self, ticket: &Ticket) -> bool {
        ticket.status() == TicketStatus::Available
            && !ticket.has_begun(self.now_ms)
            && self.min_price_minor.is_none_or(|least| least <= ticket.price_minor)
            && self.max_price_minor.is_none_or(|most| ticket.price_minor <= most)
            && self.seller.is_none_or(|seller| seller == ticket.seller)
            && self.prefixes.iter().all(|prefix| ticket.words.iter().any(|word| word.starts_with(prefix)))
    }

    fn position(&self, ticket: &Ticket) -> Position {
        let sort_key = match self.sort {
            Sort::Newest => 0,
            Sort::PriceAscending | Sort::PriceDescending => ticket.price_minor,
            Sort::StartsAt => ticket.starts_at_ms.unwrap_or(u64::MAX),
        };
        Position { sort_key, number: ticket.number }
    }

    /// A key that sorts as the list does.
    fn rank(&self, position: Position) -> (u64, u64) {
        match self.sort {
            Sort::Newest => (0, !position.number),
            Sort::PriceAscending | Sort::StartsAt => (position.sort_key, position.number),
            Sort::PriceDescending => (!position.sort_key, !position.number),
        }
    }

    /// Whether something else than the price and the order narrows the list down.
    fn has_lead(&self) -> bool {
        self.seller.is_some() || !self.prefixes.is_empty()
    }
}

impl View {
    /// A page of the tickets on sale.
    pub fn tickets(&self, query: &TicketQuery) -> Result<Page<Ticket>, StoreError> {
        if query.sort == Sort::Newest {
            let before = query.after.map(|position| position.number);
            return self.walk(query, Lead::newest(self, query, before)?);
        }
        if query.has_lead()
            && let Some(page) = self.gather(query)?
        {
            return Ok(page);
        }
        self.walk(query, Lead::sorted(self, query)?)
    }

    /// Follows a lead that has the order of the list until one more than fits on the page is found, so that
    /// nothing is said to follow the last one, or until enough was looked at.
    fn walk(&self, query: &TicketQuery, mut lead: Lead) -> Result<Page<Ticket>, StoreError> {
        let mut on_sale = OnSale::new(self)?;
        let mut page = Page::default();
        let (mut steps_left, mut fetches_left) = (MAX_STEPS, MAX_FETCHED);
        loop {
            if fetches_left == 0 || steps_left == 0 {
                return Ok(page.continued());
            }
            let candidate = match lead.next(self, &mut steps_left)? {
                Step::Found(candidate) => candidate,
                Step::Paused { before } => {
                    page.last_seen = Some(Position { sort_key: 0, number: before });
                    return Ok(page.continued());
                }
                Step::End => return Ok(page),
            };
            if on_sale.contains(candidate.position.number)? {
                fetches_left -= 1;
                // A view never changes: an index entry without its ticket would be damage.
                let ticket = self.ticket(candidate.id)?.ok_or_else(|| cut_short(Table::Tickets))?;
                if query.matches(&ticket) {
                    if page.items.len() == query.limit {
                        return Ok(page.continued());
                    }
                    page.items.push(ticket);
                }
            }
            page.last_seen = Some(candidate.position);
        }
    }

    /// Everything that matches, sorted; `None` if that is too much to gather for one page.
    fn gather(&self, query: &TicketQuery) -> Result<Option<Page<Ticket>>, StoreError> {
        let mut on_sale = OnSale::new(self)?;
        let mut lead = Lead::newest(self, query, None)?;
        let mut found = Vec::new();
        let (mut steps_left, mut fetches_left) = (MAX_STEPS, MAX_FETCHED);
        loop {
            if fetches_left == 0 || steps_left == 0 {
                return Ok(None);
            }
            let candidate = match lead.next(self, &mut steps_left)? {
                Step::Found(candidate) => candidate,
                Step::Paused { .. } => return Ok(None),
                Step::End => break,
            };
            if on_sale.contains(candidate.position.number)? {
                fetches_left -= 1;
                found.extend(self.ticket(candidate.id)?.filter(|ticket| query.matches(ticket)));
            }
        }
        let after = query.after.map(|position| query.rank(position));
        found.retain(|ticket| after.is_none_or(|after| query.rank(query.position(ticket)) > after));
        found.sort_by_key(|ticket| query.rank(query.position(ticket)));
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let last_seen = found.last().map(|ticket| query.position(ticket));
        Ok(Some(Page { items: found, next: last_seen.filter(|_| more), last_seen }))
    }
}

/// What leads to the tickets that may be on the page.
enum Lead {
    Words(Box<WordWalk>),
    Index(Table, Box<dyn Iterator<Item = EntryResult>>),
}

impl Lead {
    /// Newest first, by what narrows the list down most: words, then the seller.
    fn newest(view: &View, query: &TicketQuery, before: Option<u64>) -> Result<Self, StoreError> {
        if !query.prefixes.is_empty()
            && let Some(walk) = WordWalk::new(view, &query.prefixes, before)?
        {
            return Ok(Self::Words(Box::new(walk)));
        }
        let (table, prefix) = match query.seller {
            Some(seller) => (Table::TicketsBySeller, Key::new().bytes(&seller.to_bytes())),
            None => (Table::TicketsByAge, Key::new()),
        };
        let until = after_prefix(&prefix.clone().finish());
        let from = prefix.number(before.map_or(0, |number| (!number).saturating_add(1))).finish();
        Ok(Self::Index(table, Box::new(view.entries(table, &from, until)?)))
    }

    /// In the order that the query asks for.
    fn sorted(view: &View, query: &TicketQuery) -> Result<Self, StoreError> {
        let after = query.after.map(|after| Key::new().number(after.sort_key).number(after.number).finish());
        let price_floor = Key::new().number(query.min_price_minor.unwrap_or(0)).finish();
        let price_ceiling =
            query.max_price_minor.map(|most| Key::new().number(most.saturating_add(1)).finish());
        Ok(match query.sort {
            Sort::Newest => return Self::newest(view, query, query.after.map(|position| position.number)),
            Sort::PriceAscending => {
                let from = after.map(just_after).unwrap_or(price_floor);
                Self::Index(
                    Table::TicketsByPrice,
                    Box::new(view.entries(Table::TicketsByPrice, &from, price_ceiling)?),
                )
            }
            Sort::PriceDescending => {
                let entries = view.entries(Table::TicketsByPrice, &price_floor, after.or(price_ceiling))?;
                Self::Index(Table::TicketsByPrice, Box::new(entries.rev()))
            }
            Sort::StartsAt => {
                let not_begun = Key::new().number(query.now_ms.saturating_add(1)).finish();
                let from = after.map(just_after).unwrap_or(not_begun);
                Self::Index(
                    Table::TicketsByStart,
                    Box::new(view.entries(Table::TicketsByStart, &from, None)?),
                )
            }
        })
    }

    /// The next candidate. Takes the places that were looked at for it from `steps_left`.
    fn next(&mut self, view: &View, steps_left: &mut usize) -> Result<Step, StoreError> {
        match self {
            Self::Words(walk) => walk.next(view, steps_left),
            Self::Index(table, entries) => {
                let Some(entry) = entries.next() else { return Ok(Step::End) };
                *steps_left = steps_left.saturating_sub(1);
                let (key, value) = entry?;
                let position = position_in(*table, key.value()).ok_or_else(|| cut_short(*table))?;
                let id = leading_id(value.value()).ok_or_else(|| cut_short(*table))?;
                Ok(Step::Found(Candidate { position, id: TicketId::from_bytes(id) }))
            }
        }
    }
}

/// Where a key of this index stands.
fn position_in(table: Table, key: &[u8]) -> Option<Position> {
    let number = trailing_number(key)?;
    match table {
        Table::TicketsByPrice | Table::TicketsByStart => {
            Some(Position { sort_key: u64::from_be_bytes(*key.first_chunk()?), number })
        }
        // The newest come first: their numbers are inverted.
        _ => Some(Position { sort_key: 0, number: !number }),
    }
}

/// The least key after this one.
fn just_after(mut key: Vec<u8>) -> Vec<u8> {
    key.push(0);
    key
}
