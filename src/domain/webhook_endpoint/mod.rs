//! Endpoints of webhooks: where somebody is told of events, how far they were told, and what has to be told again.
//!
//! An endpoint goes through the outbox once, with a cursor. What could not be delivered becomes a row of its own, and the
//! cursor goes on; so does what is sent again by hand. Who is asked for when is the worker's to decide: in here is only
//! what came of it.

mod audit;
mod manage;
mod record;
mod tables;

use super::asker::Principal;
use super::event::EventType;
use super::event_filter::{EventFilter, Viewer};
use super::id::{OperatorKeyId, UserId, WebhookEndpointId, WebhookTestId};
use super::invariants::Violation;
pub use audit::{WebhookAudit, WebhookBooks};
pub(super) use manage::{
    clear_removed, create, delete, remove_all_of, remove_of_ended_keys, reseal, resend, rotate_secret,
    send_test, update,
};
pub(super) use record::record;
pub use tables::WebhookTables;

/// Endpoints of one owner. It takes a scan of all to list them.
pub const MAX_ENDPOINTS_PER_OWNER: usize = 10;

/// Endpoints of all users together: each new event is held against all of them, and each keeps some KiB of attempts.
/// Operators are bounded by their keys.
pub const MAX_ENDPOINTS_OF_USERS: u64 = 1_000;

/// Bytes of an endpoint's address: what servers commonly take.
pub const MAX_WEBHOOK_URL_BYTES: usize = 2_048;

/// Attempts that are kept of an endpoint, the newest. With what was answered to each they have some 130 KiB at most.
pub const MAX_ATTEMPTS_KEPT: u64 = 100;

/// Bytes that are kept of what an attempt was answered.
pub const MAX_ANSWER_BYTES: usize = 1_024;

/// Bytes of why an attempt came to nothing.
pub const MAX_FAULT_BYTES: usize = 256;

/// Events that may wait to be tried again. An endpoint that answers nothing keeps its other events behind its cursor.
pub const MAX_WAITING_EVENTS: u64 = 1_000;

/// For how long an event is tried before it is given up: three days, so that a weekend loses nothing.
pub const GIVE_UP_AFTER_MS: u64 = 3 * 24 * 60 * 60 * 1_000;

/// In place of a sequence: a test event, of which an endpoint has one at most.
pub const TEST_SEQUENCE: u64 = 0;

/// Whose an endpoint is.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct EndpointOwner {
    /// Never absent.
    #[prost(oneof = "EndpointOwnerKind", tags = "1, 2")]
    pub kind: Option<EndpointOwnerKind>,
}

/// Whose an endpoint is.
#[derive(Clone, Copy, PartialEq, Eq, prost::Oneof)]
pub enum EndpointOwnerKind {
    /// An account's.
    #[prost(message, tag = "1")]
    User(UserId),
    /// An operator's key's.
    #[prost(message, tag = "2")]
    Key(OperatorKeyId),
}

/// Why nothing is sent to an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum DisabledReason {
    /// No endpoint has this.
    Unknown = 0,
    /// Its owner said so.
    ByOwner = 1,
    /// It said that it is gone (410).
    Gone = 2,
    /// Nothing at all could be delivered for as long as an event is tried.
    Failing = 3,
}

/// Since when, and why, nothing is sent to an endpoint.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Disabled {
    /// See [`DisabledReason`]; read it with the method of the same name.
    #[prost(enumeration = "DisabledReason", tag = "1")]
    pub reason: i32,
    /// In milliseconds on the replicated clock.
    #[prost(uint64, tag = "2")]
    pub at_ms: u64,
}

/// A secret that still counts while its successor is spread.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct PreviousSecret {
    /// Sealed.
    #[prost(bytes = "vec", tag = "1")]
    pub sealed: Vec<u8>,
    /// From when on nothing is signed with it, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "2")]
    pub expires_at_ms: u64,
}

