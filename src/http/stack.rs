//! What every request goes through, whatever it asks for.
//!
//! One endpoint around all others rather than a pile of middlewares: each of those would box a future.

use std::borrow::Cow;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use poem::http::uri::{Authority, Scheme};
use poem::http::{HeaderValue, Method, StatusCode, Uri, Version, header};
use poem::{Addr, Endpoint, IntoResponse, PathPattern, Request, Response};
use poem_openapi::OperationId;

use super::body_limit::BodyLimits;
use super::client_address::TrustedProxy;
use super::connection::Overload;
use super::cross_origin::{self, CorsOrigins, Origin};
use super::problem::{Fault, Problem};
use super::problem_type::ProblemType;
use super::refusal::{self, AnswerHeaders};
use super::request_context::{RequestContext, RequestId, X_REQUEST_ID};
use super::routes::RouteTable;

/// Answers below this path are nobody's to keep, unless a handler says otherwise.
const API_PREFIX: &str = "/api/";
/// How long a client should wait when too many requests are under way: most take milliseconds.
const OVERLOAD_PAUSE: Duration = Duration::from_secs(1);
/// Whoever came by HTTPS once does so from then on. As long as browsers ask for before they take a name into their lists;
/// other hosts below this one's name are others' affair.
const TWO_YEARS_OF_HTTPS: HeaderValue = HeaderValue::from_static("max-age=63072000");
/// The operation of requests that were refused before their route was known, or have none.
pub const UNROUTED: &str = "unrouted";

/// Shows a problem as a page. The error is as the routes made it, with what they attached to it.
pub type ErrorPage = fn(&Problem, &poem::Error, &RequestContext) -> Response;

/// How a [`Stack`] behaves.
#[derive(Clone, Debug, Default)]
pub struct StackSettings {
    /// Whose word on the caller's address is taken.
    pub trusted_proxy: TrustedProxy,
    /// Other origins whose pages may use the API.
    pub cors_origins: CorsOrigins,
    /// Bounds on request bodies.
    pub body_limits: BodyLimits,
    /// Which methods paths have, for `Allow`.
    pub routes: RouteTable,
    /// Answered even when too many requests are under way: a service that is busy is well.
    pub vital_paths: &'static [&'static str],
    /// How a refusal looks to whoever looks for a page; a problem without it, as it does to programs.
    pub error_page: Option<ErrorPage>,
    /// What is sent to them is signed by whoever sends it, so that it matters not from where it comes.
    pub signed_paths: &'static [&'static str],
}

/// Told about every answer; metrics, say.
pub trait RequestObserver: Send + Sync + 'static {
    /// Called once an answer's head is decided.
    fn observe(&self, answered: &Answered);
}

/// What an observer is told. Nothing in it is the client's to make up, so all of it may be a label.
#[derive(Clone, Debug)]
pub struct Answered {
    /// The operation id, else the route's pattern, else [`UNROUTED`].
    pub operation: Cow<'static, str>,
    /// The method, `OTHER` for unusual ones.
    pub method: &'static str,
    /// The answer's status.
    pub status: StatusCode,
    /// From the end of the request's head to the answer's.
    pub duration: Duration,
}

/// The outermost endpoint.
pub struct Stack<E, O> {
    inner: E,
    observer: O,
    settings: StackSettings,
}

/// What is left of a request once it was handed on.
struct Arrival {
    at: Instant,
    method: Method,
    uri: Uri,
    context: RequestContext,
    origin: Origin,
    wants_page: bool,
}

/// An answer, and the name of what gave it.
struct Answer {
    response: Response,
    operation: Option<OperationId>,
    pattern: Option<PathPattern>,
}

impl<E: Endpoint, O: RequestObserver> Stack<E, O> {
    /// Wraps the endpoint that routes.
    pub fn new(inner: E, observer: O, settings: StackSettings) -> Stack<E, O> {
        Stack { inner, observer, settings }
    }

    fn arrival(&self, request: &Request) -> Arrival {
        let headers = request.headers();
        let proxy = self.settings.trusted_proxy;
        let client = proxy.client_address(headers, peer_address(request));
        Arrival {
            at: Instant::now(),
            method: request.method().clone(),
            uri: request.uri().clone(),
            context: RequestContext::new(
                RequestId::of(headers),
                client,
                proxy.has_forwarded(headers),
                *request.scheme() == Scheme::HTTPS || proxy.has_forwarded_https(headers),
            ),
            wants_page: wants_page(request),
            origin: self.settings.cors_origins.origin_of(request),
        }
    }

