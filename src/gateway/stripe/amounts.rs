//! The amounts that Stripe takes.

use std::ops::RangeInclusive;

/// The least of each currency, in minor units: <https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>. Of
/// others it depends on what they are worth in the currency that the account is paid out in, so Stripe itself says it.
const LEAST: &[(&str, u64)] = &[
    ("aed", 200),
    ("aud", 50),
    ("bgn", 100),
    ("brl", 50),
    ("cad", 50),
    ("chf", 50),
    ("czk", 1_500),
    ("dkk", 250),
    ("eur", 50),
    ("gbp", 30),
    ("hkd", 400),
    ("huf", 17_500),
    ("inr", 50),
    ("mxn", 1_000),
    ("myr", 200),
    ("nok", 300),
    ("nzd", 50),
    ("pln", 200),
    ("ron", 200),
    ("sek", 300),
    ("sgd", 50),
    ("thb", 1_000),
    ("usd", 50),
];

/// The most, in minor units: eight digits.
const MOST: u64 = 99_999_999;

/// The amounts that may be charged in a currency (ISO 4217 code in lower case), in minor units.
pub(super) fn chargeable(currency: &str) -> RangeInclusive<u64> {
    let least = LEAST.iter().find(|(known, _)| *known == currency).map_or(1, |(_, least)| *least);
    least..=MOST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_its_least_amount() {
        assert_eq!(chargeable("usd"), 50..=99_999_999);
        assert_eq!(chargeable("huf"), 17_500..=99_999_999);
        assert_eq!(chargeable("isk"), 1..=99_999_999, "Stripe says it when it is charged");
    }
}
