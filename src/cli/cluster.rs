//! `boxoffice cluster`: see the cluster, and change it, by way of any replica.

mod report;

use boxoffice_raft::{InitOrder, OperatorClient, Order, TransferOrder};
use clap::{Args, Subcommand};
use serde::Serialize;

use self::report::Report;
use super::peer_target::PeerTarget;
use super::progress::Waiting;
use super::{Failure, print, print_json};

/// What to do with the cluster. Any replica may be asked: what only the leader can do, it is asked to do.
#[derive(Subcommand)]
pub(super) enum Cluster {
    /// Show who belongs to the cluster, who leads, and how far each replica is
    ///
    /// APPLIED is how far in the log a replica's state is, BEHIND how many entries of the longest log it lacks. CLOCK is
    /// how far its clock is ahead of the median of a quorum's. SEEN is how long ago it was last heard. A dash is what
    /// is not known. A replica that belongs to no cluster yet says what it waits for. Works without a leader.
    Status(Asked),
    /// Form a cluster of one replica, which the others then join
    ///
    /// For those who leave nothing to guess: with --bootstrap-expect 0 everywhere, no replica founds a cluster by itself.
    /// Ask the one replica that is to be its first. One that knows of a cluster, or promised to found one, refuses.
    Init {
        /// Even so. There may be two clusters then, which can never be made one again
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        asked: Asked,
    },
    /// Have a learner vote
    ///
    /// Waits until it has the whole log. It must be one that may vote: of the primary region, or with the role voter.
    Promote(One),
    /// Have a voter vote no more, until it is promoted
    ///
    /// It keeps the data and serves reads. Another replica that may vote takes its place, if there is one. Refused if the
    /// voters that are left had no majority.
    Demote(One),
    /// Take a replica out of the cluster for good
    ///
    /// It stops, and its id is never used again: to have it back, wipe its data directory and start it. Refused if the
    /// voters that are left had no majority.
    Remove(One),
    /// Have another replica lead
    TransferLeader {
        /// The voter that is to lead; without it, the one with the longest log
        #[arg(value_name = "ID")]
        to: Option<u64>,
        #[command(flatten)]
        asked: Asked,
    },
}

/// Whom to ask, and how to answer.
#[derive(Args, Clone, Debug)]
pub(super) struct Asked {
    #[command(flatten)]
    target: PeerTarget,

    /// Answer as JSON
    #[arg(long)]
    json: bool,
}

/// An order that is about one replica.
#[derive(Args, Clone, Debug)]
pub(super) struct One {
    /// The replica's id: the first column of `boxoffice cluster status`
    #[arg(value_name = "ID")]
    id: u64,
    #[command(flatten)]
    asked: Asked,
}

/// What was ordered and is so now.
#[derive(Serialize)]
struct Done<'a> {
    done: &'a str,
}

pub(super) fn run(command: Cluster) -> Result<(), Failure> {
    let (asked, order) = match command {
        Cluster::Status(asked) => return status(&asked),
        Cluster::Init { force, asked } => (asked, Order::Init(InitOrder { force })),
        Cluster::Promote(One { id, asked }) => (asked, Order::Promote(id)),
        Cluster::Demote(One { id, asked }) => (asked, Order::Demote(id)),
        Cluster::Remove(One { id, asked }) => (asked, Order::Remove(id)),
        Cluster::TransferLeader { to, asked } => (asked, Order::TransferLeader(TransferOrder { to })),
    };
    let waiting = Waiting::begin(match order {
        Order::Promote(_) => "Waiting until the replica has the whole log and votes",
        _ => "Waiting for the cluster",
    });
    let done = ask(&asked, async |client, address| client.order(address, order).await);
    drop(waiting);
    let done = done?;
    if asked.json { print_json(&Done { done: &done }) } else { print(&format!("{done}\n")) }
}

fn status(asked: &Asked) -> Result<(), Failure> {
    let status = ask(asked, async |client, address| client.status(address).await)?;
    let report = Report::from(status);
    if asked.json { print_json(&report) } else { print(&report.to_string()) }
}

fn ask<T>(
    asked: &Asked,
    question: impl AsyncFnOnce(&OperatorClient, &str) -> Result<T, boxoffice_raft::OperatorError>,
) -> Result<T, Failure> {
    let (address, credentials) = asked.target.resolve()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = OperatorClient::new(credentials);
        Ok(question(&client, &address).await?)
    })
}
