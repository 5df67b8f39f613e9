//! The command line of a run of payments.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use boxoffice_chaos::payments::{Outcome, PaymentsOptions, run};
use clap::Args;

use crate::duration;

/// Make thousands of payments while the gateway fails and the leader is killed, and compare the books at the end.
///
/// Three replicas take payments by a stand-in for Stripe, which runs outside of them and fails by chance at every call:
/// 429 and 503 with Retry-After, 500 before and after the effect, connections cut before and after it, calls that hang
/// before and after it until whoever called gives up. Webhooks, if the program takes them, are late, doubled, out of
/// order, or lost. The leader is killed and started again every few seconds. Customers pay with good cards, with a card
/// that is declined and then another, twice at once, while they cancel, at the deadline, after they proved who they are,
/// in a browser, or not at all. Of a fifth of what was paid the seller gives back a part, or all, several times at once.
///
/// Afterwards every order has to be settled within 60 s, and the stand-in's books have to be the service's orders and
/// payments to the cent: none charged twice, none paid and neither complete nor refunded, none complete and unpaid, no
/// refund made twice or lost, nothing other than what a buyer or the seller was told. Each replica's log and state are checked as well, also by `boxoffice
/// verify`. Ends with 1 and says where all files are if anything does not hold.
#[derive(Args)]
pub(crate) struct Payments {
    /// Payments to begin; some orders take several, and some are never paid
    #[arg(long, default_value_t = 10_000)]
    payments: usize,
    /// Customers at once
    #[arg(long, default_value_t = 256)]
    customers: usize,
    /// Probability that a call of the gateway goes wrong
    #[arg(long, default_value_t = 0.05)]
    faults: f64,
    /// For how long a call hangs that does; the service gives up after 25 s
    #[arg(long, default_value = "30s", value_parser = duration)]
    hang: Duration,
    /// How often the leader is killed; never with 0s
    #[arg(long, default_value = "2s", value_parser = duration)]
    kill_every: Duration,
    /// How long a buyer has to pay
    #[arg(long, default_value = "15s", value_parser = duration)]
    window: Duration,
    /// For how long a payment under way holds an order past that
    #[arg(long, default_value = "10s", value_parser = duration)]
    grace: Duration,
    /// No customer begins with anything after so long, and it counts as failed
    #[arg(long, default_value = "30m", value_parser = duration)]
    at_most: Duration,
    /// Replicas
    #[arg(long, default_value_t = 3)]
    replicas: usize,
    /// What all choices of the customers and of the gateway follow from; by chance if not said
    #[arg(long)]
    seed: Option<u64>,
    /// Where everything lies, and stays; a temporary directory that goes if all is well if not said
    #[arg(long)]
    directory: Option<PathBuf>,
}

pub(crate) async fn payments(args: Payments, binary: PathBuf) -> anyhow::Result<ExitCode> {
    anyhow::ensure!((0.0..=1.0).contains(&args.faults), "--faults is a probability, from 0 to 1");
    let seed = args.seed.unwrap_or_else(rand::random);
    println!("seed {seed}");
    let options = PaymentsOptions {
        binary,
        replicas: args.replicas,
        directory: args.directory,
        seed,
        payments: args.payments,
        customers: args.customers,
        faults: args.faults,
        hang: args.hang,
        kill_every: args.kill_every,
        window_and_grace: (args.window, args.grace),
        at_most: args.at_most,
    };
    let outcome = run(options, |line| println!("{line}")).await?;
    Ok(report(seed, &outcome))
}

fn report(seed: u64, outcome: &Outcome) -> ExitCode {
    println!();
    for (name, value) in &outcome.table {
        println!("{name:<32} {value:>14}");
    }
    for violation in &outcome.violations {
        println!("VIOLATION  {violation}");
    }
    match &outcome.kept {
        Some(kept) => {
            println!("seed {seed}; all files: {}", kept.display());
            ExitCode::FAILURE
        }
        None => {
            println!("the gateway's books are the service's, to the cent");
            ExitCode::SUCCESS
        }
    }
}
