//! Somebody who follows: how far they are, and what is new to them.

use std::sync::Arc;

use super::hub::{Hub, Waiting};
use super::places::Place;
use super::recent::RecentEvent;
use crate::domain::EventFilter;

/// Events that are shown at once.
const AT_MOST: usize = 64;

/// Events that are looked at while others have to wait for it.
const LOOKED_AT: usize = 1_024;

/// Somebody who follows. Whoever drops it follows no longer.
#[derive(Debug)]
#[must_use = "only what is asked for is shown"]
pub struct Follower {
    hub: Arc<Hub>,
    number: u64,
    waiting: Arc<Waiting>,
    _place: Place,
}

/// What is new to somebody.
#[derive(Debug)]
pub enum News {
    /// These events, in order, and none else up to this sequence; perhaps none at all.
    Events {
        /// What they are shown.
        events: Vec<Arc<RecentEvent>>,
        /// How far that is.
        through: u64,
    },
    /// Some of what they have not seen is not in memory: they have to read the state after this sequence.
    InTheState {
        /// They have seen all that concerns them up to here.
        after: u64,
    },
    /// Nothing: they have seen all up to this sequence. [`Follower::woken`] says when there is more.
    Nothing {
        /// How far that is.
        through: u64,
    },
}

impl Follower {
    pub(super) fn new(hub: Arc<Hub>, number: u64, waiting: Arc<Waiting>, place: Place) -> Self {
        Self { hub, number, waiting, _place: place }
    }

    /// What they see.
    pub fn filter(&self) -> &EventFilter {
        &self.waiting.filter
    }

    /// What is new to them who have seen all up to this sequence.
    pub fn news_after(&self, seen: u64) -> News {
        let followed = self.hub.lock();
        // The hub follows for as long as somebody does.
        let Some(recent) = &followed.recent else { return News::InTheState { after: seen } };
        // Since they wait, nothing before that first event concerned them.
        let seen = self.waiting.first().map_or(seen, |first| seen.max(first - 1));
        self.waiting.look();
        let Some(unseen) = recent.events_after(seen) else { return News::InTheState { after: seen } };
        let (mut events, mut through) = (Vec::new(), seen);
        for (looked_at, event) in unseen.enumerate() {
            if looked_at == LOOKED_AT || events.len() == AT_MOST {
                return News::Events { events, through };
            }
            through = event.event.sequence;
            if self.filter().shows(&event.event) {
                events.push(event.clone());
            }
        }
        if !events.is_empty() {
            return News::Events { events, through };
        }
        self.waiting.wait();
        News::Nothing { through }
    }

    /// How far somebody has seen all that concerns them to whom there was nothing new when they had seen all up to here.
    pub fn seen_by_now(&self, seen: u64) -> u64 {
        let followed = self.hub.lock();
        match (self.waiting.first(), &followed.recent) {
            (Some(first), _) => seen.max(first - 1),
            (None, Some(recent)) if self.waiting.is_waiting() => seen.max(recent.last()),
            (None, _) => seen,
        }
    }

    /// The first event that they were woken for.
    #[cfg(test)]
    pub(super) fn first(&self) -> Option<u64> {
        let _followed = self.hub.lock();
        self.waiting.first()
    }

    /// Resolves when there may be something new. Safe to cancel.
    pub async fn woken(&self) {
        self.waiting.woken.notified().await;
    }

    /// Resolves when the replica stops. Safe to cancel.
    pub async fn closing(&self) {
        self.hub.closing().cancelled().await;
    }

    /// Whether the replica stops.
    pub fn is_closing(&self) -> bool {
        self.hub.is_closing()
    }

    /// Counts events that they were shown.
    pub fn note_shown(&self, events: usize) {
        self.hub.note_shown(events);
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.hub.leave(self.number, &self.waiting.filter);
    }
}
