//! Following what happens, for as long as one likes.

use std::io;
use std::time::Duration;

use async_stream::{stream, try_stream};
use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use http::StatusCode;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Request, Response};
use serde::Deserialize;
use sse_stream::{Sse, SseByteStream};

use crate::problem::ProblemError;
use crate::retry::{Attempts, Failure};
use crate::transport::Transport;
use crate::{Boxoffice, Error, types};

const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
/// The service gives a sign of life every 15 seconds: a stream that was silent for more than two of them is dead.
const SILENCE: Duration = Duration::from_secs(35);
/// How long the first pause after a stream that broke off is, unless the service says otherwise.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Which events to follow, and from where on.
#[derive(Clone, Debug)]
pub struct Follow {
    /// The id of the last event that was dealt with: those after it follow. `now` for what happens from now on; all that
    /// are kept if there is none.
    pub after: Option<String>,
    /// Of these types only; of all if there are none.
    pub types: Vec<String>,
    /// About this ticket, order or payment only.
    pub subject: Option<String>,
    /// A stream that is silent for so long is taken for dead, and opened anew.
    pub silence: Duration,
}

/// What a stream of events has.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Followed {
    /// Something happened. Its `id` is where to go on after it.
    Event(Box<types::Event>),
    /// Some events are missing: they are not kept any more, or the service was restored. What is known has to be read anew.
    Reset {
        /// The id of the oldest event that is kept, with which the stream goes on.
        oldest: String,
    },
}

#[derive(Deserialize)]
struct ResetData {
    oldest: String,
}

/// How far the stream is, and how well it goes.
struct State {
    transport: Transport,
    wanted: Follow,
    /// That of the base URL that was asked last.
    place: usize,
    /// The id to resume after.
    position: Option<String>,
    first_pause: Duration,
    /// Streams that brought nothing new, in a row.
    failures: u32,
    /// Until the stream was open once, opening it is a call like any other.
    opening: Option<Attempts>,
}

/// Why a stream could not be opened.
enum Closed {
    /// It may be opened later, after a pause if the service asked for one.
    ForNow { asked: Option<Duration>, error: Error },
    /// There is no use in that.
    ForGood(Error),
}

impl Default for Follow {
    fn default() -> Self {
        Self { after: None, types: Vec::new(), subject: None, silence: SILENCE }
    }
}

impl Follow {
    /// What happens from now on.
    pub fn from_now() -> Self {
        Self { after: Some("now".to_owned()), ..Self::default() }
    }
}

impl types::Event {
    /// What it is about, as JSON of the type that `self.type_` tells: `ticket:…` a [`Ticket`](types::Ticket), `order:…` an
    /// [`Order`](types::Order), `payment:…` a [`Payment`](types::Payment).
    ///
    /// # Errors
    /// When it is something else.
    pub fn data_as<T: serde::de::DeserializeOwned>(&self) -> Result<T, Error> {
        let data = serde_json::to_value(&self.data).map_err(|error| Error::Unexpected(error.to_string()))?;
        serde_json::from_value(data).map_err(|error| Error::Unexpected(error.to_string()))
    }
}

impl Boxoffice {
    /// Follows what happens, without end. A stream that breaks off or goes silent is resumed where it was, at another base
    /// URL if need be, without a gap or a repetition.
    ///
    /// It ends only with an error: when it is refused for good, and when it cannot be opened the first time within the bounds
    /// of a call.
    pub fn follow_events(
        &self,
        wanted: Follow,
    ) -> impl Stream<Item = Result<Followed, Error>> + Send + 'static {
        let transport = self.transport().clone();
        try_stream! {
            // Time runs from when somebody looks.
            let mut state = State::new(transport, wanted);
            loop {
                let opened = state.open().await;
                let pause = match opened {
                    Ok(messages) => {
                        tokio::pin!(messages);
                        while let Some(message) = messages.next().await {
                            let Ok(message) = message else { break };
                            if let Some(followed) = state.take(message)? {
                                yield followed;
                            }
                        }
                        state.ended()
                    }
                    Err(closed) => state.closed(closed)?,
                };
                tokio::time::sleep(pause).await;
            }
        }
    }
}

impl State {
    fn new(transport: Transport, wanted: Follow) -> Self {
        let position = wanted.after.clone().filter(|after| after != "now");
        let opening = Some(Attempts::new(&transport.shared.retry, true));
        Self { transport, wanted, place: 0, position, first_pause: FIRST_PAUSE, failures: 0, opening }
    }

    /// Opens the stream once.
    async fn open(&mut self) -> Result<impl Stream<Item = Result<Sse, sse_stream::Error>> + use<>, Closed> {
        let shared = &self.transport.shared;
        self.place = shared.place();
        let request = self.request().map_err(|error| Closed::ForGood(Error::Invalid(error.to_string())))?;
        let timeout = self.opening.as_ref().map_or(shared.retry.attempt_timeout, Attempts::timeout);
        let response = match tokio::time::timeout(timeout, answer(&self.transport, request)).await {
            Ok(answered) => answered?,
            Err(elapsed) => return Err(unreachable(elapsed)),
        };
        self.opening = None;
        Ok(SseByteStream::new(Box::pin(alive(response, self.wanted.silence))))
    }

