//! The clocks of this machine.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A source of time, injected so that tests and simulations own it.
pub trait Clock: Send + Sync + 'static {
    /// Milliseconds since the Unix epoch, as this machine believes; may jump either way.
    fn wall_ms(&self) -> u64;
    /// Time since some fixed moment; never goes back.
    fn monotonic(&self) -> Duration;
}

/// The clocks of the operating system.
#[derive(Debug)]
pub struct SystemClock {
    /// On the running clock.
    started: Duration,
}

impl SystemClock {
    /// A clock whose monotonic time begins now.
    pub fn new() -> Self {
        Self { started: running() }
    }
}

/// Time since the machine started. It must go on while the machine is suspended, or every deadline would be as
/// much too late.
#[cfg(target_os = "linux")]
fn running() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    now.try_into().unwrap_or_default()
}

/// Time since this function was first called.
#[cfg(not(target_os = "linux"))]
fn running() -> Duration {
    static FIRST: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    FIRST.elapsed()
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the real clock")]
    fn wall_ms(&self) -> u64 {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
    }

    fn monotonic(&self) -> Duration {
        running().saturating_sub(self.started)
    }
}
