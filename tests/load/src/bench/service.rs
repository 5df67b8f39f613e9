//! The service as a process: started on a fresh data directory, killed, started again.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tempfile::TempDir;

use crate::base_url::BaseUrl;
use crate::connection::Connection;
use crate::process::{Started, printed_url};
use crate::request::Request;
use crate::run::Target;

/// A start that takes longer has failed.
const READY_TIMEOUT: Duration = Duration::from_secs(60);
const READY_POLL: Duration = Duration::from_millis(2);
/// Lines of its log that are shown when something fails.
const LOG_TAIL_LINES: usize = 20;

/// Knows the binary and where data directories go.
#[derive(Clone)]
pub(crate) struct Launcher {
    binary: PathBuf,
    scratch: PathBuf,
}

impl Launcher {
    /// Checks that both exist and that the disk is one.
    pub(crate) fn new(binary: PathBuf, scratch: PathBuf) -> anyhow::Result<Self> {
        ensure!(binary.is_file(), "{}: build it first, or use scripts/bench", binary.display());
        let scratch = scratch.canonicalize().with_context(|| scratch.display().to_string())?;
        let launcher = Self { binary, scratch };
        if launcher.file_system()? == "tmpfs" {
            eprintln!("{} is in memory: what is measured there is not durable", launcher.scratch.display());
        }
        Ok(launcher)
    }

    /// Where data directories go.
    pub(crate) fn scratch(&self) -> &Path {
        &self.scratch
    }

    /// Where the service is.
    pub(crate) fn binary(&self) -> &Path {
        &self.binary
    }

    /// Starts the service on a fresh data directory; returns when it says where it listens.
    pub(crate) fn start(&self, settings: &[(&str, &str)]) -> anyhow::Result<Service> {
        let directory = tempfile::Builder::new().prefix("boxoffice-bench-").tempdir_in(&self.scratch)?;
        let settings: Vec<_> =
            settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (process, base) = launch(&self.binary, directory.path(), &settings)?;
        Ok(Service { process, base, binary: self.binary.clone(), settings, directory })
    }

    /// The type of the file system that holds the scratch directory.
    fn file_system(&self) -> anyhow::Result<String> {
        let mounts = std::fs::read_to_string("/proc/mounts")?;
        let mounted = mounts.lines().filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            let (path, kind) = (fields.next()?, fields.next()?);
            self.scratch.starts_with(path).then_some((path.len(), kind))
        });
        Ok(mounted.max_by_key(|(length, _)| *length).map(|(_, kind)| kind).unwrap_or("unknown").to_owned())
    }
}

/// A running service; it ends, and its data goes, with this value.
pub(crate) struct Service {
    // Dropped, and so stopped, before its directory.
    process: Started,
    base: BaseUrl,
    binary: PathBuf,
    settings: Vec<(String, String)>,
    directory: TempDir,
}

impl Service {
    /// Its address.
    pub(crate) fn base(&self) -> BaseUrl {
        self.base
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// The accounts and tickets that scenarios need.
    pub(crate) async fn target(&self) -> anyhow::Result<Target> {
        self.explain(Target::prepare([self.base], Some(self.pid())).await)
    }

    /// Adds the end of the service's log to an error.
    pub(crate) fn explain<T>(&self, result: anyhow::Result<T>) -> anyhow::Result<T> {
        result.with_context(|| format!("the service's log ends:\n{}", log_tail(self.directory.path())))
    }

    /// Kills it as `kill -9` does, starts it on the same data, and returns the time until it was ready.
    pub(crate) async fn crash_and_restart(&mut self) -> anyhow::Result<Duration> {
        self.process.kill()?;
        let began = Instant::now();
        let (process, base) = launch(&self.binary, self.directory.path(), &self.settings)?;
        self.process = process;
        self.base = base;
        wait_until_ready(base).await?;
        Ok(began.elapsed())
    }
}

/// Returns once the service says that it is ready.
pub(crate) async fn wait_until_ready(base: BaseUrl) -> anyhow::Result<()> {
    let deadline = Instant::now() + READY_TIMEOUT;
    let mut connection = Connection::new(base);
    let mut request = Request::default();
    request.empty("GET", "/readyz", None);
    while !matches!(connection.send(request.as_bytes()).await, Ok(reply) if reply.status == 200) {
        ensure!(Instant::now() < deadline, "the service was not ready in {READY_TIMEOUT:?}");
        tokio::time::sleep(READY_POLL).await;
    }
    Ok(())
}

fn launch(
    binary: &Path,
    directory: &Path,
    settings: &[(String, String)],
) -> anyhow::Result<(Started, BaseUrl)> {
    let mut process = spawn(binary, directory, settings)?;
    let url = printed_url(&mut process).with_context(|| log_tail(directory))?;
    Ok((process, url.parse()?))
}

/// Starts the service and does not wait until it says where it listens: a replica may need others for that.
pub(crate) fn spawn(
    binary: &Path,
    directory: &Path,
    settings: &[(String, String)],
) -> anyhow::Result<Started> {
    let mut command = Command::new(binary);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BOXOFFICE_") {
            command.env_remove(name);
        }
    }
    command.arg("serve").arg("--data-dir").arg(directory.join("data")).args(["--listen", "127.0.0.1:0"]);
    // Every account signs in from one address here.
    command.env("BOXOFFICE_AUTH_RATE_PER_MINUTE", "0");
    command.envs(settings.iter().map(|(name, value)| (name, value)));
    let log = File::options().create(true).append(true).open(directory.join("log"))?;
    command.stdout(Stdio::piped()).stderr(log);
    Started::spawn("boxoffice", &mut command)
}

/// The end of the log of the service in `directory`.
pub(crate) fn log_tail(directory: &Path) -> String {
    let log = std::fs::read_to_string(directory.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL_LINES)..].join("\n")
}
