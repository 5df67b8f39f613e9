//! The keys that sign session tokens: made once, sealed into the replicated state, rotated by adding another.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{DecodingKey, EncodingKey};
use ring::digest;
use ring::signature::{Ed25519KeyPair, KeyPair};
use thiserror::Error;

use super::crypto_provider;
use super::random::{self, NoRandomness};
use super::seal::{Purpose, Sealer};

/// How long a new key only verifies, before it signs as well: a replica that lags behind the log should know
/// the key by the time it meets its first token. A lone key signs from the start.
pub const KEY_SETTLE_MS: u64 = 60_000;

/// A signing key as the state holds it: the private half opens only with the cluster secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSigningKey {
    /// The key's name in token headers: its RFC 7638 thumbprint.
    pub kid: String,
    /// The Ed25519 public key.
    pub public: [u8; 32],
    /// The private key in PKCS #8, sealed for [`Purpose::SigningKey`] under `kid`.
    pub sealed: Vec<u8>,
    /// When it was made, in milliseconds since the Unix epoch, by the clock that [`Claims::iat`](super::Claims)
    /// is read from; the newest settled key signs.
    pub created_at_ms: u64,
}

/// All keys of the cluster, opened. Cheap to clone, never changed: a rotation makes another.
#[derive(Clone)]
pub struct Keyring {
    /// Oldest first, at least one.
    keys: Arc<[Key]>,
}

/// Why the keys in the state are of no use.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyringFault {
    /// There is none at all.
    #[error("there is no signing key")]
    Empty,
    /// A key does not open.
    #[error(
        "signing key {kid} cannot be opened: BOXOFFICE_CLUSTER_SECRET is not the secret it was sealed with, or it is damaged"
    )]
    CannotOpen {
        /// Which one.
        kid: String,
    },
    /// What was sealed is not the key that it is stored as.
    #[error("signing key {kid} is not the key it is stored as")]
    Mismatch {
        /// Which one.
        kid: String,
    },
}

impl SealedSigningKey {
    /// Makes a new key pair and seals its private half.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system has none to give.
    pub fn generate(sealer: &Sealer, created_at_ms: u64) -> Result<Self, NoRandomness> {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&random::source()).map_err(|_| NoRandomness)?;
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.as_ref()).expect("ring reads the key it has just made");
        let public = public_key(&pair);
        let kid = thumbprint(&public);
        let sealed = sealer.seal(Purpose::SigningKey, &kid, pkcs8.as_ref())?;
        Ok(Self { kid, public, sealed, created_at_ms })
    }
}

impl Keyring {
    /// Opens every key. The order of `sealed` does not matter. An older one that does not open was sealed with a secret
    /// that is gone since: its tokens are still good, and it signs no more.
    ///
    /// # Errors
    /// [`KeyringFault`] if there is none, if the newest does not open, or if any of them cannot be trusted.
    pub fn open(sealed: &[SealedSigningKey], sealer: &Sealer) -> Result<Self, KeyringFault> {
        crypto_provider::install();
        let mut keys = sealed.iter().map(|key| Key::open(key, sealer)).collect::<Result<Vec<_>, _>>()?;
        // By kid as well, so that every replica signs with the same of two made in one millisecond.
        keys.sort_by(|a, b| (a.created_at_ms, &a.kid).cmp(&(b.created_at_ms, &b.kid)));
        match keys.last() {
            None => Err(KeyringFault::Empty),
            Some(Key { signing: None, kid, .. }) => Err(KeyringFault::CannotOpen { kid: kid.to_string() }),
            Some(_) => Ok(Self { keys: keys.into() }),
        }
    }

    /// The names of the keys that do not open.
    pub fn unopened(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(|key| key.signing.is_none()).map(|key| &*key.kid)
    }

    /// The name and the Ed25519 public half of every key, for all to see.
    pub fn public_keys(&self) -> impl Iterator<Item = (&str, &[u8; 32])> {
        self.keys.iter().map(|key| (&*key.kid, &key.public))
    }

    /// Whether these are the names of exactly the keys in here.
    pub fn has_exactly<'a>(&self, kids: impl IntoIterator<Item = &'a str>) -> bool {
        let mut known = 0;
        kids.into_iter().all(|kid| {
            known += 1;
            self.find(kid).is_some()
        }) && known == self.keys.len()
    }

    /// The name and the private half of the key to sign with: of those that open the newest that has settled by `now_ms`,
    /// or, while none has, the oldest.
    pub(super) fn signer(&self, now_ms: u64) -> (&str, &EncodingKey) {
        let opened = || self.keys.iter().filter_map(|key| Some((key, key.signing.as_ref()?)));
        let has_settled = |(key, _): &(&Key, _)| key.created_at_ms.saturating_add(KEY_SETTLE_MS) <= now_ms;
        let signer = opened().rev().find(has_settled).or_else(|| opened().next());
        let (key, signing) = signer.expect("the newest one opened");
        (&key.kid, signing)
    }

    /// The key of that name, if it is one of ours.
    pub(super) fn find(&self, kid: &str) -> Option<&Key> {
        self.keys.iter().find(|key| &*key.kid == kid)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.kid)).finish()
    }
}

/// One key, ready to verify, and to sign if it opened.
pub(super) struct Key {
    pub(super) kid: Arc<str>,
    signing: Option<EncodingKey>,
    pub(super) verifying: DecodingKey,
    public: [u8; 32],
    created_at_ms: u64,
}

