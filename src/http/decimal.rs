//! Numbers as JSON writes them, read digit by digit: a double would round what it cannot hold.

/// Why a number is not a whole number of the unit that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// It is not written as JSON writes numbers.
    NotANumber,
    /// It is less than 0.
    Negative,
    /// It has more decimals than the unit.
    TooFine,
    /// It is more than `u64` holds.
    TooLarge,
}

/// A number as it is written: `digits · 10^exponent`.
struct Written<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
    exponent: i64,
}

/// The number in units of which 10^`decimals` make one: exact, nothing is rounded. Zero may have a sign.
pub(super) fn in_units(text: &str, decimals: i64) -> Result<u64, Misfit> {
    let written = Written::parse(text).ok_or(Misfit::NotANumber)?;
    let digits = [written.whole, written.fraction].concat();
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Ok(0);
    }
    if written.negative {
        return Err(Misfit::Negative);
    }
    // Far from overflowing: a text has nowhere near as many digits as an `i64` counts.
    let trailing_zeros = (digits.len() - significant.len()) as i64;
    let shift = written
        .exponent
        .saturating_sub(written.fraction.len() as i64)
        .saturating_add(trailing_zeros)
        .saturating_add(decimals);
    if shift < 0 {
        return Err(Misfit::TooFine);
    }
    let shifted = u32::try_from(shift).ok().and_then(|shift| 10_u64.checked_pow(shift));
    let number = significant.parse::<u64>().ok();
    number.zip(shifted).and_then(|(number, power)| number.checked_mul(power)).ok_or(Misfit::TooLarge)
}

impl<'t> Written<'t> {
    /// RFC 8259, section 6: `[-] digits [. digits] [e [+|-] digits]`, the first digits without leading zeros.
    fn parse(text: &'t str) -> Option<Self> {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
        let good = are_digits(whole) && !has_leading_zero && fraction.is_none_or(are_digits);
        good.then_some(Self { negative, whole, fraction: fraction.unwrap_or_default(), exponent })
    }
}

/// An exponent; one beyond any number's is as good as any other.
fn parse_exponent(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => (1, text),
    };
    are_digits(digits).then(|| sign * digits.parse().unwrap_or(i64::MAX))
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_in_any_spelling() {
        for (text, cents) in [
            ("19.99", 1_999),
            ("19.990", 1_999),
            ("0.01", 1),
            ("1e2", 10_000),
            ("1E+2", 10_000),
            ("1e-2", 1),
            ("100000e-5", 100),
            ("0.00001e5", 100),
            ("0", 0),
            ("-0", 0),
            ("-0.00e9", 0),
            ("0e99999999999999999999", 0),
            ("184467440737095516.15", u64::MAX),
        ] {
            assert_eq!(in_units(text, 2), Ok(cents), "{text}");
        }
    }

    #[test]
    fn misfits() {
        for (text, misfit) in [
            ("-1", Misfit::Negative),
            ("-1e-9", Misfit::Negative),
            ("0.001", Misfit::TooFine),
            ("1e-3", Misfit::TooFine),
            ("19.99999999999999999999", Misfit::TooFine),
            ("1000000.0000000000001", Misfit::TooFine),
            ("1e-99999999999999999999", Misfit::TooFine),
            ("184467440737095516.16", Misfit::TooLarge),
            ("1e400", Misfit::TooLarge),
            ("1e99999999999999999999", Misfit::TooLarge),
        ] {
            assert_eq!(in_units(text, 2), Err(misfit), "{text}");
        }
        for text in [
            "", "-", ".", "1.", ".5", "+1", "--1", "01", "00", "-01", "1e", "1e+", "e1", "1e1.5", "1e1e1",
            " 1", "1 ", "1,5", "1_0", "0x10", "NaN", "inf", "٣", "1é", "1eé",
        ] {
            assert_eq!(in_units(text, 2), Err(Misfit::NotANumber), "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(units in 0..=u64::MAX, exponent in 0..30_usize) {
            let shifted = format!("{units}{}e-{exponent}", "0".repeat(exponent));
            prop_assert_eq!(in_units(&shifted, 0), Ok(units));
            prop_assert_eq!(in_units(&format!("{units}e-2"), 2), Ok(units));
            prop_assert_eq!(in_units(&format!("{}.{:02}", units / 100, units % 100), 2), Ok(units));
        }

        #[test]
        fn anything_else_does_no_harm(text in "[-+.eE0-9]{0,20}") {
            let is_json = serde_json::from_str::<&serde_json::value::RawValue>(&text).is_ok();
            prop_assert_eq!(in_units(&text, 2) != Err(Misfit::NotANumber), is_json);
        }
    }
}
