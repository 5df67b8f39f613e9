//! What tests have a debug build do: die at some place, to show that a restart puts everything right; and keep what they look
//! at afterwards.

/// The variable that names one; or, by its path from the root, a file that does, so that a test can choose the moment.
pub const VARIABLE: &str = "BOXOFFICE_FAILPOINT";

/// The variable by which a test plants a bug in the replicated log of a debug build, to show that it finds it.
pub const PLANTED_BUG: &str = "BOXOFFICE_PLANTED_BUG";

/// The variable by which a test has a replica of a debug build keep all of its log, however many entries it has: whoever
/// replays it needs its beginning.
pub const WHOLE_LOG: &str = "BOXOFFICE_KEEP_WHOLE_LOG";

/// Whether a test wants all of the log kept. Never so in a release build.
pub fn keeps_whole_log() -> bool {
    cfg!(debug_assertions) && std::env::var_os(WHOLE_LOG).is_some()
}

/// Dies here if `BOXOFFICE_FAILPOINT` names this place. Release builds have no such places.
pub fn reach(place: &str) {
    if cfg!(debug_assertions) && std::env::var(VARIABLE).is_ok_and(|wanted| names(&wanted, place)) {
        // As abrupt as `kill -9`: nothing is flushed, nothing unwinds.
        std::process::abort();
    }
}

fn names(wanted: &str, place: &str) -> bool {
    match wanted.starts_with('/') {
        true => std::fs::read_to_string(wanted).is_ok_and(|named| named.trim() == place),
        false => wanted == place,
    }
}
