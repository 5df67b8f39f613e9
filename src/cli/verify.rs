//! `boxoffice verify`: every invariant of a stopped replica's data, or of a backup.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs::File;
use std::io::{BufReader, IsTerminal};
use std::path::Path;
use std::time::Duration;

use boxoffice_raft::{Ancestor, BackupSummary, Inspection, Origin};

use super::progress::Progress;
use super::{Failure, note, print, time};
use crate::domain::{PaymentStatus, Violation};
use crate::gateway::{Sandbox, audit_sandbox};
use crate::http::money::Money;
use crate::store::{AuditReport, View, audit};

/// What came of comparing the sandbox's books with the state.
enum SandboxBooks {
    /// They were compared.
    Compared { charges: usize, violations: Vec<Violation> },
    /// They could not be, and this is why.
    NotCompared(&'static str),
    /// There are none, and no payment that would be in them.
    Unused,
}

pub(super) fn run(path: &Path) -> Result<(), Failure> {
    if path.is_file() { verify_backup(path) } else { verify_store(path) }
}

fn verify_store(path: &Path) -> Result<(), Failure> {
    tell_progress(&format!("Checking the log of {} …", path.display()));
    let inspection = boxoffice_raft::inspect(path)?;
    tell_progress("Checking the state …");
    let view = View::new(inspection.view()?);
    let report = audit(&view)?;
    tell_progress("Comparing the sandbox's books …");
    let books = compare_books(path, &inspection, &view, &report)?;
    print(&counted(of_store(&inspection), &report, &books))?;
    conclude(&report, &books)
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
    tell_progress("Checking the state …");
    let report = audit(&View::new(inspection.view()?))?;
    let books = match report.books.payments.is_empty() {
        true => SandboxBooks::Unused,
        false => SandboxBooks::NotCompared("a backup has none"),
    };
    print(&counted(of_backup(&inspection.summary), &report, &books))?;
    conclude(&report, &books)
}

/// Tells whoever watches a large store being walked how far it is.
fn tell_progress(line: &str) {
    if std::io::stderr().is_terminal() {
        note(line);
    }
}

fn compare_books(
    path: &Path,
    inspection: &Inspection,
    view: &View,
    report: &AuditReport,
) -> Result<SandboxBooks, Failure> {
    if !Sandbox::exists(path) {
        let are_missing = !report.books.payments.is_empty();
        let missing =
            SandboxBooks::NotCompared("there are payments, and no books of the sandbox beside them");
        return Ok(if are_missing { missing } else { SandboxBooks::Unused });
    }
    if inspection.last_log_index > inspection.applied_index {
        let behind = "the log goes further than the state: start and stop the service first";
        return Ok(SandboxBooks::NotCompared(behind));
    }
    let charges = Sandbox::open(path, Duration::ZERO)?.charges()?;
    let succeeded = report.books.payments.get(&PaymentStatus::Succeeded).copied().unwrap_or_default();
    let violations = audit_sandbox(&charges, succeeded, |id| view.payment(id))?;
    Ok(SandboxBooks::Compared { charges: charges.len(), violations })
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

fn counted(of_what: Vec<Line>, report: &AuditReport, books: &SandboxBooks) -> String {
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
    if let SandboxBooks::Compared { charges, .. } = books {
        line("sandbox charges", charges.to_string());
    }
    text
}

fn by_status<K: Debug>(counts: &BTreeMap<K, u64>) -> String {
    let total: u64 = counts.values().sum();
    let parts: Vec<String> = counts.iter().map(|(status, count)| format!("{count} {status:?}")).collect();
    if parts.is_empty() { total.to_string() } else { format!("{total} ({})", parts.join(", ")) }
}

/// Says what does not hold, and what was not looked at.
fn conclude(report: &AuditReport, books: &SandboxBooks) -> Result<(), Failure> {
    let of_books = match books {
        SandboxBooks::Compared { violations, .. } => violations.as_slice(),
        SandboxBooks::NotCompared(_) | SandboxBooks::Unused => &[],
    };
    for violation in report.violations.iter().chain(of_books) {
        note(&violation.to_string());
    }
    if let SandboxBooks::NotCompared(why) = books {
        note(&format!("NOT CHECKED: the sandbox's books against the payments; {why}"));
    }
    let found = report.violations_found + of_books.len() as u64;
    match books {
        _ if found > 0 => Err(format!("{found} things do not hold").into()),
        SandboxBooks::NotCompared(_) => print("Everything that was checked holds.\n"),
        SandboxBooks::Compared { .. } | SandboxBooks::Unused => print("Everything holds.\n"),
    }
}
