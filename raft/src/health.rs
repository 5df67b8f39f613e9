//! The first failure that ends this replica, for whoever has to end the process.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

use crate::damage;
use crate::storage::StorageError;

/// Why the engine failed for good. The process must exit: what it serves from here on may be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FatalReason(Arc<str>);

impl fmt::Display for FatalReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for FatalReason {}

/// Remembers the first failure and wakes those who wait for one.
#[derive(Clone)]
pub(crate) struct Health {
    /// No other replica could give this one its data back.
    is_alone: bool,
    failure: Arc<watch::Sender<Option<FatalReason>>>,
}

impl Health {
    pub(crate) fn new(is_alone: bool) -> Self {
        Self { is_alone, failure: Arc::new(watch::Sender::new(None)) }
    }

    /// Reports that a file failed; if it is damaged, with what to do.
    pub(crate) fn fail_of(&self, error: &StorageError) {
        self.fail(self.line(error, error.is_damage()));
    }

    /// The line about a failure.
    pub(crate) fn line(&self, reason: impl fmt::Display, is_damage: bool) -> String {
        if is_damage { damage::line(reason, self.is_alone) } else { reason.to_string() }
    }

    /// Reports a failure; only the first one is kept, for the later ones follow from it.
    pub(crate) fn fail(&self, reason: impl fmt::Display) {
        self.failure.send_if_modified(|failure| {
            let first = failure.is_none();
            if first {
                tracing::error!(%reason, "the replica fails and must stop");
                *failure = Some(FatalReason(reason.to_string().into()));
            }
            first
        });
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.failure.borrow().is_some()
    }

    /// Waits for the first failure, for ever if there is none.
    pub(crate) async fn failed(&self) -> FatalReason {
        let mut failures = self.failure.subscribe();
        let failure = failures.wait_for(Option::is_some).await;
        match failure.ok().and_then(|f| f.clone()) {
            Some(reason) => reason,
            None => std::future::pending().await,
        }
    }
}

/// Reports the panic of a thread without which the replica can't go on; drop it last.
pub(crate) struct PanicGuard {
    pub(crate) health: Health,
    pub(crate) thread: &'static str,
}

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let thread = self.thread;
            self.health.fail(format_args!(
                "the {thread} thread panicked: the lines before this one say why; `boxoffice verify` whether the \
                 data is damaged"
            ));
        }
    }
}
