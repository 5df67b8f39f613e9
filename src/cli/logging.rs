//! The log. It goes to standard error: standard output is for what a command was asked for.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::Failure;
use crate::settings::{LogFormat, ServeSettings};

/// Set, and not empty, it keeps colours away: <https://no-color.org>.
const NO_COLOR: &str = "NO_COLOR";

/// Logs from now on.
pub(super) fn start(settings: &ServeSettings) -> Result<(), Failure> {
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&settings.log)?)
        .with_writer(std::io::stderr)
        .with_ansi(is_colourful())
        // It would be told on standard error, which is what just failed.
        .log_internal_errors(false);
    let started = match settings.log_format {
        LogFormat::Human => builder.with_target(false).try_init(),
        // A line lists its spans; the innermost of them need not be there once more.
        LogFormat::Json => builder.json().flatten_event(true).with_current_span(false).try_init(),
    };
    started.map_err(|error| error.to_string().into())
}

fn is_colourful() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os(NO_COLOR).is_none_or(|value| value.is_empty())
}
