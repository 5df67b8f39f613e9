//! Consumer groups: what is given to whom, again, and not any more.

use boxoffice::domain::*;

use crate::shop::Shop;

pub(crate) const ACK_WAIT_MS: u64 = 30_000;

/// A shop with a seller, some tickets, and a group of the seller's.
pub(crate) struct Grouped {
    pub(crate) shop: Shop,
    seller: Actor,
    pub(crate) tickets: Vec<(TicketId, bool)>,
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

    pub(crate) fn post(&mut self) {
        let ticket = self.shop.post(self.seller, &["rock"], 500, None);
        self.tickets.push((ticket, false));
    }

    /// One more event of a ticket.
    pub(crate) fn change(&mut self, which: usize) {
        let which = which % self.tickets.len();
        let (ticket, frozen) = &mut self.tickets[which];
        *frozen = !*frozen;
        let set = SetFrozen { ticket: *ticket, frozen: *frozen, if_match: None };
        self.shop.done(Some(self.seller), Command::SetFrozen(set));
    }

    pub(crate) fn ask(&mut self, command: Command) -> Result<Answer, RejectionCode> {
        self.shop.ask(Some(self.seller), command).map_err(|rejection| rejection.code())
    }

    pub(crate) fn fetch(&mut self, limit: u32) -> Fetched {
        match self.ask_for(limit) {
            Ok(Answer::Fetched(fetched)) => fetched,
            other => panic!("not fetched: {other:?}"),
        }
    }

    fn ask_for(&mut self, limit: u32) -> Result<Answer, RejectionCode> {
        self.fetches += 1;
        let fetch = FetchEvents {
            name: "mailer".into(),
            fetch: self.fetches,
            limit,
            look_at_most: 1_000,
            bytes_at_most: 1 << 20,
        };
        self.ask(Command::FetchEvents(fetch))
    }

