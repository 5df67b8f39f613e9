//! How events look: a line for people, or JSON for programs.

use std::io::IsTerminal;

use serde_json::Value;

/// Set, and not empty, it keeps colours away: <https://no-color.org>.
const NO_COLOR: &str = "NO_COLOR";

const DIM: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";

/// Characters of the longest type.
const TYPE_CHARS: usize = "expiration:complete".len();

/// How events are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Json,
    Plain,
    Colour,
}

impl Style {
    /// By what standard output is.
    pub(super) fn new(as_json: bool) -> Self {
        if as_json || !std::io::stdout().is_terminal() {
            return Self::Json;
        }
        let is_colourful = std::env::var_os(NO_COLOR).is_none_or(|value| value.is_empty());
        if is_colourful { Self::Colour } else { Self::Plain }
    }

    /// The line of an event, of which this is the JSON.
    pub(super) fn line(self, json: &str) -> String {
        match serde_json::from_str::<Value>(json) {
            Ok(event) if self != Self::Json => self.for_people(&event),
            // What cannot be read is shown as it came.
            _ => format!("{json}\n"),
        }
    }

    fn for_people(self, event: &Value) -> String {
        let text = |name: &str| printable(event[name].as_str().unwrap_or_default());
        let (time, kind) = (text("time"), text("type"));
        let version =
            event["data"]["version"].as_u64().map_or(String::new(), |version| format!("v{version}"));
        format!(
            "{}  {}  {}  {version:<4}  {}  {}\n",
            self.paint(DIM, &time),
            self.paint(colour_of(&kind), &format!("{kind:<TYPE_CHARS$}")),
            text("subject"),
            summary(&event["data"]),
            self.paint(DIM, &text("id")),
        )
    }

    fn paint(self, colour: &str, text: &str) -> String {
        if self == Self::Colour { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}

fn colour_of(kind: &str) -> &'static str {
    match kind.split_once(':') {
        Some((_, "created")) => CYAN,
        Some((_, "completed")) => GREEN,
        Some((_, "deleted" | "cancelled" | "refunded" | "complete")) => RED,
        _ => YELLOW,
    }
}

/// What a person wants to know of it first.
fn summary(data: &Value) -> String {
    let ticket = if data["ticket"].is_object() { &data["ticket"] } else { data };
    let text = |value: &Value| match value {
        Value::Null => None,
        Value::String(text) => Some(printable(text)),
        other => Some(other.to_string()),
    };
    let price = text(&ticket["price"]).or(text(&data["amount"]));
    let currency = text(&ticket["currency"]).unwrap_or_default();
    let price = price.map(|price| format!("{price} {currency}"));
    let title = text(&ticket["title"]).map(|title| format!("“{title}”"));
    let parts = [text(&data["status"]), text(&data["cancelReason"]), title, price];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A title may be anything, and must not give orders to the terminal.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_get_a_line_and_programs_what_came() {
        let event = json!({
            "id": "0123456789abcdef-7", "type": "ticket:created", "time": "2027-05-01T19:30:00.050Z",
            "subject": "ticket_1",
            "data": {"title": "Cats\u{1b}[2J", "price": 19.99, "currency": "usd", "status": "available", "version": 0},
        })
        .to_string();
        assert_eq!(Style::Json.line(&event), format!("{event}\n"));
        assert_eq!(
            Style::Plain.line(&event),
            "2027-05-01T19:30:00.050Z  ticket:created       ticket_1  v0    \
             available “Cats\u{fffd}[2J” 19.99 usd  0123456789abcdef-7\n"
        );
        let painted = Style::Colour.line(&event);
        assert!(painted.contains("\u{1b}[36mticket:created     \u{1b}[0m"), "{painted:?}");
        assert_eq!(Style::Plain.line("{"), "{\n");
    }
}
