//! What a replica is told that was a member and is none any more: by the others, or by its own log.

use tonic::{Code, Status};

/// The line for the operator of that replica.
pub(crate) fn line(cluster_id: u128, node_id: u64) -> String {
    format!(
        "replica {node_id} was removed from cluster {cluster_id:032x}: wipe its data directory to have it join as \
         somebody new"
    )
}

/// What a member answers whatever such a replica asks.
pub(crate) fn refusal(cluster_id: u128, node_id: u64) -> Status {
    Status::permission_denied(line(cluster_id, node_id))
}

/// Whether a member answered that: no other answer of its has this code.
pub(crate) fn is_refusal(status: &Status) -> bool {
    status.code() == Code::PermissionDenied
}
