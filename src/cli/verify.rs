//! `boxoffice verify`: every invariant of a stopped replica's data, or of a backup.

mod report;

use std::fmt::Display;
use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::path::Path;

use self::report::{Report, SandboxBooks, Subject};
use super::progress::Progress;
use super::{Failure, note, print, print_json};
use crate::domain::audit_sandbox;
use crate::store::{AuditReport, View, audit};

pub(super) fn run(path: &Path, as_json: bool) -> Result<(), Failure> {
    if path.is_file() { verify_backup(path, as_json) } else { verify_store(path, as_json) }
}

fn verify_store(path: &Path, as_json: bool) -> Result<(), Failure> {
    tell_progress(&format!("Checking the log of {} …", path.display()));
    let inspection = boxoffice_raft::inspect(path);
    let inspection = inspection.map_err(|error| unsound(as_json && error.is_damage(), error.to_string()))?;
    conclude_on(Subject::Store(&inspection), &View::new(inspection.view()?), as_json)
}

/// All frames, and then the state that they make, for which there has to be room among temporary files.
fn verify_backup(path: &Path, as_json: bool) -> Result<(), Failure> {
    let backup = File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let scratch = tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let progress = Progress::begin("Checking the backup");
    let inspection =
        boxoffice_raft::inspect_backup(BufReader::new(backup), scratch.path(), |now| progress.show(now));
    drop(progress);
    let line = |error: &dyn Display| format!("{}: {error}", path.display());
    let inspection = inspection.map_err(|error| unsound(as_json && error.is_damage(), line(&error)))?;
    conclude_on(Subject::Backup(&inspection.summary), &View::new(inspection.view()?), as_json)
}

/// What cannot even be read is not sound, which programs look for in the same place.
fn unsound(tell_programs: bool, why: String) -> Failure {
    if tell_programs && let Err(failure) = print_json(&report::unreadable(&why)) {
        return failure;
    }
    why.into()
}

/// Audits a state, prints what was counted in it, and says what does not hold.
fn conclude_on(subject: Subject<'_>, view: &View, as_json: bool) -> Result<(), Failure> {
    tell_progress("Checking the state …");
    let report = audit(view)?;
    tell_progress("Comparing the sandbox's books …");
    let books = compare_books(view, &report)?;
    let report = Report { subject, counted: report, books, hold: view.hold()? };
    if as_json {
        print_json(&report.json())?;
    } else {
        print(&report.table())?;
        report.violations().for_each(|violation| note(&violation.to_string()));
    }
    match report.violations_found() {
        0 if as_json => Ok(()),
        0 => print("Everything holds.\n"),
        found => Err(format!("{found} things do not hold").into()),
    }
}

/// Tells whoever watches a large store being walked how far it is.
fn tell_progress(line: &str) {
    if std::io::stderr().is_terminal() {
        note(line);
    }
}

fn compare_books(view: &View, report: &AuditReport) -> Result<SandboxBooks, Failure> {
    let entries = view.sandbox_entries()?;
    let violations = audit_sandbox(&entries, report.charged_by_sandbox, |id| view.payment(id))?;
    Ok(SandboxBooks { entries: entries.len(), violations })
}
