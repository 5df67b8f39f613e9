//! Points in time: RFC 3339 on the wire, milliseconds since 1970 inside.

use std::borrow::Cow;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::rules;

/// A point in time since 1970, to the millisecond; shown as RFC 3339 in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Milliseconds since 1970.
    pub unix_ms: u64,
}

impl Timestamp {
    /// Reads RFC 3339 with an offset; finer than a millisecond is cut off.
    ///
    /// # Errors
    /// What is wrong with it, to follow the field's name.
    pub fn from_rfc3339(text: &str) -> Result<Timestamp, String> {
        let unix_ms = has_the_shape(text)
            .then(|| text.parse::<jiff::Timestamp>().ok())
            .flatten()
            .and_then(|parsed| u64::try_from(parsed.as_millisecond()).ok());
        unix_ms
            .map(|unix_ms| Timestamp { unix_ms })
            .ok_or_else(|| "must be a time since 1970 in RFC 3339, like 2027-05-01T19:30:00Z".to_owned())
    }

    /// RFC 3339 in UTC with milliseconds. Beyond the year 9999, which RFC 3339 cannot say, its end.
    pub fn to_rfc3339(self) -> String {
        let time = i64::try_from(self.unix_ms)
            .ok()
            .and_then(|unix_ms| jiff::Timestamp::from_millisecond(unix_ms).ok())
            .unwrap_or(jiff::Timestamp::MAX);
        format!("{time:.3}")
    }
}

/// `YYYY-MM-DDTHH:MM:SS[.fraction](Z|±HH:MM)`. jiff reads more than RFC 3339 allows: seconds left out,
/// time zones in brackets, other separators.
fn has_the_shape(text: &str) -> bool {
    const SECONDS: &[u8] = b"0000-00-00T00:00:00";
    const OFFSET: &[u8] = b"+00:00";
    let matches = |text: &[u8], shape: &[u8]| {
        text.len() == shape.len()
            && text.iter().zip(shape).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b'T' => matches!(byte, b'T' | b't'),
                b'+' => matches!(byte, b'+' | b'-'),
                _ => byte == form,
            })
    };
    let Some((seconds, rest)) = text.as_bytes().split_at_checked(SECONDS.len()) else { return false };
    let rest = match rest.strip_prefix(b".") {
        Some(fraction) => {
            let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            &fraction[digits..]
        }
        None => rest,
    };
    matches(seconds, SECONDS) && (matches!(rest, b"Z" | b"z") || matches(rest, OFFSET))
}

impl Type for Timestamp {
    const IS_REQUIRED: bool = true;
    type RawValueType = Self;
    type RawElementValueType = Self;

    fn name() -> Cow<'static, str> {
        "string_date-time".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "date-time")))
    }

    fn as_raw_value(&self) -> Option<&Self> {
        Some(self)
    }

    fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        Box::new(std::iter::once(self))
    }
}

impl ToJSON for Timestamp {
    fn to_json(&self) -> Option<Value> {
        Some(Value::String(self.to_rfc3339()))
    }
}

impl ParseFromJSON for Timestamp {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        rules::of_value(value, rules::timestamp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_with_an_offset_are_read() {
        for (text, unix_ms) in [
            ("1970-01-01T00:00:00Z", 0),
            ("2027-05-01T19:30:00Z", 1_809_199_800_000),
            ("2027-05-01T21:30:00+02:00", 1_809_199_800_000),
            ("2027-05-01t19:30:00.5z", 1_809_199_800_500),
            ("2027-05-01T19:30:00.123999Z", 1_809_199_800_123),
        ] {
            assert_eq!(Timestamp::from_rfc3339(text), Ok(Timestamp { unix_ms }), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in [
            "",
            "2027-05-01",
            "2027-05-01T19:30:00",
            "2027-05-01T19:30Z",
            "2027-05-01 19:30:00Z",
            "2027-02-30T19:30:00Z",
            "2027-05-01T25:30:00Z",
            "2027-05-01T19:30:00.Z",
            "2027-05-01T19:30:00+02",
            "2027-05-01T19:30:00+02:00[Europe/Berlin]",
            "1969-12-31T23:59:59Z",
            "２027-05-01T19:30:00Z",
        ] {
            assert!(Timestamp::from_rfc3339(text).is_err(), "{text}");
        }
    }

    #[test]
    fn shown_in_utc_and_read_back() {
        let time = Timestamp { unix_ms: 1_809_199_800_050 };
        assert_eq!(time.to_rfc3339(), "2027-05-01T19:30:00.050Z");
        assert_eq!(Timestamp::from_rfc3339(&time.to_rfc3339()), Ok(time));
        assert!(Timestamp { unix_ms: u64::MAX }.to_rfc3339().starts_with("9999-"));
    }
}