    async fn answer(&self, mut request: Request, arrival: &Arrival) -> Answer {
        if request.extensions().get::<Overload>().is_some() && !self.is_vital(&mut request) {
            return self.refuse(&overloaded(&request).into(), arrival);
        }
        if let Some(response) = cross_origin::preflight(&request, &arrival.origin) {
            return Answer::unrouted(response);
        }
        if let Err(error) = self.admit(&mut request, arrival).await {
            return self.refuse(&error, arrival);
        }
        match AssertUnwindSafe(self.inner.call(request)).catch_unwind().await {
            Ok(Ok(output)) => {
                let response = output.into_response();
                if let Some(problem) = response.data() {
                    arrival.log_failure(problem);
                }
                Answer::routed(response)
            }
            Ok(Err(error)) if error.is_from_response() => Answer::routed(error.into_response()),
            Ok(Err(error)) => self.refuse(&error, arrival),
            Err(panic) => self.refuse(&refusal::panicked(panic.as_ref()), arrival),
        }
    }

    fn is_vital(&self, request: &mut Request) -> bool {
        // A body would have to be held, and this request has no place among those that may hold one.
        let is_bare = request.take_body().is_empty();
        is_bare && self.settings.vital_paths.contains(&request.uri().path())
    }

    /// Checks what can be checked without knowing the route, and makes the request ready for it.
    async fn admit(&self, request: &mut Request, arrival: &Arrival) -> poem::Result<()> {
        check_head(request)?;
        if !self.settings.signed_paths.contains(&request.uri().path()) {
            cross_origin::check(&arrival.method, &arrival.origin)?;
        }
        if matches!(arrival.origin, Origin::Allowed(_)) {
            // Such pages identify themselves by bearer token, never by who visits them. A link that is
            // followed from another site is no such thing: it finds its visitor signed in.
            request.headers_mut().remove(header::COOKIE);
        }
        let body = request.take_body();
        if !body.is_empty() {
            let limits = &self.settings.body_limits;
            let is_http1 = request.version() < Version::HTTP_2;
            let bytes = limits.read(body, request.headers()).await;
            request.set_body(bytes.map_err(|fault| fault.into_problem(limits, is_http1))?);
        }
        if arrival.method == Method::HEAD {
            request.set_method(Method::GET);
        }
        request.extensions_mut().insert(arrival.context.clone());
        Ok(())
    }

    fn refuse(&self, error: &poem::Error, arrival: &Arrival) -> Answer {
        let problem = refusal::of_error(error, &self.settings.routes);
        arrival.log_failure(&problem);
        let mut response = match self.settings.error_page.filter(|_| arrival.wants_page) {
            Some(show) => {
                let page = show(&problem, error, &arrival.context);
                problem.dress(page)
            }
            None => problem.to_response(Some(arrival.context.request_id().as_str())),
        };
        if let Some(AnswerHeaders(headers)) = error.data() {
            for (name, value) in headers {
                response.headers_mut().append(name, value.clone());
            }
        }
        Answer { response, operation: error.data().copied(), pattern: error.data().cloned() }
    }

    fn finish(&self, answer: Answer, arrival: Arrival) -> Response {
        let operation = answer.operation();
        let mut response = answer.response;
        if arrival.method == Method::HEAD {
            response = without_body(response);
        }
        let answered = Answered {
            operation,
            method: method_label(&arrival.method),
            status: response.status(),
            duration: arrival.at.elapsed(),
        };
        self.observer.observe(&answered);
        arrival.log_answer(&answered);
        self.add_headers(&mut response, arrival);
        response
    }

    fn add_headers(&self, response: &mut Response, arrival: Arrival) {
        let headers = response.headers_mut();
        headers.insert(X_REQUEST_ID, arrival.context.request_id().header_value());
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if arrival.uri.path().starts_with(API_PREFIX) {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        }
        if arrival.context.is_https() {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, TWO_YEARS_OF_HTTPS);
        }
        if !self.settings.cors_origins.is_empty() {
            headers.append(header::VARY, HeaderValue::from_static("Origin"));
            cross_origin::share(headers, arrival.origin);
        }
    }
}

impl<E: Endpoint, O: RequestObserver> Endpoint for Stack<E, O> {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let arrival = self.arrival(&request);
        let answer = self.answer(request, &arrival).await;
        Ok(self.finish(answer, arrival))
    }
}

impl<O: RequestObserver + ?Sized> RequestObserver for Arc<O> {
    fn observe(&self, answered: &Answered) {
        self.as_ref().observe(answered);
    }
}

