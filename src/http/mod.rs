//! The HTTP plumbing below the API. It knows nothing of tickets.

mod activity;
mod connection;
pub mod input;
pub mod listener;
pub mod money;
mod problem;
mod problem_type;
pub mod query;
pub mod rules;
pub mod server;
mod statuses;
pub mod timestamp;
pub mod tls;

pub use problem::{Fault, PROBLEM_JSON, Problem};
pub use problem_type::ProblemType;
pub use statuses::{Refused, Statuses};
