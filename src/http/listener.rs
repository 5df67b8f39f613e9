//! Where connections come from: TCP, or a Unix socket.

use std::future::Future;
use std::io;

use poem::Addr;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// A source of connections, bound already.
pub trait Listener: Send + 'static {
    /// One connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// Waits for the next connection and says who it is from. Safe to cancel.
    fn accept(&mut self) -> impl Future<Output = io::Result<(Self::Stream, Addr)>> + Send;

    /// The address it is bound to.
    ///
    /// # Errors
    /// What the operating system says.
    fn local_address(&self) -> io::Result<Addr>;
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&mut self) -> io::Result<(TcpStream, Addr)> {
        let (stream, peer) = TcpListener::accept(self).await?;
        // Answers are written whole: waiting for more to send would only delay them. It fails when
        // the peer has gone already, which the first read will tell.
        let _ = stream.set_nodelay(true);
        Ok((stream, Addr::SocketAddr(peer)))
    }

    fn local_address(&self) -> io::Result<Addr> {
        self.local_addr().map(Addr::SocketAddr)
    }
}

#[cfg(unix)]
impl Listener for UnixListener {
    type Stream = UnixStream;

    async fn accept(&mut self) -> io::Result<(UnixStream, Addr)> {
        let (stream, peer) = UnixListener::accept(self).await?;
        Ok((stream, Addr::Unix(peer.into())))
    }

    fn local_address(&self) -> io::Result<Addr> {
        self.local_addr().map(|address| Addr::Unix(address.into()))
    }
}
