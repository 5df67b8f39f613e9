//! Replicas as processes on this machine, and the command line that looks after them.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use boxoffice_raft::testing::free_addresses;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// Nothing that is waited for takes as long, even on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);
pub(crate) const SECRET: &str = "the secret of the replicas under test";
/// Lines of each log that are shown when a test fails.
const LOG_TAIL_LINES: usize = 30;

/// Replicas that know each other's addresses, none of them started yet.
pub(crate) struct Fleet {
    pub(crate) replicas: Vec<Replica>,
    pub(crate) http: reqwest::Client,
    directory: TempDir,
}

/// One of them. It is killed with this value.
pub(crate) struct Replica {
    pub(crate) public: String,
    pub(crate) peer: String,
    region: &'static str,
    name: String,
    child: Option<Child>,
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The binary, free of any variables of whoever runs the tests.
fn boxoffice() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boxoffice"));
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("BOXOFFICE_") || name.starts_with("FLY_") || name == "PRIMARY_REGION" {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Runs `boxoffice cluster` with these arguments, and the replicas' secret unless `secret` says another.
pub(crate) fn cluster(arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    run(&[&["cluster"], arguments].concat(), variables)
}

/// The same with any command.
pub(crate) fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Said {
    let mut command = boxoffice();
    command.args(arguments).env("BOXOFFICE_CLUSTER_SECRET", SECRET);
    let output = command.envs(variables.iter().copied()).output().expect("the binary runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// `boxoffice cluster` with a terminal for its output.
#[cfg(target_os = "linux")]
pub(crate) fn cluster_on_a_terminal(arguments: &str) -> Command {
    let mut command = Command::new("script");
    let line = format!("{} cluster {arguments}", env!("CARGO_BIN_EXE_boxoffice"));
    command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
    command.env("BOXOFFICE_CLUSTER_SECRET", SECRET).env("TERM", "xterm").stdin(Stdio::null());
    command
}

impl Said {
    #[track_caller]
    pub(crate) fn done(self) -> String {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{self:?}");
        self.out
    }

    /// The one line that says why not.
    #[track_caller]
    pub(crate) fn refusal(self) -> String {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{self:?}");
        assert_eq!(self.err.lines().count(), 1, "one line: {self:?}");
        assert!(self.err.starts_with("boxoffice: "), "{self:?}");
        self.err
    }
}

/// Asks again until it holds.
pub(crate) async fn eventually<T>(what: &str, mut check: impl AsyncFnMut() -> Result<T, String>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match check().await {
            Ok(value) => return value,
            Err(reason) if Instant::now() > deadline => panic!("{what}: not in time; at last: {reason}"),
            Err(_) => tokio::time::sleep(POLL).await,
        }
    }
}

impl Fleet {
    /// So many in the primary region, and so many elsewhere.
    pub(crate) fn new(voting: usize, others: usize) -> Self {
        let count = voting + others;
        let addresses = free_addresses(2 * count);
        let address = |at: usize| addresses[at].to_string();
        let replica = |at: usize| Replica {
            public: address(at),
            peer: address(count + at),
            region: if at < voting { "ams" } else { "syd" },
            name: at.to_string(),
            child: None,
        };
        let directory = tempfile::tempdir().expect("a temporary directory");
        // Only plain HTTP, but the client wants to know who would do TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(10)).build().expect("a client");
        Self { replicas: (0..count).map(replica).collect(), http, directory }
    }

    /// Started, and ready.
    pub(crate) async fn ready(voting: usize, others: usize) -> Self {
        let mut fleet = Self::new(voting, others);
        (0..voting + others).for_each(|at| fleet.start(at));
        for at in 0..voting + others {
            fleet.until_ready(at).await;
        }
        fleet
    }

    pub(crate) fn start(&mut self, at: usize) {
        self.start_with(at, &[]);
    }

    /// With more variables.
    pub(crate) fn start_with(&mut self, at: usize, variables: &[(&str, String)]) {
        let peers: Vec<&str> = self.replicas.iter().map(|replica| replica.peer.as_str()).collect();
        let peers = peers.join(",");
        let replica = &self.replicas[at];
        let log = File::options().create(true).append(true).open(self.log_file(at)).expect("a log file");
        let mut serve = boxoffice();
        serve.args(["serve", "--listen", &replica.public, "--peer-listen", &replica.peer, "--peers", &peers]);
        serve.args(["--region", replica.region, "--primary-region", "ams", "--auth-rate-per-minute", "0"]);
        serve.arg("--data-dir").arg(self.data_dir(at));
        serve.envs(variables.iter().map(|(name, value)| (name, value)));
        serve.env("BOXOFFICE_CLUSTER_SECRET", SECRET).stdout(Stdio::null()).stderr(log);
        self.replicas[at].child = Some(serve.spawn().expect("the binary starts"));
    }

    pub(crate) fn signal(&self, at: usize, signal: Signal) {
        let child = self.replicas[at].child.as_ref().expect("it was started");
        kill_process(Pid::from_child(child), signal).expect("the process can be signalled");
    }

    /// Waits until the process ends.
    pub(crate) async fn exit(&mut self, at: usize) -> ExitStatus {
        let child = self.replicas[at].child.as_mut().expect("it was started");
        let ended = eventually("the process ends", async || {
            child.try_wait().expect("wait").ok_or_else(|| "it runs".to_owned())
        });
        ended.await
    }

    pub(crate) fn data_dir(&self, at: usize) -> PathBuf {
        self.directory.path().join(&self.replicas[at].name)
    }

    fn log_file(&self, at: usize) -> PathBuf {
        self.directory.path().join(format!("{at}.log"))
    }

    pub(crate) fn log(&self, at: usize) -> String {
        std::fs::read_to_string(self.log_file(at)).unwrap_or_default()
    }

    pub(crate) fn url(&self, at: usize, path: &str) -> String {
        format!("http://{}{path}", self.replicas[at].public)
    }

    /// The status of an answer; none if there is none.
    pub(crate) async fn get(&self, at: usize, path: &str) -> Option<u16> {
        Some(self.http.get(self.url(at, path)).send().await.ok()?.status().as_u16())
    }

    pub(crate) async fn until_ready(&self, at: usize) {
        eventually("/readyz is 200", async || match self.get(at, "/readyz").await {
            Some(200) => Ok(()),
            other => Err(format!("{other:?}")),
        })
        .await;
    }

    /// `boxoffice cluster status --json`, asked of this replica.
    pub(crate) fn status(&self, at: usize) -> Value {
        let said = cluster(&["status", "--json", "--peer", &self.replicas[at].peer], &[]).done();
        serde_json::from_str(&said).expect("JSON")
    }

    /// The same, once it is so.
    pub(crate) async fn until(&self, at: usize, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
        eventually(what, async || {
            let status = self.status(at);
            if is_so(&status) { Ok(status) } else { Err(status.to_string()) }
        })
        .await
    }

    /// Which of them has this id.
    pub(crate) fn number(&self, status: &Value, id: &Value) -> usize {
        let replicas = status["replicas"].as_array().expect("a list");
        let found = replicas.iter().find(|replica| replica["id"] == *id).expect("a member");
        let at = self.replicas.iter().position(|replica| found["address"] == replica.peer.as_str());
        at.expect("one of them")
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        for child in self.replicas.iter_mut().filter_map(|replica| replica.child.as_mut()) {
            // It may have ended already, which is just as well.
            let _ = child.kill();
            let _ = child.wait();
        }
        if std::thread::panicking() {
            for at in 0..self.replicas.len() {
                let log = self.log(at);
                let lines: Vec<&str> = log.lines().collect();
                let tail = &lines[lines.len().saturating_sub(LOG_TAIL_LINES)..];
                eprintln!("the log of replica {at} ends:\n{}", tail.join("\n"));
            }
        }
    }
}
