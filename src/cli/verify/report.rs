//! What was found: for programs, as JSON, and for people, as a table.

use std::collections::BTreeMap;
use std::fmt::Debug;

use boxoffice_raft::{Ancestor, BackupSummary, Inspection, LastEntry, Origin};
use serde_json::{Map, Value, json};

use crate::cli::time;
use crate::domain::{Books, Hold, Violation, WebhookBooks};
use crate::http::money::Money;
use crate::http::timestamp::Timestamp;
use crate::store::AuditReport;

/// What was looked at.
pub(super) enum Subject<'a> {
    Store(&'a Inspection),
    Backup(&'a BackupSummary),
}

/// The sandbox's books, compared with the payments of the same state.
pub(super) struct SandboxBooks {
    pub(super) entries: usize,
    pub(super) violations: Vec<Violation>,
}

pub(super) struct Report<'a> {
    pub(super) subject: Subject<'a>,
    pub(super) counted: AuditReport,
    pub(super) books: SandboxBooks,
    pub(super) hold: Option<Hold>,
}

/// What is in a report, and how much of it.
type Line = (&'static str, String);

impl Report<'_> {
    /// What does not hold, as far as it is listed.
    pub(super) fn violations(&self) -> impl Iterator<Item = &Violation> {
        self.counted.violations.iter().chain(&self.books.violations)
    }

    pub(super) fn violations_found(&self) -> u64 {
        self.counted.violations_found + self.books.violations.len() as u64
    }

    pub(super) fn table(&self) -> String {
        let mut text = String::new();
        let mut line = |what: &str, value: String| text.push_str(&format!("{what:<22} {value}\n"));
        let lines = match &self.subject {
            Subject::Store(inspection) => lines_of_store(inspection),
            Subject::Backup(summary) => lines_of_backup(summary),
        };
        lines.into_iter().for_each(|(what, value)| line(what, value));
        let AuditReport { users, sessions, operator_keys, groups, books, webhooks, index_entries, .. } =
            &self.counted;
        line("users", users.to_string());
        line("sessions", sessions.to_string());
        line("operator's keys", operator_keys.to_string());
        line("consumer groups", groups.groups.to_string());
        line("tickets", by_status(&books.tickets));
        line("orders", by_status(&books.orders));
        line("payments", by_status(&books.payments));
        line("refunds", by_status(&books.refunds));
        line("events", books.events.to_string());
        let WebhookBooks { endpoints, waiting, attempts } = webhooks;
        line("webhooks", format!("{endpoints} endpoints, {waiting} events wait, {attempts} attempts kept"));
        line("index entries", index_entries.to_string());
        for (currency, &minor) in &books.kept_minor {
            line("charged and kept", format!("{} {currency}", Money { minor }));
        }
        line("ledger entries", books.ledger_entries.to_string());
        for ((currency, account), &minor) in &books.ledger_minor {
            line(account.name(), format!("{} {currency}", balance(minor)));
        }
        if books.before_the_ledger > 0 {
            line("before the ledger", format!("{} charges", books.before_the_ledger));
        }
        line("sandbox charges", self.books.entries.to_string());
        if let Some(Hold { since_ms, reason, .. }) = &self.hold {
            line("sales held since", format!("{}: {reason}", Timestamp { unix_ms: *since_ms }.to_rfc3339()));
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        let subject = match &self.subject {
            Subject::Store(inspection) => json_of_store(inspection),
            Subject::Backup(summary) => json_of_backup(summary),
        };
        let hold = self.hold.as_ref().map(|Hold { since_ms, reason, .. }| {
            json!({ "since": Timestamp { unix_ms: *since_ms }.to_rfc3339(), "reason": reason })
        });
        let AuditReport { users, sessions, operator_keys, books, webhooks, index_entries, .. } =
            &self.counted;
        let violations: Vec<String> = self.violations().map(ToString::to_string).collect();
        json!({
            "isSound": self.violations_found() == 0,
            "subject": subject,
            "users": users,
            "sessions": sessions,
            "operatorKeys": operator_keys,
            "tickets": json_by_status(&books.tickets),
            "orders": json_by_status(&books.orders),
            "payments": json_by_status(&books.payments),
            "refunds": json_by_status(&books.refunds),
            "events": books.events,
            "webhooks": {
                "endpoints": webhooks.endpoints,
                "waiting": webhooks.waiting,
                "attempts": webhooks.attempts,
            },
            "ledger": json_of_ledger(books),
            "indexEntries": index_entries,
            "keptMinor": books.kept_minor,
            "sandboxCharges": self.books.entries,
            "hold": hold,
            "violationsFound": self.violations_found(),
            "violations": violations,
        })
    }
}

/// For programs, of what is damaged so that nothing could be counted in it.
pub(super) fn unreadable(why: &str) -> Value {
    json!({ "isSound": false, "violationsFound": 1, "violations": [why] })
}

fn lines_of_store(inspection: &Inspection) -> Vec<Line> {
    let none = || "none".to_owned();
    let last = |LastEntry { term, index }| format!("term {term}, index {index}");
    let mut lines = vec![
        ("cluster", format!("{:032x}, replica {}", inspection.cluster_id, inspection.node_id)),
        ("log entries", format!("{} ({} bytes), all whole", inspection.log_entries, inspection.log_bytes)),
        ("last log entry", inspection.last_entry.map_or_else(none, last)),
        ("applied index", inspection.applied_index.map_or_else(none, |index| index.to_string())),
    ];
    if let Some((how, with)) = began(&inspection.origin) {
        let from = format!("{how} from cluster {:032x} at log index {}", with.cluster_id, with.index);
        lines.push(("origin", from));
    }
    lines
}

fn json_of_store(inspection: &Inspection) -> Value {
    let last = inspection.last_entry.map(|LastEntry { term, index }| json!({ "term": term, "index": index }));
    let origin = began(&inspection.origin).map(|(how, with)| {
        json!({ "how": how, "clusterId": format!("{:032x}", with.cluster_id), "index": with.index })
    });
    json!({
        "clusterId": format!("{:032x}", inspection.cluster_id),
        "nodeId": inspection.node_id,
        "logEntries": inspection.log_entries,
        "logBytes": inspection.log_bytes,
        "lastLogEntry": last,
        "appliedIndex": inspection.applied_index,
        "origin": origin,
    })
}

/// How its cluster began, if with the state of another.
fn began(origin: &Origin) -> Option<(&'static str, &Ancestor)> {
    match origin {
        Origin::Founded => None,
        Origin::Restored(ancestor) => Some(("restored", ancestor)),
        Origin::Recovered(ancestor) => Some(("recovered", ancestor)),
    }
}

fn lines_of_backup(summary: &BackupSummary) -> Vec<Line> {
    let BackupSummary { cluster_id, index, log_time, progress } = summary;
    vec![
        ("backup of cluster", format!("{cluster_id:032x}, {}", time::shown(*log_time))),
        ("rows", format!("{} ({} bytes), all whole", progress.rows, progress.frame_bytes)),
        ("applied index", index.to_string()),
    ]
}

fn json_of_backup(summary: &BackupSummary) -> Value {
    let BackupSummary { cluster_id, index, log_time, progress } = summary;
    json!({
        "clusterId": format!("{cluster_id:032x}"),
        "logTime": time::shown(*log_time),
        "rows": progress.rows,
        "bytes": progress.frame_bytes,
        "appliedIndex": index,
    })
}

/// What an account comes to, and on which side.
fn balance(minor: i128) -> String {
    let money = Money { minor: u64::try_from(minor.unsigned_abs()).unwrap_or(u64::MAX) };
    let side = match minor.signum() {
        0 => "",
        1 => " debit",
        _ => " credit",
    };
    format!("{money}{side}")
}

fn json_of_ledger(books: &Books) -> Value {
    let accounts = books.ledger_minor.iter().map(|((currency, account), minor)| {
        let minor = i64::try_from(*minor).unwrap_or(i64::MAX);
        json!({ "account": account.name(), "currency": currency, "debitMinor": minor })
    });
    json!({
        "entries": books.ledger_entries,
        "accounts": accounts.collect::<Vec<_>>(),
        "chargesBefore": books.before_the_ledger,
    })
}

fn by_status<K: Debug>(counts: &BTreeMap<K, u64>) -> String {
    let total: u64 = counts.values().sum();
    let parts: Vec<String> = counts.iter().map(|(status, count)| format!("{count} {status:?}")).collect();
    if parts.is_empty() { total.to_string() } else { format!("{total} ({})", parts.join(", ")) }
}

/// The same by names that begin small, as all in JSON do.
fn json_by_status<K: Debug>(counts: &BTreeMap<K, u64>) -> Map<String, Value> {
    let name = |status: &K| {
        let mut name = format!("{status:?}");
        name[..1].make_ascii_lowercase();
        name
    };
    counts.iter().map(|(status, count)| (name(status), json!(count))).collect()
}
