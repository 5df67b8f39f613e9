//! How consumer groups, what they give and what they have parked look to clients, and what those say of leases.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use poem_openapi::Object;

use super::event_view::{CloudEvent, EventRenderer, EventTypeName};
use crate::domain::{
    ConsumerGroup, DeliveryFailure, GroupStart, Lease, MAX_ACK_WAIT_MS, MAX_GIVE_BACK_DELAY_MS,
    MAX_GIVE_BACK_REASON_CHARS, MAX_LEASES, ParkedEvent,
};
use crate::http::input::{Checked, Fields, FromFields};
use crate::http::line::Line;
use crate::http::rules::{Input, text, whole_number};
use crate::http::timestamp::Timestamp;
use crate::replica::EventPosition;

pub(super) const BEGINNING: &str = "beginning";
pub(super) const NOW: &str = "now";

/// A list of texts, from a body.
pub(super) fn texts(input: Input<'_>) -> Option<Vec<String>> {
    match input {
        Input::Json(value) => serde_json::from_str(value.get()).ok(),
        Input::Text(_) => None,
    }
}

/// A consumer group
#[derive(Object)]
#[oai(rename = "Consumer", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct ConsumerView {
    /// The group's name
    name: String,
    /// What it is told of; all that its owner sees if there are none
    types: Vec<EventTypeName>,
    /// Where it started: `beginning`, `now`, or a sequence
    start: String,
    /// How long a fetch has to acknowledge what it was given
    ack_wait_seconds: u64,
    /// How often an event is given before it is parked
    max_deliveries: u32,
    /// When it was made
    created_at: Timestamp,
    /// The last event that it has looked at
    position: String,
    /// How many events came after that one, whether they concern it or not
    lag: u64,
    /// Events that are leased; also those whose time is over, until the next fetch finds that out
    in_flight: u64,
    /// Events that wait to be given again, or for earlier ones of what they are about
    waiting: u64,
    /// Events that it has given up. One whose last lease is over is among them once the next fetch finds that out
    parked: u64,
}

impl ConsumerView {
    /// The group, when this was the newest event; `at` makes a position of a sequence.
    pub(super) fn new(group: ConsumerGroup, newest: u64, at: impl Fn(u64) -> EventPosition) -> Self {
        Self {
            types: group.types().filter_map(EventTypeName::of).collect(),
            start: match group.start {
                Some(GroupStart::Now(())) => NOW.to_owned(),
                Some(GroupStart::At(first)) => first.to_string(),
                Some(GroupStart::Beginning(())) | None => BEGINNING.to_owned(),
            },
            ack_wait_seconds: group.ack_wait_ms / 1_000,
            max_deliveries: group.max_deliveries,
            created_at: Timestamp { unix_ms: group.created_at_ms },
            position: at(group.cursor).to_string(),
            lag: newest.saturating_sub(group.cursor),
            in_flight: group.leased,
            waiting: group.pending.saturating_sub(group.leased),
            parked: group.parked,
            name: group.name,
        }
    }
}

/// Events that were given to a fetch
#[derive(Object)]
#[oai(rename = "Deliveries", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(super) struct DeliveriesView {
    /// In the order in which they are to be dealt with
    pub(super) deliveries: Vec<DeliveryView>,
    /// Until when they are leased; absent if there are none
    pub(super) leased_until: Option<Timestamp>,
    /// Some events are forgotten that the group had not dealt with; it went on at the oldest one that was kept. This is said
    /// once, unless nobody acknowledges it in time
    pub(super) reset: Option<ResetView>,
}

/// Where a group goes on that fell behind what is kept
#[derive(Object)]
#[oai(rename = "Reset")]
pub(super) struct ResetView {
    /// The id of the event at which it went on
    pub(super) oldest: String,
    /// To acknowledge it, as with events. Whoever acknowledges an event of the same answer has done so
    pub(super) lease: String,
}

/// An event that was given to a fetch
#[derive(Object)]
#[oai(rename = "Delivery")]
pub(super) struct DeliveryView {
    /// To acknowledge it, give it back, or keep it for longer
    pub(super) lease: String,
    /// The how manyth delivery this is. One that ended because of an earlier event about the same thing does not count
    pub(super) attempt: u32,
    pub(super) event: CloudEvent,
}

/// An event that a group has given up
#[derive(Object)]
#[oai(rename = "ParkedEvent", rename_all = "camelCase")]
pub(super) struct ParkedView {
    event: CloudEvent,
    /// How often it was given
    attempts: u32,
    /// Why: what whoever gave it back last said, or that its time ran out
    reason: String,
    /// When it was given up
    parked_at: Timestamp,
}

impl ParkedView {
    pub(super) fn new(parked: ParkedEvent, renderer: EventRenderer) -> Option<Self> {
        let reason = match parked.failure() {
            _ if !parked.reason.is_empty() => parked.reason.clone(),
            DeliveryFailure::GivenBack => "given back without a reason".to_owned(),
            DeliveryFailure::TimedOut | DeliveryFailure::None => "not acknowledged in time".to_owned(),
        };
        let parked_at = Timestamp { unix_ms: parked.parked_at_ms };
        Some(Self { event: renderer.render(*parked.event)?, attempts: parked.attempts, reason, parked_at })
    }
}

