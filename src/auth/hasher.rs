//! Password hashing on threads of its own.
//!
//! One hash keeps a core busy for some 20 ms, so it must not run where requests are served; and a flood of
//! sign-ins must not pile up. A small fixed pool takes jobs from a bounded queue, and what finds the queue
//! full is told so at once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use std::{fmt, io};

use thiserror::Error;
use tokio::sync::oneshot;

use super::argon2id::Argon2id;
use super::random::NoRandomness;
use super::secret::Secret;

/// With one thread the last in a full queue waits about 1.3 s: still patience, no longer a hang.
const DEFAULT_QUEUE: usize = 64;

/// When to ask again after [`HashError::Busy`]: a full queue has drained by then.
pub const HASHER_RETRY_AFTER: Duration = Duration::from_secs(2);

/// About a third of a normal thread's share when both want the core: sales go first, sign-ins still go on.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 5;

/// How much hashing goes on at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HasherLimits {
    /// Hashes computed at the same time; each thread keeps 19 MiB.
    pub threads: usize,
    /// Jobs that may wait for a thread. One more is refused as [`HashError::Busy`].
    pub queue: usize,
}

/// Hashes and verifies passwords. Shared by reference; its threads end when it is dropped.
pub struct Hasher {
    jobs: SyncSender<Job>,
    computed: Arc<AtomicU64>,
}

/// What verifying a password found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified {
    /// The account exists and this is its password.
    pub ok: bool,
    /// The stored hash was made with other parameters than a new one would be. Worth acting on if `ok`.
    pub needs_rehash: bool,
}

/// Why there is no answer about a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HashError {
    /// Too many are waiting. Nothing was computed: ask again after [`HASHER_RETRY_AFTER`].
    #[error("too many passwords are waiting to be checked")]
    Busy,
    /// The hashing threads are gone, as when the process is ending.
    #[error("password hashing has stopped")]
    Stopped,
    /// What is stored is no Argon2 hash that this version can check.
    #[error("the stored password hash cannot be read")]
    Unreadable,
    /// There was no salt to be had.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Default for HasherLimits {
    /// Half of the cores, so that the other half goes on selling.
    fn default() -> Self {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Self { threads: (cores / 2).max(1), queue: DEFAULT_QUEUE }
    }
}

impl Hasher {
    /// Starts the threads.
    ///
    /// # Errors
    /// If the operating system refuses a thread or has no randomness.
    pub fn new(limits: HasherLimits) -> io::Result<Self> {
        let (hasher, queue) = Self::without_threads(limits.queue);
        for number in 0..limits.threads.max(1) {
            let worker =
                Worker::new(Arc::clone(&queue), Arc::clone(&hasher.computed)).map_err(io::Error::other)?;
            thread::Builder::new().name(format!("password-{number}")).spawn(move || worker.run())?;
        }
        Ok(hasher)
    }

    /// The PHC string to store for `password`. Dropping the future while it waits saves the work.
    ///
    /// # Errors
    /// [`HashError`]; `Busy` at once if the queue is full.
    pub async fn hash(&self, password: Secret<String>) -> Result<String, HashError> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Job::Hash { password, reply })?;
        answer.await.unwrap_or(Err(HashError::Stopped))
    }

    /// Whether `password` is the one `stored` was made from. `None`, for an account that does not exist, takes
    /// the same way and the same time. Dropping the future while it waits saves the work.
    ///
    /// # Errors
    /// [`HashError`]; `Busy` at once if the queue is full.
    pub async fn verify(
        &self,
        password: Secret<String>,
        stored: Option<&str>,
    ) -> Result<Verified, HashError> {
        let (reply, answer) = oneshot::channel();
        let stored = stored.map(str::to_owned);
        self.enqueue(Job::Verify { password, stored, reply })?;
        answer.await.unwrap_or(Err(HashError::Stopped))
    }

    /// How many passwords were hashed or verified since the start, for the metrics.
    pub fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    fn without_threads(queue: usize) -> (Self, Arc<Mutex<Receiver<Job>>>) {
        // A queue of nothing would take a job only while a thread happens to be waiting.
        let (jobs, queue) = sync_channel(queue.max(1));
        (Self { jobs, computed: Arc::default() }, Arc::new(Mutex::new(queue)))
    }

    fn enqueue(&self, job: Job) -> Result<(), HashError> {
        self.jobs.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => HashError::Busy,
            TrySendError::Disconnected(_) => HashError::Stopped,
        })
    }
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hasher").field("computed", &self.computed()).finish_non_exhaustive()
    }
}

type Reply<T> = oneshot::Sender<Result<T, HashError>>;

enum Job {
    Hash { password: Secret<String>, reply: Reply<String> },
    Verify { password: Secret<String>, stored: Option<String>, reply: Reply<Verified> },
}

impl Job {
    /// Nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool {
        match self {
            Self::Hash { reply, .. } => reply.is_closed(),
            Self::Verify { reply, .. } => reply.is_closed(),
        }
    }
}

