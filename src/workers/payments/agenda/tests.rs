use super::*;

const LIMITS: Limits = Limits { calls: 6, calls_per_buyer: 2, urgent_calls: 1 };

fn payment(number: u64) -> PaymentId {
    PaymentId::from_bytes(u128::from(number).to_be_bytes())
}

fn owed(number: u64, buyer: u8) -> Owed {
    let place = Position { sort_key: number, number };
    Owed { payment: payment(number), buyer: UserId::from_bytes([buyer; 16]), place }
}

fn agenda(owed: impl IntoIterator<Item = Owed>) -> Agenda {
    let mut agenda = Agenda::new(LIMITS);
    owed.into_iter().for_each(|owed| agenda.add(owed));
    agenda
}

fn start_all(agenda: &mut Agenda, now: Instant) -> Vec<PaymentId> {
    std::iter::from_fn(|| agenda.start_next(now)).map(|start| start.payment).collect()
}

fn payments(numbers: impl IntoIterator<Item = u64>) -> Vec<PaymentId> {
    numbers.into_iter().map(payment).collect()
}

#[test]
fn calls_are_bounded_for_each_buyer_and_for_all() {
    let now = Instant::now();
    let mut agenda = agenda((0..100).map(|number| owed(number, 1)));
    assert_eq!(start_all(&mut agenda, now), payments(0..2));
    (100..110).for_each(|number| agenda.add(owed(number, number as u8)));
    assert_eq!(start_all(&mut agenda, now), payments(100..104));
    agenda.done(payment(0));
    assert_eq!(start_all(&mut agenda, now), payments([104]), "has none under way, unlike the first buyer");
    agenda.done(payment(1));
    assert_eq!(start_all(&mut agenda, now), payments([2]), "nor has the first buyer, and is owed longer");
    for (done, next) in (100..105).zip(105..110) {
        agenda.done(payment(done));
        assert_eq!(start_all(&mut agenda, now), payments([next]));
    }
    agenda.done(payment(105));
    assert_eq!(start_all(&mut agenda, now), payments([3]));
    agenda.done(payment(106));
    assert_eq!(start_all(&mut agenda, now), [], "the first buyer has two under way, and others no more due");
}

#[test]
fn what_failed_waits_longer_each_time_and_up_to_a_bound() {
    let mut now = Instant::now();
    let mut agenda = agenda([owed(0, 1)]);
    for pause_secs in [1, 2, 4, 8, 15, 15, 15, 15, 15] {
        assert_eq!(start_all(&mut agenda, now), payments([0]));
        agenda.failed(payment(0), now, None);
        let ends = agenda.next_turn_at().expect("it waits");
        assert_eq!(ends - now, Duration::from_secs(pause_secs));
        assert_eq!(start_all(&mut agenda, ends - Duration::from_nanos(1)), []);
        now = ends;
    }
    assert_eq!(pause_after(u32::MAX), LONGEST_PAUSE);
}

#[test]
fn what_failed_holds_no_place_and_stands_behind_what_was_never_tried() {
    let now = Instant::now();
    let mut agenda = agenda((0..6).map(|number| owed(number, number as u8)));
    for payment in start_all(&mut agenda, now) {
        agenda.failed(payment, now, None);
    }
    (6..12).for_each(|number| agenda.add(owed(number, number as u8)));
    let later = now + LONGEST_PAUSE;
    assert_eq!(start_all(&mut agenda, later), payments(6..12), "never tried");
    (6..12).for_each(|number| agenda.done(payment(number)));
    assert_eq!(start_all(&mut agenda, later), payments(0..6), "tried again");
}

#[test]
fn what_failed_is_tried_again_in_turn() {
    let mut now = Instant::now();
    let mut agenda = agenda((0..30).map(|number| owed(number, number as u8)));
    let mut tries = BTreeMap::new();
    for _ in 0..500 {
        let started = start_all(&mut agenda, now);
        for payment in started {
            *tries.entry(payment).or_insert(0) += 1;
            agenda.failed(payment, now, None);
        }
        now += LONGEST_PAUSE / 10;
    }
    let (fewest, most) = (tries.values().min(), tries.values().max());
    assert_eq!(tries.len(), 30);
    assert!(most.zip(fewest).is_some_and(|(most, fewest)| most - fewest <= 2), "{tries:?}");
}

#[test]
fn what_is_done_leaves_nothing_behind() {
    let now = Instant::now();
    let mut agenda = agenda((0..50).map(|number| owed(number, (number % 7) as u8)));
    agenda.add(owed(3, 3));
    let mut later = now;
    while let Some(Start { payment, failures }) = agenda.start_next(later) {
        // Everything fails once.
        if failures == 0 {
            agenda.failed(payment, later, None);
        } else {
            agenda.done(payment);
        }
        later += FIRST_PAUSE;
    }
    assert_eq!(agenda.calls, 0);
    assert!(agenda.payments.is_empty() && agenda.calls_of.is_empty(), "{agenda:?}");
    assert!(agenda.waiting.is_empty() && agenda.next.is_empty(), "{agenda:?}");
    assert!(agenda.paused.is_empty() && agenda.deadlines.is_empty(), "{agenda:?}");
}

