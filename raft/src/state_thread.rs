//! The one writer of `state.redb`: applies batches without waiting for the disk and makes the state durable
//! now and then. What a crash takes back is applied again from the log, which keeps it until then.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use redb::WriteTransaction;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::batch::{self, Batch, ToApply};
use crate::digest_thread::Digester;
use crate::health::{Health, PanicGuard};
use crate::log_time::{Clock, LogClock, LogTime};
use crate::machine::StateMachine;
use crate::observer::Observer;
use crate::snapshot::{Received, STATE_META, StateView};
use crate::state_failure::Failure;
use crate::state_shared::{CLUSTER_KEY, DIVERGED_KEY, MEMBERSHIP_KEY, PROGRESS_KEY, StateShared};
use crate::storage::StorageError;
use crate::store::put_message;
use crate::types::{LogId, SnapshotMeta, StoredMembership, command_bytes, next_index};
use crate::wire::{self, ClusterState};
use crate::writer::Writer;

/// One transaction takes at most this many entries or bytes of commands: more would only delay the first
/// replies, and the batch must fit into memory.
pub(crate) const BATCH_ENTRIES: usize = 4096;
pub(crate) const BATCH_BYTES: usize = 4 << 20;

/// The writer puts at most this many waiting entries into one transaction. A larger one costs hardly less for
/// each, and everybody else would stand still meanwhile: the log, and those who wait for replies.
const MERGE_ENTRIES: usize = 64;

/// What the writer is asked to do, in the order in which it was asked.
pub(crate) enum Job {
    Apply {
        batch: Vec<ToApply>,
        /// Given back once the batch is applied.
        room: Option<OwnedSemaphorePermit>,
        done: Option<oneshot::Sender<io::Result<()>>>,
    },
    CatchUp {
        done: oneshot::Sender<()>,
    },
    Snapshot {
        done: oneshot::Sender<io::Result<(SnapshotMeta, StateView)>>,
    },
    Install {
        received: Box<Received>,
        done: oneshot::Sender<io::Result<()>>,
    },
    /// The state is not that of the other replicas.
    Condemn {
        reason: String,
    },
    Close {
        done: oneshot::Sender<Result<(), StorageError>>,
    },
}

/// When to make the state durable.
#[derive(Copy, Clone, Debug)]
pub(crate) struct DurablePolicy {
    pub(crate) every: Duration,
    pub(crate) after_bytes: usize,
}

/// Writes the state.
pub(crate) struct StateWriter {
    shared: Arc<StateShared>,
    machine: Box<dyn StateMachine>,
    health: Health,
    clock: Arc<dyn Clock>,
    log_clock: Arc<LogClock>,
    observer: Arc<dyn Observer>,
    policy: DurablePolicy,
    log_time: LogTime,
    cluster: ClusterState,
    supported_level: u32,
    digester: Option<Digester>,
    /// Bytes of commands applied since the state was last made durable; none if there is nothing to make so.
    volatile_bytes: Option<usize>,
    durable_at: Duration,
}

/// What the writer needs besides the state itself.
pub(crate) struct StateContext {
    pub(crate) health: Health,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) log_clock: Arc<LogClock>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) policy: DurablePolicy,
    pub(crate) log_time: LogTime,
    pub(crate) cluster: ClusterState,
    /// The newest feature level that this program supports.
    pub(crate) supported_level: u32,
    /// None if no digests are taken.
    pub(crate) digester: Option<Digester>,
}

impl Writer for StateWriter {
    type Job = Job;
    const NAME: &'static str = "apply";

    /// Whoever does not wait for the outcome any more is gone with the engine.
    fn work(&mut self, job: Job) {
        match job {
            Job::Apply { batch, room, done } => {
                let outcome = self.guarded(|writer| writer.apply(batch));
                drop(room);
                if let Some(done) = done {
                    done.send(outcome).ok();
                }
                self.sync_when_due();
            }
            Job::CatchUp { done } => {
                done.send(()).ok();
            }
            Job::Snapshot { done } => {
                done.send(self.guarded(StateWriter::snapshot)).ok();
            }
            Job::Install { received, done } => {
                done.send(self.guarded(|writer| writer.install(*received))).ok();
            }
            Job::Condemn { reason } => {
                self.guarded(|writer| Ok(writer.mark_diverged(&reason)?)).ok();
                self.shared.failure.get_or_init(|| reason.clone());
                self.health.fail(reason);
            }
            Job::Close { done } => {
                let synced = if self.shared.failure().is_none() { self.sync() } else { Ok(()) };
                done.send(synced.and(self.shared.store.close())).ok();
            }
        }
    }

