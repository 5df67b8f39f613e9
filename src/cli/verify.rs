//! `boxoffice verify`: every invariant of a stopped replica's data, or of a backup.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::path::Path;

use boxoffice_raft::{Ancestor, BackupSummary, Inspection, Origin};

use super::progress::Progress;
use super::{Failure, note, print, time};
use crate::domain::{Hold, Violation, audit_sandbox};
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;
use crate::store::{AuditReport, View, audit};

/// The sandbox's books, compared with the payments of the same state.
struct SandboxBooks {
    entries: usize,
    violations: Vec<Violation>,
}

pub(super) fn run(path: &Path) -> Result<(), Failure> {
    if path.is_file() { verify_backup(path) } else { verify_store(path) }
}

fn verify_store(path: &Path) -> Result<(), Failure> {
    tell_progress(&format!("Checking the log of {} …", path.display()));
    let inspection = boxoffice_raft::inspect(path)?;
    conclude_on(of_store(&inspection), &View::new(inspection.view()?))
}

/// All frames, and then the state that they make, for which there has to be room among temporary files.
fn verify_backup(path: &Path) -> Result<(), Failure> {
    let backup = File::open(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let scratch = tempfile::tempdir().map_err(|error| format!("no temporary directory: {error}"))?;
    let progress = Progress::begin("Checking the backup");
    let inspection =
        boxoffice_raft::inspect_backup(BufReader::new(backup), scratch.path(), |now| progress.show(now));
    let inspection = inspection.map_err(|error| format!("{}: {error}", path.display()))?;
    drop(progress);
    conclude_on(of_backup(&inspection.summary), &View::new(inspection.view()?))
}

/// Audits a state, prints what was counted in it, and says what does not hold.
fn conclude_on(of_what: Vec<Line>, view: &View) -> Result<(), Failure> {
    tell_progress("Checking the state …");
    let report = audit(view)?;
    tell_progress("Comparing the sandbox's books …");
    let books = compare_books(view, &report)?;
    print(&counted(of_what, &report, &books, view.hold()?.as_ref()))?;
    conclude(&report, &books)
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

/// What is in a report, and how much of it.
type Line = (&'static str, String);

fn of_store(inspection: &Inspection) -> Vec<Line> {
    let applied = inspection.applied_index.map_or_else(|| "none".into(), |index| index.to_string());
    let mut lines = vec![
        ("cluster", format!("{:032x}, replica {}", inspection.cluster_id, inspection.node_id)),
        ("log entries", format!("{} ({} bytes), all whole", inspection.log_entries, inspection.log_bytes)),
        ("applied index", applied),
    ];
    let began = |how: &str, with: &Ancestor| {
        format!("{how} from cluster {:032x} at log index {}", with.cluster_id, with.index)
    };
    match &inspection.origin {
        Origin::Founded => {}
        Origin::Restored(ancestor) => lines.push(("origin", began("restored", ancestor))),
        Origin::Recovered(ancestor) => lines.push(("origin", began("recovered", ancestor))),
    }
    lines
}

fn of_backup(summary: &BackupSummary) -> Vec<Line> {
    let BackupSummary { cluster_id, index, log_time, progress } = summary;
    vec![
        ("backup of cluster", format!("{cluster_id:032x}, {}", time::shown(*log_time))),
        ("rows", format!("{} ({} bytes), all whole", progress.rows, progress.frame_bytes)),
        ("applied index", index.to_string()),
    ]
}

fn counted(of_what: Vec<Line>, report: &AuditReport, books: &SandboxBooks, hold: Option<&Hold>) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: String| text.push_str(&format!("{what:<22} {value}\n"));
    of_what.into_iter().for_each(|(what, value)| line(what, value));
    line("users", report.users.to_string());
    line("sessions", report.sessions.to_string());
    line("tickets", by_status(&report.books.tickets));
    line("orders", by_status(&report.books.orders));
    line("payments", by_status(&report.books.payments));
    line("events", report.books.events.to_string());
    line("index entries", report.index_entries.to_string());
    for (currency, &minor) in &report.books.kept_minor {
        line("charged and kept", format!("{} {currency}", Money { minor }));
    }
    line("sandbox charges", books.entries.to_string());
    if let Some(Hold { since_ms, reason, .. }) = hold {
        line("sales held since", format!("{}: {reason}", Timestamp { unix_ms: *since_ms }.to_rfc3339()));
    }
    text
}

fn by_status<K: Debug>(counts: &BTreeMap<K, u64>) -> String {
    let total: u64 = counts.values().sum();
    let parts: Vec<String> = counts.iter().map(|(status, count)| format!("{count} {status:?}")).collect();
    if parts.is_empty() { total.to_string() } else { format!("{total} ({})", parts.join(", ")) }
}

/// Says what does not hold.
fn conclude(report: &AuditReport, books: &SandboxBooks) -> Result<(), Failure> {
    for violation in report.violations.iter().chain(&books.violations) {
        note(&violation.to_string());
    }
    match report.violations_found + books.violations.len() as u64 {
        0 => print("Everything holds.\n"),
        found => Err(format!("{found} things do not hold").into()),
    }
}
