//! Digests of the state at places in the log that all replicas agree on, computed beside everything else.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use crate::health::{Health, PanicGuard};
use crate::snapshot;
use crate::state_shared::StateShared;
use crate::store::ReadView;

/// Digests that a replica keeps to be compared: others may be late with theirs by so many checkpoints, less one.
const KEPT_DIGESTS: usize = 4;
/// A tenth of a normal thread's share when both want the core: nobody waits for a digest.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

/// The newest digests, oldest first, each with its place in the log.
#[derive(Default)]
pub(crate) struct RecentDigests(Mutex<VecDeque<(u64, u64)>>);

impl RecentDigests {
    pub(crate) fn all(&self) -> Vec<(u64, u64)> {
        lock(&self.0).iter().copied().collect()
    }

    fn add(&self, index: u64, digest: u64) {
        let mut kept = lock(&self.0);
        if kept.len() == KEPT_DIGESTS {
            kept.pop_front();
        }
        kept.push_back((index, digest));
    }
}

/// The way to the thread, which ends when this is dropped.
pub(crate) struct Digester(Arc<Next>);

#[derive(Default)]
struct Next {
    waiting: Mutex<Waiting>,
    came: Condvar,
}

#[derive(Default)]
enum Waiting {
    #[default]
    Nothing,
    /// The state as it was at this place in the log.
    View(u64, ReadView),
    Over,
}

impl Digester {
    /// Starts the thread.
    pub(crate) fn start(state: Arc<StateShared>, health: Health) -> io::Result<Self> {
        let next = Arc::new(Next::default());
        let work = next.clone();
        std::thread::Builder::new().name("digest".into()).spawn(move || run(&work, &state, health))?;
        Ok(Self(next))
    }

    /// Has the digest of a view of the state at `index` computed. One that still waits is given up: a slow replica
    /// compares fewer.
    pub(crate) fn take(&self, index: u64, view: ReadView) {
        self.put(Waiting::View(index, view));
    }

    fn put(&self, waiting: Waiting) {
        let before = std::mem::replace(&mut *lock(&self.0.waiting), waiting);
        self.0.came.notify_one();
        drop(before);
    }
}

impl Drop for Digester {
    fn drop(&mut self) {
        self.put(Waiting::Over);
    }
}

fn run(next: &Next, state: &StateShared, health: Health) {
    let _guard = PanicGuard { health: health.clone(), thread: "digest" };
    yield_to_others();
    while let Some((index, view)) = wait(next) {
        match snapshot::digest(&view) {
            Ok(digest) => state.digests.add(index, digest.fold()),
            // The engine was shut down meanwhile.
            Err(_) if state.store.read().is_err() => {}
            Err(error) => health.fail_of(&state.store.failed(error)),
        }
    }
}

fn wait(next: &Next) -> Option<(u64, ReadView)> {
    let waiting = lock(&next.waiting);
    let came = next.came.wait_while(waiting, |waiting| matches!(waiting, Waiting::Nothing));
    let mut came = came.unwrap_or_else(PoisonError::into_inner);
    match std::mem::take(&mut *came) {
        Waiting::View(index, view) => Some((index, view)),
        Waiting::Nothing | Waiting::Over => None,
    }
}

/// Lowers the priority of the calling thread, which is what Linux takes "this process" to mean. Elsewhere it would be
/// the whole process.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(NICENESS) {
        tracing::warn!(%error, "digests of the state are computed at normal priority");
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
