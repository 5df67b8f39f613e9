//! Whom an event concerns: found by what it is about, whose that is, and its type, so that those whom it does not concern
//! cost nothing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use crate::domain::{Event, EventFilter, EventType, SubjectId, UserId, Viewer};

/// What somebody who follows is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    /// They follow one thing.
    Subject(SubjectId),
    /// They follow what is this user's.
    Buyer(UserId, EventType),
    /// They follow whatever is of this type.
    Type(EventType),
}

/// Those who follow, by a number of their own.
#[derive(Debug)]
pub(super) struct Index<T> {
    by_key: BTreeMap<Key, BTreeMap<u64, T>>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self { by_key: BTreeMap::new() }
    }
}

impl<T: Clone> Index<T> {
    pub(super) fn insert(&mut self, number: u64, filter: &EventFilter, follower: &T) {
        for key in keys_of(filter) {
            self.by_key.entry(key).or_default().insert(number, follower.clone());
        }
    }

    pub(super) fn remove(&mut self, number: u64, filter: &EventFilter) {
        for key in keys_of(filter) {
            if let Entry::Occupied(mut followers) = self.by_key.entry(key) {
                followers.get_mut().remove(&number);
                if followers.get().is_empty() {
                    followers.remove();
                }
            }
        }
    }

    /// All whom the event may concern; their filters say whether it does.
    pub(super) fn candidates(&self, event: &Event) -> impl Iterator<Item = &T> {
        let r#type = event.r#type();
        let subject = event.subject_id().map(Key::Subject);
        let buyer = event.buyer().map(|buyer| Key::Buyer(buyer, r#type));
        let keys = [subject, buyer, Some(Key::Type(r#type))];
        keys.into_iter().flatten().filter_map(|key| self.by_key.get(&key)).flat_map(BTreeMap::values)
    }
}

/// Where somebody with this filter is found: each event that it shows is of one of these, and of one only.
fn keys_of(filter: &EventFilter) -> Vec<Key> {
    if let Some(subject) = filter.subject {
        return vec![Key::Subject(subject)];
    }
    let wanted = EventType::ALL.into_iter();
    let wanted = wanted.filter(|r#type| filter.types.is_empty() || filter.types.contains(r#type));
    wanted
        .filter_map(|r#type| match filter.viewer {
            Viewer::Operator => Some(Key::Type(r#type)),
            _ if is_public(r#type) => Some(Key::Type(r#type)),
            Viewer::User(user) => Some(Key::Buyer(user, r#type)),
            Viewer::Anyone => None,
        })
        .collect()
}

/// Whether events of this type are about tickets.
fn is_public(r#type: EventType) -> bool {
    matches!(r#type, EventType::TicketCreated | EventType::TicketUpdated | EventType::TicketDeleted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Order, OrderId, Subject, Ticket, TicketId};

    fn user(number: u8) -> UserId {
        UserId::from_bytes([number; 16])
    }

    fn events() -> Vec<Event> {
        let mut events = Vec::new();
        for (r#type, number) in EventType::ALL.into_iter().zip(0..).chain(EventType::ALL.into_iter().zip(1..))
        {
            let number = number % 2 + 1;
            let subject = match r#type {
                _ if is_public(r#type) => {
                    Subject::Ticket(Ticket { id: TicketId::from_bytes([number; 16]), ..Ticket::default() })
                }
                EventType::ExpirationComplete => Subject::Expiration(OrderId::from_bytes([number; 16])),
                _ => Subject::Order(Order {
                    id: OrderId::from_bytes([number; 16]),
                    buyer: user(number),
                    ..Order::default()
                }),
            };
            events.push(Event {
                r#type: r#type.into(),
                subject: Some(subject),
                buyer_of_expiration: Some(user(number)),
                ..Event::default()
            });
        }
        events
    }

    /// Whoever is shown an event is found by it, once; and few are found in vain.
    #[test]
    fn whom_an_event_concerns_is_found_once() {
        let mut filters = Vec::new();
        let subjects = [None, Some(SubjectId::Order(OrderId::from_bytes([1; 16])))];
        for viewer in [Viewer::Anyone, Viewer::User(user(1)), Viewer::User(user(3)), Viewer::Operator] {
            for types in [vec![], vec![EventType::TicketCreated, EventType::OrderUpdated]] {
                for subject in subjects {
                    filters.push(EventFilter { viewer, types: types.iter().copied().collect(), subject });
                }
            }
        }
        let mut index = Index::default();
        for (number, filter) in filters.iter().enumerate() {
            index.insert(number as u64, filter, &number);
        }
        for event in events() {
            let mut found: Vec<usize> = index.candidates(&event).copied().collect();
            found.retain(|&number| filters[number].shows(&event));
            found.sort_unstable();
            let shown: Vec<usize> =
                (0..filters.len()).filter(|&number| filters[number].shows(&event)).collect();
            assert_eq!(found, shown, "{event:?}");
        }
        for (number, filter) in filters.iter().enumerate() {
            index.remove(number as u64, filter);
        }
        assert!(index.by_key.is_empty(), "whoever goes leaves nothing behind");
    }
}
