//! Secrets that lie in files.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use super::secret::Secret;

/// More than any sensible secret; what is longer is some other file.
pub(super) const SECRET_MAX_BYTES: u64 = 4096;

/// The bits of a mode that let somebody else in.
const OTHERS_MODE: u32 = 0o077;

/// Why there is no secret to be had from a file. One line, naming the file.
#[derive(Debug, Error)]
pub enum SecretFileError {
    /// The file is open to others.
    #[error("{path} can be read or written by others than its owner (mode {mode:04o}): run chmod 600 on it")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file is too long, or no text.
    #[error("{path} holds no secret")]
    NoSecret {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// The text in a file that nobody but its owner can read or write. White space around it is not part of it.
///
/// # Errors
/// [`SecretFileError`].
pub fn read_secret_file(path: &Path) -> Result<Secret<String>, SecretFileError> {
    let io = |source| SecretFileError::Io { path: path.to_owned(), source };
    let no_secret = || SecretFileError::NoSecret { path: path.to_owned() };
    let file = File::open(path).map_err(io)?;
    // Of the open file, not of the path, which may mean another by now.
    let mode = file.metadata().map_err(io)?.permissions().mode() & 0o7777;
    if mode & OTHERS_MODE != 0 {
        return Err(SecretFileError::Exposed { path: path.to_owned(), mode });
    }
    let mut text = Zeroizing::new(String::new());
    match file.take(SECRET_MAX_BYTES + 1).read_to_string(&mut text) {
        Ok(bytes) if bytes as u64 <= SECRET_MAX_BYTES => Ok(Secret::new(text.trim().to_owned())),
        Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(io(error)),
        _ => Err(no_secret()),
    }
}
