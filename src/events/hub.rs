//! The hub of a replica: reads each new event from the state once, and wakes those whom it concerns.
//!
//! It queues nothing for anybody. Each of those who follow knows how far they are; the latest events are in memory, once
//! for all, and who is further behind reads the state. So a reader who is slow costs no memory, and those whom nothing
//! concerns are never woken.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::index::Index;
use super::places::{Holder, NoPlace, Place, Places};
use super::recent::{MAX_RECENT, Recent, RecentEvent};
use super::stream::Follower;
use crate::domain::{Event, EventFilter};
use crate::event_signals::EventSignals;
use crate::replica::Replica;
use crate::store::StoreError;

/// Events that are read at once.
const BATCH: usize = 512;

/// They have not seen all that there was when they looked, and look again: nothing is noted for them.
const LOOKING: u64 = u64::MAX;

/// Of the streams that may be open, one who follows may have a quarter, so that no one takes them all. It is no smaller
/// for those who all come from one address, behind a proxy that is not told of.
const SHARE: usize = 4;

/// After the state could not be read; it was logged.
const PAUSE: Duration = Duration::from_millis(500);

/// Where those who follow meet what happens.
#[derive(Debug)]
pub struct Hub {
    signals: Arc<EventSignals>,
    /// A place for each who may follow at once.
    places: Places,
    followed: Mutex<Followed>,
    /// Somebody follows, and nobody did before.
    began: Notify,
    /// The replica stops: who follows is to go on elsewhere.
    closing: CancellationToken,
    counts: Counts,
}

/// What the hub counted, for metrics.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HubCounts {
    /// Those who follow now.
    pub following: u64,
    /// Those who were turned away because as many as may followed, or as many of theirs.
    pub turned_away: u64,
    /// Events that were shown to somebody, counted for each of them.
    pub shown: u64,
}

#[derive(Debug, Default)]
struct Counts {
    following: AtomicU64,
    turned_away: AtomicU64,
    shown: AtomicU64,
}

/// What is followed, and by whom.
#[derive(Debug, Default)]
pub(super) struct Followed {
    /// None while nobody follows.
    pub(super) recent: Option<Recent>,
    followers: BTreeMap<u64, Arc<Waiting>>,
    index: Index<Arc<Waiting>>,
    next_number: u64,
}

/// Somebody who follows, as the hub knows them.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) filter: EventFilter,
    /// [`LOOKING`], or the first event that concerns them since they wait; 0 while there is none. Changed with the lock
    /// held.
    first: AtomicU64,
    pub(super) woken: Notify,
}

impl Hub {
    /// A hub that so many may follow at once; somebody has to [`run`](Self::run) it.
    pub fn new(signals: Arc<EventSignals>, max_following: usize) -> Self {
        Self {
            signals,
            places: Places::new(max_following, SHARE),
            followed: Mutex::default(),
            began: Notify::new(),
            closing: CancellationToken::new(),
            counts: Counts::default(),
        }
    }

    /// A place for one more who follows.
    ///
    /// # Errors
    /// When there is none left, or none for them.
    pub fn enter(&self, who: Option<Holder>) -> Result<Place, NoPlace> {
        self.places.take(who).inspect_err(|_| {
            self.counts.turned_away.fetch_add(1, Ordering::Relaxed);
        })
    }

    /// Begins to follow, from what is the newest event in a state that was read since.
    pub fn follow(self: &Arc<Self>, place: Place, filter: EventFilter, newest: u64) -> Follower {
        let waiting = Arc::new(Waiting { filter, first: AtomicU64::new(LOOKING), woken: Notify::new() });
        let mut followed = self.lock();
        let number = followed.next_number;
        followed.next_number += 1;
        followed.index.insert(number, &waiting.filter, &waiting);
        followed.followers.insert(number, waiting.clone());
        if followed.recent.is_none() {
            followed.recent = Some(Recent::after(newest));
            self.began.notify_one();
        }
        drop(followed);
        self.counts.following.fetch_add(1, Ordering::Relaxed);
        Follower::new(self.clone(), number, waiting, place)
    }

    pub(super) fn leave(&self, number: u64, filter: &EventFilter) {
        let mut followed = self.lock();
        followed.index.remove(number, filter);
        followed.followers.remove(&number);
        if followed.followers.is_empty() {
            followed.recent = None;
        }
        self.counts.following.fetch_sub(1, Ordering::Relaxed);
    }

