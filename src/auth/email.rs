//! E-mail addresses in the one spelling that accounts are unique by.

use std::fmt;

use email_address::{EmailAddress, Options};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// The longest address that fits into an SMTP path (RFC 5321, 4.5.3.1.3: 256 bytes with its angle brackets).
const EMAIL_MAX_BYTES: usize = 254;

/// `user@host.tld`: what has fewer labels is either a typing error or no public address.
const DOMAIN_MIN_LABELS: usize = 2;

/// An e-mail address, trimmed, in lower case and in Unicode's NFC.
///
/// It is made before a command and carried in it, since a newer Unicode table may normalise differently.
/// Accepted is what RFC 5321 and 6531 allow, internationalised addresses included, except for
///
/// - domains without a dot (`a@localhost`) and address literals (`a@[10.0.0.1]`), which no public mailbox has;
/// - quoted local parts (`"a"@example.com`), which spell the mailbox `a@example.com` a second way.
///
/// The local part loses its case as well. The standard would let a host tell `Ann@` from `ann@`; none that
/// matters does, and two accounts for one mailbox would be worse. NFC rather than NFKC, as RFC 6532 asks: the
/// latter changes names. A domain in Unicode and in its `xn--` form are told apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NormalisedEmail(String);

/// Why a text is not taken for an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EmailFault {
    /// It is longer than any address can be.
    #[error("must be at most {EMAIL_MAX_BYTES} bytes long")]
    TooLong,
    /// It does not have the form of an address.
    #[error("must be an e-mail address such as name@example.com")]
    Invalid,
}

impl NormalisedEmail {
    /// Normalises and checks `text` as a person typed it.
    ///
    /// # Errors
    /// [`EmailFault`] says what is wrong with it. That the mailbox exists is not checked.
    pub fn parse(text: &str) -> Result<Self, EmailFault> {
        let text = text.trim();
        // Before any work on it: normalising shortens no address so much that a longer one could pass.
        if text.len() > 2 * EMAIL_MAX_BYTES {
            return Err(EmailFault::TooLong);
        }
        let normalised = normalise(text);
        if normalised.len() > EMAIL_MAX_BYTES {
            return Err(EmailFault::TooLong);
        }
        if normalised.starts_with('"') {
            return Err(EmailFault::Invalid);
        }
        let options = Options::default()
            .with_minimum_sub_domains(DOMAIN_MIN_LABELS)
            .without_domain_literal()
            .without_display_text();
        EmailAddress::parse_with_options(&normalised, options).map_err(|_| EmailFault::Invalid)?;
        Ok(Self(normalised))
    }

    /// The normalised address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The normalised address, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for NormalisedEmail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// NFC first, so that equal spellings meet the case tables as the same characters; and again, because lower
/// case may leave a letter and its mark apart.
fn normalise(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase().nfc().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parsed(text: &str) -> Result<String, EmailFault> {
        NormalisedEmail::parse(text).map(NormalisedEmail::into_string)
    }

    #[test]
    fn spellings_of_one_address_become_one() {
        assert_eq!(parsed("  Ann.Lee+Tickets@Example.COM \n").unwrap(), "ann.lee+tickets@example.com");
        assert_eq!(parsed("JOSE\u{301}@example.com"), parsed("josé@example.com"));
    }

    #[test]
    fn what_is_no_public_address_is_refused() {
        for text in [
            "",
            " ",
            "@",
            "plain",
            "a@",
            "@example.com",
            "a@b",
            "a@localhost",
            "a@[10.0.0.1]",
            "\"a\"@example.com",
            "\"a b\"@example.com",
            "Ann <a@example.com>",
            "<a@example.com>",
            "a b@example.com",
            "a@exa mple.com",
            "a@example..com",
            ".a@example.com",
            "a.@example.com",
            "a@-example.com",
            "a@example.com.",
            "a@b@example.com",
            "a\0@example.com",
            "a\n@example.com",
            "a\u{200b}@example.com",
        ] {
            assert_eq!(parsed(text), Err(EmailFault::Invalid), "{text:?}");
        }
    }

    #[test]
    fn length_is_bounded() {
        let domain = format!("{0}.{0}.{0}.com", "d".repeat(62));
        let longest = format!("{}@{domain}", "a".repeat(EMAIL_MAX_BYTES - domain.len() - 1));
        assert_eq!(longest.len(), EMAIL_MAX_BYTES);
        assert!(parsed(&longest).is_ok());
        assert_eq!(parsed(&format!("a{longest}")), Err(EmailFault::TooLong));
        assert_eq!(parsed(&"a@example.com".repeat(10_000)), Err(EmailFault::TooLong));
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{1,20}@\\PC{1,10}\\.com") {
            let once = normalise(text.trim());
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
