//! Who is asking, and the secrets that answer it: passwords, tokens, keys and sealed records.
//!
//! Pure building blocks: nothing here knows HTTP, the store or the log, and none of it reads a clock.
//! Handlers use it before a command is made, so that what it computes travels inside the command.

mod argon2id;
mod cluster_secret;
mod crypto_provider;
mod email;
mod hasher;
mod keys;
mod one_time_token;
mod operator_secret;
mod password;
mod random;
mod seal;
mod secret;
mod secret_file;
mod sign_in_failures;
mod token;
mod webhook_secret;

pub use cluster_secret::{
    CLUSTER_SECRET_ALSO_ENV, CLUSTER_SECRET_ENV, CLUSTER_SECRET_FILE, ClusterSecret, ClusterSecretError,
    DataState,
};
pub use email::{EmailFault, NormalisedEmail};
pub use hasher::{HASHER_RETRY_AFTER, HashError, Hasher, HasherLimits, Verified};
pub use keys::{KEY_SETTLE_MS, Keyring, KeyringFault, SealedSigningKey};
pub use one_time_token::{OneTimeToken, OneTimeTokenHash};
pub use operator_secret::{OperatorSecret, OperatorSecretHash};
pub use password::{PasswordFault, check_new_password};
pub use random::NoRandomness;
pub use seal::{CannotOpen, Purpose, Sealer};
pub use secret::Secret;
pub use secret_file::{SecretFileError, read_secret_file};
pub use sign_in_failures::SignInFailures;
pub use token::{Claims, InvalidToken, Tokens};
pub use webhook_secret::{WebhookSecret, WebhookSignature};