/// Where somebody is told of events.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct WebhookEndpoint {
    /// Its name, for ever.
    #[prost(message, required, tag = "1")]
    pub id: WebhookEndpointId,
    /// Whose it is, and so what it is told.
    #[prost(message, required, tag = "2")]
    pub owner: EndpointOwner,
    /// Where to send to.
    #[prost(string, tag = "3")]
    pub url: String,
    /// What it is told of, each once, in order; all that its owner sees if there are none.
    #[prost(enumeration = "EventType", repeated, tag = "4")]
    pub types: Vec<i32>,
    /// When it was made, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "5")]
    pub created_at_ms: u64,
    /// Nothing is sent to it; `None` as long as it is enabled.
    #[prost(message, optional, tag = "6")]
    pub disabled: Option<Disabled>,
    /// The secret that its events are signed with, sealed.
    #[prost(bytes = "vec", tag = "7")]
    pub secret: Vec<u8>,
    /// When that secret was made, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "8")]
    pub secret_made_at_ms: u64,
    /// The secret before, if there was one.
    #[prost(message, optional, tag = "9")]
    pub previous_secret: Option<PreviousSecret>,
    /// All events up to this sequence were delivered, given up, are of no concern to it, or wait in a row of their own.
    #[prost(uint64, tag = "10")]
    pub cursor: u64,
    /// How often the cursor was set back: what is recorded of before then does not move it.
    #[prost(uint64, tag = "11")]
    pub rewinds: u64,
    /// How often its owner changed something about it: whoever sends to it has to look again.
    #[prost(uint64, tag = "12")]
    pub version: u64,
    /// Attempts that were made so far; their numbers are dense, from 1.
    #[prost(uint64, tag = "13")]
    pub attempts: u64,
    /// Events that wait in rows of their own.
    #[prost(uint64, tag = "14")]
    pub waiting: u64,
    /// Attempts that failed since the last one that did not.
    #[prost(uint32, tag = "15")]
    pub failures: u32,
    /// When the first of those began, in milliseconds on the replicated clock.
    #[prost(uint64, optional, tag = "16")]
    pub failing_since_ms: Option<u64>,
    /// When something was delivered last, in milliseconds on the replicated clock.
    #[prost(uint64, optional, tag = "17")]
    pub delivered_at_ms: Option<u64>,
    /// It wants to be left alone until then, in milliseconds on the replicated clock.
    #[prost(uint64, optional, tag = "18")]
    pub rest_until_ms: Option<u64>,
    /// The last batch of attempts that was recorded: one that is proposed twice is recorded once.
    #[prost(fixed64, tag = "19")]
    pub last_batch: u64,
    /// How often its owner gave a reason to think that the next attempt will not fail: whoever sends to it tries what waits
    /// at once when this has grown.
    #[prost(uint64, tag = "20")]
    pub wakes: u64,
}

/// An event that is to be sent to an endpoint, again or by hand.
#[derive(Clone, PartialEq, prost::Message)]
pub struct WaitingEvent {
    /// To which.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// Which event; [`TEST_SEQUENCE`] if it is a test.
    #[prost(uint64, tag = "2")]
    pub sequence: u64,
    /// How often it was tried.
    #[prost(uint32, tag = "3")]
    pub attempts: u32,
    /// When it was tried first, or was asked for by hand, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "4")]
    pub first_at_ms: u64,
    /// When it is to be tried next, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "5")]
    pub due_at_ms: u64,
    /// Which test, if it is one.
    #[prost(message, optional, tag = "6")]
    pub test: Option<WebhookTestId>,
    /// The endpoint's [`wakes`](WebhookEndpoint::wakes) when it was tried last, or was asked for: once they have grown it is
    /// due at once.
    #[prost(uint64, tag = "7")]
    pub wakes: u64,
}

/// What came of an attempt, or of events that could not be sent any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum AttemptOutcome {
    /// No attempt has this.
    Unknown = 0,
    /// It was taken.
    Delivered = 1,
    /// It was not, and will be sent again.
    Failed = 2,
    /// It was not, and will not be sent again: it was tried for long enough, or is a test.
    GivenUp = 3,
    /// The endpoint said that it is gone: the event waits until somebody enables it again.
    Gone = 4,
    /// Retention forgot events before they could be sent.
    Forgotten = 5,
}

/// What is kept of an attempt.
#[derive(Clone, PartialEq, prost::Message)]
pub struct WebhookAttempt {
    /// To which endpoint.
    #[prost(message, required, tag = "1")]
    pub endpoint: WebhookEndpointId,
    /// Its number among those of the endpoint.
    #[prost(uint64, tag = "2")]
    pub number: u64,
    /// What was tried, and what came of it.
    #[prost(message, required, tag = "3")]
    pub report: AttemptReport,
}

