//! The command line.

mod admin;
mod backup;
mod cluster;
mod events;
mod keys;
mod logging;
mod mistake;
mod new_cluster;
mod new_file;
mod open_files;
mod payments;
mod peer_target;
mod progress;
mod sales;
mod serve;
mod stop;
mod time;
mod variables;
mod verify;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use serde::Serialize;

use crate::api;
use crate::settings::ServeSettings;

/// Something that stops a command: one line for a person.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How the process ends when a command line makes no sense.
const USAGE: u8 = 2;

/// Sells tickets: people post them, others reserve one and have some minutes to pay, and what isn't paid goes
/// back on sale.
///
/// `boxoffice serve` starts the service with everything it needs embedded; http://127.0.0.1:3000/docs then
/// shows the API.
#[derive(Parser)]
#[command(name = "boxoffice", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service
    Serve(Box<ServeSettings>),
    /// Print the API's OpenAPI document
    Openapi {
        /// As YAML instead of JSON
        #[arg(long)]
        yaml: bool,
    },
    /// Look after accounts of the service that runs on this machine
    #[command(subcommand)]
    Users(Users),
    /// Look after the keys that sign bearer tokens, of the service that runs on this machine
    #[command(subcommand)]
    SigningKeys(SigningKeys),
    /// Look after operator's keys, by which operators act for others through the API
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Compare payments with what the payment gateway knows
    #[command(subcommand)]
    Payments(payments::Payments),
    /// Follow what happens
    #[command(subcommand)]
    Events(events::Events),
    /// See whether sales are held after a restore, and have them go on
    #[command(subcommand)]
    Sales(Sales),
    /// See and change the cluster
    #[command(subcommand)]
    Cluster(cluster::Cluster),
    /// Copy the state of a running replica into a file
    ///
    /// Sales go on meanwhile. The file holds hashes and sealed keys, and not the secret that opens them.
    Backup(backup::BackupSettings),
    /// Make the only replica of a new cluster out of a backup
    ///
    /// Others then join it with empty data directories. Consistency tokens of before mean nothing to it.
    Restore(new_cluster::RestoreSettings),
    /// Make a new cluster of the one replica that is left of one that lost its quorum
    ///
    /// Others then join it with empty data directories. What this replica never had is lost.
    Recover(new_cluster::RecoverSettings),
    /// Check every invariant of the data of a stopped service, or of a backup, and print what was counted
    Verify {
        /// The data directory, or the backup
        path: PathBuf,
        /// Answer as JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
enum Users {
    /// Print a one-time token with which somebody who forgot the password sets another one
    ///
    /// It is good for an hour and ends all sessions once it is used. Give it to the account's owner, who sends it
    /// with the new password to the API: POST /api/users/password/reset {"token": "…", "new": "…"}.
    ResetPassword {
        /// The account's e-mail address
        email: String,
        /// Answer as JSON
        #[arg(long)]
        json: bool,
        /// The data directory of the running service
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum SigningKeys {
    /// Sign with a new key; tokens of the keys before it stay good until they expire
    Rotate {
        /// Answer as JSON
        #[arg(long)]
        json: bool,
        /// The data directory of the running service
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
}

#[derive(Subcommand)]
enum Sales {
    /// Say whether sales are held, since when and why, and what waits
    Status {
        /// As JSON
        #[arg(long)]
        json: bool,
        /// The data directory of the running service; of any replica
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
    /// Have sales go on that are held after a restore
    ///
    /// A restored service does not know what was sold and charged after its backup. Compare that with what the
    /// gateway knows first: once sales go on, tickets that were sold meanwhile are on sale again.
    Resume {
        /// Without asking once more
        #[arg(long)]
        yes: bool,
        /// Answer as JSON
        #[arg(long)]
        json: bool,
        /// The data directory of the running service; of any replica
        #[arg(long, env = "BOXOFFICE_DATA_DIR", default_value = "data", value_name = "DIR")]
        data_dir: PathBuf,
    },
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    // One cryptographic library for all of TLS. A second call would change nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return explain(&error),
    };
    let done = match cli.command {
        Command::Serve(settings) => serve::run(*settings),
        Command::Openapi { yaml } => print(&if yaml { api::document_yaml() } else { api::document_json() }),
        Command::Users(Users::ResetPassword { email, json, data_dir }) => {
            admin::reset_password(&data_dir, &email, json)
        }
        Command::SigningKeys(SigningKeys::Rotate { json, data_dir }) => {
            admin::rotate_signing_key(&data_dir, json)
        }
        Command::Keys(command) => keys::run(command),
        Command::Payments(command) => payments::run(command),
        Command::Events(command) => events::run(command),
        Command::Sales(Sales::Status { json, data_dir }) => sales::status(&data_dir, json),
        Command::Sales(Sales::Resume { yes, json, data_dir }) => sales::resume(&data_dir, yes, json),
        Command::Cluster(command) => cluster::run(command),
        Command::Backup(settings) => backup::run(&settings),
        Command::Restore(settings) => new_cluster::run_restore(&settings),
        Command::Recover(settings) => new_cluster::run_recover(&settings),
        Command::Verify { path, json } => verify::run(&path, json),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

/// Help is printed whole; of a mistake only the line that says which one.
fn explain(error: &clap::Error) -> ExitCode {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if is_help {
        // Nobody is left to tell when standard output is gone.
        let _ = error.print();
        return if error.use_stderr() { ExitCode::from(USAGE) } else { ExitCode::SUCCESS };
    }
    complain(&mistake::line(error));
    ExitCode::from(USAGE)
}

/// Says on standard error why there is nothing more to come.
fn complain(line: &str) {
    note(&format!("boxoffice: {line}"));
}

/// Tells a person something on standard error.
fn note(line: &str) {
    // Nobody is left to tell when it is gone.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Prints an object for programs.
fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    print(&(serde_json::to_string_pretty(value)? + "\n"))
}

/// Prints to standard output; a reader that went away early is no failure.
fn print(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
