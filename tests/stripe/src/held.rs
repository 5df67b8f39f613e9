//! Calls that a test holds, until it lets them go.

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::watch;

/// Where calls wait for the test.
#[derive(Default)]
pub(crate) struct Held {
    count: AtomicUsize,
    /// How often they were let go.
    let_go: watch::Sender<u64>,
}

impl Held {
    /// Waits until they are let go the next time.
    pub(crate) async fn wait(&self) {
        let mut let_go = self.let_go.subscribe();
        self.count.fetch_add(1, Ordering::Relaxed);
        // The sender lives as long as this.
        let _ = let_go.changed().await;
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    pub(crate) fn let_go(&self) {
        self.let_go.send_modify(|times| *times += 1);
    }

    pub(crate) fn count(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }
}
