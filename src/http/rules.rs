//! What a value must be like. A rule takes one [`Input`] and returns the value, or a message that reads
//! on from the field's name: "must be …".

use std::borrow::Cow;
use std::ops::RangeInclusive;

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use poem_openapi::types::{ParseError, ParseResult, Type};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::decimal::{self, Misfit};
use super::money::{DECIMALS, Money};
use super::timestamp::Timestamp;

/// A value as it came: from a JSON body, or from a query string. Rules serve both.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A member of a JSON object, as it was written. Never null: that is the same as absent.
    Json(&'a RawValue),
    /// A query parameter, percent-decoded.
    Text(&'a str),
}

impl<'a> Input<'a> {
    /// The text of a JSON string or a parameter.
    ///
    /// # Errors
    /// What is wrong with it, to follow the field's name.
    pub fn as_text(self) -> Result<Cow<'a, str>, String> {
        match self {
            Input::Text(text) => Ok(text.into()),
            Input::Json(value) if !value.get().starts_with('"') => Err("must be a string".to_owned()),
            // JSON can spell halves of characters, `"\ud800"` say.
            Input::Json(value) => serde_json::from_str(value.get())
                .map(Cow::Owned)
                .map_err(|_| "must be a string of whole characters".to_owned()),
        }
    }

    /// A number as it was written; a parameter as it is. Nothing else says exactly what was sent: a double
    /// is the nearest that it can hold.
    fn as_number(self) -> Option<&'a str> {
        match self {
            Input::Text(text) => Some(text),
            Input::Json(value) => {
                Some(value.get()).filter(|text| text.starts_with(|c: char| c == '-' || c.is_ascii_digit()))
            }
        }
    }
}

/// Text of so many characters once white space around it is gone; no control characters. What nobody can see
/// counts as empty.
pub fn text(length: RangeInclusive<usize>) -> impl Fn(Input<'_>) -> Result<String, String> {
    move |input| {
        let text = input.as_text()?;
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err("must not contain control characters".to_owned());
        }
        let text = if is_blank(text) { "" } else { text };
        within(text, &length).map(str::to_owned)
    }
}

/// Text of so many characters, exactly as it came: passwords and tokens.
pub fn verbatim(length: RangeInclusive<usize>) -> impl Fn(Input<'_>) -> Result<String, String> {
    move |input| within(&input.as_text()?, &length).map(str::to_owned)
}

/// A whole number in a range.
pub fn whole_number(range: RangeInclusive<u64>) -> impl Fn(Input<'_>) -> Result<u64, String> {
    move |input| {
        input
            .as_number()
            .and_then(|text| decimal::in_units(text, 0).ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| format!("must be a whole number from {} to {}", range.start(), range.end()))
    }
}

/// One of the named values.
pub fn one_of<T: Clone>(choices: &[(&str, T)]) -> impl Fn(Input<'_>) -> Result<T, String> {
    |input| {
        let text = input.as_text().unwrap_or_default();
        let chosen = choices.iter().find(|(name, _)| *name == text);
        chosen.map(|(_, value)| value.clone()).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            format!("must be one of {}", names.join(", "))
        })
    }
}

/// An amount of money in major units, see [`Money`].
pub fn money(input: Input<'_>) -> Result<Money, String> {
    // What is no number at all has the same fault as one out of range.
    Money::from_decimal(input.as_number().unwrap_or_default())
}

/// A bound on prices: any amount that is not negative, in minor units. No price is 0 or beyond
/// [`MAX_MAJOR`](super::money::MAX_MAJOR), but a bound may be.
pub fn price_bound(input: Input<'_>) -> Result<u64, String> {
    match decimal::in_units(input.as_number().unwrap_or_default(), DECIMALS) {
        Ok(minor) => Ok(minor),
        Err(Misfit::TooLarge) => Ok(u64::MAX),
        Err(Misfit::NotANumber | Misfit::Negative | Misfit::TooFine) => {
            Err(format!("must be a number with at most {DECIMALS} decimals, 0 or more"))
        }
    }
}

