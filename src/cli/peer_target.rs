//! Which replica an operator's command asks over the peers' service, and what it shows there.

use std::path::Path;

use boxoffice_raft::Credentials;
use clap::{Args, Command, FromArgMatches};

use super::{Failure, mistake};
use crate::auth::{CLUSTER_SECRET_ENV, ClusterSecret};
use crate::settings::{ClusterSettings, DEFAULT_PEER_PORT, PeerCertificate, SecretSettings, host_and_port};

/// The replica to ask, and how to be let in.
#[derive(Args, Clone, Debug)]
pub(super) struct PeerTarget {
    /// The peer listener of the replica to ask; without it, this machine's own, as `boxoffice serve` would
    /// have it by the same environment variables (BOXOFFICE_PEER_LISTEN, or Fly's), else 127.0.0.1:4000
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    peer: Option<String>,

    #[command(flatten)]
    secrets: SecretSettings,

    #[command(flatten)]
    certificate: PeerCertificate,
}

impl PeerTarget {
    /// `host:port` to call, and what to show there. What is not on the command line is in the environment.
    ///
    /// # Errors
    /// When the one or the other is not known.
    pub(super) fn resolve(&self) -> Result<(String, Credentials), Failure> {
        let cluster = cluster_from_environment()?;
        let address = match &self.peer {
            Some(address) => address.clone(),
            None => own_address(&cluster)?,
        };
        Ok((address, credentials(&self.certificate, || self.secrets())?))
    }

    fn secrets(&self) -> Result<(ClusterSecret, Option<ClusterSecret>), Failure> {
        let secret = self.secrets.given()?.ok_or_else(|| {
            format!("replicas answer only who has their secret or a certificate: set {CLUSTER_SECRET_ENV}")
        })?;
        Ok((secret, self.secrets.also()?))
    }
}

/// What replicas are shown: the certificate that the settings name, or else one made from the secret. Another secret
/// counts as well while it is changed.
///
/// # Errors
/// When a file can't be read or used, or there is no secret.
pub(super) fn credentials(
    certificate: &PeerCertificate,
    secrets: impl FnOnce() -> Result<(ClusterSecret, Option<ClusterSecret>), Failure>,
) -> Result<Credentials, Failure> {
    match (&certificate.peer_cert, &certificate.peer_key, &certificate.peer_ca) {
        (Some(cert), Some(key), Some(ca)) => {
            let read = |path: &Path| {
                std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
            };
            Ok(Credentials::from_pem(&read(cert)?, &read(key)?, &read(ca)?)?)
        }
        _ => {
            let (secret, also) = secrets()?;
            Ok(Credentials::from_secret(secret.as_bytes(), also.as_ref().map(ClusterSecret::as_bytes))?)
        }
    }
}

/// The settings as a replica on this machine takes them from the environment.
fn cluster_from_environment() -> Result<ClusterSettings, Failure> {
    let no_flags =
        ClusterSettings::augment_args(Command::new("boxoffice")).try_get_matches_from(["boxoffice"]);
    let settings = no_flags.and_then(|matches| ClusterSettings::from_arg_matches(&matches));
    settings.map_err(|error| mistake::line(&error).into())
}

/// Where this machine's own replica listens for others, or would by default.
fn own_address(cluster: &ClusterSettings) -> Result<String, Failure> {
    let Some(placement) = cluster.placement(|name| std::env::var(name).ok())? else {
        return Ok(format!("127.0.0.1:{DEFAULT_PEER_PORT}"));
    };
    let mut listen = placement.listen;
    if listen.ip().is_unspecified() {
        // Here it is reached by the loopback of the same family.
        let loopback =
            if listen.is_ipv4() { [127, 0, 0, 1].into() } else { std::net::Ipv6Addr::LOCALHOST.into() };
        listen.set_ip(loopback);
    }
    Ok(listen.to_string())
}
