//! What a connection is doing, as far as its time-outs go.
//!
//! hyper's own header time-out starts over as soon as an answer is sent, so that it also bounds how long
//! a connection may stay idle between requests; waiting for the first byte it does not bound at all, nor
//! does it know HTTP/2. This watches the bytes and the requests instead, and costs the usual request, whose
//! head arrives in one piece, no timer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use poem::http::Version;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// How long a connection may take for what, and when that ends it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// From the first byte of a request's head, or the start of the connection, to the end of the head.
    pub(super) head: Duration,
    /// Between the end of an answer and the next request.
    pub(super) idle: Duration,
    /// For the client to take in anything of what is written; and for the whole of an answer, with a second
    /// more for each [`MIN_BYTES_PER_SECOND`] of it that was taken. Of an answer without an end, for as much of it as
    /// waits to be taken.
    pub(super) write: Duration,
}

/// Slower than any line that a person would wait at. A client that takes less only keeps memory busy: with
/// HTTP/2 it can do so and look alive, by taking other answers or none and returning pings.
const MIN_BYTES_PER_SECOND: u64 = 1024;

/// Shared by a connection's socket, its requests and its task.
#[derive(Clone, Debug)]
pub(super) struct Activity(Arc<Mutex<State>>);

/// Held while a request is answered, its answer's body included.
#[derive(Debug)]
pub(super) struct InFlight {
    activity: Activity,
    number: u64,
}

/// A socket that notes its reads and its stalled writes.
#[derive(Debug)]
pub(super) struct Observed<S> {
    inner: S,
    activity: Activity,
}

/// When a connection has to end, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deadline {
    /// Only the end of a request can bring one.
    None,
    /// It is idle: say goodbye.
    Close(Instant),
    /// The client is stalling: cut it off.
    Cut(Instant),
}

#[derive(Debug)]
struct State {
    in_flight: Vec<Request>,
    /// How many there have been: the next one's number.
    requests: u64,
    /// Since when no request is in flight.
    idle_since: Instant,
    /// When the next request's first byte came. HTTP/1 only: bytes of HTTP/2 may be anything.
    head_since: Option<Instant>,
    last_has_body: bool,
    /// The last bytes that were read.
    tail: [u8; 3],
    /// Since when the socket has taken nothing.
    write_stalled_since: Option<Instant>,
    protocol: Protocol,
}

#[derive(Debug)]
struct Request {
    number: u64,
    answer: Answer,
    /// Since when there is something of the answer for the client to take.
    answer_since: Option<Instant>,
    /// What was taken of it since then.
    taken_bytes: u64,
    /// What is there for the client to take: only of an answer without an end.
    waiting_bytes: u64,
    /// When something of an answer without an end was taken last, or came to be there while there was nothing else.
    went_on_at: Instant,
}

/// How an answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// The client has to take the whole of it in time.
    Whole,
    /// It goes on for as long as the client stays: events, say. What there is of it has to be taken in time.
    Endless,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    /// No request yet.
    Unknown,
    Http1,
    Http2,
}

impl Activity {
    pub(super) fn new() -> Activity {
        Activity(Arc::new(Mutex::new(State {
            in_flight: Vec::new(),
            requests: 0,
            idle_since: Instant::now(),
            head_since: None,
            last_has_body: false,
            tail: [0; 3],
            write_stalled_since: None,
            protocol: Protocol::Unknown,
        })))
    }

    /// A request's head has arrived.
    pub(super) fn request_began(&self, version: Version, has_body: bool) -> InFlight {
        let mut state = self.lock();
        let number = state.requests;
        state.requests += 1;
        state.in_flight.push(Request::new(number));
        state.head_since = None;
        state.last_has_body = has_body;
        state.protocol = if version == Version::HTTP_2 { Protocol::Http2 } else { Protocol::Http1 };
        InFlight { activity: self.clone(), number }
    }

    pub(super) fn deadline(&self, timeouts: Timeouts) -> Deadline {
        let state = self.lock();
        let write_end = state.write_stalled_since.map(|since| since + timeouts.write);
        let answers_end = state.in_flight.iter().filter_map(|request| request.end(timeouts)).min();
        if let Some(end) = write_end.into_iter().chain(answers_end).min() {
            return Deadline::Cut(end);
        }
        if !state.in_flight.is_empty() {
            return Deadline::None;
        }
        match (state.protocol, state.head_since) {
            (Protocol::Unknown, _) => Deadline::Cut(state.idle_since + timeouts.head),
            (Protocol::Http1, Some(since)) => Deadline::Cut(since + timeouts.head),
            (Protocol::Http1, None) | (Protocol::Http2, _) => {
                Deadline::Close(state.idle_since + timeouts.idle)
            }
        }
    }

