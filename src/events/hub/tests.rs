//! The hub and those who follow, taking turns in any order.

use proptest::prelude::*;

use super::*;
use crate::domain::{EventType, Order, OrderId, Subject, SubjectId, Ticket, TicketId, UserId, Viewer};
use crate::events::News;

fn user(number: u8) -> UserId {
    UserId::from_bytes([number; 16])
}

/// An event about one of a few things, by its sequence.
fn event(sequence: u64) -> Event {
    let number = (sequence.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 61) as u8;
    let (r#type, subject) = if number < 4 {
        let ticket = Ticket { id: TicketId::from_bytes([number; 16]), ..Ticket::default() };
        (EventType::TicketUpdated, Subject::Ticket(ticket))
    } else {
        let id = OrderId::from_bytes([number; 16]);
        (EventType::OrderUpdated, Subject::Order(Order { id, buyer: user(number), ..Order::default() }))
    };
    Event { sequence, r#type: r#type.into(), at_ms: 0, subject: Some(subject), buyer_of_expiration: None }
}

fn filters() -> Vec<EventFilter> {
    let about = SubjectId::Ticket(TicketId::from_bytes([1; 16]));
    vec![
        EventFilter::all_of(Viewer::Anyone),
        EventFilter::all_of(Viewer::Operator),
        EventFilter::all_of(Viewer::User(user(5))),
        EventFilter { subject: Some(about), ..EventFilter::all_of(Viewer::Anyone) },
        EventFilter { types: [EventType::TicketDeleted].into(), ..EventFilter::all_of(Viewer::Operator) },
    ]
}

/// What happens next.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// So many events are committed.
    Commit(u64),
    /// The hub takes so many of those that it has not read.
    Read(u64),
    /// The hub is too far behind.
    Jump,
    /// A follower looks at what is new to them, in memory or so many in the state.
    Look(usize, u64),
    /// One leaves, and comes back where they were.
    Leave(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..filters().len();
    prop_oneof![
        2 => (1..20_u64).prop_map(Step::Commit),
        4 => (1..10_u64).prop_map(Step::Read),
        1 => Just(Step::Jump),
        8 => (who.clone(), 1..10_u64).prop_map(|(who, page)| Step::Look(who, page)),
        1 => who.prop_map(Step::Leave),
    ]
}

struct Reader {
    follower: Option<Follower>,
    filter: EventFilter,
    seen: u64,
    shown: Vec<u64>,
    waits: bool,
}

struct World {
    hub: Arc<Hub>,
    newest: u64,
    readers: Vec<Reader>,
}

impl World {
    fn new() -> Self {
        let hub = Arc::new(Hub::new(Arc::default(), 100));
        let mut world = Self { hub, newest: 0, readers: Vec::new() };
        for filter in filters() {
            let follower = Some(world.follow(&filter));
            world.readers.push(Reader { follower, filter, seen: 0, shown: Vec::new(), waits: false });
        }
        world
    }

    fn follow(&self, filter: &EventFilter) -> Follower {
        let place = self.hub.enter(None).expect("there is room");
        self.hub.follow(place, filter.clone(), self.newest)
    }

    fn last(&self) -> Option<u64> {
        self.hub.lock().recent.as_ref().map(Recent::last)
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Commit(count) => self.newest += count,
            Step::Read(count) => {
                let Some(last) = self.last() else { return };
                let until = self.newest.min(last + count);
                self.hub.lock().take(last, (last + 1..=until).map(event).collect());
            }
            Step::Jump => {
                let Some(last) = self.last() else { return };
                let newest = self.newest.max(last);
                self.hub.lock().jump(last, newest);
            }
            Step::Look(who, page) => self.look(who, page),
            Step::Leave(who) => {
                self.readers[who].follower = None;
                let follower = self.follow(&self.readers[who].filter);
                let reader = &mut self.readers[who];
                (reader.follower, reader.waits) = (Some(follower), false);
            }
        }
    }

    fn look(&mut self, who: usize, page: u64) {
        let newest = self.newest;
        let reader = &mut self.readers[who];
        let follower = reader.follower.as_ref().expect("they follow");
        match follower.news_after(reader.seen) {
            News::Events { events, through } => {
                reader.shown.extend(events.iter().map(|recent| recent.event.sequence));
                reader.seen = through;
            }
            News::InTheState { after } => {
                let until = newest.min(after + page);
                let page = (after + 1..=until).map(event).filter(|event| reader.filter.shows(event));
                reader.shown.extend(page.map(|event| event.sequence));
                reader.seen = until;
            }
            News::Nothing { through } => {
                reader.seen = through;
                reader.waits = true;
                let seen = follower.seen_by_now(through);
                assert!((through..=newest).contains(&seen), "{seen}");
                reader.seen = seen;
                return;
            }
        }
        reader.waits = false;
    }
}

proptest! {
    /// However commits, the hub and those who follow take turns, each is shown exactly what concerns them.
    #[test]
    fn everybody_is_shown_each_event_that_concerns_them_once_and_in_order(
        steps in proptest::collection::vec(step(), 1..120)
    ) {
        let mut world = World::new();
        for step in steps {
            world.take(step);
        }
        // Then the hub comes to the end, and whoever was woken, or did not wait, looks until there is nothing new.
        while world.last().is_some_and(|last| last < world.newest) {
            world.take(Step::Read(10));
        }
        for who in 0..world.readers.len() {
            let first = world.readers[who].follower.as_ref().expect("they follow").first();
            if world.readers[who].waits && first.is_none() {
                continue;
            }
            world.readers[who].waits = false;
            for _ in 0..10_000 {
                world.look(who, 10);
                if world.readers[who].waits {
                    break;
                }
            }
            prop_assert!(world.readers[who].waits, "it never comes to an end");
        }
        for reader in &world.readers {
            let expected: Vec<u64> =
                (1..=world.newest).filter(|&sequence| reader.filter.shows(&event(sequence))).collect();
            prop_assert_eq!(&reader.shown, &expected);
        }
    }
}

#[tokio::test]
async fn whom_nothing_concerns_is_not_woken() {
    let hub = Arc::new(Hub::new(Arc::default(), 2));
    let about = SubjectId::Ticket(TicketId::from_bytes([9; 16]));
    let nothing = EventFilter { subject: Some(about), ..EventFilter::all_of(Viewer::Operator) };
    let idle = hub.follow(hub.enter(None).expect("a place"), nothing, 0);
    let busy = hub.follow(hub.enter(None).expect("a place"), EventFilter::all_of(Viewer::Operator), 0);
    assert_eq!(hub.enter(None).err(), Some(NoPlace::Full));
    for follower in [&idle, &busy] {
        assert!(matches!(follower.news_after(0), News::Nothing { through: 0 }));
    }
    hub.lock().take(0, (1..=100).map(event).collect());
    busy.woken().await;
    tokio::select! {
        biased;
        () = idle.woken() => panic!("nothing concerns it"),
        () = std::future::ready(()) => {}
    }
    assert_eq!((idle.seen_by_now(0), busy.seen_by_now(0)), (100, 0));
    assert_eq!(hub.counts(), HubCounts { following: 2, turned_away: 1, shown: 0 });
    drop((idle, busy));
    assert!(hub.lock().recent.is_none(), "while nobody follows nothing is kept");
    assert_eq!(hub.counts().following, 0);
    assert!(hub.enter(None).is_ok(), "and their places are free");
}
