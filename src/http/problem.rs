//! How a refusal looks on the wire: `application/problem+json`, RFC 9457.

use std::fmt;
use std::time::Duration;

use poem::error::ResponseError;
use poem::http::{HeaderName, HeaderValue, StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::types::ToJSON;
use poem_openapi::{ApiResponse, Object};
use serde_json::Value;

use super::problem_type::ProblemType;
use super::statuses;

/// The media type of every refusal.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// How long a client should wait before it asks again, when nothing better is known.
const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(1);

/// What a 401 asks for unless it says more. Browsers show no dialogue for it, as they do for `Basic`, so it also
/// goes with a wrong password.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer");

/// One thing wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Fault {
    /// What is wrong, for people.
    pub message: String,
    /// The field, query parameter or header it is about.
    pub field: Option<String>,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Object)]
#[oai(rename = "Problem", rename_all = "camelCase", skip_serializing_if_is_none)]
pub(crate) struct ProblemDocument {
    #[oai(rename = "type")]
    kind: ProblemType,
    /// The case in words, the same for every occurrence.
    title: String,
    /// The HTTP status code.
    status: u16,
    /// What happened this time; the title again where there is no more to say.
    detail: String,
    /// Names this request in the service's logs.
    request_id: Option<String>,
    /// One entry per fault, all faults of a request at once; never empty.
    errors: Vec<Fault>,
    /// The payment it is about, if it is about one.
    payment_id: Option<String>,
    /// Why the gateway declined the charge, as a stable word of the gateway's.
    decline_code: Option<String>,
}

/// A refused request: what a handler returns instead of its success.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    details: Box<Details>,
}

/// Boxed, so that a `Result<_, Problem>` costs the successful path one word.
#[derive(Clone, Debug, PartialEq)]
struct Details {
    kind: ProblemType,
    detail: Option<String>,
    faults: Vec<Fault>,
    retry_after: Option<Duration>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
    payment_id: Option<String>,
    decline_code: Option<String>,
}

impl Fault {
    /// A fault of one field, query parameter or header.
    pub fn of(field: impl Into<String>, message: impl Into<String>) -> Fault {
        Fault { message: message.into(), field: Some(field.into()) }
    }

    /// A fault of the request as a whole.
    pub fn general(message: impl Into<String>) -> Fault {
        Fault { message: message.into(), field: None }
    }
}

impl Problem {
    /// A problem that says no more than its type.
    pub fn new(kind: ProblemType) -> Problem {
        let details = Details {
            kind,
            detail: None,
            faults: Vec::new(),
            retry_after: None,
            headers: Vec::new(),
            cause: None,
            payment_id: None,
            decline_code: None,
        };
        Problem { details: Box::new(details) }
    }

    /// Says what happened this time.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Problem {
        self.details.detail = Some(detail.into());
        self
    }

    /// Adds one fault.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Problem {
        self.details.faults.push(fault);
        self
    }

    /// Adds several faults.
    #[must_use]
    pub fn faults(mut self, faults: impl IntoIterator<Item = Fault>) -> Problem {
        self.details.faults.extend(faults);
        self
    }

    /// This problem with the faults of another one added.
    #[must_use]
    pub(super) fn and(mut self, other: &Problem) -> Problem {
        let mut faults = self.faults_or_summary();
        faults.extend(other.faults_or_summary());
        self.details.faults = faults;
        self.details.detail = None;
        self
    }

    /// Says when to ask again; sent as `Retry-After`, in whole seconds, rounded up.
    #[must_use]
    pub fn retry_after(mut self, wait: Duration) -> Problem {
        self.details.retry_after = Some(wait);
        self
    }

    /// Adds a response header (`Allow`, `ETag`, `Set-Cookie` …).
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.details.headers.push((name, value));
        self
    }

    /// Names the payment it is about.
    #[must_use]
    pub fn payment_id(mut self, id: impl Into<String>) -> Problem {
        self.details.payment_id = Some(id.into());
        self
    }

    /// Says why the gateway declined.
    #[must_use]
    pub fn decline_code(mut self, code: impl Into<String>) -> Problem {
        self.details.decline_code = Some(code.into());
        self
    }

    /// Says what made it happen: for the log, never for the client.
    #[must_use]
    pub fn because_of(mut self, cause: impl fmt::Display) -> Problem {
        self.details.cause = Some(cause.to_string());
        self
    }

    /// What made it happen, if that is for the log.
    pub fn cause(&self) -> Option<&str> {
        self.details.cause.as_deref()
    }

    /// Which case this is.
    pub fn kind(&self) -> ProblemType {
        self.details.kind
    }

    /// When to ask again, if that was said.
    pub fn wait(&self) -> Option<Duration> {
        self.details.retry_after
    }

    /// Why the gateway declined, if it did.
    pub fn declined_with(&self) -> Option<&str> {
        self.details.decline_code.as_deref()
    }

    /// Every fault named so far.
    pub fn all_faults(&self) -> &[Fault] {
        &self.details.faults
    }

    /// The body of the answer.
    pub(crate) fn to_json(&self, request_id: Option<&str>) -> Option<Value> {
        self.document(request_id).to_json()
    }

    fn document(&self, request_id: Option<&str>) -> ProblemDocument {
        let kind = self.details.kind;
        ProblemDocument {
            kind,
            title: kind.title().to_owned(),
            status: kind.status_code(),
            detail: self.summary(),
            request_id: request_id.map(str::to_owned),
            errors: self.faults_or_summary(),
            payment_id: self.details.payment_id.clone(),
            decline_code: self.details.decline_code.clone(),
        }
    }

    /// The answer, naming the request it answers.
    pub fn to_response(&self, request_id: Option<&str>) -> Response {
        let body = self.document(request_id).to_json_string();
        self.dress(Response::builder().content_type(PROBLEM_JSON).body(body))
    }

    /// Gives an answer that says this its status, and the headers that go with it.
    pub fn dress(&self, mut response: Response) -> Response {
        let Details { kind, retry_after, ref headers, .. } = *self.details;
        response.set_status(kind.status());
        if let Some(wait) = retry_after.or_else(|| default_retry_after(kind)) {
            response.headers_mut().insert(header::RETRY_AFTER, whole_seconds(wait).into());
        }
        for (name, value) in headers {
            response.headers_mut().append(name, value.clone());
        }
        if kind.status() == StatusCode::UNAUTHORIZED {
            response.headers_mut().entry(header::WWW_AUTHENTICATE).or_insert(CHALLENGE);
        }
        response
    }

    /// What happened: as it was said, else the faults, else the case itself.
    fn summary(&self) -> String {
        let fault = |fault: &Fault| match &fault.field {
            Some(field) => format!("{field} {}", fault.message),
            None => fault.message.clone(),
        };
        let faults: Vec<String> = self.details.faults.iter().map(fault).collect();
        if self.details.detail.is_some() || faults.is_empty() { self.to_string() } else { faults.join("; ") }
    }

    fn faults_or_summary(&self) -> Vec<Fault> {
        if self.details.faults.is_empty() {
            vec![Fault::general(self.to_string())]
        } else {
            self.details.faults.clone()
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.details.detail.as_deref().unwrap_or(self.details.kind.title()))
    }
}

