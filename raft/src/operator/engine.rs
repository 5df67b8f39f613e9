//! What a replica's own process asks about its cluster: to hand leadership over before it stops, and for metrics.

use std::time::Duration;

use openraft::async_runtime::watch::WatchReceiver;

use crate::engine::Engine;
use crate::membership::HandOverError;

/// How far another replica is behind this one, which leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplicaLag {
    /// Its id in the cluster.
    pub id: u64,
    /// Where it runs.
    pub region: String,
    /// How many entries it lacks; none if it was not reached since this replica leads.
    pub entries: Option<u64>,
    /// How long ago it was last heard; none if it was not since this replica started.
    pub last_contact: Option<Duration>,
}

impl Engine {
    /// Has the live voter with the longest log lead instead of this replica, and waits until it does. Commands that are
    /// proposed meanwhile are tried again, and go to it. Returns the new leader.
    ///
    /// # Errors
    /// When this replica does not lead, nobody else could, or nobody did within `limit`.
    pub async fn hand_over(&self, limit: Duration) -> Result<u64, HandOverError> {
        self.inner.hand_over(None, limit).await
    }

    /// Whether it has a network to others.
    pub fn has_peers(&self) -> bool {
        self.inner.side.is_some()
    }

    /// How far the others are behind, if this replica leads.
    pub fn lags(&self) -> Vec<ReplicaLag> {
        let Some(side) = &self.inner.side else { return Vec::new() };
        let now = self.inner.wall_clock.monotonic();
        let metrics = self.inner.raft.metrics();
        let metrics = metrics.borrow_watched();
        let Some(replication) = &metrics.replication else { return Vec::new() };
        let last = metrics.last_log_index.unwrap_or(0);
        let others =
            metrics.membership_config.membership().nodes().filter(|(id, _)| **id != self.inner.node_id);
        let lag = |id: &u64, region: &str| ReplicaLag {
            id: *id,
            region: region.to_owned(),
            entries: replication.get(id).copied().flatten().map(|matched| last.saturating_sub(matched.index)),
            last_contact: side.peers.directory().last_heard(*id).map(|heard| now.saturating_sub(heard.at)),
        };
        others.map(|(id, node)| lag(id, &node.region)).collect()
    }

    /// How long the certificate that this replica shows others is valid yet, in seconds: below 0 if it is not any more.
    /// None if it is alone, or makes its certificate of the secret at each start.
    pub fn peer_certificate_expires_in_secs(&self) -> Option<i64> {
        let side = self.inner.side.as_ref()?;
        side.own.credentials.expires_in_secs(self.inner.wall_clock.wall_ms())
    }

    /// How far this replica's wall clock is ahead of the median of a quorum's, in milliseconds; none while too few are
    /// heard, or if it is alone.
    pub fn clock_offset_ms(&self) -> Option<i64> {
        let side = self.inner.side.as_ref()?;
        Some(side.peers.clocks.median_offset_ms()?.saturating_neg())
    }
}
