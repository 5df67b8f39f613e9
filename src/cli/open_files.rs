//! The bound on open files, which bounds connections.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What is open besides connections: databases, listeners, what the runtime needs. Generous.
const OTHER_FILES: u64 = 256;

/// Raises this process's own bound to what so many connections need. Systems come with a soft bound of 1 024, for
/// programs of another age, and let a process raise it up to the hard one.
pub(super) fn make_room_for(connections: u32) {
    let needed = u64::from(connections) + OTHER_FILES;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| needed <= current) {
        return;
    }
    let reached = maximum.map_or(needed, |maximum| maximum.min(needed));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(reached), maximum });
    if raised.is_err() || reached < needed {
        let open_files = if raised.is_ok() { Some(reached) } else { current };
        tracing::warn!(
            open_files,
            needed,
            "the bound on open files (ulimit -n) is too low for all connections"
        );
    }
}
