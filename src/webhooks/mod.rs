//! Webhooks out: where they may go, how they are sent, and when they are sent again. Who sends them is a
//! worker.

mod address;
mod client;
mod lookup;
mod schedule;
mod url;

pub use self::address::special;
pub use self::client::{Answered, Client, Message, NoAnswer, Sender, Sending};
pub use self::lookup::{Found, Lookup, SystemLookup};
pub use self::schedule::{FIRST_PAUSE, MAX_RETRY_AFTER, Next, next};
pub use self::url::{Destinations, UrlFault};
