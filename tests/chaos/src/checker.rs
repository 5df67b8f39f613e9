//! Compares all that clients were told with what the stores of the stopped replicas hold.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use boxoffice_raft::{
    BackupInspection, Digest, Inspection, LoggedEntry, ReadView, StorageError, digest, inspect,
    inspect_backup, read_log,
};

use crate::cluster::Cluster;
use crate::creations::made_too_often;
use crate::expected::{contradiction, misreading};
use crate::history::Operation;
use crate::operator::TakenBackup;
use crate::real_time::{disagreements, known, made_twice, without_place};
use crate::replay::{Applied, replay, view};

/// What was found.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What must not be, in words.
    pub violations: Vec<String>,
    /// Operations that were sent.
    pub sent: usize,
    /// Changes that the log decided, and the answers told so.
    pub writes: usize,
    /// Reads that were answered.
    pub reads: usize,
    /// Operations of which no answer tells what became of them.
    pub unknown: usize,
    /// Those of them under a key that the log has.
    pub settled: usize,
    /// Entries of the log.
    pub entries: usize,
}

/// One disk of a replica.
struct Disk {
    replica: usize,
    path: PathBuf,
    is_present: bool,
    inspection: Inspection,
}

/// Something that holds the whole state of one index.
struct StateCopy<'a> {
    name: String,
    index: u64,
    view: Box<dyn Fn() -> Result<ReadView, StorageError> + 'a>,
}

impl Verdict {
    /// Panics with all that was found, and keeps the files.
    ///
    /// # Panics
    /// If there is anything.
    pub fn expect_nothing(&self, cluster: &mut Cluster) {
        if !self.violations.is_empty() {
            panic!("{}\nfiles: {}", self.violations.join("\n"), cluster.keep().display());
        }
    }

    /// Adds what `found` says, with what it is about.
    fn add(&mut self, about: impl std::fmt::Debug, found: Option<String>) {
        self.violations.extend(found.map(|found| format!("{found}: {about:?}")));
    }
}

/// Checks a cluster whose processes have all ended.
///
/// # Errors
/// When a store can't be read for another reason than damage.
pub fn check(binary: &Path, cluster: &Cluster, operations: &[Operation]) -> anyhow::Result<Verdict> {
    let mut verdict = Verdict { sent: operations.len(), ..Verdict::default() };
    let disks = open_disks(cluster, &mut verdict)?;
    check_identities(&disks, &mut verdict);
    let log = merge_logs(&disks, &mut verdict)?;
    verdict.entries = log.len();
    let (scratch, mut copies) = (tempfile::tempdir()?, Vec::new());
    for (number, backup) in cluster.backups().iter().enumerate() {
        let unpacked = scratch.path().join(number.to_string());
        std::fs::create_dir(&unpacked)?;
        copies.extend(open_backup(backup, &unpacked, &mut verdict)?);
    }
    copies.extend(disks.iter().map(StateCopy::of_disk));
    check_answers(copies, &log, operations, &mut verdict)?;
    verdict.violations.extend(disagreements(operations));
    verdict.violations.extend(made_twice(operations));
    for disk in disks {
        let path = disk.path;
        drop(disk.inspection);
        if disk.is_present {
            verify(binary, &path, &mut verdict)?;
        }
    }
    Ok(verdict)
}

fn open_disks(cluster: &Cluster, verdict: &mut Verdict) -> anyhow::Result<Vec<Disk>> {
    let mut disks = Vec::new();
    for (replica, path) in cluster.disks() {
        let is_present = path == cluster.data_dir(replica);
        match inspect(&path) {
            Ok(inspection) => disks.push(Disk { replica, path, is_present, inspection }),
            // One that was taken away may have been nobody's yet.
            Err(_) if !is_present => {}
            Err(error) => verdict.violations.push(format!("replica {replica}: {}: {error}", path.display())),
        }
    }
    ensure!(!disks.is_empty(), "there is no store to check: {:?}", verdict.violations);
    Ok(disks)
}

/// The state of a backup, which has to have all that anybody was told of before it was asked for.
fn open_backup(
    backup: &TakenBackup,
    scratch: &Path,
    verdict: &mut Verdict,
) -> anyhow::Result<Option<StateCopy<'static>>> {
    let name = format!("the state of {}", backup.file.display());
    match inspect_backup(BufReader::new(File::open(&backup.file)?), scratch, |_| ()) {
        Ok(inspection) => {
            let index = inspection.summary.index;
            if index < backup.told {
                verdict
                    .violations
                    .push(format!("{name} is of index {index}, and {} was told of", backup.told));
            }
            Ok(Some(StateCopy { name, index, view: Box::new(move || BackupInspection::view(&inspection)) }))
        }
        Err(error) => {
            verdict.violations.push(format!("{name}: {error}"));
            Ok(None)
        }
    }
}

impl<'a> StateCopy<'a> {
    fn of_disk(disk: &'a Disk) -> Self {
        Self {
            name: format!("the state of replica {}", disk.replica),
            index: disk.inspection.applied_index.unwrap_or(0),
            view: Box::new(|| disk.inspection.view()),
        }
    }

    /// A table without rows need not be there.
    fn rows(&self) -> anyhow::Result<Digest> {
        rows_of(&(self.view)()?)
    }
}

fn rows_of(view: &ReadView) -> anyhow::Result<Digest> {
    let mut digest = digest(view)?;
    digest.tables.retain(|table| table.rows > 0);
    Ok(digest)
}

