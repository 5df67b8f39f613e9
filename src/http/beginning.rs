//! The beginning of a connection: which protocol its client speaks.
//!
//! hyper can tell them apart by itself, and reads the first 24 bytes by themselves for it. The rest of the head then does not
//! fit into the buffer that it begins with: it would have one of twice the size for as long as the connection lasts.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What a connection of HTTP/2 begins with (RFC 9113, section 3.4), as no request of HTTP/1 does.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// What is read at once to tell the protocol: as much as hyper reads, so that it is given most heads in one piece.
const READ_BYTES: usize = 8 * 1024;

/// A socket whose first bytes were read, and are read once more.
#[derive(Debug)]
pub(super) struct Begun<S> {
    inner: S,
    /// What is to be read before anything else.
    first: Vec<u8>,
    /// How much of that was read.
    read: usize,
}

impl<S: AsyncRead + Unpin> Begun<S> {
    /// Waits until the client has said as much as it takes to know its protocol. Returns also whether that is HTTP/2.
    ///
    /// # Errors
    /// Those of the socket. A client that leaves before has begun as one of HTTP/1.
    pub(super) async fn of(inner: S) -> io::Result<(Self, bool)> {
        let mut begun = Self { inner, first: Vec::new(), read: 0 };
        while PREFACE.starts_with(&begun.first) && begun.first.len() < PREFACE.len() {
            if poll_fn(|cx| begun.poll_more(cx)).await? == 0 {
                break;
            }
        }
        let is_http2 = begun.first.starts_with(PREFACE);
        Ok((begun, is_http2))
    }

    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let mut buffer = [0; READ_BYTES];
        let mut buffer = ReadBuf::new(&mut buffer[self.first.len()..]);
        ready!(Pin::new(&mut self.inner).poll_read(cx, &mut buffer))?;
        self.first.extend_from_slice(buffer.filled());
        Poll::Ready(Ok(buffer.filled().len()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Begun<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let first = &self.first[self.read..];
        if first.is_empty() {
            return Pin::new(&mut self.inner).poll_read(cx, buf);
        }
        let count = first.len().min(buf.remaining());
        buf.put_slice(&first[..count]);
        self.read += count;
        if self.read == self.first.len() {
            (self.first, self.read) = (Vec::new(), 0);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Begun<S> {
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
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    /// What is told of a client that says this, one piece after the other, and what is read from it then.
    async fn begun(pieces: &[&[u8]]) -> (bool, Vec<u8>) {
        let (mut client, server) = duplex(1);
        let talking = async move {
            for piece in pieces {
                client.write_all(piece).await.unwrap();
                tokio::task::yield_now().await;
            }
            drop(client);
        };
        let reading = async move {
            let (mut begun, is_http2) = Begun::of(server).await.unwrap();
            let mut read = Vec::new();
            begun.read_to_end(&mut read).await.unwrap();
            (is_http2, read)
        };
        tokio::join!(talking, reading).1
    }

    #[tokio::test]
    async fn the_preface_tells_and_nothing_of_it_is_lost() {
        let said = [PREFACE, b"more"].concat();
        assert_eq!(begun(&[&said]).await, (true, said.clone()));
        assert_eq!(begun(&[&said[..9], &said[9..]]).await, (true, said));
        for head in
            [&b"GET / HTTP/1.1\r\n\r\n"[..], b"PROPFIND / HTTP/1.1\r\n\r\n", b"PRI * HTTP/2", b"P", b""]
        {
            assert_eq!(begun(&[head]).await, (false, head.to_vec()));
        }
    }

    #[tokio::test]
    async fn a_head_is_read_in_one_piece() {
        let head = [b"GET / HTTP/1.1\r\nx: ", [b'x'; 1_000].as_slice(), b"\r\n\r\n"].concat();
        let (mut client, server) = duplex(2_000);
        client.write_all(&head).await.unwrap();
        let (mut begun, _) = Begun::of(server).await.unwrap();
        let mut buffer = [0; 2_000];
        assert_eq!(begun.read(&mut buffer).await.unwrap(), head.len());
        assert!(begun.first.capacity() == 0, "nothing is kept of it");
    }
}