    /// What asks for the stream after the last event that was taken.
    fn request(&self) -> reqwest::Result<Request> {
        let shared = &self.transport.shared;
        let mut url = shared.url(self.place, "/api/events", None);
        let after = self.wanted.after.as_deref().filter(|_| self.position.is_none());
        let types = (!self.wanted.types.is_empty()).then(|| self.wanted.types.join(","));
        for (name, value) in
            [("after", after), ("types", types.as_deref()), ("subject", self.wanted.subject.as_deref())]
        {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(name, value);
            }
        }
        let mut request = shared.http.get(url).header(ACCEPT, EVENT_STREAM);
        if let Some(position) = &self.position {
            request = request.header("last-event-id", position);
        }
        let mut request = request.build()?;
        self.transport.sign(request.headers_mut());
        Ok(request)
    }

    /// Takes note of a message; what it says to whoever follows, if anything.
    fn take(&mut self, message: Sse) -> Result<Option<Followed>, Error> {
        // The id moves on without an event as well, where none of them is of interest for long.
        if let Some(id) = message.id.filter(|id| !id.is_empty()) {
            self.position = Some(id);
            self.failures = 0;
        }
        if let Some(retry_ms) = message.retry {
            self.first_pause = Duration::from_millis(retry_ms);
        }
        let Some(data) = message.data.filter(|data| !data.is_empty()) else { return Ok(None) };
        let unexpected = |error: serde_json::Error| Error::Unexpected(error.to_string());
        match message.event.as_deref() {
            None | Some("message") => serde_json::from_str(&data)
                .map(|event| Some(Followed::Event(Box::new(event))))
                .map_err(unexpected),
            Some("reset") => {
                let ResetData { oldest } = serde_json::from_str(&data).map_err(unexpected)?;
                Ok(Some(Followed::Reset { oldest }))
            }
            // Something that later versions say.
            Some(_) => Ok(None),
        }
    }

    /// How long to wait after the stream could not be opened; an error if it is over.
    fn closed(&mut self, closed: Closed) -> Result<Duration, Error> {
        let (asked, error) = match closed {
            Closed::ForNow { asked, error } => (asked, error),
            Closed::ForGood(error) => return Err(error),
        };
        let Some(attempts) = &mut self.opening else {
            return Ok(asked.unwrap_or_default() + self.ended());
        };
        let shared = &self.transport.shared;
        shared.leave(self.place);
        let elsewhere = (attempts.made() as usize) + 1 < shared.urls.len();
        attempts.failed(Failure::Unknown, asked, elsewhere).ok_or(error)
    }

    /// How long to wait after the stream ended, broke off or went silent; the longer the more often that was so.
    fn ended(&mut self) -> Duration {
        // A replica that ends a stream stops.
        self.transport.shared.leave(self.place);
        let growing = self.first_pause.saturating_mul(1 << self.failures.min(10)).min(LONGEST_PAUSE);
        self.failures += 1;
        growing.mul_f64(0.5 + fastrand::f64() / 2.0)
    }
}

/// The answer to a request for a stream, if it is one.
async fn answer(transport: &Transport, request: Request) -> Result<Response, Closed> {
    let response = transport.shared.http.execute(request).await.map_err(unreachable)?;
    let (status, headers) = (response.status(), response.headers().clone());
    transport.shared.consistency.take(&headers);
    if !status.is_success() {
        let body = response.bytes().await.unwrap_or_default();
        return Err(refused(status, ProblemError::read(status, &headers, &body)));
    }
    let is_stream =
        headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(EVENT_STREAM.as_bytes()));
    if is_stream { Ok(response) } else { Err(unreachable("the answer is no stream of events")) }
}

/// What a refusal of the stream means.
fn refused(status: StatusCode, problem: ProblemError) -> Closed {
    let (failure, asked) = (Failure::of_refusal(status, &problem.problem_type), problem.retry_after);
    let error = Box::new(problem).into();
    if failure == Failure::Final { Closed::ForGood(error) } else { Closed::ForNow { asked, error } }
}

/// There was no answer that is one.
fn unreachable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Closed {
    Closed::ForNow { asked: None, error: Error::Unreachable(error.into()) }
}

/// The bytes of an answer, which ends with an error once there were none for too long.
fn alive(
    response: reqwest::Response,
    silence: Duration,
) -> impl Stream<Item = Result<Bytes, io::Error>> + Send {
    stream! {
        let mut bytes = Box::pin(response.bytes_stream());
        loop {
            match tokio::time::timeout(silence, bytes.next()).await {
                Ok(Some(piece)) => yield piece.map_err(io::Error::other),
                Ok(None) => break,
                Err(_) => {
                    yield Err(io::ErrorKind::TimedOut.into());
                    break;
                }
            }
        }
    }
}
