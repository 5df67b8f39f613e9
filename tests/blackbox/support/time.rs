//! Waiting for what must come, and reading times.

use std::time::{Duration, Instant};

/// Nothing that is waited for takes as long, even on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(20);

/// Asks again until it holds; fails with the last reason when it does not come true.
pub(crate) async fn eventually<T>(what: &str, mut check: impl AsyncFnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match check().await {
            Ok(value) => return value,
            Err(reason) if Instant::now() > deadline => {
                panic!("{what}: not within {PATIENCE:?}; at last: {reason}")
            }
            Err(_) => tokio::time::sleep(POLL).await,
        }
    }
}

/// A time of the API, in milliseconds since the epoch.
#[track_caller]
pub(crate) fn millis(time: &serde_json::Value) -> i64 {
    let text = time.as_str().unwrap_or_else(|| panic!("a time should be a string: {time}"));
    assert!(text.ends_with('Z'), "times are RFC 3339 UTC: {text}");
    text.parse::<jiff::Timestamp>().unwrap_or_else(|error| panic!("{text}: {error}")).as_millisecond()
}

/// This machine's clock, which is the service's too.
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
