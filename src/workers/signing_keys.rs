//! The keys that sign bearer tokens: made at first start, replaced on request, read again when they change.

use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Keyring, KeyringFault, NoRandomness, SealedSigningKey, Sealer};
use crate::domain::{AddSigningKey, Command, SigningKey};
use crate::replica::{OwnCommandError, Replica};
use crate::service::Service;
use crate::store::StoreError;

/// How often to look for keys that another replica added. A new key signs only after a while, so that every
/// replica knows it by then.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Between two looks for a leader that makes the first key.
const WAIT_FOR_KEY: Duration = Duration::from_millis(20);

/// There is no usable key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The keys do not open.
    #[error(transparent)]
    Keyring(#[from] KeyringFault),
    /// The operating system gives no randomness.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The state cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key could not be committed.
    #[error("the signing key could not be committed: {0}")]
    NotCommitted(#[from] OwnCommandError),
}

/// The cluster's keys; the first replica to ask makes one.
///
/// # Errors
/// When the keys cannot be read, opened or made.
pub async fn ensure(replica: &Replica, sealer: &Sealer, session_ttl_ms: u64) -> Result<Keyring, KeyError> {
    loop {
        let keys = replica.view()?.signing_keys()?;
        if !keys.is_empty() {
            return open(keys, sealer);
        }
        match add(replica, sealer, session_ttl_ms, true).await {
            Ok(()) => {}
            // Before the first election there is nobody to ask yet.
            Err(KeyError::NotCommitted(OwnCommandError::Unavailable(_))) => {
                tokio::time::sleep(WAIT_FOR_KEY).await
            }
            Err(error) => return Err(error),
        }
    }
}

/// Adds a key that signs from now on; those before it verify as long as their tokens last.
///
/// # Errors
/// When the key cannot be made or committed.
pub async fn rotate(service: &Service) -> Result<(), KeyError> {
    add(&service.replica, &service.sealer, service.rules.session_ttl_ms(), false).await?;
    refresh(service)
}

/// Reads the keys again whenever they change.
pub(super) async fn run(service: Arc<Service>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if let Err(error) = refresh(&service) {
            tracing::error!(%error, "cannot read the signing keys again");
        }
    }
}

fn refresh(service: &Service) -> Result<(), KeyError> {
    let keys = service.replica.view()?.signing_keys()?;
    if !service.tokens.keyring().has_exactly(keys.iter().map(|key| key.kid.as_str())) {
        let keyring = open(keys, &service.sealer)?;
        tracing::info!(?keyring, "the signing keys changed");
        service.tokens.set_keyring(keyring);
    }
    Ok(())
}

fn open(keys: Vec<SigningKey>, sealer: &Sealer) -> Result<Keyring, KeyError> {
    let keyring = Keyring::open(&sealed_keys(keys)?, sealer)?;
    for kid in keyring.unopened() {
        tracing::warn!(
            kid,
            "sealed with a secret that is not here: this key's tokens are good, and it signs no more"
        );
    }
    Ok(keyring)
}

async fn add(
    replica: &Replica,
    sealer: &Sealer,
    session_ttl_ms: u64,
    only_if_none: bool,
) -> Result<(), KeyError> {
    let key = SealedSigningKey::generate(sealer, replica.now_ms())?;
    let command = AddSigningKey {
        kid: key.kid,
        public: key.public.to_vec(),
        sealed: key.sealed,
        only_if_none,
        // A token that the old key signs until the new one takes over lasts as long as a session.
        overlap_ms: session_ttl_ms.saturating_add(2 * crate::auth::KEY_SETTLE_MS),
    };
    replica.submit_own(Command::AddSigningKey(command)).await?;
    Ok(())
}

fn sealed_keys(keys: Vec<SigningKey>) -> Result<Vec<SealedSigningKey>, KeyError> {
    keys.into_iter()
        .map(|key| {
            let public =
                key.public.try_into().map_err(|_| KeyringFault::Mismatch { kid: key.kid.clone() })?;
            Ok(SealedSigningKey {
                kid: key.kid,
                public,
                sealed: key.sealed,
                created_at_ms: key.created_at_ms,
            })
        })
        .collect()
}
