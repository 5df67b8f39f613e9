//! What replicas tell each other of themselves, again and again.

use prost::Message;

/// Asks a replica how it is.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ReportRequest {}

/// How a replica is.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Report {
    /// The version of its program, for people.
    #[prost(string, tag = "1")]
    pub(crate) program_version: String,
    /// Where it runs.
    #[prost(string, tag = "2")]
    pub(crate) region: String,
    /// `host:port` of its peer listener, as others reach it.
    #[prost(string, tag = "3")]
    pub(crate) address: String,
    /// Its role lets it vote, and it is in what it takes for the primary region.
    #[prost(bool, tag = "4")]
    pub(crate) may_vote: bool,
    /// Its wall clock, in milliseconds since the Unix epoch.
    #[prost(uint64, tag = "5")]
    pub(crate) wall_ms: u64,
    /// The replicated clock, in milliseconds since the Unix epoch, if it has a leader's word for it or led since it
    /// was started: what was read from its log says nothing of now.
    #[prost(uint64, optional, tag = "6")]
    pub(crate) log_time_ms: Option<u64>,
    /// The last entry in its log; none if there is none.
    #[prost(uint64, optional, tag = "7")]
    pub(crate) last_log_index: Option<u64>,
    /// The last entry it applied.
    #[prost(uint64, optional, tag = "8")]
    pub(crate) applied_index: Option<u64>,
    /// The newest feature level that its program supports; 0 if it does not say.
    #[prost(uint32, tag = "9")]
    pub(crate) supported_level: u32,
    /// The newest digests of its state.
    #[prost(message, repeated, tag = "10")]
    pub(crate) digests: Vec<StateDigest>,
    /// None if it does not lead, as far as it knows, or no quorum has answered it yet.
    #[prost(message, optional, tag = "11")]
    pub(crate) leads: Option<Leads>,
}

/// What a leader knows.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct Leads {
    /// All that was acknowledged anywhere, by the time at which it certainly led, is in the log up to here.
    #[prost(uint64, tag = "1")]
    pub(crate) committed_index: u64,
    /// How long ago it certainly led, in milliseconds, rounded up: a quorum has answered what it sent then.
    #[prost(uint64, tag = "2")]
    pub(crate) certain_ago_ms: u64,
}

/// What a replica's state was, in short.
#[derive(Clone, Copy, PartialEq, Eq, Message)]
pub(crate) struct StateDigest {
    /// At this place in the log.
    #[prost(uint64, tag = "1")]
    pub(crate) index: u64,
    #[prost(fixed64, tag = "2")]
    pub(crate) digest: u64,
}