/// One cluster, and one disk for each id in it; all have given out the same ids.
fn check_identities(disks: &[Disk], verdict: &mut Verdict) {
    let mut ids = BTreeMap::new();
    for disk in disks {
        let (node, cluster) = (disk.inspection.node_id, disk.inspection.cluster_id);
        if let Some(other) = ids.insert(node, &disk.path) {
            verdict.violations.push(format!(
                "node id {node} was used twice: {} and {}",
                other.display(),
                disk.path.display()
            ));
        }
        if cluster != disks[0].inspection.cluster_id {
            verdict
                .violations
                .push(format!("replica {} is of another cluster, {cluster:032x}", disk.replica));
        }
    }
    let present = || disks.iter().filter(|disk| disk.is_present).map(|disk| &disk.inspection);
    let given: BTreeSet<_> = present().map(|found| (found.applied_index, found.last_node_id)).collect();
    if given.iter().any(|(index, last)| given.iter().any(|(i, l)| i == index && l != last)) {
        verdict.violations.push(format!("replicas differ in which node ids were given out: {given:?}"));
    }
}

/// The committed log, of which every disk has a part. An entry that a disk has applied is the same on all.
fn merge_logs(disks: &[Disk], verdict: &mut Verdict) -> anyhow::Result<BTreeMap<u64, LoggedEntry>> {
    let mut log: BTreeMap<u64, LoggedEntry> = BTreeMap::new();
    for disk in disks {
        let Some(applied) = disk.inspection.applied_index else { continue };
        read_log(&disk.path, |entry| {
            if entry.index > applied {
                return;
            }
            match log.get(&entry.index) {
                Some(other) if *other == entry => {}
                Some(_) => {
                    let index = entry.index;
                    verdict
                        .violations
                        .push(format!("replica {} has another entry {index} than others", disk.replica));
                }
                None => drop(log.insert(entry.index, entry)),
            }
        })?;
    }
    let end =
        disks.iter().filter_map(|disk| disk.inspection.applied_index).max().context("nothing was applied")?;
    if let Some(hole) = (0..=end).find(|index| !log.contains_key(index)) {
        verdict.violations.push(format!("log entry {hole} is applied, and on no disk"));
    }
    Ok(log)
}

fn check_answers(
    copies: Vec<StateCopy<'_>>,
    log: &BTreeMap<u64, LoggedEntry>,
    operations: &[Operation],
    verdict: &mut Verdict,
) -> anyhow::Result<()> {
    let mut reads: BTreeMap<u64, Vec<&Operation>> = BTreeMap::new();
    for operation in operations.iter().filter(|operation| !operation.request.is_write()) {
        if let Some((_, index, _)) = known(operation) {
            reads.entry(index).or_default().push(operation);
        }
    }
    let mut states: BTreeMap<u64, Vec<StateCopy<'_>>> = BTreeMap::new();
    for copy in copies {
        states.entry(copy.index).or_default().push(copy);
    }
    let looked_at: BTreeSet<u64> = reads.keys().chain(states.keys()).copied().collect();
    let applied = replay(log, &looked_at, |index, read| {
        for operation in reads.remove(&index).unwrap_or_default() {
            if let Some((_, _, answer)) = known(operation) {
                verdict.reads += 1;
                verdict.add(operation, misreading(operation, answer, &view(read)?)?);
            }
        }
        // The digest of a whole state takes a while: only where there is something to compare it with.
        let Some(copies) = states.remove(&index) else { return Ok(()) };
        let expected = rows_of(&read()?)?;
        for copy in copies {
            let found = copy.rows()?;
            let differs = format!("{} is not what the log makes, {found:?}", copy.name);
            verdict.add(&expected, (found != expected).then_some(differs));
        }
        Ok(())
    })?;
    for copy in states.into_values().flatten() {
        verdict.violations.push(format!("{} is of index {}, which is not in the log", copy.name, copy.index));
    }
    for operation in reads.into_values().flatten() {
        verdict.add(operation, Some("a read shows what is not in the log".to_owned()));
    }
    check_changes(operations, &applied, verdict);
    verdict.violations.extend(made_too_often(operations, &applied));
    Ok(())
}

/// Each change, and whether an outcome that was not told stands in the log.
fn check_changes(operations: &[Operation], applied: &BTreeMap<u64, Applied>, verdict: &mut Verdict) {
    let keys: BTreeSet<&str> = applied
        .values()
        .filter_map(|applied| applied.envelope.idempotency.as_ref())
        .map(|idempotency| idempotency.key.as_str())
        .collect();
    for operation in operations {
        let in_log = operation.key.as_deref().is_some_and(|key| keys.contains(key));
        let answer = operation.answered.as_ref().map(|(_, answer)| answer);
        verdict
            .add(operation, out_of_place(answer.map_or((0, ""), |answer| (answer.status, answer.problem()))));
        verdict.add(operation, without_place(operation));
        match known(operation) {
            Some((_, index, answer)) if operation.request.is_write() => {
                verdict.writes += 1;
                verdict.add(operation, contradiction(operation, answer, applied.get(&index)));
            }
            Some(_) => {}
            None => {
                verdict.unknown += 1;
                verdict.settled += usize::from(in_log);
            }
        }
    }
}

/// What no request of these tests may be told.
fn out_of_place((status, problem): (u16, &str)) -> Option<String> {
    match (status, problem) {
        (500, _) => Some("an internal error".to_owned()),
        (401, _) => Some("a session is not known that is open".to_owned()),
        (400 | 403 | 405 | 413 | 415 | 422 | 429, _) => Some(format!("refused for no reason, as {problem}")),
        _ => None,
    }
}

fn verify(binary: &Path, path: &Path, verdict: &mut Verdict) -> anyhow::Result<()> {
    let output = Command::new(binary).arg("verify").arg(path).env_remove("BOXOFFICE_PLANTED_BUG").output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        verdict.violations.push(format!("boxoffice verify {}: {said}", path.display()));
    }
    Ok(())
}
