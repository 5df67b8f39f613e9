//! The files of a replica that is to take the place of another, or of none.
//!
//! They are made beside the replica's own under names of their own, the state first, and take those names at the end,
//! the state first again. So what is there says how far it came, whenever it stops:
//!
//! ```text
//! state.redb.next, no state.redb      a restore was not finished: there is no replica
//! state.redb.next and state.redb      a recovery was not finished: the old replica is as it was
//! log.redb.next alone                 it is done, but for the log's name
//! ```

use crate::files::{LOG_FILE, STATE_FILE};
use crate::log_thread::{LOG_META, VOTE_KEY, put_begin_behind};
use crate::snapshot::STATE_META;
use crate::storage::{OpenError, Storage};
use crate::store::{Store, put_identity, put_message};
use crate::wire;

use super::Successor;

/// The state that is being made.
pub(crate) const NEXT_STATE: &str = "state.redb.next";
/// The log that goes with it.
pub(crate) const NEXT_LOG: &str = "log.redb.next";
/// What is unfinished of that. redb makes a file in several steps.
const NEXT_LOG_UNFINISHED: &str = "log.redb.next.new";
/// Hardly anything is in the log's file, and only whose it is is read of the state's.
const CACHE_BYTES: usize = 1 << 20;

/// What of a replica's directory may be there before a restore: what is left of one that was not finished.
pub(super) const LEFTOVERS: &[&str] = &[NEXT_STATE, NEXT_LOG, NEXT_LOG_UNFINISHED];

impl Successor {
    /// Makes the log, durably, beside the one that may be there.
    pub(super) fn write_log(&self, storage: &dyn Storage) -> Result<(), OpenError> {
        let log = Store::open_backend(storage, NEXT_LOG_UNFINISHED, CACHE_BYTES)?;
        let mut txn = log.write()?;
        txn.set_quick_repair(true);
        let put = || {
            put_identity(&txn, LOG_META, &self.identity)?;
            put_begin_behind(&txn, self.applied)?;
            put_message(&txn, LOG_META, VOTE_KEY, &wire::Vote::from(&self.vote))
        };
        put().map_err(|e: redb::Error| log.failed(e))?;
        txn.commit().map_err(|e| log.failed(e))?;
        log.close()?;
        rename(storage, NEXT_LOG_UNFINISHED, NEXT_LOG)
    }
}

/// Lets what was made take the replica's place. Once the state has its name, there is no way back.
pub(super) fn publish(storage: &dyn Storage) -> Result<(), OpenError> {
    rename(storage, NEXT_STATE, STATE_FILE)?;
    rename(storage, NEXT_LOG, LOG_FILE)
}

/// Removes what was not finished; the state last, for without it the log would look like what is to be kept.
pub(super) fn discard(storage: &dyn Storage) -> Result<(), OpenError> {
    for name in [NEXT_LOG_UNFINISHED, NEXT_LOG, NEXT_STATE] {
        remove(storage, name)?;
    }
    Ok(())
}

/// Finishes or undoes what was begun before the last stop. To be called before the files are opened.
///
/// # Errors
/// When a restore was not finished, or the files fail.
pub(crate) fn settle(storage: &dyn Storage) -> Result<(), OpenError> {
    if exists(storage, NEXT_STATE)? {
        if exists(storage, STATE_FILE)? {
            return discard(storage);
        }
        let what = format!(
            "{} is what is left of a restore that was not finished: restore again, or remove it",
            storage.describe(NEXT_STATE)
        );
        return Err(OpenError::Mismatch(what));
    }
    remove(storage, NEXT_LOG_UNFINISHED)?;
    if !exists(storage, NEXT_LOG)? {
        return Ok(());
    }
    // The state's lock keeps others away meanwhile.
    let state = Store::open(storage, STATE_FILE, CACHE_BYTES)?;
    let next = Store::open_backend(storage, NEXT_LOG, CACHE_BYTES)?;
    let (of_state, of_next) = (state.identity(STATE_META)?, next.identity(LOG_META)?);
    next.close()?;
    if of_next.is_some() && of_next == of_state {
        rename(storage, NEXT_LOG, LOG_FILE)?;
    } else {
        remove(storage, NEXT_LOG)?;
    }
    Ok(state.close()?)
}

/// Whether there is anything of a replica, or of one that was to be.
///
/// # Errors
/// When that cannot be found out.
pub(crate) fn is_anything_there(storage: &dyn Storage) -> Result<bool, OpenError> {
    for name in [STATE_FILE, LOG_FILE, NEXT_STATE] {
        if exists(storage, name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn exists(storage: &dyn Storage, name: &str) -> Result<bool, OpenError> {
    storage.exists(name).map_err(|source| OpenError::Io { file: storage.describe(name), source })
}

fn remove(storage: &dyn Storage, name: &str) -> Result<(), OpenError> {
    storage.remove(name).map_err(|source| OpenError::Io { file: storage.describe(name), source })
}

fn rename(storage: &dyn Storage, from: &str, to: &str) -> Result<(), OpenError> {
    storage.rename(from, to).map_err(|source| OpenError::Io { file: storage.describe(from), source })
}
