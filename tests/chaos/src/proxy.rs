//! The links between replicas: a proxy in front of each replica's peer listener, that knows by a caller's address
//! whose call it is, and can hold up, delay or slow the bytes of each direction.

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// Bytes that are read at once.
const CHUNK_BYTES: usize = 64 << 10;
/// Chunks under way on a slow link, some 4 MiB: what a sender's and a receiver's buffers hold.
const CHUNKS_UNDER_WAY: usize = 64;

/// What happens to the bytes from one replica to another.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// They arrive so much later.
    pub delay: Duration,
    /// No more of them arrive in a second; as many as there are if none is said.
    pub bytes_per_s: Option<NonZeroU32>,
    /// They do not arrive, and nobody is told, until the link is whole again.
    pub is_cut: bool,
}

/// Links by who calls and who is called.
type ByEnds = BTreeMap<(usize, usize), watch::Sender<Link>>;

/// The links between all replicas, by number.
#[derive(Clone)]
pub struct Links {
    links: Arc<Mutex<ByEnds>>,
    callers: Arc<Mutex<BTreeMap<IpAddr, usize>>>,
}

impl Links {
    /// All whole and fast.
    #[must_use]
    pub fn new() -> Self {
        Self { links: Arc::default(), callers: Arc::default() }
    }

    /// From now on calls from `address` are this replica's.
    pub fn know(&self, address: IpAddr, replica: usize) {
        lock(&self.callers).insert(address, replica);
    }

    /// Changes what happens to the bytes from one replica to another.
    pub fn set(&self, from: usize, to: usize, link: Link) {
        self.with(from, to, |sender| sender.send_replace(link));
    }

    /// Changes what happens between two replicas, in both directions.
    pub fn set_both(&self, one: usize, other: usize, link: Link) {
        self.set(one, other, link);
        self.set(other, one, link);
    }

    /// Makes all links whole and fast.
    pub fn heal(&self) {
        for sender in lock(&self.links).values() {
            sender.send_replace(Link::default());
        }
    }

    /// Which links are not whole and fast.
    #[must_use]
    pub fn broken(&self) -> Vec<(usize, usize)> {
        let links = lock(&self.links);
        links.iter().filter(|(_, link)| *link.borrow() != Link::default()).map(|(pair, _)| *pair).collect()
    }

    fn with<T>(&self, from: usize, to: usize, use_it: impl FnOnce(&watch::Sender<Link>) -> T) -> T {
        use_it(lock(&self.links).entry((from, to)).or_insert_with(|| watch::Sender::new(Link::default())))
    }

    fn watch(&self, from: usize, to: usize) -> watch::Receiver<Link> {
        self.with(from, to, watch::Sender::subscribe)
    }

    /// Listens at `address` for calls to `replica`, whose own listener is at `target`. Ends with the runtime.
    ///
    /// # Errors
    /// When the address can't be listened at.
    pub async fn serve(&self, replica: usize, address: SocketAddr, target: SocketAddr) -> io::Result<()> {
        let listener = TcpListener::bind(address).await?;
        let links = self.clone();
        tokio::spawn(async move {
            loop {
                let Ok((caller, from)) = listener.accept().await else { continue };
                // An operator's program, which calls from elsewhere, stands beside the replica.
                let number = lock(&links.callers).get(&from.ip()).copied().unwrap_or(replica);
                let ways = (links.watch(number, replica), links.watch(replica, number));
                tokio::spawn(carry(caller, target, ways));
            }
        });
        Ok(())
    }
}

impl Default for Links {
    fn default() -> Self {
        Self::new()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Carries one connection's bytes both ways, until either side closes it.
async fn carry(
    caller: TcpStream,
    target: SocketAddr,
    (mut there, back): (watch::Receiver<Link>, watch::Receiver<Link>),
) {
    // What connects over a cut link hears nothing, rather than a refusal.
    if there.wait_for(|link| !link.is_cut).await.is_err() {
        return;
    }
    let Ok(callee) = TcpStream::connect(target).await else { return };
    if caller.set_nodelay(true).and(callee.set_nodelay(true)).is_err() {
        return;
    }
    let (caller_reads, caller_writes) = caller.into_split();
    let (callee_reads, callee_writes) = callee.into_split();
    tokio::select! {
        () = pump(caller_reads, callee_writes, there) => {}
        () = pump(callee_reads, caller_writes, back) => {}
    }
}

/// Carries bytes one way.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut link: watch::Receiver<Link>) {
    let (sender, mut under_way) = mpsc::channel::<(Instant, Vec<u8>)>(CHUNKS_UNDER_WAY);
    let reading_link = link.clone();
    let reads = async move {
        let mut chunk = vec![0; CHUNK_BYTES];
        while let Ok(count @ 1..) = from.read(&mut chunk).await {
            let arrives = Instant::now() + reading_link.borrow().delay;
            if sender.send((arrives, chunk[..count].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let writes = async move {
        while let Some((arrives, bytes)) = under_way.recv().await {
            sleep_until(arrives).await;
            if link.wait_for(|link| !link.is_cut).await.is_err() || to.write_all(&bytes).await.is_err() {
                return;
            }
            let rate = link.borrow().bytes_per_s;
            if let Some(rate) = rate {
                sleep(Duration::from_secs_f64(bytes.len() as f64 / f64::from(rate.get()))).await;
            }
        }
    };
    tokio::join!(reads, writes);
}
