//! A cluster of real `boxoffice` processes that is broken in every way under load, and a checker that needs no search:
//! every answer carries its index in the log, so the log is replayed through the service's own state machine, and each
//! answer compared with what the replay says at that index.

pub mod checker;
pub mod client;
pub mod cluster;
mod creations;
mod expected;
pub mod faults;
pub mod history;
mod load;
pub mod operator;
pub mod payments;
mod processes;
pub mod proxy;
mod real_time;
pub mod receiver;
mod replay;
pub mod run;
mod waiting;

pub use load::{Load, LoadOptions};
