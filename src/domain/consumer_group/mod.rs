//! Consumer groups: who gets an event is decided in here, and so is who gets it again.
//!
//! A group goes through the outbox once, with a cursor. What it gives to a fetch, or has to hold back because an earlier
//! event of the same entity is not dealt with yet, becomes a row of its own until it is acknowledged or parked.
//!
//! Of each entity, at any time, either some rows are leased, all by one fetch, and the others wait; or none is leased,
//! the earliest row is ready, and the others wait. So events of one entity never run side by side.

mod audit;
mod fetch;
mod manage;
mod redrive;
mod rules;
mod settle;
mod tables;
mod work;

use super::asker::Principal;
use super::command::GroupStart;
use super::event::{Event, EventType, SubjectId};
use super::id::{OperatorKeyId, UserId};
pub use audit::{GroupAudit, GroupBooks};
pub(super) use fetch::fetch;
pub(super) use manage::{clear_removed, delete, put, remove_all_of, remove_of_ended_keys};
pub(super) use redrive::redrive;
pub(super) use rules::check;
pub(super) use settle::settle;
pub use tables::GroupTables;

/// Groups of one owner. It takes a scan of all to list them.
pub const MAX_GROUPS_PER_OWNER: usize = 20;

/// Groups of all users together: each may hold some MiB of the state. Operators are bounded by their keys.
pub const MAX_GROUPS_OF_USERS: u64 = 1_000;

/// Characters of a group's name.
pub const MAX_GROUP_NAME_CHARS: usize = 64;

/// Events that a group may have under way before its cursor stops, so that a group whose members acknowledge nothing
/// does not copy the outbox into rows of its own.
pub const MAX_PENDING_EVENTS: u64 = 10_000;

/// Events that a group may have parked. Who has that many wants to look at them before there are more.
pub const MAX_PARKED_EVENTS: u64 = 1_000;

/// How long a fetch may have to acknowledge what it was given: 12 hours, more than anybody works at one event.
pub const MAX_ACK_WAIT_MS: u64 = 12 * 60 * 60 * 1_000;

/// How short: less is over before an answer has come.
pub const MIN_ACK_WAIT_MS: u64 = 1_000;

/// How often an event may be given before it is parked.
pub const MAX_DELIVERIES: u32 = 100;

/// For how long an event that was given back may be held: as long as a lease may last.
pub const MAX_GIVE_BACK_DELAY_MS: u64 = MAX_ACK_WAIT_MS;

/// Characters of why an event was given back.
pub const MAX_GIVE_BACK_REASON_CHARS: usize = 200;

/// Leases that one command may settle, and events that one fetch may be given.
pub const MAX_LEASES: usize = 500;

/// What stands for a fetch's `reset` where leases have the sequence of an event.
pub const RESET_SEQUENCE: u64 = 0;

/// Parked events that one command may have given again.
pub const MAX_REDRIVEN: u32 = 500;

/// What an event is about: a ticket's, order's or payment's id. No two have the same: all are made at random.
pub type Entity = [u8; 16];

/// Whose a group is.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct GroupOwner {
    /// Never absent.
    #[prost(oneof = "GroupOwnerKind", tags = "1, 2")]
    pub kind: Option<GroupOwnerKind>,
}

/// Whose a group is.
#[derive(Clone, Copy, PartialEq, Eq, prost::Oneof)]
pub enum GroupOwnerKind {
    /// An account's.
    #[prost(message, tag = "1")]
    User(UserId),
    /// An operator's key's.
    #[prost(message, tag = "2")]
    Key(OperatorKeyId),
}

/// Several consumers that share one way through the events.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ConsumerGroup {
    /// Dense, from 1; never given out again. All rows of the group stand under it.
    #[prost(uint64, tag = "1")]
    pub number: u64,
    /// Whose it is, and so what it is shown.
    #[prost(message, required, tag = "2")]
    pub owner: GroupOwner,
    /// Its name among its owner's groups.
    #[prost(string, tag = "6")]
    pub name: String,
    /// What it is told of, each once, in order; all that its owner sees if there are none.
    #[prost(enumeration = "super::event::EventType", repeated, tag = "7")]
    pub types: Vec<i32>,
    /// Where it started.
    #[prost(oneof = "GroupStart", tags = "3, 4, 5")]
    pub start: Option<GroupStart>,
    /// How long a fetch has to acknowledge what it was given.
    #[prost(uint64, tag = "8")]
    pub ack_wait_ms: u64,
    /// How often an event is given before it is parked.
    #[prost(uint32, tag = "9")]
    pub max_deliveries: u32,
    /// When it was made, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "10")]
    pub created_at_ms: u64,
    /// The last event that it has looked at.
    #[prost(uint64, tag = "11")]
    pub cursor: u64,
    /// Its rows of events under way.
    #[prost(uint64, tag = "12")]
    pub pending: u64,
    /// Those of them that are leased, in time or not.
    #[prost(uint64, tag = "13")]
    pub leased: u64,
    /// Its rows of parked events.
    #[prost(uint64, tag = "14")]
    pub parked: u64,
    /// Up to which event it was told that events are forgotten which it had not dealt with.
    #[prost(uint64, tag = "15")]
    pub told_forgotten: u64,
    /// Who was told that, until somebody acknowledges it.
    #[prost(message, optional, tag = "16")]
    pub reset: Option<ResetLease>,
}

