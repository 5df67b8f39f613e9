//! A file that nobody else may read, and that has its name only once all of it is there and durable.

use std::fs::File;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::Failure;

/// A file that is being written, beside the name that it is to have: giving it that moves nothing. It is removed if it
/// is dropped before.
pub(super) struct NewFile {
    out: PathBuf,
    name: TempPath,
    existing: Existing,
}

/// What is done about a file that has the name already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// It is left alone.
    Keep,
    /// It is left alone, for nobody said `--force`.
    KeepUnlessForced,
    /// It is replaced.
    Replace,
}

impl NewFile {
    /// Begins a file that is to be called `out`.
    ///
    /// # Errors
    /// When there is one of that name that is to be kept, or no file can be made there.
    pub(super) fn begin(out: &Path, existing: Existing) -> Result<(File, Self), Failure> {
        if existing != Existing::Replace && out.symlink_metadata().is_ok() {
            return Err(exists(out, existing));
        }
        let name = out.file_name().ok_or_else(|| format!("{} is no file's name", out.display()))?;
        let prefix = format!(".{}.", name.to_string_lossy());
        let made = tempfile::Builder::new().prefix(&prefix).suffix(".partial").tempfile_in(directory(out));
        let made: NamedTempFile = made.map_err(|error| cannot_write(out, &error))?;
        let (file, name) = made.into_parts();
        Ok((file, Self { out: out.to_owned(), name, existing }))
    }

    /// Gives it its name, durably.
    ///
    /// # Errors
    /// When it cannot be written, or somebody made one of that name meanwhile.
    pub(super) fn finish(self, file: &File) -> Result<(), Failure> {
        let Self { out, name, existing } = self;
        file.sync_all().map_err(|error| cannot_write(&out, &error))?;
        let replaces = existing == Existing::Replace;
        let named = if replaces { name.persist(&out) } else { name.persist_noclobber(&out) };
        named.map_err(|error| match error.error.kind() {
            std::io::ErrorKind::AlreadyExists => exists(&out, existing),
            _ => cannot_write(&out, &error.error),
        })?;
        // A name is durable only with its directory.
        let synced = File::open(directory(&out)).and_then(|directory| directory.sync_all());
        synced.map_err(|error| cannot_write(&out, &error))
    }
}

fn directory(out: &Path) -> &Path {
    out.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn exists(out: &Path, existing: Existing) -> Failure {
    let or_force = if existing == Existing::KeepUnlessForced { ", or say --force" } else { "" };
    format!("{} exists already: name another file{or_force}", out.display()).into()
}

/// Why a file could not be written, in one line.
pub(super) fn cannot_write(out: &Path, error: &std::io::Error) -> Failure {
    format!("cannot write {}: {error}", out.display()).into()
}
