//! Commands about consumer groups. Whoever asks owns the group that they name.

/// Makes a group, or changes what it is.
#[derive(Clone, PartialEq, prost::Message)]
pub struct PutConsumerGroup {
    /// Its name among its owner's groups.
    #[prost(string, tag = "1")]
    pub name: String,
    /// What it is told of, each once, in order; all that its owner sees if there are none.
    #[prost(enumeration = "crate::domain::EventType", repeated, tag = "2")]
    pub types: Vec<i32>,
    /// Where a new group starts. On a group that is there: where it is thought to have started, if it is said at all.
    #[prost(oneof = "GroupStart", tags = "3, 4, 5")]
    pub start: Option<GroupStart>,
    /// How long a fetch has to acknowledge what it was given.
    #[prost(uint64, tag = "6")]
    pub ack_wait_ms: u64,
    /// How often an event is given before it is parked.
    #[prost(uint32, tag = "7")]
    pub max_deliveries: u32,
}

/// Where a group starts.
#[derive(Clone, Copy, PartialEq, Eq, prost::Oneof)]
pub enum GroupStart {
    /// At the oldest event that is kept.
    #[prost(message, tag = "3")]
    Beginning(()),
    /// After the newest event.
    #[prost(message, tag = "4")]
    Now(()),
    /// At the event with this sequence.
    #[prost(uint64, tag = "5")]
    At(u64),
}

/// Removes a group with all that it has under way and has parked.
#[derive(Clone, PartialEq, prost::Message)]
pub struct DeleteConsumerGroup {
    /// Its name among its owner's groups.
    #[prost(string, tag = "1")]
    pub name: String,
}

/// Leases events to whoever asks.
#[derive(Clone, PartialEq, prost::Message)]
pub struct FetchEvents {
    /// The group's name among its owner's groups.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Names this fetch, and so its leases; random, and never 0.
    #[prost(fixed64, tag = "2")]
    pub fetch: u64,
    /// How many events at most.
    #[prost(uint32, tag = "3")]
    pub limit: u32,
    /// How many events may be looked at, so that one command cannot hold up the others for long.
    #[prost(uint32, tag = "4")]
    pub look_at_most: u32,
    /// How many bytes the events may have together, as the state holds them. One event may always be leased.
    #[prost(uint64, tag = "5")]
    pub bytes_at_most: u64,
}

/// Says what became of leased events, or asks for more time.
#[derive(Clone, PartialEq, prost::Message)]
pub struct SettleLeases {
    /// The group's name among its owner's groups.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Which leases, each once, in the order of their sequences.
    #[prost(message, repeated, tag = "2")]
    pub leases: Vec<Lease>,
    /// What is to become of them.
    #[prost(oneof = "Settlement", tags = "3, 4, 5")]
    pub settlement: Option<Settlement>,
}

/// An event that was given to a fetch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, prost::Message)]
pub struct Lease {
    /// Which event.
    #[prost(uint64, tag = "1")]
    pub sequence: u64,
    /// Which fetch.
    #[prost(fixed64, tag = "2")]
    pub fetch: u64,
}

/// What is to become of leased events.
#[derive(Clone, PartialEq, Eq, prost::Oneof)]
pub enum Settlement {
    /// They were dealt with: nobody is given them again.
    #[prost(message, tag = "3")]
    Acknowledge(()),
    /// They were not, and are to be given again.
    #[prost(message, tag = "4")]
    GiveBack(GiveBack),
    /// They take so many milliseconds more, from now on.
    #[prost(uint64, tag = "5")]
    Extend(u64),
}

/// Why events were not dealt with, and when to give them again.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GiveBack {
    /// In words of whoever gives them back; may be empty.
    #[prost(string, tag = "1")]
    pub reason: String,
    /// For how long nobody is given them.
    #[prost(uint64, tag = "2")]
    pub delay_ms: u64,
}

/// Has parked events given again, as if they never had been.
#[derive(Clone, PartialEq, prost::Message)]
pub struct RedriveParked {
    /// The group's name among its owner's groups.
    #[prost(string, tag = "1")]
    pub name: String,
    /// Which, each once, in order; all of them if there are none.
    #[prost(uint64, repeated, tag = "2")]
    pub sequences: Vec<u64>,
    /// How many at most, so that one command cannot hold up the others for long.
    #[prost(uint32, tag = "3")]
    pub at_most: u32,
}
