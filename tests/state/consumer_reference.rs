//! Whatever happens to a consumer group, nothing is lost, side by side or out of order.

use std::collections::{BTreeMap, BTreeSet};

use boxoffice::domain::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::consumer_groups::{ACK_WAIT_MS, Grouped, leases};
use crate::runner;

#[derive(Clone, Debug)]
enum Step {
    Post,
    Change(usize),
    Fetch(u32),
    Ack(usize, usize),
    Nack(usize, usize),
    Extend(usize),
    Die,
    Wait(u64),
    Forget(u64),
    Redrive,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Post),
        6 => (0..4_usize).prop_map(Step::Change),
        6 => (1..7_u32).prop_map(Step::Fetch),
        5 => (0..20_usize, 1..6_usize).prop_map(|(from, count)| Step::Ack(from, count)),
        3 => (0..20_usize, 1..6_usize).prop_map(|(from, count)| Step::Nack(from, count)),
        1 => (0..20_usize).prop_map(Step::Extend),
        1 => Just(Step::Die),
        3 => (1..ACK_WAIT_MS * 2).prop_map(Step::Wait),
        1 => (0..6_u64).prop_map(Step::Forget),
        1 => Just(Step::Redrive),
    ]
}

/// What must be so, told by what was given and settled alone.
struct Reference {
    grouped: Grouped,
    max_deliveries: u32,
    entities: BTreeMap<u64, TicketId>,
    /// Who was given an event last, and until when it is theirs.
    given: BTreeMap<u64, (u64, u64)>,
    acked: BTreeSet<u64>,
    held: Vec<Lease>,
    told: u64,
    /// The fetch that was told of a gap last, until when it may acknowledge that, if nobody has.
    untold: Option<(u64, u64)>,
    forgotten: u64,
}

impl Reference {
    fn new(max_deliveries: u32) -> Self {
        let mut reference = Self {
            grouped: Grouped::new(3, max_deliveries),
            max_deliveries,
            entities: BTreeMap::new(),
            given: BTreeMap::new(),
            acked: BTreeSet::new(),
            held: Vec::new(),
            told: 0,
            untold: None,
            forgotten: 0,
        };
        reference.note_events();
        reference
    }

