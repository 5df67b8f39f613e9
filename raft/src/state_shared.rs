//! What others see of the state and of its writer's progress.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use prost::Message;
use redb::{ReadTransaction, TableError};
use tokio::sync::watch;

use crate::digest_thread::RecentDigests;
use crate::log_time::LogTime;
use crate::snapshot::STATE_META;
use crate::storage::{OpenError, StorageError};
use crate::store::Store;
use crate::successor::Origin;
use crate::types::{LogId, StoredMembership, next_index};
use crate::wire::{self, ClusterState};

pub(crate) const PROGRESS_KEY: &str = "progress";
pub(crate) const CLUSTER_KEY: &str = "cluster";
pub(crate) const MEMBERSHIP_KEY: &str = "membership";
pub(crate) const DIVERGED_KEY: &str = "diverged";

/// What others see of the writer's progress.
pub(crate) struct StateShared {
    pub(crate) store: Store,
    pub(crate) applied: Mutex<(Option<LogId>, StoredMembership)>,
    /// What the cluster agrees on besides, as far as it is applied.
    cluster: Mutex<Arc<ClusterState>>,
    /// The index last applied, for those who wait for one.
    pub(crate) applied_index: watch::Sender<u64>,
    /// The state is durable before this index.
    pub(crate) durable: Arc<AtomicU64>,
    /// Of the state, to be compared with those of others.
    pub(crate) digests: RecentDigests,
    /// The writer's first failure: nothing is applied after it.
    pub(crate) failure: OnceLock<String>,
}

impl StateShared {
    /// Reads the progress stored in the state database.
    pub(crate) fn load(store: Store) -> Result<(Self, LogTime, ClusterState), StorageError> {
        let progress: wire::Progress = store.message(STATE_META, PROGRESS_KEY)?.unwrap_or_default();
        let membership: wire::StoredMembership =
            store.message(STATE_META, MEMBERSHIP_KEY)?.unwrap_or_default();
        let membership = membership.try_into().map_err(|e: String| store.corrupt(e))?;
        let cluster: ClusterState = store.message(STATE_META, CLUSTER_KEY)?.unwrap_or_default();
        let applied: Option<LogId> = progress.applied.map(Into::into);
        let shared = Self {
            store,
            applied: Mutex::new((applied, membership)),
            cluster: Mutex::new(Arc::new(cluster.clone())),
            applied_index: watch::Sender::new(applied.map_or(0, |id| id.index)),
            durable: Arc::new(AtomicU64::new(next_index(applied))),
            digests: RecentDigests::default(),
            failure: OnceLock::new(),
        };
        Ok((shared, LogTime::from_millis(progress.log_time_ms), cluster))
    }

    /// Whether a program that supports feature levels up to `supported` may go on with this state.
    ///
    /// # Errors
    /// When it uses what the program does not know, or was found to differ from that of the other replicas.
    pub(crate) fn check_usable(&self, supported: u32) -> Result<(), OpenError> {
        let file = self.store.file().to_owned();
        if let Some(wire::Diverged { reason }) = self.store.message(STATE_META, DIVERGED_KEY)? {
            return Err(OpenError::Diverged { file, reason });
        }
        let reason = self.cluster().why_too_new(supported);
        reason.map_or(Ok(()), |reason| Err(OpenError::NewerLevel { file, reason }))
    }

    /// The index of the last entry whose effects a read of the state shows.
    pub(crate) fn applied_in(&self, view: &ReadTransaction) -> Result<u64, StorageError> {
        let table = match view.open_table(STATE_META) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(0),
            Err(e) => return Err(self.store.failed(e)),
        };
        let stored = table.get(PROGRESS_KEY.as_bytes()).map_err(|e| self.store.failed(e))?;
        let Some(stored) = stored else { return Ok(0) };
        let progress = wire::Progress::decode(stored.value())
            .map_err(|e| self.store.corrupt(format!("the stored {PROGRESS_KEY} can't be decoded: {e}")))?;
        Ok(progress.applied.map_or(0, |id| LogId::from(id).index))
    }

    /// How the cluster began, as the newest state says.
    pub(crate) fn origin(&self) -> Result<Origin, StorageError> {
        let cluster: ClusterState = self.store.message(STATE_META, CLUSTER_KEY)?.unwrap_or_default();
        Origin::of(&cluster).map_err(|e| self.store.corrupt(e))
    }

    pub(crate) fn applied(&self) -> (Option<LogId>, StoredMembership) {
        self.lock().clone()
    }

    /// What the cluster agrees on besides its membership.
    pub(crate) fn cluster(&self) -> Arc<ClusterState> {
        self.cluster.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn publish_cluster(&self, cluster: &ClusterState) {
        *self.cluster.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(cluster.clone());
    }

    /// Why the writer applies nothing any more.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    pub(crate) fn last_applied(&self) -> Option<LogId> {
        self.lock().0
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, (Option<LogId>, StoredMembership)> {
        self.applied.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
