//! The one source of randomness for secrets: the operating system's, through ring.

use ring::rand::{SecureRandom, SystemRandom};
use thiserror::Error;

/// The operating system gave no randomness. Nothing secret can be made without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the operating system gave no randomness")]
pub struct NoRandomness;

/// The generator, for calls that want to draw for themselves.
pub(super) fn source() -> SystemRandom {
    SystemRandom::new()
}

/// `N` fresh random bytes.
pub(super) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    source().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}
