//! Bytes on the wire, for what no client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::server::Server;

const PATIENCE: Duration = Duration::from_secs(30);

/// Sends the parts one after the other and returns all that the server sent until it closed the connection.
/// The request should ask for that with `connection: close`.
pub(crate) async fn raw_exchange(server: &Server, parts: &[&[u8]]) -> String {
    let exchange = async {
        let stream = TcpStream::connect(server.authority()).await.expect("connect");
        let (mut from, mut to) = stream.into_split();
        let mut received = Vec::new();
        let send = async {
            for part in parts {
                // The server may have answered and closed already; what it answered is what counts.
                if to.write_all(part).await.is_err() {
                    break;
                }
            }
            // Kept open until the answer is read: a half-closed connection is another case.
            to
        };
        let (_to, read) = tokio::join!(send, from.read_to_end(&mut received));
        read.expect("the answer can be read to its end");
        String::from_utf8_lossy(&received).into_owned()
    };
    tokio::time::timeout(PATIENCE, exchange).await.expect("the server answers and closes the connection")
}
