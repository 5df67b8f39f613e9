//! What a value must be like. A rule takes one [`Input`] and returns the value, or a message that reads
//! on from the field's name: "must be …".

use std::borrow::Cow;
use std::ops::RangeInclusive;

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;
use serde_json::Value;

use super::money::Money;
use super::timestamp::Timestamp;

/// A value as it came: from a JSON body, or from a query string. Rules serve both.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A member of a JSON object. Never null: that is the same as absent.
    Json(&'a Value),
    /// A query parameter, percent-decoded.
    Text(&'a str),
}

impl<'a> Input<'a> {
    /// The text of a JSON string or a parameter.
    pub fn as_str(self) -> Option<&'a str> {
        match self {
            Input::Json(value) => value.as_str(),
            Input::Text(text) => Some(text),
        }
    }

    /// A number as its shortest plain decimal, never with an exponent; a parameter as it is.
    pub fn as_decimal(self) -> Option<Cow<'a, str>> {
        match self {
            Input::Json(Value::Number(number)) => match (number.as_u64(), number.as_f64()) {
                (Some(whole), _) => Some(whole.to_string().into()),
                (None, Some(double)) => Some(double.to_string().into()),
                (None, None) => None,
            },
            Input::Json(_) => None,
            Input::Text(text) => Some(text.into()),
        }
    }
}

/// Text of so many characters once white space around it is gone; no control characters. What nobody can see
/// counts as empty.
pub fn text(length: RangeInclusive<usize>) -> impl Fn(Input<'_>) -> Result<String, String> {
    move |input| {
        let text = input.as_str().ok_or("must be a string")?.trim();
        if text.chars().any(char::is_control) {
            return Err("must not contain control characters".to_owned());
        }
        let text = if is_blank(text) { "" } else { text };
        within(text, &length).map(str::to_owned)
    }
}

/// Text of so many characters, exactly as it came: passwords and tokens.
pub fn verbatim(length: RangeInclusive<usize>) -> impl Fn(Input<'_>) -> Result<String, String> {
    move |input| within(input.as_str().ok_or("must be a string")?, &length).map(str::to_owned)
}

/// A whole number in a range.
pub fn whole_number(range: RangeInclusive<u64>) -> impl Fn(Input<'_>) -> Result<u64, String> {
    move |input| {
        input
            .as_decimal()
            .filter(|decimal| decimal.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|decimal| decimal.parse().ok())
            .filter(|number| range.contains(number))
            .ok_or_else(|| format!("must be a whole number from {} to {}", range.start(), range.end()))
    }
}

/// One of the named values.
pub fn one_of<T: Clone>(choices: &[(&str, T)]) -> impl Fn(Input<'_>) -> Result<T, String> {
    |input| {
        let chosen = input.as_str().and_then(|text| choices.iter().find(|(name, _)| *name == text));
        chosen.map(|(_, value)| value.clone()).ok_or_else(|| {
            let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
            format!("must be one of {}", names.join(", "))
        })
    }
}

/// An amount of money in major units, see [`Money`].
pub fn money(input: Input<'_>) -> Result<Money, String> {
    // What is no number at all has the same fault as one out of range.
    Money::from_decimal(input.as_decimal().as_deref().unwrap_or_default())
}

/// A point in time, see [`Timestamp`].
pub fn timestamp(input: Input<'_>) -> Result<Timestamp, String> {
    Timestamp::from_rfc3339(input.as_str().unwrap_or_default())
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
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_trimmed_and_counted_in_characters() {
        let rule = text(1..=3);
        assert_eq!(rule(Input::Json(&json!("  äöü "))).as_deref(), Ok("äöü"));
        for value in
            [json!(""), json!("   "), json!("abcd"), json!("a\nb"), json!("a\u{0}"), json!(1), json!(["a"])]
        {
            assert!(rule(Input::Json(&value)).is_err(), "{value}");
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
        assert_eq!(verbatim(1..=8)(Input::Json(&json!(" a b "))).as_deref(), Ok(" a b "));
    }

    #[test]
    fn whole_numbers_from_either_source() {
        let rule = whole_number(1..=100);
        assert_eq!(rule(Input::Text("20")), Ok(20));
        assert_eq!(rule(Input::Json(&json!(20))), Ok(20));
        assert_eq!(rule(Input::Json(&json!(20.0))), Ok(20));
        for text in ["", "0", "101", "-1", "+5", "1.5", "1e1", "abc", "99999999999999999999"] {
            assert!(rule(Input::Text(text)).is_err(), "{text}");
        }
        assert!(rule(Input::Json(&json!("20"))).is_err());
        assert!(rule(Input::Json(&json!(1.5))).is_err());
    }

    #[test]
    fn choices_are_listed_in_the_message() {
        let rule = one_of(&[("newest", 1), ("price", 2)]);
        assert_eq!(rule(Input::Text("price")), Ok(2));
        assert_eq!(rule(Input::Text("Price")), Err("must be one of newest, price".to_owned()));
    }
}
