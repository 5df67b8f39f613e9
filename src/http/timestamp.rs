//! Points in time: RFC 3339 on the wire, milliseconds since 1970 inside.

use std::borrow::Cow;

use jiff::SignedDuration;
use jiff::civil::DateTime;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::raw_value;
use super::rules;

/// 1970, in UTC.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
/// The end of the year 9999, the last that RFC 3339 can say, in milliseconds since 1970.
const LAST_MS: u64 = 253_402_300_799_999;
const NANOS_PER_MS: i128 = 1_000_000;

/// Date and time, as [`matches()`] compares them.
const SECONDS: &[u8] = b"0000-00-00T00:00:00";
/// An offset from UTC, likewise.
const OFFSET: &[u8] = b"+00:00";
/// RFC 3339, section 5.6: an offset is less than a day.
const LAST_HOUR: i64 = 23;
const LAST_MINUTE: i64 = 59;

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
        let unix_ms = parse(text).and_then(|unix_ms| u64::try_from(unix_ms).ok());
        unix_ms.filter(|unix_ms| *unix_ms <= LAST_MS).map(|unix_ms| Timestamp { unix_ms }).ok_or_else(|| {
            "must be a time from 1970 to 9999, in UTC, in RFC 3339 like 2027-05-01T19:30:00Z".to_owned()
        })
    }

    /// RFC 3339 in UTC with milliseconds. Beyond the year 9999, which RFC 3339 cannot say, its end.
    pub fn to_rfc3339(self) -> String {
        let unix_ms = i64::try_from(self.unix_ms).unwrap_or(i64::MAX);
        format!("{:.3}Z", EPOCH.saturating_add(SignedDuration::from_millis(unix_ms)))
    }
}

/// The time in milliseconds since 1970, which may be before it.
///
/// Dates are added up in UTC, and not as jiff's `Timestamp`, which leaves out the last day of the year 9999.
fn parse(text: &str) -> Option<i64> {
    let (local, offset) = split_offset(text).filter(|(local, _)| has_the_shape(local))?;
    let local: DateTime = local.parse().ok()?;
    let since_epoch = local.duration_since(EPOCH).checked_sub(parse_offset(offset)?)?;
    // Rounded down, also before 1970.
    i64::try_from(since_epoch.as_nanos().div_euclid(NANOS_PER_MS)).ok()
}

/// Date and time, and the offset after them.
fn split_offset(text: &str) -> Option<(&str, &str)> {
    let length = if text.ends_with(['Z', 'z']) { 1 } else { OFFSET.len() };
    text.split_at_checked(text.len().checked_sub(length)?)
}

/// How much later than in UTC it is: `Z`, or `±HH:MM` within a day.
fn parse_offset(text: &str) -> Option<SignedDuration> {
    if text.eq_ignore_ascii_case("z") {
        return Some(SignedDuration::ZERO);
    }
    if !matches(text.as_bytes(), OFFSET) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (text[1..3].parse().ok()?, text[4..].parse().ok()?);
    if hours > LAST_HOUR || minutes > LAST_MINUTE {
        return None;
    }
    let offset = SignedDuration::from_mins(hours * 60 + minutes);
    Some(if text.starts_with('-') { -offset } else { offset })
}

/// `YYYY-MM-DDTHH:MM:SS[.fraction]`. jiff reads more than RFC 3339 allows: seconds left out, other separators.
fn has_the_shape(text: &str) -> bool {
    let Some((seconds, rest)) = text.as_bytes().split_at_checked(SECONDS.len()) else { return false };
    let is_fraction = |rest: &[u8]| match rest.strip_prefix(b".") {
        Some(digits) => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        None => rest.is_empty(),
    };
    matches(seconds, SECONDS) && is_fraction(rest)
}

/// Whether a text has digits where the form has `0`, and what the form has elsewhere.
fn matches(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len()
        && text.iter().zip(form).all(|(byte, form)| match form {
            b'0' => byte.is_ascii_digit(),
            b'T' => matches!(byte, b'T' | b't'),
            b'+' => matches!(byte, b'+' | b'-'),
            _ => byte == form,
        })
}

impl Type for Timestamp {
    const IS_REQUIRED: bool = true;
    raw_value::is_self!();

    fn name() -> Cow<'static, str> {
        "string_date-time".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            example: Some("2030-05-01T19:30:00Z".into()),
            ..MetaSchema::new_with_format("string", "date-time")
        }))
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
            ("2027-05-02T19:29:00+23:59", 1_809_199_800_000),
            ("2027-04-30T19:31:00-23:59", 1_809_199_800_000),
            ("2027-05-01T19:30:00-00:00", 1_809_199_800_000),
            ("2016-12-31T23:59:60Z", 1_483_228_799_000),
            ("1969-12-31T23:59:59-00:01", 59_000),
            ("9999-12-31T23:59:59.999999999Z", LAST_MS),
            ("9999-12-31T23:59:59+00:01", LAST_MS - 60_999),
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
            "1969-12-31T23:59:59.9999999Z",
            "1970-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "10000-01-01T00:00:00Z",
            "2027-05-01T19:30:00+24:00",
            "2027-05-01T19:30:00-25:00",
            "2027-05-01T19:30:00+02:60",
            "2027-05-01T19:30:00é02:00",
            "Z",
            "é00:00",
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
        for beyond in [u64::MAX, i64::MAX as u64, LAST_MS + 1, LAST_MS] {
            assert_eq!(Timestamp { unix_ms: beyond }.to_rfc3339(), "9999-12-31T23:59:59.999Z");
        }
        assert_eq!(Timestamp { unix_ms: 0 }.to_rfc3339(), "1970-01-01T00:00:00.000Z");
    }
}
