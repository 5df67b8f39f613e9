//! Ed25519 from ring for the JWT library, and nothing else.
//!
//! The library's own back ends bring RSA with an open advisory, or aws-lc. This service signs and accepts
//! EdDSA only, so every other algorithm is refused here, too.

use std::sync::OnceLock;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};
use ring::signature::{ED25519, Ed25519KeyPair, UnparsedPublicKey};
use signature::{Signer, Verifier};

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: new_signer,
    verifier_factory: new_verifier,
    // Needed by the library's own JWK conversions only. Its placeholders panic, so say no instead.
    key_utils: KeyUtils {
        rsa_pub_components_from_private_key: |_| Err(unsupported()),
        rsa_pub_components_from_public_key: |_| Err(unsupported()),
        ec_pub_components_from_private_key: |_, _| Err(unsupported()),
        ed_pub_components_from_private_key: |_, _| Err(unsupported()),
        compute_digest: |_, _| Err(unsupported()),
    },
};

/// Makes this the process's provider. Every keyring does so; calling it again changes nothing.
///
/// # Panics
/// If another provider is installed in this process already: then no token could be trusted.
pub(super) fn install() {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        PROVIDER.install_default().expect("nothing else in this process installs a JWT provider");
    });
}

struct Ed25519Signer(Ed25519KeyPair);

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, signature::Error> {
        Ok(self.0.sign(message).as_ref().to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

struct Ed25519Verifier(UnparsedPublicKey<Vec<u8>>);

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), signature::Error> {
        self.0.verify(message, signature).map_err(|_| signature::Error::new())
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

fn new_signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    require_ed25519(*algorithm, key.family())?;
    let pair = Ed25519KeyPair::from_pkcs8(key.as_bytes()).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Ed25519Signer(pair)))
}

fn new_verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    require_ed25519(*algorithm, key.family())?;
    let public = key.try_get_as_bytes()?.to_vec();
    Ok(Box::new(Ed25519Verifier(UnparsedPublicKey::new(&ED25519, public))))
}

/// Checks key and algorithm both: a public key handed in as an HMAC secret is the classic forgery.
fn require_ed25519(algorithm: Algorithm, family: AlgorithmFamily) -> Result<()> {
    if algorithm != Algorithm::EdDSA {
        return Err(unsupported());
    }
    if family != AlgorithmFamily::Ed {
        return Err(ErrorKind::InvalidKeyFormat.into());
    }
    Ok(())
}

fn unsupported() -> jsonwebtoken::errors::Error {
    ErrorKind::UnsupportedAlgorithm.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Algorithm; 12] = [
        Algorithm::HS256,
        Algorithm::HS384,
        Algorithm::HS512,
        Algorithm::ES256,
        Algorithm::ES384,
        Algorithm::RS256,
        Algorithm::RS384,
        Algorithm::RS512,
        Algorithm::PS256,
        Algorithm::PS384,
        Algorithm::PS512,
        Algorithm::EdDSA,
    ];

    #[test]
    fn only_eddsa_with_an_ed_key_gets_a_verifier() {
        for algorithm in ALL {
            let ed = new_verifier(&algorithm, &DecodingKey::from_ed_der(&[1; 32])).is_ok();
            assert_eq!(ed, algorithm == Algorithm::EdDSA, "{algorithm:?}");
            assert!(new_verifier(&algorithm, &DecodingKey::from_secret(&[1; 32])).is_err(), "{algorithm:?}");
        }
    }

    #[test]
    fn only_eddsa_with_an_ed_key_gets_a_signer() {
        let pkcs8 = Ed25519KeyPair::generate_pkcs8(&crate::auth::random::source()).unwrap();
        for algorithm in ALL {
            let ed = new_signer(&algorithm, &EncodingKey::from_ed_der(pkcs8.as_ref())).is_ok();
            assert_eq!(ed, algorithm == Algorithm::EdDSA, "{algorithm:?}");
            assert!(
                new_signer(&algorithm, &EncodingKey::from_secret(pkcs8.as_ref())).is_err(),
                "{algorithm:?}"
            );
        }
        assert!(new_signer(&Algorithm::EdDSA, &EncodingKey::from_ed_der(b"no key")).is_err());
    }

    #[test]
    fn installing_twice_is_harmless() {
        install();
        install();
    }
}
