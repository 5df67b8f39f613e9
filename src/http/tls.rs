//! TLS from a certificate chain and a key in PEM files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Why TLS cannot start. One line, naming the file.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file cannot be read, or holds something that is not PEM.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: pem::Error,
    },
    /// The certificate file holds no certificate.
    #[error("{}: no certificate in it", .0.display())]
    NoCertificate(PathBuf),
    /// The key file holds no private key.
    #[error("{}: no private key in it", .0.display())]
    NoKey(PathBuf),
    /// The key does not fit the certificate, or is of a kind that is not supported.
    #[error("{} and {}: {reason}", certificate.display(), key.display())]
    Unusable {
        /// The certificate file.
        certificate: PathBuf,
        /// The key file.
        key: PathBuf,
        /// What is wrong with them.
        reason: rustls::Error,
    },
}

/// Loads a server's certificate chain (its own first) and private key; offers HTTP/2 and HTTP/1.1.
///
/// # Errors
/// [`TlsError`], naming the file that is to blame.
pub fn load(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let chain = read_chain(certificate)?;
    let private_key = read_key(key)?;
    let unusable = |reason| TlsError::Unusable { certificate: certificate.into(), key: key.into(), reason };
    // Named, not taken from the process-wide default: that one may be unset.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private_key))
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let unreadable = |reason| TlsError::Unreadable { path: path.into(), reason };
    let chain: Vec<_> = CertificateDer::pem_file_iter(path)
        .map_err(unreadable)?
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    if chain.is_empty() { Err(TlsError::NoCertificate(path.into())) } else { Ok(chain) }
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|reason| match reason {
        pem::Error::NoItemsFound => TlsError::NoKey(path.into()),
        reason => TlsError::Unreadable { path: path.into(), reason },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_one_line_that_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let made = |name: &str| rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let (ours, theirs) = (made("a.example"), made("b.example"));
        let certificate = file("cert.pem", &ours.cert.pem());
        let key = file("key.pem", &ours.signing_key.serialize_pem());
        let other_key = file("other.pem", &theirs.signing_key.serialize_pem());
        let empty = file("empty.pem", "");
        let missing = dir.path().join("missing.pem");
        assert!(load(&certificate, &key).is_ok());
        for (certificate, key, named) in [
            (&missing, &key, "missing.pem"),
            (&certificate, &missing, "missing.pem"),
            (&empty, &key, "empty.pem: no certificate"),
            (&certificate, &empty, "empty.pem: no private key"),
            (&certificate, &certificate, "cert.pem: no private key"),
            (&certificate, &other_key, "other.pem"),
        ] {
            let message = load(certificate, key).unwrap_err().to_string();
            assert!(message.contains(named) && !message.contains('\n'), "{message}");
        }
    }
}
