//! Samples of what came with consumer groups.

use boxoffice::domain::*;

use crate::level_2::operator_key_id;
use crate::samples::{Sample, bytes_from, order_id, sample, user};

const NAME: &str = "mailer";

pub(crate) fn put() -> PutConsumerGroup {
    PutConsumerGroup {
        name: NAME.into(),
        types: vec![EventType::OrderCreated.into(), EventType::OrderCompleted.into()],
        start: Some(GroupStart::At(7)),
        ack_wait_ms: 30_000,
        max_deliveries: 5,
    }
}

pub(crate) fn delete() -> DeleteConsumerGroup {
    DeleteConsumerGroup { name: NAME.into() }
}

pub(crate) fn fetch() -> FetchEvents {
    FetchEvents { name: NAME.into(), fetch: 11, limit: 100, look_at_most: 2_000, bytes_at_most: 1_048_576 }
}

pub(crate) fn settle() -> SettleLeases {
    let give_back = GiveBack { reason: "no address".into(), delay_ms: 5_000 };
    SettleLeases {
        name: NAME.into(),
        leases: vec![Lease { sequence: 9, fetch: 11 }],
        settlement: Some(Settlement::GiveBack(give_back)),
    }
}

pub(crate) fn redrive() -> RedriveParked {
    RedriveParked { name: NAME.into(), sequences: vec![9, 10], at_most: 500 }
}

/// Commands with the other ways in which they say what they want.
pub(crate) fn other_commands() -> Vec<(&'static str, Command)> {
    let put = |start| Command::PutConsumerGroup(PutConsumerGroup { start: Some(start), ..put() });
    let settle =
        |settlement| Command::SettleLeases(SettleLeases { settlement: Some(settlement), ..settle() });
    vec![
        ("PutConsumerGroup/Beginning", put(GroupStart::Beginning(()))),
        ("PutConsumerGroup/Now", put(GroupStart::Now(()))),
        ("SettleLeases/Acknowledge", settle(Settlement::Acknowledge(()))),
        ("SettleLeases/Extend", settle(Settlement::Extend(60_000))),
    ]
}

fn group(owner: GroupOwnerKind) -> ConsumerGroup {
    ConsumerGroup {
        number: 3,
        owner: GroupOwner { kind: Some(owner) },
        name: NAME.into(),
        types: vec![EventType::OrderCreated.into(), EventType::OrderCompleted.into()],
        start: Some(GroupStart::At(7)),
        ack_wait_ms: 30_000,
        max_deliveries: 5,
        created_at_ms: 1_790_000_000_000,
        cursor: 9,
        pending: 4,
        leased: 2,
        parked: 1,
        told_forgotten: 6,
        reset: None,
    }
}

fn expired() -> Event {
    event(EventType::ExpirationComplete, Subject::Expiration(order_id()))
}

/// Every answer that is about groups.
pub(crate) fn answers() -> Vec<Answer> {
    let lease = Lease { sequence: 9, fetch: 11 };
    vec![
        Answer::GroupPut(GroupPut { group: group(GroupOwnerKind::User(user())), is_new: true }),
        Answer::Fetched(Fetched {
            group: 3,
            sequences: vec![9, 10],
            attempts: vec![1, 2],
            leased_until_ms: 1_790_000_030_000,
            reset_to: Some(7),
            looks_on: true,
            fetch: 11,
        }),
        Answer::LeasesSettled(LeasesSettled { passed: vec![lease], unknown: vec![lease] }),
        Answer::Redriven(Redriven { count: 2, more: true }),
    ]
}

/// Rows of groups.
pub(crate) fn rows_of_groups() -> Vec<Sample> {
    let pending = PendingEvent {
        group: 3,
        sequence: 9,
        entity: bytes_from(0x50).to_vec(),
        state: PendingState::Leased.into(),
        at_ms: 1_790_000_030_000,
        fetch: 11,
        attempts: 2,
        excused: true,
        failure: DeliveryFailure::GivenBack.into(),
        reason: "no address".into(),
        event: Some(Box::new(expired())),
    };
    let parked = ParkedEvent {
        group: 3,
        event: Box::new(expired()),
        attempts: 5,
        failure: DeliveryFailure::GivenBack.into(),
        reason: "no address".into(),
        parked_at_ms: 1_790_000_030_000,
        fetch: 11,
    };
    let told = ConsumerGroup {
        reset: Some(ResetLease { fetch: 11, until_ms: 1_790_000_030_000 }),
        ..group(GroupOwnerKind::Key(operator_key_id()))
    };
    vec![
        sample("row/ConsumerGroup/Reset", &told),
        sample("row/ConsumerGroup/User", &group(GroupOwnerKind::User(user()))),
        sample("row/ConsumerGroup/Key", &group(GroupOwnerKind::Key(operator_key_id()))),
        sample("row/PendingEvent", &pending),
        sample("row/ParkedEvent", &parked),
    ]
}

pub(crate) fn event(r#type: EventType, subject: Subject) -> Event {
    Event {
        sequence: 9,
        r#type: r#type.into(),
        at_ms: 1_790_000_000_000,
        subject: Some(subject),
        buyer_of_expiration: None,
    }
}
