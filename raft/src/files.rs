//! A replica's two files, and whose they are.

use std::sync::Arc;

use crate::integrity::{check_log, check_state_if_small};
use crate::log_thread::{LOG_META, first_stored};
use crate::options::Options;
use crate::snapshot::{INCOMING_FILE, STATE_META};
use crate::storage::OpenError;
use crate::store::Store;
use crate::successor::settle;
use crate::wire::{FORMAT_VERSION, Identity};

/// The log's file.
pub(crate) const LOG_FILE: &str = "log.redb";
/// The state's file, in a replica's directory: where it is, there was a replica before.
pub const STATE_FILE: &str = "state.redb";

/// Both files, open.
pub(crate) struct Files {
    /// Whose they are; nobody's before the first start got as far as that.
    pub(crate) identity: Option<Identity>,
    pub(crate) log: Arc<Store>,
    pub(crate) state: Store,
}

impl Files {
    /// Opens both files and makes sure that they are the same replica's.
    ///
    /// # Errors
    /// When they are not, are in use, are damaged, or fail.
    pub(crate) fn open(options: &Options) -> Result<Self, OpenError> {
        let storage = &*options.storage;
        settle(storage)?;
        check_log(storage)?;
        check_state_if_small(storage)?;
        let log = Arc::new(Store::open(storage, LOG_FILE, options.log_cache_bytes / 2)?);
        let state = Store::open(storage, STATE_FILE, options.state_cache_bytes)?;
        // What came of a snapshot before the start has nobody who would install it.
        let removed = storage.remove(INCOMING_FILE);
        removed.map_err(|source| OpenError::Io { file: storage.describe(INCOMING_FILE), source })?;
        let identity = match (log.identity(LOG_META)?, state.identity(STATE_META)?) {
            (Some(of_log), Some(of_state)) if of_log == of_state => Some(of_log),
            (Some(_), Some(_)) => {
                let what = format!("{} and {} belong to different replicas", log.file(), state.file());
                return Err(OpenError::Mismatch(what));
            }
            (None, Some(_)) => {
                let what = format!("{} holds a state, but {} holds no log", state.file(), log.file());
                return Err(OpenError::Mismatch(what));
            }
            (Some(of_log), None) if first_stored(&log)?.is_some() => {
                let what = format!(
                    "{} holds the log of replica {}, but {} holds no state",
                    log.file(),
                    of_log.node_id,
                    state.file()
                );
                return Err(OpenError::Mismatch(what));
            }
            // The first start did not get further than the first file.
            (Some(of_log), None) => {
                state.set_identity(STATE_META, &of_log)?;
                Some(of_log)
            }
            (None, None) => None,
        };
        Ok(Self { identity, log, state })
    }

    /// Makes files that are nobody's those of a replica.
    ///
    /// # Errors
    /// When they can't be written.
    pub(crate) fn adopt(
        &mut self,
        cluster_id: u128,
        node_id: u64,
        bootstraps: bool,
    ) -> Result<Identity, OpenError> {
        let identity = Identity {
            format_version: FORMAT_VERSION,
            cluster_id: cluster_id.to_be_bytes().to_vec(),
            node_id,
            bootstraps,
        };
        self.log.set_identity(LOG_META, &identity)?;
        self.state.set_identity(STATE_META, &identity)?;
        self.identity = Some(identity.clone());
        Ok(identity)
    }
}
