//! A cluster of real processes on loopback addresses of its own, each with a data directory and a log file.

use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use rand::RngExt;
use tempfile::TempDir;

use crate::operator::TakenBackup;
use crate::proxy::Links;

/// Longer than anything takes on a busy machine: an election, a start, a drain.
pub const PATIENCE: Duration = Duration::from_secs(60);
const PUBLIC_PORT: u16 = 3000;
const PEER_PORT: u16 = 4000;
/// Last byte of a replica's own address, of the address of the proxy in front of it, and what is added for each move.
const FIRST_ADDRESS: u8 = 10;
const FIRST_PROXY: u8 = 130;
const MOVE: u8 = 10;
/// A replica has two places, of which all are told, and moves from one to the other.
pub(crate) const PLACES: u8 = 2;
pub(crate) const SECRET: &str = "a secret that all replicas of a test share";

/// What a cluster is to be.
#[derive(Clone, Debug)]
pub struct ClusterOptions {
    /// The `boxoffice` program.
    pub binary: PathBuf,
    /// Replicas in the primary region.
    pub voters: usize,
    /// Replicas elsewhere. At most ten replicas in all.
    pub learners: usize,
    /// Further settings of all replicas, by their environment variables.
    pub settings: Vec<(String, String)>,
    /// Where everything lies; a temporary directory that goes with the cluster if none is named.
    pub directory: Option<PathBuf>,
}

/// A cluster. Its processes are killed with it.
pub struct Cluster {
    options: ClusterOptions,
    pub(crate) root: PathBuf,
    net: (u8, u8),
    /// The links between the replicas.
    pub links: Links,
    pub(crate) replicas: Vec<Replica>,
    pub(crate) http: reqwest::Client,
    pub(crate) backups: Vec<TakenBackup>,
    temporary: Option<TempDir>,
}

pub(crate) struct Replica {
    pub(crate) child: Option<Child>,
    pub(crate) is_paused: bool,
    /// How many disks it had before.
    pub(crate) disk: usize,
    pub(crate) place: u8,
    settings: Vec<(String, String)>,
}

impl Cluster {
    /// Makes the directories and the proxies; starts nothing yet.
    ///
    /// # Errors
    /// When the addresses or the directory can't be had.
    pub async fn new(options: ClusterOptions) -> anyhow::Result<Self> {
        // The client wants to know who would do TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let count = options.voters + options.learners;
        ensure!(count <= usize::from(MOVE), "at most {MOVE} replicas");
        let (root, temporary) = match &options.directory {
            Some(directory) => (directory.clone(), None),
            None => {
                let temporary = tempfile::tempdir()?;
                (temporary.path().to_owned(), Some(temporary))
            }
        };
        std::fs::create_dir_all(&root)?;
        let net = (rand::rng().random_range(1..255), rand::rng().random_range(0..255));
        let http = reqwest::Client::builder().no_proxy().build()?;
        let (links, replicas, backups) = (Links::new(), Vec::new(), Vec::new());
        let mut cluster = Self { options, root, net, links, replicas, http, backups, temporary };
        for number in 0..count {
            let replica = Replica { child: None, is_paused: false, disk: 0, place: 0, settings: Vec::new() };
            cluster.replicas.push(replica);
            for place in 0..PLACES {
                cluster.serve_place(number, place).await?;
            }
        }
        Ok(cluster)
    }

