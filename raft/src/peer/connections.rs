//! Connections to other replicas, one for each purpose, opened when they are first used and again when they broke.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::AsyncBufReadExt;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use super::certificate::{peer_name, strangeness};
use super::credentials::Credentials;
use super::notices::Notices;

/// How long it may take to reach a replica: a few round trips around the world.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A connection on which nothing is heard for so long is asked whether it lives, and given up if it does not answer. A
/// link that swallows packets must not hold up replication for longer than an election takes.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(1);
const KEEP_ALIVE_TIMEOUT: Duration = Duration::from_secs(2);
/// Bytes on their way before the other side has to say that it took them: what a link of 1 Gbit/s carries in 60 ms.
const STREAM_WINDOW_BYTES: u32 = 8 << 20;

/// What a connection is for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// Entries of the log.
    Append,
    /// Heartbeats, votes and questions: small, and urgent.
    Control,
    /// Commands on their way to the leader.
    Forward,
    /// Whole states.
    Snapshot,
}

/// The open connections.
pub(crate) struct Connections {
    credentials: Credentials,
    strangers: Arc<Notices>,
    /// Where calls go out from, to addresses of this machine.
    source: Option<IpAddr>,
    /// A connection counts as open only once something came back. Only then it is known that the other side has taken the
    /// certificate, and what it says if it has not may be lost when more is sent meanwhile. It costs a round trip.
    waits_for_first_word: bool,
    open: Mutex<BTreeMap<(String, Purpose), Channel>>,
}

impl Connections {
    /// Those of an operator's program.
    pub(crate) fn new(credentials: Credentials) -> Self {
        let (strangers, open) = (Arc::default(), Mutex::default());
        Self { credentials, strangers, source: None, waits_for_first_word: true, open }
    }

    /// A replica that listens at one of this machine's loopback addresses calls from there as well, so that several on
    /// one machine can be told apart. Elsewhere the routes decide.
    pub(crate) fn of_a_replica(credentials: Credentials, listen: SocketAddr) -> Self {
        let source = Some(listen.ip()).filter(IpAddr::is_loopback);
        Self { source, waits_for_first_word: false, ..Self::new(credentials) }
    }

    /// The connection to `address`, a `host:port`, for this purpose. It is opened by the first call on it.
    ///
    /// # Errors
    /// When that is no address.
    pub(crate) fn channel(&self, address: &str, purpose: Purpose) -> Result<Channel, tonic::Status> {
        let mut open = self.lock();
        if let Some(channel) = open.get(&(address.to_owned(), purpose)) {
            return Ok(channel.clone());
        }
        let channel = self.connect(address)?;
        open.insert((address.to_owned(), purpose), channel.clone());
        Ok(channel)
    }

    /// Closes the connections to all other addresses, once the calls on them have ended.
    pub(crate) fn keep_only(&self, addresses: &BTreeSet<String>) {
        self.lock().retain(|(address, _), _| addresses.contains(address));
    }

    fn connect(&self, address: &str) -> Result<Channel, tonic::Status> {
        let no_address = |e: tonic::transport::Error| {
            tonic::Status::invalid_argument(format!("{address} is no address of a replica: {e}"))
        };
        let endpoint = Endpoint::from_shared(format!("http://{address}")).map_err(no_address)?;
        let endpoint = endpoint
            .connect_timeout(CONNECT_TIMEOUT)
            .http2_keep_alive_interval(KEEP_ALIVE_INTERVAL)
            .keep_alive_timeout(KEEP_ALIVE_TIMEOUT)
            .keep_alive_while_idle(true)
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(STREAM_WINDOW_BYTES);
        let (address, tls) = (address.to_owned(), TlsConnector::from(self.credentials.client.clone()));
        let (source, strangers, waits) = (self.source, self.strangers.clone(), self.waits_for_first_word);
        let connector = service_fn(move |_| {
            let (address, tls, strangers) = (address.clone(), tls.clone(), strangers.clone());
            async move { connect(&address, source, tls, &strangers, waits).await.map(TokioIo::new) }
        });
        Ok(endpoint.connect_with_connector_lazy(connector))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<(String, Purpose), Channel>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn connect(
    address: &str,
    source: Option<IpAddr>,
    tls: TlsConnector,
    strangers: &Notices,
    waits: bool,
) -> io::Result<TlsStream<TcpStream>> {
    let tcp = connect_from(source, address).await?;
    tcp.set_nodelay(true)?;
    let name: ServerName<'static> = peer_name();
    let connected = async {
        let mut tls = tls.connect(name, tcp).await?;
        if waits {
            tls.fill_buf().await?;
        }
        Ok(tls)
    };
    connected.await.inspect_err(|error| {
        // Not the error's own words, which may have the time in them.
        if let Some(why) = strangeness(error)
            && strangers.is_due(format!("{address} {why}"))
        {
            tracing::warn!(address, %error, "the replica there {why}");
        }
    })
}

/// Connects to the first of the name's addresses that takes it.
async fn connect_from(source: Option<IpAddr>, address: &str) -> io::Result<TcpStream> {
    let mut refused = io::Error::new(io::ErrorKind::NotFound, format!("{address} has no address"));
    for target in tokio::net::lookup_host(address).await? {
        let socket = if target.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        let fits = |source: &IpAddr| target.ip().is_loopback() && source.is_ipv4() == target.is_ipv4();
        if let Some(source) = source.filter(fits) {
            socket.bind(SocketAddr::new(source, 0))?;
        }
        match socket.connect(target).await {
            Ok(connected) => return Ok(connected),
            Err(error) => refused = error,
        }
    }
    Err(refused)
}
