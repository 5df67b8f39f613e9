//! Refusals, as the service explains them.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::retry::retry_after;
use crate::types;

/// The media type of refusals.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";
/// The type of a refusal that is no problem of the service's own, as RFC 9457 has it.
const ABOUT_BLANK: &str = "about:blank";
/// Characters of such a refusal that are shown.
const MAX_DETAIL_CHARS: usize = 200;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service, or something before it, refused the request.
    #[error(transparent)]
    Problem(#[from] Box<ProblemError>),
    /// There was no answer, from none of the base URLs. Whether anything happened is not known.
    #[error("no answer: {0}")]
    Unreachable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The answer was not what the API document says.
    #[error("the answer cannot be understood: {0}")]
    Unexpected(String),
    /// The request lacks something, or a setting is not good; nothing was sent.
    #[error("{0}")]
    Invalid(String),
}

/// A refusal: a problem as RFC 9457 has it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProblemError {
    /// Tells every case apart: one of [`problem_types`](crate::problem_types), one that a later version knows, or
    /// `about:blank` for a refusal that is not the service's own.
    pub problem_type: String,
    /// The case in words, the same for every occurrence.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// All that is wrong with the request.
    pub errors: Vec<types::Fault>,
    /// Names the request in the service's logs.
    pub request_id: Option<String>,
    /// The payment it is about, if it is about one.
    pub payment_id: Option<String>,
    /// Why the gateway declined a charge.
    pub decline_code: Option<String>,
    /// How long the service asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl ProblemError {
    /// What is wrong with this field, query parameter or header, for people.
    pub fn errors_of<'p>(&'p self, field: &'p str) -> impl Iterator<Item = &'p str> {
        self.errors
            .iter()
            .filter(move |fault| fault.field.as_deref() == Some(field))
            .map(|fault| fault.message.as_str())
    }

    /// A refusal as it was answered.
    pub(crate) fn of(status: StatusCode, headers: &HeaderMap, problem: types::Problem) -> Self {
        Self {
            problem_type: problem.type_.to_string(),
            title: problem.title,
            status: status.as_u16(),
            detail: problem.detail,
            errors: problem.errors,
            request_id: problem.request_id,
            payment_id: problem.payment_id,
            decline_code: problem.decline_code,
            retry_after: retry_after(headers),
        }
    }

    /// The same from an answer that is no success, whatever its body is.
    pub(crate) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Self {
        let body = as_problem(status, headers, body);
        let problem = serde_json::from_slice(&body).unwrap_or_else(|_| blank(status, ""));
        Self::of(status, headers, problem)
    }
}

impl fmt::Display for ProblemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults = self
            .errors
            .iter()
            .filter_map(|fault| Some(format!("{} {}", fault.field.as_ref()?, fault.message)));
        // Each thing once: the detail often has the faults already, or is the title again.
        let detail = Some(self.detail.clone()).filter(|detail| *detail != self.title);
        let texts: Vec<String> =
            detail.into_iter().chain(faults.filter(|fault| !self.detail.contains(fault))).collect();
        write!(f, "{} {}", self.status, self.title)?;
        if texts.is_empty() { Ok(()) } else { write!(f, ": {}", texts.join("; ")) }
    }
}

impl std::error::Error for ProblemError {}

/// The body of a refusal as a problem: what is none already, such as a proxy's page, is made one.
pub(crate) fn as_problem(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Bytes {
    let media_type =
        headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_problem =
        media_type.starts_with(PROBLEM_JSON) && serde_json::from_slice::<types::Problem>(body).is_ok();
    if is_problem {
        return Bytes::copy_from_slice(body);
    }
    let beginning: String = String::from_utf8_lossy(body).trim().chars().take(MAX_DETAIL_CHARS).collect();
    serde_json::to_vec(&blank(status, &beginning)).map(Bytes::from).unwrap_or_default()
}

/// A problem that says no more than the status does.
fn blank(status: StatusCode, detail: &str) -> types::Problem {
    let title = status.canonical_reason().unwrap_or("Refused").to_owned();
    types::Problem {
        type_: ABOUT_BLANK.to_owned().into(),
        detail: if detail.is_empty() { title.clone() } else { detail.to_owned() },
        title,
        status: status.as_u16(),
        errors: Vec::new(),
        request_id: None,
        payment_id: None,
        decline_code: None,
    }
}

impl From<progenitor_client::Error<types::Problem>> for Error {
    fn from(error: progenitor_client::Error<types::Problem>) -> Self {
        use progenitor_client::Error as Generated;
        match error {
            Generated::ErrorResponse(response) => {
                let (status, headers) = (response.status(), response.headers().clone());
                Self::from(Box::new(ProblemError::of(status, &headers, response.into_inner())))
            }
            Generated::CommunicationError(error) | Generated::ResponseBodyError(error) => {
                Self::Unreachable(Box::new(error))
            }
            Generated::InvalidRequest(what) => Self::Invalid(what),
            // Something else than what the API answers, such as a redirection.
            Generated::UnexpectedResponse(response) => {
                Self::from(Box::new(ProblemError::read(response.status(), response.headers(), &[])))
            }
            other => Self::Unexpected(other.to_string()),
        }
    }
}