struct Worker {
    queue: Arc<Mutex<Receiver<Job>>>,
    computed: Arc<AtomicU64>,
    argon2id: Argon2id,
}

impl Worker {
    fn new(queue: Arc<Mutex<Receiver<Job>>>, computed: Arc<AtomicU64>) -> Result<Self, NoRandomness> {
        Ok(Self { queue, computed, argon2id: Argon2id::new()? })
    }

    /// Works until the [`Hasher`] is gone and the queue is empty.
    fn run(mut self) {
        yield_to_sales();
        while let Some(job) = self.next() {
            if !job.is_abandoned() {
                self.perform(job);
            }
        }
    }

    /// One idle thread waits in the channel, the others for the lock: for the same job either way.
    fn next(&self) -> Option<Job> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
    }

    fn perform(&mut self, job: Job) {
        // Counted first, so that whoever has an answer finds it counted. An answer that cannot be delivered
        // is one whose caller has just left.
        self.computed.fetch_add(1, Ordering::Relaxed);
        match job {
            Job::Hash { password, reply } => {
                let _ = reply.send(self.argon2id.hash(password.expose()));
            }
            Job::Verify { password, stored, reply } => {
                let _ = reply.send(self.argon2id.verify(password.expose(), stored.as_deref()));
            }
        }
    }
}

/// Lowers the priority of the calling thread, which is what Linux takes "this process" to mean. Elsewhere it
/// would be the whole process.
fn yield_to_sales() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "password hashing runs at normal priority");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    fn hash_job(password: &str) -> (Job, oneshot::Receiver<Result<String, HashError>>) {
        let (reply, answer) = oneshot::channel();
        (Job::Hash { password: secret(password), reply }, answer)
    }

    #[tokio::test]
    async fn hashes_and_verifies() {
        let hasher = Hasher::new(HasherLimits { threads: 2, queue: 8 }).unwrap();
        let stored = hasher.hash(secret("correct horse")).await.unwrap();
        let (right, wrong) = tokio::join!(
            hasher.verify(secret("correct horse"), Some(&stored)),
            hasher.verify(secret("wrong horse"), Some(&stored)),
        );
        assert_eq!(right, Ok(Verified { ok: true, needs_rehash: false }));
        assert_eq!(wrong, Ok(Verified { ok: false, needs_rehash: false }));
    }

    #[tokio::test]
    async fn an_unknown_account_is_computed_too() {
        let hasher = Hasher::new(HasherLimits { threads: 1, queue: 8 }).unwrap();
        let verified = hasher.verify(secret("correct horse"), None).await;
        assert_eq!(verified, Ok(Verified { ok: false, needs_rehash: false }));
        assert_eq!(hasher.computed(), 1);
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once_and_keeps_what_it_has() {
        let (hasher, queue) = Hasher::without_threads(2);
        let (first, first_answer) = hash_job("first one");
        let (second, second_answer) = hash_job("second one");
        hasher.enqueue(first).unwrap();
        hasher.enqueue(second).unwrap();
        assert_eq!(hasher.hash(secret("third one")).await, Err(HashError::Busy));
        assert_eq!(hasher.verify(secret("third one"), None).await, Err(HashError::Busy));

        let worker = Worker::new(queue, Arc::clone(&hasher.computed)).unwrap();
        let thread = thread::spawn(move || worker.run());
        assert!(first_answer.await.unwrap().is_ok());
        assert!(second_answer.await.unwrap().is_ok());
        assert!(hasher.hash(secret("third one")).await.is_ok(), "room again");
        drop(hasher);
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn a_caller_who_left_costs_no_hash() {
        let (hasher, queue) = Hasher::without_threads(8);
        let (abandoned, answer) = hash_job("abandoned");
        hasher.enqueue(abandoned).unwrap();
        drop(answer);
        let (wanted, answer) = hash_job("wanted one");
        hasher.enqueue(wanted).unwrap();

        let worker = Worker::new(queue, Arc::clone(&hasher.computed)).unwrap();
        let thread = thread::spawn(move || worker.run());
        assert!(answer.await.unwrap().is_ok());
        assert_eq!(hasher.computed(), 1);
        drop(hasher);
        thread.join().unwrap();
    }

    #[tokio::test]
    async fn without_threads_left_it_says_so() {
        let (hasher, queue) = Hasher::without_threads(2);
        let (job, answer) = hash_job("left behind");
        hasher.enqueue(job).unwrap();
        drop(queue);
        assert!(answer.await.is_err());
        assert_eq!(hasher.hash(secret("too late")).await, Err(HashError::Stopped));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_the_hashing_thread_is_nice() {
        let niceness = || rustix::process::getpriority_process(None).unwrap();
        let before = niceness();
        let there = thread::spawn(move || {
            yield_to_sales();
            niceness()
        });
        assert_eq!(there.join().unwrap(), (before + NICENESS).min(19));
        assert_eq!(niceness(), before);
    }
}
