#![doc = include_str!("../README.md")]

mod client;
mod consistency;
mod events;
mod pages;
mod problem;
mod retry;
mod transport;

#[allow(
    clippy::all,
    clippy::too_many_lines,
    missing_docs,
    unreachable_pub,
    mismatched_lifetime_syntaxes,
    rustdoc::all
)]
#[rustfmt::skip]
mod generated;
#[rustfmt::skip]
mod tables;

pub use progenitor_client::ResponseValue;

pub use self::client::{Boxoffice, Builder};
pub use self::events::{Follow, Followed};
pub use self::generated::{Client, builder, types};
pub use self::pages::Paged;
pub use self::problem::{Error, ProblemError};
pub use self::retry::RetryOptions;
pub use self::tables::problem_types;
