//! Things as people read them, with what a script needs to say them in the visitor's own way.

use askama::Template;

use crate::domain::{Ticket, TicketStatus};
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;

/// A price. Without a script it says its currency by its code: a sign may be that of several.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<data class=\"price\" value=\"{{ value }}\" data-currency=\"{{ currency }}\">{{ currency|upper }} {{ value }}</data>",
    ext = "html",
    config = "src/storefront/askama.toml"
)]
pub(super) struct Price {
    pub(super) value: Money,
    pub(super) currency: String,
}

/// A point in time. Without a script it is in UTC.
#[derive(Clone, Debug, Template)]
#[template(
    source = "<time datetime=\"{{ iso }}\" data-local>{{ text }}</time>",
    ext = "html",
    config = "src/storefront/askama.toml"
)]
pub(super) struct Moment {
    pub(super) iso: String,
    text: String,
}

/// A ticket as it is shown.
pub(super) struct Card {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) venue: Option<String>,
    pub(super) starts_at: Option<Moment>,
    pub(super) price: Price,
    pub(super) status: &'static str,
    pub(super) status_text: &'static str,
    pub(super) version: u64,
    pub(super) has_begun: bool,
}

impl Price {
    pub(super) fn new(minor: u64, currency: &str) -> Self {
        Self { value: Money { minor }, currency: currency.to_owned() }
    }
}

impl Moment {
    pub(super) fn new(unix_ms: u64) -> Self {
        let iso = Timestamp { unix_ms }.to_rfc3339().replace(".000Z", "Z");
        let instant = i64::try_from(unix_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
        let text = instant
            .map_or_else(|| iso.clone(), |instant| instant.strftime("%a %-d %b %Y, %H:%M UTC").to_string());
        Self { iso, text }
    }

    /// In UTC.
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl Card {
    pub(super) fn new(ticket: Ticket, now_ms: u64) -> Self {
        let (status, status_text) = status(&ticket, now_ms);
        Self {
            id: ticket.id.to_string(),
            starts_at: ticket.starts_at_ms.map(Moment::new),
            price: Price::new(ticket.price_minor, &ticket.currency),
            status,
            status_text,
            version: ticket.version,
            has_begun: ticket.has_begun(now_ms),
            title: ticket.title,
            venue: ticket.venue,
        }
    }
}

/// Where a ticket stands: the API's word for it, and one for people. What nobody can buy because its show has begun is `begun`,
/// which the API does not say: it has no time that goes on by itself.
fn status(ticket: &Ticket, now_ms: u64) -> (&'static str, &'static str) {
    match ticket.status() {
        TicketStatus::Available if ticket.has_begun(now_ms) => ("begun", "Show has begun"),
        TicketStatus::Available => ("available", "On sale"),
        TicketStatus::Frozen => ("frozen", "Off sale"),
        TicketStatus::Reserved => ("reserved", "Reserved"),
        TicketStatus::Sold => ("sold", "Sold"),
    }
}

/// How much time is left, for those without a script: it does not count down, so it does not pretend to be exact.
pub(super) fn time_left(seconds: u64) -> String {
    match seconds {
        0 => "no time left".to_owned(),
        1..=59 => "less than a minute left".to_owned(),
        60..=5_399 => match seconds.div_ceil(60) {
            1 => "about 1 minute left".to_owned(),
            minutes => format!("about {minutes} minutes left"),
        },
        5_400..=172_799 => format!("about {} hours left", (seconds + 1_800) / 3_600),
        _ => format!("about {} days left", (seconds + 43_200) / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_and_times_can_be_read_without_a_script() {
        let price = Price::new(1_250, "usd").render().unwrap();
        assert_eq!(price, r#"<data class="price" value="12.50" data-currency="usd">USD 12.50</data>"#);
        let moment = Moment::new(1_809_199_800_000).render().unwrap();
        assert_eq!(
            moment,
            r#"<time datetime="2027-05-01T19:30:00Z" data-local>Sat 1 May 2027, 19:30 UTC</time>"#
        );
        assert!(Moment::new(u64::MAX).render().unwrap().contains("9999-12-31"));
    }

    #[test]
    fn what_has_begun_is_not_on_sale() {
        let ticket = Ticket { starts_at_ms: Some(1_000), ..Ticket::default() };
        let standing = |status, now_ms| {
            let mut ticket = ticket.clone();
            ticket.set_status(status);
            super::status(&ticket, now_ms)
        };
        assert_eq!(standing(TicketStatus::Available, 999), ("available", "On sale"));
        assert_eq!(standing(TicketStatus::Available, 1_000), ("begun", "Show has begun"));
        assert_eq!(standing(TicketStatus::Sold, 1_000), ("sold", "Sold"));
    }

    #[test]
    fn time_left_is_rounded_to_what_matters() {
        for (seconds, words) in [
            (0, "no time left"),
            (59, "less than a minute left"),
            (60, "about 1 minute left"),
            (61, "about 2 minutes left"),
            (900, "about 15 minutes left"),
            (7_200, "about 2 hours left"),
            (604_800, "about 7 days left"),
        ] {
            assert_eq!(time_left(seconds), words);
        }
    }
}