impl std::error::Error for Problem {}

impl From<ProblemType> for Problem {
    fn from(kind: ProblemType) -> Problem {
        Problem::new(kind)
    }
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.details.kind.status()
    }

    fn as_response(&self) -> Response {
        self.to_response(None)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        self.to_response(None)
    }
}

/// Documents every status there is. [`Refused`](super::Refused) documents fewer.
impl ApiResponse for Problem {
    fn meta() -> poem_openapi::registry::MetaResponses {
        statuses::document(&statuses::all())
    }

    fn register(registry: &mut poem_openapi::registry::Registry) {
        <ProblemDocument as poem_openapi::types::Type>::register(registry);
    }
}

fn default_retry_after(kind: ProblemType) -> Option<Duration> {
    statuses::tells_when_to_retry(kind.status_code()).then_some(DEFAULT_RETRY_AFTER)
}

fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    async fn body(problem: &Problem, request_id: Option<&str>) -> Value {
        let response = problem.to_response(request_id);
        assert_eq!(response.header("content-type"), Some(PROBLEM_JSON));
        response.into_body().into_json().await.unwrap()
    }

    #[tokio::test]
    async fn the_body_has_every_member() {
        let problem = Problem::new(ProblemType::InvalidInput)
            .detail("two faults")
            .fault(Fault::of("title", "is missing"))
            .fault(Fault::general("odd"));
        assert_eq!(
            body(&problem, Some("r1")).await,
            json!({
                "type": "/problems/invalid-input", "title": "The request has invalid fields", "status": 400,
                "detail": "two faults", "requestId": "r1",
                "errors": [{"message": "is missing", "field": "title"}, {"message": "odd"}],
            })
        );
    }

    #[tokio::test]
    async fn errors_are_never_empty() {
        let bare = body(&Problem::new(ProblemType::TicketSold), None).await;
        assert_eq!(bare["errors"], json!([{"message": "The ticket is sold"}]));
        assert_eq!(bare["detail"], "The ticket is sold");
        let detailed = body(&Problem::new(ProblemType::TicketSold).detail("gone"), None).await;
        assert_eq!(detailed["errors"], json!([{"message": "gone"}]));
    }

    #[test]
    fn who_is_not_signed_in_is_told_how_once() {
        let challenges = |problem: Problem| {
            let response = problem.to_response(None);
            let all = response.headers().get_all(header::WWW_AUTHENTICATE);
            all.iter().map(|value| value.to_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(challenges(Problem::new(ProblemType::NotSignedIn)), ["Bearer"]);
        assert_eq!(challenges(Problem::new(ProblemType::BadCredentials)), ["Bearer"]);
        let more = HeaderValue::from_static("Bearer error=\"invalid_token\"");
        let more = Problem::new(ProblemType::NotSignedIn).header(header::WWW_AUTHENTICATE, more);
        assert_eq!(challenges(more), ["Bearer error=\"invalid_token\""]);
        assert!(challenges(Problem::new(ProblemType::Forbidden)).is_empty());
    }

    #[test]
    fn retry_after_rounds_up_and_is_always_there_when_promised() {
        let wait = |problem: Problem| problem.to_response(None).header("retry-after").map(str::to_owned);
        let throttled = Problem::new(ProblemType::TooManyRequests);
        assert_eq!(wait(throttled.clone().retry_after(Duration::from_millis(1_200))).as_deref(), Some("2"));
        assert_eq!(wait(throttled.retry_after(Duration::ZERO)).as_deref(), Some("1"));
        assert_eq!(wait(Problem::new(ProblemType::Unavailable)).as_deref(), Some("1"));
        assert_eq!(wait(Problem::new(ProblemType::NotFound)), None);
    }
}
