//! The clock of the stand-in: this machine's, and it can be put forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Clone, Default)]
pub(crate) struct Clock {
    ahead_s: Arc<AtomicU64>,
}

impl Clock {
    /// Seconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "this is the clock; tests put it forward")]
    pub(crate) fn now_s(&self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        since.as_secs() + self.ahead_s.load(Ordering::Relaxed)
    }

    pub(crate) fn put_forward(&self, seconds: u64) {
        self.ahead_s.fetch_add(seconds, Ordering::Relaxed);
    }
}
