//! How far a long command is, for whoever watches.

use std::time::Duration;

use boxoffice_raft::SnapshotProgress;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

/// Rows out of all rows, the time left, and the bytes so far.
const TEMPLATE: &str = "{prefix} {wide_bar} {percent:>3} %  {msg}  {eta} left";

/// What moves while there is nothing to count, and for how long it has.
const WAITING_TEMPLATE: &str = "{spinner} {msg} … {elapsed}";
/// Between two moves.
const TICK: Duration = Duration::from_millis(100);

/// A bar on standard error, if that is a terminal; nothing else otherwise. It is gone once the command ends.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Shows what is done.
    pub(super) fn begin(what: &'static str) -> Self {
        let bar = ProgressBar::new(0).with_prefix(what);
        // The template is a constant, and without a style the bar is only less telling.
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        Self(bar)
    }

    /// Shows how far it is.
    pub(super) fn show(&self, progress: SnapshotProgress) {
        if self.0.is_hidden() {
            return;
        }
        self.0.set_length(progress.total_rows);
        self.0.set_position(progress.rows);
        self.0.set_message(HumanBytes(progress.frame_bytes).to_string());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

/// A line on standard error that moves while somebody else is at work, if that is a terminal; nothing else otherwise. It
/// is gone once this is dropped.
pub(super) struct Waiting(ProgressBar);

impl Waiting {
    /// Says what for.
    pub(super) fn begin(what: &'static str) -> Self {
        let line = ProgressBar::new_spinner().with_message(what);
        if line.is_hidden() {
            return Self(line);
        }
        if let Ok(style) = ProgressStyle::with_template(WAITING_TEMPLATE) {
            line.set_style(style);
        }
        line.enable_steady_tick(TICK);
        Self(line)
    }

    /// Says something else.
    pub(super) fn say(&self, what: String) {
        self.0.set_message(what);
    }

    /// Does something that writes to the terminal, out of the way of this line.
    pub(super) fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