#[test]
fn what_waits_for_somebody_comes_at_its_time_as_if_it_had_never_failed() {
    let now = Instant::now();
    let mut agenda = agenda([owed(0, 1)]);
    for _ in 0..3 {
        let start = agenda.start_next(now + LONGEST_PAUSE).expect("its turn");
        agenda.failed(start.payment, now, None);
    }
    let start = agenda.start_next(now + LONGEST_PAUSE).expect("its turn");
    assert_eq!(start, Start { payment: payment(0), failures: 3 });
    let at = now + 4 * LONGEST_PAUSE;
    agenda.later(payment(0), at, None);
    assert_eq!(agenda.next_turn_at(), Some(at));
    assert_eq!(agenda.start_next(at - Duration::from_nanos(1)), None);
    assert_eq!(agenda.start_next(at), Some(Start { payment: payment(0), failures: 0 }));
}

#[test]
fn a_gateway_that_wants_to_be_left_alone_is_for_a_while() {
    let now = Instant::now();
    let mut agenda = agenda((0..2).map(|number| owed(number, number as u8)));
    let Some(Start { payment, .. }) = agenda.start_next(now) else { panic!("its turn") };
    agenda.failed(payment, now, None);
    agenda.rest(now, Duration::from_secs(5));
    agenda.rest(now, Duration::from_secs(2));
    let rested = now + Duration::from_secs(5);
    assert_eq!(agenda.next_turn_at(), Some(rested));
    assert_eq!(agenda.start_next(rested - Duration::from_nanos(1)), None);
    assert_eq!(start_all(&mut agenda, rested).len(), 2);
    agenda.rest(now, Duration::from_secs(3_600));
    assert_eq!(agenda.next_turn_at(), Some(now + LONGEST_REST));
}

#[test]
fn what_is_urgent_comes_first_and_has_places_of_its_own() {
    let now = Instant::now();
    let mut agenda = agenda((0..7).map(|number| owed(number, number as u8)));
    assert_eq!(start_all(&mut agenda, now), payments(0..6), "all places but the urgent one");
    let ends = now + 2 * LONGEST_PAUSE;
    agenda.later(payment(0), now + 4 * LONGEST_PAUSE, Some(ends));
    agenda.failed(payment(1), now, Some(ends));
    assert_eq!(start_all(&mut agenda, now + FIRST_PAUSE), payments([6, 1]));
    agenda.failed(payment(1), now + FIRST_PAUSE, Some(ends));
    (10..20).for_each(|number| agenda.add(owed(number, number as u8)));
    assert_eq!(start_all(&mut agenda, ends - Duration::from_nanos(1)), payments([10]));
    assert_eq!(start_all(&mut agenda, ends), payments([1]), "it was in line, and is urgent now");
    agenda.done(payment(1));
    assert_eq!(start_all(&mut agenda, ends), payments([0]), "no later than this");
    agenda.failed(payment(0), ends, Some(ends));
    assert_eq!(start_all(&mut agenda, ends), []);
    assert_eq!(agenda.next_turn_at(), Some(ends + FIRST_PAUSE));
    assert_eq!(start_all(&mut agenda, ends + FIRST_PAUSE), payments([0]), "still urgent");
}

#[test]
fn what_is_urgent_goes_on_while_the_gateway_is_left_alone() {
    let now = Instant::now();
    let mut agenda = agenda((0..4).map(|number| owed(number, number as u8)));
    assert_eq!(start_all(&mut agenda, now), payments(0..4));
    let ends = now + Duration::from_secs(3);
    for number in 0..2 {
        agenda.later(payment(number), now + LONGEST_PAUSE, Some(ends));
    }
    agenda.failed(payment(2), now, None);
    agenda.rest(now, Duration::from_secs(20));
    assert_eq!(agenda.next_turn_at(), Some(ends));
    assert_eq!(start_all(&mut agenda, ends), payments([0]), "one at a time");
    agenda.done(payment(0));
    assert_eq!(start_all(&mut agenda, ends), payments([1]));
    agenda.done(payment(1));
    assert_eq!(agenda.next_turn_at(), Some(now + Duration::from_secs(20)));
    assert_eq!(start_all(&mut agenda, now + Duration::from_secs(20)), payments([2]));
}

#[test]
fn what_is_owed_something_else_since_has_its_turn_at_once() {
    let now = Instant::now();
    let mut agenda = agenda((0..2).map(|number| owed(number, number as u8)));
    assert_eq!(start_all(&mut agenda, now), payments(0..2));
    agenda.later(payment(0), now + LONGEST_PAUSE, Some(now + 4 * LONGEST_PAUSE));
    let moved = |number: u64| {
        let place = Position { sort_key: 100, number };
        Owed { place, ..owed(number, number as u8) }
    };
    for number in 0..2 {
        agenda.add_or_hurry(owed(number, number as u8));
    }
    assert_eq!(start_all(&mut agenda, now), [], "it is owed what it was");
    agenda.add_or_hurry(moved(0));
    assert_eq!(start_all(&mut agenda, now), payments([0]));
    agenda.add_or_hurry(moved(1));
    assert_eq!(start_all(&mut agenda, now), [], "its call is under way");
    agenda.later(payment(1), now + LONGEST_PAUSE, None);
    agenda.done(payment(0));
    assert_eq!(start_all(&mut agenda, now), payments([1]), "and once more after that");
    agenda.done(payment(1));
    assert!(agenda.payments.is_empty() && agenda.deadlines.is_empty() && agenda.paused.is_empty());
    assert_eq!((agenda.calls, agenda.urgent_calls), (0, 0));
}
