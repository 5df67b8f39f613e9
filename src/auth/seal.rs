//! Secrets that lie in the replicated state, sealed so that a stolen backup shows none of them.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use thiserror::Error;
use zeroize::Zeroizing;

use super::cluster_secret::ClusterSecret;
use super::random::{self, NoRandomness};

/// The first byte of an envelope: AES-256-GCM, key by HKDF-SHA256, then nonce, ciphertext and tag.
const VERSION_1: u8 = 1;

/// Separates these keys from any others that might ever be derived from the same secret.
const HKDF_SALT: &[u8] = b"boxoffice sealed records";

/// What a sealed record is for. Each purpose has a key of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A private key that signs session tokens.
    SigningKey,
    /// A secret shared with the receiver of webhooks.
    WebhookSecret,
}

/// Seals and opens records with keys derived from the cluster's secret.
#[derive(Clone)]
pub struct Sealer {
    /// What it seals with.
    root: Prk,
    /// What others sealed with.
    also: Vec<Prk>,
}

/// The envelope was not sealed with this secret, for this purpose and record, or it is damaged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the sealed record cannot be opened")]
pub struct CannotOpen;

impl Sealer {
    /// A sealer for the cluster of `secret`. All its replicas open what one of them sealed.
    pub fn new(secret: &ClusterSecret) -> Self {
        Self { root: Salt::new(HKDF_SHA256, HKDF_SALT).extract(secret.as_bytes()), also: Vec::new() }
    }

    /// One that opens what the other sealed as well, and seals as before.
    #[must_use]
    pub fn opening_also(mut self, other: &Self) -> Self {
        self.also.push(other.root.clone());
        self
    }

    /// An envelope around `plain` that opens only for the same purpose and record.
    ///
    /// # Errors
    /// [`NoRandomness`] if there is no nonce to be had.
    pub fn seal(&self, purpose: Purpose, record_id: &str, plain: &[u8]) -> Result<Vec<u8>, NoRandomness> {
        // Random nonces are safe for 2^32 records of one purpose; a cluster seals a handful.
        let nonce = random::bytes::<NONCE_LEN>()?;
        let mut body = plain.to_vec();
        derive_key(&self.root, purpose)
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                associated_data(purpose, record_id),
                &mut body,
            )
            .expect("a record is far below the 64 GiB that AES-GCM can seal");
        Ok([&[VERSION_1], &nonce[..], &body].concat())
    }

    /// Whether it would still be opened if no other secret than its own counted.
    pub fn opens_by_itself(&self, purpose: Purpose, record_id: &str, sealed: &[u8]) -> bool {
        Self { root: self.root.clone(), also: Vec::new() }.open(purpose, record_id, sealed).is_ok()
    }

    /// What was sealed for this purpose and record.
    ///
    /// # Errors
    /// [`CannotOpen`], whatever is wrong with it.
    pub fn open(
        &self,
        purpose: Purpose,
        record_id: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CannotOpen> {
        let Some((&VERSION_1, rest)) = sealed.split_first() else { return Err(CannotOpen) };
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or(CannotOpen)?;
        let open_with = |root| {
            let mut plain = Zeroizing::new(body.to_vec());
            let (nonce, data) = (Nonce::assume_unique_for_key(*nonce), associated_data(purpose, record_id));
            let plain_bytes = derive_key(root, purpose).open_in_place(nonce, data, &mut plain).ok()?.len();
            plain.truncate(plain_bytes);
            Some(plain)
        };
        std::iter::once(&self.root).chain(&self.also).find_map(open_with).ok_or(CannotOpen)
    }
}

fn derive_key(root: &Prk, purpose: Purpose) -> LessSafeKey {
    let info = [purpose.label().as_bytes()];
    let okm = root.expand(&info, &AES_256_GCM).expect("one key is within what HKDF can give");
    LessSafeKey::new(UnboundKey::from(okm))
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer([redacted])")
    }
}

impl Purpose {
    /// Part of every derived key, and so of what lies in old states: never to be changed.
    fn label(self) -> &'static str {
        match self {
            Self::SigningKey => "signing-key",
            Self::WebhookSecret => "webhook-secret",
        }
    }
}

