//! Session tokens: JWTs signed with Ed25519.
//!
//! A token proves who began which session, never that the session is still open: that is asked of the
//! replicated state on each use, and so not remembered here. What is remembered is that a signature was good,
//! since checking one costs some fifty times as much as finding it again.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonwebtoken::{Algorithm, Header, Validation, decode, decode_header, encode};
use moka::sync::Cache;
use ring::digest;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::keys::Keyring;

/// Longer than any token of ours; a longer text is not worth hashing.
const TOKEN_MAX_BYTES: usize = 1024;

/// How many verified tokens are remembered: those of the sessions in use, at about 400 bytes each.
const REMEMBERED_TOKENS: u64 = 50_000;

/// What a session token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The user's id.
    pub sub: String,
    /// The session's id.
    pub sid: String,
    /// When the session began, in Unix seconds.
    pub iat: u64,
    /// When the token ends to be good, in Unix seconds.
    pub exp: u64,
    /// The log index at which the session began. A replica that has not applied it yet cannot know the session.
    pub idx: u64,
    /// Which log that is an index of: a restored cluster has another one. Absent from older tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<String>,
}

/// The text is no token of ours, or no longer. Which of the many reasons it was is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("invalid token")]
pub struct InvalidToken;

/// Issues and verifies session tokens with the current keys.
pub struct Tokens {
    keyring: RwLock<Keyring>,
    /// By SHA-256 of the token, so that no usable token lies about in memory.
    signed: Cache<[u8; 32], Signed>,
    validation: Validation,
}

/// A token whose signature was found to be good.
#[derive(Clone)]
struct Signed {
    kid: Arc<str>,
    claims: Arc<Claims>,
}

impl Tokens {
    /// Starts with `keyring` and nothing remembered.
    pub fn new(keyring: Keyring) -> Self {
        let mut validation = Validation::new(Algorithm::EdDSA);
        // Expiry is checked here, against the caller's clock and without leeway; that the other claims are
        // there is what parsing them demands.
        validation.validate_exp = false;
        validation.required_spec_claims = HashSet::new();
        let signed = Cache::builder().max_capacity(REMEMBERED_TOKENS).build();
        Self { keyring: RwLock::new(keyring), signed, validation }
    }

    /// Goes on with other keys, after a rotation. Tokens of keys that are gone are refused from now on,
    /// remembered ones as well.
    pub fn set_keyring(&self, keyring: Keyring) {
        *self.keyring.write().unwrap_or_else(PoisonError::into_inner) = keyring;
    }

    /// The current keys.
    pub fn keyring(&self) -> Keyring {
        self.keyring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A signed token that says `claims`. Takes some 50 µs.
    pub fn issue(&self, claims: &Claims) -> String {
        let keyring = self.keyring();
        let (kid, signing) = keyring.signer(claims.iat.saturating_mul(1_000));
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(kid.to_owned());
        encode(&header, claims, signing).expect("ring has read this key before, and claims are plain JSON")
    }

    /// What `token` says, if one of our keys signed it and it has not expired at `now`, in Unix seconds.
    ///
    /// # Errors
    /// [`InvalidToken`], whatever is wrong with it.
    pub fn verify(&self, token: &str, now: u64) -> Result<Arc<Claims>, InvalidToken> {
        if token.len() > TOKEN_MAX_BYTES {
            return Err(InvalidToken);
        }
        let keyring = self.keyring();
        let hash = sha_256(token);
        let claims = match self.signed.get(&hash) {
            Some(signed) if keyring.find(&signed.kid).is_some() => signed.claims,
            _ => {
                let signed = self.check_signature(token, &keyring)?;
                let claims = Arc::clone(&signed.claims);
                // An expired token is of no use any more: let it push out none that is.
                if now < claims.exp {
                    self.signed.insert(hash, signed);
                }
                claims
            }
        };
        if now < claims.exp { Ok(claims) } else { Err(InvalidToken) }
    }

    fn check_signature(&self, token: &str, keyring: &Keyring) -> Result<Signed, InvalidToken> {
        let header = decode_header(token).map_err(|_| InvalidToken)?;
        // RFC 7515, 4.1.11: who does not understand what is critical must refuse. We understand no extension.
        if header.alg != Algorithm::EdDSA || header.crit.is_some() {
            return Err(InvalidToken);
        }
        let key = header.kid.and_then(|kid| keyring.find(&kid)).ok_or(InvalidToken)?;
        let data = decode::<Claims>(token, &key.verifying, &self.validation).map_err(|_| InvalidToken)?;
        Ok(Signed { kid: Arc::clone(&key.kid), claims: Arc::new(data.claims) })
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens").field("keyring", &self.keyring()).finish_non_exhaustive()
    }
}

fn sha_256(token: &str) -> [u8; 32] {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    hash.as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::hmac;
    use serde_json::{Value, json};

    use super::super::cluster_secret::ClusterSecret;
    use super::super::keys::SealedSigningKey;
    use super::super::seal::Sealer;
    use super::*;

    const NOW: u64 = 1_800_000_000;

    fn sealer() -> Sealer {
        Sealer::new(&ClusterSecret::new("a cluster's secret").unwrap())
    }

    fn new_key(created_at_ms: u64) -> SealedSigningKey {
        SealedSigningKey::generate(&sealer(), created_at_ms).unwrap()
    }

    fn tokens_with(keys: &[SealedSigningKey]) -> Tokens {
        Tokens::new(Keyring::open(keys, &sealer()).unwrap())
    }

    fn claims() -> Claims {
        Claims {
            sub: "user_1".into(),
            sid: "session_1".into(),
            iat: NOW,
            exp: NOW + 3_600,
            idx: 1 << 60,
            epoch: Some("0123456789abcdef".into()),
        }
    }

    /// `header.payload`, as anybody can write it.
    fn message(header: &Value, payload: &Value) -> String {
        [header, payload].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".")
    }

