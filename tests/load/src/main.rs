//! Drives a running Boxoffice over HTTP and measures it: see `boxoffice-load --help`.

mod base_url;
mod baseline;
mod bench;
mod connection;
mod drive;
mod etcd;
mod expiry;
mod postgres;
mod process;
mod reply;
mod report;
mod request;
mod run;
mod seed;
mod stripe;
mod titles;
mod workload;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The same allocator as the service, so that the baseline handler is measured on equal terms.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Drives a running Boxoffice over HTTP and measures it.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve one typed JSON handler without any store: what the framework alone can do.
    Baseline(baseline::Args),
    /// Serve a stand-in for Stripe that answers at once and never fails.
    Stripe,
    /// Measure scenarios against a service that already runs.
    Run(run::Args),
    /// Fill a running service with tickets and orders.
    Seed(seed::Args),
    /// Let many orders of a running service fall due at once and watch them go back on sale.
    Expiry(expiry::Args),
    /// Start the service on a fresh data directory, measure everything, compare with the bars.
    Bench(bench::Args),
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("boxoffice-load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    // The generator shares its cores with the server, and one thread is enough to load it. The baseline stands
    // where the service stands, and so has the threads that the service has.
    let mut builder = match command {
        Command::Baseline(_) | Command::Stripe => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = builder.enable_all().build()?;
    let work = async {
        match command {
            Command::Baseline(args) => baseline::run(args).await,
            Command::Stripe => stripe::run().await,
            Command::Run(args) => run::run(args).await,
            Command::Seed(args) => seed::run(args).await,
            Command::Expiry(args) => expiry::run(args).await,
            Command::Bench(args) => bench::run(args).await,
        }
    };
    tokio::task::LocalSet::new().block_on(&runtime, async {
        // Dropping the work on a signal runs the guards that stop the processes it started.
        tokio::select! {
            result = work => result,
            () = interrupted() => anyhow::bail!("interrupted"),
        }
    })
}

/// Resolves on SIGINT or SIGTERM.
async fn interrupted() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("SIGTERM can be caught");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