/// No label holds a zero byte, so that no two pairs run together.
fn associated_data(purpose: Purpose, record_id: &str) -> Aad<Vec<u8>> {
    Aad::from([&[VERSION_1], purpose.label().as_bytes(), &[0], record_id.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(&ClusterSecret::new(secret).unwrap())
    }

    #[test]
    fn what_one_replica_seals_another_opens() {
        let sealed = sealer("a cluster's secret").seal(Purpose::SigningKey, "key_1", b"private").unwrap();
        let opened = sealer("a cluster's secret").open(Purpose::SigningKey, "key_1", &sealed).unwrap();
        assert_eq!(*opened, b"private");
        assert!(!sealed.windows(7).any(|window| window == b"private"));
    }

    #[test]
    fn an_empty_record_is_a_record() {
        let sealer = sealer("a cluster's secret");
        let sealed = sealer.seal(Purpose::WebhookSecret, "", b"").unwrap();
        assert!(sealer.open(Purpose::WebhookSecret, "", &sealed).unwrap().is_empty());
    }

    #[test]
    fn the_same_record_is_never_sealed_alike() {
        let sealer = sealer("a cluster's secret");
        let seal = || sealer.seal(Purpose::SigningKey, "key_1", b"private").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn another_secret_purpose_or_record_opens_nothing() {
        let sealer = sealer("a cluster's secret");
        let sealed = sealer.seal(Purpose::SigningKey, "key_1", b"private").unwrap();
        let other = self::sealer("another cluster's");
        assert_eq!(other.open(Purpose::SigningKey, "key_1", &sealed), Err(CannotOpen));
        assert_eq!(sealer.open(Purpose::WebhookSecret, "key_1", &sealed), Err(CannotOpen));
        assert_eq!(sealer.open(Purpose::SigningKey, "key_2", &sealed), Err(CannotOpen));
    }

    #[test]
    fn what_another_secret_sealed_opens_while_both_count() {
        let (old, new) = (sealer("the old secret of all"), sealer("the new secret of all"));
        let seal = |sealer: &Sealer| sealer.seal(Purpose::SigningKey, "key_1", b"private").unwrap();
        let both = new.clone().opening_also(&old);
        let opens =
            |sealer: &Sealer, sealed: &[u8]| sealer.open(Purpose::SigningKey, "key_1", sealed).is_ok();
        assert!(opens(&both, &seal(&old)) && opens(&both, &seal(&new)));
        let sealed = seal(&both);
        assert!(opens(&new, &sealed) && !opens(&old, &sealed), "it seals with its own");
        let by_itself = |sealed: &[u8]| both.opens_by_itself(Purpose::SigningKey, "key_1", sealed);
        assert!(by_itself(&sealed) && !by_itself(&seal(&old)));
    }

    #[test]
    fn any_changed_or_missing_byte_is_noticed() {
        let sealer = sealer("a cluster's secret");
        let sealed = sealer.seal(Purpose::SigningKey, "key_1", b"private").unwrap();
        for position in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[position] ^= 1;
            assert_eq!(
                sealer.open(Purpose::SigningKey, "key_1", &changed),
                Err(CannotOpen),
                "byte {position}"
            );
            let short = &sealed[..position];
            assert_eq!(
                sealer.open(Purpose::SigningKey, "key_1", short),
                Err(CannotOpen),
                "length {position}"
            );
        }
    }

    #[test]
    fn an_envelope_of_the_first_version_opens_for_ever() {
        let opened = sealer("a cluster's secret").open(Purpose::SigningKey, "key_1", &GOLDEN).unwrap();
        assert_eq!(*opened, b"private");
    }

    #[test]
    fn debug_shows_no_key() {
        assert_eq!(format!("{:?}", sealer("a cluster's secret")), "Sealer([redacted])");
    }

    /// Made once by this code; to be kept as long as any state of that version may be restored.
    const GOLDEN: [u8; 36] = [
        1, 209, 229, 181, 254, 65, 163, 122, 199, 234, 30, 108, 150, 150, 68, 204, 250, 213, 100, 124, 41, 8,
        144, 22, 101, 29, 88, 231, 185, 5, 188, 106, 98, 35, 156, 132,
    ];
}
