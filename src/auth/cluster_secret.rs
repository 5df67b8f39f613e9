//! The secret that all replicas of a cluster share, and where it comes from.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use thiserror::Error;
use zeroize::Zeroizing;

use super::random::{self, NoRandomness};
use super::secret::Secret;
use super::secret_file::{SecretFileError, read_secret_file};

/// The environment variable that holds the secret.
pub const CLUSTER_SECRET_ENV: &str = "BOXOFFICE_CLUSTER_SECRET";

/// The environment variable that holds another one, which counts as well while the secret is changed.
pub const CLUSTER_SECRET_ALSO_ENV: &str = "BOXOFFICE_CLUSTER_SECRET_ALSO";

/// The file beside the data that holds it otherwise.
pub const CLUSTER_SECRET_FILE: &str = "cluster.secret";

/// Whoever steals a backup can try secrets at leisure: 128 bits, if random, are beyond trying.
const SECRET_MIN_BYTES: usize = 16;

/// The size of a secret that is made here.
const MADE_SECRET_BYTES: usize = 32;

/// For its owner only.
const FILE_MODE: u32 = 0o600;

/// What the keys that seal the state are derived from.
///
/// The file holds text, which counts as the variable's value would: copy it into the variable to make a cluster
/// of what was one replica. White space around it counts in neither.
#[derive(Debug, Clone)]
pub struct ClusterSecret(Secret<String>);

/// What a data directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataState {
    /// Nothing yet.
    Fresh,
    /// A state, in which a secret may have sealed something.
    MayBeSealed,
}

