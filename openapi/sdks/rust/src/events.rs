//! Following what happens, for as long as one likes.

use std::io;
use std::time::Duration;

use async_stream::{stream, try_stream};
use bytes::Bytes;
use futures_core::Stream;
use futures_util::StreamExt;
use reqwest::header::{ACCEPT, HeaderValue};
use serde::Deserialize;
use sse_stream::{Sse, SseByteStream};

use crate::problem::ProblemError;
use crate::retry::{Failure, retry_after};
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
}

/// Why a stream is over.
enum Over {
    /// It has to be opened again, after a pause if the service asked for one.
    Broken { asked: Option<Duration> },
    /// There is no use in that.
    Refused(Error),
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
    /// It ends only with an error, when it is refused for good.
    pub fn follow_events(
        &self,
        wanted: Follow,
    ) -> impl Stream<Item = Result<Followed, Error>> + Send + 'static {
        let mut state = State::new(self.transport().clone(), wanted);
        try_stream! {
            loop {
                let opened = state.open().await;
                let asked = match opened {
                    Ok(messages) => {
                        tokio::pin!(messages);
                        while let Some(message) = messages.next().await {
                            let Ok(message) = message else { break };
                            if let Some(followed) = state.take(message)? {
                                yield followed;
                            }
                        }
                        None
                    }
                    Err(Over::Broken { asked }) => asked,
                    Err(Over::Refused(error)) => Err(error)?,
                };
                state.pause(asked).await;
            }
        }
    }
}

impl State {
    fn new(transport: Transport, wanted: Follow) -> Self {
        let position = wanted.after.clone().filter(|after| after != "now");
        Self { transport, wanted, place: 0, position, first_pause: FIRST_PAUSE, failures: 0 }
    }

    /// Opens the stream once.
    async fn open(&mut self) -> Result<impl Stream<Item = Result<Sse, sse_stream::Error>> + use<>, Over> {
        let shared = &self.transport.shared;
        self.place = shared.place();
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
        let mut request =
            request.build().map_err(|error| Over::Refused(Error::Invalid(error.to_string())))?;
        self.transport.sign(request.headers_mut());
        let answered = tokio::time::timeout(shared.retry.attempt_timeout, shared.http.execute(request)).await;
        let Ok(Ok(response)) = answered else {
            return Err(Over::Broken { asked: None });
        };
        shared.consistency.take(response.headers());
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        Ok(SseByteStream::new(Box::pin(alive(response, self.wanted.silence))))
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

    /// Waits before the next attempt, the longer the more of them failed.
    async fn pause(&mut self, asked: Option<Duration>) {
        // A replica that ends a stream stops.
        self.transport.shared.leave(self.place);
        let growing = self.first_pause.saturating_mul(1 << self.failures.min(10)).min(LONGEST_PAUSE);
        self.failures += 1;
        let pause = growing.mul_f64(0.5 + fastrand::f64() / 2.0);
        tokio::time::sleep(asked.map_or(pause, |asked| asked + pause)).await;
    }
}

/// What a refusal of the stream means.
async fn refused(response: reqwest::Response) -> Over {
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.unwrap_or_default();
    let problem = ProblemError::read(status, &headers, &body);
    if Failure::of_refusal(status, &problem.problem_type) == Failure::Final {
        return Over::Refused(Box::new(problem).into());
    }
    Over::Broken { asked: retry_after(&headers) }
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
