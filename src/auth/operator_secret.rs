//! Secrets of operator's keys: `bxk_`, 256 random bits in hexadecimal, and a checksum.
//!
//! The prefix and the checksum are for scanners that look for secrets where none belong, and tell one that was cut or
//! mistyped from one that is unknown. As of a one-time token the state keeps the SHA-256 only: there is nothing to guess,
//! so a fast hash will do, and because a key is looked up by its hash, comparing in constant time would protect nothing
//! either: what time tells of the hash of a guess does not lead to a better guess.

use std::fmt;

use ring::digest;
use zeroize::Zeroizing;

use super::random::{self, NoRandomness};
use super::secret::Secret;

/// What every secret begins with, and nothing else that is sent as a bearer token: those are JWTs.
const PREFIX: &str = "bxk_";

/// 256 bits: out of reach of guessing however many keys there are.
const SECRET_BYTES: usize = 32;

/// Prefix, secret, and eight digits of its checksum.
const CHARS: usize = PREFIX.len() + 2 * SECRET_BYTES + CHECKSUM_CHARS;
const CHECKSUM_CHARS: usize = 8;

/// A fresh secret, for its holder's eyes only.
#[derive(Debug)]
pub struct OperatorSecret(Secret<String>);

/// What the state remembers of an [`OperatorSecret`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct OperatorSecretHash([u8; 32]);

impl OperatorSecret {
    /// Draws a new secret.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system has none to give.
    pub fn generate() -> Result<Self, NoRandomness> {
        let bytes = Zeroizing::new(random::bytes::<SECRET_BYTES>()?);
        // All of it at once, so that growing leaves no copy behind.
        let mut text = Zeroizing::new(String::with_capacity(CHARS));
        text.push_str(PREFIX);
        for byte in bytes.iter() {
            text.extend(
                [byte >> 4, byte & 0xf].map(|digit| char::from_digit(digit.into(), 16).unwrap_or('0')),
            );
        }
        let checksum = checksum_of(&text);
        text.push_str(&checksum);
        Ok(Self(Secret::new(std::mem::take(&mut text))))
    }

    /// Whether this is meant to be one: what begins like one and is none was cut or mistyped.
    pub fn is_meant_by(presented: &str) -> bool {
        presented.starts_with(PREFIX)
    }

    /// The secret, to be shown to its holder once.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The form to store and to look up by.
    pub fn hash(&self) -> OperatorSecretHash {
        OperatorSecretHash::of_whole(self.expose())
    }
}

impl OperatorSecretHash {
    /// The hash of what a caller presents, if that can be a whole secret. Only a genuine one's will be found.
    pub fn of(presented: &str) -> Option<Self> {
        let (body, checksum) = presented.split_at_checked(CHARS - CHECKSUM_CHARS)?;
        (body.starts_with(PREFIX) && checksum_of(body) == checksum).then(|| Self::of_whole(presented))
    }

    fn of_whole(secret: &str) -> Self {
        let hash = digest::digest(&digest::SHA256, secret.as_bytes());
        Self(hash.as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for OperatorSecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OperatorSecretHash")
    }
}

fn checksum_of(body: &str) -> String {
    format!("{:0width$x}", crc32c::crc32c(body.as_bytes()), width = CHECKSUM_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_say_what_they_are() {
        let (a, b) = (OperatorSecret::generate().unwrap(), OperatorSecret::generate().unwrap());
        assert_ne!(a.expose(), b.expose());
        for secret in [&a, &b] {
            let digits = secret.expose().strip_prefix("bxk_").expect("the prefix");
            assert_eq!(digits.len(), 72);
            assert!(digits.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f')), "{digits}");
            assert!(OperatorSecret::is_meant_by(secret.expose()));
        }
    }

    #[test]
    fn a_presented_secret_is_found_by_the_stored_hash() {
        let secret = OperatorSecret::generate().unwrap();
        assert_eq!(OperatorSecretHash::of(secret.expose()), Some(secret.hash()));
        let other = OperatorSecret::generate().unwrap();
        assert_ne!(OperatorSecretHash::of(other.expose()), Some(secret.hash()));
    }

    #[test]
    fn what_was_cut_or_mistyped_is_no_secret() {
        let secret = OperatorSecret::generate().unwrap();
        let whole = secret.expose();
        for at in 0..whole.len() {
            assert_eq!(OperatorSecretHash::of(&whole[..at]), None, "the first {at} characters");
            let mut mistyped = whole.to_owned();
            let other = if &whole[at..=at] == "0" { "1" } else { "0" };
            mistyped.replace_range(at..=at, other);
            assert_eq!(OperatorSecretHash::of(&mistyped), None, "another character at {at}");
        }
        for text in ["", "bxk_", &format!("{whole}0"), &whole.to_uppercase(), &"ä".repeat(40)] {
            assert_eq!(OperatorSecretHash::of(text), None, "{text}");
        }
    }

    #[test]
    fn this_secret_has_this_checksum_and_hash() {
        // Keys that are out must be good for ever. Both numbers are Python's (hashlib, and CRC-32C by its definition).
        let body = format!("bxk_{}", "0123456789abcdef".repeat(4));
        let secret = format!("{body}145e2d5e");
        let hash = OperatorSecretHash::of(&secret).expect("whole");
        let hex: String = hash.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "8077c8b23fa172869ce379ed2203253002a4ca6c0f7b8fe4e1d25bf2dde663e7");
    }

    #[test]
    fn debug_shows_no_secret() {
        let secret = OperatorSecret::generate().unwrap();
        assert!(!format!("{secret:?} {:?}", secret.hash()).contains(&secret.expose()[4..]));
    }
}