    fn run(mut self, jobs: &Receiver<Job>) {
        let _guard = PanicGuard { health: self.health.clone(), thread: Self::NAME };
        let mut next = None;
        loop {
            match next.take().map_or_else(|| jobs.recv_timeout(self.policy.every), Ok) {
                Ok(Job::Apply { mut batch, mut room, done: None }) => {
                    next = merge_queued(jobs, &mut batch, &mut room);
                    self.work(Job::Apply { batch, room, done: None });
                }
                Ok(job) => self.work(job),
                Err(RecvTimeoutError::Timeout) => self.sync_when_due(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }
}

/// Adds the batches that wait behind this one. Returns the first job that is something else, or for which
/// there is no room in the transaction.
fn merge_queued(
    jobs: &Receiver<Job>,
    batch: &mut Vec<ToApply>,
    room: &mut Option<OwnedSemaphorePermit>,
) -> Option<Job> {
    let mut bytes: usize = batch.iter().map(|(entry, _)| command_bytes(entry)).sum();
    while batch.len() < MERGE_ENTRIES && bytes < BATCH_BYTES {
        match jobs.try_recv() {
            Ok(Job::Apply { batch: more, room: and_room, done: None }) => {
                bytes += more.iter().map(|(entry, _)| command_bytes(entry)).sum::<usize>();
                batch.extend(more);
                match (room.as_mut(), and_room) {
                    (Some(room), Some(and_room)) => room.merge(and_room),
                    (None, and_room) => *room = and_room,
                    (Some(_), None) => {}
                }
            }
            Ok(other) => return Some(other),
            Err(_) => return None,
        }
    }
    None
}

impl StateWriter {
    pub(crate) fn new(
        shared: Arc<StateShared>,
        mut machine: Box<dyn StateMachine>,
        context: StateContext,
    ) -> Self {
        machine.reset();
        let durable_at = context.clock.monotonic();
        Self {
            shared,
            machine,
            health: context.health,
            clock: context.clock,
            log_clock: context.log_clock,
            observer: context.observer,
            policy: context.policy,
            log_time: context.log_time,
            cluster: context.cluster,
            supported_level: context.supported_level,
            digester: context.digester,
            volatile_bytes: None,
            durable_at,
        }
    }

    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    fn guarded<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, Failure>) -> io::Result<T> {
        if let Some(reason) = self.shared.failure() {
            return Err(io::Error::other(reason.to_owned()));
        }
        step(self).map_err(|failure| {
            let reason = self.health.line(&failure, failure.is_damage());
            if !matches!(failure, Failure::Storage(StorageError::Closed { .. })) {
                self.health.fail(&reason);
            }
            io::Error::other(self.shared.failure.get_or_init(|| reason).clone())
        })
    }

    /// A transaction ends at each checkpoint, however the entries came together: what is read right after it is the state
    /// at that very place in the log.
    fn apply(&mut self, mut entries: Vec<ToApply>) -> Result<(), Failure> {
        while let Some(at) = entries.iter().position(|(entry, _)| batch::is_checkpoint(entry)) {
            let behind = entries.split_off(at + 1);
            let index = entries.last().map_or(0, |(entry, _)| entry.log_id.index);
            self.apply_together(entries)?;
            if let Some(digester) = &self.digester {
                digester.take(index, self.shared.store.read()?);
            }
            entries = behind;
        }
        self.apply_together(entries)
    }

    fn apply_together(&mut self, entries: Vec<ToApply>) -> Result<(), Failure> {
        let Some(last) = entries.last().map(|(entry, _)| entry.log_id) else { return Ok(()) };
        let started = self.clock.monotonic();
        let membership = self.shared.lock().1.clone();
        let read = Batch::read(&entries, self.log_time, &self.cluster, &membership)?;
        self.check_level(&read.cluster)?;
        let commands = &read.commands;
        let txn = self.shared.store.write_volatile()?;
        let replies = match commands.as_slice() {
            [] => Vec::new(),
            commands => self.machine.apply(&txn, commands)?,
        };
        if replies.len() != commands.len() {
            return Err(Failure::Replies { asked: commands.len(), got: replies.len() });
        }
        self.put_progress(&txn, Some(last), read.log_time, read.membership.as_ref())?;
        if read.cluster != self.cluster {
            let put = put_message(&txn, STATE_META, CLUSTER_KEY, &read.cluster);
            put.map_err(|e| self.shared.store.failed(e))?;
        }
        txn.commit().map_err(|e| self.shared.store.failed(e))?;
        let count = commands.len();
        let Batch { log_time, membership, cluster, bytes, own_replies, .. } = read;

        self.volatile_bytes = Some(self.volatile_bytes.unwrap_or(0) + bytes);
        if cluster != self.cluster {
            self.shared.publish_cluster(&cluster);
            self.cluster = cluster;
        }
        self.publish(last, log_time, membership);
        self.log_clock.observe(log_time);
        self.machine.committed();
        self.observer.applied(self.clock.monotonic().saturating_sub(started), count);
        batch::reply(entries, replies, own_replies);
        Ok(())
    }

    fn check_level(&self, cluster: &ClusterState) -> Result<(), Failure> {
        cluster.why_too_new(self.supported_level).map_or(Ok(()), |reason| Err(Failure::Newer(reason)))
    }

    fn mark_diverged(&self, reason: &str) -> Result<(), StorageError> {
        let mut txn = self.shared.store.write()?;
        txn.set_quick_repair(true);
        let put = put_message(&txn, STATE_META, DIVERGED_KEY, &wire::Diverged { reason: reason.to_owned() });
        put.map_err(|e| self.shared.store.failed(e))?;
        txn.commit().map_err(|e| self.shared.store.failed(e))
    }

    fn put_progress(
        &self,
        txn: &WriteTransaction,
        applied: Option<LogId>,
        log_time: LogTime,
        membership: Option<&StoredMembership>,
    ) -> Result<(), StorageError> {
        let progress = wire::Progress {
            applied: applied.as_ref().map(wire::LogId::from),
            log_time_ms: log_time.as_millis(),
        };
        let put = || {
            put_message(txn, STATE_META, PROGRESS_KEY, &progress)?;
            membership.map_or(Ok(()), |m| {
                put_message(txn, STATE_META, MEMBERSHIP_KEY, &wire::StoredMembership::from(m))
            })
        };
        put().map_err(|e: redb::Error| self.shared.store.failed(e))
    }

    fn publish(&mut self, last: LogId, log_time: LogTime, membership: Option<StoredMembership>) {
        self.log_time = log_time;
        {
            let mut applied = self.shared.lock();
            applied.0 = Some(last);
            if let Some(membership) = membership {
                applied.1 = membership;
            }
        }
        self.shared.applied_index.send_replace(last.index);
    }

    fn sync_when_due(&mut self) {
        let Some(bytes) = self.volatile_bytes else { return };
        let age = self.clock.monotonic().saturating_sub(self.durable_at);
        if bytes >= self.policy.after_bytes || age >= self.policy.every {
            // The failure is reported where every failure is; nobody waits for this one.
            self.guarded(|writer| Ok(writer.sync()?)).ok();
        }
    }

    /// Makes all that was applied durable. Quick repair stores the allocator's state with the commit, so that
    /// opening after a crash does not have to walk the whole database.
    fn sync(&mut self) -> Result<(), StorageError> {
        if self.volatile_bytes.is_none() {
            return Ok(());
        }
        let started = self.clock.monotonic();
        let applied = self.shared.last_applied();
        let mut txn = self.shared.store.write()?;
        txn.set_quick_repair(true);
        self.put_progress(&txn, applied, self.log_time, None)?;
        txn.commit().map_err(|e| self.shared.store.failed(e))?;
        self.durable_now(applied);
        self.observer.state_synced(self.durable_at.saturating_sub(started));
        Ok(())
    }

    fn durable_now(&mut self, applied: Option<LogId>) {
        self.volatile_bytes = None;
        self.durable_at = self.clock.monotonic();
        self.shared.durable.store(next_index(applied), Ordering::Release);
    }

    fn snapshot(&mut self) -> Result<(SnapshotMeta, StateView), Failure> {
        self.sync()?;
        let (last_log_id, last_membership) = self.shared.applied();
        let view = StateView { txn: self.shared.store.read()?, log_time: self.log_time };
        Ok((SnapshotMeta { last_log_id, last_membership }, view))
    }

    /// Puts the file of a received snapshot into the place of the state's. A crash leaves one or the other.
    fn install(&mut self, received: Received) -> Result<(), Failure> {
        let started = self.clock.monotonic();
        let (meta, log_time) = (received.meta.clone(), received.log_time);
        let store = received.publish()?;
        // It came with the snapshot: node ids given out since must not be given out again.
        let cluster = store.message(STATE_META, CLUSTER_KEY)?.unwrap_or_default();
        self.check_level(&cluster)?;
        self.shared.store.replace(store);
        self.cluster = cluster;
        self.shared.publish_cluster(&self.cluster);
        self.durable_now(meta.last_log_id);
        if let Some(last) = meta.last_log_id {
            self.publish(last, log_time, Some(meta.last_membership));
        }
        self.log_clock.observe(log_time);
        self.machine.reset();
        self.observer.snapshot_installed(self.clock.monotonic().saturating_sub(started));
        Ok(())
    }
}
