//! `boxoffice verify`: every invariant of a stopped replica's data.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;

use super::{Failure, note, print};
use crate::domain::PaymentStatus;
use crate::gateway::{Sandbox, SandboxCharge};
use crate::store::{AuditReport, View, audit};

pub(super) fn run(path: &Path) -> Result<(), Failure> {
    if std::io::stderr().is_terminal() {
        note(&format!("Checking {} …", path.display()));
    }
    let inspection = boxoffice_raft::inspect(path)?;
    let view = View::new(inspection.view()?);
    let report = audit(&view)?;
    let charges = sandbox_charges(path)?;
    let mut text = String::new();
    let mut line = |what: &str, value: String| text.push_str(&format!("{what:<22} {value}\n"));
    line("cluster", format!("{:032x}, replica {}", inspection.cluster_id, inspection.node_id));
    line("log entries", format!("{} ({} bytes), all whole", inspection.log_entries, inspection.log_bytes));
    line("applied index", inspection.applied_index.map_or_else(|| "none".into(), |index| index.to_string()));
    line("users", report.users.to_string());
    line("sessions", report.sessions.to_string());
    line("tickets", counts(&report.books.tickets));
    line("orders", counts(&report.books.orders));
    line("payments", counts(&report.books.payments));
    line("events", report.books.events.to_string());
    line("index entries", report.index_entries.to_string());
    for (currency, minor) in &report.books.kept_minor {
        line("charged and kept", format!("{}.{:02} {currency}", minor / 100, minor % 100));
    }
    let mut faults: Vec<String> = report.violations.iter().map(ToString::to_string).collect();
    if let Some(charges) = charges {
        line("sandbox charges", charges.len().to_string());
        if inspection.last_log_index > inspection.applied_index {
            let behind = "not compared: the log goes further than the state; start and stop it first";
            line("sandbox books", behind.into());
        } else {
            faults.extend(compare_books(&view, &report, &charges)?);
        }
    }
    print(&text)?;
    for fault in &faults {
        note(fault);
    }
    let found = report.violations_found.max(faults.len() as u64);
    if found > 0 {
        return Err(format!("{found} things do not hold").into());
    }
    print("Everything holds.\n")
}

fn counts<K: Debug>(by_status: &BTreeMap<K, u64>) -> String {
    let total: u64 = by_status.values().sum();
    let parts: Vec<String> = by_status.iter().map(|(status, count)| format!("{count} {status:?}")).collect();
    if parts.is_empty() { total.to_string() } else { format!("{total} ({})", parts.join(", ")) }
}

fn sandbox_charges(path: &Path) -> Result<Option<Vec<SandboxCharge>>, Failure> {
    if !Sandbox::exists(path) {
        return Ok(None);
    }
    Ok(Some(Sandbox::open(path, Duration::ZERO)?.charges()?))
}

/// Money that the sandbox moved against what the state says. A charge whose outcome is not recorded yet is no
/// fault: the worker asks again at the next start.
fn compare_books(
    view: &View,
    report: &AuditReport,
    charges: &[SandboxCharge],
) -> Result<Vec<String>, Failure> {
    let mut faults = Vec::new();
    let mut kept = 0;
    for charge in charges {
        let payment = match charge.key.parse() {
            Ok(id) => view.payment(id)?,
            Err(_) => None,
        };
        let Some(payment) = payment else {
            faults.push(format!("{} was charged and is no payment", charge.key));
            continue;
        };
        let charged = charge.decline_code.is_empty();
        let agrees = match payment.status() {
            PaymentStatus::Processing => true,
            PaymentStatus::Succeeded => charged && !charge.refunded,
            PaymentStatus::Failed => !charged,
            PaymentStatus::Refunding => charged,
            PaymentStatus::Refunded => charged && charge.refunded,
        };
        if !agrees || payment.amount_minor != charge.amount_minor {
            faults.push(format!("{} is {:?}; the sandbox has {charge:?}", payment.id, payment.status()));
        }
        kept += u64::from(payment.status() == PaymentStatus::Succeeded);
    }
    let succeeded = report.books.payments.get(&PaymentStatus::Succeeded).copied().unwrap_or_default();
    if kept != succeeded {
        faults.push(format!("{succeeded} payments succeeded and the sandbox knows {kept} of them"));
    }
    Ok(faults)
}