    fn note_events(&mut self) {
        let known = self.entities.last_key_value().map_or(0, |(last, _)| *last);
        for event in self.grouped.shop.events_after(known) {
            let Some(Subject::Ticket(ticket)) = event.subject else { panic!("not of a ticket") };
            self.entities.insert(event.sequence, ticket.id);
        }
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Post if self.grouped.tickets.len() < 6 => self.grouped.post(),
            Step::Post => self.grouped.change(0),
            Step::Change(which) => self.grouped.change(*which),
            Step::Fetch(limit) => drop(self.fetch(*limit)),
            Step::Ack(from, count) => {
                let leases = self.some(*from, *count);
                self.ack(&leases);
            }
            Step::Nack(from, count) => {
                for lease in self.some(*from, *count) {
                    let parked = self.parked();
                    let settled = self.grouped.nack(&[lease]);
                    self.check_passed(&parked, &[lease], &settled);
                    if let Some((fetch, until_ms)) = self.given.get_mut(&lease.sequence)
                        && *fetch == lease.fetch
                    {
                        *until_ms = 0;
                    }
                }
            }
            Step::Extend(which) => {
                for lease in self.some(*which, 1) {
                    let parked = self.parked();
                    let settled = self.grouped.settle(&[lease], Settlement::Extend(ACK_WAIT_MS));
                    self.check_passed(&parked, &[lease], &settled);
                }
            }
            Step::Die => self.held.clear(),
            Step::Wait(ms) => self.grouped.shop.now_ms += ms,
            Step::Forget(back) => {
                let newest = self.grouped.shop.event_count();
                self.forgotten = self.forgotten.max(newest.saturating_sub(10 + back));
                self.grouped.forget(self.forgotten);
            }
            Step::Redrive => drop(self.grouped.redrive(&[])),
        }
        self.note_events();
    }

    fn some(&self, from: usize, count: usize) -> Vec<Lease> {
        let from = from.min(self.held.len());
        let chosen: BTreeSet<Lease> = self.held[from..].iter().copied().take(count).collect();
        chosen.into_iter().collect()
    }

    fn check_passed(&self, parked: &BTreeSet<u64>, leases: &[Lease], settled: &LeasesSettled) {
        assert!(settled.unknown.is_empty(), "all were given");
        for lease in leases {
            let (latest, _) = self.given[&lease.sequence];
            let passed = settled.passed.contains(lease);
            let mut earlier = self.fetches_of_earlier(lease.sequence);
            let may_pass = latest != lease.fetch || earlier.clone().any(|fetch| fetch != lease.fetch);
            assert!(!passed || may_pass, "{lease:?} is still its fetch's");
            let is_open = lease.sequence > self.forgotten && !self.acked.contains(&lease.sequence);
            assert!(passed || latest == lease.fetch || !is_open, "{lease:?} has passed to another fetch");
            // Fetches are numbered as they come. What is parked comes before nothing.
            let is_behind = is_open && !parked.contains(&lease.sequence);
            let is_overtaken = is_behind && earlier.any(|fetch| fetch > lease.fetch);
            assert!(passed || !is_overtaken, "another fetch was given what comes before {lease:?}");
        }
    }

    /// Who was given the earlier events of the same ticket last.
    fn fetches_of_earlier(&self, sequence: u64) -> impl Iterator<Item = u64> + Clone {
        let ticket = self.entities[&sequence];
        let earlier = self.given.range(..sequence).filter(move |(other, _)| self.entities[other] == ticket);
        earlier.map(|(_, (fetch, _))| *fetch)
    }

    fn ack(&mut self, leases: &[Lease]) {
        let parked = self.parked();
        let settled = self.grouped.ack(leases);
        self.check_passed(&parked, leases, &settled);
        self.untold = self.untold.filter(|(fetch, _)| leases.iter().all(|lease| lease.fetch != *fetch));
        for lease in leases.iter().filter(|lease| !settled.passed.contains(lease)) {
            self.acked.insert(lease.sequence);
        }
        self.held.retain(|held| !leases.contains(held));
    }

    fn fetch(&mut self, limit: u32) -> Vec<Lease> {
        let rows: BTreeMap<u64, PendingEvent> = self.pending();
        let fetched = self.grouped.fetch(limit);
        assert!(fetched.sequences.len() <= limit as usize);
        let now_ms = self.grouped.shop.now_ms;
        if let Some(oldest) = fetched.reset_to {
            let is_again = self.untold.is_some_and(|(_, until_ms)| until_ms <= now_ms);
            assert!(oldest == self.forgotten + 1 || (is_again && oldest == self.told + 1));
            assert!(self.told < oldest - 1 || is_again, "told once");
            self.told = oldest - 1;
            self.untold = Some((fetched.fetch, fetched.leased_until_ms));
        } else {
            assert!(
                self.untold.is_none_or(|(_, until_ms)| now_ms < until_ms),
                "told until it is acknowledged"
            );
        }
        let parked = self.parked();
        for (at, (&sequence, &attempt)) in fetched.sequences.iter().zip(&fetched.attempts).enumerate() {
            assert!(!self.acked.contains(&sequence), "event {sequence} was dealt with");
            assert!((1..=self.max_deliveries).contains(&attempt), "attempt {attempt}");
            for (other, _) in self
                .entities
                .iter()
                .filter(|(other, of)| **of == self.entities[&sequence] && **other != sequence)
            {
                let is_live = rows.get(other).is_some_and(|row| row.is_leased() && now_ms < row.at_ms);
                assert!(!is_live, "event {other} of the same ticket is being worked at");
                let before = fetched.sequences[..at].contains(other);
                let is_over =
                    self.acked.contains(other) || parked.contains(other) || *other <= self.forgotten;
                assert!(*other > sequence || before || is_over, "event {other} comes before {sequence}");
            }
            self.given.insert(sequence, (fetched.fetch, fetched.leased_until_ms));
        }
        let leases = leases(&fetched);
        self.held.extend(&leases);
        leases
    }

    fn pending(&self) -> BTreeMap<u64, PendingEvent> {
        let rows = self.grouped.shop.rows::<PendingEvent>("pending_events");
        rows.map(|row| (row.sequence, row)).collect()
    }

    fn parked(&self) -> BTreeSet<u64> {
        self.grouped.parked().into_iter().collect()
    }

    /// Whoever goes on gets all that is left.
    fn drain(&mut self) {
        let mut idle = 0;
        while idle < 3 {
            let leases = self.fetch(50);
            self.ack(&leases);
            idle = if leases.is_empty() { idle + 1 } else { 0 };
            self.grouped.shop.now_ms += ACK_WAIT_MS;
        }
        assert!(self.pending().is_empty());
        let parked = self.parked();
        for sequence in self.entities.keys() {
            let is_over =
                self.acked.contains(sequence) || parked.contains(sequence) || *sequence <= self.told;
            assert!(is_over, "event {sequence} is lost");
        }
    }
}

#[test]
fn nothing_is_lost_side_by_side_or_out_of_order_whatever_happens() {
    let strategy = (1..5_u32, vec(step(), 1..120));
    let outcome = runner(150).run(&strategy, |(max_deliveries, steps)| {
        let mut reference = Reference::new(max_deliveries);
        for step in &steps {
            reference.run(step);
        }
        reference.grouped.shop.assert_sound();
        reference.drain();
        reference.grouped.shop.assert_sound();
        Ok(())
    });
    outcome.expect("it holds");
}
