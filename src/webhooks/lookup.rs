//! What names stand for.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use super::url::Destinations;

/// Names that are looked up at once: each holds a thread for as long as the system takes, which is some seconds if the
/// name's own servers do not answer.
const MAX_LOOKUPS: usize = 256;

/// What a look-up comes to.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Says which addresses a name stands for right now.
pub trait Lookup: Send + Sync {
    /// Looks a name up. The ports of what is found count for nothing.
    fn lookup(&self, name: &str) -> Found;
}

/// As the operating system has it.
#[derive(Debug)]
pub struct SystemLookup {
    places: Arc<Semaphore>,
}

impl Default for SystemLookup {
    fn default() -> Self {
        Self { places: Arc::new(Semaphore::new(MAX_LOOKUPS)) }
    }
}

impl Lookup for SystemLookup {
    fn lookup(&self, name: &str) -> Found {
        let (name, places) = (name.to_owned(), self.places.clone());
        Box::pin(async move {
            let place = places.acquire_owned().await.map_err(io::Error::other)?;
            let found = tokio::task::spawn_blocking(move || {
                // Kept until the system has answered, whether anybody still waits for it or not.
                let _place = place;
                Ok((name.as_str(), 0).to_socket_addrs()?.collect())
            });
            found.await.map_err(io::Error::other)?
        })
    }
}

/// The name stands for no address that something may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the name leads to no address on the Internet")]
pub(super) struct NotOnTheInternet;

/// Hands out only addresses that something may be sent to. It is asked for each new connection, which goes to just what
/// it hands out: whatever the name stood for before, or will a moment later, matters not.
pub(super) struct Guarded {
    pub(super) destinations: Destinations,
    pub(super) lookup: Arc<dyn Lookup>,
}

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let (destinations, found) = (self.destinations, self.lookup.lookup(name.as_str()));
        Box::pin(async move {
            let mut addresses = found.await?;
            let had_some = !addresses.is_empty();
            addresses.retain(|address| destinations.refuses(address.ip()).is_none());
            if addresses.is_empty() && had_some {
                return Err(NotOnTheInternet.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
