//! A receiver of webhooks on this machine: keeps what comes, and answers what it is told to.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request that came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its path and query.
    pub path: String,
    /// Its headers, with names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Received {
    /// A header; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body as JSON; null if it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What a path is answered.
#[derive(Clone, Debug)]
pub struct Says {
    /// The status.
    pub status: u16,
    /// Further headers, each with its line break.
    pub headers: String,
    /// The body.
    pub body: String,
    /// How long that takes.
    pub after: Duration,
}

impl Says {
    /// This status, at once.
    pub fn status(status: u16) -> Self {
        Self { status, headers: String::new(), body: format!("answer {status}"), after: Duration::ZERO }
    }
}

#[derive(Debug, Default)]
struct Books {
    says: BTreeMap<String, Says>,
    received: Vec<Received>,
}

/// A receiver; it ends with this value.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    books: Arc<Mutex<Books>>,
    accepting: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl Receiver {
    /// One that answers everything 204 until it is told otherwise.
    ///
    /// # Errors
    /// When there is no port to listen on.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let books = Arc::new(Mutex::new(Books::default()));
        let shared = books.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let books = shared.clone();
                tokio::spawn(async move {
                    // Whoever goes away is not answered.
                    let _ = serve(stream, &books).await;
                });
            }
        });
        Ok(Self { address, books, accepting })
    }

    /// Its URL with this path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// What this path is answered from now on.
    pub fn say(&self, path: &str, says: Says) {
        lock(&self.books).says.insert(path.to_owned(), says);
    }

    /// What came to this path so far.
    pub fn received(&self, path: &str) -> Vec<Received> {
        lock(&self.books).received.iter().filter(|received| received.path == path).cloned().collect()
    }
}

fn lock(books: &Mutex<Books>) -> MutexGuard<'_, Books> {
    books.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(mut stream: TcpStream, books: &Mutex<Books>) -> std::io::Result<()> {
    let mut bytes = Vec::new();
    let received = loop {
        if let Some(received) = read(&bytes) {
            break received;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
    };
    let says = {
        let mut books = lock(books);
        let says = books.says.get(&received.path).cloned().unwrap_or_else(|| Says::status(204));
        books.received.push(received);
        says
    };
    tokio::time::sleep(says.after).await;
    let body = if says.status == 204 { "" } else { &says.body };
    let length =
        if says.status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let answer =
        format!("HTTP/1.1 {} Said\r\n{}{length}connection: close\r\n\r\n{body}", says.status, says.headers);
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}

/// The request, once all of it is there.
fn read(bytes: &[u8]) -> Option<Received> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let body = bytes[end + 4..].get(..length)?.to_vec();
    Some(Received { path, headers, body })
}
