//! Closing a connection whose client is still sending, without losing the answer.
//!
//! Closing a socket that has, or gets, bytes nobody read resets the connection; and a reset makes the client's
//! system drop what the client has not read yet: the answer that says why. So our side says that it is done,
//! and the rest is read and dropped for a while.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// How long a client may go on sending after its answer.
const LINGER: Duration = Duration::from_secs(5);
/// What is read and dropped at once.
const SCRATCH_BYTES: usize = 8 * 1024;

/// Whether more of a request is to come than anybody will read. Shared by a connection's socket and its task.
#[derive(Clone, Debug, Default)]
pub(super) struct Unread(Arc<AtomicBool>);

/// A socket that lingers when it is shut down with something unread.
#[derive(Debug)]
pub(super) struct Lingering<S> {
    inner: S,
    unread: Unread,
    patience: Duration,
    state: State,
}

#[derive(Debug)]
enum State {
    Open,
    /// Our side is done. The timer runs once the client is found still sending.
    Closing(Option<Pin<Box<Sleep>>>),
}

impl Unread {
    /// Notes that a request was answered before its end.
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_noted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl<S> Lingering<S> {
    pub(super) fn new(inner: S, unread: Unread) -> Self {
        Lingering { inner, unread, patience: LINGER, state: State::Open }
    }
}

impl<S: AsyncRead + Unpin> Lingering<S> {
    /// Drops what comes until the client is done too, or its time is up.
    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let State::Closing(timer) = &mut self.state else { return Poll::Ready(()) };
        // By the clock: a client that never pauses must not keep the timer from being polled.
        if timer.as_ref().is_some_and(|timer| timer.deadline() <= Instant::now()) {
            return Poll::Ready(());
        }
        let mut scratch = [0; SCRATCH_BYTES];
        loop {
            let mut buffer = ReadBuf::new(&mut scratch);
            match Pin::new(&mut self.inner).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => self.unread.note(),
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending if self.unread.is_noted() => {
                    return timer.get_or_insert_with(|| Box::pin(sleep(self.patience))).as_mut().poll(cx);
                }
                Poll::Pending => return Poll::Ready(()),
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if matches!(self.state, State::Open) {
            ready!(Pin::new(&mut self.inner).poll_shutdown(cx))?;
            self.state = State::Closing(None);
        }
        self.poll_rest(cx).map(Ok)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn lingering<S>(inner: S, patience: Duration) -> Lingering<S> {
        Lingering { patience, ..Lingering::new(inner, Unread::default()) }
    }

    #[tokio::test]
    async fn who_has_nothing_more_to_send_is_let_go() {
        let (_client, server) = duplex(64);
        lingering(server, HOUR).shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn who_is_still_sending_is_heard_out() {
        let (mut client, server) = duplex(64);
        let mut server = lingering(server, HOUR);
        server.unread.note();
        let send = async move {
            client.write_all(&[b'x'; 1_000]).await.unwrap();
            assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
        };
        let (closed, ()) = tokio::join!(server.shutdown(), send);
        closed.unwrap();
    }

    #[tokio::test]
    async fn but_not_for_ever() {
        let (mut client, server) = duplex(64);
        client.write_all(b"more").await.unwrap();
        lingering(server, Duration::from_millis(1)).shutdown().await.unwrap();
    }
}
