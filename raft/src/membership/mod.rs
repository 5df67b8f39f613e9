//! Who belongs to the cluster, and who votes: the leader keeps it as the operator wants it, and changes it when told to.

mod admission;
mod keeper;
mod plan;

pub(crate) use self::keeper::keep;
pub(crate) use self::plan::Policy;
