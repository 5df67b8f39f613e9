//! Events: how long they are kept, and how many may follow them.

use std::time::Duration;

use clap::Args;

use super::{duration, millis};

/// How long events may be set to be kept: ten years.
const MAX_KEEP_FOR: Duration = Duration::from_secs(10 * 366 * 24 * 60 * 60);

/// The least that events may be bounded to: some hundred of them.
const MIN_KEEP_BYTES: u64 = 1 << 20;

/// How events are kept and shown. Whichever replica leads goes by its own.
#[derive(Args, Clone, Debug)]
pub struct EventSettings {
    /// How long events are kept
    #[arg(long, env = "BOXOFFICE_EVENTS_KEEP_FOR", value_name = "DURATION", default_value = "7d",
          value_parser = keep_for, allow_hyphen_values = true)]
    pub events_keep_for: Duration,

    /// Bytes that the events which are kept may take, by and large: the oldest are forgotten first
    #[arg(long, env = "BOXOFFICE_EVENTS_KEEP_BYTES", value_name = "BYTES", default_value_t = 1 << 30,
          value_parser = clap::value_parser!(u64).range(MIN_KEEP_BYTES..), allow_negative_numbers = true)]
    pub events_keep_bytes: u64,

    /// Streams of events that may be open at once on this replica
    #[arg(
        long,
        env = "BOXOFFICE_EVENTS_MAX_STREAMS",
        value_name = "NUMBER",
        default_value_t = 4_096,
        allow_negative_numbers = true
    )]
    pub events_max_streams: u32,
}

impl EventSettings {
    /// How long events are kept, in milliseconds.
    pub fn keep_for_ms(&self) -> u64 {
        millis(self.events_keep_for)
    }
}

fn keep_for(text: &str) -> Result<Duration, String> {
    duration(text).and_then(|duration| {
        if duration < Duration::from_secs(1) {
            Err("shorter than a second".to_owned())
        } else if duration > MAX_KEEP_FOR {
            Err("longer than ten years".to_owned())
        } else {
            Ok(duration)
        }
    })
}
