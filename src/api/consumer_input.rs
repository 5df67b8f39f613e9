//! What clients say a consumer group is to be.

use std::borrow::Cow;

use poem_openapi::Object;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::{ParseFromParameter, ParseResult, Type};

use super::consumer_view::{BEGINNING, NOW, texts};
use super::event_view::EventTypeName;
use crate::domain::{
    EventType, GroupStart, MAX_ACK_WAIT_MS, MAX_DELIVERIES, MAX_GROUP_NAME_CHARS, MIN_ACK_WAIT_MS,
};
use crate::http::input::{Checked, Fields, FromFields};
use crate::http::rules::{Input, whole_number};

/// How long a fetch has to acknowledge unless the group says otherwise.
const DEFAULT_ACK_WAIT_S: u64 = 30;

/// How often an event is given before it is parked unless the group says otherwise.
const DEFAULT_MAX_DELIVERIES: u64 = 5;

/// What a consumer group is to be
#[derive(Object)]
#[oai(rename_all = "camelCase")]
pub(super) struct ConsumerInput {
    /// What it is told of; all that its owner sees if this is absent
    pub(super) types: Option<Vec<EventTypeName>>,
    /// Where it starts: `beginning`, `now`, or the sequence of the first event. `beginning` if this is absent. It cannot be
    /// changed
    #[oai(validator(pattern = "^(beginning|now|0*[1-9][0-9]{0,18})$"))]
    pub(super) start: Option<String>,
    /// How long a fetch has to acknowledge what it was given; 30 unless said otherwise
    #[oai(validator(minimum(value = "1"), maximum(value = "43200")))]
    pub(super) ack_wait_seconds: Option<u64>,
    /// How often an event is given before it is parked; 5 unless said otherwise
    #[oai(validator(minimum(value = "1"), maximum(value = "100")))]
    pub(super) max_deliveries: Option<u32>,
}

/// What a client says of a group, as commands have it.
pub(super) struct ConsumerFields {
    pub(super) types: Vec<EventType>,
    pub(super) start: Option<GroupStart>,
    pub(super) ack_wait_ms: u64,
    pub(super) max_deliveries: u32,
}

impl FromFields for ConsumerFields {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let types = fields.optional("types", event_types);
        let start = fields.optional("start", start);
        let ack_wait_s = whole_number(MIN_ACK_WAIT_MS / 1_000..=MAX_ACK_WAIT_MS / 1_000);
        let ack_wait_s = fields.optional("ackWaitSeconds", ack_wait_s);
        let max_deliveries = fields.optional("maxDeliveries", whole_number(1..=MAX_DELIVERIES.into()));
        let (types, start, ack_wait_s, max_deliveries) = (types?, start?, ack_wait_s?, max_deliveries?);
        Ok(Self {
            types: types.unwrap_or_default(),
            start,
            ack_wait_ms: ack_wait_s.unwrap_or(DEFAULT_ACK_WAIT_S) * 1_000,
            max_deliveries: max_deliveries.unwrap_or(DEFAULT_MAX_DELIVERIES) as u32,
        })
    }
}

/// A list of types of events.
fn event_types(input: Input<'_>) -> Result<Vec<EventType>, String> {
    let types = texts(input).and_then(|names| names.iter().map(|name| name.parse().ok()).collect());
    types.ok_or_else(|| {
        let names = EventType::ALL.map(EventType::name).join(", ");
        format!("must be a list of {names}")
    })
}

fn start(input: Input<'_>) -> Result<GroupStart, String> {
    let sequence = |input| whole_number(1..=u64::MAX)(input).map(GroupStart::At);
    let started = match input.as_text().as_deref() {
        Ok(BEGINNING) => Ok(GroupStart::Beginning(())),
        Ok(NOW) => Ok(GroupStart::Now(())),
        // Sequences are shown with zeros in front.
        Ok(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse().ok().filter(|first| *first > 0).map(GroupStart::At).ok_or_else(String::new)
        }
        Ok(_) => Err(String::new()),
        Err(_) => sequence(input),
    };
    started.map_err(|_| "must be beginning, now, or the sequence of an event, from 1 on".to_owned())
}

/// A group's name in a path, as it came: one that no group can have is for the operation to refuse.
#[derive(Clone, Debug)]
pub(super) struct GroupName(pub(super) String);

impl GroupName {
    /// The rule for a new group's name.
    pub(super) fn is_well_formed(&self) -> bool {
        let fits = (1..=MAX_GROUP_NAME_CHARS).contains(&self.0.len());
        fits && self.0.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    }
}

impl Type for GroupName {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string_group-name".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        let pattern = format!("^[A-Za-z0-9._-]{{1,{MAX_GROUP_NAME_CHARS}}}$");
        MetaSchemaRef::Inline(Box::new(MetaSchema { pattern: Some(pattern), ..MetaSchema::new("string") }))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ParseFromParameter for GroupName {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Ok(Self(value.to_owned()))
    }
}

/// It is documented as what the client writes.
impl Type for ConsumerFields {
    const IS_REQUIRED: bool = ConsumerInput::IS_REQUIRED;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        ConsumerInput::name()
    }

    fn schema_ref() -> MetaSchemaRef {
        ConsumerInput::schema_ref()
    }

    fn register(registry: &mut Registry) {
        ConsumerInput::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_is_a_word_or_a_sequence() {
        let at = |text: &str| start(Input::Text(text));
        assert_eq!(at("beginning"), Ok(GroupStart::Beginning(())));
        assert_eq!(at("now"), Ok(GroupStart::Now(())));
        assert_eq!(at("00000000000000000042"), Ok(GroupStart::At(42)));
        for bad in ["", "0", "Now", "-1", "99999999999999999999", "0123456789abcdef-42"] {
            assert!(at(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn names_are_plain() {
        let is_name = |name: &str| GroupName(name.to_owned()).is_well_formed();
        assert!(is_name("mailer.v2_eu-1") && is_name(&"x".repeat(64)));
        for bad in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
