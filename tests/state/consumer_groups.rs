//! Consumer groups: what is given to whom, again, and not any more; by example, and whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use boxoffice::domain::*;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::runner;
use crate::shop::Shop;

const ACK_WAIT_MS: u64 = 30_000;

/// A shop with a seller, some tickets, and a group of the seller's.
pub(crate) struct Grouped {
    pub(crate) shop: Shop,
    seller: Actor,
    tickets: Vec<(TicketId, bool)>,
    fetches: u64,
}

fn put(max_deliveries: u32, start: Option<GroupStart>) -> PutConsumerGroup {
    PutConsumerGroup {
        name: "mailer".into(),
        types: Vec::new(),
        start,
        ack_wait_ms: ACK_WAIT_MS,
        max_deliveries,
    }
}

impl Grouped {
    pub(crate) fn new(tickets: usize, max_deliveries: u32) -> Self {
        let mut shop = Shop::new();
        let seller = shop.sign_up();
        shop.done(Some(seller), Command::PutConsumerGroup(put(max_deliveries, None)));
        let mut grouped = Self { shop, seller, tickets: Vec::new(), fetches: 0 };
        for _ in 0..tickets {
            grouped.post();
        }
        grouped
    }

    fn post(&mut self) {
        let ticket = self.shop.post(self.seller, &["rock"], 500, None);
        self.tickets.push((ticket, false));
    }

    /// One more event of a ticket.
    fn change(&mut self, which: usize) {
        let which = which % self.tickets.len();
        let (ticket, frozen) = &mut self.tickets[which];
        *frozen = !*frozen;
        let set = SetFrozen { ticket: *ticket, frozen: *frozen, if_match: None };
        self.shop.done(Some(self.seller), Command::SetFrozen(set));
    }

    fn ask(&mut self, command: Command) -> Result<Answer, RejectionCode> {
        self.shop.ask(Some(self.seller), command).map_err(|rejection| rejection.code())
    }

    pub(crate) fn fetch(&mut self, limit: u32) -> Fetched {
        self.fetches += 1;
        let fetch = FetchEvents {
            name: "mailer".into(),
            fetch: self.fetches,
            limit,
            look_at_most: 1_000,
            bytes_at_most: 1 << 20,
        };
        match self.ask(Command::FetchEvents(fetch)) {
            Ok(Answer::Fetched(fetched)) => fetched,
            other => panic!("not fetched: {other:?}"),
        }
    }

    fn settle(&mut self, leases: &[Lease], settlement: Settlement) -> LeasesSettled {
        let settle =
            SettleLeases { name: "mailer".into(), leases: leases.to_vec(), settlement: Some(settlement) };
        match self.ask(Command::SettleLeases(settle)) {
            Ok(Answer::LeasesSettled(settled)) => settled,
            other => panic!("not settled: {other:?}"),
        }
    }

    pub(crate) fn ack(&mut self, leases: &[Lease]) -> LeasesSettled {
        self.settle(leases, Settlement::Acknowledge(()))
    }

    pub(crate) fn nack(&mut self, leases: &[Lease]) -> LeasesSettled {
        self.settle(leases, Settlement::GiveBack(GiveBack { reason: "broken".into(), delay_ms: 0 }))
    }

    fn redrive(&mut self, sequences: &[u64]) -> Result<Answer, RejectionCode> {
        let sequences = sequences.to_vec();
        self.ask(Command::RedriveParked(RedriveParked { name: "mailer".into(), sequences, at_most: 100 }))
    }

    fn forget(&mut self, through: u64) {
        self.shop.done(None, Command::ForgetEvents(ForgetEvents { through, at_most: 1_000 }));
    }

    fn group(&self) -> ConsumerGroup {
        self.shop.rows("consumer_groups").next().expect("it is there")
    }

    fn parked(&self) -> Vec<u64> {
        self.shop.rows::<ParkedEvent>("parked_events").map(|parked| parked.event.sequence).collect()
    }
}

/// A group with something leased, something that waits behind it, and something parked.
pub(crate) fn busy_group(shop: &mut Shop, owner: Actor) {
    shop.done(Some(owner), Command::PutConsumerGroup(put(1, None)));
    let mut fetch = |number: u64, limit| {
        let name = "mailer".into();
        let fetch = FetchEvents { name, fetch: number, limit, look_at_most: 99, bytes_at_most: 1 << 20 };
        shop.done(Some(owner), Command::FetchEvents(fetch));
    };
    fetch(1, 3);
    fetch(2, 50);
    let give_back = Settlement::GiveBack(GiveBack::default());
    let leases = vec![Lease::new(1, 1)];
    let settle = SettleLeases { name: "mailer".into(), leases, settlement: Some(give_back) };
    shop.done(Some(owner), Command::SettleLeases(settle));
}

fn leases(fetched: &Fetched) -> Vec<Lease> {
    fetched.sequences.iter().map(|sequence| Lease::new(*sequence, fetched.fetch)).collect()
}

