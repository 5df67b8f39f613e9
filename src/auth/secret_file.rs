//! Secrets that lie in files.
//!
//! A file on a disk that others share is for its owner alone. One that Docker or Kubernetes mounts for this service is
//! readable by everybody in its container (0444, 0644), where there is nobody else, and no mode that its user chooses: who
//! sees it was decided by who mounted it. No file may be one that others can write: they would choose the secret.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{StatVfsMountFlags, fstatvfs};
use thiserror::Error;
use zeroize::Zeroizing;

use super::secret::Secret;

/// More than any sensible secret; what is longer is some other file.
pub(super) const SECRET_MAX_BYTES: u64 = 4096;

/// The bits of a mode that let somebody else write.
const OTHERS_WRITE: u32 = 0o022;

/// The bits of a mode that let somebody else in.
const OTHERS_MODE: u32 = 0o077;

/// Where Docker mounts secrets. Only root can put anything there.
const SECRET_MOUNTS: [&str; 2] = ["/run/secrets", "/var/run/secrets"];

const ROOT: u32 = 0;

/// Why there is no secret to be had from a file. One line, naming the file.
#[derive(Debug, Error)]
pub enum SecretFileError {
    /// The file is open to others.
    #[error(
        "{path} can be read or written by others than its owner (mode {mode:04o}): run chmod 600 on it, or mount it \
         read-only"
    )]
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

/// The text in a file that nobody but its owner can read or write, or that was mounted for this service and that nobody
/// but its owner can write. White space around it is not part of it.
///
/// # Errors
/// [`SecretFileError`].
pub fn read_secret_file(path: &Path) -> Result<Secret<String>, SecretFileError> {
    let io = |source| SecretFileError::Io { path: path.to_owned(), source };
    let no_secret = || SecretFileError::NoSecret { path: path.to_owned() };
    let file = File::open(path).map_err(io)?;
    // Of the open file, not of the path, which may mean another by now.
    let metadata = file.metadata().map_err(io)?;
    let found = Found {
        mode: metadata.mode() & 0o7777,
        owner: metadata.uid(),
        is_in_secrets: path
            .canonicalize()
            .is_ok_and(|real| SECRET_MOUNTS.iter().any(|mount| real.starts_with(mount))),
        // What cannot be asked is no reason to trust it.
        is_read_only: fstatvfs(&file).is_ok_and(|found| found.f_flag.contains(StatVfsMountFlags::RDONLY)),
    };
    if !found.is_for_us_alone() {
        return Err(SecretFileError::Exposed { path: path.to_owned(), mode: found.mode });
    }
    let mut text = Zeroizing::new(String::new());
    match file.take(SECRET_MAX_BYTES + 1).read_to_string(&mut text) {
        Ok(bytes) if bytes as u64 <= SECRET_MAX_BYTES => Ok(Secret::new(text.trim().to_owned())),
        Err(error) if error.kind() != io::ErrorKind::InvalidData => Err(io(error)),
        _ => Err(no_secret()),
    }
}

/// What there is to know of who else may have the secret.
#[derive(Clone, Copy)]
struct Found {
    mode: u32,
    owner: u32,
    is_in_secrets: bool,
    /// The file system that it lies on is mounted read-only here.
    is_read_only: bool,
}

impl Found {
    fn is_for_us_alone(self) -> bool {
        let is_mounted_for_us = self.is_read_only || self.is_in_secrets && self.owner == ROOT;
        self.mode & OTHERS_WRITE == 0 && (self.mode & OTHERS_MODE == 0 || is_mounted_for_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ON_DISK: Found = Found { mode: 0o600, owner: 1_000, is_in_secrets: false, is_read_only: false };

    fn passes(mode: u32, found: Found) -> bool {
        Found { mode, ..found }.is_for_us_alone()
    }

    #[test]
    fn on_a_disk_it_is_its_owners_alone() {
        let of_root = Found { owner: ROOT, ..ON_DISK };
        for found in [ON_DISK, of_root] {
            assert!([0o600, 0o400].into_iter().all(|mode| passes(mode, found)));
            assert!([0o644, 0o444, 0o640, 0o601].into_iter().all(|mode| !passes(mode, found)));
        }
    }

    #[test]
    fn what_is_mounted_for_the_service_may_be_readable() {
        // Docker: 0444, root's, below /run/secrets. Kubernetes: 0644, or 0640 with a group, on a read-only file system.
        // Compose: a file of the host as it is there, read-only.
        let docker = Found { owner: ROOT, is_in_secrets: true, ..ON_DISK };
        let read_only = Found { is_read_only: true, ..ON_DISK };
        for found in [docker, read_only] {
            assert!([0o444, 0o644, 0o640].into_iter().all(|mode| passes(mode, found)));
        }
        let somebodys = Found { is_in_secrets: true, ..ON_DISK };
        assert!(!passes(0o444, somebodys), "who put it there is not known");
    }

    #[test]
    fn what_others_can_write_is_no_secret_wherever_it_is() {
        let everything = Found { owner: ROOT, is_in_secrets: true, is_read_only: true, ..ON_DISK };
        assert!([0o666, 0o620, 0o602].into_iter().all(|mode| !passes(mode, everything)));
    }
}
