//! The stand-in for Stripe as another process, so that it has threads of its own.

use std::io::Write;

use boxoffice_stripe_fake::{Fake, Options};

/// Says where it is, and serves until it is stopped.
pub(crate) async fn run() -> anyhow::Result<()> {
    let fake = Fake::start(Options::default()).await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", fake.url())?;
    out.flush()?;
    std::future::pending().await
}
