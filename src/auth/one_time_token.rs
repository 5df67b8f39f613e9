//! Tokens that work once, such as the one that resets a password.
//!
//! The holder gets 256 random bits; the state keeps their SHA-256 only, so that a stolen backup resets
//! nothing. A fast hash is enough, because there is nothing to guess; and because the token is looked up by
//! its hash, comparing in constant time would protect nothing either.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest;
use zeroize::Zeroizing;

use super::random::{self, NoRandomness};
use super::secret::Secret;

/// 256 bits: out of reach of guessing however many tokens are out.
const TOKEN_BYTES: usize = 32;

/// A fresh token, for its holder's eyes only.
#[derive(Debug)]
pub struct OneTimeToken(Secret<String>);

/// What the state remembers of a [`OneTimeToken`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OneTimeTokenHash([u8; 32]);

impl OneTimeToken {
    /// Draws a new token.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system has none to give.
    pub fn generate() -> Result<Self, NoRandomness> {
        let bytes = Zeroizing::new(random::bytes::<TOKEN_BYTES>()?);
        Ok(Self(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()))))
    }

    /// The token as URL-safe text, to be shown to its holder once.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    /// The form to store and to look up by.
    pub fn hash(&self) -> OneTimeTokenHash {
        OneTimeTokenHash::of(self.expose())
    }
}

impl OneTimeTokenHash {
    /// The hash of what a caller presents. Any text has one; only a genuine token's will be found.
    pub fn of(presented: &str) -> Self {
        let hash = digest::digest(&digest::SHA256, presented.as_bytes());
        Self(hash.as_ref().try_into().expect("SHA-256 gives 32 bytes"))
    }

    /// The bytes to store.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for OneTimeTokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OneTimeTokenHash({})", URL_SAFE_NO_PAD.encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_and_are_url_safe() {
        let (a, b) = (OneTimeToken::generate().unwrap(), OneTimeToken::generate().unwrap());
        assert_ne!(a.expose(), b.expose());
        assert_eq!(a.expose().len(), 43);
        assert!(a.expose().bytes().all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_'));
    }

    #[test]
    fn a_presented_token_is_found_by_the_stored_hash_and_another_is_not() {
        let token = OneTimeToken::generate().unwrap();
        let stored = token.hash();
        assert_eq!(OneTimeTokenHash::of(token.expose()), stored);
        assert_ne!(OneTimeTokenHash::of(&token.expose()[1..]), stored);
    }

    #[test]
    fn the_hash_is_sha_256() {
        let hex: String = OneTimeTokenHash::of("abc").0.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn debug_shows_no_token() {
        let token = OneTimeToken::generate().unwrap();
        assert!(!format!("{token:?}").contains(token.expose()));
    }
}
