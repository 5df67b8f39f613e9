//! Which passwords are accepted.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// The fewest characters a password has.
const MIN_CHARS: usize = 8;

/// The most characters a password has: room for any pass phrase, little enough to hash at once.
const MAX_CHARS: usize = 128;

/// A suffix longer than this ("2024!", "123") carries weight of its own, and is no mere decoration.
const TRIVIAL_SUFFIX_MAX_CHARS: usize = 4;

/// The first guesses of any attacker: lower case, one a line, sorted.
static COMMON: LazyLock<BTreeSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Why a password is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordFault {
    /// It has fewer than 8 characters.
    #[error("must be at least {MIN_CHARS} characters long")]
    TooShort,
    /// It has more than 128 characters.
    #[error("must be at most {MAX_CHARS} characters long")]
    TooLong,
    /// It is among the first that an attacker tries.
    #[error("is too common: choose one that is harder to guess")]
    TooCommon,
}

/// Says whether `password` may be somebody's new password: long enough, not too long, and none of the most common
/// ones. There are no composition rules: they make passwords harder to remember, not harder to guess. Not for
/// sign-in, where the stored hash decides.
///
/// # Errors
/// [`PasswordFault`], whose text is fit for the person choosing.
pub fn check_new_password(password: &str) -> Result<(), PasswordFault> {
    // NFC, because that is what is hashed: a letter counts as one however a keyboard composes it.
    match password.nfc().take(MAX_CHARS + 1).count() {
        ..MIN_CHARS => Err(PasswordFault::TooShort),
        MIN_CHARS..=MAX_CHARS if is_common(password) => Err(PasswordFault::TooCommon),
        MIN_CHARS..=MAX_CHARS => Ok(()),
        _ => Err(PasswordFault::TooLong),
    }
}

/// Without regard to case, and with a few digits or marks at the end not counting as a difference.
fn is_common(password: &str) -> bool {
    // Room for all of it at once: a string that grows would leave parts of the password behind.
    let mut lower = Zeroizing::new(String::with_capacity(3 * password.len()));
    lower.extend(password.nfc().flat_map(char::to_lowercase));
    let mut chars = lower.chars();
    let first = chars.next();
    if chars.all(|c| Some(c) == first) {
        return true;
    }
    let mut candidate = lower.as_str();
    for _ in 0..=TRIVIAL_SUFFIX_MAX_CHARS {
        if COMMON.contains(candidate) {
            return true;
        }
        match candidate.strip_suffix(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation()) {
            Some(shorter) => candidate = shorter,
            None => return false,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(check_new_password(""), Err(PasswordFault::TooShort));
        assert_eq!(check_new_password("wq7ztk1"), Err(PasswordFault::TooShort));
        assert_eq!(check_new_password("wq7ztk1v"), Ok(()));
        assert_eq!(check_new_password("éüöäßñ€"), Err(PasswordFault::TooShort), "7 characters, more bytes");
        assert_eq!(check_new_password("éüöäßñ€ø"), Ok(()));
        assert_eq!(check_new_password("e\u{301}bcdfgh"), Err(PasswordFault::TooShort), "7 once composed");
        let longest = "wörd ".repeat(25) + "end";
        assert_eq!(longest.chars().count(), MAX_CHARS);
        assert_eq!(check_new_password(&longest), Ok(()));
        assert_eq!(check_new_password(&(longest + "s")), Err(PasswordFault::TooLong));
    }

    #[test]
    fn common_ones_are_refused_in_any_case_and_with_decoration() {
        for password in [
            "password",
            "PassWord",
            "password1",
            "Password2024",
            "sunshine!",
            "Sunshine123!",
            "12345678",
            "qwertyuiop",
            "iloveyou",
            "zzzzzzzz",
            "ZzZzZzZzZz",
            "************",
        ] {
            assert_eq!(check_new_password(password), Err(PasswordFault::TooCommon), "{password}");
        }
    }

    #[test]
    fn uncommon_ones_pass_without_composition_rules() {
        for password in [
            "correct horse battery staple",
            "password-8412-xk",
            "my sunshine",
            "sunshinesandwich",
            "48151623427",
            "!!!!!!!?",
            "test-password-of-mine",
        ] {
            assert_eq!(check_new_password(password), Ok(()), "{password}");
        }
    }

    #[test]
    fn the_list_is_as_the_lookup_needs_it() {
        let lines: Vec<_> = include_str!("common_passwords.txt").lines().collect();
        assert!(lines.len() > 300, "{}", lines.len());
        assert!(lines.is_sorted_by(|a, b| a < b), "sorted, and none twice");
        for line in lines {
            assert!(line.chars().count() >= MIN_CHARS, "{line} is refused as too short anyway");
            assert_eq!(line, line.to_lowercase());
            assert_eq!(line, line.trim());
        }
    }
}