/// A point in time, see [`Timestamp`].
pub fn timestamp(input: Input<'_>) -> Result<Timestamp, String> {
    Timestamp::from_rfc3339(&input.as_text().unwrap_or_default())
}

/// What a rule makes of a value that poem-openapi parsed. Our own bodies never take this way, see
/// [`input`](super::input): by then a number was rounded.
pub(super) fn of_value<T: Type>(
    value: Option<Value>,
    rule: impl Fn(Input<'_>) -> Result<T, String>,
) -> ParseResult<T> {
    let value = to_raw_value(&value.unwrap_or_default()).map_err(ParseError::custom)?;
    rule(Input::Json(&value)).map_err(ParseError::custom)
}

/// Whether nothing of a text is to be seen: white space, and what Unicode says is not displayed by itself.
fn is_blank(text: &str) -> bool {
    let ignorable = CodePointSetData::new::<DefaultIgnorableCodePoint>();
    text.chars().all(|c| c.is_whitespace() || ignorable.contains(c))
}

fn within<'t>(text: &'t str, length: &RangeInclusive<usize>) -> Result<&'t str, String> {
    if length.contains(&text.chars().count()) {
        Ok(text)
    } else if text.is_empty() {
        Err("must not be empty".to_owned())
    } else {
        Err(format!("must have {} to {} characters", length.start(), length.end()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    fn json(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap()
    }

    #[test]
    fn text_is_trimmed_and_counted_in_characters() {
        let rule = text(1..=3);
        assert_eq!(rule(Input::Json(&json(r#""  äöü ""#))).as_deref(), Ok("äöü"));
        assert_eq!(rule(Input::Json(&json(r#""\u00e4\ud834\udd1e""#))).as_deref(), Ok("ä𝄞"));
        for value in
            [r#""""#, r#""   ""#, r#""abcd""#, r#""a\nb""#, r#""a\u0000""#, "1", r#"["a"]"#, r#""\ud800""#]
        {
            assert!(rule(Input::Json(&json(value))).is_err(), "{value}");
        }
    }

    #[test]
    fn invisible_text_is_empty() {
        let rule = text(1..=3);
        for invisible in ["\u{200b}", "\u{feff}", " \u{2060} \u{ad}\u{3164}", "\u{200b}".repeat(10).as_str()]
        {
            assert_eq!(rule(Input::Text(invisible)), Err("must not be empty".to_owned()), "{invisible:?}");
        }
        assert_eq!(rule(Input::Text("❤\u{fe0f}")).as_deref(), Ok("❤\u{fe0f}"));
        assert_eq!(text(0..=3)(Input::Text("\u{feff}")).as_deref(), Ok(""));
    }

    #[test]
    fn verbatim_text_keeps_its_spaces() {
        assert_eq!(verbatim(1..=8)(Input::Json(&json(r#"" a b ""#))).as_deref(), Ok(" a b "));
    }

    #[test]
    fn whole_numbers_from_either_source() {
        let rule = whole_number(1..=100);
        assert_eq!(rule(Input::Text("20")), Ok(20));
        for text in ["20", "20.0", "2e1"] {
            assert_eq!(rule(Input::Json(&json(text))), Ok(20));
        }
        for text in ["", "0", "101", "-1", "+5", "1.5", "1e-1", "abc", "99999999999999999999"] {
            assert!(rule(Input::Text(text)).is_err(), "{text}");
        }
        for text in [r#""20""#, "1.5", "true"] {
            assert!(rule(Input::Json(&json(text))).is_err(), "{text}");
        }
    }

    #[test]
    fn choices_are_listed_in_the_message() {
        let rule = one_of(&[("newest", 1), ("price", 2)]);
        assert_eq!(rule(Input::Text("price")), Ok(2));
        assert_eq!(rule(Input::Text("Price")), Err("must be one of newest, price".to_owned()));
    }
}
