//! A cluster on this machine: one process a replica, each with a data directory of its own.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tempfile::TempDir;

use super::service::{Launcher, log_tail, spawn, wait_until_ready};
use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::process::{Signal, Started, printed_url};
use crate::request::Request;
use crate::run::Target;

const SECRET: &str = "the secret of a measurement";
/// A cluster without a leader for longer has failed.
const LEADER_TIMEOUT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(5);

/// A running cluster; its processes end, and its data goes, with this value.
pub(crate) struct Replicas {
    replicas: Vec<Replica>,
    launcher: Launcher,
    directory: TempDir,
    /// Where each replica that may be started is called by the others.
    peers: Vec<SocketAddr>,
    voters: usize,
}

struct Replica {
    process: Started,
    base: BaseUrl,
}

impl Replicas {
    /// Starts so many voters and returns when all of them serve. So many more replicas may join later.
    pub(crate) async fn start(launcher: Launcher, voters: usize, later: usize) -> anyhow::Result<Self> {
        let directory = tempfile::Builder::new().prefix("boxoffice-bench-").tempdir_in(launcher.scratch())?;
        let peers = free_addresses(voters + later)?;
        let mut cluster = Self { replicas: Vec::new(), launcher, directory, peers, voters };
        let started: Vec<Started> =
            (0..voters).map(|number| cluster.spawn(number)).collect::<anyhow::Result<_>>()?;
        for (number, process) in started.into_iter().enumerate() {
            let replica = cluster.opened(number, process).await?;
            cluster.replicas.push(replica);
        }
        Ok(cluster)
    }

    /// Starts one more replica, which does not vote, and returns when it serves.
    pub(crate) async fn join(&mut self) -> anyhow::Result<()> {
        let number = self.replicas.len();
        let process = self.spawn(number)?;
        let replica = self.opened(number, process).await?;
        self.replicas.push(replica);
        Ok(())
    }

    /// Sends a replica a signal that ends it, and waits for its end.
    pub(crate) async fn end(&mut self, number: usize, signal: Signal) -> anyhow::Result<()> {
        let process = &mut self.replicas[number].process;
        process.signal(signal)?;
        while process.exited()?.is_none() {
            tokio::time::sleep(POLL).await;
        }
        Ok(())
    }

    /// Starts a replica again that has ended, and returns when it serves.
    pub(crate) async fn restart(&mut self, number: usize) -> anyhow::Result<()> {
        let process = self.spawn(number)?;
        self.replicas[number] = self.opened(number, process).await?;
        Ok(())
    }

    /// Where they are all asked.
    pub(crate) fn bases(&self) -> Vec<BaseUrl> {
        self.replicas.iter().map(|replica| replica.base).collect()
    }

    /// The accounts and tickets that scenarios need, over all replicas.
    pub(crate) async fn target(&self) -> anyhow::Result<Target> {
        self.explain(Target::prepare(self.bases(), None).await)
    }

    /// Waits until one leads, and says which.
    pub(crate) async fn leader(&self) -> anyhow::Result<usize> {
        let deadline = Instant::now() + LEADER_TIMEOUT;
        loop {
            for (number, base) in self.bases().into_iter().enumerate() {
                if gauge(base, "boxoffice_is_leader").await.is_ok_and(|leads| leads == 1) {
                    return Ok(number);
                }
            }
            ensure!(Instant::now() < deadline, "nobody leads: {}", self.log_tails());
            tokio::time::sleep(POLL).await;
        }
    }

    /// The last log index that a replica has applied.
    pub(crate) async fn applied(&self, number: usize) -> anyhow::Result<u64> {
        gauge(self.replicas[number].base, "boxoffice_applied_index").await
    }

    /// Adds the ends of the replicas' logs to an error.
    pub(crate) fn explain<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.with_context(|| self.log_tails())
    }

    fn log_tails(&self) -> String {
        let tail = |number: usize| {
            let tail = log_tail(&self.replica_directory(number));
            format!("the log of replica {number} ends:\n{tail}\n")
        };
        (0..self.replicas.len()).map(tail).collect()
    }

    fn replica_directory(&self, number: usize) -> std::path::PathBuf {
        self.directory.path().join(number.to_string())
    }

    fn spawn(&self, number: usize) -> anyhow::Result<Started> {
        let directory = self.replica_directory(number);
        std::fs::create_dir_all(&directory)?;
        let peers: Vec<String> = self.peers.iter().map(ToString::to_string).collect();
        let settings = [
            ("BOXOFFICE_CLUSTER_SECRET", SECRET.to_owned()),
            ("BOXOFFICE_PEER_LISTEN", self.peers[number].to_string()),
            ("BOXOFFICE_PEERS", peers.join(",")),
            ("BOXOFFICE_BOOTSTRAP_EXPECT", self.voters.to_string()),
            ("BOXOFFICE_VOTERS", self.voters.to_string()),
            ("BOXOFFICE_ROLE", if number < self.voters { "voter" } else { "learner" }.to_owned()),
        ];
        let settings = settings.map(|(name, value)| (name.to_owned(), value));
        spawn(self.launcher.binary(), &directory, &settings)
    }

    async fn opened(&self, number: usize, mut process: Started) -> anyhow::Result<Replica> {
        let url = printed_url(&mut process).with_context(|| log_tail(&self.replica_directory(number)))?;
        let base = url.parse()?;
        wait_until_ready(base).await?;
        Ok(Replica { process, base })
    }
}

/// Ports that were free a moment ago.
fn free_addresses(count: usize) -> anyhow::Result<Vec<SocketAddr>> {
    let listeners: Vec<TcpListener> =
        (0..count).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<std::io::Result<_>>()?;
    listeners.iter().map(|listener| Ok(listener.local_addr()?)).collect()
}

/// What a replica's metrics say under this name.
async fn gauge(base: BaseUrl, name: &str) -> anyhow::Result<u64> {
    let mut request = Request::default();
    request.empty("GET", "/metrics", None);
    let mut connection = Connection::new(base);
    let reply = connection.send(request.as_bytes()).await?;
    let text = String::from_utf8_lossy(reply.body);
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.trim().parse().ok()).with_context(|| format!("no {name} in the metrics"))
}
