//! Lists of what is somebody's own, as people look at them: the newest first.

use super::StoreError;
use super::key::{Key, after_prefix, leading_id, trailing_number};
use super::page::{Page, Position};
use super::schema::Table;
use super::view::{EntryResult, View, cut_short};
use crate::domain::{Order, OrderId, Ticket, TicketId, UserId};

impl View {
    /// A page of the seller's tickets that are not sold, latest posted first.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn unsold_of(
        &self,
        seller: UserId,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Ticket>, StoreError> {
        let entries = self.inverted(Table::TicketsBySeller, seller, after)?;
        page_of(
            Table::TicketsBySeller,
            limit,
            entries,
            |key| !key,
            |id| self.ticket(TicketId::from_bytes(id)),
        )
    }

    /// A page of the orders that the seller's tickets were paid for with, also of those that were refunded since; latest
    /// made first. Orders that were paid for before feature level 2 are not among them.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn sales_of(
        &self,
        seller: UserId,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Order>, StoreError> {
        let entries = self.inverted(Table::SalesBySeller, seller, after)?;
        page_of(Table::SalesBySeller, limit, entries, |key| !key, |id| self.order(OrderId::from_bytes(id)))
    }

    /// A page of the buyer's orders, latest made first.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn latest_orders_of(
        &self,
        buyer: UserId,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<Order>, StoreError> {
        let prefix = buyer.to_bytes();
        let until = match after {
            Some(after) => Some(Key::new().bytes(&prefix).number(after.number).finish()),
            None => after_prefix(&prefix),
        };
        let entries = self.entries(Table::OrdersByBuyer, &prefix, until)?.rev();
        page_of(Table::OrdersByBuyer, limit, entries, |key| key, |id| self.order(OrderId::from_bytes(id)))
    }

    /// Entries of a table whose keys are an owner and an inverted number, after this place.
    fn inverted(
        &self,
        table: Table,
        owner: UserId,
        after: Option<Position>,
    ) -> Result<impl Iterator<Item = EntryResult> + use<>, StoreError> {
        let prefix = owner.to_bytes();
        // The next smaller number has the next greater key.
        let first = after.map_or(0, |after| (!after.number).saturating_add(1));
        let from = Key::new().bytes(&prefix).number(first).finish();
        self.entries(table, &from, after_prefix(&prefix))
    }
}

/// Takes a page's rows, and looks for one more, so that nothing is said to follow the last one.
fn page_of<R>(
    table: Table,
    limit: usize,
    entries: impl Iterator<Item = EntryResult>,
    number_in: impl Fn(u64) -> u64,
    fetch: impl Fn([u8; 16]) -> Result<Option<R>, StoreError>,
) -> Result<Page<R>, StoreError> {
    let mut page = Page::default();
    for entry in entries {
        let (key, id) = entry?;
        if page.items.len() == limit {
            return Ok(page.continued());
        }
        let number = trailing_number(key.value()).ok_or_else(|| cut_short(table))?;
        let id = leading_id(id.value()).ok_or_else(|| cut_short(table))?;
        page.items.extend(fetch(id)?);
        page.last_seen = Some(Position { sort_key: 0, number: number_in(number) });
    }
    Ok(page)
}