#[test]
fn what_is_acknowledged_is_given_to_nobody_again() {
    let mut grouped = Grouped::new(3, 5);
    let first = grouped.fetch(2);
    assert_eq!((first.sequences.as_slice(), first.attempts.as_slice()), (&[1, 2][..], &[1, 1][..]));
    assert_eq!(grouped.fetch(9).sequences, [3], "each is leased to one fetch");
    assert_eq!(grouped.ack(&leases(&first)), LeasesSettled::default());
    assert_eq!(grouped.ack(&leases(&first)), LeasesSettled::default(), "twice is harmless");
    grouped.shop.now_ms += ACK_WAIT_MS;
    let again = grouped.fetch(9);
    assert_eq!((again.sequences.as_slice(), again.attempts.as_slice()), (&[3][..], &[2][..]));
    grouped.shop.assert_sound();
    grouped.ack(&leases(&again));
    let group = grouped.group();
    assert_eq!((group.cursor, group.pending, group.leased, group.parked), (3, 0, 0, 0));
}

#[test]
fn a_lease_counts_until_somebody_else_has_it() {
    let mut grouped = Grouped::new(2, 5);
    let late = leases(&grouped.fetch(9));
    grouped.shop.now_ms += 10 * ACK_WAIT_MS;
    assert_eq!(grouped.ack(&late[..1]), LeasesSettled::default(), "nobody was given it since");
    assert_eq!(grouped.fetch(9).sequences, [2]);
    let passed = LeasesSettled { passed: vec![late[1]], unknown: vec![] };
    assert_eq!(grouped.ack(&late), passed, "the others are settled all the same");
    let unknown = LeasesSettled { passed: vec![], unknown: vec![Lease::new(99, 1)] };
    assert_eq!(grouped.ack(&[Lease::new(99, 1)]), unknown);
    grouped.shop.assert_sound();
}

#[test]
fn events_of_one_thing_go_together_in_order_and_wait_for_each_other() {
    let mut grouped = Grouped::new(1, 5);
    (0..4).for_each(|_| grouped.change(0));
    let first = grouped.fetch(3);
    assert_eq!(first.sequences, [1, 2, 3]);
    grouped.post();
    assert_eq!(grouped.fetch(9).sequences, [6], "another ticket's flows on");
    assert_eq!(grouped.fetch(9).sequences, Vec::<u64>::new());
    grouped.ack(&leases(&first)[..2]);
    assert_eq!(grouped.fetch(9).sequences, Vec::<u64>::new(), "not before all are");
    grouped.ack(&leases(&first)[2..]);
    assert_eq!(grouped.fetch(9).sequences, [4, 5]);
    grouped.shop.assert_sound();
}

#[test]
fn one_that_fails_is_parked_alone_and_the_rest_flows() {
    for gives_all_back in [false, true] {
        let mut grouped = Grouped::new(2, 2);
        grouped.change(0);
        let first = grouped.fetch(9);
        assert_eq!(first.sequences, [1, 2, 3]);
        let all = leases(&first);
        grouped.ack(&all[1..2]);
        grouped.nack(if gives_all_back { &all } else { &all[..1] });
        grouped.shop.now_ms += ACK_WAIT_MS;
        // What failed goes alone, so that it takes nothing along.
        let second = grouped.fetch(9);
        let third = grouped.fetch(9);
        assert_eq!([second.sequences.clone(), third.sequences.clone()].concat(), [1]);
        let again = if second.sequences.is_empty() { third } else { second };
        assert_eq!(again.attempts, [2]);
        grouped.nack(&leases(&again));
        assert_eq!(grouped.parked(), [1]);
        let rest = grouped.fetch(9);
        assert_eq!((rest.sequences.as_slice(), rest.attempts.as_slice()), (&[3][..], &[1][..]), "excused");
        grouped.shop.assert_sound();
        grouped.ack(&leases(&rest));
        assert_eq!(grouped.redrive(&[7]), Err(RejectionCode::NotParked));
        assert!(grouped.redrive(&[]).is_ok() && grouped.redrive(&[1]).is_ok());
        let redriven = grouped.fetch(9);
        assert_eq!((redriven.sequences.as_slice(), redriven.attempts.as_slice()), (&[1][..], &[1][..]));
        grouped.ack(&leases(&redriven));
        assert_eq!((grouped.group().pending, grouped.group().parked), (0, 0));
        grouped.shop.assert_sound();
    }
}

#[test]
fn who_falls_behind_is_told_once_and_goes_on_at_the_oldest() {
    let mut grouped = Grouped::new(6, 2);
    let first = grouped.fetch(2);
    grouped.forget(4);
    let fetched = grouped.fetch(9);
    assert_eq!((fetched.reset_to, fetched.sequences.as_slice()), (Some(5), &[5, 6][..]));
    grouped.shop.now_ms += ACK_WAIT_MS;
    let again = grouped.fetch(9);
    assert_eq!((again.reset_to, again.sequences.as_slice()), (None, &[5, 6][..]), "once");
    assert_eq!(grouped.ack(&leases(&first)), LeasesSettled::default(), "what is forgotten is over");
    grouped.shop.assert_sound();
}

