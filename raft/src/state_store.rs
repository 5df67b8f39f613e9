//! The replicated state as the consensus engine sees it.

use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, StreamExt};
use openraft::storage::{EntryResponder, RaftStateMachine};
use openraft::{EntryPayload, OptionalSend, RaftSnapshotBuilder, Snapshot};
use tokio::sync::oneshot;

use crate::options::Threading;
use crate::snapshot::StateView;
use crate::state_thread::{Job, StateShared, StateWriter, ToApply};
use crate::storage::StorageError;
use crate::types::{Entry, LogId, Node, SnapshotMeta, StoredMembership, TypeConfig};

/// One transaction takes at most this many entries or bytes of commands: more would only delay the first
/// replies, and the batch must fit into memory.
const BATCH_ENTRIES: usize = 4096;
const BATCH_BYTES: usize = 4 << 20;

type StateSnapshot =
    Snapshot<<crate::types::LeaderId as openraft::vote::RaftLeaderId>::Committed, u64, Node, StateView>;

/// The state, cheap to clone.
#[derive(Clone)]
pub(crate) struct StateStore {
    shared: Arc<StateShared>,
    route: Arc<Route>,
}

enum Route {
    Thread(Sender<Job>),
    Inline(Mutex<StateWriter>),
}

impl StateStore {
    /// Starts the writer.
    pub(crate) fn start(
        shared: Arc<StateShared>,
        writer: StateWriter,
        threading: Threading,
    ) -> io::Result<Self> {
        let route = match threading {
            Threading::Inline => Route::Inline(Mutex::new(writer)),
            Threading::Threads => {
                let (sender, receiver) = channel();
                std::thread::Builder::new().name("apply".into()).spawn(move || writer.run(&receiver))?;
                Route::Thread(sender)
            }
        };
        Ok(Self { shared, route: Arc::new(route) })
    }

    pub(crate) fn shared(&self) -> &Arc<StateShared> {
        &self.shared
    }

    /// Applies entries that nobody waits for, as at the start.
    pub(crate) async fn replay(&self, entries: Vec<Entry>) -> io::Result<()> {
        self.apply_batch(entries.into_iter().map(|entry| (entry, None)).collect()).await
    }

    /// Makes the state durable and closes the file.
    pub(crate) async fn close(&self) -> Result<(), StorageError> {
        let gone = || StorageError::Closed { file: self.shared.store.file().to_owned() };
        self.ask(|done| Job::Close { done }).await.map_err(|_| gone())?
    }

    async fn apply_batch(&self, batch: Vec<ToApply>) -> io::Result<()> {
        self.ask(|done| Job::Apply { batch, done }).await?
    }

    async fn snapshot(&self) -> io::Result<StateSnapshot> {
        let (meta, snapshot) = self.ask(|done| Job::Snapshot { done }).await??;
        Ok(Snapshot { meta, snapshot })
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<T>) -> Job) -> io::Result<T> {
        let (done, answer) = oneshot::channel();
        let job = job(done);
        let gone = || io::Error::other("the state's writer has stopped");
        match &*self.route {
            Route::Thread(sender) => sender.send(job).map_err(|_| gone())?,
            Route::Inline(writer) => writer.lock().unwrap_or_else(PoisonError::into_inner).work(job),
        }
        answer.await.map_err(|_| gone())
    }
}

impl RaftStateMachine<TypeConfig> for StateStore {
    type SnapshotData = StateView;
    type SnapshotBuilder = Self;

    async fn applied_state(&mut self) -> Result<(Option<LogId>, StoredMembership), io::Error> {
        Ok(self.shared.applied())
    }

    async fn apply<Strm>(&mut self, mut entries: Strm) -> Result<(), io::Error>
    where
        Strm: Stream<Item = Result<EntryResponder<TypeConfig>, io::Error>> + Unpin + OptionalSend,
    {
        // The entries are committed and in the log, so the stream waits for nothing but the disk.
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(entry) = entries.next().await {
            let (entry, responder) = entry?;
            if let EntryPayload::Normal(proposal) = &entry.payload {
                bytes += proposal.command.len();
            }
            batch.push((entry, responder));
            if batch.len() >= BATCH_ENTRIES || bytes >= BATCH_BYTES {
                self.apply_batch(std::mem::take(&mut batch)).await?;
                bytes = 0;
            }
        }
        self.apply_batch(batch).await
    }

    async fn get_snapshot_builder(&mut self) -> Self {
        self.clone()
    }

    async fn install_snapshot(&mut self, meta: &SnapshotMeta, view: StateView) -> Result<(), io::Error> {
        let (meta, view) = (Box::new(meta.clone()), Box::new(view));
        self.ask(|done| Job::Install { meta, view, done }).await?
    }

    /// The state itself is the snapshot: made durable first, since the log may be purged up to it.
    async fn get_current_snapshot(&mut self) -> Result<Option<StateSnapshot>, io::Error> {
        if self.shared.last_applied().is_none() {
            return Ok(None);
        }
        self.snapshot().await.map(Some)
    }
}

impl RaftSnapshotBuilder<TypeConfig> for StateStore {
    type SnapshotData = StateView;

    async fn build_snapshot(&mut self) -> Result<StateSnapshot, io::Error> {
        self.snapshot().await
    }
}
