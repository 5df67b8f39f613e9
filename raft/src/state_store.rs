//! The replicated state as the consensus engine sees it.

use std::io;
use std::sync::Arc;

use futures_util::{Stream, StreamExt};
use openraft::storage::{EntryResponder, RaftStateMachine};
use openraft::{OptionalSend, RaftSnapshotBuilder};
use tokio::sync::{Semaphore, oneshot};

use crate::batch::ToApply;
use crate::health::Health;
use crate::home::StateHome;
use crate::options::Threading;
use crate::snapshot::{
    Received, SnapshotData, SnapshotError, SnapshotFrames, SnapshotReceiver, StateSnapshot,
};
use crate::state_shared::StateShared;
use crate::state_thread::{BATCH_BYTES, BATCH_ENTRIES, Job, StateWriter};
use crate::storage::StorageError;
use crate::types::{Entry, LogId, SnapshotMeta, StoredMembership, TypeConfig, command_bytes};
use crate::writer::{WriterHandle, gone};

/// Entries that may wait for the writer: they are in memory, and whoever proposes more should feel it.
const QUEUE_ENTRIES: usize = 8192;

/// The state, cheap to clone.
#[derive(Clone)]
pub(crate) struct StateStore {
    shared: Arc<StateShared>,
    home: Arc<StateHome>,
    health: Health,
    writer: Arc<WriterHandle<StateWriter>>,
    /// Room in the writer's queue, in entries.
    room: Arc<Semaphore>,
}

impl StateStore {
    /// Starts the writer.
    pub(crate) fn start(
        shared: Arc<StateShared>,
        home: Arc<StateHome>,
        writer: StateWriter,
        threading: Threading,
    ) -> io::Result<Self> {
        let health = writer.health().clone();
        let writer = Arc::new(WriterHandle::start(writer, threading)?);
        Ok(Self { shared, home, health, writer, room: Arc::new(Semaphore::new(QUEUE_ENTRIES)) })
    }

    pub(crate) fn shared(&self) -> &Arc<StateShared> {
        &self.shared
    }

    /// Applies entries that nobody waits for, as at the start.
    pub(crate) async fn replay(&self, entries: Vec<Entry>) -> io::Result<()> {
        let batch = entries.into_iter().map(|entry| (entry, None)).collect();
        let (done, applied) = oneshot::channel();
        self.writer.submit(Job::Apply { batch, room: None, done: Some(done) })?;
        applied.await.map_err(|_| gone::<StateWriter>())?
    }

    /// What this replica has applied, made durable first: the state itself is the snapshot.
    pub(crate) async fn snapshot(&self) -> io::Result<StateSnapshot> {
        let (meta, view) = self.ask(|done| Job::Snapshot { done }).await??;
        Ok(StateSnapshot { meta, snapshot: SnapshotData::View(view) })
    }

    /// A snapshot of this replica as a stream. Reading it blocks: that is for a thread that may.
    pub(crate) fn frames(&self, snapshot: StateSnapshot) -> Result<SnapshotFrames, StorageError> {
        match snapshot.snapshot {
            SnapshotData::View(view) => SnapshotFrames::new(self.home.clone(), &snapshot.meta, view),
            SnapshotData::Received(_) => {
                Err(self.home.corrupt("a snapshot that came from elsewhere is to be installed".to_owned()))
            }
        }
    }

    /// Notes that such a stream ended early. If that is because the state is damaged, this replica stops.
    pub(crate) fn could_not_be_read(&self, error: &StorageError) {
        tracing::error!(%error, "the state could not be read for a snapshot");
        if error.is_damage() {
            self.health.fail_of(error);
        }
    }

    /// Begins to receive a snapshot; whatever was being received is given up. Taking its frames blocks, as
    /// above.
    pub(crate) fn receive(&self) -> Result<SnapshotReceiver, SnapshotError> {
        SnapshotReceiver::begin(self.home.clone())
    }

