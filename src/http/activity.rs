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
    /// more for each [`MIN_BYTES_PER_SECOND`] of it that was taken.
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
    /// Since when there is an answer for the client to take.
    answer_since: Option<Instant>,
    taken_bytes: u64,
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
        state.in_flight.push(Request { number, answer_since: None, taken_bytes: 0 });
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
    /// When the client must have taken all of the answer, if it has not taken more by then.
    fn end(&self, timeouts: Timeouts) -> Option<Instant> {
        let earned = Duration::from_millis(self.taken_bytes.saturating_mul(1000) / MIN_BYTES_PER_SECOND);
        self.answer_since.map(|since| since + timeouts.write + earned)
    }
}

impl InFlight {
    /// The answer is there for the client to take.
    pub(super) fn answer_began(&self) {
        self.update(|request| request.answer_since = Some(Instant::now()));
    }

    /// So much of the answer was taken.
    pub(super) fn taken(&self, bytes: usize) {
        self.update(|request| request.taken_bytes += bytes as u64);
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
mod tests {
    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        head: Duration::from_secs(10),
        idle: Duration::from_secs(75),
        write: Duration::from_secs(30),
    };

    const HEAD: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

    #[test]
    fn the_first_head_has_to_come_soon() {
        let activity = Activity::new();
        let began = activity.lock().idle_since;
        activity.bytes_read(b"GET");
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::Cut(began + TIMEOUTS.head));
    }

    #[test]
    fn nothing_ends_a_request_but_a_stalled_write() {
        let activity = Activity::new();
        activity.bytes_read(HEAD);
        let request = activity.request_began(Version::HTTP_11, false);
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::None);
        activity.write_polled(&Poll::<()>::Pending);
        assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Cut(_)));
        activity.write_polled(&Poll::Ready(()));
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::None);
        drop(request);
        assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Close(_)));
    }

    #[test]
    fn an_answer_has_to_be_taken_at_some_rate_whatever_becomes_of_others() {
        let activity = Activity::new();
        let (slow, quick) =
            (activity.request_began(Version::HTTP_2, false), activity.request_began(Version::HTTP_2, false));
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::None, "they are being handled");
        slow.answer_began();
        let since = activity.lock().in_flight[0].answer_since.expect("it began");
        quick.answer_began();
        quick.taken(1 << 20);
        drop(quick);
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::Cut(since + TIMEOUTS.write));
        slow.taken(1);
        let gained = Duration::from_millis(1);
        assert!(
            matches!(activity.deadline(TIMEOUTS), Deadline::Cut(at) if at < since + TIMEOUTS.write + gained)
        );
        slow.taken(2 * MIN_BYTES_PER_SECOND as usize);
        assert!(
            matches!(activity.deadline(TIMEOUTS), Deadline::Cut(at) if at >= since + TIMEOUTS.write + 2000 * gained)
        );
        drop(slow);
        assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Close(_)));
    }

    #[test]
    fn a_later_head_has_to_come_soon_once_it_began() {
        let activity = Activity::new();
        activity.bytes_read(HEAD);
        drop(activity.request_began(Version::HTTP_11, false));
        assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Close(_)));
        activity.bytes_read(b"GET");
        let since = activity.lock().head_since.expect("the head began");
        activity.bytes_read(b"GET");
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::Cut(since + TIMEOUTS.head));
    }

    #[test]
    fn half_a_head_that_came_with_the_request_before_has_to_be_finished_soon() {
        for (came, has_body, expects_more) in [
            (&[HEAD][..], false, false),
            (&[b"GET / HTTP/1.1\r\n\r", b"\n"], false, false),
            (&[b"GET / HTTP/1.1\n\n"], false, false),
            (&[HEAD, b"G"], false, true),
            (&[HEAD, b"GET / HTTP/1.1\r\n"], false, true),
            (&[HEAD, b"the body"], true, false),
        ] {
            let activity = Activity::new();
            came.iter().for_each(|bytes| activity.bytes_read(bytes));
            drop(activity.request_began(Version::HTTP_11, has_body));
            let is_cut = matches!(activity.deadline(TIMEOUTS), Deadline::Cut(_));
            assert_eq!(is_cut, expects_more, "{came:?}");
        }
    }

    #[test]
    fn pings_do_not_keep_an_idle_http2_connection() {
        let activity = Activity::new();
        let (one, two) =
            (activity.request_began(Version::HTTP_2, false), activity.request_began(Version::HTTP_2, false));
        drop(one);
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::None);
        drop(two);
        let idle_since = activity.lock().idle_since;
        activity.bytes_read(b"GET");
        assert_eq!(activity.deadline(TIMEOUTS), Deadline::Close(idle_since + TIMEOUTS.idle));
    }
}