/// What is parked is kept, whatever the outbox forgets.
#[test]
fn a_parked_event_outlives_the_outbox() {
    let mut grouped = Grouped::new(2, 1);
    let first = leases(&grouped.fetch(1));
    grouped.nack(&first);
    grouped.forget(2);
    assert!(grouped.redrive(&[]).is_ok());
    let fetched = grouped.fetch(9);
    assert_eq!((fetched.sequences.as_slice(), fetched.reset_to), (&[1][..], Some(3)));
    let event = grouped.shop.view().event_of_group(fetched.group, 1).expect("it is read");
    assert_eq!(event.map(|event| event.sequence), Some(1));
    grouped.shop.assert_sound();
}

#[test]
fn groups_are_their_owners_and_go_with_them() {
    let mut grouped = Grouped::new(1, 5);
    grouped.fetch(9);
    let other = grouped.shop.sign_up();
    let fetch = FetchEvents { name: "mailer".into(), fetch: 1, limit: 1, ..FetchEvents::default() };
    let refused = grouped.shop.ask(Some(other), Command::FetchEvents(fetch.clone()));
    assert_eq!(refused.map_err(|no| no.code()), Err(RejectionCode::NotFound));
    let key = grouped.shop.operator_key(&[Scope::Keys]);
    let refused = grouped.shop.ask_as(Asker::Key(key), Command::FetchEvents(fetch));
    assert_eq!(refused.map_err(|no| no.code()), Err(RejectionCode::InsufficientScope));
    let started = grouped.ask(Command::PutConsumerGroup(put(5, Some(GroupStart::Now(())))));
    assert_eq!(started, Err(RejectionCode::GroupStarted));
    let ahead = PutConsumerGroup { name: "ahead".into(), ..put(5, Some(GroupStart::At(99))) };
    assert_eq!(grouped.ask(Command::PutConsumerGroup(ahead)), Err(RejectionCode::UnknownPosition));
    let key = grouped.shop.operator_key(&[Scope::EventsRead]);
    for number in 0..=MAX_GROUPS_PER_OWNER {
        let put = PutConsumerGroup { name: number.to_string(), ..put(5, None) };
        let made = grouped.shop.ask_as(Asker::Key(key), Command::PutConsumerGroup(put));
        assert_eq!(made.is_ok(), number < MAX_GROUPS_PER_OWNER);
    }
    grouped.shop.assert_sound();
    grouped.shop.done(None, Command::RevokeOperatorKey(RevokeOperatorKey { key }));
    assert!(grouped.ask(Command::DeleteConsumerGroup(DeleteConsumerGroup { name: "mailer".into() })).is_ok());
    grouped.shop.assert_sound();
    assert_eq!(grouped.shop.rows::<ConsumerGroup>("consumer_groups").count(), 0);
    assert!(grouped.shop.view().needs_upkeep(grouped.shop.now_ms).expect("it is read"));
    for _ in 0..3 {
        grouped.shop.done(None, Command::Upkeep(Upkeep { at_most: 100 }));
    }
    for table in ["pending_events", "pending_by_entity", "pending_due", "removed_groups"] {
        assert!(grouped.shop.dump().get(table).is_none_or(Vec::is_empty), "{table}");
    }
}

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
                    let settled = self.grouped.nack(&[lease]);
                    self.check_passed(&[lease], &settled);
                    if let Some((fetch, until_ms)) = self.given.get_mut(&lease.sequence)
                        && *fetch == lease.fetch
                    {
                        *until_ms = 0;
                    }
                }
            }
            Step::Extend(which) => {
                for lease in self.some(*which, 1) {
                    let settled = self.grouped.settle(&[lease], Settlement::Extend(ACK_WAIT_MS));
                    self.check_passed(&[lease], &settled);
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

    fn check_passed(&self, leases: &[Lease], settled: &LeasesSettled) {
        assert!(settled.unknown.is_empty(), "all were given");
        for lease in leases {
            let (latest, _) = self.given[&lease.sequence];
            let passed = settled.passed.contains(lease);
            assert!(!passed || latest != lease.fetch, "{lease:?} is still its fetch's");
            let is_open = lease.sequence > self.forgotten && !self.acked.contains(&lease.sequence);
            assert!(passed || latest == lease.fetch || !is_open, "{lease:?} has passed to another fetch");
        }
    }

    fn ack(&mut self, leases: &[Lease]) {
        let settled = self.grouped.ack(leases);
        self.check_passed(leases, &settled);
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
            assert_eq!(oldest, self.forgotten + 1);
            assert!(self.told < self.forgotten, "told once");
            self.told = self.forgotten;
        }
        let parked: BTreeSet<u64> = self.grouped.parked().into_iter().collect();
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
        let parked: BTreeSet<u64> = self.grouped.parked().into_iter().collect();
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