    /// Makes the state durable and closes the file.
    pub(crate) async fn close(&self) -> Result<(), StorageError> {
        let gone = || StorageError::Closed { file: self.shared.store.file().to_owned() };
        self.ask(|done| Job::Close { done }).await.map_err(|_| gone())?
    }

    /// Hands a batch to the writer. Returns when there was room in its queue, not when it is applied: the
    /// writer puts all that waits into one transaction, and would find one batch only if each were waited for.
    async fn enqueue(&self, batch: Vec<ToApply>) -> io::Result<()> {
        let entries = u32::try_from(batch.len().min(QUEUE_ENTRIES)).unwrap_or(u32::MAX);
        let room = self.room.clone().acquire_many_owned(entries).await.map_err(io::Error::other)?;
        self.writer.submit(Job::Apply { batch, room: Some(room), done: None })
    }

    /// Waits until all that is in the writer's queue now is applied.
    async fn catch_up(&self) -> io::Result<()> {
        self.ask(|done| Job::CatchUp { done }).await
    }

    /// Stops this replica, and keeps it from being started again on the same files: its state is wrong.
    pub(crate) fn condemn(&self, reason: String) {
        // Without a writer it has stopped already.
        self.writer.submit(Job::Condemn { reason }).ok();
    }

    fn receive_whole(&self, snapshot: StateSnapshot) -> Result<Received, SnapshotError> {
        let mut receiver = self.receive()?;
        for frame in self.frames(snapshot)? {
            receiver.write(&frame?)?;
        }
        receiver.finish()
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> io::Result<T> {
        let (done, answer) = oneshot::channel();
        self.writer.submit(job(done))?;
        answer.await.map_err(|_| gone::<StateWriter>())
    }
}

impl RaftStateMachine<TypeConfig> for StateStore {
    type SnapshotData = SnapshotData;
    type SnapshotBuilder = Self;

    async fn applied_state(&mut self) -> Result<(Option<LogId>, StoredMembership), io::Error> {
        self.catch_up().await?;
        Ok(self.shared.applied())
    }

    async fn apply<Strm>(&mut self, mut entries: Strm) -> Result<(), io::Error>
    where
        Strm: Stream<Item = Result<EntryResponder<TypeConfig>, io::Error>> + Unpin + OptionalSend,
    {
        if let Some(reason) = self.shared.failure() {
            return Err(io::Error::other(reason));
        }
        // The entries are committed and in the log, so the stream waits for nothing but the disk.
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(entry) = entries.next().await {
            let (entry, responder) = entry?;
            bytes += command_bytes(&entry);
            batch.push((entry, responder));
            if batch.len() >= BATCH_ENTRIES || bytes >= BATCH_BYTES {
                self.enqueue(std::mem::take(&mut batch)).await?;
                bytes = 0;
            }
        }
        self.enqueue(batch).await
    }

    async fn get_snapshot_builder(&mut self) -> Self {
        self.clone()
    }

    async fn install_snapshot(&mut self, meta: &SnapshotMeta, data: SnapshotData) -> Result<(), io::Error> {
        let received = match data {
            SnapshotData::Received(received) => received,
            // Of another replica in this process: it comes as from any other.
            view @ SnapshotData::View(_) => {
                let snapshot = StateSnapshot { meta: meta.clone(), snapshot: view };
                Box::new(self.receive_whole(snapshot).map_err(io::Error::other)?)
            }
        };
        self.ask(|done| Job::Install { received, done }).await?
    }

    /// The state itself is the snapshot: made durable first, since the log may be purged up to it.
    async fn get_current_snapshot(&mut self) -> Result<Option<StateSnapshot>, io::Error> {
        self.catch_up().await?;
        if self.shared.last_applied().is_none() {
            return Ok(None);
        }
        self.snapshot().await.map(Some)
    }
}

impl RaftSnapshotBuilder<TypeConfig> for StateStore {
    type SnapshotData = SnapshotData;

    async fn build_snapshot(&mut self) -> Result<StateSnapshot, io::Error> {
        self.snapshot().await
    }
}
