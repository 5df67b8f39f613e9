//! The secret that all replicas of a cluster share, as it is given.

use std::path::PathBuf;

use clap::Args;

use crate::auth::{CLUSTER_SECRET_ALSO_ENV, ClusterSecret, ClusterSecretError, Secret};

/// The secret that all replicas of a cluster share, and another one while it is changed.
#[derive(Args, Clone, Debug)]
pub struct SecretSettings {
    /// Secret that all replicas of a cluster share, at least 16 bytes: they know each other by it, and it seals the
    /// keys in the data. A replica that is alone makes one beside its data if it is given none
    #[arg(long, env = "BOXOFFICE_CLUSTER_SECRET", value_name = "SECRET", hide_env_values = true)]
    cluster_secret: Option<Secret<String>>,

    /// File that holds that secret instead
    #[arg(
        long,
        env = "BOXOFFICE_CLUSTER_SECRET_FILE",
        value_name = "FILE",
        conflicts_with = "cluster_secret"
    )]
    cluster_secret_file: Option<PathBuf>,

    /// Another secret that counts as well, while the secret is changed: who shows it is let in, and what it sealed
    /// opens
    #[arg(long, env = "BOXOFFICE_CLUSTER_SECRET_ALSO", value_name = "SECRET", hide_env_values = true)]
    cluster_secret_also: Option<Secret<String>>,

    /// File that holds that other secret instead
    #[arg(
        long,
        env = "BOXOFFICE_CLUSTER_SECRET_ALSO_FILE",
        value_name = "FILE",
        conflicts_with = "cluster_secret_also"
    )]
    cluster_secret_also_file: Option<PathBuf>,
}

impl SecretSettings {
    /// The secret, if one is given.
    ///
    /// # Errors
    /// When it is too short, or the file that should hold it does not, or shows it to others.
    pub fn given(&self) -> Result<Option<ClusterSecret>, ClusterSecretError> {
        read(self.cluster_secret.as_ref(), self.cluster_secret_file.as_ref())
    }

    /// The other one that counts as well, if there is one.
    ///
    /// # Errors
    /// As for [`given`](Self::given).
    pub fn also(&self) -> Result<Option<ClusterSecret>, ClusterSecretError> {
        let also = read(self.cluster_secret_also.as_ref(), self.cluster_secret_also_file.as_ref());
        also.map_err(|error| match error {
            ClusterSecretError::TooShort { .. } => {
                ClusterSecretError::TooShort { variable: CLUSTER_SECRET_ALSO_ENV }
            }
            other => other,
        })
    }
}

fn read(
    said: Option<&Secret<String>>,
    file: Option<&PathBuf>,
) -> Result<Option<ClusterSecret>, ClusterSecretError> {
    match (said, file) {
        (Some(secret), _) => ClusterSecret::new(secret.expose()).map(Some),
        (None, Some(path)) => ClusterSecret::from_named_file(path).map(Some),
        (None, None) => Ok(None),
    }
}
