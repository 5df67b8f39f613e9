//! `boxoffice sales`: sales that are held after a restore, and having them go on.

use std::io::{self, BufRead, Write};
use std::path::Path;

use serde_json::{Value, json};

use super::admin::ask;
use super::{Failure, note, print, print_json};
use crate::admin::{self, ResumeRequest, SalesHold, SalesStatus};
use crate::http::timestamp::Timestamp;

/// What an operator types to have sales go on.
const CONFIRMATION: &str = "resume";

pub(super) fn status(data_dir: &Path, as_json: bool) -> Result<(), Failure> {
    let status: SalesStatus = ask(data_dir, admin::SALES, &())?;
    print(&if as_json { json_of(&status) } else { table_of(&status) })
}

pub(super) fn resume(data_dir: &Path, is_confirmed: bool, as_json: bool) -> Result<(), Failure> {
    let status: SalesStatus = ask(data_dir, admin::SALES, &())?;
    let Some(hold) = &status.hold else {
        return resumed(None, "Sales are not held.", as_json);
    };
    if !is_confirmed {
        confirm(hold, &status)?;
    }
    let () = ask(data_dir, admin::RESUMED_SALES, &ResumeRequest { since_ms: hold.since_ms })?;
    resumed(Some(hold), "Sales go on.", as_json)
}

/// Says that sales go on, and what had held them, if anything had.
fn resumed(hold: Option<&SalesHold>, done: &str, as_json: bool) -> Result<(), Failure> {
    if as_json {
        return print_json(&json!({ "held": false, "resumed": hold.map(json_of_hold) }));
    }
    note(done);
    Ok(())
}

/// Says what going on means, and has it typed.
fn confirm(hold: &SalesHold, status: &SalesStatus) -> Result<(), Failure> {
    let SalesStatus { open_orders, payments_under_way, .. } = status;
    note(&format!("Sales are held since {}: {}", since(hold), hold.reason));
    note(&format!(
        "Once they go on, at once and on every replica:\n\
         - tickets that this state takes for unsold can be bought, also those that were sold after the backup;\n\
         - of {open_orders} open orders, those whose deadline has passed are released, also if they were paid\n  \
           after the backup;\n\
         - {payments_under_way} payments under way are charged or given back.\n\
         First compare with what the gateway knows of the time since the backup; see docs/OPERATIONS.md."
    ));
    let _ = write!(io::stderr(), "Type `{CONFIRMATION}` to have sales go on: ");
    let mut typed = String::new();
    io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == CONFIRMATION {
        return Ok(());
    }
    Err(format!("sales stay held: `{CONFIRMATION}` was not typed, and --yes was not given").into())
}

fn table_of(status: &SalesStatus) -> String {
    let mut text = String::new();
    let mut line = |what: &str, value: String| text.push_str(&format!("{what:<22} {value}\n"));
    match &status.hold {
        None => line("sales", "go on".to_owned()),
        Some(hold) => {
            line("sales", "held".to_owned());
            line("since", since(hold));
            line("reason", hold.reason.clone());
            line("epoch that was left", hold.left_epoch.clone());
        }
    }
    line("open orders", status.open_orders.to_string());
    line("payments under way", status.payments_under_way.to_string());
    text
}

fn json_of(status: &SalesStatus) -> String {
    let hold = status.hold.as_ref().map(json_of_hold);
    let (open_orders, payments) = (status.open_orders, status.payments_under_way);
    let document = json!({
        "held": hold.is_some(), "hold": hold, "openOrders": open_orders, "paymentsUnderWay": payments,
    });
    format!("{document}\n")
}

fn json_of_hold(hold: &SalesHold) -> Value {
    json!({ "since": since(hold), "reason": hold.reason, "leftEpoch": hold.left_epoch })
}

fn since(hold: &SalesHold) -> String {
    Timestamp { unix_ms: hold.since_ms }.to_rfc3339()
}
