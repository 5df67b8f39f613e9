//! The binary as a process on a data directory of its own.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

use super::call::Call;
use super::time::eventually;

/// Longer than any start or stop takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
/// Lines of the log that are shown when a test fails.
const LOG_TAIL_LINES: usize = 30;

/// A running service. It is killed, and its data goes, with this value.
pub(crate) struct Server {
    child: Child,
    base: String,
    http: reqwest::Client,
    root: Option<reqwest::Certificate>,
    settings: Vec<(String, String)>,
    directory: TempDir,
}

/// The binary under test with the given arguments, free of any `BOXOFFICE_*` of whoever runs the tests.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_boxoffice"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("BOXOFFICE_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

impl Server {
    /// Starts with the defaults, but without throttling.
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with further settings, by their environment variables.
    pub(crate) async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_trusting(settings, None).await
    }

    /// The same, and calls trust this certificate (PEM), and no other, to be its.
    pub(crate) async fn start_with_root(settings: &[(&str, &str)], root_pem: &str) -> Self {
        let root = reqwest::Certificate::from_pem(root_pem.as_bytes()).expect("a certificate");
        Self::start_trusting(settings, Some(root)).await
    }

    /// Starts on data that is there, which it takes for its own.
    pub(crate) async fn start_on(data: &Path, settings: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        std::fs::rename(data, data_dir(directory.path())).expect("the data can be moved");
        Self::start_in(directory, settings, None).await
    }

    async fn start_trusting(settings: &[(&str, &str)], root: Option<reqwest::Certificate>) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory can be made");
        Self::start_in(directory, settings, root).await
    }

    async fn start_in(
        directory: TempDir,
        settings: &[(&str, &str)],
        root: Option<reqwest::Certificate>,
    ) -> Self {
        let mut all = vec![("BOXOFFICE_AUTH_RATE_PER_MINUTE".to_owned(), "0".to_owned())];
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let (child, base) = launch(directory.path(), &all);
        let http = http_client(root.as_ref());
        let server = Self { child, base, http, root, settings: all, directory };
        server.until_ready().await;
        server
    }

    /// Ends the process as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("a killed process ends");
    }

    /// Starts again on the same data with the same settings and waits until it is ready.
    pub(crate) async fn restart(&mut self) {
        assert!(self.child.try_wait().expect("wait").is_some(), "end the process before starting it again");
        (self.child, self.base) = launch(self.directory.path(), &self.settings);
        self.http = http_client(self.root.as_ref());
        self.until_ready().await;
    }

    /// Changes a setting for the next start; `None` takes it away.
    pub(crate) fn set(&mut self, name: &str, value: Option<&str>) {
        self.settings.retain(|(known, _)| known != name);
        self.settings.extend(value.map(|value| (name.to_owned(), value.to_owned())));
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// Sends any signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the process can be signalled");
    }

    /// Waits until the process ends by itself.
    pub(crate) async fn exit(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(Instant::now() < deadline, "the process did not end within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// How the process ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("wait")
    }

    /// The process, as the system knows it.
    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// `http://host:port`.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// `host:port`.
    pub(crate) fn authority(&self) -> &str {
        self.base.rsplit('/').next().unwrap_or_default()
    }

    /// The data directory.
    pub(crate) fn data_dir(&self) -> PathBuf {
        data_dir(self.directory.path())
    }

    /// Everything it logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.directory.path().join("log")).unwrap_or_default()
    }

    /// A call of any method, without a body.
    pub(crate) fn call(&self, method: Method, path: &str) -> Call {
        Call::new(
            self.http.request(method.clone(), format!("{}{path}", self.base)),
            format!("{method} {path}"),
        )
    }

    /// GET.
    pub(crate) fn get(&self, path: &str) -> Call {
        self.call(Method::GET, path)
    }

    /// POST with a JSON body.
    pub(crate) fn post(&self, path: &str, body: Value) -> Call {
        self.call(Method::POST, path).json(&body)
    }

    /// Makes POST calls that outlive this process, for those who write while it is killed.
    pub(crate) fn poster(&self) -> impl Fn(&str, Value) -> Call + Send + 'static {
        let (http, base) = (self.http.clone(), self.base.clone());
        move |path, body| Call::new(http.post(format!("{base}{path}")), format!("POST {path}")).json(&body)
    }

    /// PUT with a JSON body.
    pub(crate) fn put(&self, path: &str, body: Value) -> Call {
        self.call(Method::PUT, path).json(&body)
    }

    /// PATCH with a JSON body.
    pub(crate) fn patch(&self, path: &str, body: Value) -> Call {
        self.call(Method::PATCH, path).json(&body)
    }

    /// DELETE.
    pub(crate) fn delete(&self, path: &str) -> Call {
        self.call(Method::DELETE, path)
    }

    async fn until_ready(&self) {
        eventually("/readyz is 200", async || match self.get("/readyz").attempt().await {
            Ok(answer) if answer.status == 200 => Ok(()),
            Ok(answer) => Err(format!("status {}", answer.status)),
            Err(error) => Err(error),
        })
        .await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which is just as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let tail = &lines[lines.len().saturating_sub(LOG_TAIL_LINES)..];
            eprintln!("the service's log ends:\n{}", tail.join("\n"));
        }
    }
}

fn data_dir(directory: &Path) -> PathBuf {
    directory.join("data")
}

fn http_client(root: Option<&reqwest::Certificate>) -> reqwest::Client {
    // Mostly plain HTTP, but the client wants to know who would do TLS.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = reqwest::Client::builder();
    if let Some(root) = root {
        builder = builder.tls_certs_only([root.clone()]);
    }
    builder
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .build()
        .expect("a client without special wishes can be built")
}

/// Starts the process and reads the address that it prints first.
fn launch(directory: &Path, settings: &[(String, String)]) -> (Child, String) {
    let log = File::options().create(true).append(true).open(directory.join("log")).expect("a log file");
    let mut command = command(&["serve", "--data-dir"]);
    command.arg(data_dir(directory)).env("BOXOFFICE_LISTEN", "127.0.0.1:0").envs(settings.iter().cloned());
    let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().expect("the binary starts");
    let mut lines = BufReader::new(child.stdout.take().expect("standard output is a pipe")).lines();
    let first = lines.next().and_then(Result::ok).unwrap_or_default();
    // Reading on, so that the service never blocks on a full pipe.
    std::thread::spawn(move || lines.for_each(drop));
    let base = first.split_whitespace().find(|word| word.starts_with("http"));
    let Some(base) = base else {
        let _ = child.kill();
        let _ = child.wait();
        let log = std::fs::read_to_string(directory.join("log")).unwrap_or_default();
        panic!("the first line on standard output should tell where to go, but is {first:?}; log:\n{log}");
    };
    (child, base.trim_end_matches('/').to_owned())
}
