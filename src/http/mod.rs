//! The HTTP plumbing below the API. It knows of tickets only by the table of problems.
//!
//! [`server::serve`] accepts connections and hands requests to a [`stack::Stack`], which does for each what
//! does not depend on what it asks for, and hands it on to the routes. Those read with [`input`] and
//! [`query`], and refuse with a [`Problem`].

mod activity;
mod answer_body;
mod beginning;
pub mod body_limit;
pub mod client_address;
mod connection;
pub mod cross_origin;
mod decimal;
pub mod docs;
pub mod form;
pub mod header;
pub mod input;
pub mod json;
pub mod kept;
pub mod line;
mod lingering;
pub mod listener;
mod media_type;
pub mod money;
pub mod nullable;
pub mod open_metrics;
mod problem;
mod problem_schema;
mod problem_type;
pub mod query;
pub mod raw_body;
mod raw_value;
mod refusal;
mod request_context;
pub mod routes;
pub mod rules;
pub mod server;
pub mod stack;
mod statuses;
pub mod throttle;
pub mod timestamp;
pub mod tls;
pub mod tried;
#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "poem-openapi's macro makes hash maps for the document")]
mod wire_tests;

pub use answer_body::Endless;
pub use problem::{Fault, PROBLEM_JSON, Problem};
pub use problem_type::ProblemType;
pub use refusal::AnswerHeaders;
pub use request_context::{RequestContext, RequestId, X_REQUEST_ID};
pub use statuses::{IDEMPOTENT_REPLAYED, Refused, Statuses};