    /// How many replicas there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.replicas.len()
    }

    /// How many of them are in the primary region; they come first.
    #[must_use]
    pub fn voters(&self) -> usize {
        self.options.voters
    }

    /// Where everything lies.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Keeps all files when this cluster is gone, and says where.
    pub fn keep(&mut self) -> PathBuf {
        if let Some(temporary) = self.temporary.take() {
            self.root = temporary.keep();
        }
        self.root.clone()
    }

    fn address(&self, last: u8) -> IpAddr {
        IpAddr::V4(Ipv4Addr::new(127, self.net.0, self.net.1, last))
    }

    fn own_address(&self, number: usize, place: u8) -> IpAddr {
        self.address(FIRST_ADDRESS + MOVE * place + narrow(number))
    }

    fn proxy_address(&self, number: usize, place: u8) -> SocketAddr {
        let last = FIRST_PROXY + MOVE * place + narrow(number);
        SocketAddr::new(self.address(last), PEER_PORT)
    }

    async fn serve_place(&self, number: usize, place: u8) -> anyhow::Result<()> {
        let own = self.own_address(number, place);
        self.links.know(own, number);
        let target = SocketAddr::new(own, PEER_PORT);
        self.links
            .serve(number, self.proxy_address(number, place), target)
            .await
            .context("the proxy cannot listen")
    }

    /// `http://host:port` of a replica's public listener.
    #[must_use]
    pub fn base(&self, number: usize) -> String {
        // Clients keep the address of a replica that moves for others.
        format!("http://{}:{PUBLIC_PORT}", self.address(FIRST_ADDRESS + narrow(number)))
    }

    /// The address of a replica's own peer listener, which no link leads to.
    #[must_use]
    pub fn peer(&self, number: usize) -> SocketAddr {
        SocketAddr::new(self.own_address(number, self.replicas[number].place), PEER_PORT)
    }

    /// The address at which others call it.
    pub(crate) fn advertised(&self, number: usize) -> SocketAddr {
        self.proxy_address(number, self.replicas[number].place)
    }

    /// The program.
    pub(crate) fn binary(&self) -> &Path {
        &self.options.binary
    }

    /// The backups that were taken.
    #[must_use]
    pub fn backups(&self) -> &[TakenBackup] {
        &self.backups
    }

    /// The data directory of a replica's present disk.
    #[must_use]
    pub fn data_dir(&self, number: usize) -> PathBuf {
        self.disk(number, self.replicas[number].disk)
    }

    fn disk(&self, number: usize, disk: usize) -> PathBuf {
        self.root.join(format!("replica-{number}-disk-{disk}"))
    }

    /// The data directories of all disks that there ever were, the present one of each replica last.
    #[must_use]
    pub fn disks(&self) -> Vec<(usize, PathBuf)> {
        let of = |number: usize| (0..=self.replicas[number].disk).map(move |disk| (number, disk));
        (0..self.count()).flat_map(of).map(|(number, disk)| (number, self.disk(number, disk))).collect()
    }

    /// A replica's log file.
    #[must_use]
    pub fn log_file(&self, number: usize) -> PathBuf {
        self.root.join(format!("replica-{number}.log"))
    }

    /// Gives one replica a setting of its own, from its next start on.
    pub fn set(&mut self, number: usize, name: &str, value: Option<&str>) {
        let settings = &mut self.replicas[number].settings;
        settings.retain(|(known, _)| known != name);
        settings.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }

    /// Starts a replica that does not run.
    ///
    /// # Errors
    /// When the program can't be started.
    pub fn start(&mut self, number: usize) -> anyhow::Result<()> {
        ensure!(self.replicas[number].child.is_none(), "replica {number} runs already");
        let log = File::options().create(true).append(true).open(self.log_file(number))?;
        let place = self.replicas[number].place;
        let places = (0..PLACES).flat_map(|place| (0..self.count()).map(move |other| (other, place)));
        let peers: Vec<String> =
            places.map(|(other, place)| self.proxy_address(other, place).to_string()).collect();
        let region = if number < self.options.voters { "here" } else { "far" };
        let listen = self.base(number).trim_start_matches("http://").to_owned();
        let mut command = Command::new(&self.options.binary);
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("BOXOFFICE_") {
                command.env_remove(name);
            }
        }
        command
            .args(["serve", "--listen", &listen, "--region", region, "--primary-region", "here"])
            .args(["--peer-listen", &format!("{}:{PEER_PORT}", self.own_address(number, place))])
            .args(["--advertise", &self.advertised(number).to_string(), "--peers", &peers.join(",")])
            .args(["--bootstrap-expect", &self.options.voters.to_string()])
            .args(["--voters", &self.options.voters.to_string(), "--data-dir"])
            .arg(self.data_dir(number))
            .env("BOXOFFICE_CLUSTER_SECRET", SECRET)
            .env("BOXOFFICE_AUTH_RATE_PER_MINUTE", "0")
            // The checker replays the log from its beginning.
            .env("BOXOFFICE_LOG_MAX_BYTES", "100000000000")
            .env("BOXOFFICE_KEEP_WHOLE_LOG", "1")
            .env("BOXOFFICE_DRAIN_TIMEOUT", "5s")
            // The place of a disk that was wiped is soon taken by the one that came instead.
            .env("BOXOFFICE_REPLACE_VOTER_AFTER", "3s")
            .envs(self.options.settings.iter().cloned())
            .envs(self.replicas[number].settings.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        let child =
            command.spawn().with_context(|| format!("{} does not start", self.options.binary.display()))?;
        self.replicas[number].child = Some(child);
        Ok(())
    }

    /// Starts all replicas that do not run.
    ///
    /// # Errors
    /// As for one.
    pub fn start_all(&mut self) -> anyhow::Result<()> {
        (0..self.count())
            .filter(|number| !self.runs(*number))
            .collect::<Vec<_>>()
            .into_iter()
            .try_for_each(|number| self.start(number))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for replica in &mut self.replicas {
            if let Some(child) = &mut replica.child {
                // It may have ended already, which is just as well.
                let _ = child.kill();
                let _ = child.wait();
            }
        }
    }
}

fn narrow(number: usize) -> u8 {
    u8::try_from(number).expect("at most ten replicas")
}
