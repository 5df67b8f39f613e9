//! The latest events, in memory once for all who follow them.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::domain::Event;

/// Events that are kept in memory: the largest are some KiB, so that this is a dozen MiB at the very worst. Who is further
/// behind reads the state.
pub(super) const MAX_RECENT: usize = 4_096;

/// An event, and its text once somebody was shown it.
#[derive(Debug)]
pub struct RecentEvent {
    /// The event.
    pub event: Event,
    text: OnceLock<Bytes>,
}

impl RecentEvent {
    pub(super) fn new(event: Event) -> Self {
        Self { event, text: OnceLock::new() }
    }

    /// Its text, made at most once however many are shown it.
    pub fn text(&self, make: impl FnOnce(&Event) -> Bytes) -> Bytes {
        self.text.get_or_init(|| make(&self.event)).clone()
    }
}

/// The latest events: a part of all of them, without a gap.
#[derive(Debug)]
pub(super) struct Recent {
    events: VecDeque<Arc<RecentEvent>>,
    /// The last sequence that was looked at.
    last: u64,
}

impl Recent {
    /// None yet, after this sequence.
    pub(super) fn after(last: u64) -> Self {
        Self { events: VecDeque::new(), last }
    }

    pub(super) fn last(&self) -> u64 {
        self.last
    }

    /// Adds the next one, and lets go of the oldest if there are too many.
    pub(super) fn push(&mut self, event: Arc<RecentEvent>) {
        self.last = event.event.sequence;
        if self.events.len() == MAX_RECENT {
            self.events.pop_front();
        }
        self.events.push_back(event);
    }

    /// Those after this sequence; `None` if some of them are not here.
    pub(super) fn events_after(&self, sequence: u64) -> Option<impl Iterator<Item = &Arc<RecentEvent>>> {
        let missing = self.last.saturating_sub(sequence);
        let skipped = (self.events.len() as u64).checked_sub(missing)?;
        Some(self.events.iter().skip(skipped as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recent(first: u64, count: u64) -> Recent {
        let mut recent = Recent::after(first - 1);
        for sequence in first..first + count {
            recent.push(Arc::new(RecentEvent::new(Event { sequence, ..Event::default() })));
        }
        recent
    }

    fn after(recent: &Recent, sequence: u64) -> Option<Vec<u64>> {
        Some(recent.events_after(sequence)?.map(|recent| recent.event.sequence).collect())
    }

    #[test]
    fn all_that_come_after_are_there_or_it_says_so() {
        let some = recent(5, 3);
        assert_eq!(after(&some, 4), Some(vec![5, 6, 7]));
        assert_eq!(after(&some, 6), Some(vec![7]));
        assert_eq!(after(&some, 7), Some(vec![]));
        assert_eq!(after(&some, 9), Some(vec![]), "who read further in the state than this has looked");
        assert_eq!(after(&some, 3), None);
        assert_eq!(after(&Recent::after(7), 7), Some(vec![]));
        assert_eq!(after(&Recent::after(7), 6), None);
    }

    #[test]
    fn there_is_a_bound_on_them() {
        let many = recent(1, MAX_RECENT as u64 + 10);
        assert_eq!(many.events.len(), MAX_RECENT);
        assert_eq!(after(&many, 9), None);
        assert_eq!(after(&many, 10).map(|events| events.len()), Some(MAX_RECENT));
    }

    #[test]
    fn a_text_is_made_once() {
        let event = RecentEvent::new(Event::default());
        assert_eq!(event.text(|_| Bytes::from_static(b"one")), "one");
        assert_eq!(event.text(|_| panic!("it is there")), "one");
    }
}
