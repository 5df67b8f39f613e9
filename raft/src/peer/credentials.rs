//! How replicas know each other: mutual TLS, under a certificate authority that the operator brings or that all
//! derive from the secret they share.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, PKCS_ED25519,
};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, RootCertStore, ServerConfig};

use super::certificate::{NamedClients, check_own};

/// The name that every replica's certificate carries, whatever its address: addresses change.
pub const PEER_NAME: &str = "boxoffice-peer";

const ALPN_HTTP2: &[u8] = b"h2";
/// What the authority's key is derived for. Another text would be another authority.
const DERIVATION: &[&[u8]] = &[b"boxoffice peer certificate authority 1"];
const SEED_BYTES: usize = 32;
/// An Ed25519 private key as RFC 8410 wraps it: what comes before the seed.
const PKCS8_ED25519: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

/// Why there are no credentials. One line for an operator.
#[derive(Debug, thiserror::Error)]
#[error("the certificate, key or authority for replicas cannot be used: {0}")]
pub struct CredentialsError(String);

impl CredentialsError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

/// What a replica shows to others, and what it asks them to show.
#[derive(Clone)]
pub struct Credentials {
    pub(super) server: Arc<ServerConfig>,
    pub(super) client: Arc<ClientConfig>,
    /// When an operator's certificate expires, in seconds since the Unix epoch.
    expires_at: Option<u64>,
}

impl Credentials {
    /// Credentials that whoever knows `secret` can make for themselves, and nobody else. The certificate is made
    /// anew each time; only its authority is the same for all. Whoever knows `also` is let in too: that is how the
    /// secret of a running cluster is changed.
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn from_secret(secret: &[u8], also: Option<&[u8]>) -> Result<Self, CredentialsError> {
        let (params, authority_key) = (authority_params(), derive_key(secret)?);
        let mut authorities = vec![params.self_signed(&authority_key).map_err(failed)?];
        if let Some(also) = also {
            authorities.push(params.self_signed(&derive_key(also)?).map_err(failed)?);
        }
        let key = KeyPair::generate_for(&PKCS_ED25519).map_err(failed)?;
        let mut leaf = CertificateParams::new([PEER_NAME.to_owned()]).map_err(failed)?;
        leaf.distinguished_name = named("boxoffice replica");
        leaf.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth];
        let issuer = Issuer::new(params, authority_key);
        let certificate = leaf.signed_by(&key, &issuer).map_err(failed)?;
        let private = PrivatePkcs8KeyDer::from(key.serialize_der());
        let authorities = authorities.iter().map(|authority| authority.der().clone());
        Self::new(vec![certificate.der().clone()], private.into(), &Verifiers::new(authorities)?)
    }

    /// Credentials that an operator brings, as PEM. The certificate must be of the authority, carry the DNS name
    /// [`PEER_NAME`] and be good for servers and clients. It may have expired: a replica that starts with such a one
    /// shows what it has.
    ///
    /// # Errors
    /// When they are no PEM, or do not belong together.
    pub fn from_pem(certificate: &[u8], key: &[u8], authority: &[u8]) -> Result<Self, CredentialsError> {
        let mut credentials = Self::from_pem_unchecked(certificate, key, authority)?;
        let verifiers = Verifiers::new(certificates(authority, "authority")?)?;
        let chain = certificates(certificate, "certificate")?;
        credentials.expires_at = Some(check_own(&chain, &*verifiers.clients, &*verifiers.servers)?);
        Ok(credentials)
    }

    /// The same, whether or not any other replica takes the certificate.
    pub(crate) fn from_pem_unchecked(
        certificate: &[u8],
        key: &[u8],
        authority: &[u8],
    ) -> Result<Self, CredentialsError> {
        let chain = certificates(certificate, "certificate")?;
        let verifiers = Verifiers::new(certificates(authority, "authority")?)?;
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| CredentialsError(format!("key: {e}")))?;
        Self::new(chain, key, &verifiers)
    }

    /// How long an operator's certificate is valid yet, in seconds: below 0 if it is not any more. None for one that is
    /// made of the secret at each start.
    pub fn expires_in_secs(&self, wall_ms: u64) -> Option<i64> {
        let signed = |seconds: u64| i64::try_from(seconds).unwrap_or(i64::MAX);
        Some(signed(self.expires_at?) - signed(wall_ms / 1000))
    }

    fn new(
        chain: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
        verifiers: &Verifiers,
    ) -> Result<Self, CredentialsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut server = ServerConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_client_cert_verifier(verifiers.clients.clone())
            .with_single_cert(chain.clone(), key.clone_key())
            .map_err(failed)?;
        server.alpn_protocols = vec![ALPN_HTTP2.to_vec()];
        let mut client = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_webpki_verifier(verifiers.servers.clone())
            .with_client_auth_cert(chain, key)
            .map_err(failed)?;
        client.alpn_protocols = vec![ALPN_HTTP2.to_vec()];
        Ok(Self { server: Arc::new(server), client: Arc::new(client), expires_at: None })
    }
}

/// Who decides which certificates of others are taken.
struct Verifiers {
    clients: Arc<NamedClients>,
    servers: Arc<WebPkiServerVerifier>,
}

impl Verifiers {
    fn new(authorities: impl IntoIterator<Item = CertificateDer<'static>>) -> Result<Self, CredentialsError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        for authority in authorities {
            roots.add(authority).map_err(failed)?;
        }
        let roots = Arc::new(roots);
        let clients = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone());
        let servers = WebPkiServerVerifier::builder_with_provider(roots, provider);
        Ok(Self {
            clients: Arc::new(NamedClients(clients.build().map_err(failed)?)),
            servers: servers.build().map_err(failed)?,
        })
    }
}

fn authority_params() -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named("boxoffice replicas");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params
}

fn derive_key(secret: &[u8]) -> Result<KeyPair, CredentialsError> {
    struct Seed;
    impl KeyType for Seed {
        fn len(&self) -> usize {
            SEED_BYTES
        }
    }
    let mut der = PKCS8_ED25519.to_vec();
    der.resize(PKCS8_ED25519.len() + SEED_BYTES, 0);
    let pseudo_random = Salt::new(HKDF_SHA256, &[]).extract(secret);
    let expanded =
        pseudo_random.expand(DERIVATION, Seed).and_then(|okm| okm.fill(&mut der[PKCS8_ED25519.len()..]));
    expanded.map_err(|_| CredentialsError("the secret gives no key".to_owned()))?;
    KeyPair::from_pkcs8_der_and_sign_algo(&PrivatePkcs8KeyDer::from(der), &PKCS_ED25519).map_err(failed)
}

fn certificates(pem: &[u8], what: &str) -> Result<Vec<CertificateDer<'static>>, CredentialsError> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match found {
        Ok(found) if found.is_empty() => Err(CredentialsError(format!("{what}: no certificate in it"))),
        Ok(found) => Ok(found),
        Err(e) => Err(CredentialsError(format!("{what}: {e}"))),
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

fn failed(error: impl std::fmt::Display) -> CredentialsError {
    CredentialsError(error.to_string())
}
