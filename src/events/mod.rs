//! Following what happens: events go from the state to all who listen on this replica.

mod hub;
mod index;
mod places;
mod recent;
mod stream;

pub use hub::{Hub, HubCounts};
pub use places::{Holder, NoPlace, Place, Places};
pub use recent::RecentEvent;
pub use stream::{Follower, News};