/// A `reset` that was given to a fetch. As with an event, its answer may be lost: it is given again.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct ResetLease {
    /// The fetch that was given it last.
    #[prost(fixed64, tag = "1")]
    pub fetch: u64,
    /// From when on the next fetch is given it, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "2")]
    pub until_ms: u64,
}

/// Where an event under way stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum PendingState {
    /// Held back by others of its entity.
    Waiting = 0,
    /// To be given to the next fetch, once its time has come.
    Ready = 1,
    /// Given to a fetch.
    Leased = 2,
}

/// How the last delivery of an event ended, if it was not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
pub enum DeliveryFailure {
    /// There was none that ended so.
    None = 0,
    /// Its time ran out.
    TimedOut = 1,
    /// It was given back.
    GivenBack = 2,
}

/// An event that a group has looked at and not dealt with.
#[derive(Clone, PartialEq, prost::Message)]
pub struct PendingEvent {
    /// The group's number.
    #[prost(uint64, tag = "1")]
    pub group: u64,
    /// Which event.
    #[prost(uint64, tag = "2")]
    pub sequence: u64,
    /// What it is about: an [`Entity`].
    #[prost(bytes = "vec", tag = "3")]
    pub entity: Vec<u8>,
    /// See [`PendingState`]; read it with the method of the same name.
    #[prost(enumeration = "PendingState", tag = "4")]
    pub state: i32,
    /// Leased: until when. Otherwise: nobody is given it before. In milliseconds on the replicated clock.
    #[prost(uint64, tag = "5")]
    pub at_ms: u64,
    /// The fetch that was given it last, or since then an earlier event of its entity; 0 if none was. A lease of another
    /// one counts no more.
    #[prost(fixed64, tag = "6")]
    pub fetch: u64,
    /// How often it was given; a delivery that is excused does not count.
    #[prost(uint32, tag = "7")]
    pub attempts: u32,
    /// The last delivery does not count: an earlier event of the entity failed in it.
    #[prost(bool, tag = "8")]
    pub excused: bool,
    /// See [`DeliveryFailure`]; read it with the method of the same name.
    #[prost(enumeration = "DeliveryFailure", tag = "9")]
    pub failure: i32,
    /// Why it was given back, if whoever did it said.
    #[prost(string, tag = "10")]
    pub reason: String,
    /// The event itself if it was parked before: the outbox may have forgotten it since.
    #[prost(message, optional, boxed, tag = "11")]
    pub event: Option<Box<Event>>,
}

/// An event that a group has given up.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ParkedEvent {
    /// The group's number.
    #[prost(uint64, tag = "1")]
    pub group: u64,
    /// The event itself, which the outbox may forget.
    #[prost(message, required, tag = "2")]
    pub event: Box<Event>,
    /// How often it was given.
    #[prost(uint32, tag = "3")]
    pub attempts: u32,
    /// How the last delivery ended; read it with the method of the same name.
    #[prost(enumeration = "DeliveryFailure", tag = "4")]
    pub failure: i32,
    /// Why it was given back, if whoever did it said.
    #[prost(string, tag = "5")]
    pub reason: String,
    /// When it was parked, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "6")]
    pub parked_at_ms: u64,
    /// See [`PendingEvent::fetch`].
    #[prost(fixed64, tag = "7")]
    pub fetch: u64,
}

/// What a fetch was given.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Fetched {
    /// The group's number.
    #[prost(uint64, tag = "1")]
    pub group: u64,
    /// Which events, in the order in which they are to be dealt with.
    #[prost(uint64, repeated, tag = "2")]
    pub sequences: Vec<u64>,
    /// The how manyth delivery of each this is.
    #[prost(uint32, repeated, tag = "3")]
    pub attempts: Vec<u32>,
    /// Until when they are leased, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "4")]
    pub leased_until_ms: u64,
    /// Where the group went on, if events are forgotten that it had not dealt with, and nobody has acknowledged that yet.
    #[prost(uint64, optional, tag = "5")]
    pub reset_to: Option<u64>,
    /// There may be more to give: as many events were looked at as may be.
    #[prost(bool, tag = "6")]
    pub looks_on: bool,
    /// The fetch, as its leases name it.
    #[prost(fixed64, tag = "7")]
    pub fetch: u64,
}

