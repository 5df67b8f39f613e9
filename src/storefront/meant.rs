//! What people write, as the rules that forms share with the API read it: times without an offset, prices with a comma.

use std::borrow::Cow;

use crate::http::form::Form;

/// What browsers leave out of a time that they ask for by themselves: seconds, and an offset.
const SHORTEST_TIME: usize = "2027-05-01T19:30".len();

/// The fields that are prices, in the form of a ticket and in a search.
const PRICES: &[&str] = &["price", "minPrice", "maxPrice"];

/// The form of a ticket as the API takes it: a time without an offset is in UTC, as the form says.
pub(super) fn as_meant(form: &Form) -> Form {
    let mut meant = form.clone();
    if let Some(price) = form.get("price") {
        meant = meant.with("price", with_point(price));
    }
    match form.get("startsAt").map(str::trim) {
        Some(time) if is_local(time) => {
            let seconds = if time.len() == SHORTEST_TIME { ":00" } else { "" };
            meant.with("startsAt", format!("{time}{seconds}Z"))
        }
        _ => meant,
    }
}

/// The query of a search as the API takes it.
pub(super) fn query_as_meant(query: &str) -> String {
    let pairs = form_urlencoded::parse(query.as_bytes()).map(|(name, value)| {
        let is_price = PRICES.contains(&&*name);
        let value = if is_price { with_point(&value).into_owned().into() } else { value };
        (name, value)
    });
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// A time in UTC as browsers show it for changing.
pub(super) fn for_a_browser(rfc3339: &str) -> String {
    let time = rfc3339.strip_suffix('Z').unwrap_or(rfc3339);
    let time = time.strip_suffix(".000").unwrap_or(time);
    time.strip_suffix(":00").unwrap_or(time).to_owned()
}

/// A price with a decimal point where one comma stands for it: keyboards of some telephones have no point. Where a comma sets
/// thousands apart there are three digits after it, which the rule refuses.
fn with_point(price: &str) -> Cow<'_, str> {
    match price.split_once(',') {
        Some((major, minor)) if !price.contains('.') && !minor.contains(',') => {
            format!("{major}.{minor}").into()
        }
        _ => price.into(),
    }
}

/// Whether a time may be one that a browser asked for, without seconds or an offset. Whether it is right is for the
/// rule to say.
fn is_local(time: &str) -> bool {
    let has_offset =
        time.ends_with(['Z', 'z']) || time.get(SHORTEST_TIME..).is_some_and(|rest| rest.contains(['+', '-']));
    time.len() >= SHORTEST_TIME && time.as_bytes()[10] == b'T' && !has_offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_without_an_offset_are_in_utc() {
        let read = |time: &str| {
            as_meant(&Form::default().with("startsAt", time)).get("startsAt").unwrap_or_default().to_owned()
        };
        assert_eq!(read("2027-05-01T19:30"), "2027-05-01T19:30:00Z");
        assert_eq!(read("2027-05-01T19:30:15"), "2027-05-01T19:30:15Z");
        assert_eq!(read("2027-05-01T19:30:15.5"), "2027-05-01T19:30:15.5Z");
        for kept in ["2027-05-01T19:30:00Z", "2027-05-01T19:30:00+02:00", "soon", "2027-05-01 19:30", "ää"]
        {
            assert_eq!(read(kept), kept);
        }
    }

    #[test]
    fn times_are_shown_as_browsers_take_them() {
        for (time, shown) in [
            ("2027-05-01T19:30:00.000Z", "2027-05-01T19:30"),
            ("2027-05-01T19:00:00.000Z", "2027-05-01T19:00"),
            ("2027-05-01T19:30:15.000Z", "2027-05-01T19:30:15"),
            ("2027-05-01T19:30:00.050Z", "2027-05-01T19:30:00.050"),
        ] {
            assert_eq!(for_a_browser(time), shown);
        }
    }

    #[test]
    fn one_comma_is_a_decimal_point() {
        for (price, meant) in [("12,5", "12.5"), ("12,50", "12.50"), (",5", ".5"), ("1,234", "1.234")] {
            assert_eq!(with_point(price), meant);
        }
        for kept in ["12.5", "1,234.50", "1.234,50", "1,2,3", "12", ""] {
            assert_eq!(with_point(kept), kept);
        }
        assert_eq!(query_as_meant("keyword=a,b&minPrice=1,5"), "keyword=a%2Cb&minPrice=1.5");
    }
}
