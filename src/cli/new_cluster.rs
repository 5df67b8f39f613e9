//! `boxoffice restore` and `boxoffice recover`: a new cluster of one that goes on from the state of another.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use boxoffice_raft::{Clock, LastEntry, NewCluster, Recovery, SystemClock, restore};
use clap::Args;
use redb::WriteTransaction;
use serde_json::{Value, json};

use super::progress::Progress;
use super::serve::make_data_dir;
use super::{Failure, note, print, print_json, time};
use crate::domain::{Hold, SUPPORTED_LEVEL};
use crate::machine::Machine;
use crate::metrics::Metrics;
use crate::replica::Epoch;
use crate::store;

/// What becomes a replica, and where.
#[derive(Args, Clone, Debug)]
pub(super) struct RestoreSettings {
    /// The backup
    file: PathBuf,

    /// Where the replica's data is to be: an empty directory, or none yet
    #[arg(long, env = "BOXOFFICE_DATA_DIR", value_name = "DIR")]
    data_dir: PathBuf,

    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// Which replica is left.
#[derive(Args, Clone, Debug)]
pub(super) struct RecoverSettings {
    /// The data directory of the stopped replica
    #[arg(long, env = "BOXOFFICE_DATA_DIR", value_name = "DIR")]
    data_dir: PathBuf,

    /// Do not ask for the cluster's id to be typed
    #[arg(long)]
    yes_the_quorum_is_lost: bool,

    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// What the service adds to the state of a cluster that begins with that of another, in the transaction that finishes
/// it: sales are held there until somebody has made sure that nothing is sold twice.
fn hold_sales(
    reason: &'static str,
) -> impl FnOnce(&WriteTransaction, &NewCluster) -> Result<(), redb::Error> {
    let since_ms = SystemClock::new().wall_ms();
    move |txn, made| {
        let left_epoch = Epoch::of_cluster(made.ancestor.cluster_id).to_string();
        store::hold_sales(txn, &Hold { since_ms, reason: reason.to_owned(), left_epoch })
    }
}

pub(super) fn run_restore(settings: &RestoreSettings) -> Result<(), Failure> {
    let RestoreSettings { file, data_dir, json } = settings;
    let cannot_read = |error: std::io::Error| format!("cannot read {}: {error}", file.display());
    let backup = File::open(file).map_err(cannot_read)?;
    make_data_dir(data_dir)?;
    let progress = Progress::begin("Restore");
    let made = restore(
        BufReader::new(backup),
        data_dir,
        |now| progress.show(now),
        hold_sales("restored from a backup"),
    )?;
    drop(progress);
    sync_name(data_dir)?;
    tell(data_dir, &made, *json)
}

pub(super) fn run_recover(settings: &RecoverSettings) -> Result<(), Failure> {
    let data_dir = &settings.data_dir;
    let recovery = Recovery::open(data_dir, SUPPORTED_LEVEL)?;
    warn_of_losses(&recovery);
    if !settings.yes_the_quorum_is_lost {
        confirm(&recovery)?;
    }
    let machine = Machine::new(Arc::default(), Arc::default(), Arc::new(Metrics::default()));
    let progress = Progress::begin("Recover");
    let made = recovery.finish(
        Box::new(machine),
        |now| progress.show(now),
        hold_sales("recovered from a lost quorum"),
    )?;
    drop(progress);
    tell(data_dir, &made, settings.json)
}

/// A directory that was just made is durable only with the one that it is in.
fn sync_name(data_dir: &Path) -> Result<(), Failure> {
    let parent = data_dir.canonicalize()?.parent().map_or_else(|| PathBuf::from("/"), Path::to_owned);
    Ok(File::open(parent)?.sync_all()?)
}

fn warn_of_losses(recovery: &Recovery) {
    let (committed, last) = (recovery.committed_index(), recovery.last_entry());
    let members: Vec<String> = recovery
        .members()
        .into_iter()
        .map(|(id, address)| if address.is_empty() { id.to_string() } else { format!("{id} ({address})") })
        .collect();
    note(&format!(
        "Replica {} of cluster {:032x}, whose members are {}.",
        recovery.node_id(),
        recovery.cluster_id(),
        members.join(", ")
    ));
    note(&format!(
        "Last log entry: term {}, index {}. LOST is whatever that cluster acknowledged after it, if it did: this \
         replica never had it. Is there another one whose term is higher, or whose term is the same and index \
         higher (boxoffice verify)? Then recover that one instead.",
        last.term, last.index
    ));
    if last.index > committed {
        note(&format!(
            "Kept are entries {} to {} too, which this replica does not know to be committed: others may have \
             acknowledged them.",
            committed + 1,
            last.index
        ));
    }
    note(
        "None of the other members may ever be started again on its data: wiped, they may join the new \
         cluster. If a quorum of them can be brought back, do that instead.",
    );
}

fn confirm(recovery: &Recovery) -> Result<(), Failure> {
    let expected = format!("{:032x}", recovery.cluster_id());
    let mut asked = std::io::stderr();
    // Whoever does not see the question does not answer it.
    let LastEntry { term, index } = recovery.last_entry();
    let _ = write!(
        asked,
        "Type the cluster's id to make this replica, whose last log entry is of term {term} at index {index}, a \
         cluster of its own: "
    );
    let _ = asked.flush();
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    if typed.trim() == expected {
        return Ok(());
    }
    Err("not confirmed: nothing was changed (scripts say --yes-the-quorum-is-lost)".into())
}

fn tell(data_dir: &Path, made: &NewCluster, as_json: bool) -> Result<(), Failure> {
    if as_json { print_json(&json_of(data_dir, made)) } else { print(&told(data_dir, made)) }
}

fn json_of(data_dir: &Path, made: &NewCluster) -> Value {
    let NewCluster { cluster_id, node_id, ancestor } = made;
    json!({
        "dataDir": data_dir.display().to_string(),
        "clusterId": format!("{cluster_id:032x}"),
        "nodeId": node_id,
        "ancestor": {
            "clusterId": format!("{:032x}", ancestor.cluster_id),
            "index": ancestor.index,
            "logTime": time::shown(ancestor.log_time),
        },
        "salesHeld": true,
    })
}

fn told(data_dir: &Path, made: &NewCluster) -> String {
    let NewCluster { cluster_id, node_id, ancestor } = made;
    format!(
        "{}: replica {node_id} of the new cluster {cluster_id:032x}, with the state of cluster {:032x} at log \
         index {}, {}\nSales are held there: see `boxoffice sales status` once it serves\n",
        data_dir.display(),
        ancestor.cluster_id,
        ancestor.index,
        time::shown(ancestor.log_time)
    )
}
