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
pub(super) struct Patience {
    /// From the first byte of a request's head, or the start of the connection, to the end of the head.
    pub(super) head: Duration,
    /// Between the end of an answer and the next request.
    pub(super) idle: Duration,
    /// For the client to take in anything of an answer.
    pub(super) write: Duration,
}

/// Shared by a connection's socket, its requests and its task.
#[derive(Clone, Debug)]
pub(super) struct Activity(Arc<Mutex<State>>);

/// Held while a request is answered, its answer's body included.
#[derive(Debug)]
pub(super) struct InFlight(Activity);

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
    in_flight: u32,
    /// Since when no request is in flight.
    idle_since: Instant,
    /// When the next request's first byte came. HTTP/1 only: bytes of HTTP/2 may be anything.
    head_since: Option<Instant>,
    /// Since when the socket has taken nothing.
    write_stalled_since: Option<Instant>,
    protocol: Protocol,
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
            in_flight: 0,
            idle_since: Instant::now(),
            head_since: None,
            write_stalled_since: None,
            protocol: Protocol::Unknown,
        })))
    }

    /// A request's head has arrived.
    pub(super) fn request_began(&self, version: Version) -> InFlight {
        let mut state = self.lock();
        state.in_flight += 1;
        state.head_since = None;
        state.protocol = if version == Version::HTTP_2 { Protocol::Http2 } else { Protocol::Http1 };
        InFlight(self.clone())
    }

    pub(super) fn deadline(&self, patience: Patience) -> Deadline {
        let state = self.lock();
        if let Some(since) = state.write_stalled_since {
            return Deadline::Cut(since + patience.write);
        }
        if state.in_flight > 0 {
            return Deadline::None;
        }
        match (state.protocol, state.head_since) {
            (Protocol::Unknown, _) => Deadline::Cut(state.idle_since + patience.head),
            (Protocol::Http1, Some(since)) => Deadline::Cut(since + patience.head),
            (Protocol::Http1, None) | (Protocol::Http2, _) => {
                Deadline::Close(state.idle_since + patience.idle)
            }
        }
    }

    fn bytes_read(&self) {
        let mut state = self.lock();
        if state.in_flight == 0 && state.protocol == Protocol::Http1 && state.head_since.is_none() {
            state.head_since = Some(Instant::now());
        }
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

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.in_flight -= 1;
        if state.in_flight == 0 {
            state.idle_since = Instant::now();
        }
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
        if buf.filled().len() > before {
            self.activity.bytes_read();
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

    const PATIENCE: Patience = Patience {
        head: Duration::from_secs(10),
        idle: Duration::from_secs(75),
        write: Duration::from_secs(30),
    };

    #[test]
    fn the_first_head_has_to_come_soon() {
        let activity = Activity::new();
        let began = activity.lock().idle_since;
        activity.bytes_read();
        assert_eq!(activity.deadline(PATIENCE), Deadline::Cut(began + PATIENCE.head));
    }

    #[test]
    fn nothing_ends_a_request_but_a_stalled_write() {
        let activity = Activity::new();
        let request = activity.request_began(Version::HTTP_11);
        activity.bytes_read();
        assert_eq!(activity.deadline(PATIENCE), Deadline::None);
        activity.write_polled(&Poll::<()>::Pending);
        assert!(matches!(activity.deadline(PATIENCE), Deadline::Cut(_)));
        activity.write_polled(&Poll::Ready(()));
        assert_eq!(activity.deadline(PATIENCE), Deadline::None);
        drop(request);
        assert!(matches!(activity.deadline(PATIENCE), Deadline::Close(_)));
    }

    #[test]
    fn a_later_head_has_to_come_soon_once_it_began() {
        let activity = Activity::new();
        drop(activity.request_began(Version::HTTP_11));
        activity.bytes_read();
        let since = activity.lock().head_since.expect("the head began");
        activity.bytes_read();
        assert_eq!(activity.deadline(PATIENCE), Deadline::Cut(since + PATIENCE.head));
    }

    #[test]
    fn pings_do_not_keep_an_idle_http2_connection() {
        let activity = Activity::new();
        let (one, two) = (activity.request_began(Version::HTTP_2), activity.request_began(Version::HTTP_2));
        drop(one);
        assert_eq!(activity.deadline(PATIENCE), Deadline::None);
        drop(two);
        let idle_since = activity.lock().idle_since;
        activity.bytes_read();
        assert_eq!(activity.deadline(PATIENCE), Deadline::Close(idle_since + PATIENCE.idle));
    }
}
