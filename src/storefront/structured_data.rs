//! What a show and its ticket are, as search engines read it: schema.org's `Event` with an `Offer`, in JSON-LD.

use serde_json::{Value, json};

use crate::domain::{Ticket, TicketStatus};
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;

/// The ticket as structured data, fit to stand in a script element; none for a show without a date, which is no event
/// to schema.org. `address` is where the ticket is, with scheme and host.
pub(super) fn of_ticket(ticket: &Ticket, now_ms: u64, address: Option<&str>) -> Option<String> {
    let starts_at = Timestamp { unix_ms: ticket.starts_at_ms? }.to_rfc3339();
    let availability = match ticket.status() {
        TicketStatus::Available if ticket.has_begun(now_ms) => "https://schema.org/OutOfStock",
        TicketStatus::Available => "https://schema.org/InStock",
        TicketStatus::Reserved => "https://schema.org/LimitedAvailability",
        TicketStatus::Frozen => "https://schema.org/OutOfStock",
        TicketStatus::Sold => "https://schema.org/SoldOut",
    };
    let mut offer = json!({
        "@type": "Offer",
        "price": Money { minor: ticket.price_minor }.to_string(),
        "priceCurrency": ticket.currency.to_uppercase(),
        "availability": availability,
        "validThrough": starts_at,
    });
    let mut event = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": ticket.title,
        "startDate": starts_at,
        "eventStatus": "https://schema.org/EventScheduled",
    });
    if let Some(venue) = &ticket.venue {
        event["location"] = json!({"@type": "Place", "name": venue, "address": venue});
    }
    if let Some(address) = address {
        offer["url"] = Value::from(address);
        event["url"] = Value::from(address);
    }
    event["offers"] = offer;
    Some(within_script(&event.to_string()))
}

/// JSON in which nothing ends a script element or begins a comment in it: the same to whoever reads JSON.
fn within_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_leave_the_script() {
        let title = "</script><!--<script>&\u{2028}\"\\";
        let ticket = Ticket {
            title: title.to_owned(),
            starts_at_ms: Some(1_809_199_800_000),
            currency: "usd".to_owned(),
            price_minor: 1_250,
            ..Ticket::default()
        };
        let data = of_ticket(&ticket, 0, Some("https://a.example/tickets/x?a&b")).unwrap();
        assert!(!data.contains(['<', '>', '&', '\u{2028}']), "{data}");
        let read: Value = serde_json::from_str(&data).unwrap();
        assert_eq!(read["name"], title);
        assert_eq!(read["offers"]["price"], "12.50");
        assert_eq!(read["offers"]["priceCurrency"], "USD");
        assert_eq!(of_ticket(&Ticket::default(), 0, None), None);
    }
}
