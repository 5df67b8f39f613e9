//! Who belongs to the cluster, and who votes: the leader keeps it as the operator wants it, and changes it when told to.

mod admission;
mod agreed;
mod clock_watch;
mod hand_over;
mod keeper;
mod orders;
mod plan;
pub(crate) mod removal;

pub(crate) use self::agreed::raise_level_alone;
pub use self::hand_over::{HAND_OVER_LIMIT, HandOverError};
pub(crate) use self::keeper::keep;
pub(crate) use self::plan::Policy;
