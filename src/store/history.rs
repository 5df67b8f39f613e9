//! The histories of orders, with what the orders themselves say where nothing was kept, and of buyers' payments.

use prost::Message;

use super::StoreError;
use super::key::{after_prefix, leading_id};
use super::page::{Page, Position};
use super::rows::damaged;
use super::schema::Table;
use super::view::{View, cut_short};
use crate::domain::{Order, OrderTransition, Payment, PaymentId, UserId};

impl View {
    /// A page of an order's transitions, in their order; a position's number is a version. Of an order that is older
    /// than histories there are its beginning, what was kept since, and its latest transition.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn history_of(
        &self,
        order: &Order,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<OrderTransition>, StoreError> {
        let begins_here = after.is_none();
        let first =
            begins_here && self.kept(order, None, 1)?.items.first().is_none_or(|kept| kept.version > 0);
        let mut page = self.kept(order, after, limit.saturating_sub(usize::from(first)))?;
        if first {
            page.items.insert(0, OrderTransition::first_of(order));
        }
        let shown = page.items.last().map(|last| last.version).or(after.map(|after| after.number));
        if page.next.is_none() && shown.is_some_and(|shown| shown < order.version) {
            if page.items.len() < limit {
                page.items.push(OrderTransition::latest_of(order));
            } else {
                page.next = shown.map(|number| Position { sort_key: 0, number });
            }
        }
        Ok(page)
    }

    /// The attempts to pay for an order, oldest first, so many at most. They are found by its history: of an order that is
    /// older than histories, only the latest.
    ///
    /// # Errors
    /// When the state cannot be read.
    pub fn payments_for(&self, order: &Order, at_most: usize) -> Result<Vec<Payment>, StoreError> {
        let prefix = order.id.to_bytes();
        let mut ids: Vec<PaymentId> = Vec::new();
        for entry in self.entries(Table::OrderHistory, &prefix, after_prefix(&prefix))? {
            let (_, row) = entry?;
            let kept = OrderTransition::decode(row.value());
            let kept = kept.map_err(|error| damaged(Table::OrderHistory, error))?;
            // Attempts follow each other: one that is new is another than the last.
            ids.extend(kept.payment.filter(|payment| ids.last() != Some(payment)));
            if ids.len() > at_most {
                break;
            }
        }
        ids.extend(order.payment.filter(|latest| !ids.contains(latest)));
        ids.truncate(at_most);
        let mut payments = Vec::with_capacity(ids.len());
        for id in ids {
            payments.extend(self.payment(id)?);
        }
        Ok(payments)
    }

    /// A buyer's payments, the latest first. Each is read when it is asked for.
    ///
    /// # Errors
    /// When the state cannot be read; so do its items.
    pub fn latest_payments_of(
        &self,
        buyer: UserId,
    ) -> Result<impl Iterator<Item = Result<Payment, StoreError>>, StoreError> {
        let prefix = buyer.to_bytes();
        let entries = self.entries(Table::PaymentsByBuyer, &prefix, after_prefix(&prefix))?.rev();
        Ok(entries.filter_map(|entry| {
            let read = || {
                let (_, id) = entry?;
                let id = leading_id(id.value()).ok_or_else(|| cut_short(Table::PaymentsByBuyer))?;
                self.payment(PaymentId::from_bytes(id))
            };
            read().transpose()
        }))
    }

    fn kept(
        &self,
        order: &Order,
        after: Option<Position>,
        limit: usize,
    ) -> Result<Page<OrderTransition>, StoreError> {
        self.numbered_page(Table::OrderHistory, order.id.to_bytes(), after, limit, |row| {
            let transition = OrderTransition::decode(row);
            transition.map(Some).map_err(|error| damaged(Table::OrderHistory, error))
        })
    }
}