/// The log names a request where it is answered: a span around each would cost as much as reading a ticket.
impl Arrival {
    /// What is the service's own doing is for the log; metrics count the rest.
    fn log_failure(&self, problem: &Problem) {
        let (request_id, method, path) = self.names();
        let cause = problem.cause();
        if problem.kind() == ProblemType::Internal {
            let error = cause.map_or_else(|| problem.to_string(), str::to_owned);
            tracing::error!(request_id, method, path, error, "request failed");
        } else if let Some(error) = cause {
            tracing::warn!(request_id, method, path, error, "request not answered");
        }
    }

    fn log_answer(&self, answered: &Answered) {
        let (request_id, method, path) = self.names();
        let (operation, status) = (&*answered.operation, answered.status.as_u16());
        let duration_us = u64::try_from(answered.duration.as_micros()).unwrap_or(u64::MAX);
        tracing::debug!(request_id, method, path, operation, status, duration_us, "answered");
    }

    /// The request's id, method and path.
    fn names(&self) -> (&str, &str, &str) {
        (self.context.request_id().as_str(), self.method.as_str(), self.uri.path())
    }
}

impl Answer {
    fn unrouted(response: Response) -> Answer {
        Answer { response, operation: None, pattern: None }
    }

    fn routed(response: Response) -> Answer {
        let (operation, pattern) = (response.data().copied(), response.data().cloned());
        Answer { response, operation, pattern }
    }

    /// The operation id, else the route's pattern, else [`UNROUTED`].
    fn operation(&self) -> Cow<'static, str> {
        match (self.operation, &self.pattern) {
            (Some(id), _) => id.0.into(),
            // A nested router that found nothing leaves its own pattern, which is empty at the root.
            (None, Some(pattern)) if !pattern.0.is_empty() => pattern.0.to_string().into(),
            (None, _) => UNROUTED.into(),
        }
    }
}

/// As many requests as may be are under way.
fn overloaded(request: &Request) -> Problem {
    let problem = Problem::new(ProblemType::Unavailable)
        .detail("Too many requests are under way")
        .retry_after(OVERLOAD_PAUSE);
    // Its body was not read and must not be taken for the next request. HTTP/2 has a stream for each.
    if request.version() < Version::HTTP_2 {
        problem.header(header::CONNECTION, HeaderValue::from_static("close"))
    } else {
        problem
    }
}

/// What RFC 9112 asks of the head of a request, and hyper leaves to others: over HTTP/1.1 it names its host, once
/// (section 3.2), and its body is in no coding but `chunked` (6.1).
fn check_head(request: &Request) -> Result<(), Problem> {
    let refused = |name, says| Err(Problem::new(ProblemType::InvalidHeader).fault(Fault::of(name, says)));
    let mut hosts = request.headers().get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (Some(_), Some(_)) => return refused("Host", "must be given once"),
        (None, _) if request.version() == Version::HTTP_11 => return refused("Host", "is missing"),
        (Some(host), None) if !is_host(host.as_bytes()) => {
            return refused("Host", "must be a host, and perhaps a port");
        }
        _ => {}
    }
    let mut codings = request.headers().get_all(header::TRANSFER_ENCODING).iter();
    if codings.any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"chunked")) {
        return refused("Transfer-Encoding", "must be chunked");
    }
    Ok(())
}

/// A request for what has no host, by the form of its target, may leave the value empty.
fn is_host(value: &[u8]) -> bool {
    value.is_empty() || Authority::try_from(value).is_ok_and(|host| !host.as_str().contains('@'))
}

/// Whether somebody looks at it in a browser: programs ask for JSON or for anything, and of the API for problems.
fn wants_page(request: &Request) -> bool {
    let accepts = |line: &HeaderValue| line.to_str().is_ok_and(|line| line.contains("text/html"));
    !request.uri().path().starts_with(API_PREFIX)
        && request.headers().get_all(header::ACCEPT).iter().any(accepts)
}

fn peer_address(request: &Request) -> Option<IpAddr> {
    match &request.remote_addr().0 {
        Addr::SocketAddr(address) => Some(address.ip()),
        _ => None,
    }
}

/// The answer to HEAD: that to GET, with the length it would have.
fn without_body(mut response: Response) -> Response {
    let length_bytes = hyper::body::Body::size_hint(&BoxBody::from(response.take_body())).exact();
    if let Some(length_bytes) = length_bytes.filter(|length| *length > 0) {
        response.headers_mut().insert(header::CONTENT_LENGTH, length_bytes.into());
    }
    response
}

type BoxBody = http_body_util::combinators::BoxBody<bytes::Bytes, std::io::Error>;

fn method_label(method: &Method) -> &'static str {
    const KNOWN: [Method; 7] = [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::PATCH,
        Method::OPTIONS,
    ];
    const LABELS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
    KNOWN.iter().position(|known| known == method).map_or("OTHER", |index| LABELS[index])
}
