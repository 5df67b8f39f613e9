//! Points in time, for people.

use boxoffice_raft::LogTime;

/// The time in UTC, to the second.
pub(super) fn shown(time: LogTime) -> String {
    let seconds = i64::try_from(time.as_millis() / 1000).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).map_or_else(|_| format!("{seconds} s"), |time| time.to_string())
}
