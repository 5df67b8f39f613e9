//! How a request is sent: to whom, with what, and how often.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use progenitor_client::{ClientHooks, ClientInfo, OperationInfo};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use reqwest::{Request, Response};
use url::Url;
use uuid::Uuid;

use crate::Client;
use crate::consistency::{CONSISTENCY_TOKEN, Consistency};
use crate::generated::tables::TAKE_KEY;
use crate::problem::{PROBLEM_JSON, ProblemError, as_problem};
use crate::retry::{Attempts, Failure, RetryOptions, is_repeatable, retry_after};

/// What is asked for: pages, not streams.
const ACCEPTED: HeaderValue = HeaderValue::from_static("application/json, application/problem+json");
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// What the generated client sends its requests by.
#[derive(Clone, Debug)]
pub struct Transport {
    pub(crate) shared: Arc<Shared>,
    pub(crate) token: Option<HeaderValue>,
}

/// What clients with different tokens have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) urls: Vec<Url>,
    /// The one that is asked: the last one that was not unreachable.
    current: AtomicUsize,
    pub(crate) consistency: Consistency,
    pub(crate) retry: RetryOptions,
    pub(crate) http: reqwest::Client,
}

/// An answer that has arrived whole.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Shared {
    pub(crate) fn new(urls: Vec<Url>, retry: RetryOptions, http: reqwest::Client) -> Self {
        Self { urls, current: AtomicUsize::new(0), consistency: Consistency::default(), retry, http }
    }

    /// The place of the base URL to ask.
    pub(crate) fn place(&self) -> usize {
        self.current.load(Ordering::Relaxed) % self.urls.len()
    }

    /// Goes on at the next base URL, unless somebody else has done so since.
    pub(crate) fn leave(&self, place: usize) {
        let next = (place + 1) % self.urls.len();
        let _ = self.current.compare_exchange(place, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// A path and query of the API at a base URL, which may have a path of its own.
    pub(crate) fn url(&self, place: usize, path: &str, query: Option<&str>) -> Url {
        let mut url = self.urls[place].clone();
        let path = format!("{}{path}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url.set_query(query);
        url
    }
}

impl Transport {
    /// Adds who is asking, and how much they have seen.
    pub(crate) fn sign(&self, headers: &mut HeaderMap) {
        if let Some(token) = &self.token {
            headers.insert(AUTHORIZATION, token.clone());
        }
        if let Some(token) = self.shared.consistency.current() {
            headers.insert(CONSISTENCY_TOKEN, token);
        }
    }

    /// Sends a request until it is answered for good. The answer is whole; a refusal's body is a problem.
    async fn send(&self, mut request: Request, operation: &str) -> reqwest::Result<Response> {
        let shared = &self.shared;
        let has_key = give_key(&mut request, operation);
        request.headers_mut().entry(ACCEPT).or_insert(ACCEPTED);
        let waits = waits(request.url());
        let mut attempts = Attempts::new(&shared.retry, is_repeatable(request.method(), has_key));
        let path = path_below(request.url(), &shared.urls[0]);
        let query = request.url().query().map(str::to_owned);
        loop {
            let place = shared.place();
            let Some(mut attempt) = request.try_clone() else { return shared.http.execute(request).await };
            *attempt.url_mut() = shared.url(place, &path, query.as_deref());
            *attempt.timeout_mut() = Some(attempts.timeout() + waits);
            self.sign(attempt.headers_mut());
            let outcome = self.once(attempt).await;
            let (failure, asked, unreachable) = match &outcome {
                Ok(answer) if answer.status.is_success() => return Ok(answer_of(outcome?)),
                Ok(answer) => judge(answer),
                Err(error) if error.is_connect() => (Failure::NothingHappened, None, true),
                Err(error) if error.is_builder() => (Failure::Final, None, false),
                Err(_) => (Failure::Unknown, None, true),
            };
            let others = shared.urls.len() as u32;
            let elsewhere = unreachable && attempts.made() + 1 < others;
            if unreachable {
                shared.leave(place);
            }
            match attempts.failed(failure, asked, elsewhere) {
                Some(pause) => tokio::time::sleep(pause).await,
                None => return outcome.map(answer_of),
            }
        }
    }

    async fn once(&self, request: Request) -> reqwest::Result<Answer> {
        let response = self.shared.http.execute(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?;
        self.shared.consistency.take(&headers);
        Ok(Answer { status, headers, body })
    }
}

impl ClientHooks<Transport> for Client {
    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        self.inner().send(request, info.operation_id).await
    }
}

/// Gives a request that takes an idempotency key one of its own, unless it has one; says whether it has one then.
fn give_key(request: &mut Request, operation: &str) -> bool {
    if request.method() != Method::POST || !TAKE_KEY.contains(&operation) {
        return false;
    }
    let key = || HeaderValue::try_from(Uuid::new_v4().to_string()).expect("a UUID is ASCII");
    request.headers_mut().entry(IDEMPOTENCY_KEY).or_insert_with(key);
    true
}

/// How long an operation itself waits before it answers.
fn waits(url: &Url) -> Duration {
    let wait = url.query_pairs().find(|(name, _)| name == "wait").and_then(|(_, value)| value.parse().ok());
    Duration::from_secs(wait.unwrap_or(0))
}

/// The path of a request without the path of its base URL.
fn path_below(url: &Url, base: &Url) -> String {
    url.path().strip_prefix(base.path().trim_end_matches('/')).unwrap_or(url.path()).to_owned()
}

/// What a refusal means, for how long the service wants to be left alone, and whether another replica may do better.
fn judge(answer: &Answer) -> (Failure, Option<Duration>, bool) {
    let problem = ProblemError::read(answer.status, &answer.headers, &answer.body);
    let failure = Failure::of_refusal(answer.status, &problem.problem_type);
    (failure, retry_after(&answer.headers), matches!(answer.status.as_u16(), 502..=504))
}

fn answer_of(answer: Answer) -> Response {
    let Answer { status, mut headers, body } = answer;
    let body = if status.is_success() { body } else { as_problem(status, &headers, &body) };
    if !status.is_success() {
        headers.remove(CONTENT_LENGTH);
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
    }
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Response::from(response)
}
