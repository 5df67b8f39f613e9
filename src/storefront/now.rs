//! What a ticket says by now, for its seller who changes it while somebody else has: them in another window, or a program
//! of theirs.

use askama::Template;

use super::meant::as_meant;
use super::show::{Moment, Price};
use crate::domain::Ticket;
use crate::http::form::Form;
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;

/// What one field says.
#[derive(Clone, Debug, Template)]
#[template(
    source = "{% match self %}{% when Now::Text(text) %}<bdi>{{ text }}</bdi>{% when Now::Price(price) %}{{ price|safe }}\
        {% when Now::Moment(moment) %}{{ moment|safe }}{% when Now::Nothing %}nothing{% endmatch %}",
    ext = "html",
    config = "src/storefront/askama.toml"
)]
pub(super) enum Now {
    Text(String),
    Price(Price),
    Moment(Moment),
    Nothing,
}

impl Now {
    /// The fields in which the ticket is not as it was typed.
    pub(super) fn beside(typed: &Form, ticket: &Ticket) -> Vec<(&'static str, Self)> {
        let typed = as_meant(typed);
        let text = |name| typed.get(name).map(str::trim).filter(|text| !text.is_empty());
        let price = text("price").and_then(|price| Money::from_decimal(price).ok());
        let starts_at = text("startsAt").and_then(|time| Timestamp::from_rfc3339(time).ok());
        let (venue, starts_at_ms) = (ticket.venue.as_deref(), ticket.starts_at_ms);
        let fields = [
            ("title", text("title") == Some(&*ticket.title), Self::Text(ticket.title.clone())),
            (
                "price",
                price.is_some_and(|price| price.minor == ticket.price_minor),
                Self::Price(Price::new(ticket.price_minor, &ticket.currency)),
            ),
            (
                "venue",
                text("venue") == venue,
                venue.map_or(Self::Nothing, |venue| Self::Text(venue.to_owned())),
            ),
            (
                "startsAt",
                starts_at.map(|time| time.unix_ms) == starts_at_ms,
                starts_at_ms.map_or(Self::Nothing, |ms| Self::Moment(Moment::new(ms))),
            ),
        ];
        fields
            .into_iter()
            .filter(|(_, is_as_typed, _)| !is_as_typed)
            .map(|(name, _, now)| (name, now))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown() {
        let ticket = Ticket {
            title: "Opera".to_owned(),
            price_minor: 5_000,
            currency: "usd".to_owned(),
            starts_at_ms: Some(1_809_199_800_000),
            ..Ticket::default()
        };
        let shown = |query: &str| {
            let now = Now::beside(&Form::in_query(query), &ticket);
            now.into_iter()
                .map(|(name, now)| format!("{name}: {}", now.render().unwrap()))
                .collect::<Vec<_>>()
        };
        let same = "title=+Opera&price=50&startsAt=2027-05-01T19:30";
        assert_eq!(shown(same), Vec::<String>::new());
        assert_eq!(shown(&format!("{same}&venue=Hall")), ["venue: nothing"]);
        assert_eq!(shown("title=Opera&price=50")[0], format!("startsAt: {}", Moment::new(1_809_199_800_000)));
        let price = Price::new(5_000, "usd");
        assert_eq!(
            shown("title=%3Cb%3E&price=5&startsAt=2027-05-01T19:30:00Z"),
            ["title: <bdi>Opera</bdi>".to_owned(), format!("price: {price}")]
        );
    }
}
