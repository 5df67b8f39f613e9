//! A stand-in for Stripe: see `boxoffice-stripe-fake --help`.

use std::net::SocketAddr;

use boxoffice_stripe_fake::{Fake, Options, WebhookSettings};
use clap::Parser;

/// Stands in for Stripe, for trying things out and for tests from elsewhere.
///
/// Prints its address once it listens. What it knows is under /_control/: GET books, exchanges, counts, held, violations,
/// events, faults, webhooks, webhooks/counts. What can be done to it, with JSON: PUT faults, webhooks; POST planned
/// {"operation": "confirm_intent", "fault": "cut_after", "times": 1}, let_go, payment_intents/ID/complete {"succeeds":
/// true}, charges/ID/refund {"amount": 100}, charges/ID/dispute, disputes/ID/close {"succeeds": true}, refunds/ID/end
/// {"succeeds": false}, events/ID/deliver, clock {"seconds": 86400}.
#[derive(Parser)]
#[command(version)]
struct Cli {
    /// Where to listen: an address of this machine alone; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:12111", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The secret key that it takes
    #[arg(long, default_value = "sk_test_standin", value_name = "KEY")]
    secret_key: String,
    /// The publishable key that browsers show
    #[arg(long, default_value = "pk_test_standin", value_name = "KEY")]
    publishable_key: String,
    /// Where events are told, http only; may be given several times, then each delivery takes the next
    #[arg(long, value_name = "URL")]
    webhook_url: Vec<String>,
    /// What events are signed with; may be given several times
    #[arg(long, default_value = "whsec_standin", value_name = "SECRET")]
    webhook_secret: Vec<String>,
    /// What all choices and names follow from
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    seed: u64,
    /// What goes wrong, as JSON such as {"error_after": 0.05, "latency_ms": [10, 200]}
    #[arg(long, default_value = "{}", value_name = "JSON")]
    faults: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let cli = Cli::parse();
    let webhooks =
        WebhookSettings { urls: cli.webhook_url, secrets: cli.webhook_secret, ..WebhookSettings::default() };
    let fake = Fake::start(Options {
        listen: cli.listen,
        secret_key: cli.secret_key,
        publishable_key: cli.publishable_key,
        seed: cli.seed,
        faults: serde_json::from_str(&cli.faults)?,
        webhooks,
    })
    .await?;
    println!("{}", fake.url());
    Ok(tokio::signal::ctrl_c().await?)
}