/// Why there is no secret to start with. One line, naming the setting or the file.
#[derive(Debug, Error)]
pub enum ClusterSecretError {
    /// It is too short to protect anything.
    #[error("{variable} must be at least {SECRET_MIN_BYTES} bytes long")]
    TooShort {
        /// Where it was set.
        variable: &'static str,
    },
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
    /// The file holds no secret.
    #[error("{path} holds no cluster secret: restore it from where you keep a copy")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The data was sealed with a secret that is not here.
    #[error("{path} is missing and {CLUSTER_SECRET_ENV} is not set: one of them sealed what the data holds")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read or made.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// There is nothing to make one of.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl ClusterSecret {
    /// The secret beside the data. One is made only if nothing was sealed yet: another one would open nothing, and
    /// stand where the right one belongs.
    ///
    /// # Errors
    /// [`ClusterSecretError`]: a start without the right secret must not go on.
    pub fn load_or_create(data_dir: &Path, data: DataState) -> Result<Self, ClusterSecretError> {
        let path = &data_dir.join(CLUSTER_SECRET_FILE);
        match read(path) {
            Err(ClusterSecretError::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
        if data == DataState::MayBeSealed {
            return Err(ClusterSecretError::Missing { path: path.to_owned() });
        }
        create(path)?;
        // Read back, since another start may have been faster.
        read(path)
    }

    /// The secret in a file that the operator named: unlike the one beside the data it is never made here.
    ///
    /// # Errors
    /// When it is not there, holds no secret, or others may read it.
    pub fn from_named_file(path: &Path) -> Result<Self, ClusterSecretError> {
        read(path)
    }

    /// Takes `text`, without the white space around it, for the secret.
    ///
    /// # Errors
    /// [`ClusterSecretError::TooShort`].
    pub fn new(text: &str) -> Result<Self, ClusterSecretError> {
        let text = text.trim();
        if text.len() < SECRET_MIN_BYTES {
            return Err(ClusterSecretError::TooShort { variable: CLUSTER_SECRET_ENV });
        }
        Ok(Self(Secret::new(text.to_owned())))
    }

    /// The secret itself, for deriving keys from it.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.expose().as_bytes()
    }
}

fn read(path: &Path) -> Result<ClusterSecret, ClusterSecretError> {
    let damaged = |path| ClusterSecretError::Damaged { path };
    let text = read_secret_file(path).map_err(|error| match error {
        SecretFileError::Exposed { path, mode } => ClusterSecretError::Exposed { path, mode },
        SecretFileError::NoSecret { path } => damaged(path),
        SecretFileError::Io { path, source } => ClusterSecretError::Io { path, source },
    })?;
    ClusterSecret::new(text.expose()).map_err(|_| damaged(path.to_owned()))
}

/// Makes the file whole or not at all, and never over one that is there: what it sealed would be lost.
fn create(path: &Path) -> Result<(), ClusterSecretError> {
    let io = |source| ClusterSecretError::Io { path: path.to_owned(), source };
    let bytes = Zeroizing::new(random::bytes::<MADE_SECRET_BYTES>()?);
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes.as_slice()) + "\n");
    let draft = path.with_extension(format!("secret.{:016x}.tmp", u64::from_ne_bytes(random::bytes()?)));
    let published = write_new(&draft, text.as_bytes()).and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    match published {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return removed.map_err(io),
        published => published.and(removed).map_err(io)?,
    }
    sync_dir(path).map_err(io)
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// A name lasts only once its directory is on disk; without it the sealed records would outlive their secret.
fn sync_dir(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use super::*;
    use crate::auth::secret_file::SECRET_MAX_BYTES;

    fn load(dir: &Path) -> Result<ClusterSecret, ClusterSecretError> {
        ClusterSecret::load_or_create(dir, DataState::Fresh)
    }

    fn write(dir: &Path, content: &[u8], mode: u32) -> PathBuf {
        let path = dir.join(CLUSTER_SECRET_FILE);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    #[test]
    fn white_space_around_it_does_not_count_and_a_short_one_is_an_error() {
        assert_eq!(ClusterSecret::new(" sixteen bytes ok \n").unwrap().as_bytes(), b"sixteen bytes ok");
        for text in ["", "fifteen bytes !", "               \n"] {
            let error = ClusterSecret::new(text).unwrap_err();
            assert_eq!(error.to_string(), "BOXOFFICE_CLUSTER_SECRET must be at least 16 bytes long");
        }
    }

    #[test]
    fn the_first_start_makes_one_for_its_owner_only_and_the_next_finds_it() {
        let dir = tempfile::tempdir().unwrap();
        let made = load(dir.path()).unwrap();
        let path = dir.path().join(CLUSTER_SECRET_FILE);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o600);
        assert_eq!(made.as_bytes().len(), 43, "32 bytes in base64url");
        assert_eq!(load(dir.path()).unwrap().as_bytes(), made.as_bytes());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no draft is left");
        let other = tempfile::tempdir().unwrap();
        assert_ne!(load(other.path()).unwrap().as_bytes(), made.as_bytes());
    }

    #[test]
    fn the_files_text_in_the_environment_is_the_same_secret() {
        let dir = tempfile::tempdir().unwrap();
        let made = load(dir.path()).unwrap();
        let text = fs::read_to_string(dir.path().join(CLUSTER_SECRET_FILE)).unwrap();
        assert_eq!(ClusterSecret::new(&text).unwrap().as_bytes(), made.as_bytes());
    }

    #[test]
    fn starts_at_the_same_time_agree() {
        let dir = tempfile::tempdir().unwrap();
        let secrets: Vec<_> = thread::scope(|scope| {
            let starts: Vec<_> = (0..8).map(|_| scope.spawn(|| load(dir.path()).unwrap())).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect()
        });
        assert!(secrets.iter().all(|secret| secret.as_bytes() == secrets[0].as_bytes()));
    }

    #[test]
    fn a_file_that_others_can_read_is_refused_in_one_line_naming_it() {
        let dir = tempfile::tempdir().unwrap();
        for mode in [0o604, 0o640, 0o644, 0o620, 0o666] {
            let path = write(dir.path(), b"a secret that is long enough", mode);
            let error = load(dir.path()).unwrap_err().to_string();
            assert!(error.contains(path.to_str().unwrap()) && !error.contains('\n'), "{error}");
            assert!(error.contains(&format!("{mode:04o}")), "{error}");
        }
        write(dir.path(), b"a secret that is long enough", 0o400);
        assert!(load(dir.path()).is_ok());
    }

    #[test]
    fn a_damaged_file_is_refused_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        for content in [&b""[..], b"short\n", &[0xff; 64], &[b'a'; SECRET_MAX_BYTES as usize + 1]] {
            let path = write(dir.path(), content, FILE_MODE);
            let error = load(dir.path()).unwrap_err();
            assert!(matches!(error, ClusterSecretError::Damaged { .. }), "{error}");
            assert_eq!(fs::read(path).unwrap(), content);
        }
    }

    #[test]
    fn none_is_made_where_one_was_lost() {
        let dir = tempfile::tempdir().unwrap();
        let lost = ClusterSecret::load_or_create(dir.path(), DataState::MayBeSealed).unwrap_err().to_string();
        assert!(lost.contains("cluster.secret is missing and BOXOFFICE_CLUSTER_SECRET is not set"), "{lost}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
        let made = load(dir.path()).unwrap();
        let found = ClusterSecret::load_or_create(dir.path(), DataState::MayBeSealed).unwrap();
        assert_eq!(found.as_bytes(), made.as_bytes());
    }

    #[test]
    fn a_missing_directory_is_named() {
        let error = load(Path::new("/nonexistent/data")).unwrap_err().to_string();
        assert!(error.starts_with("/nonexistent/data/cluster.secret: "), "{error}");
    }

    #[test]
    fn debug_shows_nothing_of_it() {
        assert!(!format!("{:?}", ClusterSecret::new("sixteen bytes ok").unwrap()).contains("sixteen"));
    }
}
