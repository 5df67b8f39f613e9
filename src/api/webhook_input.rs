//! What owners of webhooks' endpoints say of them.

use poem_openapi::Object;

use super::event_view::EventTypeName;
use crate::domain::{EventType, MAX_WEBHOOK_URL_BYTES};
use crate::http::input::{Checked, Fields, FromFields};
use crate::http::rules::{Input, text, timestamp};
use crate::replica::EventPosition;
use crate::webhooks::Destinations;

/// Where to send events to, and which
#[derive(Object)]
#[oai(rename = "WebhookInput")]
pub(super) struct WebhookInput {
    /// `https://…` or `http://…`: on the Internet, without a password and a fragment
    #[oai(validator(min_length = 8, max_length = 2048, pattern = "^[Hh][Tt][Tt][Pp][Ss]?://"))]
    pub(super) url: String,
    /// Of these types only; everything that you may see if there are none
    pub(super) types: Option<Vec<EventTypeName>>,
}

/// What is to change about an endpoint; what is absent stays
#[derive(Object)]
#[oai(rename = "WebhookChange")]
pub(super) struct WebhookChange {
    /// Where to send events to from now on
    #[oai(validator(min_length = 8, max_length = 2048, pattern = "^[Hh][Tt][Tt][Pp][Ss]?://"))]
    pub(super) url: Option<String>,
    /// Which, of those that are looked at from now on; everything that you may see if there are none
    pub(super) types: Option<Vec<EventTypeName>>,
    /// Whether anything is sent: an endpoint that is enabled again goes on where it was, as far as events are kept
    pub(super) enabled: Option<bool>,
}

/// What to send once more: either `event` or `from`
#[derive(Object)]
#[oai(rename = "WebhookResend")]
pub(super) struct ResendInput {
    /// The id of an event, of whatever type
    event: Option<String>,
    /// All that the endpoint is told of, from this on: a time, the id of an event, or its sequence
    from: Option<String>,
    /// The same, as it was read.
    #[oai(skip)]
    pub(super) what: Option<Resend>,
}

/// What is to be sent once more.
pub(super) enum Resend {
    Event(EventPosition),
    FromTime(u64),
    FromPosition(EventPosition),
    FromSequence(u64),
}

impl FromFields for WebhookInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let url = fields.required("url", url);
        let types = fields.optional("types", event_types);
        Ok(Self { url: url?, types: types? })
    }
}

impl FromFields for WebhookChange {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let url = fields.optional("url", url);
        let types = fields.optional("types", event_types);
        let enabled = fields.optional("enabled", boolean);
        Ok(Self { url: url?, types: types?, enabled: enabled? })
    }
}

impl FromFields for ResendInput {
    fn from_fields(fields: &mut Fields<'_>) -> Checked<Self> {
        let event = fields.optional("event", position);
        let from = fields.optional("from", from);
        let (event, from) = (event?, from?);
        match (event, from) {
            (Some(event), None) => Ok(Self::of(Resend::Event(event))),
            (None, Some(from)) => Ok(Self::of(from)),
            (None, None) => fields.required("event", |_| Err("is missing, and so is from".to_owned())),
            (Some(_), Some(_)) => fields.required("from", |_| Err("must not be there with event".to_owned())),
        }
    }
}

impl ResendInput {
    fn of(what: Resend) -> Self {
        Self { event: None, from: None, what: Some(what) }
    }
}

/// An address as one has it normalised. Whether anything may be sent there is another question.
fn url(input: Input<'_>) -> Result<String, String> {
    let text = text(1..=MAX_WEBHOOK_URL_BYTES)(input)?;
    let anywhere = Destinations { allow_private: true };
    anywhere.check(&text).map(String::from).map_err(|fault| fault.to_string())
}

/// A list of types of events.
fn event_types(input: Input<'_>) -> Result<Vec<EventTypeName>, String> {
    let names: Option<Vec<String>> = match input {
        Input::Json(value) => serde_json::from_str(value.get()).ok(),
        Input::Text(_) => None,
    };
    let types: Option<Vec<EventTypeName>> =
        names.and_then(|names| names.iter().map(|name| EventTypeName::of(name.parse().ok()?)).collect());
    types.ok_or_else(|| {
        let known = EventType::ALL.map(EventType::name).join(", ");
        format!("must be a list of some of {known}")
    })
}

fn boolean(input: Input<'_>) -> Result<bool, String> {
    match input {
        Input::Json(value) if value.get() == "true" => Ok(true),
        Input::Json(value) if value.get() == "false" => Ok(false),
        _ => Err("must be true or false".to_owned()),
    }
}

fn position(input: Input<'_>) -> Result<EventPosition, String> {
    let text = input.as_text()?;
    let position = text.parse().ok().filter(|position: &EventPosition| position.sequence > 0);
    position.ok_or_else(|| "must be the id of an event, <epoch>-<sequence>".to_owned())
}

/// A time, the id of an event, or a sequence.
fn from(input: Input<'_>) -> Result<Resend, String> {
    let fault = || "must be a time in RFC 3339, the id of an event, or a sequence from 1 on".to_owned();
    let text = match input {
        Input::Json(value) if !value.get().starts_with('"') => value.get().into(),
        other => other.as_text()?,
    };
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        let sequence = text.parse().ok().filter(|sequence| *sequence > 0);
        return sequence.map(Resend::FromSequence).ok_or_else(fault);
    }
    if let Ok(position) = text.parse() {
        return Ok(Resend::FromPosition(position));
    }
    timestamp(Input::Text(&text)).map(|time| Resend::FromTime(time.unix_ms)).map_err(|_| fault())
}
