//! What the tests share: the server as a process, calls, answers, and ready-made things to call about.

mod answer;
mod call;
mod events;
mod fixtures;
mod operator;
mod problem;
mod raw;
mod sandbox;
mod server;
mod time;
mod visitor;

pub(crate) use answer::Answer;
pub(crate) use call::Call;
pub(crate) use events::SentEvent;
pub(crate) use fixtures::{PASSWORD, User, soon};
pub(crate) use operator::OperatorKey;
pub(crate) use problem::same_problem;
pub(crate) use raw::raw_exchange;
pub(crate) use sandbox::{SandboxCharge, sandbox_charges};
pub(crate) use server::{Server, command};
pub(crate) use time::{eventually, millis, now_ms};
pub(crate) use visitor::Visitor;
