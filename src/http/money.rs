//! Amounts of money: a JSON number in major units on the wire, whole minor units inside.

use std::borrow::Cow;
use std::fmt;

use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::types::{ParseFromJSON, ParseResult, ToJSON, Type};
use serde_json::Value;

use super::decimal;
use super::raw_value;
use super::rules;

/// Minor units in a major one.
const MINOR_PER_MAJOR: u64 = 100;
/// Decimals a minor unit needs.
pub(super) const DECIMALS: i64 = 2;
/// The most a ticket may cost, in major units: keeps every sum far from the limits of integers and doubles.
pub const MAX_MAJOR: u64 = 1_000_000;

/// An amount. One that was read is more than nothing and at most [`MAX_MAJOR`]; a sum may be anything. It is shown
/// in major units, with all decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    /// Minor units, cents say.
    pub minor: u64,
}

impl Money {
    /// Reads a number as JSON writes it. Exact: nothing is rounded.
    ///
    /// # Errors
    /// What is wrong with it, to follow the field's name.
    pub fn from_decimal(text: &str) -> Result<Money, String> {
        let minor = decimal::in_units(text, DECIMALS).ok();
        minor
            .filter(|minor| (1..=MAX_MAJOR * MINOR_PER_MAJOR).contains(minor))
            .map(|minor| Money { minor })
            .ok_or_else(|| {
                format!(
                    "must be a number with at most {DECIMALS} decimals, more than 0 and at most {MAX_MAJOR}"
                )
            })
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.minor / MINOR_PER_MAJOR, self.minor % MINOR_PER_MAJOR)
    }
}

/// A sum of amounts as answers have it, which may be nothing, and is not bounded by what a ticket may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum(pub Money);

impl Type for Sum {
    const IS_REQUIRED: bool = true;
    raw_value::is_self!();

    fn name() -> Cow<'static, str> {
        "number_sum".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            description: Some("Major units, with at most two decimals"),
            minimum: Some(0.0),
            example: Some(19.99.into()),
            ..MetaSchema::new_with_format("number", "double")
        }))
    }
}

impl ToJSON for Sum {
    fn to_json(&self) -> Option<Value> {
        self.0.to_json()
    }
}

impl ParseFromJSON for Sum {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        rules::of_value(value, |input| rules::price_bound(input).map(|minor| Self(Money { minor })))
    }
}

impl Type for Money {
    const IS_REQUIRED: bool = true;
    raw_value::is_self!();

    fn name() -> Cow<'static, str> {
        "number_money".into()
    }

    fn schema_ref() -> MetaSchemaRef {
        // No `multipleOf`: checked in binary floating point, as validators do, 19.99 is no multiple of 0.01.
        MetaSchemaRef::Inline(Box::new(MetaSchema {
            description: Some("Major units, with at most two decimals"),
            minimum: Some(0.01),
            maximum: Some(MAX_MAJOR as f64),
            example: Some(19.99.into()),
            ..MetaSchema::new_with_format("number", "double")
        }))
    }
}

impl ToJSON for Money {
    fn to_json(&self) -> Option<Value> {
        // The quotient of two exact doubles is the double nearest to the decimal, so it prints as that.
        Some(if self.minor.is_multiple_of(MINOR_PER_MAJOR) {
            (self.minor / MINOR_PER_MAJOR).into()
        } else {
            (self.minor as f64 / MINOR_PER_MAJOR as f64).into()
        })
    }
}

impl ParseFromJSON for Money {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        rules::of_value(value, rules::money)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::value::RawValue;

    use super::*;

    fn from_json(text: &str) -> Option<u64> {
        let value: Box<RawValue> = serde_json::from_str(text).unwrap();
        rules::money(rules::Input::Json(&value)).ok().map(|money| money.minor)
    }

    #[test]
    fn numbers_by_their_digits() {
        for (text, minor) in [
            ("19.99", 1_999),
            ("20", 2_000),
            ("20.0", 2_000),
            ("20.5", 2_050),
            ("0.01", 1),
            ("0.1", 10),
            ("1e2", 10_000),
            ("1E+2", 10_000),
            ("100.00", 10_000),
            ("19.990", 1_999),
            ("1e-2", 1),
            ("1000000", 100_000_000),
            ("1000000.00", 100_000_000),
            ("999999.99", 99_999_999),
            ("1.10", 110),
            ("4.35", 435),
        ] {
            assert_eq!(from_json(text), Some(minor), "{text}");
        }
    }

    #[test]
    fn what_is_no_price() {
        for text in [
            "0",
            "-0.0",
            "-1",
            "-19.99",
            "19.999",
            "1e-3",
            "0.001",
            "1000000.01",
            "1000001",
            "1e300",
            "1e400",
            "-0",
            "19.99999999999999999999",
            "1000000.0000000000001",
            "0.010000000000000000001",
            "\"19.99\"",
            "true",
            "null",
            "[]",
            "18446744073709551615",
            "0.009999999999",
        ] {
            assert_eq!(from_json(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(minor in 1..=MAX_MAJOR * MINOR_PER_MAJOR) {
            let shown = Money { minor }.to_json_string();
            prop_assert_eq!(from_json(&shown), Some(minor));
            prop_assert_eq!(from_json(&Money { minor }.to_string()), Some(minor));
        }
    }
}
