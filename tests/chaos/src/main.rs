//! Breaks a cluster of real processes under load, and checks every answer against the log.

mod payments_cli;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use boxoffice_chaos::cluster::ClusterOptions;
use boxoffice_chaos::faults::Fault;
use boxoffice_chaos::run::{Outcome, RunOptions, run};
use clap::{Parser, Subcommand, ValueEnum};

/// Breaks a cluster of real processes under load, and checks every answer against the log.
///
/// Ends with 1 and says where all files are if anything was lost, made up, or out of order.
#[derive(Parser)]
#[command(name = "scripts/chaos")]
struct Cli {
    /// The program
    #[arg(long, default_value = "target/debug/boxoffice")]
    binary: PathBuf,
    #[command(subcommand)]
    instead: Option<Instead>,
    #[command(flatten)]
    sales: Sales,
}

/// What is broken instead.
#[derive(Subcommand)]
enum Instead {
    Payments(payments_cli::Payments),
}

#[derive(clap::Args)]
struct Sales {
    /// What all choices follow from: the same seed gives the same sequence of faults; by chance if not said
    #[arg(long)]
    seed: Option<u64>,
    /// For how many seconds (or "5m") faults begin; ends before when the log gets too long to be kept as a whole
    #[arg(long, default_value = "60s", value_parser = duration)]
    duration: Duration,
    /// Replicas that vote
    #[arg(long, default_value_t = 3)]
    replicas: usize,
    /// Replicas that do not
    #[arg(long, default_value_t = 1)]
    learners: usize,
    /// Which faults, separated by commas; all if not said, none with an empty list
    #[arg(long, value_delimiter = ',')]
    faults: Option<Vec<String>>,
    /// Clients at once
    #[arg(long, default_value_t = 16)]
    clients: usize,
    /// Where everything lies, and stays; a temporary directory that goes if all is well if not said
    #[arg(long)]
    directory: Option<PathBuf>,
}

/// Of seconds or minutes, as people write them.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) =
        text.strip_suffix('m').map_or((text.strip_suffix('s').unwrap_or(text), 1), |m| (m, 60));
    let number: u64 = number.parse().map_err(|_| "not a duration such as 90s or 5m".to_owned())?;
    Ok(Duration::from_secs(number * unit))
}

fn faults(named: Option<Vec<String>>) -> anyhow::Result<Vec<Fault>> {
    let wanted = match named {
        None => Fault::value_variants().to_vec(),
        Some(names) => {
            let names = names.iter().filter(|name| !name.is_empty());
            names
                .map(|name| Fault::from_str(name, true).map_err(anyhow::Error::msg))
                .collect::<Result<_, _>>()?
        }
    };
    let possible = |fault: &Fault| match fault.missing() {
        None => true,
        Some(why) => {
            println!("SKIPPED  {fault:?}: {why}");
            false
        }
    };
    Ok(wanted.into_iter().filter(possible).collect())
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let Cli { binary, instead, sales } = Cli::parse();
    match instead {
        Some(Instead::Payments(args)) => payments_cli::payments(args, binary).await,
        None => break_sales(sales, binary).await,
    }
}

async fn break_sales(sales: Sales, binary: PathBuf) -> anyhow::Result<ExitCode> {
    let seed = sales.seed.unwrap_or_else(rand::random);
    println!("seed {seed}");
    let cluster = ClusterOptions {
        binary,
        voters: sales.replicas,
        learners: sales.learners,
        settings: Vec::new(),
        directory: sales.directory,
    };
    let faults = faults(sales.faults)?;
    let options = RunOptions { cluster, seed, duration: sales.duration, faults, clients: sales.clients };
    let outcome = run(options, |line| println!("{line}")).await?;
    Ok(report(seed, &outcome))
}

fn report(seed: u64, outcome: &Outcome) -> ExitCode {
    let Outcome { verdict, inflicted, kept } = outcome;
    println!();
    for (what, count) in [
        ("entries in the log", verdict.entries),
        ("requests sent", verdict.sent),
        ("changes answered", verdict.writes),
        ("reads answered", verdict.reads),
        ("outcome not told", verdict.unknown),
        ("  of those in the log", verdict.settled),
    ] {
        println!("{what:<24} {count:>8}");
    }
    for (fault, count) in inflicted {
        println!("{:<24} {count:>8}", format!("{fault:?}"));
    }
    for violation in &verdict.violations {
        println!("VIOLATION  {violation}");
    }
    match kept {
        Some(kept) => {
            println!("seed {seed}; all files: {}", kept.display());
            ExitCode::FAILURE
        }
        None => {
            println!("every answer is that of the log, and in its order");
            ExitCode::SUCCESS
        }
    }
}
