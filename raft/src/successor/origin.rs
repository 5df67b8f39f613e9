//! How a cluster began.

use crate::log_time::LogTime;
use crate::wire::{ClusterState, OriginKind};

/// How a cluster began. The same on all its replicas, once they have its state.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// With an empty state.
    Founded,
    /// With the state of a backup.
    Restored(Ancestor),
    /// With the state of one replica of a cluster that had lost its quorum.
    Recovered(Ancestor),
}

/// The cluster whose state another one began with. What it did after that entry is not in the state.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Ancestor {
    /// Its id.
    pub cluster_id: u128,
    /// The last entry of its log that the state had.
    pub index: u64,
    /// The replicated clock at that entry.
    pub log_time: LogTime,
}

impl Origin {
    /// What the state says.
    ///
    /// # Errors
    /// When a newer program wrote it.
    pub(crate) fn of(cluster: &ClusterState) -> Result<Self, String> {
        let Some(stored) = &cluster.origin else { return Ok(Self::Founded) };
        let cluster_id = stored.cluster_id.as_slice().try_into().map(u128::from_be_bytes);
        let ancestor = Ancestor {
            cluster_id: cluster_id.map_err(|_| "the stored origin has no cluster id".to_owned())?,
            index: stored.index,
            log_time: LogTime::from_millis(stored.log_time_ms),
        };
        match stored.kind() {
            OriginKind::Restored => Ok(Self::Restored(ancestor)),
            OriginKind::Recovered => Ok(Self::Recovered(ancestor)),
            OriginKind::Unknown => {
                Err("how the cluster began is not known to this program: start a newer one".to_owned())
            }
        }
    }
}
