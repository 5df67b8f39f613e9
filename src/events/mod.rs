//! Following what happens: events go from the state to all who listen on this replica.

mod hub;
mod index;
mod recent;
mod stream;

pub use hub::{Hub, HubCounts, NoPlace, Place};
pub use recent::RecentEvent;
pub use stream::{Follower, News};