    /// Signed with our key, whatever the header says.
    fn signed_with(key: &SealedSigningKey, header: &Value, payload: &Value) -> String {
        let keyring = Keyring::open(std::slice::from_ref(key), &sealer()).unwrap();
        let message = message(header, payload);
        let (_, signing) = keyring.signer(NOW);
        let signature = jsonwebtoken::crypto::sign(message.as_bytes(), signing, Algorithm::EdDSA);
        format!("{message}.{}", signature.unwrap())
    }

    fn payload() -> Value {
        serde_json::to_value(claims()).unwrap()
    }

    #[test]
    fn an_issued_token_verifies_and_says_the_same() {
        let key = new_key(0);
        let tokens = tokens_with(std::slice::from_ref(&key));
        let token = tokens.issue(&claims());
        let header = decode_header(&token).unwrap();
        assert_eq!((header.alg, header.kid), (Algorithm::EdDSA, Some(key.kid)));
        assert_eq!(*tokens.verify(&token, NOW).unwrap(), claims());
        assert_eq!(*tokens.verify(&token, NOW).unwrap(), claims(), "from memory");
    }

    #[test]
    fn a_hand_made_token_verifies_so_that_the_refusals_below_mean_something() {
        let key = new_key(0);
        let token = signed_with(&key, &json!({ "alg": "EdDSA", "kid": key.kid }), &payload());
        assert_eq!(*tokens_with(&[key]).verify(&token, NOW).unwrap(), claims());
    }

    #[test]
    fn another_algorithm_is_refused_even_with_a_good_signature() {
        let key = new_key(0);
        let tokens = tokens_with(std::slice::from_ref(&key));
        for algorithm in ["none", "None", "HS256", "ES256", "RS256", "Ed25519", "eddsa", ""] {
            let header = json!({ "alg": algorithm, "kid": key.kid });
            assert_eq!(
                tokens.verify(&signed_with(&key, &header, &payload()), NOW),
                Err(InvalidToken),
                "{header}"
            );
            let unsigned = message(&header, &payload()) + ".";
            assert_eq!(tokens.verify(&unsigned, NOW), Err(InvalidToken), "{header}");
        }
        let headless = signed_with(&key, &json!({ "kid": key.kid }), &payload());
        assert_eq!(tokens.verify(&headless, NOW), Err(InvalidToken));
    }

