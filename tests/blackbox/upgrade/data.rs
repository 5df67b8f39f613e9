//! What is kept of each release, and digests of states.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use boxoffice::machine::Machine;
use boxoffice::metrics::Metrics;
use boxoffice_raft::testing::free_addresses;
use boxoffice_raft::{Committed, LogTime, LoggedEntry, StateMachine, digest, inspect, read_log};
use redb::backends::InMemoryBackend;
use redb::{Database, ReadTransaction, ReadableDatabase};
use serde_json::Value;
use tempfile::TempDir;

/// With which all of it is sealed. It opens nothing else.
pub(super) const SECRET: (&str, &str) =
    ("BOXOFFICE_CLUSTER_SECRET", "opens the data of tests/upgrade and nothing else");
/// The files of a replica that are kept, packed.
pub(super) const FILES: [&str; 2] = ["log.redb", "state.redb"];
/// Where they are as `kill -9` left them.
pub(super) const KILLED: &str = "killed";
pub(super) const BACKUP: &str = "boxoffice.backup";
pub(super) const DIGEST: &str = "digest";
pub(super) const EXPECTED: &str = "expected.json";

/// What one version wrote.
pub(super) struct Release {
    pub(super) version: String,
    directory: PathBuf,
}

/// Where all of them are.
pub(super) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/upgrade")
}

/// All that are kept, the oldest first.
pub(super) fn releases() -> Vec<Release> {
    let entries = std::fs::read_dir(root()).expect("it is there").map(|entry| entry.expect("reads").path());
    let releases = entries.filter(|path| path.is_dir()).map(|directory| {
        let version = directory.file_name().expect("a name").to_string_lossy().into_owned();
        (numbers(&version), Release { version, directory })
    });
    releases.collect::<BTreeMap<_, _>>().into_values().collect()
}

fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|number| number.parse().expect("a version of three numbers")).collect()
}

impl Release {
    /// The bytes of all its files.
    pub(super) fn bytes(&self) -> u64 {
        let of = |directory: &Path| -> u64 {
            let entries = std::fs::read_dir(directory).expect("it is there");
            let metadata = entries.map(|entry| entry.and_then(|entry| entry.metadata()).expect("metadata"));
            metadata.filter(std::fs::Metadata::is_file).map(|file| file.len()).sum()
        };
        of(&self.directory) + of(&self.directory.join(KILLED))
    }

    /// A copy of its data directory, as a stop in order left it.
    pub(super) fn stopped(&self) -> TempDir {
        unpack(&self.directory)
    }

    /// The same, as `kill -9` left it, a moment before.
    pub(super) fn killed(&self) -> TempDir {
        unpack(&self.directory.join(KILLED))
    }

    /// What its state was when it was stopped, and its log is to make again.
    pub(super) fn digest(&self) -> String {
        std::fs::read_to_string(self.directory.join(DIGEST)).expect("it is kept")
    }

    /// A backup that was made of it.
    pub(super) fn backup(&self) -> PathBuf {
        self.directory.join(BACKUP)
    }

    /// What it showed.
    pub(super) fn expected(&self) -> Value {
        let text = std::fs::read(self.directory.join(EXPECTED)).expect("it is kept");
        serde_json::from_slice(&text).expect("JSON")
    }
}

fn unpack(from: &Path) -> TempDir {
    let data = tempfile::tempdir().expect("a directory");
    for name in FILES {
        let packed = std::fs::read(from.join(format!("{name}.lz4"))).expect("it is kept");
        let bytes = lz4_flex::decompress_size_prepended(&packed).expect("as it was packed");
        std::fs::write(data.path().join(name), bytes).expect("written");
    }
    data
}

/// The digest of the state of a stopped replica.
pub(super) fn digest_of(data_dir: &Path) -> String {
    let store = inspect(data_dir).expect("whole");
    assert_eq!(store.applied_index, store.last_log_index, "stopped in order, the state is as far as the log");
    shown(&store.view().expect("it can be read"))
}

/// The digest of the state that the log of a stopped replica makes from nothing.
pub(super) fn digest_of_log(data_dir: &Path) -> String {
    let mut entries: Vec<LoggedEntry> = Vec::new();
    read_log(data_dir, |entry| entries.push(entry)).expect("every entry can be read");
    assert_eq!(entries.first().map(|entry| entry.index), Some(0), "nothing was dropped");
    let database = Database::builder().create_with_backend(InMemoryBackend::new()).expect("memory");
    let mut machine = Machine::new(Arc::default(), Arc::default(), Arc::new(Metrics::default()));
    let mut now = LogTime::default();
    for LoggedEntry { index, stamp, command, .. } in &entries {
        now = now.max(*stamp);
        let Some(command) = command else { continue };
        let txn = database.begin_write().expect("memory");
        let committed = [Committed { index: *index, at: now, command }];
        machine.apply(&txn, &committed).unwrap_or_else(|error| panic!("log entry {index}: {error}"));
        txn.commit().expect("memory");
    }
    shown(&database.begin_read().expect("memory"))
}

/// A table without rows does not count: another version need not have it.
fn shown(txn: &ReadTransaction) -> String {
    let mut digest = digest(txn).expect("it can be read");
    digest.tables.retain(|table| table.rows > 0);
    digest.to_string()
}

/// An address at which nobody listens.
pub(super) fn free_address() -> String {
    free_addresses(1)[0].to_string()
}
