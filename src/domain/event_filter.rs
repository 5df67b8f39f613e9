//! Who is shown which events.

use std::collections::BTreeSet;

use super::event::{Event, EventType, Subject, SubjectId};
use super::id::UserId;

/// Who looks at events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Anybody: they see what becomes of tickets, which everybody sees.
    Anyone,
    /// This account: it sees what becomes of its own orders and payments as well.
    User(UserId),
    /// An operator whose key has the scope [`EventsRead`](super::Scope::EventsRead): they see all events.
    Operator,
}

impl Viewer {
    /// Whether they may see this event, whatever they want to see.
    pub fn may_see(self, event: &Event) -> bool {
        match (self, &event.subject) {
            (_, None) => false,
            (_, Some(Subject::Ticket(_))) | (Self::Operator, Some(_)) => true,
            (Self::User(user), Some(_)) => event.buyer() == Some(user),
            (Self::Anyone, Some(_)) => false,
        }
    }
}

/// Which events somebody is shown: of those that they may see, those that they want to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventFilter {
    /// Who looks.
    pub viewer: Viewer,
    /// Of these types only; none for all types. Only without them do versions follow each other.
    pub types: BTreeSet<EventType>,
    /// About this only.
    pub subject: Option<SubjectId>,
}

impl EventFilter {
    /// All that somebody may see.
    pub fn all_of(viewer: Viewer) -> Self {
        Self { viewer, types: BTreeSet::new(), subject: None }
    }

    /// Whether it shows this event. Of an order's deadline that passed the buyer must be known: see
    /// [`Event::buyer_of_expiration`].
    pub fn shows(&self, event: &Event) -> bool {
        (self.types.is_empty() || self.types.contains(&event.r#type()))
            && self.subject.is_none_or(|subject| event.subject_id() == Some(subject))
            && self.viewer.may_see(event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Order, OrderId, Payment, PaymentId, Ticket, TicketId};

    fn user(number: u8) -> UserId {
        UserId::from_bytes([number; 16])
    }

    fn event(r#type: EventType, subject: Subject) -> Event {
        Event {
            sequence: 1,
            r#type: r#type.into(),
            at_ms: 0,
            subject: Some(subject),
            buyer_of_expiration: None,
        }
    }

    /// One of each kind, the last three about what this user bought.
    fn events_of(buyer: UserId) -> [Event; 4] {
        let order = OrderId::from_bytes([2; 16]);
        let payment = Payment { id: PaymentId::from_bytes([3; 16]), buyer, ..Payment::default() };
        [
            event(EventType::TicketCreated, Subject::Ticket(ticket())),
            event(EventType::OrderCreated, Subject::Order(Order { id: order, buyer, ..Order::default() })),
            event(EventType::PaymentCreated, Subject::Payment(payment)),
            Event {
                buyer_of_expiration: Some(buyer),
                ..event(EventType::ExpirationComplete, Subject::Expiration(order))
            },
        ]
    }

    fn ticket() -> Ticket {
        Ticket { id: TicketId::from_bytes([1; 16]), seller: user(7), ..Ticket::default() }
    }

    fn shown(filter: &EventFilter) -> [bool; 4] {
        events_of(user(5)).map(|event| filter.shows(&event))
    }

    #[test]
    fn tickets_are_everybodys_and_the_rest_is_the_buyers_and_operators() {
        let all_of = |viewer| shown(&EventFilter::all_of(viewer));
        assert_eq!(all_of(Viewer::Anyone), [true, false, false, false]);
        assert_eq!(all_of(Viewer::User(user(5))), [true; 4]);
        assert_eq!(all_of(Viewer::User(user(6))), [true, false, false, false]);
        assert_eq!(all_of(Viewer::User(user(7))), [true, false, false, false], "the seller");
        assert_eq!(all_of(Viewer::Operator), [true; 4]);
    }

    #[test]
    fn a_deadline_that_passed_is_nobodys_but_operators_while_its_buyer_is_not_known() {
        let old = event(EventType::ExpirationComplete, Subject::Expiration(OrderId::from_bytes([2; 16])));
        assert!(!EventFilter::all_of(Viewer::User(user(5))).shows(&old));
        assert!(!EventFilter::all_of(Viewer::User(UserId::default())).shows(&old));
        assert!(EventFilter::all_of(Viewer::Operator).shows(&old));
    }

    #[test]
    fn an_event_that_this_version_does_not_know_is_shown_to_nobody() {
        let later = Event { sequence: 1, ..Event::default() };
        assert!(!EventFilter::all_of(Viewer::Operator).shows(&later));
    }

    #[test]
    fn filters_narrow_what_may_be_seen_and_never_widen_it() {
        let types = |types: &[EventType], viewer| EventFilter {
            types: types.iter().copied().collect(),
            ..EventFilter::all_of(viewer)
        };
        let two = [EventType::TicketCreated, EventType::ExpirationComplete];
        assert_eq!(shown(&types(&two, Viewer::Operator)), [true, false, false, true]);
        assert_eq!(shown(&types(&two, Viewer::Anyone)), [true, false, false, false]);
        let about = |subject: &str, viewer| EventFilter {
            subject: Some(subject.parse().expect("a subject")),
            ..EventFilter::all_of(viewer)
        };
        let order = OrderId::from_bytes([2; 16]).to_string();
        assert_eq!(shown(&about(&order, Viewer::User(user(5)))), [false, true, false, true]);
        assert_eq!(shown(&about(&order, Viewer::User(user(6)))), [false; 4]);
        // Another kind of thing with the same bits is another thing.
        let other = PaymentId::from_bytes([2; 16]).to_string();
        assert_eq!(shown(&about(&other, Viewer::Operator)), [false; 4]);
    }
}