    pub(crate) fn settle(&mut self, leases: &[Lease], settlement: Settlement) -> LeasesSettled {
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

    pub(crate) fn redrive(&mut self, sequences: &[u64]) -> Result<Answer, RejectionCode> {
        let sequences = sequences.to_vec();
        self.ask(Command::RedriveParked(RedriveParked { name: "mailer".into(), sequences, at_most: 100 }))
    }

    pub(crate) fn forget(&mut self, through: u64) {
        self.shop.done(None, Command::ForgetEvents(ForgetEvents { through, at_most: 1_000 }));
    }

    pub(crate) fn group(&self) -> ConsumerGroup {
        self.shop.rows("consumer_groups").next().expect("it is there")
    }

    pub(crate) fn parked(&self) -> Vec<u64> {
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

pub(crate) fn leases(fetched: &Fetched) -> Vec<Lease> {
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

/// Whoever had several events of one thing, and is late with all of them, has the later ones after an earlier one only as
/// long as nobody else is given that one: they would come before it.
#[test]
fn a_lease_passes_with_an_earlier_one_of_the_same_thing() {
    for is_acknowledged in [false, true] {
        let mut grouped = Grouped::new(1, 5);
        (0..3).for_each(|_| grouped.change(0));
        let late = leases(&grouped.fetch(9));
        assert_eq!(late.len(), 4);
        grouped.shop.now_ms += ACK_WAIT_MS;
        assert_eq!(grouped.ack(&late[..1]), LeasesSettled::default(), "nobody was given any of it since");
        let second = grouped.fetch(9);
        assert_eq!(second.sequences, [2]);
        if is_acknowledged {
            grouped.ack(&leases(&second));
        }
        let open = if is_acknowledged { &late[2..] } else { &late[1..] };
        let give_back = Settlement::GiveBack(GiveBack::default());
        for settlement in [Settlement::Extend(ACK_WAIT_MS), give_back, Settlement::Acknowledge(())] {
            let passed = LeasesSettled { passed: open.to_vec(), unknown: vec![] };
            assert_eq!(grouped.settle(open, settlement), passed);
        }
        grouped.shop.assert_sound();
        grouped.ack(&leases(&second));
        let mut dealt_with = Vec::new();
        while grouped.group().pending > 0 {
            let again = grouped.fetch(1);
            // Whoever is late may come at any time.
            let mine =
                |lease: &Lease| dealt_with.contains(&lease.sequence) || again.sequences[0] == lease.sequence;
            let still: Vec<Lease> = late[2..].iter().copied().filter(|lease| !mine(lease)).collect();
            assert_eq!(grouped.ack(&still), LeasesSettled { passed: still, unknown: vec![] });
            grouped.ack(&leases(&again));
            dealt_with.extend(again.sequences);
        }
        assert_eq!(dealt_with, [3, 4]);
        grouped.shop.assert_sound();
    }
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

/// Whoever is given the second event dies, and nothing of what they were given is acknowledged.
#[test]
fn one_that_kills_its_members_takes_none_along() {
    let mut grouped = Grouped::new(4, 3);
    let mut dealt_with = Vec::new();
    for _ in 0..8 {
        let fetched = grouped.fetch(9);
        if fetched.sequences.contains(&2) {
            grouped.shop.now_ms += ACK_WAIT_MS;
        } else {
            grouped.ack(&leases(&fetched));
            dealt_with.extend(fetched.sequences);
        }
        grouped.shop.assert_sound();
    }
    dealt_with.sort_unstable();
    assert_eq!((dealt_with, grouped.parked()), (vec![1, 3, 4], vec![2]));
}

#[test]
fn a_group_that_gave_up_too_much_gives_no_more_until_somebody_looks() {
    let mut grouped = Grouped::new(MAX_PARKED_EVENTS as usize + 1, 1);
    while grouped.group().parked < MAX_PARKED_EVENTS {
        let fetched = leases(&grouped.fetch(MAX_LEASES as u32));
        assert!(!fetched.is_empty(), "one fails after the other: {:?}", grouped.group());
        grouped.nack(&fetched);
    }
    assert_eq!(grouped.ask_for(1).map(drop), Err(RejectionCode::TooManyParked));
    grouped.shop.assert_sound();
    grouped.redrive(&[1]).expect("it is parked");
    let again = grouped.fetch(1);
    assert_eq!(again.sequences, [1]);
    grouped.ack(&leases(&again));
    assert_eq!(grouped.fetch(1).sequences, [MAX_PARKED_EVENTS + 1], "there is a place again");
    grouped.shop.assert_sound();
}

#[test]
fn an_owner_has_so_many_groups_and_no_more() {
    let mut grouped = Grouped::new(0, 1);
    let named = |number| PutConsumerGroup { name: format!("group-{number}"), ..put(1, None) };
    for number in 1..MAX_GROUPS_PER_OWNER {
        grouped.ask(Command::PutConsumerGroup(named(number))).expect("there is a place");
    }
    let one_more = grouped.ask(Command::PutConsumerGroup(named(0)));
    assert_eq!(one_more.map(drop), Err(RejectionCode::TooManyGroups));
    grouped.ask(Command::PutConsumerGroup(named(1))).expect("one that is there may be changed");
}

#[test]
fn who_falls_behind_is_told_once_and_goes_on_at_the_oldest() {
    let mut grouped = Grouped::new(6, 2);
    let first = grouped.fetch(2);
    grouped.forget(4);
    let fetched = grouped.fetch(9);
    assert_eq!((fetched.reset_to, fetched.sequences.as_slice()), (Some(5), &[5, 6][..]));
    grouped.ack(&leases(&fetched)[..1]);
    grouped.shop.now_ms += ACK_WAIT_MS;
    let again = grouped.fetch(9);
    assert_eq!((again.reset_to, again.sequences.as_slice()), (None, &[6][..]), "once");
    assert_eq!(grouped.ack(&leases(&first)), LeasesSettled::default(), "what is forgotten is over");
    grouped.shop.assert_sound();
}

/// An answer may be lost, and what it said of a gap with it.
#[test]
fn a_reset_that_nobody_acknowledges_is_told_again() {
    let mut grouped = Grouped::new(6, 9);
    grouped.forget(4);
    let lost = grouped.fetch(9);
    assert_eq!((lost.reset_to, lost.sequences.as_slice()), (Some(5), &[5, 6][..]));
    assert_eq!(grouped.fetch(9).reset_to, None, "somebody was told just now");
    grouped.nack(&leases(&lost)[..1]);
    assert_eq!(grouped.fetch(9).reset_to, None, "and may have been, whatever they give back");
    grouped.shop.now_ms += ACK_WAIT_MS;
    grouped.forget(5);
    let second = grouped.fetch(1);
    assert_eq!(second.reset_to, Some(6), "the next event is forgotten too, and the newer word counts");
    grouped.shop.now_ms += ACK_WAIT_MS;
    let third = grouped.fetch(1);
    assert_eq!(third.reset_to, Some(6), "where the group went on");
    let reset = |fetched: &Fetched| Lease::new(RESET_SEQUENCE, fetched.fetch);
    let passed = LeasesSettled { passed: vec![reset(&second)], unknown: vec![] };
    assert_eq!(grouped.ack(&[reset(&second)]), passed);
    grouped.settle(&[reset(&third)], Settlement::Extend(2 * ACK_WAIT_MS));
    grouped.shop.now_ms += ACK_WAIT_MS;
    assert_eq!(grouped.fetch(1).reset_to, None, "it is kept for longer");
    grouped.nack(&[reset(&third)]);
    let fourth = grouped.fetch(1);
    assert_eq!(fourth.reset_to, Some(6), "given back");
    for _ in 0..2 {
        assert_eq!(grouped.ack(&[reset(&fourth)]), LeasesSettled::default(), "twice is harmless");
    }
    grouped.shop.now_ms += 9 * ACK_WAIT_MS;
    assert_eq!(grouped.fetch(9).reset_to, None);
    assert_eq!((grouped.group().reset, grouped.group().told_forgotten), (None, 5));
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
