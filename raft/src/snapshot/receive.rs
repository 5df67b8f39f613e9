//! A snapshot that comes from another replica, into a file beside the state that takes the state's place once
//! it is whole.

use std::sync::Arc;
use std::time::Duration;

use redb::WriteTransaction;

use super::build::StateBuilder;
use super::digest::STATE_META;
use super::error::SnapshotError;
use super::message::Header;
use super::progress::{SnapshotProgress, SnapshotTransfer};
use super::{SnapshotData, StateSnapshot};
use crate::files::STATE_FILE;
use crate::home::StateHome;
use crate::log_time::LogTime;
use crate::start::cluster_id;
use crate::state_shared::{MEMBERSHIP_KEY, PROGRESS_KEY};
use crate::storage::OpenError;
use crate::store::{Store, put_identity, put_message};
use crate::types::SnapshotMeta;
use crate::wire;

/// A snapshot comes into this file. One that was not installed is of no use to anybody.
pub(crate) const INCOMING_FILE: &str = "state.redb.incoming";
/// Memory for the pages of the file while it is filled, which it is in order.
const CACHE_BYTES: usize = 64 << 20;

/// Takes the frames of one snapshot. Dropped before the end, it leaves nothing behind. Blocks: writes go to the
/// disk.
pub(crate) struct SnapshotReceiver {
    builder: StateBuilder,
    incoming: Incoming,
    started: Duration,
}

/// A whole snapshot in its file, to be installed. Dropped before, it leaves nothing behind.
pub(crate) struct Received {
    incoming: Incoming,
    pub(crate) meta: SnapshotMeta,
    pub(crate) log_time: LogTime,
}

impl SnapshotReceiver {
    /// Begins to receive; whatever was being received is given up.
    pub(crate) fn begin(home: Arc<StateHome>) -> Result<Self, SnapshotError> {
        let started = home.clock.monotonic();
        let (incoming, store) = Incoming::begin(home)?;
        Ok(Self { builder: StateBuilder::new(store), incoming, started })
    }

    /// How far it has come.
    pub(crate) fn progress(&self) -> SnapshotProgress {
        self.builder.progress()
    }

    /// Takes the next frame.
    pub(crate) fn write(&mut self, frame: &[u8]) -> Result<(), SnapshotError> {
        self.incoming.check_owned()?;
        let is_first = self.builder.header().is_none();
        self.builder.write(frame)?;
        let own = cluster_id(&self.incoming.home.identity);
        match self.builder.header().map(Header::cluster_id) {
            Some(found) if is_first && found != own => Err(SnapshotError::OtherCluster { found, own }),
            _ => Ok(()),
        }
    }

    /// Makes what came durable, if it is whole.
    pub(crate) fn finish(self) -> Result<Received, SnapshotError> {
        let progress = self.progress();
        let Self { builder, mut incoming, started } = self;
        let home = incoming.home.clone();
        let header = builder.header().ok_or(SnapshotError::Cut)?;
        let (meta, log_time) = (header.meta()?, header.log_time());
        let put = |txn: &WriteTransaction, header: &Header| {
            put_identity(txn, STATE_META, &home.identity)?;
            put_progress(txn, header)
        };
        builder.finish(put)?;
        incoming.finish()?;
        let duration = home.clock.monotonic().saturating_sub(started);
        home.observer.snapshot_received(SnapshotTransfer { progress, duration });
        Ok(Received { incoming, meta, log_time })
    }
}

/// Writes how far the state of a snapshot is, and who the members were there.
pub(crate) fn put_progress(txn: &WriteTransaction, header: &Header) -> Result<(), redb::Error> {
    let progress = wire::Progress { applied: header.last_applied.clone(), log_time_ms: header.log_time_ms };
    put_message(txn, STATE_META, PROGRESS_KEY, &progress)?;
    put_message(txn, STATE_META, MEMBERSHIP_KEY, &header.membership.clone().unwrap_or_default())
}

impl From<Received> for StateSnapshot {
    fn from(received: Received) -> Self {
        let meta = received.meta.clone();
        Self { meta, snapshot: SnapshotData::Received(Box::new(received)) }
    }
}

impl Received {
    /// Gives the file the state's name, durably, and opens it.
    pub(crate) fn publish(mut self) -> Result<Store, OpenError> {
        self.incoming.publish()
    }
}

/// The file that a snapshot comes into, for as long as nobody else begins to receive one.
struct Incoming {
    home: Arc<StateHome>,
    number: u64,
    is_published: bool,
}

impl Incoming {
    fn begin(home: Arc<StateHome>) -> Result<(Self, Store), SnapshotError> {
        let mut receives = home.receives();
        if receives.finished {
            return Err(SnapshotError::Busy);
        }
        receives.begun += 1;
        let number = receives.begun;
        let removed = home.storage.remove(INCOMING_FILE);
        let file = || home.storage.describe(INCOMING_FILE);
        removed.map_err(|source| OpenError::Io { file: file(), source })?;
        let store = Store::open_backend(&*home.storage, INCOMING_FILE, CACHE_BYTES)?;
        drop(receives);
        Ok((Self { home, number, is_published: false }, store))
    }

    fn check_owned(&self) -> Result<(), SnapshotError> {
        if self.home.receives().begun == self.number { Ok(()) } else { Err(SnapshotError::Superseded) }
    }

    fn finish(&mut self) -> Result<(), SnapshotError> {
        let mut receives = self.home.receives();
        if receives.begun != self.number {
            return Err(SnapshotError::Superseded);
        }
        receives.finished = true;
        Ok(())
    }

    fn publish(&mut self) -> Result<Store, OpenError> {
        let storage = &*self.home.storage;
        // From `finish` on nobody else may begin, so the file is this one's.
        let store = Store::open_backend(storage, INCOMING_FILE, self.home.cache_bytes)?;
        let renamed = storage.rename(INCOMING_FILE, STATE_FILE);
        renamed.map_err(|source| OpenError::Io { file: storage.describe(INCOMING_FILE), source })?;
        self.is_published = true;
        Ok(store)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        let mut receives = self.home.receives();
        if receives.begun != self.number {
            return;
        }
        receives.finished = false;
        if !self.is_published {
            // Whoever begins the next one tries again, and so does the next start.
            self.home.storage.remove(INCOMING_FILE).ok();
        }
    }
}