    #[test]
    fn the_public_key_as_an_hmac_secret_is_refused() {
        let key = new_key(0);
        let tokens = tokens_with(std::slice::from_ref(&key));
        let message = message(&json!({ "alg": "HS256", "kid": key.kid }), &payload());
        let encoded = URL_SAFE_NO_PAD.encode(key.public);
        for secret in [&key.public[..], encoded.as_bytes()] {
            let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), message.as_bytes());
            let token = format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag));
            assert_eq!(tokens.verify(&token, NOW), Err(InvalidToken));
        }
    }

    #[test]
    fn a_foreign_missing_or_wrong_kid_is_refused() {
        let (ours, other, foreign) = (new_key(0), new_key(1), new_key(2));
        let tokens = tokens_with(&[ours.clone(), other.clone()]);
        let refused = [
            tokens_with(std::slice::from_ref(&foreign)).issue(&claims()),
            signed_with(&foreign, &json!({ "alg": "EdDSA", "kid": ours.kid }), &payload()),
            signed_with(&ours, &json!({ "alg": "EdDSA", "kid": other.kid }), &payload()),
            signed_with(&ours, &json!({ "alg": "EdDSA", "kid": "" }), &payload()),
            signed_with(&ours, &json!({ "alg": "EdDSA", "kid": 1 }), &payload()),
            signed_with(&ours, &json!({ "alg": "EdDSA" }), &payload()),
        ];
        for token in refused {
            assert_eq!(tokens.verify(&token, NOW), Err(InvalidToken), "{token}");
        }
    }

    #[test]
    fn a_tampered_token_is_refused_also_when_the_genuine_one_is_remembered() {
        let tokens = tokens_with(&[new_key(0)]);
        let token = tokens.issue(&claims());
        tokens.verify(&token, NOW).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        let raised = Claims { sub: "user_2".into(), ..claims() };
        let payload = URL_SAFE_NO_PAD.encode(serde_json::to_string(&raised).unwrap());
        assert_eq!(tokens.verify(&format!("{}.{payload}.{}", parts[0], parts[2]), NOW), Err(InvalidToken));
        for position in 0..token.len() {
            let mut bytes = token.clone().into_bytes();
            bytes[position] = if bytes[position] == b'A' { b'B' } else { b'A' };
            let tampered = String::from_utf8(bytes).unwrap();
            assert_eq!(tokens.verify(&tampered, NOW), Err(InvalidToken), "byte {position}");
        }
    }

    #[test]
    fn expiry_is_checked_on_each_use_to_the_second() {
        let tokens = tokens_with(&[new_key(0)]);
        let token = tokens.issue(&claims());
        assert_eq!(tokens.verify(&token, claims().exp), Err(InvalidToken), "expired when first seen");
        assert!(tokens.verify(&token, claims().exp - 1).is_ok());
        assert_eq!(tokens.verify(&token, claims().exp), Err(InvalidToken), "expired in memory");
        assert_eq!(tokens.verify(&token, u64::MAX), Err(InvalidToken));
    }

    #[test]
    fn a_key_taken_away_takes_its_remembered_tokens_with_it() {
        let (old, new) = (new_key(0), new_key(1));
        let tokens = tokens_with(std::slice::from_ref(&old));
        let token = tokens.issue(&claims());
        tokens.verify(&token, NOW).unwrap();
        tokens.set_keyring(Keyring::open(&[old, new.clone()], &sealer()).unwrap());
        assert!(tokens.verify(&token, NOW).is_ok(), "rotation alone ends nothing");
        tokens.set_keyring(Keyring::open(&[new], &sealer()).unwrap());
        assert_eq!(tokens.verify(&token, NOW), Err(InvalidToken));
    }

    #[test]
    fn what_is_missing_or_of_another_type_is_refused() {
        let key = new_key(0);
        let tokens = tokens_with(std::slice::from_ref(&key));
        let header = json!({ "alg": "EdDSA", "kid": key.kid });
        for claim in ["sub", "sid", "iat", "exp", "idx"] {
            for other in [Value::Null, json!([]), json!(-1), json!(1.5)] {
                let mut payload = payload();
                payload[claim] = other;
                assert_eq!(
                    tokens.verify(&signed_with(&key, &header, &payload), NOW),
                    Err(InvalidToken),
                    "{claim}"
                );
            }
            let mut payload = payload();
            payload.as_object_mut().unwrap().remove(claim);
            assert_eq!(
                tokens.verify(&signed_with(&key, &header, &payload), NOW),
                Err(InvalidToken),
                "{claim}"
            );
        }
        let critical = json!({ "alg": "EdDSA", "kid": key.kid, "crit": ["b64"], "b64": false });
        assert_eq!(tokens.verify(&signed_with(&key, &critical, &payload()), NOW), Err(InvalidToken));
    }

    #[test]
    fn a_token_of_before_there_were_epochs_is_good() {
        let key = new_key(0);
        let mut payload = payload();
        payload.as_object_mut().unwrap().remove("epoch");
        let token = signed_with(&key, &json!({ "alg": "EdDSA", "kid": key.kid }), &payload);
        assert_eq!(*tokens_with(&[key]).verify(&token, NOW).unwrap(), Claims { epoch: None, ..claims() });
    }

    #[test]
    fn a_claim_added_by_a_later_version_does_no_harm() {
        let key = new_key(0);
        let mut payload = payload();
        payload["scope"] = json!("all");
        let token = signed_with(&key, &json!({ "alg": "EdDSA", "kid": key.kid }), &payload);
        assert_eq!(*tokens_with(&[key]).verify(&token, NOW).unwrap(), claims());
    }

    #[test]
    fn what_is_no_token_at_all_is_refused() {
        let tokens = tokens_with(&[new_key(0)]);
        let long = "a".repeat(TOKEN_MAX_BYTES + 1);
        for text in ["", ".", "..", "...", "a.b.c", "user_1", "é.é.é", &long] {
            assert_eq!(tokens.verify(text, NOW), Err(InvalidToken), "{text}");
        }
    }

    #[test]
    fn every_token_of_ours_fits_the_limit() {
        let long = Claims {
            sub: "u".repeat(64),
            sid: "s".repeat(64),
            iat: u64::MAX,
            exp: u64::MAX,
            idx: u64::MAX,
            ..claims()
        };
        let token = tokens_with(&[new_key(0)]).issue(&long);
        assert!(token.len() < TOKEN_MAX_BYTES * 3 / 4, "{}", token.len());
    }
}
