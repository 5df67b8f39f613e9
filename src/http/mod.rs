//! The HTTP plumbing below the API. It knows nothing of tickets.

pub mod input;
pub mod money;
mod problem;
mod problem_type;
pub mod query;
pub mod rules;
mod statuses;
pub mod timestamp;

pub use problem::{Fault, PROBLEM_JSON, Problem};
pub use problem_type::ProblemType;
pub use statuses::{Refused, Statuses};
