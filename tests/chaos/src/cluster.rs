//! A cluster of real processes on loopback addresses of its own, each with a data directory and a log file.

use std::fs::File;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use rand::RngExt;
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

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
const PLACES: u8 = 2;

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
    temporary: Option<TempDir>,
}

pub(crate) struct Replica {
    pub(crate) child: Option<Child>,
    pub(crate) is_paused: bool,
    /// How many disks it had before.
    disk: usize,
    place: u8,
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
        let mut cluster =
            Self { options, root, net, links: Links::new(), replicas: Vec::new(), http, temporary };
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
            .args([
                "--advertise",
                &self.proxy_address(number, place).to_string(),
                "--peers",
                &peers.join(","),
            ])
            .args(["--bootstrap-expect", &self.options.voters.to_string()])
            .args(["--voters", &self.options.voters.to_string(), "--data-dir"])
            .arg(self.data_dir(number))
            .env("BOXOFFICE_CLUSTER_SECRET", "a secret that all replicas of a test share")
            .env("BOXOFFICE_AUTH_RATE_PER_MINUTE", "0")
            // The checker replays the log from its beginning.
            .env("BOXOFFICE_LOG_MAX_BYTES", "100000000000")
            .env("BOXOFFICE_DRAIN_TIMEOUT", "5s")
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

    /// Whether a replica's process was started and neither ended by us nor by itself.
    pub fn runs(&mut self, number: usize) -> bool {
        let child = self.replicas[number].child.as_mut();
        child.is_some_and(|child| matches!(child.try_wait(), Ok(None)))
    }

    /// Ends a replica as `kill -9` does.
    ///
    /// # Errors
    /// When the process can't be killed.
    pub fn kill(&mut self, number: usize) -> anyhow::Result<()> {
        self.replicas[number].is_paused = false;
        if let Some(mut child) = self.replicas[number].child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Ends all of them so, at the same moment as nearly as can be.
    ///
    /// # Errors
    /// When a process can't be killed.
    pub fn kill_all(&mut self) -> anyhow::Result<()> {
        for replica in &mut self.replicas {
            if let Some(child) = &mut replica.child {
                child.kill()?;
            }
        }
        (0..self.count()).try_for_each(|number| self.kill(number))
    }

    fn signal(&self, number: usize, signal: Signal) -> anyhow::Result<()> {
        let child = self.replicas[number].child.as_ref().context("it does not run")?;
        Ok(kill_process(Pid::from_child(child), signal)?)
    }

    /// Stops a replica's process where it is, until it is resumed.
    ///
    /// # Errors
    /// When it does not run.
    pub fn pause(&mut self, number: usize) -> anyhow::Result<()> {
        self.signal(number, Signal::STOP)?;
        self.replicas[number].is_paused = true;
        Ok(())
    }

    /// Lets a paused replica go on.
    ///
    /// # Errors
    /// When it does not run.
    pub fn resume(&mut self, number: usize) -> anyhow::Result<()> {
        self.replicas[number].is_paused = false;
        self.signal(number, Signal::CONT)
    }

    /// Stops a replica in order, by SIGTERM, and waits for its end.
    ///
    /// # Errors
    /// When it does not run, does not end in time, or ends with an error.
    pub async fn terminate(&mut self, number: usize) -> anyhow::Result<()> {
        self.signal(number, Signal::TERM)?;
        let status = self.ended(number).await?;
        ensure!(status.success(), "replica {number} ended with {status}; its log: {}", self.log_tail(number));
        Ok(())
    }

    /// Stops all that run in order, at once.
    ///
    /// # Errors
    /// When one does not end in time, or ends with an error.
    pub async fn terminate_all(&mut self) -> anyhow::Result<()> {
        let running: Vec<usize> = (0..self.count()).filter(|number| self.runs(*number)).collect();
        for number in &running {
            self.signal(*number, Signal::TERM)?;
        }
        for number in running {
            let status = self.ended(number).await?;
            ensure!(
                status.success(),
                "replica {number} ended with {status}; its log: {}",
                self.log_tail(number)
            );
        }
        Ok(())
    }

    /// The id of a replica's process.
    #[must_use]
    pub fn pid(&self, number: usize) -> Option<u32> {
        self.replicas[number].child.as_ref().map(Child::id)
    }

    /// Waits until a replica's process ends by itself.
    ///
    /// # Errors
    /// When it does not in time.
    pub async fn ended(&mut self, number: usize) -> anyhow::Result<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        let mut child = self.replicas[number].child.take().context("it does not run")?;
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            if Instant::now() > deadline {
                child.kill()?;
                child.wait()?;
                bail!("replica {number} did not end within {PATIENCE:?}; its log: {}", self.log_tail(number));
            }
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Gives a replica that does not run an empty disk. The old one is kept for the checker.
    ///
    /// # Errors
    /// When it runs.
    pub fn wipe(&mut self, number: usize) -> anyhow::Result<()> {
        ensure!(!self.runs(number), "replica {number} runs");
        self.replicas[number].disk += 1;
        Ok(())
    }

    /// Moves a replica that does not run to its other peer address, which the others know as one of many.
    ///
    /// # Errors
    /// When it runs.
    pub fn move_elsewhere(&mut self, number: usize) -> anyhow::Result<()> {
        ensure!(!self.runs(number), "replica {number} runs");
        self.replicas[number].place = (self.replicas[number].place + 1) % PLACES;
        Ok(())
    }

    /// The end of a replica's log file.
    #[must_use]
    pub fn log_tail(&self, number: usize) -> String {
        let log = std::fs::read_to_string(self.log_file(number)).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
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
