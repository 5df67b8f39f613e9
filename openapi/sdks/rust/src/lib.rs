#![doc = include_str!("../README.md")]

mod client;
mod consistency;
mod events;
mod pages;
mod problem;
mod retry;
mod transport;

/// What `scripts/sdk` writes.
mod generated {
    #[allow(
        clippy::all,
        clippy::too_many_lines,
        mismatched_lifetime_syntaxes,
        missing_docs,
        rustdoc::all,
        unreachable_pub,
        unused_imports
    )]
    #[rustfmt::skip]
    pub(crate) mod client;
    #[rustfmt::skip]
    pub(crate) mod tables;
}

pub use progenitor_client::ResponseValue;

pub use self::client::{Boxoffice, Builder};
pub use self::events::{Follow, Followed};
pub use self::generated::client::{Client, builder, types};
pub use self::generated::tables::problem_types;
pub use self::pages::Paged;
pub use self::problem::{Error, ProblemError};
pub use self::retry::RetryOptions;