impl Key {
    fn open(sealed: &SealedSigningKey, sealer: &Sealer) -> Result<Self, KeyringFault> {
        let mismatch = || KeyringFault::Mismatch { kid: sealed.kid.clone() };
        if thumbprint(&sealed.public) != sealed.kid {
            return Err(mismatch());
        }
        let pkcs8 = sealer.open(Purpose::SigningKey, &sealed.kid, &sealed.sealed).ok();
        if let Some(pkcs8) = &pkcs8 {
            let pair = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| mismatch())?;
            if public_key(&pair) != sealed.public {
                return Err(mismatch());
            }
        }
        Ok(Self {
            kid: sealed.kid.as_str().into(),
            signing: pkcs8.map(|pkcs8| EncodingKey::from_ed_der(&pkcs8)),
            verifying: DecodingKey::from_ed_der(&sealed.public),
            public: sealed.public,
            created_at_ms: sealed.created_at_ms,
        })
    }
}

fn public_key(pair: &Ed25519KeyPair) -> [u8; 32] {
    pair.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes")
}

/// RFC 7638: the hash of the key's required members, in this order and without blanks.
fn thumbprint(public: &[u8; 32]) -> String {
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, URL_SAFE_NO_PAD.encode(public));
    URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, members.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::super::cluster_secret::ClusterSecret;
    use super::*;

    fn sealer(secret: &str) -> Sealer {
        Sealer::new(&ClusterSecret::new(secret).unwrap())
    }

    fn generate(created_at_ms: u64) -> SealedSigningKey {
        SealedSigningKey::generate(&sealer("a cluster's secret"), created_at_ms).unwrap()
    }

    fn open(sealed: &[SealedSigningKey]) -> Result<Keyring, KeyringFault> {
        Keyring::open(sealed, &sealer("a cluster's secret"))
    }

    #[test]
    fn the_thumbprint_is_that_of_the_standard() {
        // RFC 8037, appendix A.3.
        let public = URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap();
        assert_eq!(thumbprint(&public.try_into().unwrap()), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn the_newest_settled_key_signs_and_all_are_known() {
        let (old, new) = (generate(1_000), generate(2_000_000));
        let keyring = open(&[new.clone(), old.clone()]).unwrap();
        assert_eq!(keyring.signer(1_000).0, old.kid, "not settled, but all there was");
        assert_eq!(keyring.signer(2_000_000 + KEY_SETTLE_MS - 1).0, old.kid);
        assert_eq!(keyring.signer(2_000_000 + KEY_SETTLE_MS).0, new.kid);
        assert!(keyring.find(&old.kid).is_some() && keyring.find(&new.kid).is_some());
        assert!(keyring.find("another").is_none());
    }

    #[test]
    fn a_lone_new_key_signs_at_once() {
        let key = generate(5_000);
        assert_eq!(open(std::slice::from_ref(&key)).unwrap().signer(5_000).0, key.kid);
    }

    #[test]
    fn a_key_of_a_secret_that_is_gone_verifies_and_signs_no_more() {
        let old = generate(1_000);
        let next = sealer("the next one's name");
        let new = SealedSigningKey::generate(&next, 2_000_000).unwrap();
        let keys = [old.clone(), new.clone()];
        let keyring = Keyring::open(&keys, &next).unwrap();
        assert_eq!(keyring.signer(2_000_000).0, new.kid, "not settled, but the old one signs nothing");
        assert!(keyring.find(&old.kid).is_some());
        assert_eq!(keyring.unopened().collect::<Vec<_>>(), [&*old.kid]);
        let both = sealer("a cluster's secret").opening_also(&next);
        assert_eq!(Keyring::open(&keys, &both).unwrap().unopened().count(), 0);
        assert_eq!(open(&keys).unwrap_err(), KeyringFault::CannotOpen { kid: new.kid }, "the newest has to");
    }

    #[test]
    fn all_public_halves_are_for_all_to_see() {
        let (old, new) = (generate(1), generate(2));
        let keyring = open(&[new.clone(), old.clone()]).unwrap();
        let seen: Vec<_> = keyring.public_keys().collect();
        assert_eq!(seen, [(&*old.kid, &old.public), (&*new.kid, &new.public)]);
    }

    #[test]
    fn without_keys_or_with_another_secret_there_is_no_keyring() {
        assert_eq!(open(&[]).unwrap_err(), KeyringFault::Empty);
        let key = generate(1);
        let kid = key.kid.clone();
        let fault = Keyring::open(&[key], &sealer("another cluster's")).unwrap_err();
        assert_eq!(fault, KeyringFault::CannotOpen { kid });
    }

    #[test]
    fn a_key_stored_as_another_is_refused() {
        let (a, b) = (generate(1), generate(2));
        let renamed = SealedSigningKey { kid: b.kid.clone(), ..a.clone() };
        assert_eq!(open(&[renamed]).unwrap_err(), KeyringFault::Mismatch { kid: b.kid.clone() });
        let resealed = SealedSigningKey { sealed: b.sealed.clone(), ..a.clone() };
        assert_eq!(open(&[resealed]).unwrap_err(), KeyringFault::CannotOpen { kid: a.kid.clone() });
        let swapped = SealedSigningKey { public: b.public, ..a.clone() };
        assert_eq!(open(&[swapped]).unwrap_err(), KeyringFault::Mismatch { kid: a.kid });
    }

    #[test]
    fn the_private_half_is_not_in_the_sealed_form_nor_in_debug() {
        let key = generate(1);
        let sealer = sealer("a cluster's secret");
        let pkcs8 = sealer.open(Purpose::SigningKey, &key.kid, &key.sealed).unwrap();
        let seed = &pkcs8[16..48];
        assert!(!key.sealed.windows(seed.len()).any(|window| window == seed));
        assert_eq!(format!("{:?}", open(std::slice::from_ref(&key)).unwrap()), format!("[{:?}]", key.kid));
    }
}