/// What became of leases that somebody settled.
#[derive(Clone, PartialEq, prost::Message)]
pub struct LeasesSettled {
    /// Those that have passed to another fetch, and were left alone.
    #[prost(message, repeated, tag = "1")]
    pub passed: Vec<super::command::Lease>,
    /// Those that no fetch was ever given.
    #[prost(message, repeated, tag = "2")]
    pub unknown: Vec<super::command::Lease>,
}

/// A group as it is now, and whether it was there before.
#[derive(Clone, PartialEq, prost::Message)]
pub struct GroupPut {
    /// As it is now.
    #[prost(message, required, tag = "1")]
    pub group: ConsumerGroup,
    /// Whether it was made just now.
    #[prost(bool, tag = "2")]
    pub is_new: bool,
}

/// What came of having parked events given again.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Redriven {
    /// How many.
    #[prost(uint32, tag = "1")]
    pub count: u32,
    /// Others are still parked that were meant too.
    #[prost(bool, tag = "2")]
    pub more: bool,
}

/// What an event is about.
fn entity_of(event: &Event) -> Option<Entity> {
    event.subject_id().map(|subject| match subject {
        SubjectId::Ticket(ticket) => ticket.to_bytes(),
        SubjectId::Order(order) => order.to_bytes(),
        SubjectId::Payment(payment) => payment.to_bytes(),
    })
}

impl From<Principal> for GroupOwner {
    fn from(principal: Principal) -> Self {
        let kind = match principal {
            Principal::User(user) => GroupOwnerKind::User(user),
            Principal::Key(key) => GroupOwnerKind::Key(key),
        };
        Self { kind: Some(kind) }
    }
}

impl GroupOwner {
    /// Who it is; `None` if they are of a later version.
    pub fn principal(self) -> Option<Principal> {
        Some(match self.kind? {
            GroupOwnerKind::User(user) => Principal::User(user),
            GroupOwnerKind::Key(key) => Principal::Key(key),
        })
    }

    /// The owner's bytes, as its principal has them.
    pub fn to_bytes(self) -> [u8; 16] {
        self.principal().map_or([0; 16], Principal::to_bytes)
    }
}

impl ConsumerGroup {
    /// What is wrong with it by itself, if something is.
    pub fn fault(&self) -> Option<&'static str> {
        let faults = [
            (self.number == 0, "it has no number"),
            (self.owner.kind.is_none(), "it is nobody's"),
            (!(1..=MAX_GROUP_NAME_CHARS).contains(&self.name.chars().count()), "its name is no name"),
            (!self.types.is_sorted_by(|a, b| a < b), "its types are not in order"),
            (self.types.iter().any(|r#type| !is_known(*r#type)), "it is told of what there is not"),
            (
                !(MIN_ACK_WAIT_MS..=MAX_ACK_WAIT_MS).contains(&self.ack_wait_ms),
                "it waits too long or too short",
            ),
            (!(1..=MAX_DELIVERIES).contains(&self.max_deliveries), "it gives events never, or too often"),
            (self.leased > self.pending, "it has more leased than under way"),
            (self.reset.is_some_and(|reset| reset.fetch == 0), "it told nobody of a reset"),
            // Parked ones may be given again when the others are at their bound.
            (self.pending > MAX_PENDING_EVENTS + MAX_PARKED_EVENTS, "it has too much under way"),
            (self.parked > MAX_PARKED_EVENTS, "it has too much parked"),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault))
    }
}

fn is_known(r#type: i32) -> bool {
    EventType::ALL.iter().any(|known| i32::from(*known) == r#type)
}

impl PendingEvent {
    /// What it is about.
    pub fn entity(&self) -> Entity {
        self.entity.as_slice().try_into().unwrap_or_default()
    }

    /// Whether it is given to a fetch, in time or not.
    pub fn is_leased(&self) -> bool {
        self.state() == PendingState::Leased
    }

    /// When somebody has to look at it, in milliseconds on the replicated clock; `None` while others hold it back.
    pub fn due_at_ms(&self) -> Option<u64> {
        (self.state() != PendingState::Waiting).then_some(self.at_ms)
    }

    /// What is wrong with it by itself, if something is.
    pub fn fault(&self) -> Option<&'static str> {
        let is_of_it = |event: &Event| event.sequence == self.sequence;
        let faults = [
            (self.sequence == 0, "it is no event"),
            (self.entity.len() != size_of::<Entity>(), "it is about nothing"),
            (self.is_leased() && self.fetch == 0, "it is leased to nobody"),
            (
                self.is_leased() && self.attempts + u32::from(self.excused) == 0,
                "it is leased, and was never given",
            ),
            (self.attempts > MAX_DELIVERIES, "it was given too often"),
            (self.event.as_deref().is_some_and(|event| !is_of_it(event)), "it holds another event"),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault))
    }
}