    /// Has all who follow go elsewhere.
    pub fn close(&self) {
        self.closing.cancel();
    }

    /// Whether the replica stops.
    pub fn is_closing(&self) -> bool {
        self.closing.is_cancelled()
    }

    /// Resolves when the replica stops.
    pub async fn closed(&self) {
        self.closing.cancelled().await;
    }

    pub(super) fn closing(&self) -> &CancellationToken {
        &self.closing
    }

    /// What was counted.
    pub fn counts(&self) -> HubCounts {
        HubCounts {
            following: self.counts.following.load(Ordering::Relaxed),
            turned_away: self.counts.turned_away.load(Ordering::Relaxed),
            shown: self.counts.shown.load(Ordering::Relaxed),
        }
    }

    pub(super) fn note_shown(&self, events: usize) {
        self.counts.shown.fetch_add(events as u64, Ordering::Relaxed);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Followed> {
        // Nothing here panics half-way through a change.
        self.followed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what happens and wakes whom it concerns, for as long as this is polled. While nobody follows it does nothing.
    pub async fn run(&self, replica: &Replica) {
        let mut news = self.signals.news();
        loop {
            news.mark_unchanged();
            let pause = match self.catch_up(replica) {
                Ok(Progress::NothingNew) => None,
                Ok(Progress::MayBeMore) => Some(Duration::ZERO),
                Err(error) => {
                    tracing::error!(%error, "cannot read the events");
                    Some(PAUSE)
                }
            };
            match pause {
                Some(Duration::ZERO) => tokio::task::yield_now().await,
                Some(pause) => tokio::time::sleep(pause).await,
                None => tokio::select! {
                    changed = news.changed() => if changed.is_err() { return },
                    () = self.began.notified() => {}
                },
            }
        }
    }

    /// Takes a step towards the newest event.
    fn catch_up(&self, replica: &Replica) -> Result<Progress, StoreError> {
        let Some(last) = self.lock().recent.as_ref().map(Recent::last) else {
            return Ok(Progress::NothingNew);
        };
        let view = replica.view()?;
        let kept = view.events_kept()?;
        if !kept.has_all_after(last) || kept.newest.saturating_sub(last) > MAX_RECENT as u64 {
            self.lock().jump(last, kept.newest);
            return Ok(Progress::MayBeMore);
        }
        let events = view.events_after(last, BATCH)?;
        let progress = if events.len() == BATCH { Progress::MayBeMore } else { Progress::NothingNew };
        self.lock().take(last, events);
        Ok(progress)
    }
}

enum Progress {
    NothingNew,
    MayBeMore,
}

impl Followed {
    /// Takes events that come right after `last`, unless everybody left meanwhile and others came.
    fn take(&mut self, last: u64, events: Vec<Event>) {
        let Some(recent) = self.recent.as_mut().filter(|recent| recent.last() == last) else { return };
        for event in events {
            for waiting in self.index.candidates(&event) {
                waiting.notice(&event);
            }
            recent.push(Arc::new(RecentEvent::new(event)));
        }
    }

    /// Leaves out what is too much to hold in memory, or is forgotten already: everybody has to read the state.
    fn jump(&mut self, last: u64, newest: u64) {
        if self.recent.as_ref().is_none_or(|recent| recent.last() != last) {
            return;
        }
        self.recent = Some(Recent::after(newest));
        for waiting in self.followers.values() {
            waiting.notice_from(last.saturating_add(1));
        }
    }
}

impl Waiting {
    fn notice(&self, event: &Event) {
        if self.first.load(Ordering::Relaxed) == 0 && self.filter.shows(event) {
            self.notice_from(event.sequence);
        }
    }

    fn notice_from(&self, sequence: u64) {
        if self.first.load(Ordering::Relaxed) == 0 {
            self.first.store(sequence, Ordering::Relaxed);
            self.woken.notify_one();
        }
    }

    /// The first event that concerns them since they wait.
    pub(super) fn first(&self) -> Option<u64> {
        Some(self.first.load(Ordering::Relaxed)).filter(|&first| first != 0 && first != LOOKING)
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.first.load(Ordering::Relaxed) != LOOKING
    }

    /// They look at what there is.
    pub(super) fn look(&self) {
        self.first.store(LOOKING, Ordering::Relaxed);
    }

    /// They have seen all that there is.
    pub(super) fn wait(&self) {
        self.first.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests;
