//! One HTTP/1.1 connection, kept alive, one request at a time.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::base_url::BaseUrl;
use crate::reply::{Frame, Reply};

/// An answer later than this counts as lost; the service itself gives up well before.
const REPLY_TIMEOUT: Duration = Duration::from_secs(60);
/// A response larger than this is none of the service's: a list page of 100 is well below.
const MAX_REPLY_BYTES: usize = 4 << 20;
const READ_BYTES: usize = 16 << 10;

/// A connection that opens itself when needed and again after it was closed.
pub(crate) struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
    received: Vec<u8>,
    scratch: Vec<u8>,
    /// How much of `received` belongs to the response given out last.
    consumed_bytes: usize,
}

impl Connection {
    /// Nothing is opened before the first request.
    pub(crate) fn new(base: BaseUrl) -> Self {
        Self { address: base.0, stream: None, received: Vec::new(), scratch: Vec::new(), consumed_bytes: 0 }
    }

    /// Opens the connection now, so that the first request does not pay for it.
    pub(crate) async fn open(&mut self) -> anyhow::Result<()> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(self.address).await.context("connect")?;
            stream.set_nodelay(true)?;
            self.received.clear();
            self.consumed_bytes = 0;
            self.stream = Some(stream);
        }
        Ok(())
    }

    /// Sends one request and reads its whole answer. After an error the next call opens anew: whether the
    /// request was executed is then unknown.
    pub(crate) async fn send(&mut self, request: &[u8]) -> anyhow::Result<Reply<'_>> {
        self.open().await?;
        let mut stream = self.stream.take().context("the connection was just opened")?;
        let exchange = exchange(&mut stream, request, &mut self.received, self.consumed_bytes);
        let frame = tokio::time::timeout(REPLY_TIMEOUT, exchange).await.context("no answer in time")??;
        self.consumed_bytes = frame.total_bytes;
        if !frame.closes {
            self.stream = Some(stream);
        }
        frame.reply(&self.received, &mut self.scratch)
    }
}

async fn exchange(
    stream: &mut TcpStream,
    request: &[u8],
    received: &mut Vec<u8>,
    consumed_bytes: usize,
) -> anyhow::Result<Frame> {
    received.drain(..consumed_bytes);
    if !received.is_empty() {
        bail!("the server sent bytes nobody asked for");
    }
    stream.write_all(request).await.context("write")?;
    loop {
        received.reserve(READ_BYTES);
        if stream.read_buf(received).await.context("read")? == 0 {
            bail!("the server closed the connection");
        }
        if let Some(frame) = Frame::find(received)? {
            return Ok(frame);
        }
        if received.len() > MAX_REPLY_BYTES {
            bail!("a response of more than {MAX_REPLY_BYTES} bytes");
        }
    }
}
