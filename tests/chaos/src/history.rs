//! What clients asked and were told, and when.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Offer a ticket with this title.
    PostTicket(String),
    /// Give a ticket another title.
    RenameTicket(String, String),
    /// Order a ticket.
    Order(String),
    /// Cancel an order.
    Cancel(String),
    /// Show a ticket.
    ShowTicket(String),
    /// Show an order.
    ShowOrder(String),
}

/// How new the answer to a read has to be.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// Newer than all that anybody was told before.
    Strong,
    /// At least of the index that the client has seen.
    Session,
    /// Of any age.
    Local,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The index of the `Consistency-Token`, if there was one.
    pub index: Option<u64>,
    /// The body; null if there was none.
    pub body: Value,
}

/// One request, and what came of it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its number in the history.
    pub number: usize,
    /// The replica that was asked.
    pub replica: usize,
    /// The account that asked.
    pub user: String,
    /// What was asked.
    pub request: Request,
    /// How new the answer has to be.
    pub consistency: Consistency,
    /// The index that the client had seen, if it said so.
    pub seen: Option<u64>,
    /// The idempotency key, if it had one.
    pub key: Option<String>,
    /// Whether it is asked again, after an answer that left open what happened.
    pub is_retry: bool,
    /// When it was sent, from the beginning of the history.
    pub invoked: Duration,
    /// When the answer was there; none if none came, or it was cut short.
    pub answered: Option<(Duration, Answer)>,
}

impl Request {
    /// Whether it changes something.
    #[must_use]
    pub fn is_write(&self) -> bool {
        !matches!(self, Self::ShowTicket(_) | Self::ShowOrder(_))
    }
}

impl Answer {
    /// The problem's type, without the path before it; empty for what is no problem.
    #[must_use]
    pub fn problem(&self) -> &str {
        let kind = self.body["type"].as_str().unwrap_or_default();
        kind.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it says that what was asked may or may not have happened.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.status >= 500 && !self.is_nothing_happened()
    }

    /// Whether it says what came of the request, as the log has it.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        !self.is_unknown() && !self.is_nothing_happened()
    }

    /// Whether it says that surely nothing happened, by word of the replica and not of the log.
    #[must_use]
    pub fn is_nothing_happened(&self) -> bool {
        matches!(self.problem(), "replica-behind" | "no-leader" | "key-in-progress" | "not-signed-in")
    }
}

/// All operations, in the order in which they were sent.
#[derive(Clone)]
pub struct History {
    began: Instant,
    operations: Arc<Mutex<Vec<Operation>>>,
}

impl History {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self { began: Instant::now(), operations: Arc::default() }
    }

    /// How long ago it began.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Notes that something is about to be asked, and returns its number.
    pub fn invoke(&self, mut operation: Operation) -> usize {
        let mut operations = self.lock();
        operation.number = operations.len();
        operation.invoked = self.began.elapsed();
        operations.push(operation);
        operations.len() - 1
    }

    /// Notes an answer.
    pub fn answer(&self, number: usize, answer: Answer) {
        let at = self.began.elapsed();
        self.lock()[number].answered = Some((at, answer));
    }

    /// The greatest index that anybody was told of.
    #[must_use]
    pub fn newest_told(&self) -> u64 {
        let operations = self.lock();
        operations.iter().filter_map(|operation| operation.answered.as_ref()?.1.index).max().unwrap_or(0)
    }

    /// All of them so far.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Operation>> {
        self.operations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for History {
    fn default() -> Self {
        Self::new()
    }
}
