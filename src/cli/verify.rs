//! `boxoffice verify`: every invariant of a stopped replica's data.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::IsTerminal;
use std::path::Path;

use boxoffice_raft::Inspection;

use super::{Failure, note, print};
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
    tell_progress(&format!("Checking the log of {} …", path.display()));
    let inspection = boxoffice_raft::inspect(path)?;
    tell_progress("Checking the state …");
    let view = View::new(inspection.view()?);
    let report = audit(&view)?;
    tell_progress("Comparing the sandbox's books …");
    let books = compare_books(&view, &report)?;
    print(&counted(&inspection, &report, &books, view.hold()?.as_ref()))?;
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

fn counted(
    inspection: &Inspection,
    report: &AuditReport,
    books: &SandboxBooks,
    hold: Option<&Hold>,
) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: String| text.push_str(&format!("{what:<22} {value}\n"));
    line("cluster", format!("{:032x}, replica {}", inspection.cluster_id, inspection.node_id));
    line("log entries", format!("{} ({} bytes), all whole", inspection.log_entries, inspection.log_bytes));
    line("applied index", inspection.applied_index.map_or_else(|| "none".into(), |index| index.to_string()));
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