    /// Whether nothing would be lost if the connection ended now: no request has come whole, and all that was
    /// answered is written. HTTP/2 has its own way to say goodbye.
    pub(super) fn may_end(&self) -> bool {
        let state = self.lock();
        state.in_flight.is_empty() && state.write_stalled_since.is_none() && state.protocol != Protocol::Http2
    }

    fn bytes_read(&self, bytes: &[u8]) {
        let mut state = self.lock();
        if state.in_flight.is_empty() && state.protocol == Protocol::Http1 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
        let kept = bytes.len().min(state.tail.len());
        state.tail.rotate_left(kept);
        let start = state.tail.len() - kept;
        state.tail[start..].copy_from_slice(&bytes[bytes.len() - kept..]);
    }

    fn write_polled<T>(&self, poll: &Poll<T>) {
        let mut state = self.lock();
        match poll {
            Poll::Ready(_) => state.write_stalled_since = None,
            Poll::Pending => {
                state.write_stalled_since.get_or_insert_with(Instant::now);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing here panics half-way through a change.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Request {
    fn new(number: u64) -> Self {
        Self {
            number,
            answer: Answer::Whole,
            answer_since: None,
            taken_bytes: 0,
            waiting_bytes: 0,
            went_on_at: Instant::now(),
        }
    }

    fn taken(&mut self, bytes: usize) {
        self.taken_bytes += bytes as u64;
        if self.answer == Answer::Endless {
            self.went_on_at = Instant::now();
            self.waiting_bytes = self.waiting_bytes.saturating_sub(bytes as u64);
            if self.waiting_bytes == 0 {
                self.answer_since = None;
            }
        }
    }

    fn handed_out(&mut self, bytes: usize) {
        if self.answer == Answer::Endless && bytes > 0 {
            if self.answer_since.is_none() {
                self.went_on_at = Instant::now();
                (self.answer_since, self.taken_bytes) = (Some(self.went_on_at), 0);
            }
            self.waiting_bytes += bytes as u64;
        }
    }

    /// When the client must have taken all of the answer, if it has not taken more by then.
    fn end(&self, timeouts: Timeouts) -> Option<Instant> {
        let earned = Duration::from_millis(self.taken_bytes.saturating_mul(1000) / MIN_BYTES_PER_SECOND);
        let end = self.answer_since.map(|since| since + timeouts.write + earned);
        match self.answer {
            Answer::Whole => end,
            // It may have taken much before it came to stall.
            Answer::Endless => end.map(|end| end.min(self.went_on_at + timeouts.write)),
        }
    }
}

impl InFlight {
    /// The answer is there for the client to take; of one without an end, as much as is handed out.
    pub(super) fn answer_began(&self, answer: Answer) {
        self.update(|request| {
            request.answer = answer;
            request.answer_since = (answer == Answer::Whole).then(Instant::now);
        });
    }

    /// So much more of the answer is there to be taken.
    pub(super) fn handed_out(&self, bytes: usize) {
        self.update(|request| request.handed_out(bytes));
    }

    /// So much of the answer was taken.
    pub(super) fn taken(&self, bytes: usize) {
        self.update(|request| request.taken(bytes));
    }

    fn update(&self, change: impl FnOnce(&mut Request)) {
        let mut state = self.activity.lock();
        if let Some(request) = state.in_flight.iter_mut().find(|request| request.number == self.number) {
            change(request);
        }
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.activity.lock();
        state.in_flight.retain(|request| request.number != self.number);
        if state.in_flight.is_empty() {
            state.idle_since = Instant::now();
            if state.next_head_began() {
                state.head_since = Some(state.idle_since);
            }
        }
    }
}

impl State {
    /// Whether a part of the next head came along with the last request, as far as can be told: the end of a
    /// body might be anything.
    fn next_head_began(&self) -> bool {
        let is_at_end_of_head = self.tail.ends_with(b"\n\n") || self.tail.ends_with(b"\n\r\n");
        self.protocol == Protocol::Http1 && !self.last_has_body && !is_at_end_of_head
    }
}

impl<S> Observed<S> {
    pub(super) fn new(inner: S, activity: Activity) -> Self {
        Observed { inner, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Observed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let poll = Pin::new(&mut self.inner).poll_read(cx, buf);
        if let Some(bytes @ [_, ..]) = buf.filled().get(before..) {
            self.activity.bytes_read(bytes);
        }
        poll
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Observed<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.activity.write_polled(&poll);
        poll
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let poll = Pin::new(&mut self.inner).poll_write_vectored(cx, bufs);
        self.activity.write_polled(&poll);
        poll
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.inner).poll_flush(cx);
        self.activity.write_polled(&poll);
        poll
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let poll = Pin::new(&mut self.inner).poll_shutdown(cx);
        self.activity.write_polled(&poll);
        poll
    }
}

#[cfg(test)]
mod tests;
