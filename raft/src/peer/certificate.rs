//! What a replica's certificate has to be, whoever shows it, and what is wrong with one that is not.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    AlertDescription, CertificateError, DigitallySignedStruct, DistinguishedName, Error, SignatureScheme,
};

use super::credentials::{CredentialsError, PEER_NAME};

/// After the last time that a certificate can name: the year 10000.
const END_OF_TIME_SECS: u64 = 253_402_300_800;

/// Lets in who shows a certificate of the authority for the name that all replicas have: an authority may sign
/// others' certificates too.
#[derive(Debug)]
pub(super) struct NamedClients(pub(super) Arc<dyn ClientCertVerifier>);

impl ClientCertVerifier for NamedClients {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        self.0.root_hint_subjects()
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let verified = self.0.verify_client_cert(end_entity, intermediates, now)?;
        verify_server_name(&ParsedCertificate::try_from(end_entity)?, &peer_name())?;
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// The name under which every replica is asked for.
pub(super) fn peer_name() -> ServerName<'static> {
    ServerName::try_from(PEER_NAME).expect("the name is a DNS name")
}

/// Checks a replica's own certificates as others will, at a time at which they are valid. Returns when the first of them
/// expires, in seconds since the Unix epoch.
///
/// # Errors
/// When no other replica would take them.
pub(super) fn check_own(
    chain: &[CertificateDer<'_>],
    clients: &dyn ClientCertVerifier,
    servers: &dyn ServerCertVerifier,
) -> Result<u64, CredentialsError> {
    let Some((own, intermediates)) = chain.split_first() else {
        return Err(CredentialsError::new("certificate: there is none"));
    };
    let taken_at = |seconds: u64| {
        let at = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        clients.verify_client_cert(own, intermediates, at)?;
        servers.verify_server_cert(own, intermediates, &peer_name(), &[], at)
    };
    // A certificate says when it expires only to whoever asks later.
    let mut at = END_OF_TIME_SECS;
    loop {
        match taken_at(at) {
            Ok(_) => return Ok(at),
            Err(Error::InvalidCertificate(CertificateError::ExpiredContext { not_after, .. }))
                if not_after.as_secs() < at =>
            {
                at = not_after.as_secs();
            }
            Err(error) => return Err(CredentialsError::new(format!("certificate: {}", own_fault(&error)))),
        }
    }
}

fn own_fault(error: &Error) -> String {
    let Error::InvalidCertificate(fault) = error else { return error.to_string() };
    match fault {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            format!("it is not for the DNS name {PEER_NAME}")
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not good for both servers and clients".to_owned()
        }
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            "it is not of the given authority".to_owned()
        }
        _ => error.to_string(),
    }
}

/// Why a connection failed, if that is because one side does not take the certificate of the other. Words about the one
/// at the other end, for a line's end.
pub(super) fn strangeness(error: &io::Error) -> Option<&'static str> {
    const OTHER_AUTHORITY: &str = "does not have this cluster's secret or certificate authority";
    let rustls = error.get_ref().and_then(|source| source.downcast_ref::<Error>())?;
    Some(match rustls {
        Error::InvalidCertificate(fault) => match fault {
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "shows a certificate that is not for the name boxoffice-peer"
            }
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => "shows a certificate that is not valid now",
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                "shows a certificate that is not good for both servers and clients"
            }
            _ => OTHER_AUTHORITY,
        },
        Error::NoCertificatesPresented
        | Error::AlertReceived(
            AlertDescription::UnknownCA
            | AlertDescription::CertificateRequired
            | AlertDescription::DecryptError,
        ) => OTHER_AUTHORITY,
        Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown,
        ) => "does not take the certificate that it is shown",
        _ => return None,
    })
}
