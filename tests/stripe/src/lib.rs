//! Stands in for Stripe in tests: strict, with faults on demand, and books of every charge.
//!
//! It answers what a service that takes card payments calls, as Stripe documents it for the version 2023-08-16:
//! payment methods of tokens, payment intents, refunds, idempotency keys, declines, what a buyer has to do, signed
//! webhooks. What it does not know it refuses, rather than ignoring it. Everything that is said, by either side, is held
//! to Stripe's own OpenAPI document ([`Service::violations`]).
//!
//! Faults come by chance from a seed ([`Faults`]) or by plan ([`Planned`]): too many requests, internal errors and cut
//! connections before or after the effect, answers that take long, calls that a test holds, webhooks that are late, doubled, out of order, or
//! lost. [`Service::books`] has every charge and refund, for comparison.
//!
//! Everything is in memory, and bounded.

mod account;
mod answer;
mod books;
mod cards;
mod clock;
mod contract;
mod control;
mod error;
mod faults;
mod held;
mod idempotency;
mod operation;
mod params;
mod resources;
mod server;
mod service;
#[cfg(test)]
mod tests;
mod webhooks;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use self::books::{Books, ChargeEntry, Exchange, RefundEntry};
pub use self::control::Impossible;
pub use self::faults::{Fault, Faults, Planned};
pub use self::operation::Operation;
pub use self::service::Service;
pub use self::webhooks::{WebhookCounts, WebhookSettings, signature_header};

/// The version of Stripe's interface that it speaks.
pub const STRIPE_VERSION: &str = "2023-08-16";

/// How a stand-in is set up.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where it listens: on this machine only. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The secret key that it takes.
    pub secret_key: String,
    /// The publishable key that browsers show.
    pub publishable_key: String,
    /// What all choices and names follow from.
    pub seed: u64,
    /// What goes wrong.
    pub faults: Faults,
    /// Who is told of events.
    pub webhooks: WebhookSettings,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            secret_key: "sk_test_standin".to_owned(),
            publishable_key: "pk_test_standin".to_owned(),
            seed: 1,
            faults: Faults::default(),
            webhooks: WebhookSettings::default(),
        }
    }
}

/// A stand-in that runs, until it is dropped. What it knows and does is [`Service`]'s.
pub struct Fake {
    service: Arc<Service>,
    address: SocketAddr,
    _stopping: DropGuard,
}

impl Fake {
    /// Starts one on the runtime of the caller.
    ///
    /// # Errors
    /// When it cannot listen there, or others than this machine could call it.
    pub async fn start(options: Options) -> io::Result<Self> {
        if !options.listen.ip().is_loopback() {
            let message = format!("{} is not an address of this machine alone", options.listen);
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let listener = TcpListener::bind(options.listen).await?;
        let address = listener.local_addr()?;
        let stopping = CancellationToken::new();
        let service = Arc::new(Service::new(options, stopping.clone()));
        tokio::spawn(server::serve(listener, service.clone(), stopping.clone()));
        Ok(Self { service, address, _stopping: stopping.drop_guard() })
    }

    /// What to take for `https://api.stripe.com`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Deref for Fake {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}
