//! The signals that ask the process to stop.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::Instant;

/// One wish to stop may come as two signals: a terminal tells everybody, and a parent process passes it on.
const ECHO: Duration = Duration::from_millis(500);

/// SIGTERM and SIGINT, which no longer end the process by themselves once this is made.
pub(super) struct StopSignals {
    terminate: Signal,
    interrupt: Signal,
}

impl StopSignals {
    /// Catches them from now on; one that comes before it is asked for is kept.
    pub(super) fn catch() -> io::Result<Self> {
        Ok(Self { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    /// Waits for another wish to stop, once there was one.
    pub(super) async fn again(&mut self) -> &'static str {
        let since = Instant::now();
        loop {
            let name = self.next().await;
            if since.elapsed() >= ECHO {
                return name;
            }
        }
    }

    /// Waits for the next one, and names it. Safe to cancel.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}