/// What was tried, and what came of it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct AttemptReport {
    /// The event's id, as it was sent.
    #[prost(string, tag = "1")]
    pub message: String,
    /// Which event; [`TEST_SEQUENCE`] if it is a test. Of those that were forgotten, the first.
    #[prost(uint64, tag = "2")]
    pub sequence: u64,
    /// See [`EventType`]; unknown of tests, and of what was forgotten.
    #[prost(enumeration = "EventType", tag = "3")]
    pub r#type: i32,
    /// The how manieth attempt of this event it was, from 1; 0 if none was made.
    #[prost(uint32, tag = "4")]
    pub attempt: u32,
    /// When it began, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "5")]
    pub at_ms: u64,
    /// How long it took.
    #[prost(uint64, tag = "6")]
    pub duration_ms: u64,
    /// The status that it was answered; 0 if there was no answer.
    #[prost(uint32, tag = "7")]
    pub status: u32,
    /// Why there was no answer, or none that counts; empty if there was.
    #[prost(string, tag = "8")]
    pub fault: String,
    /// The beginning of what it was answered.
    #[prost(string, tag = "9")]
    pub answer: String,
    /// See [`AttemptOutcome`]; read it with the method of the same name.
    #[prost(enumeration = "AttemptOutcome", tag = "10")]
    pub outcome: i32,
    /// When the event is to be tried next, in milliseconds on the replicated clock; only if it failed.
    #[prost(uint64, optional, tag = "11")]
    pub due_at_ms: Option<u64>,
    /// The endpoint wants to be left alone until then, in milliseconds on the replicated clock.
    #[prost(uint64, optional, tag = "12")]
    pub rest_until_ms: Option<u64>,
    /// The last of the events that were forgotten.
    #[prost(uint64, optional, tag = "13")]
    pub forgotten_through: Option<u64>,
    /// When the event was tried first, in milliseconds on the replicated clock.
    #[prost(uint64, tag = "14")]
    pub first_at_ms: u64,
    /// Which test, if it is one.
    #[prost(message, optional, tag = "15")]
    pub test: Option<WebhookTestId>,
    /// The endpoint's [`wakes`](WebhookEndpoint::wakes) when the attempt began.
    #[prost(uint64, tag = "16")]
    pub wakes: u64,
}

impl std::fmt::Debug for PreviousSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PreviousSecret").field("expires_at_ms", &self.expires_at_ms).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WebhookEndpoint {
    /// Leaves the secrets out, and the address, which may be one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WebhookEndpoint")
            .field("id", &self.id)
            .field("owner", &self.owner)
            .field("disabled", &self.disabled)
            .field("cursor", &self.cursor)
            .field("waiting", &self.waiting)
            .finish_non_exhaustive()
    }
}

impl From<Principal> for EndpointOwner {
    fn from(principal: Principal) -> Self {
        let kind = match principal {
            Principal::User(user) => EndpointOwnerKind::User(user),
            Principal::Key(key) => EndpointOwnerKind::Key(key),
        };
        Self { kind: Some(kind) }
    }
}

impl EndpointOwner {
    /// Who it is; `None` if they are of a later version.
    pub fn principal(self) -> Option<Principal> {
        Some(match self.kind? {
            EndpointOwnerKind::User(user) => Principal::User(user),
            EndpointOwnerKind::Key(key) => Principal::Key(key),
        })
    }
}

impl WebhookEndpoint {
    /// What it is told of.
    pub fn filter(&self) -> EventFilter {
        let viewer = match self.owner.kind {
            Some(EndpointOwnerKind::User(user)) => Viewer::User(user),
            Some(EndpointOwnerKind::Key(_)) => Viewer::Operator,
            None => Viewer::Anyone,
        };
        EventFilter { viewer, types: self.types().collect(), subject: None }
    }

    /// The endpoint as answers have it, which are remembered: without its secrets.
    fn shown(mut self) -> Self {
        self.secret.clear();
        self.previous_secret.iter_mut().for_each(|previous| previous.sealed.clear());
        self
    }

    /// What is wrong with it by itself, if something is.
    pub fn fault(&self) -> Option<&'static str> {
        let faults = [
            (self.owner.kind.is_none(), "it is nobody's"),
            (!(1..=MAX_WEBHOOK_URL_BYTES).contains(&self.url.len()), "its address is none"),
            (self.types().any(|r#type| r#type == EventType::Unknown), "it is told of what there is not"),
            (!self.types.is_sorted_by(|a, b| a < b), "its types are not in order"),
            (self.secret.is_empty(), "it has no secret"),
            (self.failing_since_ms.is_some() != (self.failures > 0), "its failures have no beginning"),
        ];
        faults.into_iter().find_map(|(is_so, fault)| is_so.then_some(fault))
    }

    /// Has whoever sends to it try what waits at once: its owner named another place, or says that it works.
    fn wake(&mut self) {
        self.forget_failures();
        self.wakes = self.wakes.saturating_add(1);
    }

    /// Whether it was woken since: what failed under so many wakes says nothing of it as it is now.
    pub fn was_woken_since(&self, wakes: u64) -> bool {
        wakes < self.wakes
    }

    /// Forgets that attempts failed: there is a reason to think that the next one will not.
    fn forget_failures(&mut self) {
        (self.failures, self.failing_since_ms, self.rest_until_ms) = (0, None, None);
    }
}

/// Whether an endpoint may become this.
pub(super) fn check(old: Option<&WebhookEndpoint>, new: &WebhookEndpoint) -> Result<(), Violation> {
    if let Some(fault) = new.fault() {
        return Err(Violation(format!("{}: {fault}", new.id)));
    }
    let follows = old.is_none_or(|old| {
        old.id == new.id
            && old.owner == new.owner
            && old.attempts <= new.attempts
            && (old.cursor <= new.cursor || old.rewinds < new.rewinds)
    });
    let what = || Violation(format!("{} becomes another's, or forgets how far it is", new.id));
    if follows { Ok(()) } else { Err(what()) }
}