/// How many parked events are given again
#[derive(Object)]
#[oai(rename = "Redriven")]
pub(super) struct RedrivenView {
    /// How many
    pub(super) redriven: u32,
}

/// Leases to acknowledge
#[derive(Object)]
pub(super) struct AckInput {
    /// As fetches gave them
    #[oai(validator(min_items = 1, max_items = 500))]
    pub(super) leases: Vec<String>,
}

/// Leases to give back
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct NackInput {
    /// As fetches gave them
    #[oai(validator(min_items = 1, max_items = 500))]
    pub(super) leases: Vec<String>,
    /// Why: shown with an event that is parked
    #[oai(validator(min_length = 1, max_length = 200))]
    pub(super) reason: Option<Line>,
    /// For how long nobody is given them; not at all if this is absent
    #[oai(validator(minimum(value = "0"), maximum(value = "43200")))]
    pub(super) delay_seconds: Option<u64>,
}

/// Leases to keep for longer
#[derive(Object)]
pub(super) struct ExtendInput {
    /// As fetches gave them
    #[oai(validator(min_items = 1, max_items = 500))]
    pub(super) leases: Vec<String>,
    /// For how long from now on; as long as the group waits if this is absent
    #[oai(validator(minimum(value = "1"), maximum(value = "43200")))]
    pub(super) seconds: Option<u64>,
}

/// Parked events to give again
#[derive(Object)]
pub(super) struct RedriveInput {
    /// Their sequences; all that are parked if this is absent
    #[oai(validator(min_items = 1, max_items = 500))]
    pub(super) sequences: Option<Vec<String>>,
}

impl FromFields for AckInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        Ok(Self { leases: fields.required("leases", leases)? })
    }
}

impl FromFields for NackInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let leases = fields.required("leases", leases);
        let reason = fields.optional("reason", text(1..=MAX_GIVE_BACK_REASON_CHARS));
        let delay_seconds = fields.optional("delaySeconds", whole_number(0..=MAX_GIVE_BACK_DELAY_MS / 1_000));
        Ok(Self { leases: leases?, reason: reason?.map(Line), delay_seconds: delay_seconds? })
    }
}

impl FromFields for ExtendInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let leases = fields.required("leases", leases);
        let seconds = fields.optional("seconds", whole_number(1..=MAX_ACK_WAIT_MS / 1_000));
        Ok(Self { leases: leases?, seconds: seconds? })
    }
}

impl FromFields for RedriveInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        Ok(Self { sequences: fields.optional("sequences", sequences)? })
    }
}

/// A list of leases; whether they are ones is seen with their group.
fn leases(input: Input<'_>) -> Result<Vec<String>, String> {
    let leases = texts(input).filter(|leases| (1..=MAX_LEASES).contains(&leases.len()));
    let leases = leases.ok_or_else(|| format!("must be a list of 1 to {MAX_LEASES} leases"))?;
    match leases.iter().position(|lease| decoded(lease).is_none()) {
        Some(wrong) => Err(format!("must be leases that a fetch gave, and number {} is none", wrong + 1)),
        None => Ok(leases),
    }
}

fn sequences(input: Input<'_>) -> Result<Vec<String>, String> {
    let is_sequence = |text: &String| text.parse::<u64>().is_ok_and(|sequence| sequence > 0);
    let fits = |texts: &Vec<String>| (1..=MAX_LEASES).contains(&texts.len()) && texts.iter().all(is_sequence);
    texts(input).filter(fits).ok_or_else(|| format!("must be a list of 1 to {MAX_LEASES} sequences as text"))
}

/// A lease of this group as clients have it: its parts, and a checksum that tells those of other groups apart.
pub(super) fn lease_text(group: u64, lease: Lease) -> String {
    let mut bytes = lease_bytes(lease);
    bytes.extend(checksum(group, &bytes).to_be_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The lease of this group that a text stands for, if it can be one.
pub(super) fn lease_of(group: u64, text: &str) -> Option<Lease> {
    let (lease, sum) = decoded(text)?;
    (checksum(group, &lease_bytes(lease)) == sum).then_some(lease)
}

fn lease_bytes(lease: Lease) -> Vec<u8> {
    [lease.sequence.to_be_bytes(), lease.fetch.to_be_bytes()].concat()
}

fn checksum(group: u64, lease: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&group.to_be_bytes()), lease)
}

fn decoded(text: &str) -> Option<(Lease, u32)> {
    let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes()).ok()?;
    let (sequence, rest) = bytes.split_first_chunk()?;
    let (fetch, sum) = rest.split_first_chunk()?;
    let lease = Lease::new(u64::from_be_bytes(*sequence), u64::from_be_bytes(*fetch));
    Some((lease, u32::from_be_bytes(sum.try_into().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leases_are_read_back_by_their_group_alone() {
        let lease = Lease::new(42, u64::MAX - 7);
        let text = lease_text(3, lease);
        assert_eq!(lease_of(3, &text), Some(lease));
        assert_eq!(lease_of(4, &text), None, "of another group");
        for bad in ["", "x", &text[1..], &format!("{text}AAAA"), "ä"] {
            assert_eq!(decoded(bad), None, "{bad:?}");
        }
    }
}
