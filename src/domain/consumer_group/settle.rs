//! What becomes of leased events: acknowledged, given back, or leased for longer.

use std::collections::{BTreeMap, BTreeSet};

use super::manage::owned;
use super::work::Work;
use super::{DeliveryFailure, Entity, LeasesSettled, PendingEvent, RESET_SEQUENCE};
use crate::domain::asker::Party;
use crate::domain::command::{GiveBack, Lease, SettleLeases, Settlement};
use crate::domain::draft::Draft;
use crate::domain::rejection::Rejection;
use crate::domain::reply::Answer;
use crate::domain::tables::Tables;

/// Settles leases. What has passed to another fetch is left alone, and the others are settled all the same.
pub(in crate::domain) fn settle<T: Tables>(
    draft: &mut Draft<'_, T>,
    party: &Party,
    c: &SettleLeases,
) -> Result<Answer, Rejection> {
    let group = owned(draft.tables, party, &c.name)?;
    let settlement =
        c.settlement.as_ref().ok_or_else(|| Rejection::internal("leases are settled as nothing"))?;
    let mut settling = Settling {
        work: Work::new(draft, group),
        settled: LeasesSettled::default(),
        touched: BTreeSet::new(),
        extended: BTreeMap::new(),
        passed_from: BTreeMap::new(),
    };
    for lease in &c.leases {
        settling.settle(*lease, settlement);
    }
    let settled = settling.finish(draft);
    Ok(Answer::LeasesSettled(settled))
}

struct Settling<'t, T> {
    work: Work<'t, T>,
    settled: LeasesSettled,
    /// Entities of which an event was taken or given back.
    touched: BTreeSet<Entity>,
    /// Entities of which a lease was extended: up to which event, and until when.
    extended: BTreeMap<Entity, (u64, u64)>,
    /// Of late leases: entity and fetch, and what [`Work::passed_from`] said of them.
    passed_from: BTreeMap<(Entity, u64), Option<u64>>,
}

impl<'t, T: Tables> Settling<'t, T> {
    fn settle(&mut self, lease: Lease, settlement: &Settlement) {
        // Whoever acknowledges something of an answer has had all of it.
        if matches!(settlement, Settlement::Acknowledge(()))
            && self.work.group.reset.is_some_and(|reset| reset.fetch == lease.fetch)
        {
            self.work.group.reset = None;
        }
        if lease.sequence == RESET_SEQUENCE {
            return self.settle_reset(lease, settlement);
        }
        let Some(row) = self.work.pending(lease.sequence) else { return self.settle_late(lease, settlement) };
        if row.fetch == 0 {
            return self.settled.unknown.push(lease);
        }
        if row.fetch != lease.fetch || self.is_overtaken(&row) {
            return self.settled.passed.push(lease);
        }
        match settlement {
            // Also when its time is over, as long as nobody else was given it or what comes before it.
            Settlement::Acknowledge(()) => {
                self.work.remove(&row);
                self.touched.insert(row.entity());
            }
            Settlement::GiveBack(why) if row.is_leased() => self.give_back(&row, why),
            Settlement::Extend(by_ms) if row.is_leased() => self.extend(&row, *by_ms),
            // It was given back before.
            Settlement::GiveBack(_) | Settlement::Extend(_) => {}
        }
    }

    /// Whether another fetch was given an earlier event of the entity since the lease of this one was over: what was done
    /// under that lease came too early.
    fn is_overtaken(&mut self, row: &PendingEvent) -> bool {
        if row.is_leased() {
            return false;
        }
        let (entity, work) = (row.entity(), &self.work);
        let passed_from = self.passed_from.entry((entity, row.fetch));
        let passed_from = *passed_from.or_insert_with(|| work.passed_from(&entity, row.fetch));
        passed_from.is_some_and(|first| first < row.sequence)
    }

    fn settle_reset(&mut self, lease: Lease, settlement: &Settlement) {
        let at_ms = self.work.at_ms;
        // Without one it was acknowledged, just now or before.
        let Some(reset) = &mut self.work.group.reset else { return };
        match settlement {
            _ if reset.fetch != lease.fetch => self.settled.passed.push(lease),
            Settlement::Acknowledge(()) => {}
            Settlement::GiveBack(why) => reset.until_ms = at_ms.saturating_add(why.delay_ms),
            Settlement::Extend(by_ms) => reset.until_ms = at_ms.saturating_add(*by_ms),
        }
    }

    /// Of an event that is not under way any more: it was settled before, or parked.
    fn settle_late(&mut self, lease: Lease, settlement: &Settlement) {
        match self.work.parked(lease.sequence) {
            Some(parked) if parked.fetch != lease.fetch => self.settled.passed.push(lease),
            Some(parked) if matches!(settlement, Settlement::Acknowledge(())) => self.work.unpark(&parked),
            Some(_) => {}
            None if (1..=self.work.group.cursor).contains(&lease.sequence) => {}
            None => self.settled.unknown.push(lease),
        }
    }

    fn give_back(&mut self, row: &PendingEvent, why: &GiveBack) {
        let not_before_ms = self.work.at_ms.saturating_add(why.delay_ms);
        self.work.fail(row, DeliveryFailure::GivenBack, &why.reason, not_before_ms);
        self.touched.insert(row.entity());
        let was_the_last = |failed: &PendingEvent| {
            !failed.excused && failed.attempts >= self.work.group.max_deliveries && self.work.may_park()
        };
        if let Some(failed) = self.work.pending(row.sequence).filter(was_the_last)
            && let Some(event) = self.work.event_of(&failed)
        {
            self.work.park(&failed, event);
        }
    }

    fn extend(&mut self, row: &PendingEvent, by_ms: u64) {
        let until_ms = self.work.at_ms.saturating_add(by_ms);
        self.work.put(row, PendingEvent { at_ms: until_ms, ..row.clone() });
        let latest = self.extended.entry(row.entity()).or_default();
        *latest = (latest.0.max(row.sequence), latest.1.max(until_ms));
    }

    /// Has those that are still leased of an entity, and come before one whose lease was extended, last as long: nobody
    /// else may be given them while that one is worked at.
    fn extend_those_before(&mut self, entity: &Entity, sequence: u64, until_ms: u64) {
        for earlier in self.work.list(entity, true, usize::MAX).into_iter().filter(|seq| *seq < sequence) {
            if let Some(row) = self.work.pending(earlier).filter(|row| row.at_ms < until_ms) {
                self.work.put(&row, PendingEvent { at_ms: until_ms, ..row.clone() });
            }
        }
    }

    fn finish(mut self, draft: &mut Draft<'_, T>) -> LeasesSettled {
        for (entity, (sequence, until_ms)) in std::mem::take(&mut self.extended) {
            self.extend_those_before(&entity, sequence, until_ms);
        }
        for entity in std::mem::take(&mut self.touched) {
            self.work.wake(&entity);
        }
        self.work.stage(draft);
        self.settled
    }
}
