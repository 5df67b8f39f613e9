//! What consumer groups need of a store.

use super::{ConsumerGroup, Entity, ParkedEvent, PendingEvent};
use crate::domain::asker::Principal;

/// The rows of consumer groups as `apply` reads them.
pub trait GroupTables {
    /// The group of this owner's with this name.
    fn consumer_group(&self, owner: Principal, name: &str) -> Option<ConsumerGroup>;
    /// All groups of this owner's, in order of their names.
    fn consumer_groups_of(&self, owner: Principal) -> Vec<ConsumerGroup>;
    /// How many groups there are.
    fn consumer_group_count(&self) -> u64;
    /// Some numbers of groups that were removed while rows of theirs are still there, in order.
    fn removed_groups(&self, at_most: usize) -> Vec<u64>;
    /// The event that this group has under way.
    fn pending_event(&self, group: u64, sequence: u64) -> Option<PendingEvent>;
    /// The first events that this group has under way, in order.
    fn pending_events(&self, group: u64, at_most: usize) -> Vec<PendingEvent>;
    /// The sequences of the first events of an entity that this group has under way, in order: of those that are leased,
    /// or of the others.
    fn pending_of_entity(&self, group: u64, entity: &Entity, leased: bool, at_most: usize) -> Vec<u64>;
    /// The events of this group whose [`PendingEvent::due_at_ms`] has come, earliest first: when, and their sequences.
    fn pending_due(&self, group: u64, at_ms: u64, at_most: usize) -> Vec<(u64, u64)>;
    /// The event that this group has parked.
    fn parked_event(&self, group: u64, sequence: u64) -> Option<ParkedEvent>;
    /// The first events that this group has parked, in order.
    fn parked_events(&self, group: u64, at_most: usize) -> Vec<ParkedEvent>;
}
