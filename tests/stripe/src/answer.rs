//! What is answered.

use serde_json::Value;

use crate::error::ApiError;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    /// It is the answer to an earlier request with the same key.
    pub(crate) is_replayed: bool,
    /// When to come again, in seconds.
    pub(crate) retry_after_s: Option<u64>,
}

impl Answer {
    pub(crate) fn new(status: u16, body: Value) -> Self {
        Self { status, body, is_replayed: false, retry_after_s: None }
    }
}

impl From<Result<Value, ApiError>> for Answer {
    fn from(result: Result<Value, ApiError>) -> Self {
        match result {
            Ok(body) => Self::new(200, body),
            Err(error) => error.into(),
        }
    }
}

impl From<ApiError> for Answer {
    fn from(error: ApiError) -> Self {
        Self::new(error.status, error.body())
    }
}
